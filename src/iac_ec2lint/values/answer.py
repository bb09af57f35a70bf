"""Three-valued answers, and the unknowns and defaults that they rest on."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from iac_ec2lint.values.guard import UNGUARDED, Guard

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values.value import Unknown


class Step(NamedTuple):
    """A place through which a value is passed, from where it is written to where it is used."""

    span: Span
    words: str
    """What the place is: ``default of variable "cidr"``, ``argument "cidr" of module.web``."""
    assumed: bool = False
    """Whether another deployment may use another value: it is the default of an input."""
    guard: Guard = UNGUARDED
    """What holds where a value is passed through it: it is one arm of a choice."""
    when: str = ""
    """The condition under which a value is passed through it, in words; empty of no choice."""
    contents: bool = False
    """Whether it is the step from a file to what a function read in it."""
    input: str = ""
    """The variable or parameter whose default it is."""


_LONGEST = 200
_ENDS = 50


def joined(via: tuple[Step, ...], steps: tuple[Step, ...]) -> tuple[Step, ...]:
    """The steps of a way that goes on.

    In the middle of a very long one only those are kept on which something rests: each value has
    its own copy, which 50,000 names that stand for one another would make gigabytes.
    """
    made = via + steps
    if len(made) <= _LONGEST:
        return made
    kept = (s for s in made[_ENDS:-_ENDS] if s.assumed or s.guard or s.when or s.contents)
    return (*made[:_ENDS], *kept, *made[-_ENDS:])


class Undecidable:
    """What ``Value``, ``Unknown`` and ``Answer`` share: they refuse to be true or false."""

    __slots__ = ()

    def __bool__(self) -> NoReturn:
        raise TypeError(f"{type(self).__name__} has no truth value; ask it a question")


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


class Confidence(StrEnum):
    """How well an answer is founded, the firmest first (semantics.md, C4)."""

    PROVEN = "proven"
    CONDITIONAL = "conditional"
    ASSUMED = "assumed"
    LIKELY = "likely"
    POSSIBLE = "possible"


YES = Answer(True)
NO = Answer(False)


def any_of(answers: Iterable[Answer]) -> Answer:
    """Whether one of ``answers`` is true; false where there is none."""
    return _over(answers, decisive=True)


def all_of(answers: Iterable[Answer]) -> Answer:
    """Whether all ``answers`` are true; true where there is none."""
    return _over(answers, decisive=False)


def _over(answers: Iterable[Answer], *, decisive: bool) -> Answer:
    """What answers come to together; the first that decides it is the answer, and ends it."""
    causes: dict[Unknown, None] = {}
    assumptions: dict[Step, None] = {}
    undecided = False
    for answer in answers:
        if answer.truth is decisive:
            return answer
        undecided = undecided or answer.truth is None
        if answer.causes:
            causes.update(dict.fromkeys(answer.causes))
        if answer.assumptions:
            assumptions.update(dict.fromkeys(answer.assumptions))
    if undecided:
        return Answer(None, tuple(causes), tuple(assumptions))
    return Answer(not decisive, (), tuple(assumptions))
