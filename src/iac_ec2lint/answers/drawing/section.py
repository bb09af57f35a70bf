"""The graph of a unit as nodes and edges, with the verdicts of the network's rules as edges."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.model import (
    INTERNET,
    REACHES,
    DrawnEdge,
    DrawnNode,
    DrawnSection,
    port_words,
)
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.network.reachability.reach import open_ports, reach_balancer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.hosts.workloads import Workload
    from iac_ec2lint.network.reachability.reach import Reach
    from iac_ec2lint.network.sets.ports import PortSet
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.resources.part import Resource

_ADDRESS_TYPE = re.compile(r"(?:^|(?<=[.\]]))(?:data\.)?(?:aws|awscc)_[a-z0-9_]+\.")
"""A resource type in a Terraform address, which says what it is and not which one."""


def section_of(graph: Graph, unit: Unit) -> DrawnSection:
    """The graph of a unit.

    Args:
        graph: The graph of its resources.
        unit: The unit.
    """
    edges = [*_references(graph), *_verdicts(graph)]
    nodes = {node.address: node for node in map(node_of, _resources(graph))}
    for edge in edges:
        if INTERNET in (edge.source, edge.target):
            nodes[INTERNET] = DrawnNode(INTERNET, "internet", "the internet", "external")
    edges.sort(key=lambda edge: (edge.source, edge.target, edge.relation, edge.path, edge.line))
    ordered = tuple(nodes[address] for address in sorted(nodes))
    return DrawnSection(unit.path, unit.kind, ordered, tuple(edges))


def node_of(resource: Resource) -> DrawnNode:
    """A resource as a node."""
    address, kind = resource.address, resource.type
    if isinstance(resource, Implicit):
        path, line = resource.owner.span.path, resource.owner.span.line
        return DrawnNode(address, resource.kind, resource.words, "implicit", path, line)
    path, line = resource.span.path, resource.span.line
    if isinstance(resource, External):
        return DrawnNode(address, "external", label_of(address), "external", path, line)
    return DrawnNode(address, kind, label_of(address), "declared", path, line)


def label_of(address: str) -> str:
    """An address without what repeats its type: ``web["a"]``, ``network.public``."""
    return _ADDRESS_TYPE.sub("", address).replace("module.", "") or address


def _resources(graph: Graph) -> Iterator[Resource]:
    for _, attributes in graph.network.nodes(data=True):
        yield attributes["resource"]


def _references(graph: Graph) -> Iterator[DrawnEdge]:
    for source, target, attributes in graph.network.edges(data=True):
        edge = attributes["edge"]
        span = edge.value.span
        yield DrawnEdge(source, target, edge.relation, span.path, span.line, edge.certain)


def _verdicts(graph: Graph) -> Iterator[DrawnEdge]:
    """Who is reached, or may be: one edge for each way in and answer."""
    for balancer in balancers(graph):
        answers = [
            reach_balancer(graph, balancer, (protocol, ports.ranges[0][0]))._replace(ports=ports)
            for protocol, ports in listened(graph, balancer)
        ]
        yield from _joined(answers)
    for workload in workloads(graph):
        yield from verdicts_on(graph, workload)


def verdicts_on(graph: Graph, workload: Workload) -> Iterator[DrawnEdge]:
    """Who reaches a workload, or may: one edge for each way in and answer."""
    yield from _joined(open_ports(graph, workload))


def _joined(answers: list[Reach] | tuple[Reach, ...]) -> Iterator[DrawnEdge]:
    together: dict[tuple[str, bool, str], list[Reach]] = {}
    for answer in answers:
        if answer.truth is not False:
            key = (answer.via, answer.truth is True, answer.confidence)
            together.setdefault(key, []).append(answer)
    for (via, certain, confidence), alike in together.items():
        ports: dict[int, PortSet] = {}
        for answer in alike:
            known = ports.get(answer.protocol)
            ports[answer.protocol] = answer.ports if known is None else known | answer.ports
        hops = [hop for answer in alike for hop in answer.evidence]
        first = alike[0]
        span = _place(hops, first.resource)
        yield DrawnEdge(
            INTERNET if via == "direct" else via,
            first.resource.address,
            REACHES,
            *span,
            certain,
            port_words(ports),
            confidence,
            tuple(dict.fromkeys(hop.resource.address for hop in hops)),
        )


def _place(hops: list[Hop], resource: Resource) -> tuple[str, int]:
    """The rule that lets clients in, which is what people look for; else the resource itself."""
    for hop in hops:
        if hop.kind == "security group":
            return hop.span.path, hop.span.line
    return resource.span.path, resource.span.line
