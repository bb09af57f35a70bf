"""Where everything stands in an SVG: layers from the internet inwards, from left to right.

Every VPC is a band of columns: gateways on its edge, load balancers, subnets with what runs in
them, security groups. The internet stands left of all, roles right of all. No two nodes overlap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from iac_ec2lint.answers.drawing.picture import Box, Item, Picture

_LINE = 16
_HEIGHT = 46
_GAP = 12
_PAD = 14
_HEAD = 34
_BAND_GAP = 22
_LANE = 76
"""The room between two columns, in which links run."""

_WIDTHS = {
    "internet": 118,
    "gateway": 158,
    "balancer": 196,
    "inside": 236,
    "group": 226,
    "role": 176,
}
_COLUMNS = ("gateway", "balancer", "inside", "group")
_OTHER_WIDTH = 250
_OTHERS_A_ROW = 4
MOST_NOTES = 3
"""Notes that a node has room for; more are counted."""


class Frame(NamedTuple):
    """A rectangle, in pixels."""

    x: float
    y: float
    width: float
    height: float

    @property
    def middle(self) -> float:
        """The height of its middle."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """Its right edge."""
        return self.x + self.width


class Layout(NamedTuple):
    """Where the items and boxes of a picture stand.

    Attributes:
        items: By key.
        boxes: By key.
        others: The line above the items that belong to no column; ``None`` where there are none.
        width: The room that all take.
        height: The same downwards.
    """

    items: dict[str, Frame]
    boxes: dict[str, Frame]
    others: Frame | None
    width: float
    height: float

    def obstacles(self, picture: Picture) -> tuple[Frame, ...]:
        """What links do not run over: nodes, and the names of subnets."""
        names = (self.boxes[box.key] for box in picture.boxes if box.kind == "subnet")
        strips = (Frame(x + _PAD, y + 2, wide - 2 * _PAD, _HEAD - 4) for x, y, wide, _ in names)
        return (*self.items.values(), *strips)


def lay_out(picture: Picture) -> Layout:
    """Where everything stands, the corner being 0, 0."""
    return _Layout(picture).made()


class _Layout:
    """A layout under way."""

    def __init__(self, picture: Picture) -> None:
        self._picture = picture
        self._items: dict[str, Frame] = {}
        self._frames: dict[str, Frame] = {}
        self._by_box: dict[str, list[Item]] = {}
        for item in picture.items:
            self._by_box.setdefault(item.box, []).append(item)
        self._vpcs = [box for box in picture.boxes if box.kind == "vpc"]
        self._used = {c for c in _COLUMNS if any(self._column(v, c) for v in self._vpcs)}
        if any(self._subnets(vpc) or self._bare(vpc) for vpc in self._vpcs):
            self._used.add("inside")

    def made(self) -> Layout:
        outside = self._by_box.get("", [])
        internet = [item for item in outside if item.shape == "internet"]
        gateways = [item for item in outside if item.shape == "gateway"]
        left: float = _WIDTHS["internet"] + _LANE if internet or gateways else 0
        bottom, right = 0.0, left
        for vpc in self._vpcs:
            frame = self._band(vpc, left, bottom)
            bottom = frame.y + frame.height + _BAND_GAP
            right = frame.right
        bottom = max(bottom - _BAND_GAP, 0.0)
        tall = max(bottom, _stack(internet) + _stack(gateways) + _GAP)
        before = [*internet, *gateways]
        self._pile(before, 0, min(max(self._aim(internet, tall), 0), tall - _stack(before)))
        for item in internet + gateways:
            frame = self._items[item.key]
            self._items[item.key] = frame._replace(width=_WIDTHS["internet"])
        roles = [item for item in outside if item.shape == "role"]
        if roles:
            column = right + _LANE * 0.8 if self._vpcs else right
            self._spread(roles, column, 0, tall)
            right = column + _WIDTHS["role"]
        tall = max([tall, *(f.y + f.height for f in self._items.values())])
        others = [item for item in outside if item.shape not in ("internet", "gateway", "role")]
        line, right, tall = self._rows(others, right, tall)
        return Layout(self._items, self._frames, line, right, tall)

    def _column(self, vpc: Box, column: str) -> list[Item]:
        """What stands directly in a VPC, in one column."""
        return [item for item in self._by_box.get(vpc.key, ()) if item.shape == column]

    def _subnets(self, vpc: Box) -> list[Box]:
        return [box for box in self._picture.boxes if box.parent == vpc.key]

    def _band(self, vpc: Box, left: float, top: float) -> Frame:
        xs, right = self._xs(left)
        inside = self._inside_height(vpc)
        columns = {c: self._column(vpc, c) for c in _COLUMNS if c != "inside"}
        height = max([inside, *(_stack(items) for items in columns.values())])
        upper = top + _HEAD
        if "inside" in xs:
            self._place_inside(vpc, xs["inside"], upper + (height - inside) / 2)
        for name in ("gateway", "balancer"):
            if name in xs:
                self._pile(columns[name], xs[name], upper + (height - _stack(columns[name])) / 2)
        if "group" in xs:
            self._spread(columns["group"], xs["group"], upper, height)
        frame = Frame(left, top, right - left, _HEAD + height + _PAD)
        self._frames[vpc.key] = frame
        return frame

    def _xs(self, left: float) -> tuple[dict[str, float], float]:
        """Where each used column begins, and where the VPC ends."""
        xs: dict[str, float] = {}
        at = left + _PAD
        for column in _COLUMNS:
            if column in self._used:
                xs[column] = at
                at += _WIDTHS[column] + (2 * _PAD if column == "inside" else 0) + _LANE
        return xs, at - _LANE + _PAD if xs else left + _WIDTHS["inside"]

    def _bare(self, vpc: Box) -> list[Item]:
        shapes = ("workload", "store", "role", "other")
        return [item for item in self._by_box.get(vpc.key, ()) if item.shape in shapes]

    def _inside_height(self, vpc: Box) -> float:
        heights = [self._subnet_height(box) for box in self._subnets(vpc)]
        bare = self._bare(vpc)
        if bare:
            heights.append(_stack(bare))
        return sum(heights) + _GAP * max(len(heights) - 1, 0)

    def _subnet_height(self, box: Box) -> float:
        items = self._by_box.get(box.key)
        return _HEAD + (_stack(items) + _PAD if items else 0)

    def _place_inside(self, vpc: Box, x: float, y: float) -> None:
        for box in self._subnets(vpc):
            height = self._subnet_height(box)
            self._frames[box.key] = Frame(x, y, _WIDTHS["inside"] + 2 * _PAD, height)
            self._pile(self._by_box.get(box.key, ()), x + _PAD, y + _HEAD, "inside")
            y += height + _GAP
        self._pile(self._bare(vpc), x + _PAD, y, "inside")

    def _pile(self, items: Sequence[Item], x: float, y: float, column: str = "") -> None:
        for item in items:
            height = height_of(item)
            self._items[item.key] = Frame(x, y, _WIDTHS.get(column or item.shape, 200), height)
            y += height + _GAP

    def _spread(self, items: list[Item], x: float, top: float, room: float) -> None:
        """Put items beside what they are linked to, as far as the others leave room."""
        ends: dict[str, list[float]] = {}
        for link in self._picture.links:
            if link.source in self._items:
                ends.setdefault(link.target, []).append(self._items[link.source].middle)
        middle = top + room / 2

        def aim(item: Item) -> float:
            found = ends.get(item.key)
            return sum(found) / len(found) if found else middle

        order = sorted(items, key=lambda item: (aim(item), item.address))
        at = top
        for number, item in enumerate(order):
            height = height_of(item)
            rest = sum(height_of(each) + _GAP for each in order[number + 1 :])
            latest = max(top + room - rest - height, at)
            y = min(max(at, aim(item) - height / 2), latest)
            self._items[item.key] = Frame(x, y, _WIDTHS[item.shape], height)
            at = y + height + _GAP

    def _aim(self, internet: list[Item], room: float) -> float:
        """Where the internet stands best: beside what it is linked to."""
        keys = {item.key for item in internet}
        ends = [self._items[link.target] for link in self._picture.links if link.source in keys]
        middle = sum(frame.middle for frame in ends) / len(ends) if ends else room / 2
        return middle - _HEIGHT / 2

    def _rows(
        self, others: list[Item], right: float, tall: float
    ) -> tuple[Frame | None, float, float]:
        if not others:
            return None, right, tall
        y = tall + _BAND_GAP if tall else 0.0
        line = Frame(0, y, right, _LINE)
        y += _LINE + _GAP
        for start in range(0, len(others), _OTHERS_A_ROW):
            row = others[start : start + _OTHERS_A_ROW]
            for number, item in enumerate(row):
                x = number * (_OTHER_WIDTH + _GAP)
                self._items[item.key] = Frame(x, y, _OTHER_WIDTH, height_of(item))
                right = max(right, x + _OTHER_WIDTH)
            y += max(height_of(item) for item in row) + _GAP
        return line._replace(width=right), right, y - _GAP


def height_of(item: Item) -> float:
    """The height of an item: two lines, and one for each note."""
    return _HEIGHT + _LINE * min(len(item.notes) + len(item.remarks), MOST_NOTES)


def _stack(items: Iterable[Item]) -> float:
    heights = [height_of(item) for item in items]
    return sum(heights) + _GAP * max(len(heights) - 1, 0)
