"""The Markdown that GitHub shows on a workflow run's page."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import arrange, weight
from iac_ec2lint.report.escape import attribute, code_span, markdown
from iac_ec2lint.report.placing import from_root
from iac_ec2lint.report.tally import tally, verdict
from iac_ec2lint.values import Confidence, shortened

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

ROOM = 1_000_000
"""Bytes that a summary takes at most. GitHub refuses what makes a step's more than 1 MiB."""

_CUT_NOTE = 200
_HOPS = 50
_ERRORS = 100


def step_summary(
    report: Report,
    *,
    show_undecided: bool = False,
    prefix: str = "",
    tree: str = "",
    room: int = ROOM,
) -> str:
    """The report in Markdown, to be appended to the file that ``GITHUB_STEP_SUMMARY`` names.

    Args:
        report: The report.
        show_undecided: Whether undecided findings are listed.
        prefix: The working directory as seen from the repository's root, with ``/`` at its end.
        tree: The address of the commit's files, of ``tree_url``; empty for places without links.
        room: How many bytes it may take: ``ROOM`` less what stands in the file already.

    Returns:
        The Markdown; it ends with how many findings are left out where they do not fit.
    """
    link = Linker(tree, prefix)
    shown = arrange(report, show_undecided=show_undecided)
    shown.sort(key=lambda each: weight(each.finding))
    failing = [each.finding for each in shown if each.finding.status is Status.FAIL]
    head = ["### iac-ec2lint", "", markdown(verdict(report, failing)), ""]
    end = [*unread(report, link), *looked_at(report, show_undecided=show_undecided)]
    table = ["| Severity | Check | Place | Finding |", "| --- | --- | --- | --- |"] if shown else []
    left = room - _CUT_NOTE - sum(_size(line) for line in (*head, *table, *end))
    rows: list[str] = []
    for each in shown:
        row = _row(each, link)
        left -= _size(row)
        if left < 0:
            break
        rows.append(row)
    missing = len(shown) - len(rows)
    if missing:
        end = ["", f"{missing:,} more findings are left out: a summary has 1 MiB.", *end]
    text = "\n".join((*head, *table, *rows, *end, ""))
    return text if len(text.encode()) <= room else ""


class Linker:
    """Places as links to the repository's files.

    Args:
        tree: See ``step_summary``.
        prefix: See ``step_summary``.
    """

    def __init__(self, tree: str, prefix: str) -> None:
        self._tree = tree
        self._prefix = prefix

    def __call__(self, path: str, line: int, last: int = 0) -> str:
        """``path:line`` as a link where there is an address and the file is in the repository."""
        words = markdown(f"{path}:{line}" if line else path)
        place = from_root(path, self._prefix)
        if not self._tree or posixpath.isabs(path) or place.startswith(".."):
            return f"<code>{words}</code>"
        lines = (f"#L{line}" if line else "") + (f"-L{last}" if line and last > line else "")
        address = attribute(f"{self._tree}/{quote(place, errors='replace')}{lines}")
        return f'<a href="{address}"><code>{words}</code></a>'

    def span(self, span: Span) -> str:
        """The same for a span."""
        return self(span.path, span.line, span.end_line)


def _size(line: str) -> int:
    return len(line.encode()) + 1


def _row(shown: Shown, link: Linker) -> str:
    finding = shown.finding
    undecided = finding.status is Status.UNDECIDED
    what = markdown(finding.message)
    if finding.resource:
        what += f"<br><code>{markdown(finding.resource)}</code>"
    cells = (
        "undecided" if undecided else str(finding.severity),
        check_link(finding),
        link.span(finding.span),
        f"{what}{_more(shown, link)}",
    )
    return f"| {' | '.join(cells)} |"


def check_link(finding: Finding) -> str:
    """The check's code and name, as a link where it has a page."""
    check = finding.check
    words = f"{markdown(check.code)} {markdown(check.name)}"
    if not check.url.startswith(("https://", "http://")):
        return words
    return f'<a href="{attribute(check.url)}">{words}</a>'


def _more(shown: Shown, link: Linker) -> str:
    lines = reasons(shown, link)
    if not lines:
        return ""
    return f"<details><summary>evidence</summary>{'<br>'.join(lines)}</details>"


def reasons(shown: Shown, link: Linker) -> list[str]:
    """What proves a finding, its parts, what it hangs on and what is missing, a line each."""
    finding = shown.finding
    lines = [
        f"{number}. {link.span(hop.span)} {markdown(hop.message)}"
        for number, hop in enumerate(finding.evidence[:_HOPS], 1)
    ]
    if len(finding.evidence) > _HOPS:
        lines.append(f"and {len(finding.evidence) - _HOPS} more")
    lines += [
        f"includes {check_link(part)} at {link.span(part.span)}: {markdown(part.message)}"
        for part in shown.parts[:_HOPS]
    ]
    if finding.when is not None:
        lines.append(f"when {markdown(shortened(finding.when))}")
    if finding.status is Status.FAIL and finding.confidence is not Confidence.PROVEN:
        lines.append(f"confidence: {finding.confidence}")
    lines += [f"missing: {markdown(reason)}" for reason in finding.missing]
    if finding.inputs:
        lines.append(f"inputs: {', '.join(code_span(one.key) for one in finding.inputs)}")
    return lines


def unread(report: Report, link: Linker) -> Iterator[str]:
    """The errors, as a list below a line of its own; nothing where there are none."""
    if report.errors:
        yield from ("", "The scan is incomplete:", "")
        yield from (_error(error, link) for error in report.errors[:_ERRORS])
        if len(report.errors) > _ERRORS:
            yield f"- and {len(report.errors) - _ERRORS:,} more"


def looked_at(report: Report, *, show_undecided: bool) -> Iterator[str]:
    """What was looked at, as a table; nothing where the verdict says it all."""
    # Notes are never listed here, so that nothing is said of how to list them.
    rows = list(tally(report, show_undecided=show_undecided, show_notes=True))
    if rows:
        yield from ("", "| Looked at | |", "| --- | --- |")
    for label, lines in rows:
        yield f"| {label} | {'<br>'.join(markdown(line) for line in lines)} |"


def _error(error: Diagnostic, link: Linker) -> str:
    where = link(error.path, max(error.line, 0)) if error.path else "error"
    return f"- {where}: {markdown(error.message)}"
