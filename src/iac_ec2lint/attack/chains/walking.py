"""Chains of hops from outside to an end, of those that no single hop comes to.

The shortest for each pair of a beginning and an end, what is sure before what is not. What other
checks report by themselves is left to them: the role of an exposed host, what that role gains by
one hop, what exposed hosts reach inside. Who becomes an administrator needs no more, so that of
such a beginning nothing else is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.attack_graph import UNSURE, AttackGraph, beginning
from iac_ec2lint.attack.chains.building import attack_graph, explained
from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, NodeKey
from iac_ec2lint.engine.question import Question
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.values import Answer, all_of

_DOUBTS: Final = 2
"""How many hops of a chain may be unsure beyond its beginning: what hangs on more is no news."""

_MOST: Final = 12
"""How many ends of one beginning are told."""


class Chain(NamedTuple):
    """A chain of hops from outside to one or more ends.

    Attributes:
        first: The edge from outside.
        nodes: What is come to, from the first inside to the end.
        edges: The edges between these.
        reads: The edges to the sensitive things that are read at the end; empty where the end is
            a principal, or a data store that is reached.
        more: How many other ends the beginning has that are not told.
    """

    first: AttackEdge
    nodes: tuple[AttackNode, ...]
    edges: tuple[AttackEdge, ...]
    reads: tuple[AttackEdge, ...] = ()
    more: int = 0

    @property
    def end(self) -> AttackNode:
        """Where it ends; with ``reads``, who reads."""
        return self.nodes[-1]

    def is_of(self, asked: Question) -> bool:
        """Whether it has the shape that is asked for, beyond its beginning."""
        ends = "thing" if self.reads else self.end.kind
        kinds = {edge.kind for edge in (*self.edges, *self.reads)}
        return ends in asked.ends and asked.walks(*kinds)

    @property
    def answer(self) -> Answer:
        """Whether all of it holds, beyond the way in."""
        own = all_of(edge.answer for edge in self.edges)
        if self.reads:
            sure = [edge.answer for edge in self.reads if edge.answer.truth]
            own = own & (sure[0] if sure else self.reads[0].answer)
        elif self.edges and self.edges[-1].gain is not None and self.end.kind == "principal":
            own = own & self.edges[-1].gain.answer
        return own

    @property
    def administers(self) -> bool:
        """Whether it ends at an administrator."""
        gain = self.edges[-1].gain if self.edges else None
        return not self.reads and gain is not None and gain.administers

    @property
    def by_name(self) -> bool:
        """Whether nothing but names says that what is read is sensitive."""
        return bool(self.reads) and all(
            edge.reading is not None and edge.reading.thing.by_name for edge in self.reads
        )


def chains(
    graph: Graph,
    asked: Question,
    longest: int,
    trusted_accounts: tuple[str, ...],
    named: tuple[str, ...],
) -> Iterator[Chain]:
    """The chains of a unit that no single hop comes to; see the module.

    Args:
        graph: The graph.
        asked: The shape that they have.
        longest: How many hops a chain has at most, beyond its beginning.
        trusted_accounts: Accounts whose principals are no strangers.
        named: What a user says is sensitive.
    """
    made = attack_graph(graph, trusted_accounts, named)
    # That a host has a role leads nowhere from a host that only serves.
    entered = all(first.begins is None for _, first in made.starts.values())
    if entered and all(
        source[0] == "host" and to[0] == "principal" for source, to, _ in made.edges
    ):
        return
    for start, (_, first) in made.starts.items():
        if first.begin in asked.begins and asked.walks(first.kind):
            found = _from(graph, made, start, first, longest)
            yield from (chain for chain in found if chain.is_of(asked))


def _from(
    graph: Graph, made: AttackGraph, start: NodeKey, first: AttackEdge, longest: int
) -> Iterator[Chain]:
    begin, source = made.nodes[start], beginning(start)
    if source not in made.ways or _is_told(graph, made, begin, first):
        return
    found = [
        chain
        for path in _paths(made, source, longest)
        if 1 < len(path) <= longest + 1 and _may_be_end(made, path)
        for chain in (_chain(graph, made, first, begin, path),)
        if chain is not None
    ]
    found = _joined(found)
    sure = [chain for chain in found if chain.administers and chain.answer.truth]
    if sure:
        yield _in_full(min(sure, key=lambda chain: len(chain.edges)))
        return
    found.sort(key=lambda chain: (chain.answer.truth is None, len(chain.edges), chain.end.name))
    rest = len(found) - _MOST
    for number, chain in enumerate(found[:_MOST]):
        last = number == _MOST - 1 and rest > 0
        yield _in_full(chain._replace(more=rest) if last else chain)


def _is_told(graph: Graph, made: AttackGraph, begin: AttackNode, first: AttackEdge) -> bool:
    """Whether another check says that a beginning comes to an administrator."""
    if begin.principal is None:
        return False
    if privilege(graph, begin.principal).administers:
        return True
    if first.begins is not None:
        return False
    edges = (best.edge for best in made.ways.get(begin.key, {}).values())
    return any(
        edge.answer.truth and edge.gain is not None and edge.gain.administers for edge in edges
    )


def _paths(made: AttackGraph, source: NodeKey, longest: int) -> Iterable[list[NodeKey]]:
    """The best path to each node. What leads on to the same is walked from once."""
    alike: tuple[object, ...] = (source, longest)
    if source not in made.led_to:
        onward = made.ways[source].items()
        alike = (longest, *sorted((key, best.cost) for key, best in onward))
    known = made.walked.get(alike)
    if known is None:
        known = made.walked[alike] = [path[1:] for path in _walk(made, source, longest)]
    return ([source, *path] for path in known)


def _walk(made: AttackGraph, source: NodeKey, longest: int) -> Iterable[list[NodeKey]]:
    """The best path to each node that a source leads to."""
    if made.ways.keys().isdisjoint(made.ways[source]):
        return [[source, target] for target in made.ways[source]]
    import networkx  # costs a third of a small scan: only where something leads on further

    cutoff = _DOUBTS * UNSURE + longest
    return networkx.single_source_dijkstra_path(made.weighted, source, cutoff).values()


def _may_be_end(made: AttackGraph, path: list[NodeKey]) -> bool:
    """Whether what a path leads to is worth a second look: most are hosts and plain roles."""
    kind, _ = path[-1]
    if kind == "principal":
        gain = made.ways[path[-2]][path[-1]].edge.gain
        return gain is not None and gain.answer.may_be_true
    return kind != "host"


def _chain(
    graph: Graph, made: AttackGraph, first: AttackEdge, begin: AttackNode, path: list[NodeKey]
) -> Chain | None:
    """The chain that a path is; ``None`` where its end is none, or another check tells of it."""
    nodes = (begin, *(made.nodes[key] for key in path[1:]))
    end = nodes[-1]
    of_network = first.begins is None and all(node.kind == "host" for node in nodes[:-1])
    if end.kind == "host" or (end.kind == "store" and of_network):
        return None
    edges = tuple(made.ways[one][to].edge for one, to in pairwise(path))
    between = [node.principal for node in nodes[:-1] if node.principal is not None]
    privileged = any(privilege(graph, one).answer.truth for one in between)
    if end.kind == "thing":
        reading = edges[-1].reading
        if reading is None:
            return None  # a script is told of with whose key it has
        own = len(edges) == 1 and first.begins is None and begin.kind == "principal"
        if privileged or (own and reading.taken and reading.thing.resource is None):
            return None
        return Chain(first, nodes[:-1], edges[:-1], edges[-1:])
    if end.kind == "store":
        return Chain(first, nodes, edges)
    if len(edges) == 1 and first.begins is None and begin.kind != "thing":
        return None
    gain = edges[-1].gain
    if gain is None:
        return None
    worth = gain.answer
    if begin.principal is not None:
        worth = gain.beyond(privilege(graph, begin.principal))
    way = all_of(edge.answer for edge in edges)
    if worth.truth is False or (
        worth.truth is None and (way.truth is None or gain.answer.truth is None)
    ):
        return None
    return Chain(first, nodes, edges)


def _joined(found: list[Chain]) -> list[Chain]:
    """Chains by what ends there: what one principal reads is one end."""
    joined: dict[tuple[NodeKey, bool], Chain] = {}
    for chain in found:
        key = chain.end.key, bool(chain.reads)
        known = joined.get(key)
        joined[key] = chain if known is None else known._replace(reads=known.reads + chain.reads)
    # What leads on to more is told with that.
    return list(joined.values())


def _in_full(chain: Chain) -> Chain:
    """A chain with the hops of all its edges."""
    return chain._replace(edges=tuple(map(explained, chain.edges)))
