"""What of the attack graph is drawn: what lies on a way from outside to an end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.drawing.model import INTERNET, DrawnEdge, DrawnNode, DrawnSection
from iac_ec2lint.answers.drawing.section import label_of
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.attack.chains.building import attack_graph, explained
from iac_ec2lint.attack.entry.path_verdicts import via_words
from iac_ec2lint.iam.privilege import privilege

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.answers.inputs import Inputs
    from iac_ec2lint.attack.chains.attack_graph import AttackGraph
    from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, NodeKey
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

_TO_NOBODY: Final = re.compile(" to(?= through |$)")
"""Of "log in to", where the host is drawn."""
_RELATIONS = {"reaches": "gets on to"}
"""What edges are called beside references: ``reaches`` is what clients do there."""


class AttackItem(NamedTuple):
    """A node of the picture.

    Attributes:
        key: Its identity.
        label: What it is called.
        detail: What it is, in words.
        kind: ``outside``, ``entry``, ``host``, ``principal``, ``store`` or ``thing``.
        goal: Whether it is an end.
        place: Where it is declared: ``main.tf:12``.
    """

    key: str
    label: str
    detail: str
    kind: str
    goal: bool
    place: str


class AttackLink(NamedTuple):
    """An edge of the picture.

    Attributes:
        source: The key of the item that it leaves.
        target: The key of the item that it goes to.
        words: What happens, in words.
        label: The same in short: without the names of both ends.
        certain: Whether it surely does.
        place: Where that is written.
    """

    source: str
    target: str
    words: str
    label: str
    certain: bool
    place: str


class AttackPicture(NamedTuple):
    """What is drawn of one unit.

    Attributes:
        title: The unit.
        items: The nodes, by key.
        links: The edges.
        left_out: How many nodes are left out because there are too many.
    """

    title: str
    items: tuple[AttackItem, ...]
    links: tuple[AttackLink, ...]
    left_out: int = 0

    def redacted(self, redactor: Redactor) -> AttackPicture:
        """See ``source.concealment.Redacted``: words and names may quote."""
        return self._replace(
            items=tuple(
                item._replace(label=redactor.text(item.label), detail=redactor.text(item.detail))
                for item in self.items
            ),
            links=tuple(
                link._replace(words=redactor.text(link.words), label=redactor.text(link.label))
                for link in self.links
            ),
        )


class AttackDrawing(NamedTuple):
    """All that there is to show.

    Attributes:
        pictures: What is drawn of each unit.
        sections: The same as nodes and edges.
        errors: What kept something from being read or evaluated.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
    """

    pictures: tuple[AttackPicture, ...]
    sections: tuple[DrawnSection, ...]
    errors: tuple[Diagnostic, ...]
    stated: tuple[tuple[str, Span], ...] = ()


def draw_attacks(inputs: Inputs, cap: int) -> AttackDrawing:
    """The attack graph of each unit below some paths, from the ways in to the ends.

    Args:
        inputs: What is read, and what it is evaluated with.
        cap: How many nodes a picture may have.

    Raises:
        UsageError: A path lies outside the boundary.
    """
    walk = UnitWalk(inputs)
    pictures: list[AttackPicture] = []
    sections: list[DrawnSection] = []
    for one in walk.graphs():
        drawn = _Collected(one.graph, one.unit)
        together = walk.joined(one)
        if together is not None:
            drawn = _Collected(together.graph, together.unit).beside(drawn)
        redactor = (together or one).redactor()
        pictures.append(redactor.redact(drawn.picture(cap)))
        sections.append(redactor.redact(drawn.section()))
    return AttackDrawing(tuple(pictures), tuple(sections), walk.errors, walk.stated)


class _Collected:
    """The nodes and edges of a unit that lie between a way in and an end."""

    def __init__(self, graph: Graph, unit: Unit) -> None:
        self._graph = graph
        self._unit = unit
        made = attack_graph(graph, (), ())
        self.nodes: dict[str, tuple[AttackItem, Resource | None]] = {}
        self.edges: list[tuple[AttackLink, AttackEdge]] = []
        ends = {key for key, node in made.nodes.items() if self._is_end(node)}
        kept = _between(made, ends)
        for to, (outside, edge) in made.starts.items():
            if to in kept:
                self._enter(made, outside, to, edge, ends)
        for source, target, edge in made.edges:
            shown = source in kept and target in kept
            if shown and not _is_own_role(made, source, target, edge):
                first, last = (
                    self._add(made.nodes[source], ends),
                    self._add(made.nodes[target], ends),
                )
                self._link(first, last, edge.words, edge)

    def beside(self, alone: _Collected) -> _Collected:
        """The same and what is certain alone: what others say makes nothing certain, or safe."""
        sure = {link: edge for link, edge in alone.edges if link.certain}
        own = [(link, edge) for link, edge in self.edges if link not in sure]
        self.nodes = {**alone.nodes, **self.nodes}
        self.edges = [
            *sure.items(),
            *((link._replace(certain=False), edge) for link, edge in own),
        ]
        return self

    def _is_end(self, node: AttackNode) -> bool:
        if node.principal is not None:
            return privilege(self._graph, node.principal).answer.truth is True
        return node.kind in ("store", "thing")

    def _enter(
        self,
        made: AttackGraph,
        outside: NodeKey,
        to: NodeKey,
        edge: AttackEdge,
        ends: set[NodeKey],
    ) -> None:
        """The way in: through the host that yields credentials, where one does."""
        begin = self._add(made.nodes[outside], ends)
        entry = edge.entry
        if entry is None or to[0] == "host":
            words = edge.words if entry is None else f"{edge.words}{via_words(entry)}"
            self._link(begin, self._add(made.nodes[to], ends), words, edge)
            return
        host = entry.resource
        key = f"entry {host.address}"
        item = AttackItem(
            key, label_of(host.address), "host that is reached", "entry", False, _at(host)
        )
        self.nodes.setdefault(key, (item, host))
        self._link(begin, key, f"reaches it{via_words(entry)}", edge)
        words = edge.words.partition(" and ")[2] or edge.words
        self._link(key, self._add(made.nodes[to], ends), words, edge)

    def _add(self, node: AttackNode, ends: set[NodeKey]) -> str:
        key = " ".join(node.key) if node.kind != "outside" else node.name
        resource = node.resource
        label = node.name if resource is None else label_of(resource.address)
        details = {
            "outside": "from outside",
            "host": "host" if node.alike < 2 else f"one of {node.alike} hosts alike",
            "store": "data store",
            "thing": "sensitive",
            "principal": "",
        }
        detail = details[node.kind]
        if node.principal is not None:
            own = privilege(self._graph, node.principal)
            detail = (
                f"{node.principal.kind}: {own.words}" if own.answer.truth else node.principal.kind
            )
        where = "" if resource is None else _at(resource)
        item = AttackItem(key, label, detail, node.kind, node.key in ends, where)
        self.nodes.setdefault(key, (item, resource))
        return key

    def _link(self, source: str, target: str, words: str, edge: AttackEdge) -> None:
        whole = explained(edge)
        certain = whole.answer.truth is True and not (whole.entry and whole.entry.undecided)
        place = ""
        if whole.hops:
            place = f"{whole.hops[0].span.path}:{whole.hops[0].span.line}"
        link = AttackLink(source, target, words, self._short(source, target, words), certain, place)
        self.edges.append((link, whole))

    def _short(self, source: str, target: str, words: str) -> str:
        """What happens, without the names of both ends, which are drawn."""
        for key in (target, source):
            resource = self.nodes[key][1]
            if resource is not None:
                words = words.replace(resource.address, "")
        words = " ".join(words.split())
        for end in (" of", ", which runs with role", " with role", " role", " on"):
            words = words.removesuffix(end)
        return _TO_NOBODY.sub("", words).removeprefix("yields role ")

    def picture(self, cap: int) -> AttackPicture:
        """The picture, of the first nodes where there are too many."""
        shown = dict(list(self.nodes.items())[:cap])
        links = {
            link: None for link, _ in self.edges if link.source in shown and link.target in shown
        }
        items = tuple(item for item, _ in shown.values())
        return AttackPicture(self._unit.path, items, tuple(links), len(self.nodes) - len(shown))

    def section(self) -> DrawnSection:
        """The same for other tools, all of it."""
        return DrawnSection(
            self._unit.path, self._unit.kind, tuple(self._drawn()), tuple(self._drawn_edges())
        )

    def _drawn(self) -> Iterator[DrawnNode]:
        for item, resource in self.nodes.values():
            if resource is None:
                kind = "internet" if item.key == INTERNET else "external"
                yield DrawnNode(item.key, kind, item.label, "external")
            else:
                span = resource.span
                yield DrawnNode(
                    item.key, resource.type, item.label, "declared", span.path, span.line
                )

    def _drawn_edges(self) -> Iterator[DrawnEdge]:
        for link, edge in self.edges:
            hop = edge.hops[0].span if edge.hops else None
            relation = _RELATIONS.get(edge.kind, edge.kind)
            yield DrawnEdge(
                link.source,
                link.target,
                relation,
                "" if hop is None else hop.path,
                0 if hop is None else hop.line,
                link.certain,
            )


def _at(resource: Resource) -> str:
    return f"{resource.span.path}:{resource.span.line}"


def _is_own_role(made: AttackGraph, source: NodeKey, target: NodeKey, edge: AttackEdge) -> bool:
    """Whether an edge says that a host which only serves has a role: it does not give it."""
    start = made.starts.get(source)
    if source[0] != "host" or target[0] != "principal" or start is None or not start[1].lesser:
        return False
    inside = (one for one in made.network.predecessors(source) if one[0] != "outside")
    return edge.kind == "takes credentials" and next(inside, None) is None


def _between(made: AttackGraph, ends: set[NodeKey]) -> set[NodeKey]:
    """The nodes that lie on a way from outside to an end."""
    if not ends:
        return set()
    import networkx  # only where there is something to draw

    whole = made.network

    def counts(source: NodeKey, target: NodeKey, number: int) -> bool:
        return not _is_own_role(made, source, target, whole.edges[source, target, number]["edge"])

    network = networkx.subgraph_view(whole, filter_edge=counts)
    reached: set[NodeKey] = set()
    for outside in {outside for outside, _ in made.starts.values()}:
        reached |= {outside, *networkx.descendants(network, outside)}
    leading = set(ends & reached)
    for end in ends & reached:
        leading |= networkx.ancestors(network, end)
    return reached & leading
