"""Many alike items drawn as one, and the most important items where there are too many."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.picture import PictureEdge
from iac_ec2lint.answers.drawing.words import counted

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.answers.drawing.picture import Item, Shape, Tone

_ORDER: tuple[Shape, ...] = (
    "internet",
    "gateway",
    "balancer",
    "workload",
    "store",
    "group",
    "role",
    "other",
)
_RANKS = {shape: rank for rank, shape in enumerate(_ORDER)}
_TONES: tuple[Tone, ...] = ("exposed", "undecided", "plain")
_STACKED: frozenset[Shape] = frozenset({"workload", "store", "group"})
_FEW = 3
"""So many alike items are drawn one by one."""

_KEYS = re.compile(r"\[(\d+|\"(?:[^\"\\]|\\.)*\")\]$")
"""The instance key at the end of a Terraform address."""


def stacked(
    items: Iterable[Item], links: Iterable[PictureEdge]
) -> tuple[dict[str, Item], dict[PictureEdge, None], dict[str, tuple[str, ...]]]:
    """Instances of one block that stand, are reached and are linked alike, as one item.

    Args:
        items: All items.
        links: All links.

    Returns:
        The items by key; the links, each once; the addresses that each item stands for, by key.
    """
    every, joined = list(items), list(links)
    ends: dict[str, set[tuple[str, str, str, bool]]] = defaultdict(set)
    for link in joined:
        ends[link.source].add((link.target, link.bond, link.label, True))
        ends[link.target].add((link.source, link.bond, link.label, False))
    alike: dict[object, list[Item]] = defaultdict(list)
    for item in every:
        base = _KEYS.sub("[…]", item.address)
        same = (base, item.box, item.tone, item.notes, item.remarks, frozenset(ends[item.key]))
        own = item.shape not in _STACKED or base == item.address
        alike[item.key if own else same].append(item)
    made: dict[str, Item] = {}
    stands_for: dict[str, tuple[str, ...]] = {}
    now: dict[str, str] = {}
    for group in alike.values():
        first = group[0]
        if len(group) <= _FEW:
            for item in group:
                made[item.key] = item
                stands_for[item.key] = (item.address,)
            continue
        label = _KEYS.sub("[…]", first.label)
        made[first.key] = first._replace(label=label, detail=counted(len(group), first.detail))
        stands_for[first.key] = tuple(item.address for item in group)
        now.update((item.key, first.key) for item in group)
    moved = (
        PictureEdge(now.get(link.source, link.source), now.get(link.target, link.target), *link[2:])
        for link in joined
    )
    return made, dict.fromkeys(moved), stands_for


def kept(items: dict[str, Item], links: Iterable[PictureEdge], cap: int) -> dict[str, Item]:
    """The most important items, by shape and address: what is exposed with all that it touches.

    Args:
        items: All items, by key.
        links: The links between them.
        cap: How many are kept.
    """
    beside: dict[str, list[str]] = defaultdict(list)
    for link in links:
        if link.source in items and link.target in items:
            beside[link.source].append(link.target)
            beside[link.target].append(link.source)

    def rank(item: Item) -> tuple[int, int, str, str]:
        inner = item.shape in ("workload", "balancer", "internet")
        order = _TONES.index(item.tone) if inner else len(_TONES) + _RANKS[item.shape]
        return order, _RANKS[item.shape], item.address, item.key

    entrances = [key for key, item in items.items() if item.shape == "internet" and beside[key]]
    room = cap - len(entrances)
    chosen: dict[str, None] = {}
    for item in sorted(items.values(), key=rank):
        if item.shape == "internet":
            continue
        inner = item.shape in ("workload", "balancer")
        wanted = [item.key, *sorted(beside[item.key])] if inner else [item.key]
        more = [key for key in wanted if key not in chosen and key not in entrances]
        if len(chosen) + len(more) <= room:
            chosen.update(dict.fromkeys(more))
    if chosen:
        chosen.update(dict.fromkeys(entrances))
    best = [items[key] for key in chosen]
    best.sort(key=lambda item: (_RANKS[item.shape], item.address, item.key))
    return {item.key: item for item in best}
