"""What several answers come to together, and how well that is founded."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from iac_ec2lint.values.step import Step
from iac_ec2lint.values.value import Answer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.values.value import Unknown


class Confidence(StrEnum):
    """How well an answer is founded, the firmest first (semantics.md, C4)."""

    PROVEN = "proven"
    CONDITIONAL = "conditional"
    ASSUMED = "assumed"
    LIKELY = "likely"
    POSSIBLE = "possible"


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
