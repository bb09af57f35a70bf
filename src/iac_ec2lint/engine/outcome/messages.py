"""What findings at one place say, in one message.

What is the same in several messages is said once: ``SSH of a is open`` and ``SSH of b is open``
come to ``SSH of each of a and b is open``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

MESSAGES_LIMIT = 4
"""Things that the message of one finding says."""

_FRAMES = 2 * MESSAGES_LIMIT
"""Messages that another one is compared with: of thousands at one place few are told."""

_SHARED = 3
"""Words that messages share at least, so that they are said once."""
_ARTICLES = (["a"], ["an"], ["the"])
_MARKS = ",;:"
_NAME = regular_expression(r"(?!\(|.*(?: and |, |; ))\S+(?: \S+){0,4}")
"""What may be one of a list: it is none itself."""
_WORD = regular_expression(r" \w")
_PLURAL = regular_expression(r" (?:can|may|could|rules)\b")
_SINGULAR = regular_expression(r" (?:is|has|does)\b")
_SINGULAR_CLAUSE = regular_expression(r", which [a-z]+s\b")
_CHOOSING = (("is",), ("are",), ("if",))
"""Words before what is only one of several."""
_PREPOSITIONS = frozenset({"around", "by", "for", "from", "in", "of", "on", "over", "to", "with"})
_CONJUNCTIONS = frozenset({"and", "because", "but", "that", "whether"})


def said_of_all(messages: Iterable[tuple[str, str]]) -> str:
    """What findings at one place say, each thing once, and of all of which it is the same.

    Args:
        messages: What each says, and the address of what it judges.
    """
    alike: dict[str, dict[str, None]] = {}
    for message, subject in messages:
        general = _without_name(message, subject)
        if general is not None:
            alike.setdefault(general, {})[subject] = None
        else:
            alike.setdefault(message, {})
    return _join_messages(
        [
            _said_of(words, list(subjects)) if subjects else words
            for words, subjects in alike.items()
        ]
    )


def _said_of(words: str, subjects: list[str]) -> str:
    """Words with the names of what they are said of, and a verb for one of them right for all."""
    names = listed(subjects, MESSAGES_LIMIT)
    one = _OF_ONE.search(words) if len(subjects) > 1 else None
    if one is None:
        return words.replace("\0", names)
    noun = None if one[1] else _NOUN.fullmatch(words, 0, one.start())
    if noun is not None:
        return f"each {noun[0]}({names}){words[one.start() + 1 :]}"
    return words.replace("\0", f"each of {names}")


_OF_ONE = regular_expression(r"\0(, which)? (is|has|does)\b|^\0 ")
"""Where the mark for a name is what a verb in the singular speaks of."""
_NOUN = regular_expression(
    r"(?!(?:the|an?) )[a-z ]+ (?<! of )(?<! for )(?<! in )(?<! to )(?<! from )(?<! by )"
)
"""What a message begins with where it says of what kind the one is that it names."""

_BEFORE = regular_expression(r"[\w.-]")
_BEHIND = regular_expression(r"[\w\[/-]|\.\w")
"""What stands beside an address where it is a part of a longer one."""


def _without_name(message: str, name: str) -> str | None:
    """A message with a mark in place of a name that stands in it once; ``None`` of any other."""
    places: list[int] = []
    at = message.find(name) if name else -1
    while at >= 0:
        end = at + len(name)
        if not (at and _BEFORE.match(message, at - 1)) and not _BEHIND.match(message, end):
            places.append(at)
        at = message.find(name, end)
    if len(places) != 1:
        return None
    return f"{message[: places[0]]}\0{message[places[0] + len(name) :]}"


def _join_messages(messages: Iterable[str]) -> str:
    """What findings at one place say, each thing once."""
    distinct = _framed(_without_beginnings(_without_exceptions(sorted(set(messages)))))
    if len(distinct) > MESSAGES_LIMIT:
        distinct[MESSAGES_LIMIT - 1 :] = [f"{len(distinct) - MESSAGES_LIMIT + 1} more like these"]
    return "; ".join(distinct)


def _without_exceptions(messages: list[str]) -> list[str]:
    """Messages without those that take back ("..., but nothing is reached") what another says."""
    plain = set(messages)
    return [
        one for one in messages if ", but " not in one or one.partition(", but ")[0] not in plain
    ]


def _without_beginnings(messages: list[str]) -> list[str]:
    """Messages in order, without those that another one says and then explains."""
    return [
        one
        for at, one in enumerate(messages)
        if not any(more.startswith(f"{one}; ") for more in messages[at + 1 : at + _FRAMES])
    ]


class _Frame(NamedTuple):
    """Messages that differ in one place.

    Attributes:
        before: The words before it.
        names: What stands there, of each message.
        behind: What follows, punctuation first.
    """

    before: tuple[str, ...]
    names: list[str]
    behind: str


def _framed(messages: Sequence[str]) -> list[str]:
    """Messages, with one in place of those that differ in one place."""
    found: list[str | _Frame] = []
    for message in messages:
        for at, known in enumerate(found[:_FRAMES]):
            if isinstance(known, _Frame):
                if _takes(known, message):
                    break
            elif (frame := _frame(known, message)) is not None:
                found[at] = frame
                break
        else:
            found.append(message)
    return [_filled(one) if isinstance(one, _Frame) else one for one in found]


def _frame(one: str, other: str) -> _Frame | None:
    """What two messages share, where what they differ in can be listed there."""
    words, others = one.split(" "), other.split(" ")
    most = min(len(words), len(others)) - 1
    start = next((n for n in range(most) if words[n] != others[n]), most)
    end = next((n for n in range(most - start) if words[-1 - n] != others[-1 - n]), most - start)
    start -= words[start - 1 : start] in _ARTICLES
    middles = [" ".join(each[start : len(each) - end]) for each in (words, others)]
    behind = "".join(f" {word}" for word in words[len(words) - end :])
    names = [middle.rstrip(_MARKS) for middle in middles]
    marks = {middle[len(name) :] for middle, name in zip(middles, names, strict=True)}
    if len(marks) == 1:
        middles, behind = names, marks.pop() + behind
    shorter, longer = sorted(middles, key=len)
    if (
        start + end < _SHARED
        or not all(map(_NAME.fullmatch, middles))
        or longer.startswith(shorter)
    ):
        return None
    frame = _Frame(tuple(words[:start]), middles, behind)
    return frame if _lead(frame) is not None else None


def _takes(frame: _Frame, message: str) -> bool:
    """Adds what a further message has in the place of a frame, where it has the words around it."""
    before = "".join(f"{word} " for word in frame.before)
    if not (message.startswith(before) and message.endswith(frame.behind)):
        return False
    name = message[len(before) : len(message) - len(frame.behind)]
    if not _NAME.fullmatch(name):
        return False
    frame.names.append(name)
    return True


def _filled(frame: _Frame) -> str:
    """The one message of a frame."""
    word: Literal["and", "or"] = "or" if frame.before[-1:] in _CHOOSING else "and"
    words = (*frame.before, _lead(frame), listed(frame.names, MESSAGES_LIMIT, word))
    return " ".join(filter(None, words)) + frame.behind


def _lead(frame: _Frame) -> str | None:
    """What several names in a frame begin with, so that the words behind are right for them.

    ``None`` where no list can stand there.
    """
    before = frame.before[-1] if frame.before else ""
    if _SINGULAR_CLAUSE.match(frame.behind):
        return "each of"
    if not _WORD.match(frame.behind) or _PLURAL.match(frame.behind):
        return ""
    if before in _PREPOSITIONS or (before == "if" and frame.behind.startswith(" holds ")):
        return ""
    alone = not before or before in _CONJUNCTIONS or before.endswith(":")
    return "each of" if alone and _SINGULAR.match(frame.behind) else None
