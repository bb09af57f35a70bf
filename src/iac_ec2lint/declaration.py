"""What both languages are read into: declared resources, attributes still untyped and lazy.

A front end makes a ``Declaration`` for each instance of each resource (and each data source) whose
type ``resources/`` knows. Nothing inside is evaluated before it is read.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

from iac_ec2lint.source.quotes import FileTexts
from iac_ec2lint.values import (
    UNGUARDED,
    Answer,
    Guard,
    Joins,
    Step,
    Unknown,
    Val,
    Value,
    exclude,
    guard_of,
    join_conditions,
    when_of,
)
from iac_ec2lint.values.stated import Stated

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from iac_ec2lint.source.diagnostic import Diagnostic, Observation
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.source.suppression import Suppression

Language = Literal["terraform", "cloudformation"]
UnitKind = Literal["root-module", "stack", "plan"]


class Presence:
    """Whether something is certain to exist: a resource, or a block in one.

    What is certain to be absent is never declared, so presence has two states: certain and
    possible.

    Attributes:
        cause: The unknown that decides whether it exists; ``None`` where it is certain.
        when: The condition under which it exists, in words (``condition "Open" is true``); empty
            where it is certain.
        assumptions: The defaults of variables or parameters that its existence rests on.
        guard: What holds wherever it exists.
        key: What is equal for all that exist under the same condition.
    """

    __slots__ = ("assumptions", "cause", "guard", "key", "when")

    def __init__(
        self,
        cause: Unknown | None = None,
        when: str = "",
        assumptions: tuple[Step, ...] = (),
        guard: Guard = UNGUARDED,
        key: str = "",
    ) -> None:
        self.cause = cause
        self.when = when
        self.assumptions = assumptions
        self.guard = guard
        self.key = key or when

    @classmethod
    def where(cls, unknown: Unknown, candidate: Val, otherwise: str = "") -> Presence:
        """The presence of what is there where an unknown is one of its candidates.

        Args:
            unknown: The unknown.
            candidate: The candidate.
            otherwise: The condition in words, where the candidate does not say it.
        """
        return cls(unknown, when_of(candidate) or otherwise, guard=guard_of(candidate))

    @property
    def never(self) -> bool:
        """Whether what it depends on contradicts itself, so that it never exists."""
        return bool(self.guard) and exclude(self.guard)

    @property
    def certain(self) -> bool:
        """Whether it is certain to exist."""
        return self.cause is None

    @property
    def answer(self) -> Answer:
        """Whether it exists, with the unknown or the defaults that decide it."""
        return (
            Answer(True, (), self.assumptions)
            if self.cause is None
            else Answer(None, (self.cause,))
        )

    def within(self, outer: Presence) -> Presence:
        """Its presence as a part of something whose presence is ``outer``."""
        if outer is CERTAIN:
            return self
        if self is CERTAIN:
            return outer
        return Presence(
            self.cause if outer.cause is None else outer.cause,
            join_conditions([w for w in (outer.when, self.when) if w], "and"),
            outer.assumptions + self.assumptions,
            outer.guard | self.guard,
            join_conditions([key for key in (outer.key, self.key) if key], "and"),
        )


CERTAIN = Presence()


class Section(ABC):
    """Attributes and nested blocks of a declaration: a block, a property's map, or the body.

    Attributes:
        span: Where it is written: the block's header, or the map.
        path: Its path in the resource: empty for the body, else ``ingress[0]``.
        presence: Whether it is certain to exist.
        labels: The labels of its block, without its type: ``("remote-exec",)`` of a provisioner.
    """

    __slots__ = ("labels", "path", "presence", "span")

    def __init__(
        self, span: Span, path: str, presence: Presence = CERTAIN, labels: tuple[str, ...] = ()
    ) -> None:
        self.span = span
        self.path = path
        self.presence = presence
        self.labels = labels

    @abstractmethod
    def get(self, name: str) -> Val | None:
        """The value of an attribute; ``None`` where it is not written, or is null."""

    @abstractmethod
    def sections(self, name: str) -> tuple[Section, ...]:
        """The nested blocks of a type, in order; each has its ``presence``.

        A map or a list of maps in an attribute counts as blocks too. An attribute of which nothing
        is known is one possible section of unknowns.
        """

    @abstractmethod
    def names(self) -> tuple[str, ...]:
        """The attributes and block types that are written, in order."""

    @property
    def extent(self) -> Span | None:
        """The span of all of it, from its header or first key to its end.

        ``None`` where it is not written as a block or a mapping of its own.
        """
        return None

    def expression(self, name: str) -> Span | None:  # noqa: ARG002 - for those that are written
        """The span of an attribute's value; ``None`` where it is not in this section's text."""
        return None

    def removed(self, name: str) -> tuple[Step, ...]:  # noqa: ARG002 - for those that are written
        """What makes an attribute that is written come to nothing; empty where nothing does.

        That is ``null`` or an empty list in Terraform, ``AWS::NoValue`` at the end of ``Fn::If``,
        alone or for every element, and in both an empty text: the way to it, with the defaults that
        decide.
        """
        return ()

    def entry(self, name: str) -> Span | None:  # noqa: ARG002 - for those that are written
        """The span of an attribute, name included, or of a nested block; ``None`` where none is."""
        return None

    def section(self, name: str) -> Section | None:
        """The only nested block of a type that occurs at most once; ``None`` where it is absent."""
        found = self.sections(name)
        return found[0] if found else None

    def join(self, name: str, index: int | None = None) -> str:
        """The path, in the resource, of an attribute or a nested block of this section."""
        path = f"{self.path}.{name}" if self.path else name
        return path if index is None else f"{path}[{index}]"


class ValueSection(Section):
    """A section that is the value of an expression or of a template's property: a map."""

    __slots__ = ("_members",)

    def __init__(self, value: Value, path: str, presence: Presence = CERTAIN) -> None:
        super().__init__(value.span, path, presence)
        self._members = value.items()

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        member = self._members.get(name)
        return None if member is None or member.is_null else member

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        member = self._members.get(name)
        if member is None or member.is_null:
            return ()
        return sections_of(member, self.join(name), self.presence)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        return tuple(name for name, member in self._members.items() if not member.is_null)


class UnknownSection(Section):
    """A block that may exist and of which nothing else is known."""

    __slots__ = ("_unknown",)

    def __init__(self, unknown: Unknown, path: str, presence: Presence | None = None) -> None:
        super().__init__(unknown.span, path, presence or Presence(unknown))
        self._unknown = unknown

    def get(self, name: str) -> Val | None:  # noqa: ARG002 - the same for every name
        """The unknown itself, whatever the name."""
        return self._unknown

    def sections(self, name: str) -> tuple[Section, ...]:
        """One section that is as unknown."""
        return (UnknownSection(self._unknown, self.join(name), self.presence),)

    def names(self) -> tuple[str, ...]:
        """Empty, since no name is known."""
        return ()


def sections_of(value: Val, path: str, presence: Presence = CERTAIN) -> tuple[Section, ...]:
    """A map, or a list of maps, as sections.

    Args:
        value: The map or list, or an unknown in its place.
        path: The attribute's path; elements of a list get their index.
        presence: The presence of what it is a part of.
    """
    if isinstance(value, Unknown):
        return _possible(value, path, presence)
    if isinstance(value.data, dict):
        return (ValueSection(value, path, presence),)
    if value.data is not None and not isinstance(value.data, tuple):
        # Neither Terraform nor CloudFormation takes it; what hides there is not known.
        gap = Unknown(f"{path} is no map, and no list of maps", "expression", value.span, value.via)
        return (UnknownSection(gap, path, Presence(gap).within(presence)),)
    found: list[Section] = []
    for index, element in enumerate(value.elements()):
        place = f"{path}[{index}]"
        if isinstance(element, Unknown):
            found.extend(_possible(element, place, presence))
        else:
            found.extend(sections_of(element, place, presence))
    return tuple(found)


def _possible(unknown: Unknown, path: str, presence: Presence) -> tuple[Section, ...]:
    if not unknown.candidates:
        return (UnknownSection(unknown, path, Presence(unknown).within(presence)),)
    found: list[Section] = []
    for candidate in unknown.candidates:
        step = candidate.via[-1].words if candidate.via else ""
        there = Presence.where(unknown, candidate, step).within(presence)
        if not there.never:
            found.extend(sections_of(candidate, path, there))
    return tuple(found)


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


Trial = bool | int | str
"""What an input is compared with, and may be in another deployment."""

OtherInputs = Mapping[str, Trial | None]
"""Inputs that have not their defaults: what each has; ``None`` where it is taken for unset."""

NO_OTHERS: OtherInputs = {}


def trial_words(name: str, data: Trial) -> str:
    """That an input has a value: ``var.create is true``, ``var.size is "large"``."""
    if isinstance(data, bool):
        return f"{name} is {'true' if data else 'false'}"
    return f'{name} is "{data}"' if isinstance(data, str) else f"{name} is {data}"


@dataclass(frozen=True, slots=True, order=True)
class InputDefault:
    """The default of an input of a deployment.

    Attributes:
        name: The input as a reader knows it: ``var.create``, ``parameter "Create"``.
        span: Where the default is written.
        data: The default, where it is known.
    """

    name: str
    span: Span = field(compare=False)
    data: object = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SwitchedOff:
    """Something declared that is not there because of defaults of inputs alone.

    Attributes:
        unit: The path of the root module or template that it belongs to.
        kind: ``resource``, ``module`` or ``block``.
        address: Its address, without an instance key; of a block with its resource's.
        span: Where it is declared.
        inputs: The inputs whose defaults switch it off.
        type: The type of a resource; empty for others.
    """

    unit: str
    kind: Literal["resource", "module", "block"]
    address: str
    span: Span
    inputs: tuple[InputDefault, ...]
    type: str = ""


class Branches:
    """What the defaults of a unit's own inputs decide, as far as it has been evaluated.

    A default of a module that is called is no input: its caller has decided it.

    Args:
        unit: The path of the unit.
        defaults: Returns the inputs, by the keys of the spans of the steps of their defaults.
        others: The inputs that have not their defaults.
        taken: What is taken to hold, though inputs without a value leave it open: it chooses among
            the arms of ``?:`` and ``Fn::If``.

    Attributes:
        others: See above.
        taken: See above.
    """

    __slots__ = ("_chosen", "_compared", "_defaults", "_find", "_off", "_unit", "others", "taken")

    def __init__(
        self,
        unit: str = "",
        defaults: Callable[[], Mapping[tuple[str, int, int], InputDefault]] = dict,
        others: OtherInputs = NO_OTHERS,
        taken: Guard = UNGUARDED,
    ) -> None:
        self.others = others
        self.taken = taken
        self._compared: dict[tuple[str, Trial], None] = {}
        self._unit = unit
        self._find = defaults
        self._defaults: Mapping[tuple[str, int, int], InputDefault] | None = None
        self._chosen: dict[Step, None] = {}
        self._off: dict[tuple[str, tuple[str, int, int]], SwitchedOff] = {}

    def compared(self, name: str, data: Trial) -> None:
        """Note that a branch is taken where an input that is taken for unset has some value."""
        if name in self.others:
            self._compared[name, data] = None

    @property
    def trials(self) -> tuple[tuple[str, Trial], ...]:
        """The inputs that are taken for unset, with each value that a branch is taken for."""
        if self._defaults is None:
            self._defaults = self._find()
        known = {one.name: one.data for one in self._defaults.values()}
        return tuple(
            (name, data) for name, data in self._compared if str(known.get(name)) != str(data)
        )

    @property
    def places(self) -> dict[str, Span]:
        """Where the defaults of its inputs are written."""
        if self._defaults is None:
            self._defaults = self._find()
        return {one.name: one.span for one in self._defaults.values()}

    def decided(self, steps: Iterable[Step]) -> None:
        """Note that a branch was taken, and another one was not, because of some defaults."""
        self._chosen.update(dict.fromkeys(steps))

    def absent(
        self,
        kind: Literal["resource", "module", "block"],
        address: str,
        span: Span,
        steps: Iterable[Step],
        type: str = "",  # noqa: A002 - a resource's type
    ) -> None:
        """Note that something is not there because of some defaults; see ``SwitchedOff``."""
        steps = tuple(steps)
        inputs = self._inputs(steps)
        if inputs:
            self.decided(steps)
            off = SwitchedOff(self._unit, kind, address, span, inputs, type)
            self._off.setdefault((address, span.key), off)

    def _inputs(self, steps: Iterable[Step]) -> tuple[InputDefault, ...]:
        if self._defaults is None:
            self._defaults = self._find()
        known = (self._defaults.get(step.span.key) for step in steps)
        return tuple(dict.fromkeys(one for one in known if one is not None))

    @property
    def choices(self) -> frozenset[str]:
        """The names of the inputs whose defaults chose a branch, or switched something off."""
        return frozenset(one.name for one in self._inputs(self._chosen))

    @property
    def switched_off(self) -> tuple[SwitchedOff, ...]:
        """What is not there because of defaults alone, in the order of its places."""
        order = sorted(self._off.items(), key=lambda item: (item[0][1], item[0][0]))
        return tuple(off for _, off in order)


AWS_ALONE: Final = "aws"
"""See ``Unit.mentions``."""

Mentions: TypeAlias = "Callable[[frozenset[str]], frozenset[str] | None]"
"""What is named outside of resources of some types: see ``Unit.mentions``."""


class Escapes:
    """The resources that are passed to what is not read, found when they are first asked for.

    Few checks ask, and what is passed may be evaluated for nothing else.
    """

    __slots__ = ("_found", "_pending")

    def __init__(self) -> None:
        self._found: dict[str, Span] = {}
        self._pending: list[Iterable[tuple[str, Span]]] = []

    def add(self, passed: Iterable[tuple[str, Span]]) -> None:
        """Add what is passed somewhere: addresses, and where that is written; not walked yet."""
        self._pending.append(passed)

    @property
    def places(self) -> Mapping[str, Span]:
        """The resources by address, and the first place where each is passed."""
        while self._pending:
            for address, span in self._pending.pop(0):
                self._found.setdefault(address, span)
        return self._found

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
        foreign: The prefixes of the addresses of those units' resources.
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
    foreign: list[str] = field(default_factory=list)
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
    leave: Callable[[], None] = field(default=lambda: None)


def address_matches(asked: str, address: str) -> bool:
    """Whether an address asked for covers a resource: itself, an instance, or one inside it."""
    if not address.startswith(asked):
        return False
    return address == asked or address[len(asked)] in "[./"
