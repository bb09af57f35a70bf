"""What is known where a shell script is read: variables and functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, Line

_REPEATED: Final = 100_000
_VARIABLES: Final = 500
_VARIABLE: Final = 1_000
"""Repeated text, variables, a value: nothing beyond is read."""


class Scope:
    """What is known where a script is read.

    Attributes:
        known: The variables that have literal values.
        functions: The functions: their bodies, and the lines that these begin on.
        called: The functions that are called.
        left: How many characters of loops and functions may be read again; less than 0 where some
            were not.
    """

    __slots__ = ("called", "functions", "known", "left")

    def __init__(self) -> None:
        self.known: dict[str, str] = {}
        self.functions: dict[str, Line] = {}
        self.called: set[str] = set()
        self.left = _REPEATED

    def assign(self, name: str, value: str) -> None:
        """Set a variable."""
        if name in self.known or len(self.known) < _VARIABLES:
            self.known[name] = value if len(value) <= _VARIABLE else RUN_TIME


def positional(words: Sequence[str]) -> dict[str, str]:
    """What ``$1``, ``$@`` and the like are."""
    given = dict.fromkeys(map(str, range(1, 10)), "")
    given |= {str(number): word for number, word in enumerate(words[:9], 1)}
    given["@"] = given["*"] = " ".join(filter(None, words))
    return given
