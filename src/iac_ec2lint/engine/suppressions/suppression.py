"""Accepting findings where a comment or metadata says so, and what is wrong with suppressions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date

from iac_ec2lint.engine.finding import Acceptance, Evidence, Finding, Note, Status
from iac_ec2lint.engine.suppressions.acceptance import is_for
from iac_ec2lint.source.peer_suppressions import normal
from iac_ec2lint.source.span import Span
from iac_ec2lint.source.suppression import Suppression

_NO_REASON = "it gives no reason, which the configuration requires"
"""What is wrong with a suppression that says not why."""

SUPPRESSION_NOTE = "suppression"
"""The name of notes about suppressions."""


@dataclass(slots=True)
class SuppressionUse:
    """A suppression, and what it did.

    Attributes:
        suppression: The suppression.
        ended: Whether its last day is over.
        used: The codes of the checks of which it suppresses something.
        certain: Whether all that it may suppress was looked at.
    """

    suppression: Suppression
    ended: bool
    used: set[str] = field(default_factory=set)
    certain: bool = True

    def add(self, other: SuppressionUse) -> None:
        """Add what the same suppression did elsewhere."""
        self.used |= other.used
        self.certain = self.certain and other.certain


class Suppressions:
    """The suppressions of one unit.

    Args:
        declared: As the front end read them.
        today: The day on which ``until`` is judged.
        enabled: Whether they suppress anything.
        firm: The codes of checks that nothing suppresses.
        reasons: Whether one without a reason suppresses nothing; ``None`` where it does, and is
            noted.
    """

    def __init__(
        self,
        declared: Iterable[Suppression],
        today: date,
        *,
        enabled: bool,
        firm: frozenset[str] = frozenset(),
        reasons: bool | None = None,
    ) -> None:
        self._noted = reasons is None
        self._enabled = enabled
        self._firm = firm
        self._by_address: list[SuppressionUse] = []
        self._by_path: dict[str, list[SuppressionUse]] = defaultdict(list)
        for suppression in declared:
            lacking = reasons and not (suppression.reason or suppression.flaw)
            judged = replace(suppression, flaw=_NO_REASON) if lacking else suppression
            last = suppression.last_day
            use = SuppressionUse(judged, ended=last is not None and last < today)
            if suppression.addresses:
                self._by_address.append(use)
            else:
                self._by_path[suppression.covers.path].append(use)

    def apply(self, finding: Finding, places: Iterable[Span]) -> Finding:
        """The finding, suppressed if one of its places lies in what a suppression covers.

        One that has ended is named in the evidence of what it no longer hides.

        Args:
            finding: A failing or undecided finding.
            places: Its primary span, the headers of the resources that it judges, and the module
                calls that lead there.
        """
        if not (self._by_path or self._by_address) or finding.check.code in self._firm:
            return finding
        check = finding.check
        names = {"": {check.code.lower(), check.name}}
        for peer, theirs in check.peers.items():
            names[peer] = {normal(peer, name) for name in theirs}
        ended: dict[Evidence, None] = {}
        for use in self._about(finding, places):
            one = use.suppression
            if names.get(one.peer, set()).isdisjoint(code.lower() for code in one.codes):
                continue
            if use.ended:
                words = f"what suppressed it has ended on {one.until}"
                ended[Evidence(one.at, words)] = None
                continue
            use.used.add(finding.check.code)
            if self._enabled:
                accepted = Acceptance(_reason(one), one.until, one.at)
                return finding._replace(status=Status.SUPPRESSED, suppression=accepted)
        if ended:
            return finding._replace(evidence=(*finding.evidence, *ended))
        return finding

    def _about(self, finding: Finding, places: Iterable[Span]) -> Iterator[SuppressionUse]:
        """Those that cover a place of a finding, or name what it judges, whatever its check."""
        for place in places:
            for use in self._by_path.get(place.path, ()):
                if not use.suppression.flaw and use.suppression.covers.contains(place):
                    yield use
        for use in self._by_address:
            if not use.suppression.flaw and is_for(use.suppression, finding):
                yield use

    def uses(self) -> list[SuppressionUse]:
        """What each of them did so far."""
        return [*(use for uses in self._by_path.values() for use in uses), *self._by_address]

    def notes(self) -> Iterable[Note]:
        """The suppressions that give no reason."""
        for use in self.uses() if self._noted else ():
            one = use.suppression
            if not (one.reason or one.flaw or one.peer):
                yield Note(SUPPRESSION_NOTE, "", one.at, "it gives no reason")


def _reason(one: Suppression) -> str:
    """Why a suppression says that it is there, and for which program, if that is another."""
    if not one.peer:
        return one.reason
    mark = f"for {one.peer}: {', '.join(one.codes).upper()}"
    return f"{one.reason} ({mark})" if one.reason else mark
