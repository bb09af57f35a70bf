"""What one unit of a scan came to, and how what it comes to otherwise is added to it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.other_inputs.joined import View, resting_on, settled, views
from iac_ec2lint.engine.other_inputs.other_branches import added
from iac_ec2lint.source.budget import NOTHING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.answers.units import Condition, UnitGraph
    from iac_ec2lint.declaration import SwitchedOff
    from iac_ec2lint.engine.external_modules import Supplied
    from iac_ec2lint.engine.outcome.examining import Outcome
    from iac_ec2lint.engine.suppressions.suppression import SuppressionUse
    from iac_ec2lint.source.budget import Share
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.observed import Question
    from iac_ec2lint.values import Join


@dataclass(slots=True)
class UnitResult:
    """What one unit came to, fit to be sent from a worker."""

    outcome: Outcome
    resources: int
    files: dict[str, bool]
    modules_unavailable: dict[str, Diagnostic]
    sources: tuple[str, ...] = ()
    switched_off: tuple[SwitchedOff, ...] = ()
    elsewhere: list[Finding] = field(default_factory=list)
    called: set[str] = field(default_factory=set)
    unjudged: Counter[tuple[str, str]] = field(default_factory=Counter)
    taken: Share = NOTHING
    bounded: bool = False
    uses: list[SuppressionUse] = field(default_factory=list)
    applicable: set[str] = field(default_factory=set)
    nested: list[View] = field(default_factory=list)
    stated: set[tuple[str, int, int]] = field(default_factory=set)
    supplies: set[Supplied] = field(default_factory=set)
    adds: set[str] = field(default_factory=set)
    observed: dict[Question, bytes] = field(default_factory=dict)

    def add(self, other: UnitResult, condition: Condition | None) -> None:
        """Add what the same unit comes to where its inputs have other values than their defaults.

        Args:
            other: That.
            condition: What an input has, where one has a certain value and the others are as here.

        What cannot be evaluated then is no error of what is deployed, and is undecided.
        """
        outcome, more = self.outcome, other.outcome
        found = [*outcome.findings, *self.elsewhere]
        words, span = condition if condition is not None else ("", None)
        outcome.findings.extend(added(found, more.findings, words, span))
        self.elsewhere.extend(added(found, other.elsewhere, words, span))
        self.called |= other.called
        self.take_note(other)

    def take_note(self, other: UnitResult) -> None:
        """What was met of the same unit with other values, but for what is found in it."""
        self.outcome.unknowns |= other.outcome.unknowns
        self.outcome.diagnostics.extend(other.outcome.diagnostics)
        self.uses.extend(other.uses)
        self.applicable |= other.applicable
        self.stated |= other.stated
        self.modules_unavailable = {**other.modules_unavailable, **self.modules_unavailable}

    def join(self, other: UnitResult, joins: Sequence[Join], *, whole: bool) -> None:
        """Add what the same unit comes to with what other units say of its values.

        Args:
            other: That.
            joins: What they say.
            whole: Whether all of it could be evaluated with them.
        """
        outcome, more = self.outcome, other.outcome
        # What could not be evaluated leaves open what is known without it.
        found = [one for one in more.findings if whole or one.status is Status.FAIL]
        supplied = {(code, address) for code, _, address, _ in other.supplies}
        outcome.findings = settled(outcome.findings, found, joins, supplied, whole=whole)
        outcome.diagnostics.extend(more.diagnostics)
        self.nested = views(found, joins, supplied, whole=whole)
        self.elsewhere.extend(resting_on(finding, joins) for finding in other.elsewhere)
        self.add_supplied(other, whole=whole)
        self.uses.extend(other.uses)

    def add_supplied(self, other: UnitResult, *, whole: bool) -> None:
        """What the same unit adds to others, evaluated otherwise; ``whole``: see ``join``."""
        self.adds |= other.adds
        if whole:
            self.supplies |= other.supplies


def add_inner(outcome: Outcome, inner: UnitGraph, found: Outcome) -> None:
    """Add what a stack came to that another unit makes of a text; that cannot be edited there."""
    found.diagnostics.extend(inner.unit.diagnostics)
    found = inner.redactor().redact(found)
    outcome.findings.extend(finding._replace(fix=None) for finding in found.findings)
    outcome.notes.extend(found.notes)
    outcome.diagnostics.extend(found.diagnostics)
    outcome.unknowns |= found.unknowns
