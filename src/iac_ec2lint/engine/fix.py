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

from iac_ec2lint.resources.layer import Entry, alternatives, enclosing
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import GeneratedText, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.declaration import Section
    from iac_ec2lint.resources.layer import Layer, Steps
    from iac_ec2lint.resources.part import Part, Place, Resource
    from iac_ec2lint.resources.spelling import Field

Scalar = bool | int | str

_LITERAL = regular_expression(r"""true|false|-?\d+(?:\.\d+)?|"[^"$%{}\\]*\"""")
"""Text that says one value and refers to nothing, in HCL, JSON and YAML alike."""

_PLAIN = regular_expression(r"[A-Za-z][\w./-]*")
"""Text without quotes that YAML reads as a text; to HCL it is a reference."""

_ANCHOR = regular_expression(r"(?:^|[\s\[{,])&[^\s,\[\]{}]")
_STEP = regular_expression(r"\w+")
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

    @property
    def key(self) -> tuple[object, ...]:
        """A key that identifies what it changes, the same in every process."""
        edits = tuple((edit.span.key, edit.text) for edit in self.edits)
        return self.description, self.applicability, edits


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


def repair(fix: Fix, place: Place, declaring: Resource) -> Repair | None:
    """The edits that a fix comes to at a place; ``None`` where it does not say what to set.

    Args:
        fix: The fix.
        place: The place of the verdict.
        declaring: The resource that declares it; only what lies in its text is changed.
    """
    if fix.value is not None and place.part is None:
        return None
    name = place.attribute or declaring.address
    words = f"remove {name}" if fix.value is None else f"set {name} to {_hcl(fix.value)}"
    edits = _edits(fix, place, declaring.declared.extent)
    if not edits:
        return Repair(words, Applicability.DISPLAY)
    safe = fix.safe and place.presence.certain and _is_plain(fix, place, edits)
    return Repair(words, Applicability.SAFE if safe else Applicability.UNSAFE, edits)


def _is_plain(fix: Fix, place: Place, edits: Iterable[Edit]) -> bool:
    """Whether nothing but literals is replaced or goes: no reference, no block, no resource."""
    if fix.value is not None:
        return all(_is_literal(edit.span) or not edit.span.text for edit in edits)
    written = place.part.written_at(place.name) if place.part is not None else ()
    spans = [section.expression(steps[-1]) for section, steps in written]
    return bool(spans) and all(span is not None and _is_literal(span) for span in spans)


def _edits(fix: Fix, place: Place, within: Span) -> tuple[Edit, ...]:
    """What is changed in the text of a resource; nothing where any of it cannot be."""
    text = within.text
    if isinstance(within.source, GeneratedText):
        return ()  # what it is generated from may say it otherwise
    if "&" in text and not _is_braced(within) and _ANCHOR.search(text):
        return ()  # what an alias repeats is changed in other places too
    found: list[Edit | None]
    if fix.value is not None and place.part is not None:
        found = [*_set(fix.value, place.part, place.name, within)]
    elif place.part is not None:
        found = [
            edit
            for section, steps in place.part.written_at(place.name)
            for edit in _taken_out(section, steps)
        ]
    else:
        found = [] if place.attribute else [*_removed(within)]
    edits = tuple(one for one in found if one is not None)
    if len(edits) < len(found) or not all(_lines(within).contains(edit.span) for edit in edits):
        return ()
    return tuple(edit for edit in edits if edit.text != edit.span.text)


def _taken_out(section: Section, steps: Steps) -> Iterator[Edit | None]:
    """What takes an attribute or a block out; no edit does where an entry of a list has it."""
    if any(isinstance(step, Entry) for step in steps):
        yield None
    else:
        yield from _removed(section.entry(steps[-1]), len(section.names()))


def _set(value: Scalar, part: Part, name: str, within: Span) -> Iterator[Edit | None]:
    """What sets a field in each of the blocks of a resource that may say it.

    ``None`` stands for what cannot be set. Blocks of which one counts (the arms of a condition)
    are all set; those of other resources (the launch template below an instance) are not.
    """
    steps: Steps = ()
    while True:
        spellings = {layer.type: _spelling(part, name, layer) for layer in part.layers}
        for layer in part.layers:
            if within.contains(layer.section.extent or layer.section.span):
                yield from _set_below(value, layer.section, spellings[layer.type] + steps)
        if part.layers or part.within is None:
            return
        paths = _paths(part, name, part.resource_type)
        if not paths:
            return
        steps = paths[0] + steps
        part, name = part.within


def _paths(part: Part, name: str, kind: str) -> tuple[Steps, ...]:
    field: Field[object] = getattr(type(part), name)
    return field.paths(kind)


def _spelling(part: Part, name: str, layer: Layer) -> Steps:
    """The path of a field that a layer says it by; the first where it says it by none."""
    paths = _paths(part, name, layer.type)
    for steps in paths:
        if any(_says(inside, steps[-1]) for inside in enclosing(layer.section, steps)):
            return steps
    return paths[0] if paths else ()


def _says(section: Section, name: str) -> bool:
    """Whether an attribute or a block is written, if only as null."""
    return section.entry(name) is not None or section.spelled(name) in section.names()


def _set_below(value: Scalar, section: Section, steps: Steps) -> Iterator[Edit | None]:
    if not steps or section.extent is None:
        yield None
    elif len(steps) == 1 and _says(section, steps[0]):
        span = section.expression(steps[0])
        yield Edit(span, _spelled(value, span)) if span is not None else None
    elif len(steps) > 1 and isinstance(steps[1], Entry):
        found, rest = list(section.sections(steps[0])), steps[1:]
        while isinstance(rest[0], Entry):
            found, rest = rest[0].select(found), rest[1:]
        for inner in found:
            yield from _set_below(value, inner, rest)
        if not found:
            yield None
    elif len(steps) > 1 and (found := list(section.sections(steps[0]))):
        for inner in alternatives(found, section.presence):
            yield from _set_below(value, inner, steps[1:])
    elif _says(section, steps[0]) or not all(map(_STEP.fullmatch, steps)):
        yield None  # a block that a condition leaves out, or an entry of a list
    else:
        yield _added(value, section.extent, steps)


def _added(value: Scalar, extent: Span, steps: Steps) -> Edit | None:
    if _is_native(extent):
        return _added_to_block(value, extent, steps)
    if extent.text.startswith("{"):
        return _added_in_braces(value, extent, steps)
    return None if _is_braced(extent) else _added_to_mapping(value, extent, steps)


def _added_to_block(value: Scalar, extent: Span, steps: Steps) -> Edit:
    """At the end of a block; one that is written on one line is spread over several."""
    source, end = extent.source, _line_end(extent)
    opened = source.text.find("{", extent.start, extent.end)
    body = source.text[opened + 1 : extent.end - 1]
    outer = _indentation(source.text, extent.start)
    first = re.match(r"(?:[ \t]*(?:(?:#|//).*)?\r?\n)+([ \t]+)\S", body)
    inner = first[1] if first else f"{outer}\t" if outer.endswith("\t") else f"{outer}  "
    deeper = inner.removeprefix(outer) if inner.startswith(outer) else "  "
    lines = [f"{inner}{deeper * depth}{step} {{{end}" for depth, step in enumerate(steps[:-1])]
    lines.append(f"{inner}{deeper * (len(steps) - 1)}{steps[-1]} = {_hcl(value)}{end}")
    lines += [f"{inner}{deeper * depth}}}{end}" for depth in reversed(range(len(steps) - 1))]
    closing = source.text.rfind("\n", opened, extent.end) + 1
    if re.match(r"[ \t]*(?:(?:#|//|/\*).*)?\r?\n", body) and (
        not source.text[closing : extent.end - 1].strip()
    ):
        return Edit(Span(source, closing, closing), "".join(lines))
    present = f"{inner}{body.strip()}{end}" if body.strip() else ""
    whole = Span(source, opened + 1, extent.end - 1)
    return Edit(whole, f"{end}{present}{''.join(lines)}{outer}")


def _added_in_braces(value: Scalar, extent: Span, steps: Steps) -> Edit:
    """As the first member of a JSON object or of a YAML mapping in braces."""
    source = extent.source
    quote = json.dumps if _is_braced(extent) else str
    said = json.dumps(value, ensure_ascii=False)
    for step in reversed(steps[1:]):
        said = f"{{{quote(step)}: {said}}}"
    member = f"{quote(steps[0])}: {said}"
    body = source.text[extent.start + 1 : extent.end - 1]
    if not body.strip():
        return Edit(Span(source, extent.start + 1, extent.end - 1), member)
    blank = body[: len(body) - len(body.lstrip())]
    at = extent.start + 1 + len(blank)
    return Edit(Span(source, at, at), f"{member},{blank or ' '}")


def _added_to_mapping(value: Scalar, extent: Span, steps: Steps) -> Edit | None:
    """As the first member of a YAML mapping in lines, whose first key tells the indentation."""
    source = extent.source
    if not re.compile(r"""["'A-Za-z]""").match(source.text, extent.start):
        return None  # an anchor or a tag stands before it
    indent = " " * (extent.column - 1)
    lines = [f"{'  ' * depth}{step}:" for depth, step in enumerate(steps)]
    lines[-1] += f" {_yaml(value)}"
    text = "".join(f"{line}{_line_end(extent)}{indent}" for line in lines)
    return Edit(Span(source, extent.start, extent.start), text)


def _removed(whole: Span | None, of: int = 2) -> Iterator[Edit | None]:
    """What takes something out, with its lines: nothing else may stand on them.

    Members and elements of JSON, of YAML in braces, and of YAML's lists are left to people, as is
    the only one of several things: what remains must be read as the same kind of thing.

    Args:
        whole: What is to go; ``None`` where it has no text of its own.
        of: How many there are of which it is one.
    """
    if whole is None or _is_braced(whole):
        yield None
        return
    text = whole.source.text
    _, start, end = lines = _lines(whole)
    alone = not text[start : whole.start].strip() and not text[whole.end : end].strip()
    if not alone or not (_is_native(whole) or (of > 1 and _has_siblings(text, start, end))):
        yield None
        return
    yield Edit(lines, "")


def _lines(span: Span) -> Span:
    """The whole lines that a place stands on."""
    text = span.source.text
    end = text.find("\n", span.end)
    start = text.rfind("\n", 0, span.start) + 1
    return Span(span.source, start, len(text) if end < 0 else end + 1)


def _has_siblings(text: str, start: int, end: int) -> bool:
    """Whether a YAML mapping has an entry beside the one on some lines."""
    indent = re.match(r" *", text[start:end])[0]  # type: ignore[index]  # it matches anything
    sibling = re.compile(rf"{indent}[^\s#-]")
    ended = re.compile(rf"(?! *(?:#|$))(?!{indent})")
    for lines in (reversed(text[:start].split("\n")), iter(text[end:].split("\n"))):
        for line in lines:
            if sibling.match(line):
                return True
            if ended.match(line.rstrip("\r")):
                break
    return False


def _spelled(value: Scalar, span: Span) -> str:
    """A value in the language of the file in which something else is written now."""
    return _hcl(value) if _is_native(span) or _is_braced(span) else _yaml(value)


def _hcl(value: Scalar) -> str:
    """A value as HCL and JSON both spell it; it holds no ``${``."""
    return json.dumps(value, ensure_ascii=False)


def _yaml(value: Scalar) -> str:
    if isinstance(value, str) and _PLAIN.fullmatch(value) and value.lower() not in _WORDS:
        return value
    return json.dumps(value, ensure_ascii=False)


def _is_literal(span: Span) -> bool:
    """Whether what is written says one value and refers to nothing."""
    if _LITERAL.fullmatch(span.text):
        return True
    return not (_is_native(span) or _is_braced(span)) and bool(
        _PLAIN.fullmatch(span.text) or re.fullmatch(r"'[^'{}]*'", span.text)
    )


def _is_native(span: Span) -> bool:
    """Whether a file is in Terraform's native syntax."""
    return span.path.endswith((".tf", ".tofu"))


def _is_braced(span: Span) -> bool:
    """Whether a file is JSON, whatever it is called."""
    if _is_native(span):
        return False
    return span.path.endswith(".json") or span.source.text.lstrip().startswith("{")


def _line_end(span: Span) -> str:
    return span.source.line_ending


def _indentation(text: str, at: int) -> str:
    line = text[text.rfind("\n", 0, at) + 1 : at]
    return line[: len(line) - len(line.lstrip())]
