"""The words above a picture: what it comes to, and what is not in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.answers.drawing.picture import Picture


def caption(picture: Picture) -> str:
    """How much of it the internet reaches."""
    every, reached, undecided = picture.counts
    if not every:
        return "No workload and no load balancer."
    one = every == 1
    what = "1 workload or load balancer" if one else f"{every} workloads and load balancers"
    said = f"Of {what}, {reached} can be reached from the internet"
    return f"{said}, {undecided} undecided." if undecided else f"{said}."


def omitted(picture: Picture) -> str:
    """What is not drawn; empty where all is."""
    said = []
    if picture.capped:
        said.append(
            f"Too many to draw: {picture.capped} nodes are left out (--around shows a part)."
        )
    if picture.left_out:
        said.append(f"Not drawn: {', '.join(picture.left_out)}.")
    return " ".join(said)
