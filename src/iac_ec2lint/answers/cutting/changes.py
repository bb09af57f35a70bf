"""Changes of text that stand for what findings say would break a path.

What a person would write instead is not known, so that each change is the plainest that keeps the
attacker out: a documentation's range in place of everyone, a statement that allows nothing in place
of the one that allows too much, what a check's own fix writes. It is tried, and never proposed as
it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import takewhile
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.entry.entries import GROUP
from iac_ec2lint.engine.finding import BREAKS, OR_BREAKS
from iac_ec2lint.source.span import SourceText

if TYPE_CHECKING:
    from iac_ec2lint.engine.finding import Evidence, Finding
    from iac_ec2lint.source.span import Span

_EVERYONE: Final = re.compile(
    r"(?<![\w.:])(?!10\.|[fF][c-dC-D])(?:\d{1,3}(?:\.\d{1,3}){3}|(?P<six>[\da-fA-F]*(?::[\da-fA-F]*)+))/[0-8](?!\d)"
)
"""Everyone, or as large a part as half of everyone; no private addresses (RFC 1918, RFC 4193)."""
_KNOWN: Final = "192.0.2.0/24"
_KNOWN_SIX: Final = "2001:db8::/32"
_NOTHING: Final = '{"Effect": "Deny", "Action": "sts:TagSession", "Resource": "*"}'
_NOBODY: Final = '{"Effect": "Deny", "Action": "sts:TagSession", "Principal": "*"}'
_MANAGED: Final = re.compile(r"arn:aws[\w-]*:iam::aws:policy/[\w/+=,.@-]+")
_DENIES: Final = "arn:aws:iam::aws:policy/AWSDenyAll"
_TRUSTS: Final = re.compile(r"\bPrincipals?\b|\bprincipals\b")
_STATEMENT: Final = re.compile(
    r"[\"']?(Effect|Action|Sid|Resource|Principal|Condition|NotAction)\b"
)
_LITERAL: Final = {'"optional"': '"required"', "optional": "required", "true": "false"}
_SOMEBODY: Final = '"arn:aws:iam::111122223333:root"'
_WIDE: Final = ("address", "balancer", "route")
_ADMISSION: Final = ("admission", "admission to all")
_NARROWER: Final = (*_ADMISSION, "route")
_TURNED_ON: Final = ("acceptance", "balancer")
_SETTINGS: Final = {"tokens": "IMDS001", "hop limit": "IMDS002"}


class Piece(NamedTuple):
    """What is written at a place becomes another text; offsets are those of the file as it is."""

    path: str
    start: int
    end: int
    text: str


class Change(NamedTuple):
    """A change that breaks a path, as far as it can be made here.

    Attributes:
        words: What is to be done, in words.
        resource: The address of what declares the place.
        pieces: The changes of text that stand for it.
        weight: How much it disturbs: of two alike the lesser is taken.
        stops: Whether it shuts out clients of something that is made to be open to all.
        wide: Whether all that stands in a subnet, or behind a load balancer, goes with it.
    """

    words: str
    resource: str
    pieces: tuple[Piece, ...]
    weight: int
    stops: bool
    wide: bool

    @property
    def key(self) -> tuple[Piece, ...]:
        """What it is known by: what is written."""
        return self.pieces


class Layout:
    """Texts with changes made, and where a place in them was before.

    Args:
        changes: The changes that are made.
    """

    def __init__(self, changes: Iterable[Change]) -> None:
        self._by_path: dict[str, list[Piece]] = {}
        for piece in sorted({piece for change in changes for piece in change.pieces}):
            before = self._by_path.setdefault(piece.path, [])
            if not before or piece.start >= before[-1].end:
                before.append(piece)  # what lies in another that is changed goes with it

    @property
    def paths(self) -> tuple[str, ...]:
        """The files that are changed."""
        return tuple(self._by_path)

    def apply(self, path: str, text: str) -> str:
        """A file's text with the changes made."""
        for piece in reversed(self._by_path[path]):
            text = text[: piece.start] + piece.text + text[piece.end :]
        return text

    def original(self, piece: Piece) -> Piece | None:
        """A piece of the changed text where it was before; ``None`` where it touches a change."""
        moved = 0
        for made in self._by_path.get(piece.path, ()):
            start = made.start + moved
            end = start + len(made.text)
            if piece.start < end and start < piece.end:
                return None
            if start >= piece.end:
                break
            moved += len(made.text) - (made.end - made.start)
        return piece._replace(start=piece.start - moved, end=piece.end - moved)


def changes_of(
    finding: Finding, fixes: Mapping[tuple[str, str], tuple[Piece, ...]], layout: Layout
) -> tuple[list[Change], list[Evidence]]:
    """The changes that a finding says would break it, and those that cannot be made here.

    Args:
        finding: A finding about a path.
        fixes: What fixes of settings write, by the code of the check and what declares the setting.
        layout: The changes that were made in the text where it was found.
    """
    made: dict[tuple[Piece, ...], Change] = {}
    others: list[Evidence] = []
    for hop in finding.evidence:
        words = hop.message
        if not words.startswith((BREAKS, OR_BREAKS)):
            continue
        words = words.removeprefix(BREAKS).removeprefix(OR_BREAKS)
        code = _SETTINGS.get(hop.edit, "")
        pieces = fixes.get((code, hop.resource), ()) or _replaced(finding, hop, layout)
        if not pieces:
            others.append(hop)
            continue
        weight = 1 if hop.edit == "tokens" else 2  # what is up to date has them
        wide = hop.edit in _WIDE
        stops = wide or hop.edit == "admission to all"
        change = Change(words, hop.resource, pieces, weight, stops, wide)
        made.setdefault(change.key, change)
    return list(made.values()), others


def _replaced(finding: Finding, edit: Evidence, layout: Layout) -> tuple[Piece, ...]:
    """What is written at the places of an edit instead; nothing where that is not plain at each."""
    pieces: list[Piece] = []
    for span in _spans(finding, edit):
        text = _changed(span.text, edit.edit)
        if text is None or type(span.source) is not SourceText:
            return ()  # what an expression came to is not written as it stands
        piece = layout.original(Piece(span.path, span.start, span.end, text))
        if piece is None:
            return ()
        pieces.append(piece)
    return tuple(dict.fromkeys(pieces))


def _spans(finding: Finding, edit: Evidence) -> Iterator[Span]:
    """The place of an edit, and of the rules beside it that let in what it is to shut out.

    Two halves of the internet are two rules, of which the edit names the first.
    """
    yield edit.span
    hops = iter(finding.evidence)
    if edit.edit in _ADMISSION and any(_is_rule(hop) and hop.span == edit.span for hop in hops):
        yield from (hop.span for hop in takewhile(_is_rule, hops))


def _is_rule(hop: Evidence) -> bool:
    return hop.kind == GROUP


def _changed(text: str, edit: str) -> str | None:
    """What a place says instead; ``None`` where that is not plain."""
    if edit in _NARROWER:
        if _EVERYONE.search(text):
            return _EVERYONE.sub(lambda found: _KNOWN_SIX if found["six"] else _KNOWN, text)
        if text.startswith("[") and text.endswith("]"):
            return "[]"
        return None
    if text == "false" and edit in _TURNED_ON:
        return "true"
    if text in _LITERAL:
        return _LITERAL[text]
    if text.strip("\"'") == "*":
        return _SOMEBODY
    if _MANAGED.search(text) and len(text.splitlines()) == 1:
        return _MANAGED.sub(_DENIES, text)
    return _statement(text)


def _statement(text: str) -> str | None:
    """A statement that allows nothing, in place of one: spelled so that each language reads it."""
    instead = _NOBODY if _TRUSTS.search(text) else _NOTHING
    if text.startswith("statement") and text.rstrip().endswith("}"):
        return ""
    inner = text.lstrip()
    if text.startswith("{") and text.endswith("}"):
        return instead
    if _STATEMENT.match(inner):  # a mapping of YAML's over several lines
        end = text[len(text.rstrip()) :]
        return instead + end
    return None
