"""The picture of the rooms, drawn from the import contracts in pyproject.toml as SVG.

Each floor may import what is below it. What a room is for is the first line of its docstring.
"""

from __future__ import annotations

import ast
import re
import textwrap
import tomllib
from collections.abc import Iterator
from html import escape
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "iac_ec2lint"
_WIDTH, _INSET, _FLOOR, _GAP = 690, 250, 60, 8
_LINE = 11
_CHARACTER = 5.3
"""The width of a character of the small print."""
_STYLE = """\
text { font-family: system-ui, sans-serif; fill: #1f2328 }
.name { font-size: 12px; font-weight: 600 }
.what { font-size: 9.5px; fill: #59636e }
rect { fill: #f6f8fa; stroke: #8c959f; rx: 4 }
.checks { fill: #ddf4ff; stroke: #0969da; stroke-dasharray: 4 3 }
.inner { fill: #fff8c5; stroke: #bf8700 }
path { stroke: #bf8700; fill: none; stroke-dasharray: 2 3 }"""


class Box(NamedTuple):
    """A room in the picture: its name, what it is for, where it is, and how it is drawn."""

    name: str
    what: str
    x: float
    y: float
    width: float
    kind: str = ""

    def draw(self) -> Iterator[str]:
        """Its elements."""
        mark = f' class="{self.kind}"' if self.kind else ""
        yield (
            f'<rect{mark} x="{self.x:g}" y="{self.y:g}" width="{self.width:g}"'
            f' height="{_FLOOR - _GAP}"/>'
        )
        name = escape(self.name)
        yield f'<text class="name" x="{self.x + 8:g}" y="{self.y + 14:g}">{name}</text>'
        lines = textwrap.wrap(self.what, int((self.width - 14) / _CHARACTER))[:3]
        for at, line in enumerate(lines):
            y = self.y + 25 + at * _LINE
            yield f'<text class="what" x="{self.x + 8:g}" y="{y:g}">{escape(line)}</text>'


def picture() -> str:
    """The text of the SVG."""
    rooms, inner, *_ = (_floors(contract) for contract in _contracts())
    rooms = [floor for floor in rooms if floor != ["__main__"]]
    rooms.insert(next(at for at, floor in enumerate(rooms) if "api" in floor), ["checks/"])
    boxes: list[Box] = []
    for level, floor in enumerate(rooms):
        share = (_WIDTH - _GAP * (len(floor) - 1)) / len(floor)
        for at, name in enumerate(floor):
            x = 10 + at * (share + _GAP)
            boxes.append(_box(PACKAGE, name, x, 10 + level * _FLOOR, share))
    network = next(box for box in boxes if box.name == "network/")
    left = _WIDTH + 60
    top = network.y - (len(inner) - 5) * _FLOOR
    for level, [name] in enumerate(inner):
        box = _box(PACKAGE / "network", name, left, top + level * _FLOOR, _INSET)
        boxes.append(box._replace(kind="inner", name=f"network/{box.name}"))
    y = network.y + (_FLOOR - _GAP) / 2
    iam = next(box for box in boxes if box.name == "iam/")
    path = (
        f"M {network.x + network.width:g} {y:g} H {iam.x - _GAP / 2:g} V {network.y - _GAP / 2:g}"
        f" H {left - 20} V {top + 12:g} H {left}"
    )
    height = 10 + len(rooms) * _FLOOR
    width = left + _INSET + 10
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img">',
        "<title>The rooms of iac_ec2lint; each imports only what is below it</title>",
        f"<style>{_STYLE}</style>",
        '<rect width="100%" height="100%" style="fill: #fff; stroke: none"/>',
        f'<path d="{path}"/>',
        *(line for box in boxes for line in box.draw()),
        "</svg>",
        "",
    ]
    return "\n".join(lines)


def _contracts() -> list[list[str]]:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = settings["tool"]["importlinter"]["contracts"]
    return [contract["layers"] for contract in contracts if contract["type"] == "layers"]


def _floors(layers: list[str]) -> list[list[str]]:
    return [re.split(r" *[|:] *", layer) for layer in layers]


def _box(folder: Path, name: str, x: float, y: float, width: float) -> Box:
    if name == "checks/":
        return Box(
            name, "One file a check, loaded by its path; imports api alone", x, y, width, "checks"
        )
    file = folder / name / "__init__.py"
    shown = f"{name}/" if file.exists() else f"{name}.py"
    text = (file if file.exists() else folder / f"{name}.py").read_text("utf-8")
    first = (ast.get_docstring(ast.parse(text)) or "").split("\n")[0]
    words = re.sub(r" \(.*?\)", "", first).replace("``", "").rstrip(".")
    return Box(shown, words, x, y, width)


if __name__ == "__main__":
    print(picture(), end="")
