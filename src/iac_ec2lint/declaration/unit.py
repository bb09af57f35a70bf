"""One thing declared, and all that one root module or stack declares."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, TypeAlias

from iac_ec2lint.declaration.branches import Branches
from iac_ec2lint.declaration.presence import CERTAIN, Presence
from iac_ec2lint.source.quotes import FileTexts
from iac_ec2lint.values import Joins, Step, Val
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from iac_ec2lint.declaration.section import Section
    from iac_ec2lint.source.diagnostic import Diagnostic, Observation
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.source.suppression import Suppression

Language = Literal["terraform", "cloudformation"]
UnitKind = Literal["root-module", "stack", "plan"]


@dataclass(frozen=True, slots=True)
class Declaration:
    """One instance of something declared, evaluated on demand.

    That is a resource or a data source, or what Terraform and CloudFormation have beside those:
    a provider's configuration, a backend, an output.

    Attributes:
        language: The language it is declared in.
        type: ``aws_instance``, ``data.aws_ami`` or ``AWS::EC2::Instance``; ``provider.aws``,
            ``terraform.backend.s3``, ``terraform.cloud``, ``output``.
        address: The full resource address with module path and instance key, or the logical ID,
            after the names of the nested stacks that it is in (``Network/Vpc``).
        span: Its header: type and labels, or the logical ID.
        extent: All of it, to the closing brace or the last property.
        body: Its attributes and blocks, or its properties.
        presence: Whether it is certain to exist.
        callers: The module calls or nested stacks that lead to it, the outermost first.
        scope: Identifies the account and Region that it is deployed to: the provider configuration
            that it uses (``aws``, ``aws.west``) or the stack. Equal scopes share account-wide
            settings.
        unit: The root module's folder or the template's file that it belongs to.
        home: The unit that it is identified by, where that is not ``unit``: the resources of a plan
            are those of the root module that the plan was made from.
        region: The Region that it is deployed to; empty where that is unknown.
        metadata: The value of its ``Metadata`` attribute (CloudFormation).
        update_policy: The value of its ``UpdatePolicy`` attribute (CloudFormation).
        imported_as: The id of what is there already, where that is taken over (Terraform).
    """

    language: Language
    type: str
    address: str
    span: Span
    extent: Span
    body: Section
    presence: Presence = CERTAIN
    callers: tuple[Step, ...] = ()
    scope: str = ""
    unit: str = ""
    home: str = ""
    region: str = ""
    metadata: Val | None = None
    update_policy: Val | None = None
    imported_as: Val | None = None

    @property
    def of_cloudformation(self) -> bool:
        """Whether its type is one of CloudFormation's, in whatever language it is declared.

        Its properties and attributes have CloudFormation's names then, and AWS's own defaults.
        """
        return "::" in self.type


AWS_ALONE: Final = "aws"
"""See ``Unit.mentions``."""

Mentions: TypeAlias = "Callable[[frozenset[str]], frozenset[str] | None]"
"""What is named outside of resources of some types: see ``Unit.mentions``."""


class Named(NamedTuple):
    """A resource, and how another unit than its own says that it adds something to it.

    Attributes:
        address: The resource's address in the unit that is judged.
        arguments: The arguments that name it, in each language.
        name: The name that AWS knows it by, which another unit may write; empty where it is not
            known.
        type: Its type: a unit that declares one of its own of that name means that one.
    """

    address: str
    arguments: frozenset[str]
    name: str
    type: str


class Told(NamedTuple):
    """What leads to one resource from the other units of a scan.

    Attributes:
        named: The resource.
        outputs: The outputs of its own unit that name it.
        joined: The units that are judged together, as messages name them, which add nothing that is
            not seen.
    """

    named: Named
    outputs: frozenset[str]
    joined: frozenset[str]


AddedTo: TypeAlias = "Callable[[str, frozenset[str], Named | None], str]"
"""What a third unit may add: see ``Unit.added_to``."""


def nothing_added(_unit: str, _kinds: frozenset[str], _named: Named | None) -> str:
    """What there is where no unit adds anything to another's."""
    return ""


class Escapes:
    """The resources that are passed to what is not read, found when they are first asked for.

    Few checks ask, and what is passed may be evaluated for nothing else.
    """

    __slots__ = ("_found", "_pending", "_takers")

    def __init__(self) -> None:
        self._found: dict[str, Span] = {}
        self._pending: list[tuple[Iterable[tuple[str, Span]], str]] = []
        self._takers: dict[str, str] = {}

    def add(self, passed: Iterable[tuple[str, Span]], taker: str = "") -> None:
        """Add what is passed somewhere: addresses, and where that is written; not walked yet.

        Args:
            passed: The addresses and the places.
            taker: What they are passed to, where that is no module and no stack, in words.
        """
        self._pending.append((passed, taker))

    @property
    def places(self) -> Mapping[str, Span]:
        """The resources by address, and the first place where each is passed."""
        while self._pending:
            passed, taker = self._pending.pop(0)
            for address, span in passed:
                if address not in self._found:
                    self._found[address], self._takers[address] = span, taker
        return self._found

    def taker(self, address: str) -> str:
        """What a resource is passed to first; empty where that is a module or a stack."""
        return self._takers.get(address, "")

    def forget(self) -> None:
        """See ``Unit.leave``."""
        self._pending.clear()


@dataclass(slots=True)
class Unit:
    """The result of reading one root module or one stack; it grows while that is evaluated.

    Attributes:
        path: The root module's folder, or the template's or plan's file, as messages name it.
        kind: Whether it is a root module, a template or a plan.
        declarations: Every instance of every resource, or the like, of the types asked for.
        diagnostics: What kept a file, a module or an expression from being evaluated.
        observations: What is remarkable about its files; each becomes a note.
        suppressions: The comments and metadata that suppress findings.
        files: The paths of the files it was read from, as messages name them, and whether each
            was read in full (False: errors left a part of it out).
        modules_unavailable: Modules that are not on the disk: their source as written, and where.
        imported: The files of other units whose exports it uses.
        foreign: The prefixes of the addresses of those units' resources, with the configuration
            of Terragrunt that deploys them; empty where none is known to.
        escapes: The resources that are passed to such a module: what it does with them is unknown
            (semantics.md, B0).
        sources: Files in which findings are located though they are not inputs themselves: those
            that a plan was made from.
        secrets: The sensitive texts that no message may quote.
        file_texts: What came out of file functions, of which messages quote little.
        span: Where findings about the whole unit are located: the first line of its main file;
            ``None`` where none of its files could be read.
        branches: What the defaults of its inputs decide.
        unjudged: Resources of types of AWS that are never judged: their files, types and numbers.
        called: The folders of the modules that it has an instance of, and the files of nested
            stacks, as messages name them.
        stated: What people say of its inputs.
        mentions: The addresses of the resources, without instance keys, that anything names but
            resources of some types, and outputs of child modules where ``output`` is among these;
            where ``AWS_ALONE`` is, those alone that resources of AWS name. ``None`` where that
            cannot be told.
        joins: What other units of the scan say of its values.
        added_to: Another unit of the scan that reads of the unit of a path and declares something
            of some types, or that says by an output or a name that this is for one resource, where
            one is meant: its path; empty where there is none.
        leave: Breaks the circles in what was evaluated of it, once nothing more is asked of that:
            it is free then, without a search for circles.
    """

    path: str
    kind: UnitKind
    declarations: list[Declaration] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    observations: list[Observation] = field(default_factory=list)
    suppressions: list[Suppression] = field(default_factory=list)
    files: dict[str, bool] = field(default_factory=dict)
    modules_unavailable: dict[str, Span] = field(default_factory=dict)
    imported: set[str] = field(default_factory=set)
    foreign: dict[str, str] = field(default_factory=dict)
    escapes: Escapes = field(default_factory=Escapes)
    sources: list[str] = field(default_factory=list)
    secrets: set[str] = field(default_factory=set)
    file_texts: FileTexts = field(default_factory=FileTexts)
    span: Span | None = None
    branches: Branches = field(default_factory=Branches)
    unjudged: Counter[tuple[str, str]] = field(default_factory=Counter)
    called: set[str] = field(default_factory=set)
    stated: Stated = field(default_factory=Stated)
    mentions: Mentions = field(default=lambda _: None)
    joins: Joins = field(default_factory=Joins)
    added_to: AddedTo = field(default=nothing_added)
    leave: Callable[[], None] = field(default=lambda: None)


def address_matches(asked: str, address: str) -> bool:
    """Whether an address asked for covers a resource: itself, an instance, or one inside it."""
    if not address.startswith(asked):
        return False
    return address == asked or address[len(asked)] in "[./"
