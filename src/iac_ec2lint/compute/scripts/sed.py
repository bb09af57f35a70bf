"""What ``sed`` makes of a line. Source: POSIX.1-2017, "sed"; the manual of GNU sed."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

_CLASSES: Final = {
    "[:space:]": r"\s",
    "[:blank:]": r" \t",
    "[:alpha:]": "A-Za-z",
    "[:alnum:]": "A-Za-z0-9",
    "[:digit:]": "0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:punct:]": r"!-/:-@\[-`{-~",
}
_REPEATS: Final = 3
"""Repeats in one pattern that are tried: more could take for ever."""


class Edit(NamedTuple):
    """A command of ``sed``.

    Attributes:
        letter: ``s``, or ``a``, ``i`` or ``c`` for text that it puts in.
        text: That text, or the replacement.
        written: The command as written.
        pattern: What is replaced; ``None`` where that is not worked out.
        address: What a line must hold; ``None`` where that is not worked out, or it may be any.
        negated: Whether it is for the lines that do not.
        every: Whether every match in a line is replaced.
    """

    letter: str
    text: str
    written: str
    pattern: re.Pattern[str] | None = None
    address: re.Pattern[str] | None = None
    negated: bool = False
    every: bool = False

    def concerns(self, line: str) -> bool:
        """Whether it is for a line, as far as that is known."""
        if self.address is None:
            return True
        return (self.address.search(line) is not None) is not self.negated

    def apply(self, line: str) -> str:
        """The line, replaced where it is to be."""
        if self.letter != "s" or self.pattern is None or not self.concerns(line):
            return line
        return self.pattern.sub(self._replacement, line, 0 if self.every else 1)

    def _replacement(self, found: re.Match[str]) -> str:
        def part(escape: re.Match[str]) -> str:
            sign = escape[0]
            if sign == "&":
                return found[0]
            if sign[1].isdigit():
                number = int(sign[1])
                return (found[number] or "") if number <= found.re.groups else ""
            return {"n": "\n", "t": "\t"}.get(sign[1], sign[1])

        return re.sub(r"\\.|&", part, self.text)


class Call(NamedTuple):
    """A call of ``sed``: its commands, the files that it reads, whether it changes these."""

    edits: list[Edit]
    files: list[str]
    in_place: bool


def read_call(arguments: list[str]) -> Call:
    """What the arguments of ``sed``, or of ``perl -pi -e``, say."""
    scripts: list[str] = []
    files: list[str] = []
    in_place = extended = False
    rest = list(arguments)
    while rest:
        word = rest.pop(0)
        if word in ("-e", "--expression") and rest:
            scripts.append(rest.pop(0))
        elif word.startswith("--expression="):
            scripts.append(word.partition("=")[2])
        elif word.startswith("--in-place"):
            in_place = True
        elif word == "--regexp-extended":
            extended = True
        elif word.startswith("-") and not word.startswith("--") and len(word) > 1:
            options, changes, _ = word[1:].partition("i")
            in_place = in_place or bool(changes)
            extended = extended or "E" in options or "r" in options or "p" in options
            if options.endswith("e") and not changes and rest:
                scripts.append(rest.pop(0))
        else:
            files.append(word)
    if not scripts and files:
        scripts.append(files.pop(0))
    edits = [edit for script in scripts for edit in read_script(script, extended=extended)]
    return Call(edits, files, in_place)


def read_script(script: str, *, extended: bool) -> list[Edit]:
    """The commands of a script that put text in; what else it does is left out."""
    found: list[Edit] = []
    at = 0
    of_block: tuple[re.Pattern[str] | None, bool] = (None, False)
    while at < len(script):
        if script[at] in " \t\n;}":
            of_block = (None, False) if script[at] == "}" else of_block
            at += 1
            continue
        start = at
        address, negated, at = _address(script, at, extended=extended)
        if address is None:
            address, negated = of_block
        letter = script[at : at + 1]
        if letter == "s" and at + 1 < len(script):
            sign = script[at + 1]
            pattern, at = _until(script, at + 2, sign)
            text, at = _until(script, at, sign)
            flags, at = _flags(script, at)
            found.append(
                Edit(
                    "s",
                    text,
                    script[start:at],
                    _compiled(pattern, extended=extended, ignores_case="i" in flags.lower()),
                    address,
                    negated,
                    "g" in flags,
                )
            )
        elif letter in ("a", "i", "c"):
            end = script.find("\n", at)
            while end > 0 and script[end - 1] == "\\":
                end = script.find("\n", end + 1)
            end = len(script) if end < 0 else end
            text = re.sub(r"^\s*\\?\n?[ \t]*", "", script[at + 1 : end])
            text = text.replace("\\\n", "\n").replace("\\n", "\n").replace("\\t", "\t")
            found.append(Edit(letter, text, script[start:end], None, address, negated))
            at = end
        elif letter == "{":
            of_block = (address, negated)
            at += 1
        else:
            while at < len(script) and script[at] not in ";\n}":
                at += 1
    return found


def _address(script: str, at: int, *, extended: bool) -> tuple[re.Pattern[str] | None, bool, int]:
    """The address before a command: what lines must hold, whether not, and where it ends."""
    address: re.Pattern[str] | None = None
    first = True
    while at < len(script):
        char = script[at]
        if char in "/\\":
            sign = script[at + 1 : at + 2] if char == "\\" else "/"
            pattern, at = _until(script, at + (2 if char == "\\" else 1), sign)
            ignores = script[at : at + 1] == "I"
            at += ignores
            compiled = _compiled(pattern, extended=extended, ignores_case=ignores)
            address = compiled if first else None
        elif char.isdigit() or char in "$ \t~+":
            at += 1
        elif char == ",":
            first = False
            address = None  # a range may hold any line
            at += 1
        else:
            break
    negated = script[at : at + 1] == "!"
    while script[at : at + 1] in ("!", " "):
        at += 1
    return address, negated, at


def _until(script: str, at: int, sign: str) -> tuple[str, int]:
    """The text up to a delimiter, and what is behind it."""
    made: list[str] = []
    while at < len(script) and script[at] != sign:
        if script[at] == "\\" and script[at + 1 : at + 2] == sign:
            made.append(sign if sign not in ".*[]^$|+?(){}" else f"\\{sign}")
            at += 2
        elif script[at] == "\\":
            made.append(script[at : at + 2])
            at += 2
        else:
            made.append(script[at])
            at += 1
    return "".join(made), at + 1


def _flags(script: str, at: int) -> tuple[str, int]:
    end = at
    while end < len(script) and (script[end].isalnum()):
        end += 1
    return script[at:end], end


def _compiled(pattern: str, *, extended: bool, ignores_case: bool) -> re.Pattern[str] | None:
    """A pattern of sed as one of Python's; ``None`` where it is not worked out."""
    made: list[str] = []
    repeats = 0
    groups: list[bool] = []
    closed_repeats = False
    at = 0
    while at < len(pattern):
        char = pattern[at]
        escaped = char == "\\"
        sign = pattern[at : at + 2] if escaped else char
        at += len(sign)
        name = sign[-1]
        if not escaped and char == "[":
            end, text = _bracket(pattern, at)
            made.append(text)
            at = end
            closed_repeats = False
            continue
        special = name in "(){}|+?" and (extended is not escaped)
        repeat = (special and name in "+?{") or (
            sign == "*" and made[-1:] not in ([], ["("], ["^"])
        )
        if special and name == "{":
            end = pattern.find("}" if extended else "\\}", at)
            if end < 0:
                return None
            made.append("{" + pattern[at:end] + "}")
            at = end + (1 if extended else 2)
        elif (special and name in "()|") or repeat:
            made.append(name)
        elif sign in ("^", "$", ".") or (escaped and name in "sSwWbB123456789"):
            made.append(sign)
        elif escaped and name in "<>":
            made.append(r"\b")
        elif escaped and name in "nt":
            made.append({"n": "\n", "t": "\t"}[name])
        else:
            made.append(re.escape(name))
        if special and name == "(":
            groups.append(False)
        if repeat and name != "?":
            if closed_repeats:
                return None  # repeats of what can match in several ways
            repeats += 1
        if repeat or (special and name == "|"):
            groups = [True] * len(groups)
        closed_repeats = special and name == ")" and bool(groups) and groups.pop()
    if repeats > _REPEATS:
        return None
    try:
        return re.compile("".join(made), re.IGNORECASE if ignores_case else 0)
    except (re.error, OverflowError):
        return None


def _bracket(pattern: str, at: int) -> tuple[int, str]:
    """A bracket expression: where it ends, and Python's spelling of it."""
    made = ["["]
    if pattern[at : at + 1] == "^":
        made.append("^")
        at += 1
    first = True
    while at < len(pattern) and (first or pattern[at] != "]"):
        first = False
        end = pattern.find(":]", at + 2) if pattern.startswith("[:", at) else -1
        if end >= 0:
            made.append(_CLASSES.get(pattern[at : end + 2], ""))
            at = end + 2
            continue
        char = pattern[at]
        if char == "\\" and pattern[at + 1 : at + 2] in ("s", "t", "w"):
            made.append(pattern[at : at + 2])
            at += 2
            continue
        made.append(f"\\{char}" if char in "\\[]&~|^" else char)
        at += 1
    return at + 1, "".join(made) + "]"
