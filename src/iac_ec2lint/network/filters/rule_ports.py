"""The ports that a rule of a security group covers."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product

from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    least_port,
    most_port,
    parse_protocol,
)
from iac_ec2lint.network.sets.ports import rule_ports as ports_of
from iac_ec2lint.resources.security_group import (
    SecurityGroupRule,
)
from iac_ec2lint.values import (
    Data,
    Unknown,
    Val,
    Value,
    guard_of,
)
from iac_ec2lint.values.allowed import bounds_of, listed
from iac_ec2lint.values.inputs import input_of

_ALTERNATIVES = 64
"""Combinations of candidates that are looked at one by one; beyond, a rule is widened."""


def ports_covered(
    rule: SecurityGroupRule,
) -> tuple[dict[int, PortSet], dict[int, PortSet], tuple[Unknown, ...]]:
    """The ports that a rule certainly covers, those that it may cover, and the unknowns between."""
    protocol, first, last = rule.protocol, rule.from_port, rule.to_port
    if protocol is None:
        return {}, {}, ()
    causes = tuple(v for v in (protocol, first, last) if isinstance(v, Unknown))
    protocols = alternatives(protocol)
    numbers = None if protocols is None else [parse_protocol(_word(p)) for p in protocols]
    if numbers is None or None in numbers:
        words = "the protocol is none that AWS knows"
        flaw = () if numbers is None else (Unknown(words, "error", protocol.span, protocol.via),)
        return {}, {ALL: ALL_PORTS}, causes + flaw
    bounds = _bounds(first, last)
    widest = _widest(first, last)
    sets = {n: _port_sets(n, bounds, widest) for n in numbers if n is not None}
    refused = _refused(first, last)
    upper = {
        number: _union(possible) - refused if number in (TCP, UDP) else _union(possible)
        for number, possible in sets.items()
    }
    lower = {
        number: _intersection(
            ports
            for other, possible in sets.items()
            for ports in (possible if other in {number, ALL} else (NO_PORTS,))
        )
        for number in sets
    }
    return lower, upper, causes if lower != upper else ()


def alternative_ports(rule: SecurityGroupRule) -> tuple[dict[int, PortSet], ...]:
    """The ports that a rule covers, by protocol, for each of the values that it may have.

    Empty where these are not known.
    """
    protocols = alternatives(rule.protocol)
    bounds = _bounds(rule.from_port, rule.to_port)
    numbers = [parse_protocol(_word(p)) for p in protocols or ()]
    if bounds is None or None in numbers:
        return ()
    return tuple(
        {number: ports}
        for number in numbers
        if number is not None
        for ports in _port_sets(number, bounds, (None, None))
    )


def is_one_port(rule: SecurityGroupRule) -> bool:
    """Whether a rule is for one port, whichever that is: both bounds read one unknown alike.

    A protocol that ignores the bounds may still be its own.
    """
    first, last = rule.from_port, rule.to_port
    if not isinstance(first, Unknown) or not isinstance(last, Unknown):
        return False
    key = input_of(first)
    if key is not None:
        return key == input_of(last)
    return first.cause in {"variable", "parameter"} and _read(first) == _read(last)


def _read(value: Unknown) -> tuple[object, ...]:
    """How an input is read: by which words of which file, and on which way."""
    way = tuple((step.span.key, step.words) for step in value.via)
    return value.span.path, value.span.text, value.cause, value.reason, way


def _bounds(first: Val | None, last: Val | None) -> list[tuple[Data, Data]] | None:
    """The pairs of bounds that a rule may have; ``None`` where they may be any.

    Where both are one unknown, they are the same.
    """
    firsts, lasts = alternatives(first), alternatives(last)
    if firsts is None or lasts is None:
        return None
    if isinstance(first, Unknown) and isinstance(last, Unknown) and first.inputs == last.inputs:
        guards = [[guard_of(c) for c in value.candidates] for value in (first, last)]
        if firsts == lasts and guards[0] == guards[1]:
            return [*zip(firsts, lasts, strict=True)]
    return [*product(firsts, lasts)] if len(firsts) * len(lasts) <= _ALTERNATIVES else None


def _word(data: Data) -> str | int:
    return data if isinstance(data, str | int) else ""


def _port_sets(
    number: int,
    bounds: list[tuple[Data, Data]] | None,
    widest: tuple[int | None, int | None],
) -> tuple[PortSet, ...]:
    """The sets of ports that a rule of a protocol may mean."""
    if ports_of(number, None, None)[0] == ports_of(number, 1, 1)[0]:
        return (ALL_PORTS,)  # AWS ignores the ports of this protocol
    if bounds is None:
        return (ports_of(number, *widest)[0] if number in (TCP, UDP) else ALL_PORTS, NO_PORTS)
    return tuple(ports_of(number, _integer(lo), _integer(hi))[0] for lo, hi in bounds)


def _widest(first: Val | None, last: Val | None) -> tuple[int | None, int | None]:
    """The least first port and the greatest last one; ``None`` where nothing bounds it."""
    low = least_port(first) if isinstance(first, Unknown) else _written_port(first)
    high = most_port(last) if isinstance(last, Unknown) else _written_port(last)
    return low, high


def _refused(first: Val | None, last: Val | None) -> PortSet:
    """The ports that a rule of one port, the same unknown in both bounds, must not be for."""
    if not isinstance(first, Unknown) or not isinstance(last, Unknown):
        return NO_PORTS
    if not first.inputs or first.inputs != last.inputs or first.allowed != last.allowed:
        return NO_PORTS
    return PortSet.of((number, number) for number in bounds_of(first).left_out)


def _written_port(value: Val | None) -> int | None:
    return None if value is None or value.number is None else int(value.number)


def _union(sets: Iterable[PortSet]) -> PortSet:
    joined = NO_PORTS
    for ports in sets:
        joined |= ports
    return joined


def _intersection(sets: Iterable[PortSet]) -> PortSet:
    shared = ALL_PORTS
    for ports in sets:
        shared &= ports
    return shared


def alternatives(value: Val | None) -> list[Data] | None:
    """What a value can be: its data, or its candidates'; ``None`` where unknown."""
    if value is None:
        return [None]
    if isinstance(value, Value):
        return [value.data]
    found: list[Data] = list(map(_number, listed(value))) if not value.candidates else []
    for candidate in value.candidates:
        inner = alternatives(candidate)
        if inner is None:
            return None
        found.extend(inner)
    return found if 0 < len(found) <= _ALTERNATIVES else None


def _number(data: str | int | bool) -> Data:
    """What is listed, as a number where it is the text of one."""
    return int(data) if isinstance(data, str) and data.isdecimal() else data


def _integer(data: Data) -> int | None:
    return data if isinstance(data, int) and not isinstance(data, bool) else None
