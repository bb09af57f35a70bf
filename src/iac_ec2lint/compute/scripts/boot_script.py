"""A script that an instance runs, decoded, with what is not known in it."""

from __future__ import annotations

import base64
import binascii
import zlib
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.choices import choices
from iac_ec2lint.values import Unknown, Val, Value, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.source.span import Span


_GZIP: Final = b"\x1f\x8b"
_UNPACKED_BYTES: Final = 1_000_000
"""EC2 takes 16 KB of user data; what unpacks to more than this is not read on."""

UNKNOWN_PIECE: Final = "\N{REPLACEMENT CHARACTER}"
"""Stands in a script for a piece that nobody knows."""

_LONG_ENOUGH: Final = 12  # what is shorter may be written for something else as well
_BEGINNING: Final = 8  # the same of what is written once
ScriptKind = Literal["user data", "cfn-init", "component", "document", "parameter"]


class BootScript(NamedTuple):
    """A script, and whose it is.

    Attributes:
        resource: The resource that has it: the host or its launch template.
        place: Where it is written.
        text: The script, with ``UNKNOWN_PIECE`` for what is not known in it; ``None`` where
            nothing of it is.
        causes: What is not known.
        read_from: The places that it came through: files, and templates in files, among them.
        kind: Where it is written: in ``user data``, for ``cfn-init`` in the metadata of a resource,
            in a ``component`` of Image Builder, in a ``document`` of Systems Manager, or as a
            ``parameter`` of one.
        path: The file that it is written to, where it is not run but written.
        doubt: What decides whether it is a script at all, where that is not known.
    """

    resource: Resource
    place: Place
    text: str | None
    causes: tuple[Unknown, ...]
    read_from: tuple[Span, ...] = ()
    kind: ScriptKind = "user data"
    path: str = ""
    doubt: Unknown | None = None

    def span_of(self, *texts: str) -> Span:
        """Where the first of some texts is written; else the place of all of the script.

        That is where the script stands, or in the file that it is read from, or its template. Of a
        text with something unknown in it, the longest piece that is known is looked for.
        """
        known = (max(text.split(UNKNOWN_PIECE), key=len).strip() for text in texts)
        wanted = (*texts, *(piece for piece in known if len(piece) >= _LONG_ENOUGH))
        for span in (self.place.span, *self.read_from):
            for text in filter(None, wanted):
                found = _written(text, span)
                if found is not None:
                    return found
        return self.place.span

    def line_of(self, *texts: str) -> Span:
        """Like ``span_of``; of a line that is put together, where its beginning alone stands.

        Its end may be put into it, or what it is of may be a structure that is encoded.
        """
        bare = (text.lstrip("- ").strip('"') for text in texts)  # an item of a list in YAML
        found = self.span_of(*texts, *filter(None, bare))
        if found is not self.place.span:
            return found
        for text in texts:
            words = text.split()
            begins = [" ".join(words[:number]) for number in range(len(words), 0, -1)]
            for begin in (*begins, *(word.strip('":') for word in begins[-1:])):
                if len(begin) < _BEGINNING:
                    continue
                for span in (self.place.span, *self.read_from):
                    if span.source.text.count(begin, span.start, span.end) == 1:
                        at = span.source.text.index(begin, span.start)
                        return span.source.span(at, at + len(begin))
        return found

    def word_of(self, word: str) -> Span:
        """Where a word stands that begins a line, or else the only one, in what is put together.

        So it is with the keys of a structure that is encoded, on one line, as JSON.
        """
        for span in (self.place.span, *self.read_from):
            found = _written(word, span)
            lone = span.source.text.count(word, span.start, span.end) == 1
            if found is not None and (lone or not _before(found).strip(" \t\"'-{[(")):
                return found
        return self.place.span


def _before(span: Span) -> str:
    """What stands before a place on its line."""
    return span.source.text[span.source.text.rfind("\n", 0, span.start) + 1 : span.start]


def _written(text: str, span: Span) -> Span | None:
    """Where a text is written in a place: best where it begins a line, for others are comments."""
    source = span.source
    first = at = source.text.find(text, span.start, span.end)
    while at >= 0:
        before = source.text[source.text.rfind("\n", 0, at) + 1 : at]
        if not before.strip(" \t\"'-"):
            return source.span(at, at + len(text))
        at = source.text.find(text, at + len(text), span.end)
    return source.span(first, first + len(text)) if first >= 0 else None


def script_of(resource: Resource, place: Place, value: Val) -> BootScript:
    """The script that a value is.

    Args:
        resource: The resource that has it.
        place: Where it is written there.
        value: The value.
    """
    text, causes = read_script(value)
    steps = (step for one in unpacked(value) for step in one.via)
    packed = [one.decoded for one in causes if one.decoded is not None]
    inner = (span for one in packed for span in (one.span, *(step.span for step in one.via)))
    spans = tuple(dict.fromkeys([*(step.span for step in steps), *inner]))
    return BootScript(resource, place, text, causes, spans)


def variants(script: BootScript) -> Iterator[tuple[BootScript, Unknown | None]]:
    """A script, or each one that it can be; what decides that, where nobody wrote a condition."""
    value = script.place.value
    if script.text is not None or value is None:
        yield script, script.doubt
        return
    for choice in choices(value, script.place.presence):
        if choice.value is value:
            yield script, None
            continue
        text, causes = read_script(choice.value)
        place = script.place._replace(
            span=script.place.span if choice.doubt is not None else choice.value.span,
            value=choice.value,
            presence=choice.presence,
        )
        yield script._replace(place=place, text=text, causes=causes), choice.doubt


def read_script(value: Val) -> tuple[str | None, tuple[Unknown, ...]]:
    """The text of user data and what is unknown in it; Base64 and gzip are undone."""
    *_, value = unpacked(value)
    if isinstance(value, Value):
        return (read_packed(value.text), ()) if value.text is not None else (None, ())
    parts = _parts(value)
    if parts:
        pieces = [part if isinstance(part, str) else UNKNOWN_PIECE for part in parts]
        unknown = tuple(part for part in parts if isinstance(part, Unknown))
        return "".join(pieces), unknown
    return None, (value,)


def unpacked(value: Val) -> Iterator[Val]:
    """A value, what it encodes, what that encodes in turn; the last one is plain."""
    yield value
    while value.decoded is not None and (value.decoded.text is not None or _parts(value.decoded)):
        value = value.decoded
        yield value


def _parts(value: Val) -> tuple[str | Unknown, ...]:
    return value.parts if isinstance(value, Unknown) else ()


def packed_scripts(piece: Unknown) -> Iterator[tuple[str, tuple[Unknown, ...]]]:
    """The texts that are packed in a piece of which not all is known, each as ``read_script`` does.

    Args:
        piece: What is in Base64, or a structure that is encoded as JSON or YAML.
    """
    for value in () if piece.decoded is None else walk(piece.decoded):
        text, causes = read_script(value)
        if text is not None:
            yield text, causes


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
