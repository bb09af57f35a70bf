"""Which checks run: what the words of ``--select`` and ``--ignore`` mean."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.engine.check import did_you_mean
from iac_ec2lint.engine.finding import Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.engine.finding import CheckInfo

ALL = "ALL"
"""Every check."""
DEFAULT = "DEFAULT"
"""The checks that run where nothing is selected."""
_PREFIX = re.compile(r"[A-Za-z]+\d*")


def selected(checks: Sequence[CheckInfo], select: Sequence[str], ignore: Sequence[str]) -> set[str]:
    """The codes of the checks that run.

    Args:
        checks: All that there are.
        select: Words; none is ``DEFAULT``. What a word names runs, also where it is off by default.
        ignore: Words for checks that do not run, whatever selects them.

    Raises:
        ValueError: A word names no check.
    """
    return _codes(checks, select or (DEFAULT,)) - _codes(checks, ignore)


def _codes(checks: Sequence[CheckInfo], words: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for word in words:
        named = {check.code for check in checks if _means(word, check)}
        if not named and word.lower() not in (*Severity, ALL.lower(), DEFAULT.lower()):
            raise ValueError(_no_such(word, checks))
        found |= named
    return found


def _means(word: str, check: CheckInfo) -> bool:
    """Whether a word is a check's code, the beginning of it, its name, its severity or all."""
    lower, upper = word.lower(), word.upper()
    if upper == ALL or lower in (check.name, check.severity):
        return True
    if upper == DEFAULT:
        return check.default
    if upper == check.code:
        return True
    return (
        check.code.startswith(upper)
        and _PREFIX.fullmatch(word) is not None
        and len(upper) >= len(check.family)
    )


def _no_such(word: str, checks: Sequence[CheckInfo]) -> str:
    known = [word for one in checks for word in (one.code, one.name, one.family)]
    hint = did_you_mean(word, [*known, *Severity, ALL, DEFAULT])
    said = f"no check, family or severity is called {word!r}; {hint}"
    return f"{said} See 'iac-ec2lint checks'" if hint else f"{said}see 'iac-ec2lint checks'"
