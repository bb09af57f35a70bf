"""The attack graph as SVG 1.1: columns from outside on the left to the ends on the right."""

from __future__ import annotations

from collections import defaultdict, deque
from html import escape
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.answers.drawing.lettering import clipped, shortened
from iac_ec2lint.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.answers.attack_picture.collecting import AttackItem, AttackLink, AttackPicture

_WIDE, _HIGH = 220, 52
_GAP_X, _GAP_Y = 190, 26
_MARGIN = 28
_ROUNDS = 6
_RED, _AMBER, _INK = "#c62828", "#a86400", "#52606d"
_STYLE = """\
text{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif;fill:#1f2933}
.h{font-size:18px;font-weight:bold}.d{font-size:11px;fill:#5f6b7a}.l{font-size:13px;font-weight:bold}
.w{font-size:10.5px;fill:#3e4c59}.o{font-size:10.5px;stroke:#ffffff;stroke-width:3px}"""
_FILLS: Final = {
    "outside": ("#fdecea", _RED),
    "entry": ("#fdecea", _RED),
    "host": ("#ffffff", _INK),
    "principal": ("#f5f0fa", "#7b5ea7"),
    "store": ("#eef2f6", _INK),
    "thing": ("#eef2f6", _INK),
}


class _Spot(NamedTuple):
    """Where a node is drawn."""

    x: float
    y: float


def render(pictures: Sequence[AttackPicture], *, whole: bool) -> str:
    """The SVG: one picture below the other.

    Args:
        pictures: What is drawn of each unit.
        whole: Whether all of the input could be read.
    """
    body: list[str] = []
    at, right = float(_MARGIN), 780.0
    for picture in pictures:
        if not picture.items:
            continue
        spots = _lay_out(picture)
        body.append(_text(_MARGIN, at + 14, clipped(visible(picture.title), 18, 700), "h"))
        words = "from outside on the left to what is privileged or sensitive on the right"
        if picture.left_out:
            words += f"; {picture.left_out} more are left out"
        body.append(_text(_MARGIN, at + 36, words, "d"))
        at += 56
        body.append(f'<g transform="translate({_MARGIN} {at:g})">')
        body += (_link(link, spots) for link in picture.links)
        for item in picture.items:
            body += _item(item, spots[item.key])
        body += _labels(picture.links, spots)
        body.append("</g>")
        at += max(spot.y for spot in spots.values()) + _HIGH + 40
        right = max(right, *(spot.x + _WIDE + 2 * _MARGIN for spot in spots.values()))
    if not body:
        body.append(_text(_MARGIN, at + 14, "No chain of steps is drawn.", "h"))
        words = (
            "None is known to lead from outside to what is privileged or sensitive. What is "
            "exposed and leads no further, and what is undecided, is in the findings of a scan."
            if whole
            else "Not all of the input can be read: what is wrong with it was said beside this."
        )
        body.append(_text(_MARGIN, at + 36, words, "d"))
        at += 72
        right = 1060.0
    size = f'width="{right:g}" height="{at:g}" viewBox="0 0 {right:g} {at:g}"'
    arrows = (_arrow("sure", _RED), _arrow("unsure", _AMBER))
    return (
        "\n".join(
            [
                f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
                "<title>What leads from outside to what is sensitive</title>",
                f"<style>{_STYLE}</style>",
                "<defs>",
                *arrows,
                "</defs>",
                f'<rect width="{right:g}" height="{at:g}" fill="#ffffff"/>',
                *body,
                "</svg>",
            ]
        )
        + "\n"
    )


def _lay_out(picture: AttackPicture) -> dict[str, _Spot]:
    """A column for each distance from outside; in each, what is linked stands side by side."""
    onward: dict[str, list[str]] = defaultdict(list)
    back: dict[str, list[str]] = defaultdict(list)
    for link in picture.links:
        onward[link.source].append(link.target)
        back[link.target].append(link.source)
    depth = {item.key: 0 for item in picture.items if item.kind == "outside"}
    waiting = deque(depth)
    while waiting:
        key = waiting.popleft()
        for target in onward[key]:
            if target not in depth:
                depth[target] = depth[key] + 1
                waiting.append(target)
    columns: dict[int, list[str]] = defaultdict(list)
    for item in picture.items:
        columns[depth.get(item.key, 1)].append(item.key)
    row = {key: float(n) for keys in columns.values() for n, key in enumerate(keys)}
    for number in range(_ROUNDS):
        near = back if number % 2 == 0 else onward
        for _, keys in sorted(columns.items(), reverse=number % 2 == 1):
            wish = {k: sum(row[o] for o in near[k]) / len(near[k]) for k in keys if near[k]}
            keys.sort(key=lambda key: (wish.get(key, row[key]), row[key]))
            _spread(keys, wish, row)
    least = min(row.values(), default=0.0)
    return {
        key: _Spot(at * (_WIDE + _GAP_X), (row[key] - least) * (_HIGH + _GAP_Y))
        for at, keys in columns.items()
        for key in keys
    }


def _spread(keys: list[str], wish: dict[str, float], row: dict[str, float]) -> None:
    """Give the nodes of a column their rows: near what they wish for, one apart at least."""
    last = float("-inf")
    for key in keys:
        row[key] = max(wish.get(key, row[key]), last + 1)
        last = row[key]
    shift = sum(row[key] - wish.get(key, row[key]) for key in keys) / len(keys)
    for key in keys:
        row[key] -= shift


def _item(item: AttackItem, spot: _Spot) -> Iterator[str]:
    fill, stroke = _FILLS[item.kind]
    thick = "1.2"
    if item.goal:
        fill, stroke, thick = "#fff1d6", _RED, "2.4"
    radius = {"outside": 26, "principal": 16, "thing": 2, "store": 2}.get(item.kind, 7)
    parts = (item.label, item.detail, item.place)
    tooltip = escape(" · ".join(visible(part) for part in parts if part))
    yield f"<g><title>{tooltip}</title>"
    yield (
        f'<rect x="{spot.x:g}" y="{spot.y:g}" width="{_WIDE}" height="{_HIGH}" rx="{radius}"'
        f' fill="{fill}" stroke="{stroke}" stroke-width="{thick}"/>'
    )
    room = _WIDE - 26
    yield _text(spot.x + 13, spot.y + 22, clipped(visible(item.label), 14, room), "l")
    yield _text(spot.x + 13, spot.y + 39, shortened(visible(item.detail), 11, room), "d")
    yield "</g>"


def _link(link: AttackLink, spots: dict[str, _Spot]) -> str:
    start, end = spots[link.source], spots[link.target]
    y1, y2 = start.y + _HIGH / 2, end.y + _HIGH / 2
    if end.x > start.x:
        x1, x2 = start.x + _WIDE, end.x - 7
        bend = min(80.0, (x2 - x1) / 2)
        path = f"M{x1:g} {y1:g}C{x1 + bend:g} {y1:g} {x2 - bend:g} {y2:g} {x2:g} {y2:g}"
    elif end.x == start.x:
        x1 = start.x + _WIDE
        path = f"M{x1:g} {y1:g}C{x1 + 60:g} {y1:g} {x1 + 60:g} {y2:g} {x1 + 7:g} {y2:g}"
    else:
        x1, x2, y1, y2 = start.x, end.x + _WIDE + 7, y1 + 12, y2 + 12
        path = f"M{x1:g} {y1:g}C{x1 - 60:g} {y1 + 48:g} {x2 + 60:g} {y2 + 48:g} {x2:g} {y2:g}"
    colour, marks, arrow = _RED, "", "sure"
    if not link.certain:
        colour, marks, arrow = _AMBER, ' stroke-dasharray="6 4"', "unsure"
    tooltip = escape(" · ".join(visible(part) for part in (link.words, link.place) if part))
    return (
        f"<g><title>{tooltip}</title>"
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="1.6"{marks}'
        f' marker-end="url(#{arrow})"/></g>'
    )


def _labels(links: Sequence[AttackLink], spots: dict[str, _Spot]) -> Iterator[str]:
    """What happens on each link, before its end: over the line, where there is room."""
    taken: set[tuple[int, int]] = set()
    for link in links:
        start, end = spots[link.source], spots[link.target]
        if end.x <= start.x:
            continue
        x, y = end.x - _GAP_X + 12, end.y + _HIGH / 2 - 6
        if end.x - start.x > _WIDE + _GAP_X or (round(x), round(y)) in taken:
            y = end.y + _HIGH / 2 + 14
        if (round(x), round(y)) in taken:
            continue  # its tooltip says it
        taken.add((round(x), round(y)))
        words = shortened(visible(link.label), 10.5, _GAP_X - 30)
        yield _text(x, y, words, "o")  # so that it can be read over lines
        yield _text(x, y, words, "w")


def _arrow(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8"'
        f' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    )


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>'
