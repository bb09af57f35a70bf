"""The Markdown that GitHub shows on a workflow run's page."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING
from urllib.parse import quote

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import arrange, weight
from iac_ec2lint.report.escape import attribute, markdown
from iac_ec2lint.report.tally import tally, verdict
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.engine.finding import Finding, Report
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
    link = _Linker(tree, prefix)
    shown = arrange(report, show_undecided=show_undecided)
    shown.sort(key=lambda each: weight(each.finding))
    failing = [each.finding for each in shown if each.finding.status is Status.FAIL]
    head = ["### iac-ec2lint", "", markdown(verdict(report, failing)), ""]
    tail = list(_tail(report, show_undecided, link))
    table = ["| Severity | Check | Place | Finding |", "| --- | --- | --- | --- |"] if shown else []
    left = room - _CUT_NOTE - sum(_size(line) for line in (*head, *table, *tail))
    rows: list[str] = []
    for each in shown:
        row = _row(each, link)
        left -= _size(row)
        if left < 0:
            break
        rows.append(row)
    missing = len(shown) - len(rows)
    if missing:
        tail = ["", f"{missing:,} more findings are left out: a summary has 1 MiB.", *tail]
    text = "\n".join((*head, *table, *rows, *tail, ""))
    return text if len(text.encode()) <= room else ""


def tree_url(environment: Mapping[str, str]) -> str:
    """The address of the files of the commit that a GitHub workflow runs on; empty elsewhere."""
    parts = [
        environment.get(name, "")
        for name in ("GITHUB_SERVER_URL", "GITHUB_REPOSITORY", "GITHUB_SHA")
    ]
    if not all(parts):
        return ""
    server, repository, commit = parts
    return f"{server}/{repository}/blob/{commit}"


class _Linker:
    def __init__(self, tree: str, prefix: str) -> None:
        self._tree = tree
        self._prefix = prefix

    def __call__(self, path: str, line: int, last: int = 0) -> str:
        """``path:line`` as a link where there is an address and the file is in the repository."""
        words = markdown(f"{path}:{line}" if line else path)
        from_root = posixpath.normpath(self._prefix + path)
        if not self._tree or posixpath.isabs(path) or from_root.startswith(".."):
            return f"<code>{words}</code>"
        lines = (f"#L{line}" if line else "") + (f"-L{last}" if line and last > line else "")
        address = attribute(f"{self._tree}/{quote(from_root, errors='replace')}{lines}")
        return f'<a href="{address}"><code>{words}</code></a>'

    def span(self, span: Span) -> str:
        """The same for a span."""
        return self(span.path, span.line, span.end_line)


def _size(line: str) -> int:
    return len(line.encode()) + 1


def _row(shown: Shown, link: _Linker) -> str:
    finding = shown.finding
    undecided = finding.status is Status.UNDECIDED
    what = markdown(finding.message)
    if finding.resource:
        what += f"<br><code>{markdown(finding.resource)}</code>"
    cells = (
        "undecided" if undecided else str(finding.severity),
        _check(finding),
        link.span(finding.span),
        f"{what}{_more(shown, link)}",
    )
    return f"| {' | '.join(cells)} |"


def _check(finding: Finding) -> str:
    check = finding.check
    words = f"{markdown(check.code)} {markdown(check.name)}"
    if not check.url.startswith(("https://", "http://")):
        return words
    return f'<a href="{attribute(check.url)}">{words}</a>'


def _more(shown: Shown, link: _Linker) -> str:
    finding = shown.finding
    lines = [
        f"{number}. {link.span(hop.span)} {markdown(hop.message)}"
        for number, hop in enumerate(finding.evidence[:_HOPS], 1)
    ]
    if len(finding.evidence) > _HOPS:
        lines.append(f"and {len(finding.evidence) - _HOPS} more")
    lines += [
        f"includes {_check(part)} at {link.span(part.span)}: {markdown(part.message)}"
        for part in shown.parts[:_HOPS]
    ]
    if finding.when is not None:
        lines.append(f"when {markdown(finding.when)}")
    if finding.status is Status.FAIL and finding.confidence is not Confidence.PROVEN:
        lines.append(f"confidence: {finding.confidence}")
    lines += [f"missing: {markdown(reason)}" for reason in finding.missing]
    if not lines:
        return ""
    return f"<details><summary>evidence</summary>{'<br>'.join(lines)}</details>"


def _tail(report: Report, show_undecided: bool, link: _Linker) -> Iterator[str]:
    if report.errors:
        yield from ("", "The scan is incomplete:", "")
        yield from (_error(error, link) for error in report.errors[:_ERRORS])
        if len(report.errors) > _ERRORS:
            yield f"- and {len(report.errors) - _ERRORS:,} more"
    # Notes are never listed here, so that nothing is said of how to list them.
    rows = list(tally(report, show_undecided=show_undecided, show_notes=True))
    if rows:
        yield from ("", "| Looked at | |", "| --- | --- |")
    for label, lines in rows:
        yield f"| {label} | {'<br>'.join(markdown(line) for line in lines)} |"


def _error(error: Diagnostic, link: _Linker) -> str:
    where = link(error.path, max(error.line, 0)) if error.path else "error"
    return f"- {where}: {markdown(error.message)}"
