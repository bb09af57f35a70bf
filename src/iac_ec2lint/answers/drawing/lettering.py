"""How much room text takes, and text cut to the room that there is."""

from __future__ import annotations

import unicodedata

_NARROW = frozenset("fijlrtI.,:;'|!()[]{}/ \"-`")
_BROAD = frozenset("mwMW@%")
_PAUSES = " ,;:"


def width(text: str, size: float) -> float:
    """The width of text in a sans-serif face, in pixels; rather too much than too little.

    Args:
        text: One line.
        size: The size of the letters in pixels.
    """
    return size * sum(_share(character) for character in text)


def clipped(text: str, size: float, room: float) -> str:
    """Text that fits: cut in the middle, since addresses differ at both ends."""
    if width(text, size) <= room:
        return text
    head, tail = len(text), len(text)
    head = (head + 1) // 2
    tail = len(text) - head
    while head + tail > 1 and width(f"{text[:head]}…{text[len(text) - tail :]}", size) > room:
        if head > tail:
            head -= 1
        else:
            tail -= 1
    return f"{text[:head]}…{text[len(text) - tail :] if tail else ''}"


def shortened(text: str, size: float, room: float) -> str:
    """Words that fit: cut at their end, between two words where at least half of them is left."""
    if width(text, size) <= room:
        return text
    kept = text
    while kept and width(f"{kept}…", size) > room:
        kept = kept[:-1]
    whole = kept.rpartition(" ")[0]
    kept = whole if len(whole) * 2 >= len(kept) else kept
    return f"{kept.rstrip(_PAUSES)}…"


def _share(character: str) -> float:
    if unicodedata.east_asian_width(character) in "WF":
        return 1.1
    if character in _NARROW:
        return 0.4
    if character in _BROAD:
        return 0.95
    return 0.73 if character.isupper() else 0.62
