"""Secrets, removed from every text and every source line that is reported.

Every answer passes ``Redactor.redact`` before it is rendered, so that a new field of a report is
covered without being mentioned here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from iac_ec2lint.source.quotes import FileTexts, Quotations
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.source.span import SourceText, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

T = TypeVar("T")

CONCEALED = "(sensitive value)"
"""The text that replaces a value that must not be shown."""

_KEY = 2
"""Secrets are looked up by this many first characters; shorter ones are not hidden."""
_WITHIN_WORDS = 8
_PLAIN = frozenset({"true", "false", "null"})
_NUMBERS = regular_expression(r"[-+0-9A-Fa-f:./]+")
_ADDRESS = regular_expression(r"[\w-]+(?:[./:][\w-]+|\[(?:\d+|\"[^\"\]]*\")\])+")
"""What may be the address of a resource, in a text."""
_MODULES = regular_expression(
    r"(?:[^\s:]+:)?module\.[\w-]+(?:\[[^\]]*\])?(?:\.module\.[\w-]+(?:\[[^\]]*\])?)*"
)
"""The address of the module that a resource is in."""
_BLOCK = regular_expression(r"[0-9A-Fa-f:.]{2,45}/[0-9]{1,3}")


_OWN_WORDS = frozenset(
    {
        *("box", "key", "parent"),  # identities in a picture
        *("check", "fingerprint", "part_of"),
        *("bond", "confidence", "kind", "language", "shape", "tone", "type", "verdict"),
        *("path", "title", "unit", "unknowns"),  # files, folders and places
        *(
            "name",
            "origin",
            "relation",
            "via",
        ),  # of a kind of note, of a fact, of a field, of a way
        "fix",  # an edit writes what a check says: it would be wrong with a part of it taken out
        "until",  # a date
    }
)
"""The fields that quote no values: they hold this program's own words, and names of files."""


class Redacted(Protocol):
    """An object that redacts itself, since it knows which of its parts may quote a secret."""

    def redacted(self, redactor: Redactor, /) -> object:
        """A copy without secrets."""


class Redactor:
    """Removes secrets from texts. There may be thousands: each resource instance can have its own.

    Args:
        secrets: The secret texts. Single characters and words for yes or no are not hidden: they
            would be found everywhere. Short texts, numbers and addresses are hidden where they are
            words of their own.
        addresses: The addresses of what is declared; a text that equals one of them is no secret.
        file_texts: What came out of file functions, of which little is quoted.
    """

    __slots__ = ("_addresses", "_groups", "_masked", "_quotations", "_starts")

    def __init__(
        self,
        secrets: Collection[str],
        addresses: Collection[str] = (),
        file_texts: FileTexts | None = None,
    ) -> None:
        self._quotations = Quotations(file_texts or FileTexts())
        modules = (_MODULES.match(address) for address in addresses)
        self._addresses = frozenset(addresses) | {one[0] for one in modules if one is not None}
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
        return self._starts is not None or bool(self._quotations)

    def text(self, text: str) -> str:
        """A text with ``(sensitive value)`` in place of each secret.

        The address of what is declared stays whole where the text names it.
        """
        named = self._named(text)
        hidden = self._without(text, lambda found: CONCEALED, named)  # noqa: ARG005 - whatever it is
        return self._quotations.cut(text if hidden == text else hidden)

    def address(self, text: str) -> str:
        """The same, where it may be the address of what is declared: that stays as it is."""
        return text if text in self._addresses else self.text(text)

    def redact(self, told: T) -> T:
        """A report, or a part of one, without secrets.

        Dataclasses, named tuples, tuples, lists, sets and mappings are walked, and all texts and
        spans in them are redacted; other objects are kept as they are, unless they are
        ``Redacted``. An object without a secret is returned as it is.
        """
        return cast("T", self._redacted(told)) if self else told

    def fields_of(self, told: T) -> T:
        """As ``redact``, for the fields of a named tuple or dataclass that is ``Redacted``."""
        names = getattr(told, "_fields", None)
        if names is None:
            names = [field.name for field in fields(cast("Any", told))]
        changed: dict[str, object] = {}
        for name in names:
            if name not in _OWN_WORDS:
                value = getattr(told, name)
                hidden = self._redacted(value)
                if hidden is not value:
                    changed[name] = hidden
        if not changed:
            return told
        whole = cast("Any", told)
        return cast(
            "T", whole._replace(**changed) if isinstance(told, tuple) else replace(whole, **changed)
        )

    def _redacted(self, told: object) -> object:
        if isinstance(told, str):
            if isinstance(told, Enum):
                return told
            return self._quotations.cut(told) if told in self._addresses else self.text(told)
        if isinstance(told, Span):
            return self.span(told)
        if hasattr(type(told), "redacted"):
            return cast("Redacted", told).redacted(self)
        if hasattr(told, "_fields") or (is_dataclass(told) and not isinstance(told, type)):
            return self.fields_of(told)
        if isinstance(told, Mapping):
            pairs = {key: self._redacted(value) for key, value in told.items()}
            return pairs if any(pairs[key] is not value for key, value in told.items()) else told
        if isinstance(told, tuple | list | set | frozenset):
            members = [self._redacted(member) for member in told]
            same = all(new is old for new, old in zip(members, told, strict=True))
            return told if same else type(told)(members)
        return told

    def span(self, span: Span) -> Span:
        """The same place in a copy of the text with an asterisk for each secret character."""
        span = self._quotations.span(span)
        if self._starts is None:
            return span
        source = span.source
        known = self._masked.get(id(source))
        if known is None:
            text = self._without(source.text, _asterisks)
            masked = source if text == source.text else SourceText(source.path, text)
            known = self._masked[id(source)] = (source, masked)  # kept alive: its id stays its own
        return span if known[1] is source else Span(known[1], span.start, span.end)

    def _named(self, text: str) -> tuple[tuple[int, int], ...]:
        """Start and end of each address in a text."""
        if self._starts is None or not self._addresses:
            return ()
        found = _ADDRESS.finditer(text)
        return tuple(one.span() for one in found if one.group() in self._addresses)

    def _without(
        self, text: str, replace: Callable[[str], str], spared: tuple[tuple[int, int], ...] = ()
    ) -> str:
        pieces: list[str] = []
        done = 0
        for start, end in self._places(text):
            if any(first <= start and end <= last for first, last in spared):
                continue
            pieces += (text[done:start], replace(text[start:end]))
            done = end
        return "".join((*pieces, text[done:])) if pieces else text

    def _places(self, text: str) -> Iterator[tuple[int, int]]:
        """Start and end of each secret, in order; of two that start together the longer one."""
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
    """Whether an occurrence is a word of its own, and not part of another word, name or number.

    A name that is made with a secret (``web-sg``) is one itself, and known as that.
    """
    number = _NUMBERS.fullmatch(text, start, end) is not None
    if end - start >= _WITHIN_WORDS and not number:
        return True
    before, after = text[max(start - 1, 0) : start], text[end : end + 2]
    if not number and (_joins(text[max(start - 2, 0) : start][::-1]) or _joins(after)):
        return False
    if _is_word(text[start]) and (_is_word(before) or before == "."):
        return False
    return not (_is_word(text[end - 1]) and (_is_word(after[:1]) or _is_fraction(after)))


def _joins(beside: str) -> bool:
    """Whether a hyphen joins what is beside an occurrence to it, so that both are one name."""
    return beside[:1] == "-" and _is_word(beside[1:])


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"


def _is_fraction(after: str) -> bool:
    return after[:1] == "." and _is_word(after[1:])


def _spellings(secret: str) -> Iterator[str]:
    """The spellings of a secret in messages: the text itself, and a CIDR block in normal form."""
    if len(secret) < _KEY or secret.isspace() or secret in _PLAIN:
        return
    yield secret
    if _BLOCK.fullmatch(secret):
        import ipaddress  # only where a block is hidden

        try:
            yield str(ipaddress.ip_network(secret, strict=False))
        except ValueError:
            return
