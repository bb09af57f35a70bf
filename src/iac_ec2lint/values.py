"""What an expression came to: a value or an unknown, and where it was written.

A ``Value`` has data; an ``Unknown`` has the reason why there is none. Both know the span where the
data was *written* and the steps that it came through (a variable's default, a module call's
argument, ...). Questions about them are answered in three values by an ``Answer``. None of the
three has a truth value in Python: an undecided thing in an ``if`` raises.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal, NamedTuple, NoReturn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.span import Span

Cause = Literal[
    "variable",  # an input variable without a value
    "parameter",  # a template parameter without a value
    "condition",  # a condition that nothing decides
    "data-source",  # read from AWS at plan time
    "external-id",  # the insides of something declared elsewhere
    "module",  # a module or nested stack that is not on the disk
    "computed",  # known only after apply
    "expression",  # an expression that is not evaluated
    "may-attach",  # something of unknown target may attach to it
    "limit",  # a bound of this program
    "error",  # an error that was reported
]
"""Why something is unknown (semantics.md, A4)."""

_NEVER_NULL: frozenset[Cause] = frozenset(
    {"computed", "data-source", "expression", "limit", "error"}
)
"""Causes of unknowns that have a value all the same, once they are created or could be read."""

Mark = Literal[
    "sensitive",  # Terraform's, of a variable, an output or ``sensitive()``
    "ephemeral",  # Terraform's, of what is never stored
    "withheld",  # made of what is marked where Terraform loses the mark: not told all the same
]
"""What is said of a value beside what it is; whatever is made of it is marked so too."""

Marks = frozenset[Mark]

UNMARKED: Marks = frozenset()
"""No mark: all but a few values have none, and share this."""


class Step(NamedTuple):
    """A place that a value came through on its way to where it is used."""

    span: Span
    words: str
    """What the place is: ``default of variable "cidr"``, ``argument "cidr" of module.web``."""
    assumed: bool = False
    """Whether another deployment may replace it: a variable's or a parameter's default."""


class Items(tuple["Val", ...]):
    """The elements of a set, in the order in which Terraform sorts them."""

    __slots__ = ()


Data = None | bool | int | Decimal | str | tuple["Val", ...] | dict[str, "Val"]
"""Null, bool, number, string; list or tuple (a set is ``Items``); map or object."""


class Undecidable:
    """What ``Value``, ``Unknown`` and ``Answer`` share: they refuse to be true or false."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; ask it a question")


class Value(Undecidable):
    """Data, and where it was written.

    Args:
        data: What it is.
        span: Where that was written.
        via: The steps it came through, the nearest to its use last.
        implied: Nobody wrote it: it is what AWS does where nothing is declared.
        of: The resource's attribute that it was read from, so that identity survives where a
            name or an ARN is known (``aws_security_group.web.name``).
        decoded: The structure that a string encodes, where it was made by ``jsonencode`` and kin.
        marks: What is said of it as a whole; what is in it can have marks of its own.
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

    def after(self, *steps: Step) -> Value:
        """The same data, having come through ``steps`` as well."""
        return Value(
            self.data,
            self.span,
            self.via + steps,
            implied=self.implied,
            of=self.of,
            decoded=self.decoded,
            marks=self.marks,
        )

    def read_from(self, reference: Reference) -> Value:
        """The same data, known to be an attribute of a resource."""
        return Value(
            self.data,
            self.span,
            self.via,
            implied=self.implied,
            of=reference,
            decoded=self.decoded,
            marks=self.marks,
        )

    def marked(self, marks: Marks) -> Value:
        """The same data with ``marks`` beside those that it has."""
        if marks <= self.marks:
            return self
        moved = self.after()
        moved.marks = self.marks | marks
        return moved

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
        """The elements of a list, tuple or set, each having come the whole way; else itself."""
        if isinstance(self.data, tuple):
            if not self.via:
                return self.data
            return tuple(element.after(*self.via) for element in self.data)
        return () if self.data is None else (self,)

    def items(self) -> dict[str, Val]:
        """The members of a map or object, each having come the whole way; else nothing."""
        if isinstance(self.data, dict):
            if not self.via:
                return self.data
            return {key: member.after(*self.via) for key, member in self.data.items()}
        return {}

    def test(self, question: Callable[[Data], bool]) -> Answer:
        """What ``question`` says of its data."""
        return Answer(question(self.data), (), tuple(s for s in self.via if s.assumed))

    def equals(self, *accepted: Data) -> Answer:
        """Whether its data is one of ``accepted``."""
        return self.test(lambda data: any(same(data, other) for other in accepted))

    def is_true(self) -> Answer:
        """Whether it is ``true``."""
        return self.equals(True)

    def __eq__(self, other: object) -> bool:
        """Equal data, wherever it was written."""
        return isinstance(other, Value) and same(self.data, other.data)

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Value({self.data!r})"


class Unknown(Undecidable):
    """No data, and why.

    Args:
        reason: Why, in words that complete "undecided, because ..." (``var.cidr has no value``).
        cause: The kind of reason.
        span: Where the expression that it stands for was written.
        via: The steps it came through, the nearest to its use last.
        candidates: What it can only be, where that is known: both arms of an undecided
            conditional, the allowed values of a parameter.
        parts: The string that it is, as far as it is known: known text and unknown pieces in order.
        references: The resources that its value depends on.
        decoded: The structure that a partly known string encodes (``jsonencode``).
        unset: It may be null, so that a default may apply in its place.
        type: What type it will have, in the terms of its language, where that is known.
        marks: What is said of it, whatever it turns out to be.
    """

    __slots__ = (
        "candidates",
        "cause",
        "decoded",
        "marks",
        "parts",
        "reason",
        "references",
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
    ) -> None:
        self.reason = reason
        self.cause = cause
        self.span = span
        self.via = via
        self.candidates = candidates
        self.parts = parts
        self.references = references
        self.decoded = decoded
        self.unset = unset
        self.type = type
        self.marks = marks

    text = None
    number = None
    boolean = None
    is_null = False
    implied = False
    of: Reference | None = None

    @property
    def may_be_null(self) -> bool:
        """Whether it may turn out to be nothing at all."""
        known = self.decoded is not None or self.parts or self.candidates
        return self.unset or not (known or self.cause in _NEVER_NULL)

    def redacted(self, redactor: Redactor) -> Unknown:
        """See ``source.concealment.Redacted``: what answers say of it."""
        return Unknown(redactor.text(self.reason), self.cause, redactor.span(self.span))

    def after(self, *steps: Step) -> Unknown:
        """The same unknown, having come through ``steps`` as well."""
        return Unknown(
            self.reason,
            self.cause,
            self.span,
            self.via + steps,
            candidates=self.candidates,
            parts=self.parts,
            references=self.references,
            decoded=self.decoded,
            unset=self.unset,
            type=self.type,
            marks=self.marks,
        )

    def marked(self, marks: Marks) -> Unknown:
        """The same unknown with ``marks`` beside those that it has."""
        if marks <= self.marks:
            return self
        moved = self.after()
        moved.marks = self.marks | marks
        return moved

    def elements(self) -> tuple[Val, ...]:
        """Itself: some elements, of which none is known."""
        return (self,)

    def items(self) -> dict[str, Val]:
        """No member that is known."""
        return {}

    def test(self, question: Callable[[Data], bool]) -> Answer:
        """What ``question`` says, decided where all candidates agree."""
        if not self.candidates:
            return Answer(None, (self,))
        answers = [candidate.test(question) for candidate in self.candidates]
        if self.unset:
            answers.append(Answer(question(None)))
        truths = {answer.truth for answer in answers}
        if len(truths) == 1 and None not in truths:
            return Answer(truths.pop(), (), tuple(s for a in answers for s in a.assumptions))
        return Answer(None, (self,))

    def equals(self, *accepted: Data) -> Answer:
        """Whether it is one of ``accepted``, decided where all candidates agree."""
        return self.test(lambda data: any(same(data, other) for other in accepted))

    def is_true(self) -> Answer:
        """Whether it is ``true``."""
        return self.equals(True)

    def __repr__(self) -> str:
        return f"Unknown({self.reason!r})"


class Reference(Unknown):
    """An unknown with an identity: an attribute of a resource that AWS decides.

    Args:
        target: The address of the resource (``module.web.aws_instance.this[0]``) or its logical
            ID (``Nested/Web``); of a data source too (``data.aws_vpc.main``).
        attribute: The attribute (``id``, ``arn``; in CloudFormation ``Ref`` or GetAtt's name).
        span: Where the reference was written.
        via: The steps it came through.
        reason: Why its value is unknown.
        cause: The kind of reason.
        written: What the attribute is written as, where that is unknown too: its candidates,
            parts and references count for this one.
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
    ) -> None:
        super().__init__(
            reason or f"{target}.{attribute} is known after it is created", cause, span, via
        )
        self.references = (self,)
        if written is not None:
            self.candidates = written.candidates
            self.parts = written.parts
            self.decoded = written.decoded
            self.unset = written.unset
            self.references = (self, *written.references)
            self.marks = written.marks
        self.target = target
        self.attribute = attribute

    def after(self, *steps: Step) -> Reference:
        """The same reference, having come through ``steps`` as well."""
        moved = Reference(
            self.target,
            self.attribute,
            self.span,
            self.via + steps,
            reason=self.reason,
            cause=self.cause,
            written=self,
        )
        moved.references = (moved, *self.references[1:])
        moved.type = self.type
        return moved

    def __repr__(self) -> str:
        return f"Reference({self.target}.{self.attribute})"


Val = Value | Unknown


class Answer(Undecidable):
    """True, false or undecided (Kleene's three values), and what that rests on.

    Attributes:
        truth: ``None`` where it is undecided.
        causes: The unknowns that keep it from being decided.
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
        return self._join(other, decisive=False)

    def __or__(self, other: Answer) -> Answer:
        return self._join(other, decisive=True)

    def __invert__(self) -> Answer:
        return Answer(None if self.truth is None else not self.truth, self.causes, self.assumptions)

    def _join(self, other: Answer, *, decisive: bool) -> Answer:
        if self.truth is decisive:
            return self
        if other.truth is decisive:
            return other
        if self.truth is None or other.truth is None:
            return Answer(None, self.causes + other.causes, self.assumptions + other.assumptions)
        return Answer(not decisive, (), self.assumptions + other.assumptions)

    @property
    def may_be_true(self) -> bool:
        """True or undecided."""
        return self.truth is not False

    def __repr__(self) -> str:
        return f"Answer({self.truth})"


YES = Answer(True)
NO = Answer(False)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Whether one of ``answers`` is true; false where there is none."""
    result = NO
    for answer in answers:
        result = result | answer
    return result


def all_of(answers: Iterable[Answer]) -> Answer:
    """Whether all ``answers`` are true; true where there is none."""
    result = YES
    for answer in answers:
        result = result & answer
    return result


def is_given(value: Val) -> Answer:
    """Whether a value is anything at all: not null, and no empty text.

    What AWS decides, and what only a deployment knows, is given though its value is unknown.
    """
    if isinstance(value, Unknown) and not value.candidates:
        return Answer(None, (value,)) if value.may_be_null else YES
    return ~value.equals(None, "")


def same(left: Data, right: Data) -> bool:
    """Whether two data are equal; ``true`` is not ``1``, as it is in Python."""
    if isinstance(left, bool) is not isinstance(right, bool):
        return False
    return left == right


def as_text(value: Val) -> Val:
    """A string of it, as both languages convert numbers and bools; unknown where it has none."""
    data = value.data if isinstance(value, Value) else ""
    if isinstance(data, str | None):
        return value
    if isinstance(data, bool):
        return _replace(value, "true" if data else "false")
    if isinstance(data, int | Decimal):
        return _replace(value, number_text(data))
    return _mismatch(value, "a string")


def as_number(value: Val) -> Val:
    """A number of it, strings of digits included; unknown where it is none."""
    if not isinstance(value, Value) or value.number is not None or value.is_null:
        return value
    number = parse_number(value.text) if value.text is not None else None
    return _replace(value, number) if number is not None else _mismatch(value, "a number")


def as_boolean(value: Val) -> Val:
    """A bool of it, ``"true"`` and ``"false"`` included; unknown where it is none."""
    if not isinstance(value, Value) or value.boolean is not None or value.is_null:
        return value
    text = value.text.lower() if value.text is not None else ""
    if text in {"true", "1"}:
        return _replace(value, data=True)
    if text in {"false", "0"}:
        return _replace(value, data=False)
    return _mismatch(value, "true or false")


def parse_number(text: str) -> int | Decimal | None:
    """The number that ``text`` spells in decimal notation, exactly, or None."""
    digits = text[1:] if text[:1] in {"-", "+"} else text
    if digits.isascii() and digits.isdigit():
        return int(text) if len(text) < 4000 else None
    mantissa, _, exponent = digits.lower().partition("e")
    body = mantissa.replace(".", "", 1)
    plain = exponent.lstrip("+-") if exponent else "0"
    if not (body.isascii() and body.isdigit() and plain.isascii() and plain.isdigit()):
        return None
    if len(plain) > 5:
        return None
    number = Decimal(text)
    return (
        int(number) if number == number.to_integral_value() and number.adjusted() < 400 else number
    )


def number_text(number: int | Decimal) -> str:
    """How both languages write a number as a string: no exponent, no trailing zeros."""
    if isinstance(number, int):
        return str(number)
    text = format(number, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def walk(value: Val) -> Iterator[Val]:
    """The value and everything inside it, depth first."""
    stack = [value]
    while stack:
        current = stack.pop()
        yield current
        if isinstance(current, Value):
            if isinstance(current.data, tuple):
                stack.extend(reversed(current.data))
            elif isinstance(current.data, dict):
                stack.extend(reversed(current.data.values()))


def references_of(value: Val) -> tuple[Reference, ...]:
    """The resources that a value depends on, or was read from."""
    if isinstance(value, Unknown):
        return value.references
    return () if value.of is None else (value.of,)


def _replace(value: Val, data: Data) -> Value:
    return Value(
        data,
        value.span,
        value.via,
        implied=value.implied,
        of=value.of,
        decoded=value.decoded,
        marks=value.marks,
    )


def _mismatch(value: Val, wanted: str) -> Unknown:
    return Unknown(f"the value is not {wanted}", "error", value.span, value.via, marks=value.marks)
