"""Short identifiers for the items and boxes of pictures, in formats that cannot take addresses."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.answers.drawing.picture import Picture


def identifiers(pictures: Sequence[Picture]) -> list[dict[str, str]]:
    """An identifier for each item (``n1``) and box (``b1``), by picture and key."""
    made: list[dict[str, str]] = []
    nodes = boxes = 0
    for picture in pictures:
        names: dict[str, str] = {}
        for item in picture.items:
            nodes += 1
            names[item.key] = f"n{nodes}"
        for box in picture.boxes:
            boxes += 1
            names[box.key] = f"b{boxes}"
        made.append(names)
    return made
