"""The attack graph of a unit as it is walked: its nodes, its edges, the best of each pair."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, NodeKey

if TYPE_CHECKING:
    import networkx

UNSURE: Final = 100
"""What a hop that is not sure counts for: a sure way is better, however long."""


class BestEdge(NamedTuple):
    """The best of the edges from one node to another, and what it counts for."""

    edge: AttackEdge
    cost: int


class AttackGraph:
    """The attack graph of a unit.

    Attributes:
        nodes: Its nodes, by key.
        edges: Its edges, in the order in which they were found.
        starts: The edges from outside, the firmest for each node that they lead to.
        walked: The paths that were found from beginnings that lead on to the same.
    """

    def __init__(self) -> None:
        self.nodes: dict[NodeKey, AttackNode] = {}
        self.edges: list[tuple[NodeKey, NodeKey, AttackEdge]] = []
        self.starts: dict[NodeKey, tuple[NodeKey, AttackEdge]] = {}
        self.walked: dict[tuple[object, ...], list[list[NodeKey]]] = {}

    def add(self, node: AttackNode) -> NodeKey:
        """Add a node, where it is not there."""
        return self.nodes.setdefault(node.key, node).key

    @cached_property
    def network(self) -> networkx.MultiDiGraph[NodeKey]:
        """The same for networkx, once it is complete: nodes have a ``node``, edges an ``edge``."""
        import networkx  # costs a third of a small scan: only where it is drawn

        made: networkx.MultiDiGraph[NodeKey] = networkx.MultiDiGraph()
        for key, node in self.nodes.items():
            made.add_node(key, node=node)
        for to, (outside, edge) in self.starts.items():
            made.add_edge(outside, to, edge=edge)
        for source, target, edge in self.edges:
            made.add_edge(source, target, edge=edge)
        return made

    @cached_property
    def ways(self) -> dict[NodeKey, dict[NodeKey, BestEdge]]:
        """A simple view of it for algorithms: the best edge of each pair, by both its ends.

        What somebody comes to from outside by itself needs no way through another, so that nothing
        leads to it here. The role of a host that is taken over, and does not give it, is no news
        of the network: such a beginning stands for itself, beside the host. Whoever logs in by
        another way than the internet has the role by that.
        """
        found: dict[NodeKey, dict[NodeKey, BestEdge]] = {}

        def lead(source: NodeKey, target: NodeKey, edge: AttackEdge) -> None:
            onward = found.setdefault(source, {})
            known = onward.get(target)
            cost = 1 if edge.answer.truth else UNSURE
            if known is None or cost < known.cost:
                onward[target] = BestEdge(edge, cost)

        open_ = self.open_already
        for source, target, edge in self._by_source():
            if source[0] == "outside" or target in open_:
                continue
            lead(source, target, edge)
            if source in self.starts and source[0] == "host":
                first = self.starts[source][1]
                yields = target[0] in ("principal", "thing")
                if not yields or (first.begins and not first.lesser):
                    lead(beginning(source), target, edge)
        return found

    @cached_property
    def weighted(self) -> networkx.DiGraph[NodeKey]:
        """The ways for networkx, with what each counts for as its ``weight``."""
        import networkx  # as above

        made: networkx.DiGraph[NodeKey] = networkx.DiGraph()
        for source, onward in self.ways.items():
            made.add_weighted_edges_from((source, to, best.cost) for to, best in onward.items())
        return made

    @cached_property
    def led_to(self) -> frozenset[NodeKey]:
        """What some way leads to."""
        return frozenset(target for onward in self.ways.values() for target in onward)

    def _by_source(self) -> Iterator[tuple[NodeKey, NodeKey, AttackEdge]]:
        """The edges in the order of the nodes that they leave, those of one pair together."""
        pairs: dict[NodeKey, dict[NodeKey, list[AttackEdge]]] = {key: {} for key in self.nodes}
        for source, target, edge in self.edges:
            pairs[source].setdefault(target, []).append(edge)
        for source, targets in pairs.items():
            for target, edges in targets.items():
                yield from ((source, target, edge) for edge in edges)

    @property
    def open_already(self) -> frozenset[NodeKey]:
        """What nothing else is needed for."""
        starts = self.starts.items()
        return frozenset(key for key, (_, first) in starts if first.admits_anybody)


def beginning(key: NodeKey) -> NodeKey:
    """What stands for a host where a chain begins there."""
    return ("outside", key[1]) if key[0] == "host" else key
