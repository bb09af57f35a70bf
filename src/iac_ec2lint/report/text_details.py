"""For people who ask for all of it: each finding with a picture and every hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report.escape import place, visible
from iac_ec2lint.report.excerpt import clipped, excerpt, withheld
from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.engine.finding import Evidence, Finding, Note
    from iac_ec2lint.report.arrangement import Shown
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

    Paint = Callable[[str, str], str]

_MARGIN = 5
_LABEL = 12
_ADDRESSES = 5
_COLOURS: dict[str, dict[str, object]] = {
    "critical": {"fg": "magenta", "bold": True},
    "high": {"fg": "red", "bold": True},
    "medium": {"fg": "yellow", "bold": True},
    "low": {"fg": "cyan", "bold": True},
    "info": {"fg": "blue", "bold": True},
    "undecided": {"fg": "cyan"},
    "note": {"fg": "blue"},
    "error": {"fg": "red", "bold": True},
    "good": {"fg": "green", "bold": True},
    "bad": {"bold": True},
    "place": {"bold": True},
    "faint": {"dim": True},
}


def headline(finding: Finding, paint: Paint = lambda text, _: text) -> str:
    """A finding in one line: place, severity, code, name and message."""
    where = place(finding.span.path, finding.span.line, finding.span.column)
    kind = _kind(finding)
    check = finding.check
    return (
        f"{paint(where, 'place')}: {paint(kind, kind)} {paint(check.code, kind)} "
        f"{visible(check.name)}: {visible(finding.message)}"
    )


def quiet_line(shown: Shown, paint: Paint) -> str:
    """The headline, and the codes of the parts: who looks for one of them finds this line."""
    codes = sorted({part.check.code for part in shown.parts} - {shown.finding.check.code})
    also = f" (includes {', '.join(codes)})" if codes else ""
    return f"{headline(shown.finding, paint)}{also}"


def _kind(finding: Finding) -> str:
    return "undecided" if finding.status is Status.UNDECIDED else str(finding.severity)


def detail_lines(shown: Shown, width: int, paint: Paint) -> Iterator[str]:
    """A finding with all that is known of it."""
    finding = shown.finding
    yield headline(finding, paint)
    yield from _picture(finding, width, paint)
    rows = {
        "resource": _addresses(finding),
        "subject": _subjects(finding),
        "because": _hops(finding, width - _MARGIN - _LABEL, paint),
        "includes": [headline(part) for part in shown.parts],
        "when": [] if finding.when is None else [visible(finding.when)],
        "missing": [visible(reason) for reason in finding.missing],
        "inputs": settling(finding),
        "mend": [visible(finding.check.mend)] if finding.check.mend else [],
    }
    if finding.status is Status.UNDECIDED:
        rows["severity"] = [if_it_fails(finding)]
    elif finding.confidence is not Confidence.PROVEN:
        rows["confidence"] = [str(finding.confidence)]
    for label, lines in rows.items():
        yield from _beside(label, lines, _MARGIN, paint)


def if_it_fails(finding: Finding) -> str:
    """How bad what is undecided would be, and what it likely is."""
    likely = f"; likely {finding.likely}, by the name alone" if finding.likely else ""
    return f"{finding.severity}, if it fails{likely}"


def settling(finding: Finding) -> list[str]:
    """The inputs whose values would settle a finding, as a configuration names them."""
    return [
        f"{f'{one.fact}: ' if one.fact else ''}{visible(one.key)}"
        f" ({place(one.span.path, one.span.line)})"
        for one in finding.inputs
    ]


def _subjects(finding: Finding) -> list[str]:
    """What is judged, where it does not stand among the addresses already."""
    named = {finding.resource, *finding.resources}
    others = (one.address for one in finding.subjects) if len(finding.subjects) > 1 else ()
    judged = dict.fromkeys((finding.subject, *others))
    return _some([address for address in judged if address and address not in named])


def _beside(label: str, lines: list[str], margin: int, paint: Paint) -> Iterator[str]:
    """Lines beside a label, which stands at the first of them; nothing without lines."""
    for number, line in enumerate(lines):
        shown = paint(("" if number else label).ljust(_LABEL), "faint")
        yield f"{' ' * margin}{shown}{line}"


def _picture(finding: Finding, width: int, paint: Paint) -> Iterator[str]:
    seen = excerpt(finding.span, width - _MARGIN - 3, quotable=finding.quotable)
    if seen is None:
        return
    number = f"{seen.number:>{_MARGIN}} | "
    edge = " " * (len(number) - 2) + "| "
    marks = paint("^" * seen.marks, _kind(finding))
    on = f" ... to line {seen.last_line}" if seen.last_line > seen.number else ""
    yield f"{paint(number, 'faint')}{seen.text}".rstrip()
    yield f"{paint(edge, 'faint')}{' ' * seen.indent}{marks}{paint(on, 'faint') if on else ''}"


def _addresses(finding: Finding) -> list[str]:
    others = [address for address in finding.resources if address != finding.resource]
    return _some([finding.resource, *others] if finding.resource else others)


def _some(addresses: list[str]) -> list[str]:
    """The first of some addresses, and how many more there are."""
    shown = [visible(address) for address in addresses[: _ADDRESSES + 1]]
    if len(addresses) > len(shown):
        shown.append(f"and {len(addresses) - len(shown)} more")
    return shown


def _hops(finding: Finding, width: int, paint: Paint) -> list[str]:
    lines = []
    digits = len(str(len(finding.evidence)))
    for number, hop in enumerate(finding.evidence, 1):
        where = paint(place(hop.span.path, hop.span.line, hop.span.column), "place")
        lines.append(f"{number:>{digits}}. {where}: {visible(hop.message)}")
        source = _source(hop, finding)
        if source:
            lines.append(
                f"{' ' * digits}  {paint('| ' + clipped(source, width - digits - 4), 'faint')}"
            )
    return lines


def _source(hop: Evidence, finding: Finding) -> str:
    """The line of a hop; empty where it is the one that the finding itself shows."""
    if (hop.span.path, hop.span.line) == (finding.span.path, finding.span.line):
        return ""
    if not hop.quotable:
        return withheld(hop.span)
    if any(_shares_line(hop.span, secret) for secret in _secrets(finding)):
        return ""
    return hop.span.source.line(hop.span.line).strip()


def _secrets(finding: Finding) -> Iterator[Span]:
    """The places of a finding that must not be quoted."""
    if not finding.quotable:
        yield finding.span
    yield from (hop.span for hop in finding.evidence if not hop.quotable)


def _shares_line(span: Span, other: Span) -> bool:
    """Whether a span begins on one of the lines of another."""
    return span.path == other.path and other.line <= span.line <= other.end_line


def note_line(note: Note, paint: Paint) -> str:
    """A remark in one line."""
    where = place(note.span.path, note.span.line, note.span.column)
    words = f"{visible(note.name)}: {visible(note.message)}"
    return f"{paint(where, 'place')}: {paint('note', 'note')} {words}"


def error_line(error: Diagnostic, paint: Paint) -> str:
    """An error in one line."""
    where = place(error.path, error.line, error.column)
    at = f"{paint(where, 'place')}: " if error.path else ""
    return f"{at}{paint('error', 'error')}: {visible(error.message)}"


def painter(colour: bool) -> Paint:
    """What styles a text by the name of its kind, or leaves it as it is."""
    if not colour:
        return lambda text, _: text
    # Imported here: text without colour needs nothing of it.
    from click import style

    def paint(text: str, kind: str) -> str:
        return style(text, **_COLOURS[kind])  # type: ignore[arg-type]  # a table of keyword arguments

    return paint
