"""For people: each problem in a few lines, the worst first, then what was looked at.

``text_details`` has every hop of every finding, for those who ask for it.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import takewhile
from textwrap import wrap
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import ASSUMED, BREAKS, CONDITION, OR_BREAKS, TAKEN, Status
from iac_ec2lint.report.arrangement import arrange
from iac_ec2lint.report.escape import place, visible
from iac_ec2lint.report.excerpt import clipped, excerpt
from iac_ec2lint.report.problems import problems, way_in
from iac_ec2lint.report.tally import HINT, tally, undecided, verdict
from iac_ec2lint.report.text_details import (
    detail_lines,
    error_line,
    if_it_fails,
    note_line,
    quiet_line,
    settling,
)
from iac_ec2lint.report.text_details import painter as painter_of
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.engine.finding import Evidence, Finding, Report
    from iac_ec2lint.report.options import ReportOptions
    from iac_ec2lint.report.problems import Problem
    from iac_ec2lint.report.text_details import Paint
    from iac_ec2lint.source.span import Span

ENDINGS = (".txt",)

_VERBOSE = "(--verbose)"
_LABEL = 9
_MARGIN = "  "
_FEW = 3
"""How many lines each part of a problem has at most."""
_PLACES = 4
_REASONS = 2
_TAIL = len(" +99")
"""Room for how many more there are."""
_ANYONE = re.compile(r"anyone on the internet (who takes over \S+ )?can ")
_BRACKETS = re.compile(r" \([^()]*\)")
_PASSED = frozenset(
    {
        *("internet gateway", "load balancer", "listener", "front", "VPC endpoint"),
        *("NAT gateway", "peering connection", "address", "security group", "workload"),
        *("target", "target group", "middlebox"),
    }
)
"""The kinds of hops whose resources a way is said by; routes and ACLs stand in the details."""


def render(report: Report, options: ReportOptions) -> str:
    """The report for a terminal: problems, notes if asked for, errors, and the summary."""
    paint = painter_of(options.colour)
    shown = arrange(report, show_undecided=options.show_undecided)
    grouped = problems(shown, by_path=options.by_path)
    notes = [note_line(note, paint) for note in report.notes] if options.show_notes else []
    errors = [error_line(error, paint) for error in report.errors]
    if options.quiet:
        lines = [quiet_line(each, paint) for one in grouped for each in one.all]
        return "".join(f"{line}\n" for line in (*lines, *notes, *errors))
    lines = [*_first_line(report, options, paint)]
    for one in grouped:
        lines += _details(one, options, paint) if options.verbose else _brief(one, options, paint)
        lines.append("")
    for section in (notes, errors):
        lines += [*section, ""] if section else []
    lines += _summary(report, [each.finding for each in shown], options, paint)
    return "".join(f"{line}\n" for line in lines)


def _details(problem: Problem, options: ReportOptions, paint: Paint) -> Iterator[str]:
    for number, each in enumerate(problem.all):
        if number:
            yield ""
        yield from detail_lines(each, options.width, paint)


def _brief(problem: Problem, options: ReportOptions, paint: Paint) -> Iterator[str]:
    """A problem in some lines, none of which is cut in the middle of an address."""
    finding = problem.head.finding
    yield from _headline(finding, options.width, paint)
    yield from _places(problem, options.width, paint)
    rows: dict[str, list[str]] = {}
    if way_in(finding):
        rows["way in"] = _way(finding, options.width)
    elif finding.status is Status.FAIL:
        rows["because"] = _because(finding, options.width)
    rows["when"] = [visible(finding.when)] if finding.when else []
    rows["missing"] = _some([visible(one) for one in finding.missing])
    rows["inputs"] = _some(settling(finding))
    rows["of"] = _judged(problem)
    rows["leads to"] = _some([_follow(each.finding, options.width) for each in problem.follows])
    rows["mend"] = _mend(finding)
    # What a join would settle is of several checks.
    others = (each.finding for each in problem.alike)
    own = finding.check.code
    rows["also"] = _also((*problem.parts, *(one for one in others if one.check.code != own)))
    if finding.status is Status.FAIL and finding.confidence is not Confidence.PROVEN:
        rows["assumes"] = _assumed(finding, options.width)
    room = options.width - len(_MARGIN) - _LABEL
    for label, lines in rows.items():
        wrapped = [part for line in lines for part in _wrapped(line, room, lines=2)]
        for number, line in enumerate(wrapped):
            words = paint(("" if number else label).ljust(_LABEL), "faint")
            yield f"{_MARGIN}{words}{line}".rstrip()


def _headline(finding: Finding, width: int, paint: Paint) -> Iterator[str]:
    kind = "undecided" if finding.status is Status.UNDECIDED else str(finding.severity)
    head = f"{kind:9} {finding.check.code:8} "
    words = visible(finding.message)
    if finding.status is Status.UNDECIDED:
        words = f"{words} ({if_it_fails(finding)})"
    first, *rest = _wrapped(words, width - len(head), lines=_FEW)
    yield f"{paint(f'{kind:9}', kind)} {paint(f'{finding.check.code:8}', kind)} {first}"
    yield from (" " * len(head) + line for line in rest)


def _places(problem: Problem, width: int, paint: Paint) -> Iterator[str]:
    """Where the head stands, with what stands there; and the same of what is found alike."""
    findings = [each.finding for each in (problem.head, *problem.alike)]
    for number, finding in enumerate(findings[:_PLACES]):
        where = place(finding.span.path, finding.span.line, finding.span.column)
        mark = f"{_MARGIN}    " if number else f"{_MARGIN}--> "
        source = _source(finding, max(width - len(mark) - len(where) - 3, 20))
        yield f"{mark}{paint(where, 'place')}   {source}".rstrip()
    if len(findings) > _PLACES:
        yield f"{_MARGIN}    and {len(findings) - _PLACES} more places {_VERBOSE}"


def _source(finding: Finding, width: int) -> str:
    """The line that a finding is at; empty where it says nothing, as a bracket alone does."""
    seen = excerpt(finding.span, width, quotable=finding.quotable)
    text = "" if seen is None else clipped(seen.text.strip(), width)
    return text if any(character.isalnum() for character in text) else ""


def _way(finding: Finding, width: int) -> list[str]:
    """The resources that traffic passes, from the internet to the host, without repetition.

    A host's own address stands with it. Where several are judged it is the way to the first: what
    breaks it ends its evidence.
    """
    own = takewhile(lambda hop: not hop.message.startswith((BREAKS, OR_BREAKS)), finding.evidence)
    passed = [hop for hop in own if hop.kind in _PASSED and hop.resource]
    hosts = {hop.resource for hop in passed if hop.kind == "workload"}
    names = [h.resource for h in passed if h.kind != "address" or h.resource not in hosts]
    steps = [visible(name) for name in dict.fromkeys(names)]
    lines: list[str] = []
    current = "internet"
    for step in steps:
        if len(current) + len(step) + 3 > width - len(_MARGIN) - _LABEL - 2:
            lines.append(f"{current} >")
            current = step
        else:
            current += f" > {step}"
    others = len({(one.unit, one.address) for one in finding.subjects}) - 1
    lines.append(f"{current}{f' ({others:,} more alike)' if others else ''}")
    if len(lines) <= _FEW:
        return lines
    left = len(lines) - 2
    return [lines[0], f"... {left} more lines {_VERBOSE}", lines[-1]]


def _because(finding: Finding, width: int) -> list[str]:
    """What proves it, in short; what is assumed and what would mend it stand elsewhere."""
    skipped = (ASSUMED, TAKEN, CONDITION, BREAKS, OR_BREAKS)
    told = [hop for hop in finding.evidence if not hop.message.startswith(skipped)]
    hops = [hop for hop in told if hop.message != f"{hop.resource} is judged"]  # "of" says it
    return _some([_hop(hop, width) for hop in hops], most=_REASONS)


def _hop(hop: Evidence, width: int) -> str:
    where = place(hop.span.path, hop.span.line, hop.span.column)
    room = width - len(_MARGIN) - _LABEL - _TAIL
    return _wrapped(f"{where} {visible(hop.message)}", room, lines=1)[0]


def _judged(problem: Problem) -> list[str]:
    """The resources that are judged, where neither the words, the lines nor the way name them."""
    findings = [each.finding for each in (problem.head, *problem.alike)]
    first = findings[0]
    said = " ".join(
        (
            first.message,
            *(hop.resource for hop in first.evidence if hop.kind),
            *(_source(finding, 1_000) for finding in findings[:_PLACES]),
        )
    )
    names = {one.address for finding in findings for one in finding.subjects}
    unsaid = sorted(name for name in names if name and not _names(said, name))
    if not unsaid:
        return []
    return [", ".join(map(visible, unsaid[:_FEW])) + _more(len(unsaid) - _FEW)]


def _names(text: str, address: str) -> bool:
    """Whether a text names a resource: by its address, or by the name in the block's first line."""
    name = address.rpartition(".")[2].rpartition("/")[2]
    return address in text or f'"{name}"' in text or text.lstrip().startswith(f"{name}:")


def _follow(finding: Finding, width: int) -> str:
    """What a path leads to, in one line: without who begins it, and without what is in brackets."""
    head = f"{finding.check.code:8} {finding.severity:8} "
    words = _ANYONE.sub("", _BRACKETS.sub("", finding.message).partition(": ")[0], count=1)
    room = width - len(_MARGIN) - _LABEL - len(head) - _TAIL
    return head + _wrapped(visible(words), room, lines=1)[0]


def _mend(finding: Finding) -> list[str]:
    """The nearest repair, and how many other ways there are."""
    ways = [hop.message for hop in finding.evidence if hop.message.startswith((BREAKS, OR_BREAKS))]
    if not ways:
        return [visible(finding.check.mend)] if finding.check.mend else []
    first = visible(ways[0].removeprefix(BREAKS).removeprefix(OR_BREAKS))
    others = len(ways) - 1
    words = "another way" if others == 1 else f"{others} other ways"
    return [f"{first} (or {words}: --verbose)" if others else first]


def _also(parts: Iterable[Finding]) -> list[str]:
    worst: dict[str, str] = {}
    for part in parts:
        worst.setdefault(part.check.code, str(part.severity))
    each = [f"{code} {severity}" for code, severity in worst.items()]
    return [", ".join(each[:6]) + _more(len(each) - 6)] if each else []


def _assumed(finding: Finding, width: int) -> list[str]:
    """The first thing that is taken for granted, where that is said, and how many more there are.

    What the message says already, and the line of the finding, are not said again.
    """
    told = {
        hop.message.removeprefix(ASSUMED): hop.span
        for hop in reversed(finding.evidence)
        if hop.message.startswith(ASSUMED)
        and hop.message.removeprefix(ASSUMED) not in finding.message
    }
    if not told:
        return []
    message, span = list(told.items())[-1]
    tail = _elsewhere(span, finding.span) + _more(len(told) - 1)
    room = width - len(_MARGIN) - _LABEL - len(tail)
    return [f"{_wrapped(visible(message), room, lines=1)[0]}{tail}"]


def _elsewhere(span: Span, known: Span) -> str:
    """Where something is, as far as a place that the reader knows does not say it."""
    if span.path != known.path:
        return f" ({place(span.path, span.line)})"
    return "" if span.line == known.line else f" (line {span.line})"


def _some(lines: Sequence[str], most: int = _FEW) -> list[str]:
    """At most so many lines, one less where there are more, and how many more there are."""
    unique = [*dict.fromkeys(lines)]
    if len(unique) <= most:
        return unique
    shown = unique[: most - 1]
    return [*shown[:-1], f"{shown[-1]}{_more(len(unique) - len(shown))}"]


def _more(number: int) -> str:
    return f" +{number}" if number > 0 else ""


def _wrapped(text: str, width: int, *, lines: int) -> list[str]:
    """Text in lines of a width, broken at spaces alone; what is over is left to the details."""
    options = {"break_long_words": False, "break_on_hyphens": False}
    found = wrap(text, max(width, 20), **options) or [""]  # type: ignore[arg-type]
    if len(found) <= lines:
        return found
    last = wrap(found[lines - 1], max(width - 4, 20), **options)[0]  # type: ignore[arg-type]
    return [*found[: lines - 1], f"{last} ..."]


def _first_line(report: Report, options: ReportOptions, paint: Paint) -> Iterator[str]:
    """What is undecided, said before anything else; nothing where nothing is."""
    words = undecided(report)
    if words:
        hint = "" if options.show_undecided else f" {HINT}"
        yield paint(f"{words}{hint}", "undecided")
        yield ""


def _summary(
    report: Report, shown: list[Finding], options: ReportOptions, paint: Paint
) -> Iterator[str]:
    failing = [finding for finding in shown if finding.status is Status.FAIL]
    rows = list(tally(report, show_undecided=options.show_undecided, show_notes=options.show_notes))
    if failing:
        rows.insert(0, ("checks", _by_check(failing)))
    for label, lines in rows:
        for number, line in enumerate(lines):
            yield f"{paint(('' if number else label).ljust(12), 'faint')}{line}"
    if rows:
        yield ""
    quiet = not failing and not report.with_status(Status.UNDECIDED)
    good = quiet and report.exit_status == 0 and report.summary.found > 0
    yield paint(verdict(report, failing), "good" if good else "bad")
    if failing:
        worst = min(failing, key=lambda finding: finding.severity.rank)
        hint = "" if options.verbose else " `--verbose` shows every hop."
        yield f"`iac-ec2lint explain {worst.check.code}` says why it matters and what passes.{hint}"


def _by_check(failing: Iterable[Finding]) -> list[str]:
    """How many findings each check has, the most first."""
    counts = Counter(finding.check.code for finding in failing)
    each = [
        f"{code} {number}" for code, number in sorted(counts.items(), key=lambda c: (-c[1], c[0]))
    ]
    return wrap(", ".join(each), 88) or [""]
