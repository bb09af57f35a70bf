"""The graph as networkx has it is the graph: the same nodes, an edge for each reference."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from tests.graph.declarations import graph_of, ref, tf

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk

FIXTURES = Path(__file__).parents[1] / "fixtures"


@pytest.mark.parametrize("code", ["PATH001", "PATH004", "PATH017", "SG016", "DATA001"])
def test_it_has_the_nodes_and_edges_of_the_graph(code: str) -> None:
    edges = 0
    for unit in UnitWalk(Inputs(paths=(FIXTURES / code,), working=FIXTURES)).graphs():
        graph = unit.graph
        network = graph.network
        nodes = {address: graph.get(address) for address in network}
        assert all(data["resource"] is nodes[a] for a, data in network.nodes(data=True))
        assert {resource.address for resource in graph.declared()} <= nodes.keys()
        own = Counter(
            (edge.source.address, edge.target.address, edge.relation, edge.value.span)
            for node in nodes.values()
            if node is not None
            for edge in graph.targets(node)
            if edge.target is not None
        )
        seen = Counter(
            (source, target, data["relation"], data["edge"].value.span)
            for source, target, data in network.edges(data=True)
        )
        assert seen == own
        edges += len(own)
    assert edges


def test_two_references_between_the_same_resources_are_two_edges() -> None:
    rules = [{"security_groups": [ref("aws_security_group.b")]} for _ in range(2)]
    graph = graph_of(tf("aws_security_group.b"), tf("aws_security_group.a", {"ingress": rules}))
    ends = "aws_security_group.a", "aws_security_group.b"
    assert graph.network.number_of_edges(*ends) == 2
    assert nx.descendants(graph.network, ends[0]) == {ends[1]}
