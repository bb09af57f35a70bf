"""Baselines: what was found on a day, so that only what is new is dealt with.

A finding is known by the fingerprints of its subjects, never by lines or messages: a new host
behind an old rule is new, and so is a value that got worse. Where a unit has moved, what is found
of one resource in it is known if there is one such entry and one such finding alone.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Acceptance, Evidence, Finding, Severity, Status, Subject
from iac_ec2lint.engine.judgement import identity
from iac_ec2lint.engine.outcome.messages import said_of_all
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.source.suppression import day
from iac_ec2lint.values import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

VERSION = 1
_TEXTS = ("check", "unit", "resource", "fingerprint", "anywhere", "path", "message", "on")


_TOLD = 4
"""How many new ends of a path are named."""


class Entry(NamedTuple):
    """What was found of one resource.

    Attributes:
        check: The check's code.
        unit: The root module or template.
        resource: The address of the resource that is judged.
        fingerprint: See ``Subject``.
        anywhere: See ``Subject``.
        path: The file of the finding, for readers.
        message: What was found, for readers.
        severity: How bad it was.
        status: ``fail`` or ``undecided``.
        on: The day on which it came into the baseline (ISO 8601).
        reason: Why it is accepted; may be empty.
        until: The last day on which it is.
    """

    check: str
    unit: str
    resource: str
    fingerprint: str
    anywhere: str
    path: str
    message: str
    severity: Severity
    status: Status
    on: str
    reason: str = ""
    until: str | None = None

    def covers(self, finding: Finding, subject: Subject, today: date) -> bool:
        """Whether a finding is no worse of a subject than it was, and the entry has not ended."""
        last = day(self.until) if self.until else None
        if last is not None and last < today:
            return False
        worse = self.status is Status.UNDECIDED and finding.status is Status.FAIL
        return not worse and self.severity.at_least(subject.severity or finding.severity)


class Compared(NamedTuple):
    """Findings beside a baseline.

    Attributes:
        findings: All of them; what is known is suppressed.
        known: The entries that are still found.
        fixed: The entries that are not, of units and checks that were looked at.
        changed: Those of which the check finds something else of the resource, which is new.
    """

    findings: tuple[Finding, ...]
    known: tuple[Entry, ...]
    fixed: tuple[Entry, ...]
    changed: tuple[Entry, ...]


def entries(findings: Iterable[Finding], today: date) -> list[Entry]:
    """What fails or is undecided, an entry a subject, sorted; what is suppressed is left out."""
    found: dict[tuple[str, Status], Entry] = {}
    for finding in findings:
        if finding.status is Status.SUPPRESSED:
            continue
        for subject in finding.subjects:
            entry = Entry(
                finding.check.code,
                subject.unit,
                subject.address,
                subject.fingerprint,
                subject.anywhere,
                finding.span.path,
                subject.message or finding.message,
                subject.severity or finding.severity,
                finding.status,
                today.isoformat(),
            )
            old = found.get((subject.fingerprint, finding.status))
            if old is None or entry.severity.at_least(old.severity):
                found[subject.fingerprint, finding.status] = entry
    return sorted(found.values())


def compare(
    findings: Sequence[Finding],
    baseline: Sequence[Entry],
    today: date,
    *,
    name: str,
    units: frozenset[str],
    ran: frozenset[str],
) -> Compared:
    """Findings without what a baseline knows.

    Args:
        findings: All that was found.
        baseline: Its entries.
        today: The day on which entries end or hold.
        name: The baseline's file, as messages name it.
        units: The units that were looked at completely.
        ran: The codes of the checks that ran.
    """
    by_print: dict[str, list[Entry]] = defaultdict(list)
    for entry in baseline:
        by_print[entry.fingerprint].append(entry)
    present = {s.fingerprint for finding in findings for s in finding.subjects}
    moved = _moved(findings, [e for e in baseline if e.fingerprint not in present], by_print)
    source = SourceText(name, "")
    used: dict[Entry, None] = {}
    result = []
    for finding in findings:
        if finding.status is Status.SUPPRESSED:
            result.append(finding)
            continue
        new = []
        accepting: list[Entry] = []
        for subject in finding.subjects:
            found = [*by_print.get(subject.fingerprint, ()), *moved.get(subject.fingerprint, ())]
            fitting = [entry for entry in found if entry.covers(finding, subject, today)]
            used.update(dict.fromkeys(fitting))
            accepting += fitting[:1]
            if not fitting:
                new.append(subject)
        if not new:
            first = min(accepting, key=lambda entry: entry.on)
            words = f"in the baseline since {first.on}"
            reason = f"{words}: {first.reason}" if first.reason else words
            accepted = Acceptance(reason, first.until, source.span(0, 0))
            result.append(finding._replace(status=Status.SUPPRESSED, suppression=accepted))
        elif len(new) < len(finding.subjects):
            result.append(_of(finding, tuple(new)))
        else:
            result.append(finding)
    fixed = [e for e in baseline if e not in used and e.unit in units and e.check in ran]
    gone = [e for e in fixed if e.fingerprint not in present]
    new_of = {
        (finding.check.code, subject.unit, subject.address)
        for finding in result
        if finding.status is not Status.SUPPRESSED
        for subject in finding.subjects
    }
    changed = tuple(e for e in gone if (e.check, e.unit, e.resource) in new_of)
    return Compared(tuple(result), tuple(used), tuple(e for e in gone if e not in changed), changed)


def _of(finding: Finding, subjects: tuple[Subject, ...]) -> Finding:
    """A finding, of some of its subjects: as bad as it is of these, and what is said of them."""
    severities = [one.severity or finding.severity for one in subjects]
    said = [(one.message, one.address) for one in subjects]
    return finding._replace(
        severity=min(severities, key=lambda severity: severity.rank),
        message=said_of_all(said) if all(message for message, _ in said) else finding.message,
        subjects=subjects,
        fingerprint=identity(subjects),
        evidence=(*finding.evidence, *_told(finding, subjects)),
    )


def _told(finding: Finding, new: Iterable[Subject]) -> Iterator[Evidence]:
    """Which ends of a path are new, where others of the same are accepted."""
    ends = [subject.end for subject in new if subject.end]
    if ends:
        words = f"new since the baseline: {listed(ends, _TOLD)}"
        yield Evidence(finding.span, words, finding.resource)


def _moved(
    findings: Iterable[Finding], rest: Iterable[Entry], known: Mapping[str, list[Entry]]
) -> dict[str, list[Entry]]:
    """Entries by the fingerprint of what is the same in another unit, where that is one alone."""
    entries_by: dict[str, list[Entry]] = defaultdict(list)
    for entry in rest:
        entries_by[entry.anywhere].append(entry)
    prints: dict[str, set[str]] = defaultdict(set)
    for finding in findings:
        for subject in finding.subjects:
            if subject.fingerprint not in known:
                prints[subject.anywhere].add(subject.fingerprint)
    return {
        fingerprint: entries_by[anywhere]
        for anywhere, found in prints.items()
        if len(found) == 1 and len(entries_by.get(anywhere, ())) == 1
        for fingerprint in found
    }


def written(baseline: Iterable[Entry]) -> str:
    """A baseline as JSON, an entry a line, so that a review shows what came and went."""
    rows = [
        json.dumps(
            {**entry._asdict(), "severity": str(entry.severity), "status": str(entry.status)}
        )
        for entry in sorted(baseline)
    ]
    body = ",\n".join(f"  {row}" for row in rows)
    return f'{{\n "version": {VERSION},\n "entries": [\n{body}\n ]\n}}\n'


def read(text: str) -> list[Entry]:
    """The entries of a baseline.

    Raises:
        ValueError: The text is none; the message says why, and where.
    """
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ValueError(f"line {error.lineno}, column {error.colno}: {error.msg}") from None
    except RecursionError:
        raise ValueError("it is nested too deeply") from None
    if not isinstance(data, dict) or data.get("version") != VERSION:
        raise ValueError(f"it is no baseline of version {VERSION}")
    rows = data.get("entries")
    if not isinstance(rows, list):
        raise ValueError("entries must be a list")  # noqa: TRY004 - what users get wrong is one error
    return [_entry(row, at) for at, row in enumerate(rows)]


def _entry(row: Any, at: int) -> Entry:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in _TEXTS):
        raise ValueError(f"entry {at + 1} lacks one of {', '.join(_TEXTS)}")
    reason, until = row.get("reason", ""), row.get("until")
    if not isinstance(reason, str) or not (until is None or day(str(until))):
        raise ValueError(f"entry {at + 1}: reason must be a text, and until a day")
    try:
        severity, status = Severity(row.get("severity", "")), Status(row.get("status", ""))
    except ValueError:
        raise ValueError(f"entry {at + 1} has no severity or no status that there is") from None
    texts = {key: row[key] for key in _TEXTS}
    return Entry(**texts, severity=severity, status=status, reason=reason, until=until)
