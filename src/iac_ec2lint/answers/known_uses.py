"""Which of what people say is known has a part in a unit: what has none anywhere is a note."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.graph.nodes import External
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.network.sets.addresses import parse_cidr
from iac_ec2lint.resources.elastic_ip import ElasticIp
from iac_ec2lint.resources.network_acl import NetworkAcl
from iac_ec2lint.resources.part import DataSource, Resource
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.values.addresses import plain_address
from iac_ec2lint.values.inputs import named_by
from iac_ec2lint.values.known import (
    ACCOUNT_ADDRESS,
    ENDPOINTS_ELSEWHERE,
    FLOW_LOGS_ELSEWHERE,
    NO_ADDRESS_ELSEWHERE,
    NO_DEFAULT_VPC,
    USED_ELSEWHERE,
)
from iac_ec2lint.values.stated import address_fits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.sets.addresses import AddressSet
    from iac_ec2lint.values.known import KnownFacts

_OF_OTHERS = frozenset(
    {ENDPOINTS_ELSEWHERE, FLOW_LOGS_ELSEWHERE, NO_ADDRESS_ELSEWHERE, NO_DEFAULT_VPC}
)
"""Settings that say something of what is declared elsewhere."""
_OF_ELSEWHERE = ("subnet", "subnets", "security_groups", "groups")
"""The relations to subnets and groups, of which people may say something."""

Place = tuple[str, int, int]
"""Where a fact is written."""


def known_uses(graph: Graph, known: KnownFacts) -> Iterator[Place]:
    """The facts that have a part in a unit, by where they are written.

    A range has one where something narrower than all addresses has a part of it, a subnet or a
    group where something is called so, and a setting of an account where the unit does not say it
    itself.

    Args:
        graph: The unit's graph.
        known: What is known.
    """
    if known.ranges:
        sets = [*_written_ranges(graph)]
        filtered = any(True for _ in graph.all(NetworkAcl))
        for fact in known.ranges:
            block = parse_cidr(fact.text)
            if block is not None and (filtered or any(_has(one, block.addresses) for one in sets)):
                yield fact.span.key
    if known.private_subnets or known.closed_groups:
        nodes = [*graph.all(Resource)]
        names = {one.address for one in nodes}
        names |= {one.text for one in nodes if isinstance(one, External) and one.text is not None}
        names |= {named_by(edge.value) for edge in graph.unresolved(*_OF_ELSEWHERE)}
        names |= {plain_address(name) for name in names}
        for fact in (*known.private_subnets, *known.closed_groups):
            if any(address_fits(fact.text, name) for name in names):
                yield fact.span.key
    if known.images:
        texts = {one.text for one in graph.all(External)}
        yield from (fact.span.key for fact in known.images if fact.text in texts)
    elsewhere = any(True for _ in graph.all(External, DataSource))
    for fact in known.account:
        if fact.text in _OF_OTHERS and elsewhere:
            yield fact.span.key
        if fact.text == USED_ELSEWHERE and any(True for _ in graph.all(SecurityGroup, ElasticIp)):
            yield fact.span.key
    for one in graph.declared() if known.account else ():
        if one.address.startswith(ACCOUNT_ADDRESS):
            yield one.span.key


def _written_ranges(graph: Graph) -> Iterator[AddressSet]:
    for group in (*group_rules(graph, "ingress"), *group_rules(graph, "egress")):
        for rule in group.rules:
            for source in rule.sources:
                yield from (one for one in source.upper if not one.is_everything)


def _has(one: AddressSet, other: AddressSet) -> bool:
    return one.family is other.family and one.overlaps(other)
