"""What a data source looks up by tags or a name that one root module of the scan alone writes.

Source: the AWS provider's documentation of each data source.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.source.budget import STEPS, Budget, Share
from iac_ec2lint.terraform.joins.filters import (
    FILTERED,
    INSTANCE,
    PREFIX_LIST,
    Condition,
    Place,
    Wanted,
    accepts,
    conditions_of,
    own_vpc,
    vpcs_of,
)
from iac_ec2lint.terraform.joins.shares import SHARE
from iac_ec2lint.terraform.joins.tags import TAG, SeparateTag, default_tags, separate_tag
from iac_ec2lint.terraform.language.containers import make_list
from iac_ec2lint.terraform.language.marks import marks_in
from iac_ec2lint.terraform.language.operators import differs
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.values import Join, Reference, Unknown, Val, Value, as_text
from iac_ec2lint.values.join import WrittenText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from pathlib import Path

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Instance, Module, ModulesOfScan, RootModule

PARAMETER: Final = "aws_ssm_parameter"
TEXTS: Final = ("value", "insecure_value")
"""The arguments of a parameter, one of which has what it holds; a data source has it in both."""
_ENTRY: Final = "aws_ec2_managed_prefix_list_entry"
_GATEWAY: Final = "aws_ec2_transit_gateway"
_FOUND: Final = {
    **{one: one for one in ("aws_security_group", _GATEWAY, PREFIX_LIST, PARAMETER)},
    **{one: one for one in ("aws_subnet", "aws_vpc", SHARE)},
    **{one: one for one in (INSTANCE, "aws_network_interface")},
    "aws_subnet_ids": "aws_subnet",
    "aws_subnets": "aws_subnet",
}
"""The types of data sources that are looked up, and the types of what they find."""
TYPES: Final = frozenset(_FOUND)
"""The types of data sources that are looked up."""
FOUND: Final = frozenset(_FOUND.values())
"""The types of what they find."""
_PLURAL: Final = frozenset({"aws_subnet_ids", "aws_subnets"})

_IMPLIED: Final = {(_GATEWAY, "amazon_side_asn"): "64512"}
"""What the provider has where nothing is written."""


def named_by(kind: str) -> str:
    """The attribute that says what a data source of a type finds."""
    return "ids" if kind in _PLURAL else "id"


_HIDDEN_KIND: Final = "SecureString"
_INDEX_STEPS: Final = STEPS // 16
"""Steps that may be taken for what one root module writes; what takes more is not known."""


class Written(NamedTuple):
    """A resource of a root module that may be looked up.

    Attributes:
        folder: The root module's folder.
        address: Its address there.
        span: Its header.
        known: Its attributes and tags that are known.
        unknown: Those that are written and not known, and what is known of them; ``tag:`` for any
            tag.
        region: Its Region; empty where that is not known.
        text: What a parameter of Systems Manager holds, where that is no secret.
        vpc: The address of the VPC that it is in; empty where that is not declared there.
    """

    folder: Path
    address: str
    span: Span
    known: dict[str, str]
    unknown: dict[str, Unknown | None]
    region: str = ""
    text: Val | None = None
    vpc: str = ""

    def add(self, tag: SeparateTag) -> None:
        """Add a tag that may be written of it elsewhere in the root module."""
        name = f"tag:{tag.key}"
        if tag.target == self.address and tag.key and tag.value:
            self.known[name] = tag.value
        elif tag.target in ("", self.address):
            self.known.pop(name, None)
            self.unknown[name] = None

    def matches(self, wanted: Wanted) -> bool | None:
        """Whether it is what is looked for; ``None`` where that is not known."""
        answer: bool | None = True
        if wanted.vpc is not None and self.vpc:
            if (self.folder, self.vpc) != wanted.vpc:
                return False
        elif not wanted.conditions:
            answer = None
        for name, texts in wanted.conditions:
            if name in self.known:
                if not accepts(texts, self.known[name]):
                    return False
            elif name in self.unknown or (name.startswith("tag:") and "tag:" in self.unknown):
                if self._is_other(name, texts):
                    return False
                answer = None
            else:
                return False
        return answer

    def _is_other(self, name: str, texts: frozenset[str]) -> bool:
        """Whether what is known of an attribute shows that it is none of some texts."""
        value = self.unknown.get(name)
        if value is None or any("*" in text or "?" in text for text in texts):
            return False
        return all(differs(value, text) for text in texts)


class Found(NamedTuple):
    """What may be looked up.

    Attributes:
        written: All that matches, or may, by folder.
        sure: Whether all of it is sure to match.
    """

    written: tuple[Written, ...]
    sure: bool


class Lookups:
    """What the root modules of a scan write that may be looked up, found on the first request.

    Args:
        modules: Reads the modules.
        folders: The folders of all modules of the scan.
    """

    def __init__(self, modules: ModulesOfScan, folders: Callable[[], Iterable[Path]]) -> None:
        self._modules = modules
        self._folders = folders
        self._roots: list[Path] | None = None
        self._writing: dict[str, list[Path]] = {}
        self._written: dict[tuple[Path, str], list[Written] | None] = {}
        self._tags: dict[Path, list[SeparateTag]] = {}

    def find(self, kind: str, wanted: Wanted, reader: Path, region: str) -> Found | None:
        """The resources of other root modules that match, or may; by folder.

        Args:
            kind: The type.
            wanted: What they are looked up by.
            reader: The folder of the root module that looks them up.
            region: The Region that they are looked up in; empty where that is not known.

        Returns:
            They; ``None`` where that cannot be told.
        """
        found: list[Written] = []
        unsure = False
        for folder in self._concerned(kind):
            if not self._modules.files.inside(folder, reader):
                continue
            if any(
                not one.target and one.may_be(wanted.conditions) for one in self._tags_of(folder)
            ):
                return None  # it is not said of what
            if folder == reader:
                continue
            written = self._of(folder, kind)
            if written is None:
                return None
            for one in written:
                if region and one.region and one.region != region:
                    continue
                answer = one.matches(wanted)
                if answer is not False:
                    found.append(one)
                    unsure = unsure or answer is None
        return Found(tuple(found), not unsure)

    def parameters(self, name: str, reader: Path) -> tuple[WrittenText, ...] | None:
        """See ``ReadsParameters``: what root modules write, for templates."""
        found = self.find(PARAMETER, Wanted((("name", frozenset({name})),)), reader, "")
        if found is None or (len(found.written) == 1 and not found.sure):
            return None
        display = self._modules.files.display
        return tuple(
            WrittenText(
                f"{one.address} of the root module {display(one.folder)}",
                Unknown("it is not known", "external-id", one.span)
                if one.text is None or one.text.marks
                else one.text,
                one.span,
            )
            for one in found.written
        )

    def _root_folders(self) -> list[Path]:
        """The folders that no other calls, or that are deployed by themselves too."""
        if self._roots is None:
            every = sorted(self._folders())
            called = {inner for folder in every for inner in self._modules.called(folder)}
            self._roots = [
                folder
                for folder in every
                if folder not in called or self._modules.is_deployed(folder)
            ]
        return self._roots

    def _concerned(self, kind: str) -> list[Path]:
        """The folders of root modules that write resources of a type, or tags apart from these."""
        found = self._writing.get(kind)
        if found is None:
            found = self._writing[kind] = [
                folder
                for folder in self._root_folders()
                if self._has(folder, kind) or self._has(folder, TAG)
            ]
        return found

    def _of(self, folder: Path, kind: str) -> list[Written] | None:
        key = folder, kind
        if key not in self._written:
            self._written[key] = self._read(folder, kind) if self._has(folder, kind) else []
        return self._written[key]

    def _has(self, folder: Path, kind: str) -> bool:
        """Whether a root module, or a module that it calls, declares a resource of a type."""
        return any(
            type_ == kind
            for module in self._modules.with_called(folder)
            for type_, _ in self._modules.syntax(module).resources
        )

    def _read(self, folder: Path, kind: str) -> list[Written] | None:
        budget = Budget(Share.of(_INDEX_STEPS))
        context = self._modules.apart(folder, budget)
        found = [_written(folder, instance) for instance in instances_of(context.root, kind)]
        for tag in self._tags_of(folder):
            for one in found:
                one.add(tag)
        context.leave()
        return None if budget.refused else found

    def _tags_of(self, folder: Path) -> list[SeparateTag]:
        """The tags that a root module writes apart from what has them."""
        found = self._tags.get(folder)
        if found is None:
            found = self._tags[folder] = []
            if self._has(folder, TAG):
                budget = Budget(Share.of(_INDEX_STEPS))
                context = self._modules.apart(folder, budget)
                found.extend(map(separate_tag, instances_of(context.root, TAG)))
                context.leave()
                if budget.refused:
                    found.append(SeparateTag("", "", ""))
        return found


def instances_of(module: Module, kind: str) -> Iterator[Instance]:
    """The resources of a type in a module and in those that it calls."""
    for type_, name in module.syntax.resources:
        resource = module.resource("resource", type_, name) if type_ == kind else None
        yield from resource.instances if resource is not None else ()
    for name in module.syntax.calls:
        call = module.module_call(name)
        for instance in call.instances if call is not None else ():
            yield from instances_of(instance, kind)


def _written(folder: Path, instance: Instance) -> Written:
    section = instance.section
    known: dict[str, str] = {}
    unknown: dict[str, Unknown | None] = {}

    def note(name: str, value: Val | None) -> None:
        if isinstance(value, Unknown):
            unknown[name] = value
        elif value is not None and as_text(value).text is not None:
            known[name] = as_text(value).text or ""

    for name in FILTERED:
        written = section.get(name)
        implied = _IMPLIED.get((instance.resource.type, name))
        if written is None and implied is not None:
            known[name] = implied
        note(name, written)
    added, own = default_tags(instance), section.get("tags")
    for key, value in {**(added or {}), **(own.items() if own is not None else {})}.items():
        note(f"tag:{key}", value)
    if added is None or isinstance(own, Unknown):
        unknown["tag:"] = None
    header = instance.resource.block.header
    region = instance.resource.module.unit.providers.region_of(instance)
    held = map(section.get, TEXTS if instance.resource.type == PARAMETER else ())
    text = next((one for one in held if one is not None), None)
    if is_secret(instance):
        text = None
    address = instance.address
    return Written(folder, address, header, known, unknown, region, text, own_vpc(instance))


class Lookup:
    """One data source, and the resources of another root module that it likely finds.

    Args:
        context: The unit that looks it up.
        instance: The data source.
        lookups: The resources that root modules write.
    """

    def __init__(self, context: RootModule, instance: Instance, lookups: Lookups) -> None:
        self._context = context
        self._instance = instance
        self._found: tuple[Written, ...] = ()
        self._text: WrittenText | None = None
        self._several = instance.resource.type in _PLURAL
        conditions = conditions_of(instance) if context.looks_up else None
        if conditions is None:
            return
        wanted = Wanted(conditions, self._vpc())
        kind, folder = instance.resource.type, context.root.folder
        if not (conditions or (self._several and wanted.vpc is not None)):
            return
        region = context.providers.region_of(instance)
        found = lookups.find(_FOUND[kind], wanted, folder, region)
        texts = self._of_templates(conditions, folder) if kind == PARAMETER else ()
        if found is None or texts is None:
            return
        writers = {one.folder for one in found.written} if self._several else found.written
        if len(writers) + len(texts) == 1:
            self._found = found.written if found.sure else ()
            self._text = next(iter(texts), None)
        elif found.written or texts:
            display = context.files.display
            names = [f"{one.address} of {display(one.folder)}" for one in found.written]
            context.note_several(instance, [*names, *(one.writer for one in texts)])

    @property
    def place(self) -> Place | None:
        """The resource that it finds, if it is one."""
        return (self._found[0].folder, self._found[0].address) if len(self._found) == 1 else None

    def _vpc(self) -> Place | None:
        """The VPC that it looks in, where that is one of another root module."""
        for value in vpcs_of(self._instance):
            if isinstance(value, Reference) and value.attribute == "id":
                return self._context.others.place_of(value.target)
        return None

    def _of_templates(
        self, conditions: tuple[Condition, ...], folder: Path
    ) -> tuple[WrittenText, ...] | None:
        """The parameters of the name that templates write."""
        [name] = dict(conditions).get("name", frozenset(("",)))
        return self._context.modules.parameters_of_templates(name, folder)

    def _join(self, found: Written) -> Join:
        instance = self._instance
        root = self._context.files.display(found.folder)
        return Join(
            f"{instance.address}.",
            instance.resource.block.header,
            f"{instance.address} is {found.address} of the root module {root}",
            found.span,
            likely=True,
        )

    def read(self, name: str, span: Span) -> Val | None:
        """An attribute of what is found; ``None`` where only the data source itself is known."""
        if self._text is not None and name in TEXTS:
            return self._told(self._text, name, span)
        stated = self._context.evaluation.stated
        if stated.value(f"{self._instance.address}.{name}", span) is not None:
            return None  # somebody's word counts
        taken = [self._context.unit.joins.add(self._join(found)) for found in self._found]
        if not all(taken):
            return None
        if not self._several:
            return self._read(self._found[0], name, span) if self._found else None
        if name != "ids" or not self._found:
            return None
        ids = [self._read(found, "id", span) for found in self._found]
        known = [one for one in ids if one is not None]
        # The order of several is AWS's: no place among them is certain.
        listed = make_list(known, STRING, is_open=len(known) > 1)
        return Value(listed, span) if len(known) == len(ids) else None

    def _read(self, found: Written, name: str, span: Span) -> Val | None:
        """An attribute of one that is found."""
        workspace = self._context.modules.options_of(found.folder).workspace
        other = self._context.others.root(found.folder, workspace)
        resource = other.resource(found.address) if other is not None else None
        if other is None or resource is None or is_secret(resource):
            return None
        if resource.resource.type == PREFIX_LIST and name == "entries":
            if next(instances_of(other.root, _ENTRY), None) is not None:
                return None  # it may be one more
            name = "entry"
        if resource.resource.type == INSTANCE and name == "network_interface_id":
            name = "primary_network_interface_id"
        if resource.resource.type == PARAMETER and name in TEXTS:
            name = next((one for one in TEXTS if resource.section.get(one) is not None), name)
        value: Val | None
        if resource.resource.type == SHARE and name == "resource_arns":
            value = other.others.shared(resource.address, span)
        else:
            value = resource.read(name, span)
        if value is None:
            return None
        if marks_in((value,)) or (isinstance(value, Unknown) and value.cause == "error"):
            return None
        return value.after(self._join(found).step)

    def _told(self, found: WrittenText, name: str, span: Span) -> Val | None:
        """The value of a parameter that a template writes."""
        instance = self._instance
        key = f"{instance.address}.{name}"
        words = f"{instance.address} is {found.writer}"
        place = instance.resource.block.header
        join = Join(f"{instance.address}.", place, words, found.span, likely=True)
        if self._context.evaluation.stated.value(key, span) is not None:
            return None  # somebody's word counts
        if not self._context.unit.joins.add(join) or found.value.text is None:
            return None
        return found.value.after(join.step)


def is_secret(resource: Instance) -> bool:
    """Whether it is a parameter of Systems Manager that may be a secret."""
    if resource.resource.type != PARAMETER:
        return False
    kind = resource.section.get("type")
    return kind is None or kind.text is None or kind.text == _HIDDEN_KIND
