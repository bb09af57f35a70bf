"""Conditions and names in words, joined to one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


_FEW: Final = 2
"""Values that are told one by one."""
_SHOWN: Final = 3
"""Of a long list the values that are told."""
_TEXT: Final = regular_expression(r'"[^"]*"')
_TEXTS: Final = r'(?P<texts>"[^"]*"(?:, "[^"]*")*)'
_LONG: Final = regular_expression(r'\b(?P<of>(?:one|none) of )(?P<texts>"[^"]*"(?:, "[^"]*"){4,})')
_COMPARED: Final = {
    word: re.compile(rf"(?P<what>(?:(?! and | or ).)+?) is {verb}{_TEXTS}")
    for word, verb in (("or", "(?:one of )?"), ("and", "(?:not|none of) "))
}
"""``X is "a"`` where one of several holds, ``X is not "a"`` where all do; and lists of them."""


def join_conditions(parts: Iterable[str], word: Literal["and", "or"]) -> str:
    """Some conditions as one, each once; empty where one of them cannot be said.

    Args:
        parts: The conditions in words; an empty one is one that cannot be said.
        word: What joins them.
    """
    distinct = list(dict.fromkeys(parts))
    if not all(distinct):
        return ""
    distinct = merged_conditions(distinct, word)
    if word == "and":
        distinct = [one for one in distinct if not any(_says(more, one) for more in distinct)]
    other = " or " if word == "and" else " and "
    if len(distinct) > 1:
        distinct = [f"({part})" if other in part else part for part in distinct]
    return f" {word} ".join(distinct)


def _says(more: str, one: str) -> bool:
    """Whether a condition says another one, and something besides."""
    return more.startswith(f"{one} and ") or more.endswith(f" and {one}")


def merged_conditions(parts: Sequence[str], word: Literal["and", "or"]) -> list[str]:
    """Some conditions, of which those that compare one thing with many texts are one.

    Args:
        parts: The conditions in words.
        word: What joins them.
    """
    split = [one for part in parts for one in _split(part, word)]
    compared = {part: _COMPARED[word].fullmatch(part) for part in split}
    values: dict[str, dict[str, None]] = {}
    for found in compared.values():
        if found:
            values.setdefault(found["what"], {}).update(_quoted(found["texts"]))
    number = "one" if word == "or" else "none"
    made = {
        f"{found['what']} is {number} of {', '.join(values[found['what']])}"
        if found and len(values[found["what"]]) > _FEW
        else part: None
        for part, found in compared.items()
    }
    return list(made)


def _split(part: str, word: str) -> list[str]:
    """A condition that was joined of comparisons by the same word, as these; or itself."""
    each = part.split(f" {word} ")
    return each if all(map(_COMPARED[word].fullmatch, each)) else [part]


def _quoted(texts: str) -> dict[str, None]:
    return dict.fromkeys(_TEXT.findall(texts))


def shortened(condition: str) -> str:
    """A condition of which long lists of texts are told by their first ones and their number."""
    return _LONG.sub(_first_ones, condition)


def _first_ones(found: re.Match[str]) -> str:
    return found["of"] + listed(list(_quoted(found["texts"])), _SHOWN + 1, "or")


def listed(names: Sequence[str], most: int, word: Literal["and", "or"] = "and") -> str:
    """Some names as one text: ``a``, ``a and b``, ``a, b and 3 more``.

    Args:
        names: The names, at least one.
        most: How many things it lists, ``3 more`` among them; two or more.
        word: What joins the last one.
    """
    shown = list(names)
    if len(shown) > most:
        shown[most - 1 :] = [f"{len(shown) - most + 1:,} more"]
    return f" {word} ".join(filter(None, (", ".join(shown[:-1]), shown[-1])))
