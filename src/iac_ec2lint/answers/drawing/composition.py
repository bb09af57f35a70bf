"""Which resources of a unit are drawn, where they stand, and what links them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.choice import kept, stacked
from iac_ec2lint.answers.drawing.model import INTERNET, port_words
from iac_ec2lint.answers.drawing.picture import Box, Item, Picture, PictureEdge
from iac_ec2lint.answers.drawing.placement import Placement
from iac_ec2lint.answers.drawing.section import label_of, verdicts_on
from iac_ec2lint.answers.drawing.words import counted, kind_words
from iac_ec2lint.graph.nodes import External, Implicit
from iac_ec2lint.network.filters.group_rules import group_rules
from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.subnet import Subnet

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.answers.drawing.model import DrawnEdge, DrawnSection
    from iac_ec2lint.answers.drawing.picture import Bond, Tone
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_EMPTY_SUBNETS = 24
"""So many subnets in which nothing runs are drawn all the same."""

_DRAWN_AS_BOXES = frozenset({"Subnet", "Vpc", "VpcDataSource", "SubnetDataSource"})
_ENTRANCES: tuple[tuple[int, Bond, bool], ...] = (
    (-1, "may reach", False),
    (-2, "reaches", False),
    (-3, "may reach", True),
    (-4, "reaches", True),
)
"""How subnets are ordered: by what comes in, and whether it comes straight from a gateway."""


def compose(
    graph: Graph, section: DrawnSection, chosen: Collection[str] | None, cap: int
) -> Picture:
    """What is drawn of a unit.

    Args:
        graph: Its graph.
        section: The same as nodes and edges, all of them.
        chosen: The addresses that are asked for; ``None``: all that belongs into a picture of
            the whole.
        cap: How many items may be drawn; what the internet reaches comes first.
    """
    return _Composition(graph, section, chosen).picture(cap)


class _Composition(Placement):
    """A picture under way."""

    def picture(self, cap: int) -> Picture:
        """All of it, of the items the most important ones."""
        self.place()
        self._empty = [each for each in self._graph.all(Subnet) if self._subnet_is_empty(each)]
        if self._chosen is None and len(self._empty) <= _EMPTY_SUBNETS:
            for subnet in self._empty:
                self._subnet_box(subnet)
        self._link_groups()
        self._link_verdicts()
        if self._chosen is not None:
            self._place_rest(cap)
        items, links, stands_for = stacked(self._items.values(), self._links)
        self._items, self._links = items, links
        chosen = kept(items, links, cap)
        capped = sum(len(stands_for[key]) for key in items.keys() - chosen.keys())
        drawn = {address for key in chosen for address in stands_for[key]}
        boxes = self._used_boxes(chosen)
        drawn |= {box.address for box in boxes}
        between = [link for link in links if link.source in chosen and link.target in chosen]
        between.sort(key=lambda link: (link.bond, link.source, link.target, link.label))
        return Picture(
            self._section.unit,
            tuple(chosen.values()),
            boxes,
            tuple(between),
            self._counts(),
            tuple(self._left_out(drawn)),
            capped,
        )

    def _subnet_is_empty(self, subnet: Subnet) -> bool:
        return f"subnet {subnet.address}" not in self._boxes

    def _link_groups(self) -> None:
        for each in group_rules(self._graph, "ingress"):
            target = f"group {each.group.address}"
            for read in each.rules:
                words = ", ".join(port_words(read.lower or read.upper))
                for edge in self._graph.follow(read.resource, read.rule, "groups"):
                    source = f"group {edge.target.address}" if edge.target is not None else ""
                    if source != target and {source, target} <= self._items.keys():
                        self._link(source, target, "admits", words)
                        self._remark(target, f"{words} from {self._items[source].label}")

    def _link_verdicts(self) -> None:
        internet = Item(INTERNET, INTERNET, "internet", "anyone", (), "plain", "internet", "")
        for balancer in self._balancers:
            for target in balancer.listeners:
                for each in target.targets:
                    self._forward(balancer.resource.address, each.node)
        for address, edges in sorted(self._verdicts.items()):
            for key in tuple(self._keys.get(address, ())):
                here = self._here(address, key, edges)
                if not here:
                    continue
                self._items.setdefault(INTERNET, internet)
                self._mark(key, here)
                for edge in here:
                    bond: Bond = "reaches" if edge.certain else "may reach"
                    label = ", ".join(edge.ports)
                    for source in self._entries(edge, key):
                        self._link(source, key, bond, label)

    def _here(self, address: str, key: str, edges: list[DrawnEdge]) -> list[DrawnEdge]:
        """The verdicts on what stands in one of several subnets: not all may be reached."""
        workload = self._by_address.get(address)
        if workload is None or len(self._keys[address]) < 2:
            return edges
        box = self._items[key].box
        enis = tuple(e for e in workload.enis if self._subnet_box(e.placement.subnet) == box)
        return list(verdicts_on(self._graph, workload._replace(enis=enis)))

    def _forward(self, balancer: str, node: Resource | None) -> None:
        reached = node is not None and any(
            edge.source == balancer for edge in self._verdicts.get(node.address, ())
        )
        if node is not None and not reached:
            for source in self._keys.get(balancer, ()):
                for target in self._keys.get(node.address, ()):
                    self._link(source, target, "forwards")

    def _entries(self, edge: DrawnEdge, key: str) -> Iterator[str]:
        """What the last stretch of a way starts at; a gateway gets its own stretch before it."""
        if edge.source != INTERNET:
            yield from self._keys.get(edge.source, ())
            return
        box = self._outermost(self._items[key].box)
        here = {way: a for a, way in self._doors.items() if self._items[way].box == box}
        ways = [way for way, _ in here.items() if way in {self._doors.get(a) for a in edge.through}]
        if not ways and len(here) == 1:
            ways = list(here)
        for way in ways:
            bond: Bond = "reaches" if edge.certain else "may reach"
            if not edge.certain and PictureEdge(INTERNET, way, "reaches") in self._links:
                bond = "reaches"
            elif edge.certain:
                self._links.pop(PictureEdge(INTERNET, way, "may reach"), None)
            self._link(INTERNET, way, bond)
        yield from ways or (INTERNET,)

    def _mark(self, key: str, edges: list[DrawnEdge]) -> None:
        certain = [edge for edge in edges if edge.certain]
        tone: Tone = "exposed" if certain else "undecided"
        notes = dict.fromkeys(
            f"{words}{'' if edge.source == INTERNET else f' via {label_of(edge.source)}'}"
            for edge in certain or edges
            for words in edge.ports
        )
        self._items[key] = self._items[key]._replace(tone=tone, notes=tuple(notes))

    def _used_boxes(self, chosen: dict[str, Item]) -> tuple[Box, ...]:
        used: set[str] = set()
        pending = [item.box for item in chosen.values()]
        if self._chosen is not None or len(self._empty) <= _EMPTY_SUBNETS:
            pending += [key for key, box in self._boxes.items() if self._is_chosen(box.address)]
        while pending:
            key = pending.pop()
            if key and key not in used:
                used.add(key)
                pending.append(self._boxes[key].parent)
        boxes = [self._boxes[key] for key in used]
        entered = {
            self._items[link.target].box: rank
            for rank, bond, direct in _ENTRANCES
            for link in self._links
            if link.target in chosen and link.bond == bond
            if (self._items[link.source].shape != "balancer") is direct
        }

        def order(box: Box) -> tuple[bool, bool, int, str]:
            return box.kind != "vpc", box.dashed, entered.get(box.key, 0), box.key

        return tuple(sorted(boxes, key=order))

    def _counts(self) -> tuple[int, int, int]:
        addresses = {w.resource.address for w in self._workloads}
        addresses |= {b.resource.address for b in self._balancers}
        if self._chosen is not None:
            addresses &= self._keys.keys()
        reached = {a for a in addresses if any(e.certain for e in self._verdicts.get(a, ()))}
        undecided = {a for a in addresses if self._verdicts.get(a)} - reached
        return len(addresses), len(reached), len(undecided)

    def _left_out(self, drawn: set[str]) -> Iterator[str]:
        counts: Counter[str] = Counter()
        for node in self._section.nodes:
            if node.address in drawn or node.address == INTERNET:
                continue
            if not self._is_chosen(node.address):
                continue
            resource = self._graph.get(node.address)
            if resource is None or isinstance(resource, External):
                counts["External"] += 1
            elif isinstance(resource, Auxiliary):
                continue  # it makes nothing that could be drawn
            elif type(resource).__name__ not in _DRAWN_AS_BOXES or self._chosen is None:
                kind = resource.kind if isinstance(resource, Implicit) else type(resource).__name__
                counts[kind] += 1
        words: Counter[str] = Counter()
        for kind, number in counts.items():
            words[kind_words(kind)] += number
        for each, number in sorted(words.items(), key=lambda pair: (-pair[1], pair[0])):
            yield counted(number, each)
