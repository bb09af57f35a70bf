"""What is drawn: the internet, gateways, subnets with what runs in them, groups and roles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from iac_ec2lint.source.concealment import Redactor

Tone = Literal["exposed", "undecided", "plain"]
"""Whether the internet reaches it, may reach it, or does not."""

Shape = Literal[
    "internet", "gateway", "balancer", "workload", "store", "group", "role", "other"
]  # in the order in which they stand, from the internet inwards

Bond = Literal["reaches", "may reach", "forwards", "carries", "admits", "assumes"]
"""What a link says: see ``BONDS``."""

BONDS: dict[Bond, str] = {
    "reaches": "the internet reaches it",
    "may reach": "undecided whether it does",
    "forwards": "forwards to",
    "carries": "has the security group",
    "admits": "may come in to those of the other group",
    "assumes": "has the role",
}
"""What each link means, for legends."""


class Item(NamedTuple):
    """Something drawn as a node.

    Attributes:
        key: Its identity in the picture: a workload stands in each of its subnets.
        address: The address of its resource.
        label: What it is called.
        detail: What it is, in words.
        notes: The ports on which it is reached, or lets the internet in.
        remarks: What else is remarkable: what a group admits from other groups.
        tone: Whether it is exposed.
        shape: What it is drawn as.
        box: The key of the box that it stands in; empty where it stands in none.
        place: Where it is declared: ``main.tf:12``.
    """

    key: str
    address: str
    label: str
    detail: str
    notes: tuple[str, ...]
    tone: Tone
    shape: Shape
    box: str
    place: str = ""
    remarks: tuple[str, ...] = ()


class Box(NamedTuple):
    """Something drawn around others: a VPC, a subnet.

    Attributes:
        key: Its identity in the picture.
        label: What it is called.
        detail: What it is, in words.
        kind: ``vpc`` or ``subnet``.
        parent: The key of the box that it stands in; empty where it stands in none.
        dashed: Whether it is declared elsewhere, or nobody knows it.
        address: The address of its resource.
    """

    key: str
    label: str
    detail: str
    kind: Literal["vpc", "subnet"]
    parent: str
    dashed: bool
    address: str


class PictureEdge(NamedTuple):
    """Something drawn between two items.

    Attributes:
        source: The key of the item that it leaves.
        target: The key of the item that it goes to.
        bond: What it says.
        label: What is written on it.
    """

    source: str
    target: str
    bond: Bond
    label: str = ""

    def redacted(self, redactor: Redactor) -> PictureEdge:
        """See ``source.concealment.Redacted``: keys are no part of what is drawn."""
        return self._replace(label=redactor.text(self.label))


class Picture(NamedTuple):
    """What is drawn of one unit.

    Attributes:
        title: The unit.
        items: The nodes, by shape and address.
        boxes: What is drawn around them; parents before what stands in them.
        links: What is drawn between them.
        counts: How many workloads and load balancers there are in the unit, how many of them are
            reached, of how many that is undecided.
        left_out: What is not drawn, in words: ``12 volumes``.
        capped: How many items were left out because there are too many.
    """

    title: str
    items: tuple[Item, ...]
    boxes: tuple[Box, ...]
    links: tuple[PictureEdge, ...]
    counts: tuple[int, int, int]
    left_out: tuple[str, ...] = ()
    capped: int = 0
