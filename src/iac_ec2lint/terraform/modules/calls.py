"""Module calls: the folder of the module, and its instances.

Source: "Modules" of the Terraform language; ``terraform init`` for ``.terraform/modules``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.source import limits
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import beginning
from iac_ec2lint.terraform.evaluated import Call, CallSite
from iac_ec2lint.terraform.folders.addresses import is_local
from iac_ec2lint.terraform.folders.installed import DATA_FOLDER
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.instance_keys import key_text
from iac_ec2lint.terraform.language.containers import Definition, Lazy
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.terraform.repetition import Repetition, instance_steps, repetition
from iac_ec2lint.values import Input, Join, Step, Unknown, Val, Value, plain_address, used_at

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.evaluated import Module
    from iac_ec2lint.terraform.folders.addresses import Located
    from iac_ec2lint.values.stated import Stated

META_ARGUMENTS = frozenset({"source", "version", "providers", "count", "for_each", "depends_on"})


class ModuleCall(Call):
    """A ``module`` block in one instance of the module that holds it."""

    __slots__ = (
        "_instances",
        "_is_joined",
        "_repetition",
        "_value",
        "block",
        "module",
        "name",
        "unavailable",
    )

    def __init__(self, name: str, block: tree.Block, module: Module) -> None:
        self.name = name
        self.block = block
        self.module = module
        self.unavailable: str = ""
        self._is_joined = False
        self._repetition: Repetition | None = None
        self._instances: list[Module] | None = None
        self._value: dict[str, Val] = {}

    def leave(self) -> None:
        """See ``Unit.leave``."""
        for instance in self._instances or ():
            instance.leave()
        self._instances = None
        self._value.clear()

    @property
    def address(self) -> str:
        """Its address, without an instance key."""
        return f"{self.module.prefix}module.{self.name}"

    @property
    def repetition(self) -> Repetition:
        """The number of its instances, or why it is unknown."""
        if self._repetition is None:
            found: list[Repetition] = []

            def compute() -> Val:
                found.append(repetition(self.block, self.module.scope))
                return Value(None, self.block.header)

            stand_in = self.module.unit.evaluation.hop(
                {},
                self.address,
                self.address,
                self.block.header,
                compute,
                doubtful=not self.module.presence.certain,
            )
            if not found:
                assert isinstance(stand_in, Unknown)  # noqa: S101 - a cycle, or a bound
                made = Repetition("unknown", [None])
                made.cause = stand_in
                found.append(made)
            self._repetition = found[0]
        return self._repetition

    @property
    def instances(self) -> list[Module]:
        """The instances of the module; none where the module is not on the disk."""
        if self._instances is None:
            self._instances = self._make_instances()
        return self._instances

    def _make_instances(self) -> list[Module]:
        folder = self._locate()
        if folder is None:
            return []
        module = self.module
        syntax = module.unit.modules.syntax(folder)
        module.unit.use(syntax)
        self._check_arguments(set(syntax.variables), partial=syntax.partial)
        made = self.repetition
        steps = instance_steps(self.block) * (not made.is_paid) + len(made.keys) * syntax.steps
        spent = module.unit.evaluation.spend(self.block, steps)
        if spent is not None:
            self.unavailable = f"{self.address}: {spent.reason}"
            return []
        if made.keys and not self._is_joined:
            module.unit.unit.called.add(module.unit.files.display(folder))
        found: list[Module] = []
        step = Step(self.block.header, f"{self.address} is called here")
        for position, key in enumerate(made.keys):
            names = made.bindings(position, self.block.header)
            scope = module.scope.bind(names) if names else module.scope
            found.append(
                module.called_by(
                    CallSite(self.block, module, scope),
                    syntax,
                    self.address + key_text(key),
                    made.presence_of(key).within(module.presence),
                    step,
                )
            )
        return found

    def _check_arguments(self, declared: set[str], *, partial: bool) -> None:
        if partial:
            return
        for name, attribute in self.block.body.attributes.items():
            if name not in declared and name not in META_ARGUMENTS:
                self.module.scope.error(attribute.span, f'{self.address} has no variable "{name}"')

    def _locate(self) -> Path | None:
        """The folder of the module; ``None``, with the reason noted, if it cannot be read."""
        attribute = self.block.body.attributes.get("source")
        if attribute is None:
            self.unavailable = f"{self.address} has no source"
            if not self.module.syntax.partial:
                self.module.scope.error(self.block.header, self.unavailable)
            return None
        source = static_text(attribute.expression)
        if source is None:
            value = self.module.scope.evaluate(attribute.expression)
            source = value.text
            if source is None and isinstance(value, Unknown):
                self.unavailable = f"the source of {self.address} is not known"
                named = f"{self.address}, whose source is not known"
                self.module.unit.unit.modules_unavailable.setdefault(named, attribute.span)
                return None
        if not source:
            self.unavailable = f"the source of {self.address} is no text, or an empty one"
            self.module.scope.error(attribute.expression.span, self.unavailable)
            return None
        if is_local(source):
            return self._local(source, attribute.expression.span)
        return self._installed(source, attribute.expression.span)

    def _local(self, source: str, span: Span) -> Path | None:
        folder = place_named(self.module.folder, source.replace("\\", "/"))
        if folder is None:
            self.unavailable = f"the source of {self.address} is no path that a folder can have"
            self.module.scope.error(span, self.unavailable)
            return None
        unit = self.module.unit
        submodule = unit.files.missing_submodule(folder)
        if submodule:
            named = f"{submodule}, a git submodule that is not checked out"
            unit.unit.modules_unavailable.setdefault(named, span)
            self.unavailable = f"{source} lies in {named}"
            return None
        return folder if self._accept(folder, source, span) else None

    def _accept(self, folder: Path, source: str, span: Span) -> bool:
        module = self.module
        files = module.unit.files
        name = files.display(folder)
        problem = ""
        if refusal := files.refusal(folder, module.unit.root.folder):
            problem = refusal
        elif not files.tree.is_folder(folder):
            problem = "does not exist"
        elif circle := self._circle(folder):
            problem = f"is called in a circle ({' > '.join(circle)}), which Terraform refuses"
        elif module.depth >= limits.MODULE_DEPTH:
            problem = f"is more than {limits.MODULE_DEPTH} module calls deep"
        if problem:
            self.unavailable = f'the module "{source}" of {self.address}: {name} {problem}'
            module.scope.error(span, self.unavailable)
        return not problem

    def _circle(self, folder: Path) -> list[str]:
        """The folders that call one another, from a folder to itself; empty where none does."""
        real = self.module.unit.modules.real
        display = self.module.unit.files.display
        place = real(folder)
        passed = [display(folder)]
        current: Module | None = self.module
        while current is not None:
            passed.append(display(current.folder))
            if real(current.folder) == place:
                return passed[::-1]
            current = None if current.call is None else current.call.module
        return []

    def _own(self, own: Located, source: str) -> Path | None:
        """The folder of a module that this work tree has, and that its own address names."""
        module, block = self.module, self.block
        unit = module.unit
        if self._circle(own.folder) or module.depth >= limits.MODULE_DEPTH:
            return None
        name = unit.files.display(own.folder)
        asked = f", though it asks for {own.revision}" if own.revision else ""
        words = f'the module "{source}" is {name} as the work tree has it{asked}'
        files = unit.modules.syntax(own.folder).files
        taken = False
        for key in self.repetition.keys if files else ():
            join = Join(
                self.unavailable,
                block.header,
                words,
                beginning(files[0].source),
                likely=bool(own.revision),
                file=name,
                prefix=f"{self.address}{key_text(key)}.",
            )
            taken = unit.unit.joins.add(join)
        if not taken:
            return None
        self._is_joined = True
        unit.evaluation.may_mark = unit.evaluation.may_mark or unit.modules.may_mark(own.folder)
        return own.folder

    def _installed(self, source: str, span: Span) -> Path | None:
        unit = self.module.unit
        given = unit.modules.addresses.given(source)
        if given is not None:
            return given if self._accept(given, source, span) else None
        entry = unit.installed(self._key())
        wanted = self._version()
        named = f"{source} {wanted}" if wanted else source
        if entry is not None and entry.is_for(source, wanted, unit.files):
            if unit.files.tracks(unit.root.folder / DATA_FOLDER):
                words = f"{named}, which lies in a {DATA_FOLDER} that git tracks"
                unit.unit.modules_unavailable.setdefault(words, span)
            return entry.folder if self._accept(entry.folder, source, span) else None
        unit.unit.modules_unavailable.setdefault(named, span)
        self.unavailable = f"module {source} is not on the disk"
        own = unit.modules.addresses.own(source, unit.root.folder)
        found = None if own is None else self._own(own, source)
        if found is not None:
            self.unavailable = ""
        return found

    def _version(self) -> str | None:
        """The constraint on its version; ``None`` where it has none, or one that is not known."""
        written = self.block.body.attributes.get("version")
        if written is None:
            return None
        return (
            static_text(written.expression) or self.module.scope.evaluate(written.expression).text
        )

    def _key(self) -> str:
        """Its key in ``modules.json``: the names of the calls that lead to it, no instance keys."""
        names = [self.name]
        current = self.module
        while current.call is not None:
            names.append(current.call.block.labels[0])
            current = current.call.module
        return ".".join(reversed(names))

    def value(self) -> Val:
        """The value of a reference to it: an object of outputs, or a list or map of these."""
        return self.module.unit.evaluation.hop(
            self._value, "value", self.address, self.block.header, self._make_value
        )

    def _make_value(self) -> Val:
        instances = self.instances
        span = self.block.header
        made = self.repetition
        objects: list[Val] = [ModuleObject(one, span, made=made) for one in instances]
        if not instances and self.unavailable:
            if made.kind not in ("count", "each"):
                return self._missing("")
            objects = [self._missing(key_text(key)) for key in made.keys]
        return made.whole(objects, span)

    def _missing(self, key: str) -> MissingModule:
        """What stands for the module, or for its instance of a key, where it is not on the disk."""
        stated = self.module.unit.evaluation.stated
        address = self.address + key
        return MissingModule(address, self.unavailable, self.block.header, stated=stated)


class MissingModule(Lazy):
    """A module that is not on the disk, as a value: each of its outputs is unknown."""

    __slots__ = ("address", "stated")

    def __init__(
        self,
        address: str,
        reason: str,
        span: Span,
        via: tuple[Step, ...] = (),
        *,
        stated: Stated,
    ) -> None:
        super().__init__(reason, "module", span, via)
        self.address = address
        self.stated = stated

    def member(self, name: str, span: Span) -> Val:
        """See ``Lazy``."""
        stated = self.stated.value(f"{self.address}.{name}", span)
        if stated is not None:
            return stated
        inputs = (Input(f"{plain_address(self.address)}.{name}", span),)
        return Unknown(f"{self.address}.{name}: {self.reason}", "module", span, inputs=inputs)

    def whole(self) -> Val:
        """The module itself, since nothing is known of it as a whole."""
        reason = f"{self.address}: {self.reason}"
        return Unknown(reason, "module", self.span, self.via, marks=self.marks)


class ModuleObject(Lazy):
    """A module instance as a value: an object of its outputs."""

    __slots__ = ("made", "module")

    def __init__(
        self,
        module: Module,
        span: Span,
        via: tuple[Step, ...] = (),
        *,
        made: Repetition,
    ) -> None:
        super().__init__(f"{module.address} is a module", "expression", span, via)
        self.module = module
        self.made = made

    @property
    def absent(self) -> Unknown | None:
        """See ``Lazy``: OpenTofu's ``enabled`` may be false."""
        return self.made.cause if self.made.kind == "single" else None

    @property
    def enabling(self) -> Definition[Scope] | None:
        """See ``Lazy``."""
        return self.made.enabling

    def member(self, name: str, span: Span) -> Val | None:
        """See ``Lazy``."""
        found = self.module.output(name)
        if isinstance(found, Unknown):
            stated = self.module.unit.evaluation.stated.value(f"{self.module.address}.{name}", span)
            found = stated if stated is not None else found
        if found is None and self.module.syntax.partial:
            return Unknown(f'output "{name}" could not be read', "error", span)
        return None if found is None else used_at(found, span)

    def whole(self) -> Val:
        """All its outputs."""
        members: dict[str, Val] = {}
        for name in sorted(self.module.syntax.outputs):
            value = self.module.output(name)
            if value is not None:
                members[name] = value
        return Value(members, self.span, self.via, marks=self.marks)
