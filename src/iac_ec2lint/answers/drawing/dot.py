"""The picture in Graphviz's DOT language (graphviz.org, "DOT Language")."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.identifiers import identifiers
from iac_ec2lint.answers.drawing.legend import caption, omitted
from iac_ec2lint.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.answers.drawing.picture import Bond, Item, Picture, Shape, Tone

_SHAPES: dict[Shape, str] = {
    "internet": "ellipse",
    "gateway": "ellipse",
    "balancer": "box",
    "workload": "box",
    "store": "cylinder",
    "group": "octagon",
    "role": "parallelogram",
    "other": "note",
}
_COLOURS: dict[Tone, str] = {
    "exposed": 'color="#c62828", fillcolor="#fdecea", penwidth=2',
    "undecided": 'color="#a86400", fillcolor="#fff6e5", penwidth=2',
    "plain": 'color="#52606d", fillcolor="#ffffff"',
}
_EDGES: dict[Bond, str] = {
    "reaches": 'color="#c62828", fontcolor="#c62828", penwidth=2',
    "may reach": 'color="#a86400", fontcolor="#a86400", penwidth=2, style=dashed',
    "forwards": 'color="#52606d"',
    "carries": 'color="#9aa5b1"',
    "admits": 'color="#3b6ea5", fontcolor="#3b6ea5", style=dotted',
    "assumes": 'color="#7b5ea7", style=dashed',
}


def render(pictures: Sequence[Picture]) -> str:
    """The digraph: units, VPCs and subnets are clusters."""
    lines = [
        "digraph iac_ec2lint {",
        "  rankdir=LR;",
        '  graph [fontname="Helvetica", labeljust=l, compound=true];',
        '  node [fontname="Helvetica", fontsize=11, style=filled];',
        '  edge [fontname="Helvetica", fontsize=10];',
    ]
    for number, (picture, names) in enumerate(zip(pictures, identifiers(pictures), strict=True), 1):
        if not picture.items:
            continue
        words = (picture.title, caption(picture), omitted(picture))
        lines.append(f"  subgraph cluster_u{number} {{")
        lines.append(f'    label="{_lines(words)}";')
        lines += [f"    {line}" for line in _nodes(picture, names, "")]
        lines.append("  }")
        for link in picture.links:
            label = f', label="{_quoted(link.label)}"' if link.label else ""
            ends = f"{names[link.source]} -> {names[link.target]}"
            lines.append(f"  {ends} [{_EDGES[link.bond]}{label}];")
    lines.append("}")
    return "\n".join(lines) + "\n"


def _nodes(picture: Picture, names: dict[str, str], parent: str) -> Iterator[str]:
    for item in picture.items:
        if item.box == parent:
            yield _node(item, names[item.key])
    for box in picture.boxes:
        if box.parent == parent:
            style = "dashed" if box.dashed else "solid"
            yield f"subgraph cluster_{names[box.key]} {{"
            yield f'  label="{_quoted(f"{box.label} {box.detail}".strip())}"; style={style};'
            yield from (f"  {line}" for line in _nodes(picture, names, box.key))
            yield "}"


def _node(item: Item, name: str) -> str:
    sign = {"exposed": "open: ", "undecided": "perhaps open: "}.get(item.tone, "")
    sign = "" if item.shape == "group" else sign
    words = (item.label, item.detail, *(f"{sign}{note}" for note in item.notes), *item.remarks)
    tooltip = _quoted(" ".join(filter(None, (item.address, item.place))))
    shape = f"shape={_SHAPES[item.shape]}, {_COLOURS[item.tone]}"
    return f'{name} [label="{_lines(words)}", tooltip="{tooltip}", {shape}];'


def _lines(parts: Sequence[str]) -> str:
    return "\\n".join(_quoted(part) for part in parts if part)


def _quoted(text: str) -> str:
    """Text in a quoted string: a backslash begins an escape of labels, ``&`` an entity."""
    shown = visible(text).replace("&", "&amp;").replace("\\", "\\\\")
    return shown.replace('"', '\\"')
