"""Ports of security group rules that AWS does not take as they are written.

Source: EC2 API reference, IpPermission, and the errors of AuthorizeSecurityGroupIngress: "Must
specify both from and to ports with TCP/UDP", "TCP/UDP port (-1) out of range", "Invalid TCP/UDP
port range"; semantics.md, A2.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.network.sets.ports import (
    ICMP,
    ICMPV6,
    TCP,
    TOP_PORT,
    UDP,
    parse_protocol,
    protocol_name,
)
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.resources.security_group import SecurityGroupRule
    from iac_ec2lint.values import Val


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each rule that is surely there, of which AWS refuses the ports."""
    for resource, rule in _rules(graph):
        if not surely_there(resource, rule):
            continue
        found = _flaw(rule)
        if found is not None:
            name, field, words = found
            yield Remark(name, resource, rule.place(field), words)


def _rules(graph: Graph) -> Iterator[tuple[Resource, SecurityGroupRule]]:
    for group in graph.all(SecurityGroup):
        for rule in (*group.ingress, *group.egress):
            yield group, rule
    for separate in graph.all(SeparateSecurityGroupRule):
        yield separate, separate


def _flaw(rule: SecurityGroupRule) -> tuple[str, str, str] | None:
    """What is odd: the name of the note, the field that it is about, and its words."""
    if rule.protocol is None or isinstance(rule.protocol, Unknown):
        return None
    protocol = parse_protocol(rule.protocol.text or "")
    if isinstance(rule.from_port, Unknown) or isinstance(rule.to_port, Unknown):
        return None
    first, last = _whole(rule.from_port), _whole(rule.to_port)
    if protocol in (ICMP, ICMPV6):
        return _of_icmp(protocol, first, last)
    if protocol not in (TCP, UDP):
        return None  # AWS ignores the ports
    return _of_ports(protocol_name(protocol), first, last)


def _of_icmp(protocol: int, kind: int | None, code: int | None) -> tuple[str, str, str] | None:
    if kind == -1 and code not in (None, -1):
        words = f"{protocol_name(protocol)} code {code} of every type (-1) is refused by AWS"
        return "icmp-code-without-type", "to_port", words
    return None


def _of_ports(name: str, first: int | None, last: int | None) -> tuple[str, str, str] | None:
    for field, bound, which in (("from_port", first, "first"), ("to_port", last, "last")):
        if bound is None:
            other = "to_port" if field == "from_port" else "from_port"
            at = other if (last if field == "from_port" else first) is not None else "protocol"
            words = (
                f"{name} without a {which} port is refused by AWS; all ports are 0 to {TOP_PORT}"
            )
            return "port-bound-missing", at, words
        if bound == -1:
            words = f"-1 is no port of {name}, so AWS refuses it; all ports are 0 to {TOP_PORT}"
            return "port-bound-missing", field, words
        if not 0 <= bound <= TOP_PORT:
            words = f"{name} port {bound} does not exist, so AWS refuses it"
            return "port-out-of-range", field, words
    if first is not None and last is not None and first > last:
        words = f"{name} ports {first} to {last} end before they begin, so AWS refuses them"
        return "port-range-backwards", "from_port", words
    return None


def _whole(value: Val | None) -> int | None:
    number = None if value is None else value.number
    return int(number) if number is not None else None
