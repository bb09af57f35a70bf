"""What stands in a subnet: hosts, data stores and load balancers, and which tier each is of.

A host is of the database tier where a tag says so, or where its groups have a rule for a data
store's port. Rules for all ports, or for a wide range, are for no service in particular, and one
among the members of a managed data store's group lets its clients in to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.data_stores import data_stores
from iac_ec2lint.network.filters.data_tier import is_for_store, of_clients, store_ports
from iac_ec2lint.network.filters.group_rules import RuleTraffic, group_rules
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.hosts.addressing import public_address
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import (
    Eni,
    Placement,
    is_unused,
    placements_of,
    workloads,
)
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.tier_names import called_database
from iac_ec2lint.resources.security_group import SeparateSecurityGroupRule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Unknown


class Occupant(NamedTuple):
    """Something that stands in a subnet.

    Attributes:
        resource: The instance, the group of instances, the data store or the load balancer.
        kind: Which of these it is.
        placement: The subnet.
        facing: Whether the internet has an address of it, as a hop; ``None`` where it has not.
        stores: Whether it is of the database tier; ``None`` where it is not.
    """

    resource: Resource
    kind: Literal["host", "data store", "load balancer"]
    placement: Placement
    facing: Hop | None = None
    stores: Hop | None = None


@remembered
def occupants(graph: Graph) -> dict[Resource, tuple[Occupant, ...]]:
    """What stands in each subnet; what is in a subnet that is unknown has a node of its own."""
    found: dict[Resource, list[Occupant]] = {}
    # What surely holds data is told before a host that is taken to by its rules.
    for occupant in (*_stores(graph), *_hosts(graph), *_balancers(graph)):
        found.setdefault(occupant.placement.subnet, []).append(occupant)
    return {subnet: tuple(those) for subnet, those in found.items()}


def _hosts(graph: Graph) -> Iterator[Occupant]:
    for workload in workloads(graph):
        if workload.exists.truth is False or is_unused(workload.resource):
            continue
        gaps = workload.exists.causes if workload.exists.truth is None else ()
        for eni in workload.enis:
            facing = _doubted(_address(graph, eni), eni.placement, gaps)
            stores = _doubted(_data_port(graph, eni), eni.placement, gaps)
            yield Occupant(workload.resource, "host", eni.placement, facing, stores)


def _address(graph: Graph, eni: Eni) -> Hop | None:
    hops = [public_address(graph, eni, family) for family in Family]
    for truth in (True, None):
        found = next((hop for hop in hops if hop.verdict is truth), None)
        if found is not None:
            return found
    return None


def _data_port(graph: Graph, eni: Eni) -> Hop | None:
    host = eni.host
    called, word = called_database(host)
    if called.truth:
        return Hop("tier", host, host.span, f'a tag of {host.address} says "{word}"')
    possible: Hop | None = None
    if called.may_be_true:
        fact = f"a tag of {host.address} may say that it is the database's"
        possible = Hop("tier", host, host.span, fact).in_doubt(*called.causes)
    rules = _data_rules(graph)
    for attached in eni.groups:
        for rule in rules.get(attached.group, ()) if attached.group is not None else ():
            gaps = attached.doubts if rule.cause is None else (*attached.doubts, rule.cause)
            meant = is_for_store(rule)
            if meant.truth:
                fact = f"a group of {host.address} has a rule for {store_ports(rule)}"
            else:
                fact = f"a group of {host.address} may have a rule for a data store's port"
                gaps += meant.causes
            hop = Hop("security group", rule.resource, rule.rule.span, fact)
            if attached.certain and not gaps:
                return hop
            possible = possible or hop.in_doubt(*gaps)
    possible = possible or _rules_elsewhere(graph, eni)
    if possible is None and eni.groups:
        return _of_unknown_group(graph, host)
    return possible


def _rules_elsewhere(graph: Graph, eni: Eni) -> Hop | None:
    """That a group of an interface may have a rule for a data store's port which is not here."""
    for attached in eni.groups:
        group = attached.group
        more = None if group is None else more_rules_cause(graph, group, "ingress")
        if group is not None and more is not None:
            fact = f"a group of {eni.host.address} may have a rule for a data store's port"
            return Hop("security group", group, group.span, fact).in_doubt(more)
    return None


def _of_unknown_group(graph: Graph, host: Resource) -> Hop | None:
    """A rule for a data store's port of which nobody knows whose it is: a host's, perhaps."""
    found = _stray_rule(graph)
    if found is None:
        return None
    owner, ports, gaps = found
    fact = f"a group of {host.address} may have a rule for {ports}"
    return Hop("security group", owner, owner.span, fact).in_doubt(*gaps)


@remembered
def _stray_rule(graph: Graph) -> tuple[Resource, str, tuple[Unknown, ...]] | None:
    """The first rule for a data store's port whose group is not known: its ports, and why."""
    for owner, rules in _data_rules(graph).items():
        if isinstance(owner, SeparateSecurityGroupRule) and rules:
            edges = graph.targets(owner, "security_group")
            gaps = tuple(cause for edge in edges for cause in edge.answer.causes)
            if gaps:
                return owner, store_ports(rules[0]), gaps
    return None


@remembered
def _data_rules(graph: Graph) -> dict[Resource, tuple[RuleTraffic, ...]]:
    """The rules that are, or may be, for data stores' ports, by group."""
    return {
        group.group: tuple(
            rule
            for rule in group.rules
            if is_for_store(rule).may_be_true and not of_clients(graph, group.group, rule)
        )
        for group in group_rules(graph, "ingress")
    }


def _stores(graph: Graph) -> Iterator[Occupant]:
    for store in data_stores(graph):
        resource = store.resource
        gaps = () if resource.presence.cause is None else (resource.presence.cause,)
        hop = Hop("tier", resource, resource.span, f"{resource.address} is a data store")
        for placement in store.placements:
            stores = _doubted(hop, placement, gaps)
            yield Occupant(resource, "data store", placement, None, stores)


def _balancers(graph: Graph) -> Iterator[Occupant]:
    for balancer in balancers(graph):
        resource = balancer.resource
        internal = resource.is_internal
        if internal.truth is True:
            continue
        gaps = internal.causes if internal.truth is None else ()
        if resource.presence.cause is not None:
            gaps += (resource.presence.cause,)
        hop = Hop("address", resource, resource.span, f"{resource.address} faces the internet")
        for placement in placements_of(graph, resource, graph.targets(resource, "subnets")):
            facing = _doubted(hop, placement, gaps)
            yield Occupant(resource, "load balancer", placement, facing)


def _doubted(hop: Hop | None, placement: Placement, gaps: tuple[Unknown, ...]) -> Hop | None:
    """A hop about something that may not be there, or not in this subnet."""
    if hop is None or hop.verdict is False:
        return None
    return hop if placement.certain and not gaps else hop.in_doubt(*placement.doubts, *gaps)
