"""Fixes: the few changes that a verdict may carry, and the edits of text that they come to.

A check says what is to stand at its place (``set_to("required")``) or that it is to go
(``remove()``). Where that is in the text, and how its language spells it, follows from the place:
the attribute that is written, the block that lacks it, or the block that would hold that block.
"""

from __future__ import annotations

import json
import re
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.source.span import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.resources.layer import Steps

Scalar = bool | int | str

_LITERAL = re.compile(r"""true|false|-?\d+(?:\.\d+)?|"[^"$%{}\\]*"|'[^']*'|[A-Za-z][\w./-]*""")
"""Text that says one value and refers to nothing, in HCL, JSON and YAML alike."""

_PLAIN = re.compile(r"[A-Za-z][\w./-]*")
_WORDS = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})


class Applicability(StrEnum):
    """How a fix may be applied."""

    SAFE = "safe"
    """By a program: what is deployed works as before."""
    UNSAFE = "unsafe"
    """By a person who has read it: it may change what works, or what else is set with it."""
    DISPLAY = "display"
    """Not by a program: it says what to change, and where that is must be looked up."""


class Fix(NamedTuple):
    """A change at a verdict's place; made by ``set_to`` and ``remove``.

    Attributes:
        value: What is to be written; ``None`` where what is written is to go.
        safe: Whether what is deployed works as before.
    """

    value: Scalar | None
    safe: bool


class Edit(NamedTuple):
    """A change of text: what is written at ``span`` becomes ``text``."""

    span: Span
    text: str


class Repair(NamedTuple):
    """A fix as a finding carries it.

    Attributes:
        description: What it does, in words.
        applicability: How it may be applied.
        edits: The changes of text; none where it can only be displayed.
    """

    description: str
    applicability: Applicability
    edits: tuple[Edit, ...] = ()


def set_to(value: Scalar, *, safe: bool = False) -> Fix:
    """Write ``value`` as the place's attribute, in place of what is written or anew.

    Args:
        value: The value.
        safe: Whether what is deployed works as before.
    """
    return Fix(value, safe)


def remove(*, safe: bool = False) -> Fix:
    """Take out what is written at the place: an attribute, a block, or a whole resource.

    Args:
        safe: Whether what is deployed works as before.
    """
    return Fix(None, safe)


def repair(fix: Fix, place: Place, declaring: Resource) -> Repair:
    """The edits that a fix comes to at a place.

    Args:
        fix: The fix.
        place: The place of the verdict.
        declaring: The resource that declares it; only what lies in its text is changed.
    """
    name = place.attribute or declaring.address
    words = f"remove {name}" if fix.value is None else f"set {name} to {_hcl(fix.value)}"
    edits = tuple(_edits(fix, place, declaring))
    within = declaring.declared.extent
    if not edits or not all(within.contains(edit.span) for edit in edits):
        return Repair(words, Applicability.DISPLAY)
    literal = all(_LITERAL.fullmatch(edit.span.text) or not edit.span.text for edit in edits)
    safe = fix.safe and literal and place.presence.certain
    return Repair(words, Applicability.SAFE if safe else Applicability.UNSAFE, edits)


def _edits(fix: Fix, place: Place, declaring: Resource) -> Iterator[Edit]:
    if place.part is None:
        if fix.value is None and not place.attribute:
            yield from _removed(declaring.declared.extent)
        return
    written = [(section, steps[-1]) for section, steps in place.part.written_at(place.name)]
    if fix.value is None:
        for section, name in written:
            whole = section.entry(name)
            if whole is not None:
                yield from _removed(whole)
    elif written:
        for section, name in written:
            span = section.expression(name)
            if span is not None:
                yield Edit(span, _spelled(fix.value, span))
    else:
        yield from _added(fix.value, *_missing(place.part, place.name))


def _missing(part: Part, name: str) -> tuple[Section | None, Steps]:
    """The innermost section that is written, and the steps from it to a field that is not."""
    steps: Steps = ()
    while True:
        kind = part.resource_type
        paths = getattr(type(part), name).paths(kind)
        if not paths:
            return None, ()
        steps = (*paths[0], *steps)
        if part.layers or part.within is None:
            break
        part, name = part.within
    section = part.layers[0].section if part.layers else None
    while section is not None and len(steps) > 1:
        inner = section.section(steps[0])
        if inner is None:
            break
        section, steps = inner, steps[1:]
    return section, steps


def _added(value: Scalar, section: Section | None, steps: Steps) -> Iterator[Edit]:
    extent = section.extent if section is not None else None
    if extent is None or not all(re.fullmatch(r"\w+", step) for step in steps):
        return
    text = extent.source.text
    if not text.startswith("}", extent.end - 1):
        yield from _added_to_yaml(value, extent, steps)
        return
    opened = text.find("{", extent.start, extent.end)
    if text.startswith("{", extent.start) or _is_json(extent):
        yield _added_to_flow(value, extent, opened, steps)
    else:
        yield _added_to_hcl(value, extent, opened, steps)


def _added_to_hcl(value: Scalar, extent: Span, opened: int, steps: Steps) -> Edit:
    """At the end of a block; one that is written on one line is spread over several."""
    source = extent.source
    outer = _indentation(source.text, extent.start)
    inner = f"{outer}  "
    lines = [f"{inner}{'  ' * depth}{step} {{\n" for depth, step in enumerate(steps[:-1])]
    lines.append(f"{inner}{'  ' * (len(steps) - 1)}{steps[-1]} = {_hcl(value)}\n")
    lines += [f"{inner}{'  ' * depth}}}\n" for depth in reversed(range(len(steps) - 1))]
    body = source.text[opened + 1 : extent.end - 1]
    if "\n" in body:
        # Before the line of the closing brace.
        at = source.text.rindex("\n", opened, extent.end) + 1
        return Edit(Span(source, at, at), "".join(lines))
    present = f"{inner}{body.strip()}\n" if body.strip() else ""
    whole = Span(source, opened + 1, extent.end - 1)
    return Edit(whole, f"\n{present}{''.join(lines)}{outer}")


def _added_to_flow(value: Scalar, extent: Span, opened: int, steps: Steps) -> Edit:
    """As the first member of a JSON object or of a YAML mapping in braces."""
    source = extent.source
    quote = json.dumps if _is_json(extent) else str
    said = json.dumps(value)
    for step in reversed(steps[1:]):
        said = f"{{{quote(step)}: {said}}}"
    member = f"{quote(steps[0])}: {said}"
    body = source.text[opened + 1 : extent.end - 1]
    if not body.strip():
        return Edit(Span(source, opened + 1, extent.end - 1), member)
    blank = body[: len(body) - len(body.lstrip())]
    at = opened + 1 + len(blank)
    return Edit(Span(source, at, at), f"{member},{blank or ' '}")


def _added_to_yaml(value: Scalar, extent: Span, steps: Steps) -> Iterator[Edit]:
    """As the first member of a block mapping, whose first key tells the indentation."""
    source = extent.source
    if not re.compile(r"""["'A-Za-z]""").match(source.text, extent.start):
        return  # an anchor or a tag stands before it
    indent = " " * (extent.column - 1)
    lines = [f"{'  ' * depth}{step}:" for depth, step in enumerate(steps)]
    lines[-1] += f" {_yaml(value)}"
    text = "".join(f"{line}\n{indent}" for line in lines)
    yield Edit(Span(source, extent.start, extent.start), text)


def _removed(whole: Span) -> Iterator[Edit]:
    """What is written, with its lines where nothing else stands on them.

    Members and elements of JSON, of YAML in braces, and of YAML's lists are left to people: what
    remains must still be read as the same kind of thing.
    """
    source = whole.source
    text = source.text
    if _is_json(whole):
        return
    start = text.rfind("\n", 0, whole.start) + 1
    end = text.find("\n", whole.end)
    end = len(text) if end < 0 else end + 1
    if text[start : whole.start].strip() or text[whole.end : end].strip():
        return
    yield Edit(Span(source, start, end), "")


def _spelled(value: Scalar, span: Span) -> str:
    """A value in the language of the file in which something else is written now."""
    if span.path.endswith((".tf", ".tofu")) or _is_json(span):
        return _hcl(value)
    return _yaml(value)


def _hcl(value: Scalar) -> str:
    """A value as HCL and JSON both spell it; it holds no ``${``."""
    return json.dumps(value, ensure_ascii=False)


def _yaml(value: Scalar) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_json(span: Span) -> bool:
    return span.path.endswith(".json") or span.source.text.lstrip().startswith("{")


def _indentation(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())]
