"""What the tags of a resource say of its tier: hints, no proofs (semantics.md, B0)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, plain_address
from iac_ec2lint.values.allowed import listed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val

_WORD: Final = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_TIERS: Final = ("tier", "type", "role")
_NAMES: Final = ("name", *_TIERS)
_NETWORK: Final = ("network",)
"""Which templates of AWS's have beside the name: ``Network: Public``."""
_DATABASE: Final = frozenset({"db", "data", "database", "databases"})
_PRIVATE: Final = frozenset({"private", "internal"}) | _DATABASE
_OF_WORDS: Final = frozenset({"random_pet", "random_shuffle"})
_OF_BALANCERS: Final = "kubernetes.io/role/elb"
_OF_INTERNAL_ONES: Final = "kubernetes.io/role/internal-elb"
"""The tags by which Kubernetes finds the public subnets, and the private (EKS User Guide)."""


class Called(NamedTuple):
    """Whether tags say something of a resource.

    Attributes:
        answer: Whether they do; undecided where a tag that may is unknown.
        word: The word by which they do; empty where none is known.
    """

    answer: Answer
    word: str = ""


def called_private(resource: Resource) -> Called:
    """Whether the name or the tier of a resource says that it is private.

    What is called public too says nothing, or is tagged for load balancers of the internet. Where
    tags are unknown, or a name speaks of data alone, as the VPC's name in it may, an address that
    says public answers for them.
    """
    tagged = _OF_BALANCERS in resource.tags and _OF_INTERNAL_ONES not in resource.tags
    network = _words(resource, _NETWORK)
    if tagged or "public" in (*network, *_words(resource, _NAMES)):
        return Called(NO)
    called = Called(YES, "private") if "private" in network else _called(resource, _NAMES, _PRIVATE)
    unsaid = [one for one in _tagged(resource, _NETWORK) if isinstance(one, Unknown)]
    if unsaid and not network:
        called = Called(Answer(None, (*unsaid, *called.answer.causes)), called.word)
    words = {word.lower() for word in _WORD.findall(plain_address(resource.address))}
    if "public" not in words or words & _PRIVATE:
        return called
    if called.word in _DATABASE:
        tier = _called(resource, _TIERS, _PRIVATE)
        return called if tier.answer.truth is True else tier
    return Called(NO) if called.answer.truth is None else called


def called_private_in(subnet: Resource, vpc: Resource | None) -> Called:
    """See ``called_private``; a word for data that is of the name of the subnet's VPC says nothing.

    ``data-refinery-1a`` in the VPC ``data-refinery`` is named after what is built, and no tier.
    """
    called = called_private(subnet)
    if vpc is None or called.word not in _DATABASE:
        return called
    other = _called(subnet, _NAMES, _PRIVATE - {called.word})
    if other.answer.truth is True:
        return other
    if _is_of_name(subnet, vpc, called.word):
        return other
    named = tuple(value for value in _tagged(vpc, ("name",)) if isinstance(value, Unknown))
    return Called(called.answer & Answer(None, named), called.word) if named else called


def _is_of_name(subnet: Resource, vpc: Resource, word: str) -> bool:
    """Whether a subnet's tags say a word beside another only as the VPC's name says them."""
    pairs = _pairs(subnet, _NAMES, word)
    said = _pairs(vpc, ("name",), word)
    return bool(pairs) and all(those & set().union(*said) for those in pairs)


def _pairs(resource: Resource, keys: tuple[str, ...], word: str) -> list[set[tuple[str, str]]]:
    """With which words before and after it a word stands, wherever tags say it."""
    found: list[set[tuple[str, str]]] = []
    for value in _tagged(resource, keys):
        for text in _texts(value):
            words = [one.lower() for one in _WORD.findall(text)]
            for at, one in enumerate(words):
                if one == word:
                    around = zip(("before", "after"), (at - 1, at + 1), strict=True)
                    found.append({(side, words[i]) for side, i in around if 0 <= i < len(words)})
    return found


def called_database(resource: Resource) -> Called:
    """Whether the tier of a resource says that it is the database's."""
    return _called(resource, _TIERS, _DATABASE)


def _called(resource: Resource, keys: tuple[str, ...], wanted: frozenset[str]) -> Called:
    word = next((word for word in _words(resource, keys) if word in wanted), "")
    if word:
        return Called(YES, word)
    each = [(value, _said(value, wanted)) for value in _tagged(resource, keys)]
    if any(said for _, said in each):
        return Called(YES, next(word for v, said in each if said for word in _wanted_of(v, wanted)))
    gaps = [
        value
        for value, said in each
        if said is None and isinstance(value, Unknown) and not _says_nothing(value)
    ]
    gap = resource.unknown_tag(*keys)
    if gap is not None:
        gaps.append(gap)
    return Called(Answer(None, tuple(gaps)) if gaps else NO)


def _said(value: Val, wanted: frozenset[str]) -> bool | None:
    """Whether a tag says one of some words by each of its values; ``None`` where that differs."""
    texts = _values(value)
    found = {any(word.lower() in wanted for word in _WORD.findall(text)) for text in texts or ()}
    return found.pop() if len(found) == 1 else None


def _wanted_of(value: Val, wanted: frozenset[str]) -> Iterator[str]:
    """The words that a tag says of some that are wanted."""
    for text in _values(value) or ():
        yield from (word.lower() for word in _WORD.findall(text) if word.lower() in wanted)


def _values(value: Val) -> tuple[str, ...] | None:
    """All that a tag can say; ``None`` where that is not known."""
    if isinstance(value, Unknown):
        if not value.candidates:
            return tuple(map(str, listed(value))) or None
        each = [_values(candidate) for candidate in value.candidates]
        return None if None in each else tuple(t for one in each for t in one or ())
    return None if value.text is None else (value.text,)


def _says_nothing(value: Unknown) -> bool:
    """Whether all that is unknown of a text says nothing of what has it.

    What is at random says nothing, nor what all of its stack has: its name, its Region. What a
    mapping has for a Region, such as a zone, says where something is, and not what.
    """
    pieces = [piece for piece in value.parts or (value,) if isinstance(piece, Unknown)]
    return all(
        one.target.rpartition("/")[2].startswith("AWS::") or _is_at_random(one)
        if isinstance(one, Reference)
        else bool(one.inputs) and all(each.key.startswith("AWS::") for each in one.inputs)
        for one in pieces
    )


def _is_at_random(reference: Reference) -> bool:
    """Whether it is what Terraform's provider ``random`` makes up; a pet's name is of words."""
    kind = plain_address(reference.target).split(".")[-2:][0]
    return kind.startswith("random_") and kind not in _OF_WORDS


def _tagged(resource: Resource, keys: tuple[str, ...]) -> Iterator[Val]:
    return (value for key, value in resource.tags.items() if key.lower() in keys)


def _words(resource: Resource, keys: tuple[str, ...]) -> tuple[str, ...]:
    """The whole words, in lower case, of the tags with some keys."""
    return tuple(
        word.lower()
        for value in _tagged(resource, keys)
        for text in _texts(value)
        for word in _WORD.findall(text)
    )


def _texts(value: Val) -> Iterator[str]:
    """A text, or what is known of one that is unknown."""
    if isinstance(value, Unknown):
        yield from (part for part in value.parts or () if isinstance(part, str))
    elif value.text is not None:
        yield value.text
