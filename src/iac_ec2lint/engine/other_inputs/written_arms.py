"""What is undecided because an input without a value chooses among arms that somebody wrote.

Where an arm of ``?:`` or ``Fn::If`` breaks a check, that is a failure under a condition, and where
none does, it is a pass (semantics.md, A4). So the unit is judged once more with each arm taken for
the one that is chosen. What is only allowed, by AllowedValues or a validation, chooses nothing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.engine.other_inputs.other_branches import under
from iac_ec2lint.engine.outcome.choices import Choice, Judged, judged
from iac_ec2lint.values import (
    UNGUARDED,
    Guard,
    exclude,
)

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.outcome.examining import Outcome

ARMS = 16
"""Arms of one unit that are taken for the chosen one; what is beyond them stays undecided."""

Ask = Callable[[Guard, frozenset[str]], "Outcome | None"]
"""Judges the unit where some facts are taken to hold, with the checks of some codes.

``None`` where not all of it could be evaluated: what is not found there may be there.
"""


def take_each_arm(outcome: Outcome, ask: Ask) -> None:
    """Put in place of what is undecided by choices what each of their arms comes to.

    Args:
        outcome: What the checks came to over the unit; it has no ``choices`` any more.
        ask: Judges the unit with an arm taken for the chosen one.
    """
    _Arms(ask).take(outcome, UNGUARDED)


class _Arms:
    """Takes arms of one unit, as many as there may be."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask
        self._left = ARMS

    def take(self, outcome: Outcome, taken: Guard) -> None:
        """See ``take_each_arm``; ``taken``: what is taken to hold already."""
        hanging: dict[frozenset[Guard], dict[Judged, Choice]] = {}
        for key, choices in outcome.choices.items():
            left = filter(None, (possible(choice, taken) for choice in choices))
            choice = next(left, None)
            if choice is not None:
                hanging.setdefault(frozenset(arm.guard for arm in choice), {})[key] = choice
        known = outcome.choices.keys()
        before = {judged(finding) for finding in outcome.findings}
        outcome.choices = {}
        for keys in hanging.values():
            guards = [arm.guard for arm in next(iter(keys.values()))]
            if len(guards) > self._left:
                continue
            self._left -= len(guards)
            codes = frozenset(code for code, *_ in keys)
            others: dict[Guard, Outcome] = {}
            for guard in guards:
                other = self._ask(taken | guard, codes)
                if other is None:
                    self._left = 0
                    return
                others[guard] = other
                # What does not hang on this choice has a turn of its own.
                rest = other.choices.items()
                other.choices = {key: c for key, c in rest if key in keys or key not in known}
                self.take(other, taken | guard)
            crashed = [problem for other in others.values() for problem in other.diagnostics]
            if crashed:
                outcome.diagnostics.extend(crashed)
            else:
                found = dict(_deployable(others))
                outcome.findings = list(_replaced(outcome.findings, keys, found, before))


def possible(choice: Choice, taken: Guard) -> Choice:
    """The arms that may be chosen where something is taken to hold; none where that says which."""
    left = tuple(arm for arm in choice if not exclude(arm.guard, taken))
    return left if len(left) > 1 else ()


def _deployable(others: Mapping[Guard, Outcome]) -> Iterator[tuple[Guard, list[Finding]]]:
    """What is found in each arm, without what errors alone leave undecided in that arm alone.

    An arm that would be an error is not the one that is deployed.
    """
    each = {
        guard: frozenset(key for key, alone in other.erroneous.items() if alone)
        for guard, other in others.items()
    }
    always = frozenset.intersection(*each.values())
    for guard, other in others.items():
        refused = each[guard] - always
        yield guard, [f for f in other.findings if not (_is_undecided(f) and judged(f) in refused)]


def _replaced(
    findings: list[Finding],
    keys: Mapping[Judged, Choice],
    others: Mapping[Guard, list[Finding]],
    before: set[Judged],
) -> Iterator[Finding]:
    """Findings, with what each arm comes to in place of what is undecided.

    Args:
        findings: Where nothing is known of the choice.
        keys: What is judged there and hangs on it, with the arms as they are written for that.
        others: What is found where each of the arms is chosen, by what holds there.
        before: What was found of before any choice: the others have a turn of their own.
    """
    open_in = [{judged(f) for f in found if _is_undecided(f)} for found in others.values()]
    failing = {judged(f) for found in others.values() for f in found if not _is_undecided(f)}
    still = {key for key in keys if any(key in some for some in open_in) and key not in failing}
    settled = keys.keys() - still
    known: dict[Judged, list[Finding]] = defaultdict(list)
    for finding in findings:
        known[judged(finding)].append(finding)
        if not (_is_undecided(finding) and judged(finding) in settled):
            yield finding
    first = next(iter(keys.values()))
    told: list[Finding] = []
    for guard, found in others.items():
        for finding in found:
            key = judged(finding)
            if _is_undecided(finding):
                if key not in settled and key in before:
                    continue
            elif any(
                _fails_as_badly(one, finding)
                and (key not in keys or one.span.key == finding.span.key)
                for one in known[key]
            ):
                continue
            elif all(any(_is_same(finding, one) for one in some) for some in others.values()):
                if not any(_is_same(finding, one) for one in told):
                    told.append(finding)
                    yield finding
                continue
            arm = next(arm for arm in keys.get(key, first) if arm.guard == guard)
            yield under(finding, arm.when, arm.span)


def _is_undecided(finding: Finding) -> bool:
    """Whether it is, or would be if it were not suppressed."""
    if finding.status is Status.SUPPRESSED:
        return bool(finding.missing)
    return finding.status is Status.UNDECIDED


def _fails_as_badly(finding: Finding, other: Finding) -> bool:
    return not _is_undecided(finding) and finding.severity.at_least(other.severity)


def _is_same(finding: Finding, other: Finding) -> bool:
    """Whether two findings say one thing, whatever their evidence."""
    return judged(finding) == judged(other) and finding._replace(
        evidence=(), fingerprint="", subjects=()
    ) == other._replace(evidence=(), fingerprint="", subjects=())
