"""The places of resources in a plan's text, found without a tree of it.

A plan can have a hundred megabytes on one line, so neither its text nor its lines are kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.source.json_text import read_string
from iac_ec2lint.source.span import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

    from iac_ec2lint.terraform.plan.file import PlanFile

_KEY = re.compile(r'"address"\s*:\s*(?=")')
_CHANGES = re.compile(r'"resource_changes"\s*:\s*\[')
_SHOWN = 1000


class PlanSource(SourceText):
    """The file of a plan of which only some places are known.

    Args:
        path: How messages name it.
    """

    __slots__ = ("_lines", "_positions")

    def __init__(self, path: str) -> None:
        super().__init__(path, "")
        self._positions: dict[int, tuple[int, int]] = {}
        self._lines: dict[int, str] = {}

    def note(self, offset: int, line: int, column: int) -> None:
        """Note the line and column of an offset."""
        self._positions[offset] = line, column

    def keep(self, number: int, text: str) -> None:
        """Keep the text of a line."""
        self._lines[number] = text

    def position(self, offset: int) -> tuple[int, int]:
        """See ``SourceText``; the start of the file for an offset that was not noted."""
        return self._positions.get(offset, (1, 1))

    def line(self, number: int) -> str:
        """The text of a line with only an address; empty for others, which may hold secrets."""
        return self._lines.get(number, "")


class Places:
    """The places of addresses in a plan.

    Args:
        plan: The plan.
        wanted: The addresses to find, all at the first request.

    Attributes:
        source: The file.
        top: Its start.
    """

    def __init__(self, plan: PlanFile, wanted: AbstractSet[str]) -> None:
        self._plan = plan
        self._wanted = wanted
        self._spans: dict[str, Span] | None = None
        self.source = PlanSource(plan.path)
        self.top = Span(self.source, 0, 0)

    def of(self, address: str) -> Span:
        """The place of an address in the file; the start of the file where it is not found."""
        if self._spans is None:
            self._spans = self._find()
        return self._spans.get(address, self.top)

    def _find(self) -> dict[str, Span]:
        text = self._plan.text
        self._plan.text = ""  # not needed any more
        changes = _CHANGES.search(text)
        # A resource is in the file several times; its change has the most details.
        start = changes.start() if changes else 0
        found: dict[str, tuple[int, int]] = {}
        earlier: dict[str, tuple[int, int]] = {}
        for key in _KEY.finditer(text):
            address = read_string(text, key.end())
            into = found if address.start >= start else earlier
            into.setdefault(address.value, (address.start, address.end))
        chosen = {
            address: found.get(address) or earlier[address]
            for address in self._wanted
            if address in found or address in earlier
        }
        self._note(text, chosen)
        return {address: Span(self.source, *place) for address, place in chosen.items()}

    def _note(self, text: str, chosen: dict[str, tuple[int, int]]) -> None:
        line, first, at = 1, 0, 0
        for start, end in sorted(chosen.values()):
            # Each character is visited once: a whole plan can be on one line.
            line += text.count("\n", at, start)
            first = text.rfind("\n", at, start) + 1 or first
            at = start
            self.source.note(start, line, start - first + 1)
            self.source.note(end, line, end - first + 1)
            if end - first < _SHOWN:
                last = text.find("\n", end, end + _SHOWN)
                last = last if last >= 0 else end + _SHOWN
                key = _KEY.search(text, first)
                before = text[first : key.start() if key and key.end() == start else start]
                if not before.strip() and text[end:last].strip() in {"", ","}:
                    self.source.keep(line, text[first:last].rstrip("\r"))
