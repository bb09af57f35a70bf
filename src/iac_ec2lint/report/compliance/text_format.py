"""For people: the controls that fail first, with their places; then the others."""

from __future__ import annotations

from textwrap import wrap
from typing import TYPE_CHECKING

from iac_ec2lint.engine.compliance import Standing, judge
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import weight
from iac_ec2lint.report.compliance import NOTE, lacking
from iac_ec2lint.report.escape import place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.compliance import Judged
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.engine.report import Report

ENDINGS = (".txt",)
_WIDTH = 100
_PLACES = 3
_LISTED = (Standing.FAILED, Standing.UNDECIDED)


def render(report: Report) -> str:
    """The frameworks one after the other, and what a reader must know of them all."""
    lines: list[str] = []
    for one in report.frameworks:
        lines += [*_framework(one, report), ""]
    for sentence in filter(None, (lacking(report), NOTE)):
        lines += wrap(sentence, _WIDTH)
    return "".join(f"{line}\n" for line in lines)


def _framework(of: Framework, report: Report) -> Iterator[str]:
    judged = judge(of, report)
    yield f"{of.title}, controls of {of.on}"
    for standing in Standing:
        those = [one for one in judged if one.standing is standing]
        if not those:
            continue
        yield ""
        yield f"{standing} ({len(those)})"
        if standing in _LISTED:
            for one in those:
                yield from _listed(one)
        elif standing is Standing.PASSED:
            for one in those:
                yield f"  {_titled(one)}  ({', '.join(one.control.checks)}{_accepted(one)})"
        else:
            yield from _ids("", those)
            left_out = [one for one in those if one.control.checks]
            if standing is Standing.NOT_JUDGED and left_out:
                yield from _ids("of these, whose checks are left out: ", left_out)


def _ids(words: str, those: list[Judged]) -> list[str]:
    ids = words + ", ".join(one.control.id for one in those)
    return wrap(ids, _WIDTH, initial_indent="  ", subsequent_indent="  ")


def _titled(one: Judged) -> str:
    return f"{one.control.id}  {one.control.title}"


def _accepted(one: Judged) -> str:
    return f"; {one.accepted} accepted" if one.accepted else ""


def _listed(one: Judged) -> Iterator[str]:
    """The control, and a line for each check: its first places, the failing ones first."""
    yield f"  {_titled(one)}"
    by_check: dict[str, list[Finding]] = {}
    for finding in sorted(one.findings, key=weight):
        by_check.setdefault(finding.check.code, []).append(finding)
    for findings in by_check.values():
        places = dict.fromkeys(place(f.span.path, f.span.line) for f in findings)
        shown = [*places][:_PLACES]
        if len(places) > _PLACES:
            shown.append(f"and {len(places) - _PLACES} more")
        worst, check = findings[0], findings[0].check
        kind = worst.severity if worst.status is Status.FAIL else worst.status
        yield f"    {kind:9} {check.code:8} {check.name}: {', '.join(shown)}"
    if one.accepted:
        yield f"    {one.accepted} accepted"
