"""A change as a comment on its pull request: short, the worst first, the rest folded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.report.arrangement import arrange
from iac_ec2lint.report.escape import markdown
from iac_ec2lint.report.problems import problems, way_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.engine.baseline import Entry
    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.engine.report import Report
    from iac_ec2lint.report.changes.verdict import ChangeVerdict
    from iac_ec2lint.report.problems import Problem

MARKER = "<!-- iac-ec2lint diff -->"
"""The first line, by which whoever posts the comment finds the one to update."""
_SHOWN = 5
_FOLDED = 50
_NAMED = 3
_ROOM = 60_000
"""GitHub takes 65,536 characters, GitLab more."""


def render(
    report: Report,
    fixed: Sequence[Entry],
    hidden: Sequence[Finding],
    remarks: Sequence[str],
    verdict: Sequence[str],
) -> str:
    """The comment.

    Args:
        report: What is new.
        fixed: What is not there any more.
        hidden: What failed and is suppressed now.
        remarks: What a reviewer must know of the comparison.
        verdict: What the change lets through, in sentences.
    """
    new = problems(arrange(report, show_undecided=True))
    lines = [MARKER, f"### iac-ec2lint: {_title(new, fixed)}", ""]
    lines += [line for one in verdict for line in (f"**{markdown(one)}**", "")]
    lines += [_bullet(one) for one in new[:_SHOWN]]
    rest = [_bullet(one) for one in new[_SHOWN:]]
    lines += _folded(f"{len(rest)} more", rest)
    lines += _folded(
        f"{len(fixed)} fixed",
        [f"- {e.severity} {e.check} {markdown(e.resource)} ({markdown(e.path)})" for e in fixed],
    )
    if hidden:
        lines += ["", f"**Suppressed with this change: {len(hidden)}**", ""]
        lines += [
            f"- {f.severity} {f.check.code} {markdown(f.subject)} ({markdown(f.span.path)})"
            for f in hidden[:_SHOWN]
        ]
    lines += [line for one in remarks for line in ("", f"_{markdown(one)}_")]
    if report.errors:
        lines += ["", f"_Not everything could be looked at: {len(report.errors)} new errors._"]
    return "".join(f"{line}\n" for line in _within_room(lines))


def raises_exposure(report: Report, verdict: ChangeVerdict) -> bool:
    """Whether a change exposes more, or may: by a packet, a request, or a path that is new.

    Args:
        report: What is new.
        verdict: What the change lets through.
    """
    return any(verdict) or any(way_in(finding) for finding in report.findings)


def _within_room(lines: Sequence[str]) -> Iterator[str]:
    """The lines that there is room for, the rest counted."""
    left = _ROOM
    for at, line in enumerate(lines):
        left -= len(line) + 1
        if left < 0:
            yield from ("", f"_There is no room for {len(lines) - at} more lines._")
            return
        yield line


def _title(new: Sequence[Problem], fixed: Sequence[Entry]) -> str:
    if new:
        plural = "" if len(new) == 1 else "s"
        return f"this change introduces {len(new)} problem{plural}"
    return "nothing new" + (f", {len(fixed)} fixed" if fixed else "")


def _bullet(problem: Problem) -> str:
    finding = problem.head.finding
    where = markdown(f"{finding.span.path}:{finding.span.line}")
    also = sorted({each.finding.check.code for each in problem.follows} - {finding.check.code})
    more = f"; leads to {', '.join(also)}" if also else ""
    others = dict.fromkeys(f"{one.span.path}:{one.span.line}" for one, _ in problem.alike)
    if others:
        more += f"; also at {', '.join(map(markdown, [*others][:_NAMED]))}"
        more += f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
    word = finding.severity if not finding.missing else f"undecided ({finding.severity})"
    return f"- **{word} {finding.check.code}** {markdown(finding.message)} ({where}){more}"


def _folded(summary: str, lines: Sequence[str]) -> Iterator[str]:
    if lines:
        yield ""
        yield f"<details><summary>{summary}</summary>"
        yield ""
        yield from lines[:_FOLDED]
        if len(lines) > _FOLDED:
            yield f"- and {len(lines) - _FOLDED} more"
        yield ""
        yield "</details>"
