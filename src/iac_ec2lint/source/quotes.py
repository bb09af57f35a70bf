"""What came out of file functions, and how much of it a message quotes.

Whoever writes what is scanned chooses the file, and may not be allowed to see what is in it.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText, Span

SHOWN: Final = 40
"""The characters that are shown."""

_CUT: Final = "…"
_NO_LINE_END: Final = regular_expression(r"[^\r\n]")
_PIECE: Final = 8
_LEAST: Final = 24
"""Characters in a row that make a quotation: shorter words are common to many texts."""
_PARTS: Final = 64
"""Texts that one quotation is put together from, at most; of one of more, the rest is cut."""


class FileTexts:
    """What came out of file functions in one unit.

    Attributes:
        texts: The contents of files, and what is made of them, where these are long.
        paths: The files, as messages name them.
        decoded: Those whose parts became values of their own, each with its place in the file.
    """

    __slots__ = ("decoded", "paths", "texts")

    def __init__(self) -> None:
        self.texts: set[str] = set()
        self.paths: set[str] = set()
        self.decoded: set[str] = set()

    def note(self, text: str) -> None:
        """Note a text that came out of a file function, or is made of one that did."""
        if len(text) > SHOWN:
            self.texts.add(text)


class Quotations:
    """Finds quotations of some texts and cuts them.

    Args:
        found: The texts, and the files.
    """

    __slots__ = ("_all", "_copies", "_cut", "_found", "_pieces")

    def __init__(self, found: FileTexts) -> None:
        self._found = found
        # The longest first, since what is found first is mostly the whole then.
        self._all = "\0".join(sorted(found.texts, key=lambda text: (-len(text), text)))
        # Whatever is as long as two pieces less one has a whole one in it.
        self._pieces = {
            text[at : at + _PIECE]
            for text in found.texts
            for at in range(0, len(text) - _PIECE + 1, _PIECE)
        }
        self._copies: dict[tuple[int, int], tuple[SourceText, SourceText]] = {}
        self._cut: dict[str, str] = {}

    def __bool__(self) -> bool:
        return bool(self._pieces or self._found.paths)

    def cut(self, text: str) -> str:
        """A text with 40 characters of what it quotes, and dots for the rest.

        What is quoted again tells nothing more, and does not count.
        """
        if len(text) <= SHOWN or not self._pieces:
            return text
        if text not in self._cut:  # what many findings rest on is said by each of them
            self._cut[text] = self._cut_once(text)
        return self._cut[text]

    def _cut_once(self, text: str) -> str:
        room = SHOWN
        done = 0
        parts: list[str] = []
        shown: set[str] = set()
        for start, end in self._runs(text):
            if text[start:end] in shown:
                continue
            kept = min(room, end - start)
            room -= kept
            shown.add(text[start : start + kept])
            if start + kept < end:
                parts += (text[done : start + kept], _CUT)
                done = end
        return "".join((*parts, text[done:])) if parts else text

    def _runs(self, text: str) -> list[tuple[int, int]]:
        """Start and end of each quotation, in order."""
        found: list[tuple[int, int]] = []
        last = len(text) - _PIECE
        # Most texts quote nothing: that is told faster than where they do.
        if self._pieces.isdisjoint([text[at : at + _PIECE] for at in range(last + 1)]):
            return found
        at = done = 0
        while at <= last:
            seed = text[at : at + 2 * _PIECE]
            place = self._all.find(seed) if text[at : at + _PIECE] in self._pieces else -1
            if place < 0:
                at += 1
                continue
            start = at - self._common(text[done:at][-_PIECE:], self._all[:place][-_PIECE:], -1)
            end = self._end(text, at, place)
            if end - start < _LEAST and not (found and found[-1][1] == start):
                at += 1
                continue
            found.append((start, end))
            at = done = end
        return found

    def _end(self, text: str, at: int, place: int) -> int:
        """Where a quotation ends that begins here, whichever of the texts goes on with it."""
        for _ in range(_PARTS):
            end = at + self._common(text[at:], self._all[place : place + len(text) - at], 1)
            at = max(at, end - _LEAST + 1)
            place = self._all.find(text[at : end + 1]) if end < len(text) else -1
            if place < 0:
                return end
        return len(text)

    @staticmethod
    def _common(one: str, other: str, step: int) -> int:
        """How many characters two texts have in common at their beginning, or at their end."""
        one, other = one[::step], other[::step]
        low, high = 0, min(len(one), len(other))
        while low < high:
            middle = (low + high + 1) // 2
            low, high = (middle, high) if one[:middle] == other[:middle] else (low, middle - 1)
        return low

    def span(self, span: Span) -> Span:
        """The same place in a copy of its file with 40 characters from there on, where it quotes.

        It quotes where it is all of a file, or a part that a function decoded. Other places in a
        file mean something by themselves (a line of a boot script), and are left.
        """
        source = span.source
        if source.path not in self._found.paths:
            return span
        whole = (span.start, span.end) == (0, len(source.text))
        if not whole and source.path not in self._found.decoded:
            return span
        if not whole and len(source.line(span.line)) <= SHOWN:
            return span
        key = (id(source), span.start)
        if key not in self._copies:
            shown = slice(span.start, span.start + SHOWN)
            pieces = (source.text[: span.start], source.text[shown.stop :])
            before, after = (_NO_LINE_END.sub("*", piece) for piece in pieces)
            copy = SourceText(source.path, f"{before}{source.text[shown]}{after}")
            self._copies[key] = (source, copy)  # kept alive: its id stays its own
        return Span(self._copies[key][1], span.start, span.end)
