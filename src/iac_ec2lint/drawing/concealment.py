"""Texts that nobody may quote, taken out of what is shown: literals name external things."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.drawing.model import INTERNET

if TYPE_CHECKING:
    from iac_ec2lint.drawing.model import DrawnSection
    from iac_ec2lint.drawing.picture import Picture
    from iac_ec2lint.source.concealment import Redactor


class Concealment:
    """Takes sensitive texts out.

    Args:
        cover: Takes them out of one.
    """

    def __init__(self, cover: Redactor) -> None:
        self._cover = cover
        self.text = cover.text

    def section(self, section: DrawnSection) -> DrawnSection:
        """A graph in whose literals none of them stands; declared addresses are no secret."""
        if not self._cover:
            return section
        names = {
            node.address: self.text(node.address)
            for node in section.nodes
            if node.kind == "external" and node.address != INTERNET
        }
        nodes = {}
        for node in section.nodes:
            address = names.get(node.address, node.address)
            label = self.text(node.label) if node.address in names else node.label
            nodes[address] = node._replace(address=address, label=label)
        edges = dict.fromkeys(
            edge._replace(
                source=names.get(edge.source, edge.source),
                target=names.get(edge.target, edge.target),
            )
            for edge in section.edges
        )
        return section._replace(nodes=tuple(nodes.values()), edges=tuple(edges))

    def picture(self, picture: Picture) -> Picture:
        """A picture in which none of them stands."""
        if not self._cover:
            return picture
        items = tuple(
            item._replace(
                address=self.text(item.address),
                label=self.text(item.label),
                remarks=tuple(map(self.text, item.remarks)),
            )
            for item in picture.items
        )
        boxes = tuple(
            box._replace(
                address=self.text(box.address),
                label=self.text(box.label),
                detail=self.text(box.detail),
            )
            for box in picture.boxes
        )
        return picture._replace(items=items, boxes=boxes)
