"""Conditions and names in words, joined to one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def join_conditions(parts: Iterable[str], word: Literal["and", "or"]) -> str:
    """Some conditions as one, each once; empty where one of them cannot be said.

    Args:
        parts: The conditions in words; an empty one is one that cannot be said.
        word: What joins them.
    """
    distinct = list(dict.fromkeys(parts))
    if not all(distinct):
        return ""
    if word == "and":
        distinct = [one for one in distinct if not any(_says(more, one) for more in distinct)]
    other = " or " if word == "and" else " and "
    if len(distinct) > 1:
        distinct = [f"({part})" if other in part else part for part in distinct]
    return f" {word} ".join(distinct)


def _says(more: str, one: str) -> bool:
    """Whether a condition says another one, and something besides."""
    return more.startswith(f"{one} and ") or more.endswith(f" and {one}")


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
