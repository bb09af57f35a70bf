"""A page for tickets and for comments on pull requests: short, the worst first, the rest folded.

Its first line is a comment that nobody sees: who posts the page again finds by it what to replace.
GitHub takes 65,536 characters a comment, GitLab 1,000,000.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.arrangement import arrange
from iac_ec2lint.report.escape import markdown
from iac_ec2lint.report.integrations.words import standing
from iac_ec2lint.report.problems import problems
from iac_ec2lint.report.step_summary import Linker, check_link, looked_at, reasons, unread
from iac_ec2lint.report.tally import verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.report.problems import Problem

ENDINGS = (".md", ".markdown")

MARKER = "<!-- iac-ec2lint -->"
ROOM = 60_000
OPEN = 10
_NAMED = 3


def render(report: Report, options: ReportOptions) -> str:
    """The verdict, ten problems, then folded the others and what was looked at."""
    link = Linker(options.tree, options.prefix)
    shown = arrange(report, show_undecided=options.show_undecided)
    failing = [each.finding for each in shown if each.finding.status is Status.FAIL]
    head = [MARKER, "### iac-ec2lint", "", markdown(verdict(report, failing)), ""]
    errors = _within(unread(report, link), ROOM // 4)
    table = _within(looked_at(report, show_undecided=options.show_undecided), ROOM // 4)
    left = ROOM - _size(head) - _size(errors) - _size(table)
    items: list[list[str]] = []
    found = problems(shown, by_path=options.by_path)
    for problem in found:
        item = list(_item(problem, link))
        left -= _size(item)
        if left < 0:
            break
        items.append(item)
    lines = [line for item in items[:OPEN] for line in item]
    if items[OPEN:]:
        folded = [line for item in items[OPEN:] for line in item]
        lines += _folded(f"{len(items) - OPEN:,} more", folded)
    if len(items) < len(found):
        lines += ["", f"{len(found) - len(items):,} more problems are left out: there is no room."]
    return "".join(
        f"{line}\n" for line in (*head, *lines, *errors, *_folded("What was looked at", table[1:]))
    )


def _within(lines: Iterable[str], room: int) -> list[str]:
    """The first lines that there is room for."""
    kept = []
    for line in lines:
        room -= _size([line])
        if room < 0:
            break
        kept.append(line)
    return kept


def _size(lines: Iterable[str]) -> int:
    return sum(len(line) + 1 for line in lines)


def _folded(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"<details><summary>{title}</summary>", "", *lines, "", "</details>")


def _item(problem: Problem, link: Linker) -> Iterator[str]:
    head = problem.head.finding
    where = f" (<code>{markdown(head.resource)}</code>)" if head.resource else ""
    yield f"- {_line(head, link)}{where}"
    for each in problem.follows[:_NAMED]:
        yield f"  - leads to {_line(each.finding, link)}"
    for each in problem.alike[:_NAMED]:
        yield f"  - also at {link.span(each.finding.span)}"
    more = sum(max(len(each) - _NAMED, 0) for each in (problem.follows, problem.alike))
    if more:
        yield f"  - and {more:,} more"
    if problem.parts:
        codes = dict.fromkeys(check_link(part) for part in problem.parts)
        yield f"  - includes {', '.join(codes)}"
    if head.check.mend and head.status is Status.FAIL:
        yield f"  - to mend it: {markdown(head.check.mend)}"
    # Its parts are named above.
    lines = reasons(problem.head._replace(parts=()), link)
    if lines:
        yield f"  - <details><summary>evidence</summary>{'<br>'.join(lines)}</details>"


def _line(finding: Finding, link: Linker) -> str:
    words = f"**{standing(finding)}** {check_link(finding)} at {link.span(finding.span)}"
    return f"{words}: {markdown(finding.message)}"
