"""Nodes of the graph that nobody declared here, and the edges between nodes."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.declaration import (
    Declaration,
    Unit,
    UnknownSection,
    ValueSection,
    nothing_added,
)
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Answer, Reference, Unknown, Val, Value
from iac_ec2lint.values.known import NOTHING_KNOWN

if TYPE_CHECKING:
    from iac_ec2lint.declaration import AddedTo, Language, Mentions, SwitchedOff, UnitKind
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.values.known import KnownFacts


class External(Resource):
    """Something declared elsewhere: a literal id or name, or a resource without an adapter.

    All its fields are unknown.

    Attributes:
        text: The literal that names it; ``None`` where it is a reference.
        named_by: The one input without a value that names it; empty where none does.
    """

    __slots__ = ("named_by", "text")

    def __init__(self, declared: Declaration, text: str | None = None, named_by: str = "") -> None:
        super().__init__(declared)
        self.text = text
        self.named_by = named_by

    def redacted(self, redactor: Redactor) -> External:
        """See ``source.concealment.Redacted``: its address may be a literal."""
        address = redactor.redact(self.address)
        return self if address == self.address else external(address, None, self.span)


class Implicit(Resource):
    """Something that AWS makes along with a resource: a VPC's default security group.

    Attributes:
        owner: The resource that it is made along with.
        words: What it is: ``default security group``.
        kind: The name of the class that it would have: ``SecurityGroup``.
    """

    __slots__ = ("kind", "owner", "words")

    def __init__(self, declared: Declaration, owner: Resource, words: str, kind: str) -> None:
        super().__init__(declared)
        self.owner = owner
        self.words = words
        self.kind = kind


class AnalysedUnit(Resource):
    """What a graph is made of, as the subject of a verdict about what is not there.

    It is no node of the graph. Its address is its path: a root module's folder, or the file of a
    template or a plan.

    Attributes:
        kind: ``root-module``, ``stack`` or ``plan``.
        is_root: Whether nothing else in the scan calls or nests it.
        regions: The Regions that something in it is deployed to, as far as they are known.
        scopes: The provider configurations or the stacks of what is in it; see
            ``Declaration.scope``.
        accounts: The account numbers that its providers allow, as far as they are known; empty
            where none of them says.
        switched_off: What is not there because of defaults of inputs alone.
        mentions: See ``Unit.mentions``.
        added_to: See ``Unit.added_to``.
        known: What people know that its files do not say.
        in_arm: Whether it is judged with one arm of a choice taken for the chosen one.
    """

    __slots__ = (
        "accounts",
        "added_to",
        "in_arm",
        "is_root",
        "kind",
        "known",
        "mentions",
        "regions",
        "scopes",
        "switched_off",
    )

    def __init__(
        self,
        declared: Declaration,
        kind: UnitKind = "root-module",
        *,
        is_root: bool = True,
        regions: frozenset[str] = frozenset(),
        scopes: frozenset[str] = frozenset(),
        accounts: frozenset[str] = frozenset(),
        switched_off: tuple[SwitchedOff, ...] = (),
        mentions: Mentions = lambda _: None,
        added_to: AddedTo = nothing_added,
        known: KnownFacts = NOTHING_KNOWN,
        in_arm: bool = False,
    ) -> None:
        super().__init__(declared)
        self.kind = kind
        self.is_root = is_root
        self.regions = regions
        self.scopes = scopes
        self.accounts = accounts
        self.switched_off = switched_off
        self.mentions = mentions
        self.added_to = added_to
        self.known = known
        self.in_arm = in_arm


class Edge(NamedTuple):
    """A reference from one resource to another.

    Attributes:
        source: The resource that refers.
        target: The resource referred to; ``None`` where that is unknown.
        relation: The name of the field that it comes from.
        value: The reference itself: where it was written, and why it is unknown if it is.
        part: The part of ``source`` in which the field stands: itself or a nested block.
        certain: False where it is one of several candidates, or its part may be absent.
    """

    source: Resource
    target: Resource | None
    relation: str
    value: Val
    part: Part
    certain: bool

    @property
    def answer(self) -> Answer:
        """Whether it leads to its target, with what keeps that from being decided."""
        presence = self.part.presence
        if self.certain:
            return Answer(True, (), presence.assumptions)
        value = self.value
        # That an id is known only after a deployment keeps nobody from knowing whose it is.
        open_value = isinstance(value, Unknown) and not isinstance(value, Reference)
        gaps = (value if open_value else None, presence.cause)
        causes = tuple(gap for gap in gaps if isinstance(gap, Unknown))
        return Answer(None, causes or ((value,) if isinstance(value, Unknown) else ()))

    @property
    def may_name_nothing(self) -> bool:
        """Whether it is a choice of which an arm names nothing at all: null, or an empty list."""
        return isinstance(self.value, Unknown) and any(map(_is_nothing, self.value.candidates))


def _is_nothing(arm: Val) -> bool:
    if isinstance(arm, Unknown):
        return any(map(_is_nothing, arm.candidates))
    return arm.is_null or arm.data in ("", ())


def external(
    address: str, text: str | None, span: Span, reason: str = "", named_by: str = ""
) -> External:
    """The node of something declared elsewhere.

    Args:
        address: What it is known by.
        text: The literal that names it, if one does.
        span: Where it is first referred to.
        reason: Why nothing is known of it.
        named_by: The one input without a value that names it, if one does.
    """
    gap = Unknown(reason or f"{address} is declared elsewhere", "external-id", span)
    body = UnknownSection(gap, "")
    return External(Declaration("terraform", "external", address, span, span, body), text, named_by)


def analysed_unit(
    unit: Unit,
    *,
    is_root: bool = True,
    accounts: frozenset[str] = frozenset(),
    known: KnownFacts = NOTHING_KNOWN,
) -> AnalysedUnit:
    """A unit of evaluation as the subject of a verdict.

    Args:
        unit: The unit.
        is_root: Whether nothing else in the scan calls or nests it.
        accounts: The account numbers that its providers allow.
        known: What people know that its files do not say.
    """
    span = unit.span if unit.span is not None else Span(SourceText(unit.path, ""), 0, 0)
    own = [declared for declared in unit.declarations if declared.unit == unit.path]
    body = ValueSection(Value({}, span), "")
    language: Language = "cloudformation" if unit.kind == "stack" else "terraform"
    return AnalysedUnit(
        Declaration(language, "unit", unit.path, span, span, body, unit=unit.path),
        unit.kind,
        is_root=is_root,
        regions=frozenset(declared.region for declared in own if declared.region),
        scopes=frozenset(declared.scope for declared in own if declared.scope),
        accounts=accounts,
        switched_off=unit.branches.switched_off,
        mentions=unit.mentions,
        added_to=unit.added_to,
        known=known,
        in_arm=bool(unit.branches.taken),
    )


def implicit(address: str, owner: Resource, words: str, kind: str) -> Implicit:
    """The node of something that AWS makes along with ``owner``; see ``Implicit``."""
    gap = Unknown(f"the {words} of {owner.address} is not declared", "external-id", owner.span)
    declared = Declaration(
        owner.declared.language,
        "implicit",
        address,
        owner.span,
        owner.declared.extent,
        UnknownSection(gap, ""),
    )
    return Implicit(declared, owner, words, kind)
