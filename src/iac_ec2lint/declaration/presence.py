"""Whether something declared is certain to exist."""

from __future__ import annotations

from iac_ec2lint.values import (
    UNGUARDED,
    Answer,
    Guard,
    Step,
    Unknown,
    Val,
    exclude,
    guard_of,
    join_conditions,
    when_of,
)


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
