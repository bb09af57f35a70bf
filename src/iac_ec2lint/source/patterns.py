"""Patterns that name paths, in the syntax of git-scm.com/docs/gitignore, "PATTERN FORMAT".

No library: pathspec 1.1 reads sets otherwise than git (it has ``a[!x]b`` match ``a/b``, and knows
no ``[:digit:]``), and what is left out by mistake is never checked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_TRAILING_SPACES = re.compile(r"((?:[^\\]|\\.)*?)[ ]*", re.DOTALL)
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
    """

    def __init__(self, patterns: Iterable[str]) -> None:
        self._rules = [rule for pattern in patterns if (rule := _compile(pattern)) is not None]

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether a path (relative, with ``/``) is matched, by itself or through a folder above."""
        if not self._rules:
            return False
        parts = path.split("/")
        for depth in range(1, len(parts) + 1):
            above = "/".join(parts[:depth])
            if self._decide(above, folder=folder or depth < len(parts)):
                return True
        return False

    def _decide(self, path: str, *, folder: bool) -> bool:
        for expression, only_folders, taken in reversed(self._rules):
            if (folder or not only_folders) and expression.fullmatch(path):
                return taken
        return False


def _compile(pattern: str) -> tuple[re.Pattern[str], bool, bool] | None:
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
    return re.compile(above + body, re.DOTALL), only_folders, taken


def _translate(glob: str) -> str:
    out: list[str] = []
    at = 0
    while at < len(glob):
        character = glob[at]
        if character == "*":
            part, at = _stars(glob, at)
        elif character == "?":
            part, at = "[^/]", at + 1
        elif character == "[":
            part, at = _set(glob, at)
        elif character == "\\":
            part, at = (re.escape(glob[at + 1]) if at + 1 < len(glob) else _NEVER), at + 2
        else:
            part, at = re.escape(character), at + 1
        out.append(part)
    return "".join(out)


def _stars(glob: str, at: int) -> tuple[str, int]:
    """``*``, or ``**`` where it stands for folders: alone between slashes."""
    end = at
    while glob.startswith("*", end):
        end += 1
    alone = (at == 0 or glob[at - 1] == "/") and (end == len(glob) or glob[end] == "/")
    if end - at == 1 or not alone:
        return "[^/]*", end
    return (".*", end) if end == len(glob) else ("(?:.*/)?", end + 1)


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
