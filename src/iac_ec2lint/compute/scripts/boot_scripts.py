"""The scripts that instances run at launch: their user data, decoded.

Source: EC2 User Guide, "Run commands when you launch an EC2 instance with user data input".
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch import launches
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.image_builder import Component, ImageRecipe
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.source.span import Span

_GZIP: Final = b"\x1f\x8b"
_UNPACKED_BYTES: Final = 1_000_000
"""EC2 takes 16 KB of user data; what unpacks to more than this is not read on."""

UNKNOWN_PIECE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands in a script for a piece that nobody knows."""


class BootScript(NamedTuple):
    """A script, and whose it is.

    Attributes:
        resource: The resource that has it: the host or its launch template.
        place: Where it is written.
        text: The script, with ``UNKNOWN_PIECE`` for what is not known in it; ``None`` where
            nothing of it is.
        causes: What is not known.
        read_from: The places that it came through: files, and templates in files, among them.
    """

    resource: Resource
    place: Place
    text: str | None
    causes: tuple[Unknown, ...]
    read_from: tuple[Span, ...] = ()

    def span_of(self, *texts: str) -> Span:
        """Where the first of some texts is written; else the place of all of the script.

        That is where the script stands, or in the file that it is read from, or its template.
        """
        for span in (self.place.span, *self.read_from):
            for text in filter(None, texts):
                found = _written(text, span)
                if found is not None:
                    return found
        return self.place.span


def _written(text: str, span: Span) -> Span | None:
    """Where a text is written in a place: best where it begins a line, for others are comments."""
    whole = span.source.text
    places = [
        span.start + match.start()
        for match in re.finditer(re.escape(text), whole[span.start : span.end])
    ]
    for at in places:
        before = whole[whole.rfind("\n", 0, at) + 1 : at]
        if not before.strip(" \t\"'-"):
            return span.source.span(at, at + len(text))
    return span.source.span(places[0], places[0] + len(text)) if places else None


@remembered
def boot_scripts(graph: Graph) -> tuple[BootScript, ...]:
    """Every script of the unit once, wherever it is used, by resource and place.

    The documents of Image Builder's components are scripts too: of the build's instances.
    """
    found: dict[object, BootScript] = {}

    def add(resource: Resource, place: Place, value: Val | None) -> None:
        if value is not None:
            steps = (step for one in _unpacked(value) for step in one.via)
            spans = tuple(dict.fromkeys(step.span for step in steps))
            script = BootScript(resource, place, *read_script(value), spans)
            found.setdefault((resource.address, place.span.key), script)

    for component in graph.all(Component):
        add(component, component.place("data"), component.data)
    for recipe in graph.all(ImageRecipe):
        add(recipe, recipe.place("user_data_base64"), recipe.user_data_base64)
    for launch in launches(graph):
        settings = launch.settings
        for name in ("user_data", "user_data_base64"):
            if settings.decides(name) is not None:
                add(*launch.place(name), getattr(settings, name))
    return tuple(found[key] for key in sorted(found, key=repr))


def read_script(value: Val) -> tuple[str | None, tuple[Unknown, ...]]:
    """The text of user data and what is unknown in it; Base64 and gzip are undone."""
    *_, value = _unpacked(value)
    if isinstance(value, Value):
        return (read_packed(value.text), ()) if value.text is not None else (None, ())
    parts = _parts(value)
    if parts:
        pieces = [part if isinstance(part, str) else UNKNOWN_PIECE for part in parts]
        unknown = tuple(part for part in parts if isinstance(part, Unknown))
        return "".join(pieces), unknown
    return None, (value,)


def _unpacked(value: Val) -> Iterator[Val]:
    """A value, what it encodes, what that encodes in turn; the last one is plain."""
    yield value
    while value.decoded is not None and (value.decoded.text is not None or _parts(value.decoded)):
        value = value.decoded
        yield value


def _parts(value: Val) -> tuple[str | Unknown, ...]:
    return value.parts if isinstance(value, Unknown) else ()


def read_packed(text: str) -> str:
    """A script in plain text, however it was packed; as it is where it was not."""
    raw = _from_base64(text)
    if raw is None:
        return text
    if raw.startswith(_GZIP):
        try:
            raw = zlib.decompressobj(wbits=31).decompress(raw, _UNPACKED_BYTES)
        except zlib.error:
            return text
    return raw.decode("utf-8", "replace")


def _from_base64(text: str) -> bytes | None:
    packed = "".join(text.split())
    if len(packed) < 16 or len(packed) % 4 or not packed.isascii():
        return None
    try:
        return base64.b64decode(packed, validate=True)
    except binascii.Error:
        return None
