"""The curves between nodes of an SVG, led through the gaps between the nodes on their way."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.answers.drawing.layout import Frame

_ARROW = 7
_CLEAR = 5.0
_BESIDE = 12.0
_APART = 9.0


def path_between(start: Frame, end: Frame, frames: Iterable[Frame]) -> str:
    """The path data of a curve from one node to another.

    It leaves on the right and arrives on the left; between nodes of one column it stays right.

    Args:
        start: The node that it leaves.
        end: The node that it goes to.
        frames: All that is gone around where it stands between the two.
    """
    if start.right > end.x - _ARROW:
        return _beside(start, end)
    x, to = start.right, end.x - _ARROW
    columns: dict[float, list[Frame]] = {}
    for frame in frames:
        if frame.x > x and frame.right < end.x:
            columns.setdefault(frame.x, []).append(frame)
    points = [(x, start.middle)]
    for left in sorted(columns):
        column = sorted(columns[left])
        right = max(frame.right for frame in column)
        share = ((left + right) / 2 - x) / (to - x)
        y = _gap(column, start.middle + (end.middle - start.middle) * share)
        if left > points[-1][0]:
            points += [(left, y), (right, y)]
    points.append((to, end.middle))
    return _curve(points)


def _gap(column: list[Frame], wanted: float) -> float:
    """The height nearest to a wanted one at which a column is free."""
    low = min(frame.y for frame in column) - _BESIDE
    high = max(frame.y + frame.height for frame in column) + _BESIDE
    if all(not f.y - _CLEAR < wanted < f.y + f.height + _CLEAR for f in column):
        return wanted
    gaps = [low, high]
    for upper, lower in pairwise(column):
        bottom = upper.y + upper.height
        free = lower.y - bottom
        if free >= 2 * _CLEAR:
            margin = min(free / 2, _BESIDE)
            gaps.append(min(max(wanted, bottom + margin), lower.y - margin))
    return min(gaps, key=lambda y: (abs(y - wanted), y))


def _curve(points: list[tuple[float, float]]) -> str:
    """Points joined by curves that are level at each of them."""
    x, y = points[0]
    parts = [f"M{x:g} {y:g}"]
    for (left, upper), (right, lower) in pairwise(points):
        if upper == lower:
            parts.append(f"H{right:g}")
            continue
        middle = (left + right) / 2
        parts.append(f"C{middle:g} {upper:g} {middle:g} {lower:g} {right:g} {lower:g}")
    return "".join(parts)


def _beside(start: Frame, end: Frame) -> str:
    x, to = start.right, end.right + _ARROW
    # Coming and going are kept apart.
    upper, lower = start.middle + _APART, end.middle - _APART
    out = max(x, to) + min(24 + abs(lower - upper) / 14, 44)
    return f"M{x:g} {upper:g}C{out:g} {upper:g} {out:g} {lower:g} {to:g} {lower:g}"
