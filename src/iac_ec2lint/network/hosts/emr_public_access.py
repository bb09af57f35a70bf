"""Whether EMR launches a cluster whose groups let in all: its block public access may refuse to.

It is on in each Region and lets port 22 alone be, but for accounts that had clusters before July
2019; it is asked when a cluster is made, and not of one that runs. Source: Amazon EMR Management
Guide, "Using Amazon EMR block public access".
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.admission import admission
from iac_ec2lint.network.filters.attached_rules import attached_groups
from iac_ec2lint.network.sets.ports import ICMP, ICMPV6, PortSet, describe_ports
from iac_ec2lint.resources.emr_cluster import EmrBlockPublicAccess, EmrCluster, PermittedPorts
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of

_RELATIONS: Final = ("security_groups", "worker_groups", "service_groups")
_SSH: Final = PortSet(((22, 22),))
LAUNCHED: Final = "EMR's block public access lets it be, or it ran before it had these rules"
"""What it rests on that a cluster with such groups is there."""


def is_launched(graph: Graph, cluster: EmrCluster) -> Answer:
    """Whether EMR launches a cluster, or may refuse it for what its groups let in."""
    declared = _declared(graph, cluster)
    return all_of(
        _is_permitted(cluster, declared, protocol, ports)
        for protocol, ports in _open_to_all(graph, cluster)
    )


def _open_to_all(graph: Graph, cluster: EmrCluster) -> Iterator[tuple[int, PortSet]]:
    """The ports that rules of its groups open to all addresses."""
    edges = [edge for name in _RELATIONS for edge in graph.targets(cluster, name)]
    for rule in admission(graph, attached_groups(edges), "ingress").rules:
        if any(one.is_everything for source in rule.read.sources for one in source.lower):
            for protocol, ports in rule.read.lower.items():
                if protocol not in (ICMP, ICMPV6):
                    yield protocol, ports


def _declared(graph: Graph, cluster: EmrCluster) -> EmrBlockPublicAccess | None:
    """The settings of the account for the Region of a cluster."""
    every = graph.all(EmrBlockPublicAccess)
    return next((one for one in every if one.scope == cluster.scope), None)


def _is_permitted(
    cluster: EmrCluster, declared: EmrBlockPublicAccess | None, protocol: int, ports: PortSet
) -> Answer:
    what = describe_ports(protocol, ports)
    if declared is None:
        if not ports - _SSH:
            return YES
        words = f"EMR refuses {cluster.address}, which opens {what}, unless the account lets it be"
        return Answer(None, (Unknown(words, "external-id", cluster.span),))
    off = declared.blocks.equals(False) if declared.blocks is not None else NO
    permitted = PortSet.of(pair for one in declared.permitted if (pair := _range(one)) is not None)
    if off.truth or not ports - permitted:
        return YES
    words = f"{declared.address} refuses new clusters that open {what}, and not one that runs"
    cause = off.causes[0] if off.causes else Unknown(words, "external-id", declared.span)
    return Answer(None, (cause,))


def _range(ports: PermittedPorts) -> tuple[int, int] | None:
    first = ports.first.number if ports.first is not None else None
    last = ports.last.number if ports.last is not None else None
    return None if first is None or last is None else (int(first), int(last))
