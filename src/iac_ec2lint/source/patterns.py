"""Patterns that name paths, in the syntax of git-scm.com/docs/gitignore, "PATTERN FORMAT".

No library: pathspec 1.1 reads sets otherwise than git (it has ``a[!x]b`` match ``a/b``, and knows
no ``[:digit:]``), and what is left out by mistake is never checked.
"""

from __future__ import annotations

import os
import posixpath
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from iac_ec2lint.source.regular_expression import regular_expression

_TRAILING_SPACES = regular_expression(r"((?:[^\\]|\\.)*?)[ ]*", re.DOTALL)
_NEVER = "(?!)"

_CLASSES = {
    "alnum": "a-zA-Z0-9",
    "alpha": "a-zA-Z",
    "blank": r" \t",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r" \t\n\r\f\v",
    "upper": "A-Z",
    "xdigit": "0-9A-Fa-f",
}
"""POSIX's character classes in ASCII, as git has them (wildmatch.c)."""


class PathPatterns:
    """A list of patterns; the last one that matches decides, and ``!`` re-includes a path.

    Args:
        patterns: In gitignore's syntax, relative to the folder that paths are given from. ``./`` at
            the beginning, which matches nothing in gitignore, means that folder.
        any_case: Whether case is taken no notice of.
    """

    def __init__(self, patterns: Iterable[str], *, any_case: bool = False) -> None:
        flags = re.DOTALL | (re.IGNORECASE if any_case else 0)
        found = (_compile(pattern, flags) for pattern in patterns)
        self._rules = [rule for rule in found if rule is not None]

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether a path (relative, with ``/``) is matched, by itself or through a folder above."""
        if not self._rules:
            return False
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if self.decision(above, folder=folder or depth < len(parts)):
                return True
        return False

    def decision(self, path: str, *, folder: bool) -> bool | None:
        """Whether the path itself is matched or taken back; ``None`` where no pattern is of it."""
        for expression, only_folders, taken in reversed(self._rules):
            if (folder or not only_folders) and expression.fullmatch(path):
                return taken
        return None


def _compile(pattern: str, flags: int) -> tuple[re.Pattern[str], bool, bool] | None:
    if pattern.startswith("#"):
        return None
    trimmed = _TRAILING_SPACES.fullmatch(pattern)
    text = trimmed[1] if trimmed else pattern
    taken = not text.startswith("!")
    text = text.removeprefix("!")
    if text.startswith("./"):
        text = text.removeprefix(".")
    only_folders = text.endswith("/")
    text = text.removesuffix("/")
    if not text:
        return None
    anchored = "/" in text
    body = _translate(text.removeprefix("/"))
    above = "" if anchored else "(?:.*/)?"
    return re.compile(above + body, flags), only_folders, taken


_STAR, _FOLDERS, _REST = "*", "**/", "**"


def _translate(glob: str) -> str:
    """A regular expression whose time grows with the path and the pattern, and not faster.

    Between two stars the first place that fits is the best one, so that no other is tried: a file
    of patterns can be anybody's.
    """
    chunks: list[list[str]] = [[]]
    for piece in _pieces(glob):
        if piece in {_FOLDERS, _REST}:
            chunks += [[piece], []]
        else:
            chunks[-1].append(piece)
    out = _chunk(chunks[0])
    for at in range(1, len(chunks), 2):
        body = _chunk(chunks[at + 1])
        if chunks[at] == [_REST]:
            out += ".*"
        elif at + 2 < len(chunks):
            out += f"(?>(?:[^/]*/)*?{body})"
        else:
            out += f"(?:.*/)?{body}"
    return out


def _chunk(pieces: list[str]) -> str:
    """What stands between two ``**``."""
    out = ""
    body = ""
    star = False
    for piece in [*pieces, "/"]:
        if piece == _STAR:
            out += f"(?>[^/]*?{body})" if star else body
            star, body = True, ""
        elif piece == "/":
            out += f"[^/]*{body}" if star else body
            star, body = False, ""
            out += "/"
        else:
            body += piece
    return out.removesuffix("/")


def _pieces(glob: str) -> Iterator[str]:
    """Expressions of one character each, and what stands for several."""
    at = 0
    while at < len(glob):
        character = glob[at]
        if character == "*":
            piece, at = _stars(glob, at)
        elif character == "?":
            piece, at = "[^/]", at + 1
        elif character == "[":
            piece, at = _set(glob, at)
        elif character == "\\":
            piece, at = (re.escape(glob[at + 1]) if at + 1 < len(glob) else _NEVER), at + 2
        else:
            piece, at = re.escape(character), at + 1
        yield piece


def _stars(glob: str, at: int) -> tuple[str, int]:
    """``*``, or ``**`` where it stands for folders: alone between slashes."""
    end = at
    while glob.startswith("*", end):
        end += 1
    alone = (at == 0 or glob[at - 1] == "/") and (end == len(glob) or glob[end] == "/")
    if end - at == 1 or not alone:
        return _STAR, end
    return (_REST, end) if end == len(glob) else (_FOLDERS, end + 1)


def _set(glob: str, at: int) -> tuple[str, int]:
    """A set, ``[...]``; one that is not closed matches nothing."""
    end = at + 1
    negated = glob.startswith(("!", "^"), end)
    end += negated
    members: list[str] = []
    low = ""  # what a range may begin with
    first = True
    while first or not glob.startswith("]", end):
        first = False
        if end >= len(glob):
            return _NEVER, len(glob)
        named = re.compile(r"\[:([^\]]*):\]").match(glob, end)
        if named:
            members.append(_CLASSES.get(named[1], ""))
            low, end = "", named.end()
            continue
        is_range = glob[end] == "-" and low and glob[end + 1 : end + 2] not in {"", "]"}
        end += bool(is_range)
        end += glob[end] == "\\"
        if end >= len(glob):
            return _NEVER, len(glob)
        high = glob[end]
        end += 1
        if not is_range:
            members.append(re.escape(high))
            low = high
        elif low <= high:
            members.append(f"{re.escape(low)}-{re.escape(high)}")
            low = ""
        else:
            low = ""
    inner = "".join(members)
    if not inner:
        return ("[^/]" if negated else _NEVER), end + 1
    return (f"[^/{inner}]" if negated else f"(?!/)[{inner}]"), end + 1


class BasedPatterns:
    """Patterns that are relative to another folder than the one that paths are named from.

    Args:
        patterns: In gitignore's syntax.
        way: The way from the patterns' folder to the one that paths are named from, with ``/``.
    """

    def __init__(self, patterns: Iterable[str], way: str) -> None:
        self._patterns = PathPatterns(patterns)
        self._way = way

    @classmethod
    def of(cls, patterns: Iterable[str], folder: Path, working: Path) -> BasedPatterns:
        """Patterns of a folder, for paths that are named from ``working``."""
        return cls(patterns, os.path.relpath(working, folder).replace(os.sep, "/"))

    def matches(self, path: str, *, folder: bool) -> bool:
        """See ``PathPatterns``; what is not below the patterns' folder is never matched."""
        whole = posixpath.normpath(posixpath.join(self._way, path))
        return not whole.startswith("../") and self._patterns.matches(whole, folder=folder)


class AnyOfPatterns:
    """Several lists of patterns; what one of them matches is matched."""

    def __init__(self, lists: Iterable[PathPatterns | BasedPatterns]) -> None:
        self._lists = tuple(lists)

    def matches(self, path: str, *, folder: bool) -> bool:
        """See ``PathPatterns``."""
        return any(one.matches(path, folder=folder) for one in self._lists)
