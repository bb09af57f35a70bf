"""The words of a shell script: quotes, and what ``$`` and backticks put in.

Source: POSIX.1-2017, "Shell Command Language", 2.2 Quoting and 2.6 Word Expansions.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Final

from iac_ec2lint.compute.scripts.shell.words import RUN_TIME, unescaped
from iac_ec2lint.source.regular_expression import regular_expression

_NAME: Final = regular_expression(r"[A-Za-z_]\w*")


class WordReader(ABC):
    """Reads the words of a text.

    Args:
        text: The text.
        first: The number of its first line.
        known: The variables that have literal values.
    """

    def __init__(self, text: str, first: int, known: dict[str, str]) -> None:
        self.text = text
        self.at = 0
        self.number = first
        self.known = known

    @abstractmethod
    def run_inside(self, inside: str) -> str:
        """Read commands whose output is put in here; that output, where it is literal."""

    def word(self) -> tuple[str, bool]:
        """The word that begins here, and whether any of it is quoted."""
        text = self.text
        made: list[str] = []
        quoted = False
        while self.at < len(text):
            char = text[self.at]
            if char in " \t\r\n;&|()<>":
                if char == "(" and made and made[-1].endswith("="):
                    self.balanced()  # an array
                    made.append(RUN_TIME)
                    continue
                break
            if char == "\\":
                if text.startswith("\\\n", self.at):
                    self.number += 1
                else:
                    made.append(text[self.at + 1 : self.at + 2])
                    quoted = True
                self.at += 2
            elif char == "'":
                end = text.find("'", self.at + 1)
                end = len(text) if end < 0 else end
                made.append(text[self.at + 1 : end])
                self.number += made[-1].count("\n")
                self.at = end + 1
                quoted = True
            elif char == '"':
                made.append(self._double_quoted())
                quoted = True
            elif char == "$":
                if text.startswith("$'", self.at):
                    made.append(self._ansi())
                    quoted = True
                elif text.startswith('$"', self.at):
                    self.at += 1
                else:
                    made.append(self.dollar())
            elif char == "`":
                made.append(self.backticks())
            else:
                made.append(char)
                self.at += 1
        return "".join(made), quoted

    def _double_quoted(self) -> str:
        text = self.text
        made: list[str] = []
        self.at += 1
        while self.at < len(text) and text[self.at] != '"':
            char = text[self.at]
            if char == "\\":
                after = text[self.at + 1 : self.at + 2]
                self.at += 2
                if after == "\n":
                    self.number += 1
                else:
                    made.append(after if after in '$`"\\' else f"\\{after}")
            elif char == "$":
                made.append(self.dollar())
            elif char == "`":
                made.append(self.backticks())
            else:
                self.number += char == "\n"
                made.append(char)
                self.at += 1
        self.at += 1
        return "".join(made)

    def _ansi(self) -> str:
        """``$'...'``, with its escapes."""
        start = self.at + 2
        end = start
        while end < len(self.text) and self.text[end] != "'":
            end += 2 if self.text[end] == "\\" else 1
        self.at = end + 1
        inside = self.text[start:end]
        self.number += inside.count("\n")
        return unescaped(inside.replace("\\'", "'"))

    def dollar(self) -> str:
        """What ``$`` and what follows it puts in."""
        text = self.text
        if text.startswith("$((", self.at):
            self.at += 1
            self.balanced()
            return RUN_TIME
        if text.startswith("$(", self.at):
            self.at += 1
            return self.run_inside(self.balanced())
        if text.startswith("${", self.at):
            end = text.find("}", self.at)
            end = len(text) - 1 if end < 0 else end
            inside = text[self.at + 2 : end]
            self.at = end + 1
            return self._variable(inside)
        match = _NAME.match(text, self.at + 1)
        if match is not None:
            self.at = match.end()
            return self._variable(match[0])
        special = text[self.at + 1 : self.at + 2]
        if special and special in "?!#@*$-0123456789":
            self.at += 2
            return self.known.get(special, RUN_TIME)
        self.at += 1
        return "$"

    def _variable(self, inside: str) -> str:
        if inside in self.known:
            return self.known[inside]
        name, sign, default = inside.partition(":-")
        if sign and name not in self.known and _NAME.fullmatch(name):
            return RUN_TIME + default if "$" in default else default
        return self.known.get(name, RUN_TIME) if sign else RUN_TIME

    def backticks(self) -> str:
        """What the commands in backticks put in."""
        end = self.at + 1
        while end < len(self.text) and self.text[end] != "`":
            end += 2 if self.text[end] == "\\" else 1
        inside = self.text[self.at + 1 : end]
        self.number += inside.count("\n")
        self.at = end + 1
        return self.run_inside(inside)

    def balanced(self) -> str:
        """What stands in the parentheses that open here."""
        text = self.text
        depth = 0
        start = self.at + 1
        quote = ""
        while self.at < len(text):
            char = text[self.at]
            self.number += char == "\n"
            if char == "\\" and quote != "'":
                self.number += text[self.at + 1 : self.at + 2] == "\n"
                self.at += 2
                continue
            if quote:
                quote = "" if char == quote else quote
            elif char in "\"'":
                quote = char
            elif char == "(":
                depth += 1
            elif char == ")":
                depth -= 1
                if depth == 0:
                    self.at += 1
                    return text[start : self.at - 1]
            self.at += 1
        return text[start:]
