"""Questions as text, as JSON, and as the lines of a configuration that take the answers."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.report.escape import count, place, visible, yaml_text
from iac_ec2lint.report.serialisation import serialise

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.report.undecided.questions import Question, Questions
    from iac_ec2lint.source.span import Span

_FACTS = {
    "account": "what your account does:",
    "closed-groups": "nothing from the internet is let in by",
    "images": "what is called",
    "modules": "what is not on the disk:",
    "private-subnets": "no route from the internet leads to",
}
"""What is asked that is no value, in words."""
_PLACES = 2
_UNITS = 3


def text(asked: Questions, most: int, *, inputs_exist: bool) -> str:
    """The first questions, and the lines to paste.

    Args:
        asked: The questions.
        most: How many of them.
        inputs_exist: Whether the configuration has ``inputs`` already, below which lines go.
    """
    number = len(asked.undecided)
    if not number:
        return "Nothing is undecided.\n"
    if not asked.ranked:
        return f"{number:,} undecided, and nothing that a person can say here decides any of it.\n"
    shown = asked.ranked[:most]
    decided = sum(len(one.decides) for one in shown)
    lines = [
        f"{count(len(shown), 'answer')} would decide {decided:,} of {number:,} undecided"
        + (f"; {len(asked.beyond):,} depend on nothing that can be said here" * bool(asked.beyond)),
        "",
    ]
    for at, one in enumerate(shown, 1):
        lines += _question(at, one)
    if len(asked.ranked) > most:
        lines += [f"... and {len(asked.ranked) - most:,} more (--most)", ""]
    where = "below `inputs:`" if inputs_exist else "at the end"
    lines.append(
        f"Put a value in place of each null, and these lines into .iac-ec2lint.yaml, {where}:"
    )
    lines.append("")
    lines += lines_to_paste(shown, header=not inputs_exist)
    return "".join(f"{line}\n" for line in lines)


def _question(number: int, one: Question) -> Iterator[str]:
    findings = (*one.decides, *one.helps)
    title = f"{_FACTS[one.fact]} {visible(one.key)}" if one.fact else visible(one.key)
    yield f"{number}. {title}"
    words = f"decides {len(one.decides):,}"
    if one.helps:
        words += f", has a part in {len(one.helps):,} more"
    yield f"   {words} ({_severities(findings)})"
    declared = "declared" if one.key.startswith("var.") or one.kind == "stack" else "read"
    yield f"   {declared} at {_at(one.span)}"
    used = [*dict.fromkeys(_at(finding.span) for finding in findings)]
    more = f" and {len(used) - _PLACES:,} more" if len(used) > _PLACES else ""
    yield f"   used at {', '.join(used[:_PLACES])}{more}"
    if len(one.units) > 1:
        shown = ", ".join(place(unit) for unit in one.units[:_UNITS])
        more = f" and {len(one.units) - _UNITS:,} more" if len(one.units) > _UNITS else ""
        key = "templates" if one.kind == "stack" else "roots"
        yield f"   of {shown}{more}; under `{key}` where it differs"
    codes = Counter(finding.check.code for finding in findings)
    yield f"   checks {', '.join(f'{code} {n}' for code, n in sorted(codes.items()))}"
    yield ""


def _severities(findings: Iterable[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    return ", ".join(
        f"{counts[severity]:,} {severity}" for severity in Severity if counts[severity]
    )


def _at(span: Span) -> str:
    return place(span.path, span.line)


def lines_to_paste(shown: Sequence[Question], *, header: bool = True) -> Iterator[str]:
    """Lines of YAML, each with null in place of the answer: null says nothing."""
    values = [one for one in shown if not one.fact]
    if header and values:
        yield "inputs:"
    for one in values:
        yield f"  {yaml_text(one.key)}: null  # {_at(one.span)}"
    for one in shown:
        if one.fact == "modules" and one.kind == "stack":
            yield f"# scan it together with the template of {visible(one.key)}; {_at(one.span)}"
        elif one.fact == "modules":
            yield f"# terraform init, or --module-map {visible(one.key)}=FOLDER; {_at(one.span)}"
    facts = sorted({one.fact for one in shown if one.fact and one.fact != "modules"})
    if facts:
        yield "known:"
    for fact in facts:
        yield f"  {fact}:"
        for one in shown:
            if one.fact == fact:
                item = "- " if fact == "account" else ""
                words = f"{item}{yaml_text(one.key)}: null"
                told = "its name" if fact == "images" else "true where it is so"
                yield f"    {words}  # {told}; {_at(one.span)}"


def document(asked: Questions) -> str:
    """All questions, as ``ask.schema.json`` beside this file describes them."""
    return serialise(
        {
            "version": 1,
            "undecided": len(asked.undecided),
            "beyond": len(asked.beyond),
            "questions": [_as_json(one) for one in asked.ranked],
        }
    )


def _as_json(one: Question) -> dict[str, object]:
    findings = (*one.decides, *one.helps)
    counts = Counter(finding.severity for finding in findings)
    return {
        "key": one.key,
        "fact": one.fact or None,
        "kind": one.kind,
        "units": list(one.units),
        "path": one.span.path,
        "line": one.span.line,
        "decides": len(one.decides),
        "helps": len(one.helps),
        "severities": {str(severity): counts[severity] for severity in Severity},
        "checks": sorted({finding.check.code for finding in findings}),
        "findings": [finding.fingerprint for finding in findings],
        "used": [
            {"path": path, "line": line}
            for path, line in dict.fromkeys((f.span.path, f.span.line) for f in findings)
        ],
        "paste": "".join(f"{line}\n" for line in lines_to_paste([one])),
    }
