"""Conditions as people read them: what one thing may be is listed, and many values are counted."""

from __future__ import annotations

import re
from typing import Final

from iac_ec2lint.values import listed

_VALUES: Final = 4
_VALUE: Final = r'"[^"]*"'
_CHOICE: Final = re.compile(
    rf"(?<![^\s(])(?P<subject>[^\s()]+(?: {_VALUE})?) is {_VALUE}"
    rf"(?: or (?P=subject) is {_VALUE}){{2,}}(?: or one of (?P<left>[\d,]+) more)?"
)
"""``x is "a" or x is "b" or x is "c"``."""
_LIST: Final = re.compile(rf"\bone of \[(?P<values>{_VALUE}(?:, {_VALUE}){{{_VALUES},}})\]")


def short_condition(words: str) -> str:
    """A condition without repetition: ``x is "a", "b", "c" or 5 more``.

    Args:
        words: The condition as findings have it.
    """
    return _LIST.sub(_listed, _CHOICE.sub(_chosen, words))


def _chosen(found: re.Match[str]) -> str:
    subject = found["subject"]
    values = re.findall(rf" is ({_VALUE})", found.group())
    if not found["left"]:
        return f"{subject} is {listed(values, _VALUES, 'or')}"
    shown = values[: _VALUES - 1]
    left = int(found["left"].replace(",", "")) + len(values) - len(shown)
    return f"{subject} is {', '.join(shown)} or {left:,} more"


def _listed(found: re.Match[str]) -> str:
    values = re.findall(_VALUE, found["values"])
    return f"one of {listed(values, _VALUES, 'or')}"
