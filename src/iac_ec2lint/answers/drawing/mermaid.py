"""The picture as a Mermaid flowchart, which GitHub and GitLab show in Markdown.

Text stands in quotes, with character entities for whatever means something to Mermaid, Markdown
or HTML (Mermaid's documentation, "Entity codes to escape characters").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.identifiers import identifiers
from iac_ec2lint.answers.drawing.legend import caption, omitted
from iac_ec2lint.answers.drawing.lettering import clipped
from iac_ec2lint.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.answers.drawing.picture import Bond, Box, Item, Picture, Shape

_MOST_LINKS = 450
"""Mermaid refuses more than 500 edges (its setting ``maxEdges``)."""

_ROOM = 40.0
"""The letters that a line of a node may have."""

_SHAPES: dict[Shape, tuple[str, str]] = {
    "internet": ("([", "])"),
    "gateway": ("([", "])"),
    "balancer": ("[", "]"),
    "workload": ("[", "]"),
    "store": ("[(", ")]"),
    "group": ("{{", "}}"),
    "role": ("[/", "/]"),
    "other": ("[", "]"),
}
_ARROWS: dict[Bond, str] = {
    "reaches": "==>",
    "may reach": "-.->",
    "forwards": "-->",
    "carries": "-->",
    "admits": "-.->",
    "assumes": "-->",
}
_SAID: dict[Bond, str] = {"carries": "", "assumes": "", "forwards": "forwards"}
_CLASSES = (
    "classDef exposed fill:#fdecea,stroke:#c62828,stroke-width:2px,color:#1f2933",
    "classDef undecided fill:#fff6e5,stroke:#a86400,stroke-width:2px,color:#1f2933",
    "classDef plain fill:#ffffff,stroke:#52606d,color:#1f2933",
)
_STYLES: dict[Bond, str] = {
    "reaches": "stroke:#c62828,stroke-width:2px",
    "may reach": "stroke:#a86400,stroke-width:2px",
}


def render(pictures: Sequence[Picture]) -> str:
    """The flowchart; what is left out stands in comments and in a node."""
    lines = ["flowchart LR"]
    styles: dict[Bond, list[int]] = {}
    count = 0
    for number, (picture, names) in enumerate(zip(pictures, identifiers(pictures), strict=True), 1):
        if not picture.items:
            continue
        lines.append(f'  subgraph u{number}["{_quoted(picture.title)}"]')
        lines += [f"    {line}" for line in _nodes(picture, names, "")]
        said = " ".join(filter(None, (caption(picture), omitted(picture))))
        lines.append(f'    s{number}["{_wrapped(said)}"]:::plain')
        lines.append("  end")
        for link in picture.links[: max(_MOST_LINKS - count, 0)]:
            words = _SAID.get(link.bond, link.label)
            label = f'|"{_quoted(words)}"|' if words else ""
            ends = names[link.source], names[link.target]
            lines.append(f"  {ends[0]} {_ARROWS[link.bond]}{label} {ends[1]}")
            styles.setdefault(link.bond, []).append(count)
            count += 1
    every = sum(len(picture.links) for picture in pictures)
    if every > count:
        lines.append(f"  %% {every - count} links are left out")
    if len(lines) == 1:
        lines.append('  nothing["There is nothing to draw."]:::plain')
    lines += [f"  {line}" for line in _CLASSES]
    for bond, style in _STYLES.items():
        if bond in styles:
            lines.append(f"  linkStyle {','.join(map(str, styles[bond]))} {style}")
    return "\n".join(lines) + "\n"


def _nodes(picture: Picture, names: dict[str, str], parent: str) -> Iterator[str]:
    for item in picture.items:
        if item.box == parent:
            yield _node(item, names[item.key])
    for box in picture.boxes:
        if box.parent == parent:
            yield f'subgraph {names[box.key]}["{_title(box)}"]'
            # Mermaid takes a subgraph without nodes for a node, which is as good.
            yield from (f"  {line}" for line in _nodes(picture, names, box.key))
            yield "end"


def _node(item: Item, name: str) -> str:
    left, right = _SHAPES[item.shape]
    sign = {"exposed": "open: ", "undecided": "perhaps open: "}.get(item.tone, "")
    sign = "" if item.shape == "group" else sign
    notes = [f"{sign}{note}" for note in item.notes]
    parts = [item.label, item.detail, *notes, *item.remarks]
    text = "<br/>".join(_quoted(clipped(visible(part), 1, _ROOM * 0.6)) for part in parts if part)
    return f'{name}{left}"{text}"{right}:::{item.tone}'


def _title(box: Box) -> str:
    return _quoted(clipped(visible(f"{box.label} {box.detail}".strip()), 1, _ROOM))


def _wrapped(text: str) -> str:
    lines = [""]
    for word in text.split():
        if len(lines[-1]) + len(word) > 60:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return "<br/>".join(_quoted(line) for line in lines)


def _quoted(text: str) -> str:
    """Text for a quoted label: only letters, digits and harmless marks stand for themselves."""
    return "".join(
        character if character.isalnum() or character in " .,:/-_()…" else f"#{ord(character)};"
        for character in visible(text)
    )
