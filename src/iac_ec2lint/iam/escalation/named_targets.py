"""Which principals the policies of another may name: an index of ARNs, so that few are matched.

It leaves out only those that no entry can cover, by what stands before the first wildcard; whether
one is covered, ``policy.matching`` says.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.grants import statements_on
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal

_HOLE: Final = "*"
"""Stands for an unknown piece, which ends what is known as a wildcard does."""

_OPEN: Final = re.compile(r"[*?]|\$\{")
_SEGMENTS: Final = 6
_KNOWN: Final = 3
"""The pieces of an ARN of which only the account is unknown."""


class _Index:
    """The principals of a unit by what is known of their ARNs behind the account.

    Args:
        everyone: They.
    """

    __slots__ = ("by_address", "names", "sorted", "vague")

    def __init__(self, everyone: tuple[Principal, ...]) -> None:
        self.by_address = {one.resource.address: one for one in everyone}
        self.vague: list[Principal] = []
        found: list[tuple[str, str]] = []
        for one in everyone:
            pieces = pieces_of(one.arn) or ("",)
            last = pieces[-1]
            # Where only the account is unknown, all that follows it is one piece.
            if isinstance(last, str) and last.startswith(":") and len(pieces) == _KNOWN:
                found.append((last[1:], one.resource.address))
            else:
                self.vague.append(one)
        self.sorted = sorted(found)
        self.names = [name for name, _ in self.sorted]

    def beginning(self, prefix: str) -> Iterable[str]:
        """The addresses of those whose ARN goes on so behind the account."""
        at = bisect_left(self.names, prefix)
        while at < len(self.names) and self.names[at].startswith(prefix):
            yield self.sorted[at][1]
            at += 1


@remembered
def _index(graph: Graph) -> _Index:
    return _Index(principals(graph))


@remembered
def may_name(graph: Graph, principal: Principal, action: str) -> frozenset[str] | None:
    """The addresses of the principals that statements on an action may be about.

    Returns:
        ``None`` where any may be.
    """
    index = _index(graph)
    found: set[str] = {one.resource.address for one in index.vague}
    for statement in statements_on(principal, action):
        if statement.effect.text == "Deny":
            continue
        if statement.resources is None:
            return None
        for entry in statement.resources:
            named = _named(index, entry)
            if named is None:
                return None
            found.update(named)
    return frozenset(found)


def _named(index: _Index, entry: Val) -> Iterable[str] | None:
    if isinstance(entry, Reference) and entry.attribute.lower() == "arn":
        return (entry.target,) if entry.target in index.by_address else ()
    if isinstance(entry, Unknown) and entry.candidates:
        return _all(index, entry.candidates)
    if isinstance(entry, Value) and isinstance(entry.data, tuple):
        return _all(index, entry.elements())
    pieces = pieces_of(entry) or ()
    text = "".join(one if isinstance(one, str) else _HOLE for one in pieces)
    segments = text.split(":")
    # The ARN of a principal has no more colons, so that a wildcard takes none of these.
    if len(segments) != _SEGMENTS:
        return None
    return index.beginning(_OPEN.split(segments[-1], maxsplit=1)[0])


def _all(index: _Index, entries: Iterable[Val]) -> Iterable[str] | None:
    found: set[str] = set()
    for entry in entries:
        named = _named(index, entry)
        if named is None:
            return None
        found.update(named)
    return found
