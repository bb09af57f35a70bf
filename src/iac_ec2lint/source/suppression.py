"""Comments that suppress findings: ``ec2lint:ignore=SG001 reason until=2026-12-31``.

What is meant as one and is not spelled so suppresses nothing, and says how it is spelled: an end
that nobody reads would make it last for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.source.peer_suppressions import MARKS, METADATA, parse_peer_line
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.source.patterns import BasedPatterns
    from iac_ec2lint.source.span import Span

_NAME = r"(?:iac[-_ ]?)?ec2[-_ ]?lint"
_WORTH_A_LOOK = ("lint", "Lint", "LINT", *MARKS, *METADATA)
_PROPER = regular_expression(r"(?<![\w/.-])ec2lint:ignore=")
# With a colon or an equals sign behind the name whatever looks like a verb, a code or an assignment
# is meant; without one a verb is prose, unless a code or such a sign follows it.
_CODE = r"[A-Za-z]{2,8}\d{3}\b"
_VERB = r"(?:ignored?|disabled?|skip(?:ped)?|suppress(?:ed)?|allow(?:ed)?|accept(?:ed)?|noqa|off)\b"
_MEANT = regular_expression(
    rf"(?<![\w/.]){_NAME}(?:\s*[:=]+\s*(?:{_VERB}|{_CODE}|\w[\w-]*\s*=)"
    rf"|[\s._/-]+{_VERB}\s*(?:[:=]|{_CODE}))",
    re.IGNORECASE,
)
_OPENING = regular_expression(r"^\s*(?:#+|/[/*]+|\*(?!/))?")
_CODES = regular_expression(r"[\w-]+(?:\s*,\s*[\w-]+)*(?=,?(?:\s|$))")
_LIKE_UNTIL = regular_expression(
    r"(?<![\w/?&.-])(?:(?:u[ntil]{2,6}|till?|expires?|expiry|expiration)(?:\s*[=:]\s*\S*"
    r"|\s+\d{4}-\d\d-\d\d\S*)|(?:exp|ends?)(?:\s*[=:]\s*|\s+)\d{4}-\d\d-\d\d\S*)",
    re.IGNORECASE,
)
_DAY = regular_expression(r"\d{4}-\d\d-\d\d")


class Written(NamedTuple):
    """A suppression as it is written in one line of a comment.

    Attributes:
        codes: The checks, by code or name as written.
        reason: Why; may be empty.
        until: The last day on which it is in force, if it has one.
        flaw: Why it suppresses nothing, and how it is spelled; empty where nothing is wrong.
        peer: The program that it is written for, where that is another: the codes are that one's.
        in_block: Whether it stands inside the resource that it covers, and not above it.
    """

    codes: tuple[str, ...]
    reason: str = ""
    until: str | None = None
    flaw: str = ""
    peer: str = ""
    in_block: bool = False


EVERYTHING = ("**",)
"""The addresses of all resources."""


@dataclass(frozen=True, slots=True)
class Suppression:
    """A comment, or metadata, that suppresses findings of some checks in one place.

    Attributes:
        codes: The checks, by code or name as written.
        reason: Why; may be empty.
        until: The last day on which it is in force, as written, if it has one.
        at: Where it is written.
        covers: The block or attribute that it is written on or above.
        flaw: See ``Written``.
        peer: See ``Written``.
        addresses: Where it is no comment: the addresses of the resources that it is for, in which
            ``*`` stands for text without a dot or a slash, and ``**`` for any.
        paths: The files that it is for, where it is no comment; ``None`` for all.
    """

    codes: tuple[str, ...]
    reason: str
    until: str | None
    at: Span
    covers: Span
    flaw: str = ""
    peer: str = ""
    addresses: tuple[str, ...] = ()
    paths: BasedPatterns | None = None

    @property
    def last_day(self) -> date | None:
        """``until`` as a date; ``None`` where there is none."""
        return day(self.until) if self.until else None


def day(text: str) -> date | None:
    """The day that a text like 2026-12-31 names; ``None`` where it names none."""
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def flaw_of_until(text: str) -> str:
    """What is wrong with the end of a suppression; empty where it is a day."""
    if day(text) is not None:
        return ""
    return f'"{text}" is no day; write one such as 2026-12-31'


def flaw_of_reason(text: str) -> str:
    """What is wrong with a reason that has a key of its own: an end in it ends nothing."""
    found = _LIKE_UNTIL.search(text)
    return f'"{found[0]}" in the reason is no end; write until: 2026-12-31' if found else ""


def may_be_in(text: str, start: int = 0, end: int | None = None) -> bool:
    """Whether a part of a text may have a suppression in it: most have none, and this is fast."""
    last = len(text) if end is None else end
    return any(text.find(word, start, last) >= 0 for word in _WORTH_A_LOOK)


def names_in(text: str, start: int, end: int) -> Iterator[int]:
    """Where a suppression may stand in a part of a text: this program's name, or a peer's mark."""
    return (found.start() for found in _ANY_MARK.finditer(text, start, end))


_ANY_NAME = regular_expression(_NAME, re.IGNORECASE)
_ANY_MARK = regular_expression("|".join((_NAME, *map(re.escape, MARKS))), re.IGNORECASE)


def is_like_name(word: str) -> bool:
    """Whether a word is this program's name, however it is spelled."""
    return _ANY_NAME.fullmatch(word) is not None


def parse_comment(text: str) -> Iterator[tuple[int, int, Written]]:
    """The suppressions in a comment, at most one in a line, and from where to where each stands.

    Args:
        text: The comment with its marks.
    """
    start = 0
    for line in text.splitlines(keepends=True):
        found = parse_line(line)
        if found is not None:
            left = len(line) - len(line.lstrip())
            yield start + left, start + len(line.rstrip()), found
        start += len(line)


def parse_line(line: str) -> Written | None:
    """The suppression in one line of a comment; ``None`` where it is an ordinary one."""
    words = _OPENING.sub("", line).strip().removesuffix("*/").rstrip()
    proper = _PROPER.search(words)
    if proper is None:
        meant = _MEANT.search(words)
        return _of_peer(words) if meant is None else _misspelled(words[meant.start() :])
    rest = words[proper.end() :]
    codes = _CODES.match(rest)
    if codes is None:
        return _misspelled(words[proper.start() :])
    listed = tuple(code.strip() for code in codes[0].split(","))
    rest = rest[codes.end() :].removeprefix(",")
    if _PROPER.search(rest) or _MEANT.search(rest):
        return Written(listed, flaw="a line has one suppression; write ec2lint:ignore=CODE,CODE")
    ends = _LIKE_UNTIL.findall(rest)
    reason = " ".join(_LIKE_UNTIL.sub("", rest).split())
    if not ends:
        return Written(listed, reason)
    until = ends[0].removeprefix("until=")
    if len(ends) > 1:
        return Written(listed, reason, flaw="it ends twice; write one until=2026-12-31")
    if until == ends[0] or day(until) is None:
        return Written(listed, reason, flaw=f'"{ends[0]}" is no end; write until=2026-12-31')
    return Written(listed, reason, until)


def _of_peer(words: str) -> Written | None:
    """The suppression for another program, if there is one."""
    found = parse_peer_line(words)
    if found is None:
        return None
    return Written(found.names, found.reason, found.until, peer=found.peer, in_block=found.in_block)


def _misspelled(words: str) -> Written:
    """What is meant as a suppression and is not spelled so."""
    codes = tuple(dict.fromkeys(code.upper() for code in re.findall(_CODE, words)))
    right = f"ec2lint:ignore={','.join(codes) or 'CODE'}"
    return Written(codes, flaw=f"it is not spelled as a suppression; write {right} and the reason")
