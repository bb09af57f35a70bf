"""For pages and tickets: a table of all controls, in the framework's order."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iac_ec2lint.engine.compliance import Standing, judge
from iac_ec2lint.report.compliance import NOTE, lacking
from iac_ec2lint.report.escape import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.compliance import Judged
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.engine.report import Report

ENDINGS = (".md", ".markdown")
_PLACES = 5


def render(report: Report) -> str:
    """A section a framework."""
    lines = [line for one in report.frameworks for line in _framework(one, report)]
    lines += [sentence for sentence in (lacking(report), NOTE) if sentence]
    return "".join(f"{line}\n" for line in lines)


def _framework(of: Framework, report: Report) -> Iterator[str]:
    judged = judge(of, report)
    counts = Counter(one.standing for one in judged)
    yield f"# {of.title}"
    yield ""
    yield f"Controls of {of.on}, from {of.source}."
    yield ""
    yield ", ".join(f"{counts[standing]} {standing}" for standing in Standing) + "."
    yield ""
    yield "| Control | Asks for | Standing | Checks | Found |"
    yield "| --- | --- | --- | --- | --- |"
    for one in judged:
        cells = (
            one.control.id,
            one.control.title,
            f"**{one.standing}**" if one.standing is Standing.FAILED else str(one.standing),
            ", ".join(one.control.checks),
            _found(one),
        )
        yield f"| {' | '.join(cells)} |"
    yield ""


def _found(one: Judged) -> str:
    parts = [
        f"{finding.check.code} {markdown(finding.subject)}"
        f" ({markdown(f'{finding.span.path}:{finding.span.line}')})"
        for finding in one.findings[:_PLACES]
    ]
    if len(one.findings) > _PLACES:
        parts.append(f"{len(one.findings) - _PLACES} more")
    if one.accepted:
        parts.append(f"{one.accepted} accepted")
    return "<br>".join(parts)
