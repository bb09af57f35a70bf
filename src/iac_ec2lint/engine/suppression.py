"""Accepting findings where a comment or metadata says so, and telling of those that do nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from iac_ec2lint.engine.finding import Acceptance, CheckInfo, Finding, Note, Status
from iac_ec2lint.source.span import Span
from iac_ec2lint.source.suppression import Suppression

SUPPRESSION_NOTE = "suppression"
"""The name of notes about suppressions."""


class Suppressions:
    """The suppressions of one unit.

    Args:
        declared: As the front end read them.
        today: The day on which ``until`` is judged.
    """

    def __init__(self, declared: Iterable[Suppression], today: date) -> None:
        self._today = today
        self._by_path: dict[str, list[Suppression]] = defaultdict(list)
        self._used: set[int] = set()
        for suppression in declared:
            self._by_path[suppression.covers.path].append(suppression)

    def apply(self, finding: Finding, places: Iterable[Span]) -> Finding:
        """The finding, suppressed if one of its places lies in what a suppression covers.

        Args:
            finding: A failing or undecided finding.
            places: Its primary span, the headers of the resources that it judges, and the module
                calls that lead there.
        """
        if not self._by_path:
            return finding
        for place in places:
            for suppression in self._by_path.get(place.path, ()):
                if suppression.covers.contains(place) and self._accepts(suppression, finding):
                    self._used.add(id(suppression))
                    accepted = Acceptance(suppression.reason, suppression.until, suppression.at)
                    return replace(finding, status=Status.SUPPRESSED, suppression=accepted)
        return finding

    def notes(self, checks: Iterable[CheckInfo]) -> Iterable[Note]:
        """What is wrong with suppressions: unknown checks, no reason, expired, unused."""
        known = {word.lower() for check in checks for word in (check.code, check.name)}
        for suppressions in self._by_path.values():
            for suppression in suppressions:
                for words in self._flaws(suppression, known):
                    yield Note(SUPPRESSION_NOTE, "", suppression.at, words)

    def _accepts(self, suppression: Suppression, finding: Finding) -> bool:
        words = {word.lower() for word in suppression.codes}
        if not words & {finding.check.code.lower(), finding.check.name}:
            return False
        return suppression.until is None or self._holds(suppression)

    def _holds(self, suppression: Suppression) -> bool:
        last = suppression.last_day
        return last is not None and last >= self._today

    def _flaws(self, suppression: Suppression, known: set[str]) -> Iterable[str]:
        unknown = [code for code in suppression.codes if code.lower() not in known]
        if unknown:
            yield f"no check that runs is called {', '.join(unknown)}"
        if suppression.until is not None and not self._holds(suppression):
            if suppression.last_day is None:
                yield f'"until={suppression.until}" is not a date such as 2026-12-31'
            else:
                yield f"it ended on {suppression.until}"
        elif not unknown and id(suppression) not in self._used:
            yield "it suppresses nothing"
        if not suppression.reason:
            yield "it gives no reason"
