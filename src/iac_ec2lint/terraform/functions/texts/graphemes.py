"""Characters as people count them: grapheme clusters, which Terraform's functions count too.

Source: Unicode Standard Annex 29, "Grapheme Cluster Boundaries".
"""

from __future__ import annotations

import unicodedata

_JOINER = "\u200d"


def graphemes(text: str) -> list[str]:
    """The grapheme clusters of a text, in order."""
    if text.isascii() and "\r" not in text:
        return list(text)
    clusters: list[str] = []
    flags = 0
    for character in text:
        if clusters and _continues(clusters[-1], character, flags):
            clusters[-1] += character
        else:
            clusters.append(character)
        flags = flags + 1 if _is_flag(character) else 0
    return clusters


def _continues(cluster: str, character: str, flags: int) -> bool:
    last = cluster[-1]
    if last == "\r":
        return character == "\n"
    if unicodedata.category(last) in ("Cc", "Zl", "Zp"):
        return False
    if _extends(character):
        return True
    if _is_flag(character) and _is_flag(last):
        return flags % 2 == 1
    if last == _JOINER and _is_picture(character):
        return any(_is_picture(c) for c in cluster)
    return _hangul(last, character)


def _extends(character: str) -> bool:
    code = ord(character)
    return (
        unicodedata.category(character) in ("Mn", "Me", "Mc")
        or character in (_JOINER, "\u200c")
        or 0x1F3FB <= code <= 0x1F3FF
        or 0xE0020 <= code <= 0xE007F
    )


def _is_flag(character: str) -> bool:
    return 0x1F1E6 <= ord(character) <= 0x1F1FF


def _is_picture(character: str) -> bool:
    code = ord(character)
    return (
        0x1F000 <= code <= 0x1FAFF
        or 0x2190 <= code <= 0x2BFF
        or code in (0xA9, 0xAE, 0x203C, 0x2049, 0x2122, 0x2139, 0x3030, 0x303D, 0x3297, 0x3299)
    )


def _hangul(last: str, character: str) -> bool:
    a, b = _syllable(last), _syllable(character)
    return (
        (a == "L" and b in ("L", "V", "LV", "LVT"))
        or (a in ("LV", "V") and b in ("V", "T"))
        or (a in ("LVT", "T") and b == "T")
    )


def _syllable(character: str) -> str:
    code = ord(character)
    if 0x1100 <= code <= 0x115F:
        return "L"
    if 0x1160 <= code <= 0x11A7:
        return "V"
    if 0x11A8 <= code <= 0x11FF:
        return "T"
    if 0xAC00 <= code <= 0xD7A3:
        return "LV" if (code - 0xAC00) % 28 == 0 else "LVT"
    return ""
