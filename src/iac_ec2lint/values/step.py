"""The way of a value, from where it is written to where it is used."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.values.guard import UNGUARDED, Guard

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


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
