"""Values and unknowns, where they were written, and the answers that questions about them have.

The three speak of one another: an answer is undecided for the unknowns that leave it so.
"""

from __future__ import annotations

from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, TypedDict, TypeVar

from iac_ec2lint.values.addresses import plain_address
from iac_ec2lint.values.reasons import UNMARKED, Cause, Input, Marks, Undecidable
from iac_ec2lint.values.step import Step, joined

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Self, Unpack

    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values.allowed import Allowed

_NAMES_ITSELF = frozenset({"", "id", "ids", "arn", "arns"})
"""Attributes of data sources that name what is declared elsewhere: to know them decides nothing."""

_NEVER_NULL: frozenset[Cause] = frozenset(
    {"computed", "data-source", "expression", "limit", "error"}
)
"""Causes of unknowns that have a value all the same, once they are created or could be read."""


class Answer(Undecidable):
    """True, false or undecided (Kleene's logic), and the reasons for that.

    Attributes:
        truth: ``None`` where it is undecided.
        causes: The unknowns that leave it undecided.
        assumptions: The defaults of variables and parameters that it rests on.
    """

    __slots__ = ("assumptions", "causes", "truth")

    def __init__(
        self,
        truth: bool | None,
        causes: tuple[Unknown, ...] = (),
        assumptions: tuple[Step, ...] = (),
    ) -> None:
        self.truth = truth
        self.causes = causes
        self.assumptions = assumptions

    def __and__(self, other: Answer) -> Answer:
        # Most of what is joined decides it, or adds nothing.
        if self.truth is False or other is YES:
            return self
        return other if self is YES else self._join(other, decisive=False)

    def __or__(self, other: Answer) -> Answer:
        if self.truth or other is NO:
            return self
        return other if self is NO else self._join(other, decisive=True)

    def __invert__(self) -> Answer:
        return Answer(None if self.truth is None else not self.truth, self.causes, self.assumptions)

    def _join(self, other: Answer, *, decisive: bool) -> Answer:
        if other.truth is decisive:
            return other
        if other.truth is not None and not other.assumptions:
            return self
        if self.truth is not None and not self.assumptions:
            return other
        if self.truth is None or other.truth is None:
            causes = self.causes + other.causes
            if self.causes and other.causes:
                causes = tuple(dict.fromkeys(causes))  # the same keep many answers undecided
            return Answer(None, causes, self.assumptions + other.assumptions)
        return Answer(not decisive, (), self.assumptions + other.assumptions)

    @property
    def may_be_true(self) -> bool:
        """True or undecided."""
        return self.truth is not False

    def __repr__(self) -> str:
        return f"Answer({self.truth})"


YES = Answer(True)
NO = Answer(False)


class Items(tuple["Val", ...]):
    """The elements of a set, in the order in which Terraform sorts them."""

    __slots__ = ()


Data = None | bool | int | Decimal | str | tuple["Val", ...] | dict[str, "Val"]
"""Null, bool, number, string; list or tuple (a set is ``Items``); map or object."""


class ValueChanges(TypedDict, total=False):
    """The arguments that a copy of a value can change."""

    data: Data
    span: Span
    via: tuple[Step, ...]
    implied: bool
    of: Reference | None
    decoded: Val | None
    marks: Marks


class Value(Undecidable):
    """Data, and where it was written. Immutable.

    Args:
        data: The data itself.
        span: Where that was written.
        via: The steps that it was passed through, the nearest to its use last.
        implied: Whether it is the default of AWS, which applies where nothing is declared.
        of: The resource's attribute that it was read from: this keeps the resource's identity where
            a name or an ARN is known (``aws_security_group.web.name``).
        decoded: The structure that a string encodes, where ``jsonencode`` or the like made it.
        marks: The marks of the value as a whole; its elements can have marks of their own.
    """

    __slots__ = ("data", "decoded", "implied", "marks", "of", "span", "via")

    def __init__(
        self,
        data: Data,
        span: Span,
        via: tuple[Step, ...] = (),
        *,
        implied: bool = False,
        of: Reference | None = None,
        decoded: Val | None = None,
        marks: Marks = UNMARKED,
    ) -> None:
        self.data = data
        self.span = span
        self.via = via
        self.implied = implied
        self.of = of
        self.decoded = decoded
        self.marks = marks

    def after(self, *steps: Step) -> Self:
        """A copy that was passed through ``steps`` as well."""
        via = joined(self.via, steps)
        if self.__class__ is not Value:
            return _copied(self, {"via": via})
        return self.__class__(
            self.data,
            self.span,
            via,
            implied=self.implied,
            of=self.of,
            decoded=self.decoded,
            marks=self.marks,
        )

    def read_from(self, reference: Reference) -> Self:
        """A copy that is known to be an attribute of a resource."""
        return _copied(self, {"of": reference})

    def marked(self, marks: Marks) -> Self:
        """A copy with ``marks`` added."""
        return self if marks <= self.marks else _copied(self, {"marks": self.marks | marks})

    def but(self, **changes: Unpack[ValueChanges]) -> Self:
        """A copy with some of the constructor's arguments changed."""
        return _copied(self, changes)

    @property
    def text(self) -> str | None:
        """Its string, if it is one."""
        return self.data if isinstance(self.data, str) else None

    @property
    def number(self) -> int | Decimal | None:
        """Its number, if it is one."""
        data = self.data
        return data if isinstance(data, int | Decimal) and not isinstance(data, bool) else None

    @property
    def boolean(self) -> bool | None:
        """Its bool, if it is one."""
        return self.data if isinstance(self.data, bool) else None

    @property
    def is_null(self) -> bool:
        """Whether it is null."""
        return self.data is None

    def elements(self) -> tuple[Val, ...]:
        """The elements of a list, tuple or set, each with this value's steps; else itself."""
        if isinstance(self.data, tuple):
            if not self.via:
                return self.data
            return tuple(element.after(*self.via) for element in self.data)
        return () if self.data is None else (self,)

    def items(self) -> dict[str, Val]:
        """The members of a map or object, each with this value's steps; else nothing."""
        if isinstance(self.data, dict):
            if not self.via:
                return self.data
            return {key: member.after(*self.via) for key, member in self.data.items()}
        return {}

    def test(self, question: Callable[[Data], bool]) -> Answer:
        """The answer of ``question`` about its data."""
        return self._answer(question(self.data))

    def equals(self, *accepted: Data) -> Answer:
        """Whether its data is one of ``accepted``."""
        data = self.data
        if isinstance(data, str):  # which equals nothing but a string
            return self._answer(data in accepted)
        return self._answer(any(same(data, other) for other in accepted))

    def is_true(self) -> Answer:
        """Whether it is ``true``."""
        return self._answer(self.data is True)

    def _answer(self, truth: bool) -> Answer:
        if not self.via:
            return YES if truth else NO
        return Answer(truth, (), tuple(step for step in self.via if step.assumed))

    def __eq__(self, other: object) -> bool:
        """Whether the data is equal, wherever it was written."""
        return isinstance(other, Value) and same(self.data, other.data)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Value({self.data!r})"


class UnknownChanges(TypedDict, total=False):
    """The arguments that a copy of an unknown can change."""

    reason: str
    cause: Cause
    span: Span
    via: tuple[Step, ...]
    candidates: tuple[Val, ...]
    parts: tuple[str | Unknown, ...]
    references: tuple[Reference, ...]
    decoded: Val | None
    unset: bool
    type: object
    marks: Marks
    inputs: tuple[Input, ...]
    allowed: tuple[Allowed, ...]


class Unknown(Undecidable):
    """Unknown data, and the reason. Immutable.

    It has those properties of a ``Value`` for which "nothing known" is a correct result: ``text``,
    ``number`` and ``boolean`` are ``None``, ``is_null`` is false, ``items`` is empty. It has no
    ``data``, since ``None`` would mean null.

    Args:
        reason: Why it is unknown, in words that complete "undecided, because ..." (``var.cidr has
            no value``).
        cause: The kind of reason.
        span: Where the expression with the unknown value was written.
        via: The steps that it was passed through, the nearest to its use last.
        candidates: All values that it can have, where they are known: both arms of an undecided
            conditional, the allowed values of a parameter.
        parts: The string that it is, as far as it is known: known text and unknown pieces in order.
        references: The resources that its value depends on.
        decoded: The structure that a partly known string encodes (``jsonencode``).
        unset: Whether it may be null, so that a default may apply.
        type: The type that it will have, in the terms of its language, where that is known. What an
            error leads to has none: it would be reported as another error wherever it goes.
        marks: Its marks, whatever its value turns out to be.
        inputs: What a person can say that it hangs on.
        allowed: What its text, or each text of it as a list, must all match.
    """

    __slots__ = (
        "_references",
        "allowed",
        "candidates",
        "cause",
        "decoded",
        "inputs",
        "marks",
        "parts",
        "reason",
        "span",
        "type",
        "unset",
        "via",
    )

    def __init__(
        self,
        reason: str,
        cause: Cause,
        span: Span,
        via: tuple[Step, ...] = (),
        *,
        candidates: tuple[Val, ...] = (),
        parts: tuple[str | Unknown, ...] = (),
        references: tuple[Reference, ...] = (),
        decoded: Val | None = None,
        unset: bool = False,
        type: object = None,  # noqa: A002 - both languages' own word
        marks: Marks = UNMARKED,
        inputs: tuple[Input, ...] = (),
        allowed: tuple[Allowed, ...] = (),
    ) -> None:
        self.reason = reason
        self.cause = cause
        self.span = span
        self.via = via
        self.candidates = candidates
        self.parts = parts
        self._references = references
        self.decoded = decoded
        self.unset = unset
        self.type = None if cause == "error" else type
        self.marks = marks
        self.inputs = inputs
        self.allowed = allowed

    text = None
    number = None
    boolean = None
    is_null = False
    implied = False
    of: Reference | None = None
    arms: tuple[Val, ...] = ()
    """Of elements that a condition adds to a list: the lists that it chooses among."""

    @property
    def each(self) -> Val | None:
        """What each of some elements of a list is that this stands for, nobody knows how many."""
        return None

    @property
    def may_be_null(self) -> bool:
        """Whether it may turn out to be null."""
        known = self.decoded is not None or self.parts or self.candidates
        never = known or self.cause in _NEVER_NULL or not all(one.null for one in self.allowed)
        return self.unset or not never

    def redacted(self, redactor: Redactor) -> Unknown:
        """See ``source.concealment.Redacted``."""
        return Unknown(redactor.text(self.reason), self.cause, redactor.span(self.span))

    @property
    def references(self) -> tuple[Reference, ...]:
        """The resources that its value depends on."""
        return self._references

    def after(self, *steps: Step) -> Self:
        """A copy that was passed through ``steps`` as well."""
        return _copied(self, {"via": joined(self.via, steps)})

    def marked(self, marks: Marks) -> Self:
        """A copy with ``marks`` added."""
        return self if marks <= self.marks else _copied(self, {"marks": self.marks | marks})

    def but(self, **changes: Unpack[UnknownChanges]) -> Self:
        """A copy with some of the constructor's arguments changed."""
        if "type" in changes and self.cause == "error":
            changes["type"] = None
        return _copied(self, changes)

    def elements(self) -> tuple[Val, ...]:
        """The unknown itself, in place of elements that are not known."""
        return (self,)

    def items(self) -> dict[str, Val]:
        """Empty, since no member is known."""
        return {}

    def members(self) -> tuple[tuple[Val, Val], ...] | None:
        """All members with their names, of which pieces are unknown; ``None`` if any may be."""
        return None

    def certain_members(self) -> Mapping[str, Val]:
        """Members that it has whatever else it has; what each of them is may be unknown."""
        return {}

    def test(self, question: Callable[[Data], bool]) -> Answer:
        """The answer of ``question``, decided where all that it can be agree."""
        if not self.candidates:
            return self._test_allowed(question) if self.allowed else Answer(None, (self,))
        answers = [candidate.test(question) for candidate in self.candidates]
        if self.unset:
            answers.append(Answer(question(None)))
        truths = {answer.truth for answer in answers}
        if len(truths) == 1 and None not in truths:
            return Answer(truths.pop(), (), tuple(s for a in answers for s in a.assumptions))
        return Answer(None, (self,))

    def _test_allowed(self, question: Callable[[Data], bool]) -> Answer:
        from iac_ec2lint.values.allowed import listed  # it is made of what is declared here

        truths = {question(data) for data in listed(self)}
        return Answer(truths.pop()) if len(truths) == 1 else Answer(None, (self,))

    def equals(self, *accepted: Data) -> Answer:
        """Whether it is one of ``accepted``, decided where all that it can be agree."""
        if self.allowed and not self.candidates:
            from iac_ec2lint.values.allowed import are_among  # rare

            truth = are_among(self, accepted)
            return Answer(truth, (self,) if truth is None else ())
        return self.test(lambda data: any(same(data, other) for other in accepted))

    def is_true(self) -> Answer:
        """Whether it is ``true``."""
        return self.equals(True)

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


class Reference(Unknown):
    """An unknown with an identity: an attribute of a resource whose value AWS decides.

    Args:
        target: The address of the resource (``module.web.aws_instance.this[0]``) or its logical
            ID (``Nested/Web``); of a data source too (``data.aws_vpc.main``).
        attribute: The attribute (``id``, ``arn``; in CloudFormation ``Ref`` or GetAtt's name).
        span: Where the reference was written.
        via: The steps that it was passed through.
        reason: Why its value is unknown.
        cause: The kind of reason.
        written: The value written for the attribute, where that is unknown too: its candidates,
            parts and references become those of the reference.
        references: Other resources that its value depends on.
        type: See ``Unknown``.
        marks: See ``Unknown``.
        inputs: See ``Unknown``; what a data source reads is one of itself.
    """

    __slots__ = ("attribute", "target")

    def __init__(
        self,
        target: str,
        attribute: str,
        span: Span,
        via: tuple[Step, ...] = (),
        *,
        reason: str = "",
        cause: Cause = "computed",
        written: Unknown | None = None,
        references: tuple[Reference, ...] = (),
        type: object = None,  # noqa: A002 - both languages' own word
        marks: Marks = UNMARKED,
        inputs: tuple[Input, ...] = (),
    ) -> None:
        reason = reason or f"{target}.{attribute} is known after it is created"
        if written is not None:
            inputs = inputs or written.inputs
        elif cause == "data-source" and attribute not in _NAMES_ITSELF and not inputs:
            inputs = (Input(f"{plain_address(target)}.{attribute}", span),)
        if written is None:
            super().__init__(
                reason,
                cause,
                span,
                via,
                references=references,
                type=type,
                marks=marks,
                inputs=inputs,
            )
        else:
            super().__init__(
                reason,
                cause,
                span,
                via,
                candidates=written.candidates,
                parts=written.parts,
                references=(*references, *written.references),
                decoded=written.decoded,
                unset=written.unset,
                type=type,
                marks=marks | written.marks,
                inputs=inputs,
                allowed=written.allowed,
            )
        self.target = target
        self.attribute = attribute

    @property
    def references(self) -> tuple[Reference, ...]:
        """Itself, and the other resources that its value depends on."""
        return (self, *self._references)

    def __repr__(self) -> str:
        return f"Reference({self.target}.{self.attribute})"


Val = Value | Unknown


V = TypeVar("V", bound=Undecidable)


def same(left: Data, right: Data) -> bool:
    """Whether two data are equal; ``true`` is not ``1``, as it is in Python."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return left == right


_SLOTS: dict[type[object], tuple[tuple[str, ...], Callable[[object], tuple[object, ...]]]] = {}
"""The names of a class's slots, and what reads them all."""


def _copied(value: V, changes: Mapping[str, object]) -> V:
    """A copy with some attributes changed, of whatever class it is."""
    kind = type(value)
    known = _SLOTS.get(kind)
    if known is None:
        every = (name for base in kind.__mro__ for name in base.__dict__.get("__slots__", ()))
        names = tuple(dict.fromkeys(every))
        known = _SLOTS[kind] = names, attrgetter(*names)
    names, read = known
    if "references" in changes:
        changes = {
            name if name != "references" else "_references": changes[name] for name in changes
        }
    made = kind.__new__(kind)
    attributes = dict(zip(names, read(value), strict=True))
    attributes.update(changes)
    for name, attribute in attributes.items():
        setattr(made, name, attribute)
    return made
