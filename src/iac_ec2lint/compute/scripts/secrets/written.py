"""The secrets that are written in a script, also packed in it."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.scripts.boot_script import (
    UNKNOWN_PIECE,
    read_packed,
)
from iac_ec2lint.compute.scripts.secrets.patterns import patterns_in
from iac_ec2lint.compute.scripts.secrets.words import (
    listed_logins,
    literal_secrets,
    program_lines,
    static_passwords,
)
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator


_TOKEN: Final = regular_expression(r"(?i)token[\"']?\]?\s*[:=]?>?[\"']?$|\bBearer$")
"""A key, or an option, after which a token stands."""

_PACKED: Final = regular_expression(
    r"(?<![A-Za-z0-9+/])(?P<first>[A-Za-z0-9+/]{24,}+={0,2}+)(?![A-Za-z0-9+/=])"
    r"(?:\r?\n[ \t]*[A-Za-z0-9+/]+={0,2}(?=[ \t]*(?:\r?\n|$)))*"
)
"""What may be a text in Base64, in one line or several."""

_COMMENT: Final = regular_expression(r"(?i)\s*(?:#|//|::|rem\s)")
"""How a line begins that is a comment."""


class Secret(NamedTuple):
    """A secret in a script, or what may be one.

    Attributes:
        kind: What it is, or may be, in words.
        line: The line of the script that it is on, from 1.
        causes: What keeps it from being certain.
        text: Its line.
        key: What stands before it there.
        piece: What is put into the script there, where it is no part of its text.
        keyed: Whether what it is assigned to says that it is one.
        shown: Whether a comment has it, and nothing but its key says that it is one.
    """

    kind: str
    line: int
    causes: tuple[Unknown, ...] = ()
    text: str = ""
    key: str = ""
    piece: Unknown | None = None
    keyed: bool = False
    shown: bool = False


def secrets_in(script: str) -> tuple[Secret, ...]:
    """The secrets that a script holds, also packed in it: each line's first, in order."""
    found = {secret.line: secret for secret in _written_in(script)}
    for text, line, packed in _packed_in(script):
        for secret in _written_in(text):
            found.setdefault(line, secret._replace(line=line, text=packed))
    return tuple(found[line] for line in sorted(found))


def _written_in(script: str) -> Iterator[Secret]:
    """The secrets that are written as they are."""
    patterns = patterns_in(script)
    programs = program_lines(script) if "#!" in script or "<<" in script else frozenset()
    logins = dict(listed_logins(script)) if "chpasswd:" in script else {}
    if "static" in script:
        logins |= dict(static_passwords(script))
    for number, line in enumerate(script.splitlines(), 1):
        kinds = (kind for kind, pattern in patterns if pattern.search(line))
        kind = next(kinds, None)
        literal = None
        if kind is None:
            literal = next(literal_secrets(line, in_program=number in programs), None)
            literal = literal or logins.get(number)
        if kind is not None:
            yield Secret(kind, number, text=line.strip())
        elif literal is not None:
            before = line.partition(literal)[0].split()
            key = before[-1] if before else ""
            kind = "a token" if _TOKEN.search(key) else "a password"
            shown = _COMMENT.match(line) is not None
            yield Secret(kind, number, text=line.strip(), key=key, shown=shown)


def _packed_in(script: str) -> Iterator[tuple[str, int, str]]:
    """The texts that are packed in a script, the lines that they begin on, and what is there."""
    for found in _PACKED.finditer(script):
        # The word that ends a heredoc may look like one more line.
        less = found[0].rpartition("\n")[0]
        for packed in dict.fromkeys((found[0], less, found["first"])):
            text = read_packed(packed)
            if text != packed and UNKNOWN_PIECE not in text and "\0" not in text:
                yield text, script.count("\n", 0, found.start()) + 1, found["first"]
                break


_SCRIPTS: Final = 8192
"""Scripts of which it is remembered what they hold: those of one unit, also of a large one."""


@lru_cache(maxsize=_SCRIPTS)
def secrets_of(script: str) -> tuple[Secret, ...]:
    """See ``secrets_in``: several checks ask, each time that a unit is judged otherwise."""
    return secrets_in(script)
