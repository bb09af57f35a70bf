"""Texts that nobody may quote, taken out of what is said and of the lines that are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

CONCEALED = "(sensitive value)"
"""What stands in place of a value that must not be shown."""

_KEY = 2
"""Texts are looked up by so many of their first characters; shorter ones are not hidden."""
_WITHIN_WORDS = 8
_PLAIN = frozenset({"true", "false", "null"})
_NUMBERS = re.compile(r"[-+0-9A-Fa-f:./]+")
_BLOCK = re.compile(r"[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}")


class Redactor:
    """Takes texts out of others. There may be thousands: each instance can have its own.

    Args:
        secrets: The texts. Of those with one character, and of what is no more than yes or no,
            nothing is hidden: they would be found everywhere. Short ones, numbers and addresses are
            hidden where they stand by themselves.
    """

    __slots__ = ("_groups", "_masked", "_starts")

    def __init__(self, secrets: Collection[str]) -> None:
        groups: dict[str, set[str]] = {}
        for secret in secrets:
            for text in _spellings(secret):
                groups.setdefault(text[:_KEY], set()).add(text)
        self._groups = {
            key: (sorted({len(text) for text in texts}, reverse=True), texts)
            for key, texts in groups.items()
        }
        first, second = (
            "".join(sorted({re.escape(key[at]) for key in groups})) for at in range(_KEY)
        )
        self._starts = re.compile(f"[{first}](?=[{second}])") if groups else None
        self._masked: dict[int, tuple[SourceText, SourceText]] = {}

    def __bool__(self) -> bool:
        """Whether there is anything to hide."""
        return self._starts is not None

    def text(self, text: str) -> str:
        """A text with ``(sensitive value)`` in place of them."""
        return self._without(text, lambda found: CONCEALED)  # noqa: ARG005 - whatever it is

    def diagnostic(self, diagnostic: Diagnostic) -> Diagnostic:
        """A diagnostic that quotes none of them."""
        message = self.text(diagnostic.message)
        if message == diagnostic.message:
            return diagnostic
        return Diagnostic(diagnostic.path, diagnostic.line, diagnostic.column, message)

    def span(self, span: Span) -> Span:
        """The same place in a text of the same shape, with an asterisk for each character."""
        if self._starts is None:
            return span
        source = span.source
        known = self._masked.get(id(source))
        if known is None:
            text = self._without(source.text, _asterisks)
            masked = source if text == source.text else SourceText(source.path, text)
            known = self._masked[id(source)] = (source, masked)  # the first one keeps its id taken
        return span if known[1] is source else Span(known[1], span.start, span.end)

    def _without(self, text: str, replace: Callable[[str], str]) -> str:
        pieces: list[str] = []
        done = 0
        for start, end in self._places(text):
            pieces += (text[done:start], replace(text[start:end]))
            done = end
        return "".join((*pieces, text[done:])) if pieces else text

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Where they stand, from left to right; of two that begin together the longer one."""
        if self._starts is None:
            return
        done = 0
        for found in self._starts.finditer(text):
            start = found.start()
            group = self._groups.get(text[start : start + _KEY])
            if start < done or group is None:
                continue
            lengths, texts = group
            for length in lengths:
                end = start + length
                if end <= len(text) and text[start:end] in texts and _stands(text, start, end):
                    yield start, end
                    done = end
                    break


def _asterisks(found: str) -> str:
    return re.sub(r"[^\r\n]", "*", found)


def _stands(text: str, start: int, end: int) -> bool:
    """Whether what is found is meant, and no part of another word or number."""
    if end - start >= _WITHIN_WORDS and _NUMBERS.fullmatch(text, start, end) is None:
        return True
    before, after = text[max(start - 1, 0) : start], text[end : end + 2]
    if _is_word(text[start]) and (_is_word(before) or before == "."):
        return False
    return not (_is_word(text[end - 1]) and (_is_word(after[:1]) or _is_fraction(after)))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_fraction(after: str) -> bool:
    return after[:1] == "." and _is_word(after[1:])


def _spellings(secret: str) -> Iterator[str]:
    """A text, and how messages write it where it is a block of addresses."""
    if len(secret) < _KEY or secret.isspace() or secret in _PLAIN:
        return
    yield secret
    if _BLOCK.fullmatch(secret):
        import ipaddress  # only where a block is hidden

        try:
            yield str(ipaddress.ip_network(secret, strict=False))
        except ValueError:
            return
