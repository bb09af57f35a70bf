"""What everything came to, for people: a line a name, longer values over several."""

from __future__ import annotations

import json
from itertools import groupby
from typing import TYPE_CHECKING

from iac_ec2lint.report.escape import place, visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.report.answers.values_report import NamedValue, UnitValues

_KINDS = {"root-module": "root module", "stack": "stack", "plan": "plan"}
_NAME = 48  # columns to which names are padded, at most
_VALUE = 56  # columns to which values are padded, at most
_TEXT = 400  # characters of a string that are shown
_COLOURS: dict[str, dict[str, object]] = {
    "unit": {"bold": True},
    "unknown": {"fg": "yellow"},
    "error": {"fg": "red", "bold": True},
    "place": {"dim": True},
}


def render(units: Sequence[UnitValues], *, width: int = 100, colour: bool = False) -> str:
    """The names that were asked for, unit by unit; nothing of units without any.

    Args:
        units: The units.
        width: The columns that a value may take before it is put on several lines.
        colour: Whether it is styled for a terminal.
    """
    lines: list[str] = []
    for unit in units:
        asked = [entry for entry in unit.entries if entry.asked]
        if asked:
            heading = f"{place(unit.path)}: {_KINDS[unit.kind]}"
            lines += ["", _paint(heading, "unit", colour=colour)]
            for _, group in groupby(asked, _owner):
                lines += _Table(list(group), width, colour=colour, kind=unit.kind).lines()
    return "".join(f"{line}\n" for line in lines[1:])


def _owner(entry: NamedValue) -> str:
    """What a name belongs to: the resource of an argument, ``local`` of a local value."""
    return entry.name.rpartition(".")[0]


class _Table:
    """The names that belong together, one below the other."""

    def __init__(
        self, entries: Sequence[NamedValue], width: int, *, colour: bool, kind: str
    ) -> None:
        self._entries = entries
        self._width = width
        self._colour = colour
        self._stack = kind == "stack"
        names = [len(visible(entry.name)) for entry in entries]
        self._name = min(_NAME, max(names))

    def lines(self) -> Iterator[str]:
        rows = [(entry, self._texts(entry)) for entry in self._entries]
        short = [len(texts[0]) for _, texts in rows if len(texts) == 1 and len(texts[0]) <= _VALUE]
        pad = max(short, default=0)
        for entry, texts in rows:
            name = visible(entry.name).ljust(self._name)
            first = texts[0].ljust(pad) if len(texts) == 1 else texts[0]
            yield f"  {name} = {self._painted(entry, first)}  {self._place(entry)}"
            for text in texts[1:]:
                yield f"  {text}"

    def _place(self, entry: NamedValue) -> str:
        path, line = str(entry.shown["path"]), entry.shown["line"]
        where = place(path, line if isinstance(line, int) else 0)
        when = f", when {visible(entry.when)}" if entry.when else ""
        said = entry.shown.get("stated")
        stated = ""
        if isinstance(said, list):
            stated = f", as {', '.join(place(one['path'], one['line']) for one in said)} states"
        return _paint(f"# {where}{when}{stated}", "place", colour=self._colour)

    def _painted(self, entry: NamedValue, text: str) -> str:
        for kind in ("unknown", "error"):
            if kind in entry.shown:
                return _paint(text, kind, colour=self._colour)
        return text

    def _texts(self, entry: NamedValue) -> list[str]:
        """The lines that a value takes."""
        shown = entry.shown
        if "error" in shown:
            return [f"error: {visible(str(shown['error']))}"]
        if "unknown" in shown:
            candidates = shown["candidates"]
            text = f"unknown: {visible(str(shown['unknown']))}"
            if isinstance(candidates, list) and candidates:
                text += f"; one of {', '.join(self._inline(one) for one in candidates)}"
            return [text]
        inline = self._inline(shown["value"])
        if len(inline) + self._name + len("   = ") <= self._width:
            return [inline]
        return list(self._block(shown["value"]))

    def _inline(self, data: object) -> str:
        """A value on one line."""
        special = self._special(data)
        if special is not None:
            return special
        if isinstance(data, list):
            return f"[{', '.join(self._inline(one) for one in data)}]"
        if isinstance(data, dict):
            if set(data) == {"$set"}:
                return f"toset({self._inline(data['$set'])})"
            members = ", ".join(f"{_key(k)} = {self._inline(v)}" for k, v in data.items())
            return f"{{ {members} }}" if members else "{}"
        return _scalar(data)

    def _special(self, data: object) -> str | None:
        """What is unknown or concealed, a reference or a large number."""
        if data is None and self._stack:
            return "AWS::NoValue"
        if not isinstance(data, dict):
            return None
        keys = set(data)
        if keys == {"$unknown"}:
            return f"(unknown: {visible(str(data['$unknown']))})"
        if keys == {"$concealed"}:
            return str(data["$concealed"])
        if keys == {"$number"}:
            return str(data["$number"])
        if keys == {"$resource", "attribute"}:
            return self._reference(visible(str(data["$resource"])), visible(str(data["attribute"])))
        return None

    def _reference(self, target: str, attribute: str) -> str:
        if not self._stack:
            return f"{target}.{attribute}" if attribute else target
        return f"!Ref {target}" if attribute == "Ref" else f"!GetAtt {target}.{attribute}"

    def _block(self, data: object, indent: str = "") -> Iterator[str]:
        """A value over several lines, as far as it does not fit on one.

        Args:
            data: The value.
            indent: What stands before its last line.
        """
        inline = self._inline(data)
        inner = f"{indent}  "
        if isinstance(data, dict) and set(data) == {"$set"}:
            first, *middle = self._block(data["$set"], indent)
            if not middle:
                yield f"toset({first})"
                return
            yield from (f"toset({first}", *middle[:-1], f"{middle[-1]})")
        elif (
            len(inline) + len(indent) <= max(_VALUE, self._width - 24)
            or self._special(data) is not None
        ):
            yield inline
        elif isinstance(data, list):
            yield "["
            for one in data:
                first, *more = self._block(one, inner)
                lines = [f"{inner}{first}", *more]
                yield from lines[:-1]
                yield f"{lines[-1]},"
            yield f"{indent}]"
        elif isinstance(data, dict):
            yield "{"
            for name, member in data.items():
                first, *more = self._block(member, inner)
                yield f"{inner}{_key(name)} = {first}"
                yield from more
            yield f"{indent}}}"
        else:
            yield inline


def _key(name: str) -> str:
    return name if name.replace("-", "_").isidentifier() else _scalar(name)


def _scalar(data: object) -> str:
    if not isinstance(data, str):
        return json.dumps(data)
    text = visible(json.dumps(data[:_TEXT], ensure_ascii=False))
    return text if len(data) <= _TEXT else f'{text[:-1]}..." ({len(data):,} characters)'


def _paint(text: str, kind: str, *, colour: bool) -> str:
    if not colour:
        return text
    import click  # only where it is a terminal that reads it

    return click.style(text, **_COLOURS[kind])  # type: ignore[arg-type] # a table of its arguments
