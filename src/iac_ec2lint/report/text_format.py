"""For people: each problem in a few lines, the worst first, then what was looked at.

``text_details`` has every hop of every finding, for those who ask for it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from itertools import groupby, takewhile
from textwrap import wrap
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import ASSUMED, BREAKS, CONDITION, OR_BREAKS, TAKEN, Status
from iac_ec2lint.report.arrangement import arrange
from iac_ec2lint.report.escape import place, visible
from iac_ec2lint.report.excerpt import clipped, excerpt
from iac_ec2lint.report.problems import mends, problems, way_in
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
from iac_ec2lint.values import Confidence, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from iac_ec2lint.engine.finding import Evidence, Finding
    from iac_ec2lint.engine.report import Report
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
_REASONS = 2
_BESIDE = 8
"""How many places stand in one line at most."""
_PAIR = 80
"""The most that two addresses beside one place take."""
_PARTS = 8
_ENDING = 4
_INDENT = 80
_SLACK = 30
"""What wrapping may leave empty at the end of a line."""
_SCRAP = 24
"""Less of a source line than this says nothing."""
_TAIL = len(" +99")
"""Room for how many more there are."""
_ANYONE = re.compile(r"^anyone on the internet (who takes over \S+ )?can ")
_BRACKETS = re.compile(r" \([^()]*\)")
_REST = re.compile(r" \(open in all: [^()]*\)")
"""What a path says beside what counts; left to the details where it takes a line of its own."""
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
    if options.verbose:
        lines += [line for one in grouped for line in (*_details(one, options, paint), "")]
    else:
        kinds = groupby(grouped, lambda one: _kind_and_mend(one, options.width))
        for (_, repair), of_one_mend in kinds:
            lines += _together([*of_one_mend], repair, options, paint)
    for section in (notes, errors):
        lines += [*section, ""] if section else []
    lines += _summary(report, [each.finding for each in shown], options, paint)
    return "".join(f"{line}\n" for line in lines)


def _details(problem: Problem, options: ReportOptions, paint: Paint) -> Iterator[str]:
    for number, each in enumerate(problem.all):
        if number:
            yield ""
        yield from detail_lines(each, options.width, paint)


def _kind_and_mend(problem: Problem, width: int) -> tuple[object, str]:
    """What has one mend, and that mend; a path, which has many lines, has its own at its end."""
    finding = problem.head.finding
    kind = (finding.status, finding.check.code, finding.severity)
    return (finding.fingerprint if mends(finding) else kind), _mend(finding, width)


def _together(
    found: Sequence[Problem], repair: str, options: ReportOptions, paint: Paint
) -> Iterator[str]:
    """Problems that have one mend, which is said once, and a line without anything."""
    for one in found:
        yield from _brief(one, options, paint)
    if repair:
        yield from _row("mend all" if len(found) > 1 else "mend", [repair], options, paint)
    yield ""


def _row(label: str, lines: list[str], options: ReportOptions, paint: Paint) -> Iterator[str]:
    """A label and what stands beside it; nothing without lines."""
    room = options.width - len(_MARGIN) - _LABEL
    wrapped = [part for line in lines for part in _wrapped(line, room, lines=2)]
    for number, line in enumerate(wrapped):
        words = paint(("" if number else label).ljust(_LABEL), "faint")
        yield f"{_MARGIN}{words}{line}".rstrip()


def _brief(problem: Problem, options: ReportOptions, paint: Paint) -> Iterator[str]:
    """A problem in some lines, none of which is cut in the middle of an address; not its mend."""
    finding = problem.head.finding
    yield from _headline(finding, options.width, paint)
    yield from _places(problem, options.width, paint)
    rows: dict[str, list[str]] = {}
    room = options.width - len(_MARGIN) - _LABEL
    if way_in(finding):
        rows["way in"] = _way(finding, options.width)
    elif finding.status is Status.FAIL:
        rows["because"] = _beside(_because(finding, options.width), room)
    rows["missing"] = _some([visible(one) for one in finding.missing])
    rows["inputs"] = _some(settling(finding))
    rows["leads to"] = _leads(problem, options.width)
    # What a join would settle is of several checks.
    others = (each.finding for each in problem.alike)
    own = finding.check.code
    short = {
        "when": [visible(shortened(finding.when))] if finding.when else [],
        "also": _also((*problem.parts, *(one for one in others if one.check.code != own))),
        "assumes": _assumed(finding, options.width),
    }
    _pack(rows, {label: lines[0] for label, lines in short.items() if lines}, room)
    for label, lines in rows.items():
        yield from _row(label, lines, options, paint)


def _beside(lines: list[str], room: int) -> list[str]:
    """The lines as one where that fits."""
    one = "; ".join(lines)
    return [one] if lines and len(one) <= room else lines


def _pack(rows: dict[str, list[str]], short: Mapping[str, str], room: int) -> None:
    """Add short rows, each at the end of the first row of words that has room for it."""
    for label, words in short.items():
        more = f"; {label} {words}"
        for other in ("because", "leads to", *short):
            lines = rows.get(other)
            if lines and len(lines[-1]) + len(more) <= room:
                lines[-1] += more
                break
        else:
            rows[label] = [words]


def _headline(finding: Finding, width: int, paint: Paint) -> Iterator[str]:
    kind = "undecided" if finding.status is Status.UNDECIDED else str(finding.severity)
    head = f"{kind:9} {finding.check.code:8} "
    words = visible(finding.message)
    if finding.status is Status.UNDECIDED:
        words = f"{words} ({if_it_fails(finding)})"
    room = width - len(head)
    first, *rest = min(
        (_wrapped(text, room, lines=_FEW) for text in (words, _REST.sub("", words))), key=len
    )
    yield f"{paint(f'{kind:9}', kind)} {paint(f'{finding.check.code:8}', kind)} {first}"
    yield from (" " * len(head) + line for line in rest)


def _places(problem: Problem, width: int, paint: Paint) -> Iterator[str]:
    """Where the head stands, with what stands there; then the same of what is found alike."""
    head = problem.head.finding
    where = place(head.span.path, head.span.line, head.span.column)
    mark, indent = f"{_MARGIN}--> ", f"{_MARGIN}    "
    room = width - len(mark) - len(where) - 3
    of = _of(_unsaid(problem, width, _shown(head, room)))
    room -= len(of)
    beside = f"{mark}{paint(where, 'place')}"
    if of and room < 0:
        yield beside
        yield f"{indent}{of.lstrip()}"
    else:
        yield f"{beside}{of}   {_shown(head, room)}".rstrip()
    yield from (f"{indent}{line}" for line in _others(problem, width - len(indent), paint))


def _others(problem: Problem, width: int, paint: Paint) -> list[str]:
    """The places of what is found alike, as many as a few lines have room for."""
    places: dict[object, list[Finding]] = {}
    for each in (problem.head, *problem.alike):
        places.setdefault(each.finding.span.key, []).append(each.finding)
    others = [one for one, *_ in places.values()][1:]
    heads, *names = [_addresses(*there) for there in places.values()]
    if {*names} == {heads}:
        names = [() for _ in names]
    most = _FEW - 1  # the head's place is a line too
    for number in range(min(len(others), most * _BESIDE), 0, -1):
        more = f" +{len(others) - number:,} {_VERBOSE}" if number < len(others) else ""
        lines = _in_lines(others[:number], names, width, more)
        if len(lines) <= most or number == 1:
            return ["".join(paint(*part) if part[1] else part[0] for part in x) for x in lines]
    return []


def _in_lines(
    found: Sequence[Finding], names: Sequence[tuple[str, ...]], width: int, more: str
) -> list[list[tuple[str, str]]]:
    """Places, and after those of one resource its address, in lines of painted parts."""
    lines: list[list[tuple[str, str]]] = []
    used = width
    for at, finding in enumerate(found):
        where = place(finding.span.path, finding.span.line, finding.span.column)
        last = at + 1 == len(found)
        ends = last or names[at] != names[at + 1]
        rest = _of(names[at]) if ends else ""
        rest += more if last else ";" if rest else ","
        if used + len(where) + len(rest) + 1 > width:
            lines.append([])
            used = -1
        else:
            lines[-1].append((" ", ""))
        lines[-1].append((where, "place"))
        if rest and len(where) + len(rest) > width:
            lines.append([(rest.lstrip(), "")])
            used = width
        else:
            lines[-1].append((rest, ""))
            used += len(where) + len(rest) + 1
    return lines


def _addresses(*findings: Finding) -> tuple[str, ...]:
    """What is judged."""
    named = {one.address for finding in findings for one in finding.subjects}
    return tuple(sorted(named - {""}))


def _of(names: Sequence[str]) -> str:
    number = 2 if sum(map(len, names[:2])) <= _PAIR else 1
    shown = " and ".join(map(visible, names[:number]))
    return f" of {shown}{_more(len(names) - number)}" if names else ""


def _shown(finding: Finding, room: int) -> str:
    """What is shown beside a place of the line that a finding is at."""
    return _source(finding, room) if room > _SCRAP else ""


def _source(finding: Finding, width: int) -> str:
    """The line that a finding is at; empty where it says nothing, as a bracket alone does."""
    line = finding.span.source.line(finding.span.line)
    indent = min(len(line) - len(line.lstrip()), _INDENT)  # it is not shown, so it takes no room
    seen = excerpt(finding.span, width + indent, quotable=finding.quotable)
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
    others = _more(len({(one.unit, one.address) for one in finding.subjects}) - 1)
    room = width - len(_MARGIN) - _LABEL
    lines: list[str] = []
    current = "internet"
    for at, step in enumerate(steps, 1):
        tail = others if at == len(steps) else " >"
        if len(current) + len(" > ") + len(step) + len(tail) > room:
            lines.append(f"{current} >")
            current = step
        else:
            current += f" > {step}"
    lines.append(f"{current}{others}")
    if len(lines) <= _FEW:
        return lines
    left = len(lines) - 2
    return [lines[0], f"... {left} more lines {_VERBOSE}", lines[-1]]


def _because(finding: Finding, width: int) -> list[str]:
    """What proves it, in short; what is assumed and what would mend it stand elsewhere."""
    skipped = (ASSUMED, TAKEN, CONDITION, BREAKS, OR_BREAKS)
    told = [hop for hop in finding.evidence if not hop.message.startswith(skipped)]
    hops = [hop for hop in told if hop.message != f"{hop.resource} is judged"]  # "of" says it
    said = {hop.message: _hop(hop, width, finding.message) for hop in reversed(hops)}
    lines = [said[message] for message in dict.fromkeys(hop.message for hop in hops)]
    if len(lines) == 1 < len(hops):
        return [f"{lines[0]}{_more(len({hop.span.key for hop in hops}) - 1)}"]
    if any(len(line) > width - len(_MARGIN) - _LABEL for line in lines[:_REASONS]):
        return [f"{lines[0]}{_more(len(lines) - 1)}"]
    return _some(lines, most=_REASONS)


def _hop(hop: Evidence, width: int, known: str) -> str:
    """A place and what it says there: in one line, or two where the place fills the first.

    What is known already is not said again.
    """
    where = place(hop.span.path, hop.span.line, hop.span.column)
    if hop.message in known:
        return where
    room = width - len(_MARGIN) - _LABEL - _TAIL
    if len(where) > room // 2:
        room += room - _SLACK
    return _wrapped(f"{where} {visible(hop.message)}", room, lines=1)[0]


def _unsaid(problem: Problem, width: int, shown: str) -> list[str]:
    """The resources that are judged, where neither the words, the line nor the proof names them.

    Args:
        problem: What is said.
        width: That of a line.
        shown: What is shown of the line that it is at.
    """
    finding = problem.head.finding
    said = [finding.message, shown]
    if way_in(finding):
        said += [hop.resource for hop in finding.evidence if hop.kind]
    elif finding.status is Status.FAIL:
        said += _because(finding, width)
    here = [each.finding for each in problem.alike if each.finding.span.key == finding.span.key]
    judged = _addresses(finding, *here)
    return [one for one in judged if not any(_names(text, one) for text in said)]


def _names(text: str, address: str) -> bool:
    """Whether a text names a resource: by its address, or by the name in the block's first line."""
    name = address.rpartition(".")[2].rpartition("/")[2]
    if address in text and re.search(rf"(?<![\w.-]){re.escape(address)}(?![\w-])", text):
        return True
    return f'"{name}"' in text or text.lstrip().startswith(f"{name}:")


def _leads(problem: Problem, width: int) -> list[str]:
    """What paths lead to, a line each: without who begins them, and without what is in brackets."""
    lines = []
    before = ""
    for finding in (each.finding for each in problem.follows):
        words = visible(
            _ANYONE.sub("", _BRACKETS.sub("", finding.message).partition(": ")[0], count=1)
        )
        more = words.removeprefix(f"{before} ") if before else words
        head = f"{finding.check.code:8} {finding.severity:8} {'' if more == words else '... '}"
        room = width - len(_MARGIN) - _LABEL - len(head) - _TAIL
        lines.append(head + _wrapped(more, room, lines=1)[0])
        before = words
    return _some(lines)


def _mend(finding: Finding, width: int) -> str:
    """The nearest repair, in two lines at most, and how many other ways there are."""
    ways = mends(finding)
    others = len(ways) - 1
    words = "another way" if others == 1 else f"{others} other ways"
    tail = f" (or {words}: --verbose)" if others > 0 else ""
    room = 2 * (width - len(_MARGIN) - _LABEL) - len(tail) - _SLACK
    repair = visible(ways[0] if ways else finding.check.mend)
    if ways and len(repair) > room:
        # It ends with what is to be done about the ports that it lists.
        end = " ".join(repair.split(" ")[-_ENDING:])
        repair = f"{_wrapped(repair, room - len(end) - 1, lines=1)[0]} {end}"
    return repair + tail


def _also(parts: Iterable[Finding]) -> list[str]:
    """The checks of the parts, behind the worst severity that each has there, the worst first."""
    worst: dict[str, str] = {}
    for part in sorted(parts, key=lambda one: one.severity.rank):
        worst.setdefault(part.check.code, str(part.severity))
    shown = [*worst.items()][:_PARTS]
    each = [
        f"{severity} {', '.join(code for code, _ in codes)}"
        for severity, codes in groupby(shown, lambda one: one[1])
    ]
    return ["; ".join(each) + _more(len(worst) - len(shown))] if each else []


def _assumed(finding: Finding, width: int) -> list[str]:
    """The first thing that a failure takes for granted, and how many more there are.

    What the message says already, and the line of the finding, are not said again.
    """
    if finding.status is not Status.FAIL or finding.confidence is Confidence.PROVEN:
        return []
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
    if len(tail) > room:
        room += width - _LABEL - _SLACK
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
    at_spaces = partial(wrap, break_long_words=False, break_on_hyphens=False)
    found = at_spaces(text, max(width, 20)) or [""]
    if len(found) <= lines:
        return found
    last = at_spaces(found[lines - 1], max(width - 4, 20))[0]
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
    if any(finding.inputs for finding in report.with_status(Status.UNDECIDED)):
        yield "`iac-ec2lint ask` lists what you can say that would decide what is undecided."
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
