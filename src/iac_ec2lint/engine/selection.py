"""Which checks run: what the words of ``--select`` and ``--ignore`` mean."""

from __future__ import annotations

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


def selected(checks: Sequence[CheckInfo], select: Sequence[str], ignore: Sequence[str]) -> set[str]:
    """The codes of the checks that run.

    What is off by default runs where its code or its name is selected, or ``ALL``: a family or a
    severity means those of it that run by themselves.

    Args:
        checks: All that there are.
        select: Words; none is ``DEFAULT``.
        ignore: Words for checks that do not run, whatever selects them.

    Raises:
        ValueError: A word names no check.
    """
    wanted = named_by(checks, select or (DEFAULT,))
    named = {word.lower() for word in select}
    by_name = {
        c.code for c in checks if not {c.code.lower(), c.name, ALL.lower()}.isdisjoint(named)
    }
    running = {check.code for check in checks if check.default} | by_name
    return (wanted & running) - named_by(checks, ignore)


def named_by(checks: Sequence[CheckInfo], words: Iterable[str]) -> set[str]:
    """The codes that words name, whether they run by themselves or not.

    Raises:
        ValueError: A word names no check.
    """
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
    if upper in (ALL, DEFAULT):
        return check.default or upper == ALL
    if lower in (check.name, check.severity):
        return True
    return check.code.startswith(upper) and len(upper) >= len(check.family)


def _no_such(word: str, checks: Sequence[CheckInfo]) -> str:
    known = [word for one in checks for word in (one.code, one.name, one.family)]
    hint = did_you_mean(word, [*known, *Severity, ALL, DEFAULT])
    said = f"no check, family or severity is called {word!r}; {hint}"
    return f"{said} See 'iac-ec2lint checks'" if hint else f"{said}see 'iac-ec2lint checks'"
