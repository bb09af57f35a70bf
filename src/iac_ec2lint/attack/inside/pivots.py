"""Ways from exposed hosts on to what is not exposed.

A chain of steps from tier to tier (``attack.tiers``), of which the last one ends at the data tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from iac_ec2lint.attack.entry.entries import AttackEntry
from iac_ec2lint.attack.entry.facts import EntryFacts, entry_facts
from iac_ec2lint.attack.inside.tier_steps import Tier, TierStep
from iac_ec2lint.attack.inside.tiers import Tiers, tiers_of
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.engine.question import End
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.reachability.exposed_ports import ExposedPorts
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import YES, Answer, Confidence, Unknown, any_of

MASTERS: Final = frozenset({"all", "administration"})
"""What a step is open on that gives the host at its end to whoever comes by it."""

_TOLD: Final = 4
"""How many ends that are alike are named; where there are more, one less and their number."""


class Pivot(NamedTuple):
    """Ways from an exposed host on to hosts and data stores that are not exposed.

    Attributes:
        entry: Where the internet gets in.
        facts: What all verdicts on that entry have in common.
        before: The steps that all of them have in common.
        last: The last step of each.
        answer: Whether all of it holds, the entry included.
        confidence: What it rests on.
        administered: Whether an administration port, or all ports, are among the steps.
        hops: What lets the steps through, of those that are named.
        edits: What breaks them.
    """

    entry: AttackEntry
    facts: EntryFacts
    before: tuple[TierStep, ...]
    last: tuple[TierStep, ...]
    answer: Answer
    confidence: Confidence
    administered: bool
    hops: tuple[Hop, ...]
    edits: tuple[Evidence, ...]

    @property
    def end(self) -> End:
        """What they end at."""
        return "store" if self.last[0].target.ports else "host"


def pivots(graph: Graph, longest: int) -> Iterator[Pivot]:
    """The ways from exposed hosts on to hosts and data stores that are not exposed.

    Those of one host that differ in their ends alone are one.

    Args:
        graph: The graph.
        longest: How many steps a way has at most.
    """
    tiers = tiers_of(graph)
    exposed = list(tiers.exposed(graph))
    # What the internet may reach itself: then nobody needs to get on to it.
    doubts = {to: causes for to, own in exposed if (causes := _perhaps_handed(own))}
    for tier, entries in exposed:
        # Where an application's front alone is exposed, that it talks to its store is its service
        # (semantics.md, E, guard 11).
        handed = any_of(each.entrance.hands_on for each in entries)
        administered = any(administers(each.entrance) for each in entries)
        alike: dict[tuple[bool, object], list[tuple[TierStep, ...]]] = {}
        for chain in _chains(graph, tiers, tier, longest):
            mastered = not all(MASTERS.isdisjoint(step.kinds) for step in chain)
            # Else each step is a service's own.
            direct = len(chain) == 1 and handed.may_be_true and chain[0].kinds != {"service"}
            if mastered or direct:
                *before, last = chain
                end, common = last.target, tuple(step.target for step in before)
                presence = end.resource.presence.key
                mark = (mastered, (last.truth, end in doubts, presence, common))
                alike.setdefault(mark, []).append(chain)
        facts = entry_facts(graph, entries[0]) if alike else None
        for (mastered, _), chains in alike.items():
            if facts is not None:
                pivot = _pivot(entries[0], facts, chains, YES if mastered else handed, doubts)
                yield pivot._replace(administered=mastered or administered)


def _pivot(
    entry: AttackEntry,
    facts: EntryFacts,
    chains: list[tuple[TierStep, ...]],
    counts: Answer,
    doubts: Mapping[Tier, tuple[Unknown, ...]],
) -> Pivot:
    before, last = chains[0][:-1], tuple(chain[-1] for chain in chains)
    told = last if len(last) <= _TOLD else last[: _TOLD - 1]
    explained = [(step, *step.explain()) for step in (*before, *told)]
    open_ = [how for step, how, _ in explained if step.truth is None]
    aside = [doubts[step.target] for step in told if step.target in doubts]
    undecided = entry.undecided or bool(open_) or bool(aside) or counts.truth is None
    confidence = Confidence.LIKELY
    if not undecided:
        every = [entry.confidence, *(how.confidence for _, how, _ in explained)]
        confidence = max(every, key=list(Confidence).index)
    elif open_ or counts.truth is None or entry.confidence is Confidence.POSSIBLE:
        confidence = Confidence.POSSIBLE
    causes: tuple[Unknown, ...] = (*counts.causes, *entry.answer.causes)
    causes += tuple(cause for how in open_ for cause in how.missing)
    causes += tuple(cause for own in aside for cause in own)
    answer = Answer(None, tuple(dict.fromkeys(causes))) if undecided else YES
    hops = tuple(hop for _, how, _ in explained for hop in how.hops)
    edits = [edit for *_, edits in explained[len(before) :] for edit in edits]
    edits = edits or [edit for *_, edits in reversed(explained) for edit in edits][:1]
    return Pivot(
        entry, facts, before, last, answer, confidence, False, hops, tuple(dict.fromkeys(edits))
    )


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


def _perhaps_handed(entries: list[AttackEntry]) -> tuple[Unknown, ...]:
    """Why it is not known whether the internet talks to something itself; empty where it is."""
    handed = [each for each in entries if each.entrance.hands_on.may_be_true]
    if any(each.entrance.hands_on.truth and not each.undecided for each in handed):
        return ()
    return tuple(
        cause for each in handed[:1] for cause in (*each.causes, *each.entrance.hands_on.causes)
    )


def administers(entrance: ExposedPorts, *truths: bool | None) -> bool:
    """Whether somebody logs in by a way: over ports that are open, or of which that is known."""
    ports = port_classes()["administration"].ports(TCP)
    return entrance.hands_on.truth is True and any(
        entrance.ports(TCP, truth).overlaps(ports) for truth in truths or (True,)
    )
