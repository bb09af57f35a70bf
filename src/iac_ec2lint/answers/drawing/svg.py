"""The picture as SVG 1.1, which needs nothing but something that shows it.

Text is escaped, and cut to the room that it has; what a node stands for in full is its tooltip.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.layout import MOST_NOTES, Frame, lay_out
from iac_ec2lint.answers.drawing.legend import caption, omitted
from iac_ec2lint.answers.drawing.lettering import clipped, shortened, width
from iac_ec2lint.answers.drawing.picture import BONDS
from iac_ec2lint.answers.drawing.routing import path_between
from iac_ec2lint.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.answers.drawing.layout import Layout
    from iac_ec2lint.answers.drawing.picture import Bond, Box, Item, Picture, PictureEdge

_MARGIN = 28
_LEGEND = 26
_NARROWEST = 780
_RED, _AMBER, _INK, _FAINT = "#c62828", "#a86400", "#1f2933", "#5f6b7a"
_STYLE = """\
text{font-family:Helvetica,Arial,"DejaVu Sans",sans-serif;fill:#1f2933}
.h{font-size:18px;font-weight:bold}.s{font-size:13px;fill:#3e4c59}.l{font-size:13px}
.d{font-size:11px;fill:#5f6b7a}.n{font-size:11px}.b{font-weight:bold}
.r{fill:#c62828;font-weight:bold}.a{fill:#a86400;font-weight:bold}"""

_STROKES: dict[Bond, tuple[str, str, str]] = {
    "reaches": (_RED, "2.2", ""),
    "may reach": (_AMBER, "1.8", "6 4"),
    "carries": ("#9aa5b1", "1.2", ""),
    "admits": ("#3b6ea5", "1.4", "2 3"),
    "assumes": ("#7b5ea7", "1.4", "5 3"),
    "forwards": ("#52606d", "1.4", ""),
}
"""The colour, width and dashes of each link."""

_FILLS = {
    "internet": ("#fdecea", _RED),
    "gateway": ("#eef2f6", "#52606d"),
    "balancer": ("#ffffff", "#52606d"),
    "workload": ("#ffffff", "#52606d"),
    "store": ("#f6f8fa", "#7b8794"),
    "group": ("#eff5fb", "#3b6ea5"),
    "role": ("#f5f0fa", "#7b5ea7"),
    "other": ("#fafafa", "#9aa5b1"),
}


def render(pictures: Sequence[Picture]) -> str:
    """The SVG: one picture below the other, and what the signs mean."""
    made = [(picture, lay_out(picture)) for picture in pictures if picture.items or picture.boxes]
    right = max([_NARROWEST, *(layout.width for _, layout in made)]) + 2 * _MARGIN
    body: list[str] = []
    at = float(_MARGIN)
    for picture, layout in made:
        at = _section(body, picture, layout, at, right - 2 * _MARGIN)
    if not made:
        body.append(_text(_MARGIN, at + 14, "There is nothing to draw.", "h"))
        at += 50
    at = _legend(body, made, at)
    size = f'width="{right:g}" height="{at:g}" viewBox="0 0 {right:g} {at:g}"'
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img">',
        "<title>What the internet reaches</title>",
        f"<style>{_STYLE}</style>",
        "<defs>",
        *(_arrow(bond) for bond in _STROKES),
        "</defs>",
        f'<rect width="{right:g}" height="{at:g}" fill="#ffffff"/>',
        *body,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _section(body: list[str], picture: Picture, layout: Layout, at: float, room: float) -> float:
    body.append(_text(_MARGIN, at + 14, clipped(visible(picture.title), 18, room), "h"))
    kind = "l r" if picture.counts[1] else "s"
    body.append(_text(_MARGIN, at + 36, shortened(caption(picture), 13, room), kind))
    at += 54
    lines = _wrapped(visible(omitted(picture)), 12, room)
    for line in lines:
        body.append(_text(_MARGIN, at + 4, line, "d"))
        at += 17
    at += 12
    body.append(f'<g transform="translate({_MARGIN} {at:g})">')
    body += [_box(box, layout.boxes[box.key]) for box in picture.boxes]
    frames = layout.items
    order = sorted(picture.links, key=lambda link: link.bond in ("reaches", "may reach"))
    obstacles = layout.obstacles(picture)
    body += [_link(link, frames, obstacles) for link in order]
    for item in picture.items:
        body += _item(item, frames[item.key])
    if layout.others is not None:
        words = "Also touched"
        body.append(_text(0, layout.others.y + 12, words, "d b"))
    body.append("</g>")
    return at + layout.height + 40


def _box(box: Box, frame: Frame) -> str:
    vpc = box.kind == "vpc"
    fill, stroke = ("#fbfcfd", "#7b8794") if vpc else ("#f1f5ee", "#8fa67a")
    dashes = ' stroke-dasharray="6 4"' if box.dashed else ""
    shape = _rectangle(frame, fill, stroke, 10 if vpc else 7, f'stroke-width="1.2"{dashes}')
    room = frame.width - 24
    size = 13
    label = clipped(visible(box.label), size + 1, room)
    rest = room - width(label, size + 1) - 8
    detail = visible(box.detail)
    shown = shortened(detail, 11, rest) if rest > 60 else ""
    after = frame.x + 12 + width(label, size + 0.6) + 8
    words = _text(frame.x + 12, frame.y + 21, label, "l b")
    said = _text(after, frame.y + 21, shown, "d") if shown else ""
    return f"<g>{_tooltip(box.address, detail)}{shape}{words}{said}</g>"


def _item(item: Item, frame: Frame) -> Iterator[str]:
    fill, stroke = _FILLS[item.shape]
    thick = "1.2"
    if item.tone == "exposed":
        fill, stroke, thick = "#fdecea" if item.shape != "group" else fill, _RED, "2"
    elif item.tone == "undecided":
        fill, stroke, thick = "#fff6e5", _AMBER, "1.8"
    radius = {"internet": 26, "gateway": 20, "group": 3}.get(item.shape, 6)
    yield f"<g>{_tooltip(item.address, item.detail, item.place)}"
    yield _rectangle(frame, fill, stroke, radius, f'stroke-width="{thick}"')
    x, room = frame.x + 12, frame.width - 24
    yield _text(x, frame.y + 19, clipped(visible(item.label), 14, room), "l b")
    yield _text(x, frame.y + 35, shortened(visible(item.detail), 11, room), "d")
    sign, tone = _SIGNS["plain" if item.shape == "group" else item.tone]
    tone = "n r" if item.shape == "group" else tone
    lines = [(f"{sign}{visible(note)}", tone) for note in item.notes]
    lines += [(visible(remark), "n") for remark in item.remarks]
    if len(lines) > MOST_NOTES:
        lines = [*lines[: MOST_NOTES - 1], (f"and {len(lines) - MOST_NOTES + 1} more", "n")]
    for number, (line, kind) in enumerate(lines):
        yield _text(x, frame.y + 53 + 16 * number, shortened(line, 12, room), kind)
    yield "</g>"


_SIGNS = {
    "exposed": ("open: ", "n r"),
    "undecided": ("perhaps open: ", "n a"),
    "plain": ("", "n"),
}
"""What a node's ports begin with, and how they are written."""


def _link(link: PictureEdge, frames: dict[str, Frame], obstacles: Sequence[Frame]) -> str:
    start, end = frames[link.source], frames[link.target]
    colour, thick, dashes = _STROKES[link.bond]
    path = path_between(start, end, obstacles)
    marks = f' stroke-dasharray="{dashes}"' if dashes else ""
    arrow = f"url(#{_mark(link.bond)})"
    return (
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="{thick}"{marks}'
        f' marker-end="{arrow}"/>'
    )


def _legend(body: list[str], made: Sequence[tuple[Picture, Layout]], at: float) -> float:
    bonds = {link.bond for picture, _ in made for link in picture.links}
    x = float(_MARGIN)
    for bond in BONDS:
        if bond not in bonds:
            continue
        colour, thick, dashes = _STROKES[bond]
        marks = f' stroke-dasharray="{dashes}"' if dashes else ""
        body.append(
            f'<path d="M{x:g} {at:g}H{x + 30:g}" stroke="{colour}" stroke-width="{thick}"{marks}'
            f' marker-end="url(#{_mark(bond)})"/>'
        )
        words = BONDS[bond]
        body.append(_text(x + 44, at + 4, words, "d"))
        x += 44 + width(words, 11) + 24
    return at + _LEGEND


def _arrow(bond: Bond) -> str:
    colour = _STROKES[bond][0]
    return (
        f'<marker id="{_mark(bond)}" viewBox="0 0 8 8" refX="1" refY="4" markerWidth="8"'
        f' markerHeight="8" markerUnits="userSpaceOnUse" orient="auto">'
        f'<path d="M0 0L8 4L0 8z" fill="{colour}"/></marker>'
    )


def _mark(bond: Bond) -> str:
    return bond.replace(" ", "-")


def _rectangle(frame: Frame, fill: str, stroke: str, radius: int, more: str) -> str:
    x, y, wide, high = frame
    return (
        f'<rect x="{x:g}" y="{y:g}" width="{wide:g}" height="{high:g}" rx="{radius}"'
        f' fill="{fill}" stroke="{stroke}" {more}/>'
    )


def _text(x: float, y: float, text: str, kind: str) -> str:
    return f'<text x="{x:g}" y="{y:g}" class="{kind}">{escape(text)}</text>'


def _tooltip(*parts: str) -> str:
    return f"<title>{escape(' · '.join(visible(part) for part in parts if part))}</title>"


def _wrapped(text: str, size: float, room: float) -> Iterator[str]:
    line = ""
    for word in text.split():
        longer = f"{line} {word}".strip()
        if line and width(longer, size) > room:
            yield line
            longer = word
        line = longer
    if line:
        yield line
