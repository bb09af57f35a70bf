"""Declarations made by hand, and graphs of them: no language is parsed."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Declaration, Language, Presence, ValueSection
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.registry import typed
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Cause, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Resource

_SOURCE = SourceText("main.tf", "")
_OFFSETS = count()

Plain = object
"""None, bool, int, str, list, dict, or a ``Val`` among them."""


def span() -> Span:
    """A span that nothing else has."""
    start = next(_OFFSETS)
    return Span(_SOURCE, start, start + 1)


def value(data: Plain) -> Val:
    """Plain data as what an expression came to."""
    if isinstance(data, Value | Unknown):
        return data
    if isinstance(data, dict):
        return Value({key: value(member) for key, member in data.items()}, span())
    if isinstance(data, list):
        return Value(tuple(value(element) for element in data), span())
    if data is None or isinstance(data, bool | int | str):
        return Value(data, span())
    raise TypeError(f"{data!r} is no plain data")


def ref(target: str, attribute: str = "id") -> Reference:
    """A reference to a resource."""
    return Reference(target, attribute, span())


def unknown(
    reason: str = "var.x has no value",
    cause: Cause = "variable",
    *candidates: Plain,
    parts: tuple[str | Unknown, ...] = (),
    unset: bool = False,
) -> Unknown:
    """A value that is not known."""
    return Unknown(
        reason,
        cause,
        span(),
        candidates=tuple(value(candidate) for candidate in candidates),
        parts=parts,
        unset=unset,
    )


def declare(
    type_: str,
    address: str,
    body: dict[str, Plain] | None = None,
    *,
    scope: str = "aws",
    presence: Presence = CERTAIN,
) -> Resource:
    """A typed resource of a type of either language."""
    language: Language = "cloudformation" if "::" in type_ else "terraform"
    attributes = Value({key: value(member) for key, member in (body or {}).items()}, span())
    where = span()
    return typed(
        Declaration(
            language,
            type_,
            address,
            where,
            where,
            ValueSection(attributes, ""),
            presence=presence,
            scope=scope,
        )
    )


def tf(address: str, body: dict[str, Plain] | None = None, **more: object) -> Resource:
    """A Terraform resource: ``tf("aws_vpc.main", {...})``; its type is read off the address."""
    words = address.split("[", maxsplit=1)[0].split(".")
    kind = ".".join(words[-3:-1]) if words[0] == "data" else words[-2]
    scope = more.get("scope", "aws")
    presence = more.get("presence", CERTAIN)
    if not isinstance(scope, str) or not isinstance(presence, Presence):
        raise TypeError("no scope or presence")
    return declare(kind, address, body, scope=scope, presence=presence)


def graph_of(*resources: Resource) -> Graph:
    """The graph of some resources."""
    return Graph(resources)
