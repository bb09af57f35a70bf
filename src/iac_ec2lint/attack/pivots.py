"""Ways from exposed hosts on to what is not exposed.

A chain of steps from tier to tier (``attack.tiers``), of which the last one ends at the data tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from iac_ec2lint.attack.entries import AttackEntry, EntryFacts, entry_facts
from iac_ec2lint.attack.tiers import Tier, Tiers, TierStep, tiers_of
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.reachability.exposed_ports import ExposedPorts
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import YES, Answer, Confidence, Unknown, any_of


class Pivot(NamedTuple):
    """A way from an exposed host on to a host or a data store that is not exposed.

    Attributes:
        entry: Where the internet gets in.
        facts: What all verdicts on that entry have in common.
        steps: The steps from there on.
        answer: Whether all of it holds, the entry included.
        confidence: What it rests on.
        administered: Whether an administration port, or all ports, are among the steps.
        hops: What lets the steps through.
    """

    entry: AttackEntry
    facts: EntryFacts
    steps: tuple[TierStep, ...]
    answer: Answer
    confidence: Confidence
    administered: bool
    hops: tuple[Hop, ...]

    @property
    def last_rule(self) -> Hop | None:
        """The rule that lets the last step in, if one is written."""
        rules = (h for h in reversed(self.hops) if h.kind == "security group")
        return next((hop for hop in rules if hop.origin != "default"), None)


def pivots(graph: Graph, longest: int) -> Iterator[Pivot]:
    """The ways from exposed hosts on to hosts and data stores that are not exposed.

    Args:
        graph: The graph.
        longest: How many steps a way has at most.
    """
    tiers = tiers_of(graph)
    exposed = list(tiers.exposed(graph))
    # What the internet may reach itself: then nobody needs to get on to it.
    doubts = {to: own[0].causes for to, own in exposed if all(e.undecided for e in own)}
    for tier, entries in exposed:
        entry = entries[0]
        # Where an application's front alone is exposed, that it talks to its store is its service
        # (semantics.md, E, guard 11).
        handed = any_of(each.entrance.hands_on for each in entries)
        administered = any(_administers(each.entrance) for each in entries)
        facts = entry_facts(graph, entry)
        for chain in _chains(graph, tiers, tier, longest):
            if any(step.kinds & {"all", "administration"} for step in chain):
                yield _pivot(entry, facts, chain, YES, doubts, administered=True)
            elif len(chain) == 1 and handed.may_be_true and chain[0].kinds != {"service"}:
                # Else each step is a service's own.
                yield _pivot(entry, facts, chain, handed, doubts, administered=administered)


def _pivot(
    entry: AttackEntry,
    facts: EntryFacts,
    chain: tuple[TierStep, ...],
    counts: Answer,
    doubts: Mapping[Tier, tuple[Unknown, ...]],
    *,
    administered: bool,
) -> Pivot:
    explained = [step.way.explain() for step in chain]
    open_ = [how for step, how in zip(chain, explained, strict=True) if step.truth is None]
    aside = [doubts[step.target] for step in chain if step.target in doubts]
    undecided = entry.undecided or bool(open_) or bool(aside) or counts.truth is None
    confidence = Confidence.LIKELY
    if not undecided:
        every = [entry.confidence, *(how.confidence for how in explained)]
        confidence = max(every, key=list(Confidence).index)
    elif open_ or counts.truth is None or entry.confidence is Confidence.POSSIBLE:
        confidence = Confidence.POSSIBLE
    causes: tuple[Unknown, ...] = (*counts.causes, *entry.answer.causes)
    causes += tuple(cause for how in open_ for cause in how.missing)
    causes += tuple(cause for own in aside for cause in own)
    answer = Answer(None, tuple(dict.fromkeys(causes))) if undecided else YES
    hops = tuple(hop for how in explained for hop in how.hops)
    return Pivot(entry, facts, chain, answer, confidence, administered, hops)


def _chains(
    graph: Graph, tiers: Tiers, start: Tier, longest: int
) -> Iterator[tuple[TierStep, ...]]:
    """The shortest chains of steps that end at what is not exposed itself, breadth first.

    A chain of more than one step ends at the data tier.
    """
    seen = {start}
    waiting: list[tuple[TierStep, ...]] = [()]
    for length in range(1, longest + 1):
        further: list[tuple[TierStep, ...]] = []
        for chain in waiting:
            at = chain[-1].target if chain else start
            for target in tiers.onward(graph, at):
                step = None if target in seen else tiers.step(graph, at, target)
                if step is None:
                    continue
                seen.add(target)
                longer = (*chain, step)
                if length == 1 or step.target.ports or "data" in step.kinds:
                    yield longer
                if not step.target.ports:
                    further.append(longer)
        waiting = further


def _administers(entrance: ExposedPorts) -> bool:
    ports = port_classes()["administration"].ports(TCP)
    return entrance.hands_on.truth is True and entrance.ports(TCP).overlaps(ports)
