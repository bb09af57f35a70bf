"""Ways from exposed hosts on to what is not exposed: PATH007.

A chain of steps from tier to tier (``engine.tiers``), of which the last one ends at the data tier.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from iac_ec2lint.attack.entries import (
    AttackEntry,
    Beginning,
    beginning,
    evidence_of,
    in_turn,
    lowered,
)
from iac_ec2lint.attack.tiers import CONSOLE, Tier, Tiers, TierStep, tiers_of
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.reachability.entrances import ExposedPorts
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import YES, Answer, Confidence, Unknown, any_of


def pivots(graph: Graph, base: Severity, longest: int) -> Iterator[Verdict]:
    """The ways from exposed hosts on to hosts and data stores that are not exposed.

    Args:
        graph: The graph.
        base: The severity where all is certain and an administration port is among the steps.
        longest: How many steps a way has at most.
    """
    tiers = tiers_of(graph)
    exposed = list(tiers.exposed(graph))
    # What the internet may reach itself: then nobody needs to get on to it.
    doubts = {id(t): own[0].causes for t, own in exposed if all(e.undecided for e in own)}
    for tier, entries in exposed:
        entry = entries[0]
        # Where an application's front alone is exposed, that it talks to its store is its service
        # (semantics.md, E, guard 11).
        handed = any_of(each.entrance.hands_on for each in entries)
        administered = any(_administers(each.entrance) for each in entries)
        begin = beginning(graph, entry)
        for chain in _chains(graph, tiers, tier, longest):
            counts, severity = handed, base if administered else lowered(base, 1)
            if any(step.kinds & {"all", "administration"} for step in chain):
                counts, severity = YES, base
            elif len(chain) > 1 or handed.truth is False or chain[0].kinds == {"service"}:
                continue  # each step is a service's own
            yield _verdict(entry, begin, chain, counts, severity, doubts)


def _verdict(
    entry: AttackEntry,
    begin: Beginning,
    chain: tuple[TierStep, ...],
    counts: Answer,
    base: Severity,
    doubts: Mapping[int, tuple[Unknown, ...]],
) -> Verdict:
    explained = [step.way.explain() for step in chain]
    open_ = [how for step, how in zip(chain, explained, strict=True) if step.way.truth is None]
    aside = [doubts[id(step.target)] for step in chain if id(step.target) in doubts]
    undecided = entry.undecided or bool(open_) or bool(aside) or counts.truth is None
    confidence = Confidence.LIKELY
    if not undecided:
        every = [entry.confidence, *(how.confidence for how in explained)]
        confidence = max(every, key=list(Confidence).index)
    elif open_ or counts.truth is None or entry.confidence is Confidence.POSSIBLE:
        confidence = Confidence.POSSIBLE
    inner = [hop for how in explained for hop in how.hops]
    causes: tuple[Unknown, ...] = (*counts.causes, *(entry.causes if entry.undecided else ()))
    causes += tuple(cause for how in open_ for cause in how.missing)
    causes += tuple(cause for own in aside for cause in own)
    verb = "may get" if undecided else "can get"
    way = ", then ".join(step.words for step in chain)
    return Verdict(
        subject=entry.resource,
        resource=begin.declaring,
        at=begin.place,
        message=f"anyone on the internet who takes over {entry.resource.address}"
        f" {verb} on to {way}",
        causes=tuple(dict.fromkeys(causes)),
        undecided=undecided,
        evidence=(
            *begin.evidence,
            *evidence_of(inner),
            *(() if undecided else in_turn(begin.changes, tuple(_edits(chain, inner)))),
        ),
        severity=_severity(entry, base, undecided=undecided),
        confidence=confidence,
        value=f"{begin.identity} to {way}",
        in_full=True,
    )


def _severity(entry: AttackEntry, base: Severity, *, undecided: bool) -> Severity:
    if entry.undecided:
        return entry.lowered(base)
    return lowered(base, 1) if undecided else base


def _edits(chain: tuple[TierStep, ...], hops: list[Hop]) -> Iterator[Evidence]:
    """What breaks the steps: the rules that let them in."""
    target = chain[-1].target
    for hop in reversed(hops):
        if hop.kind == "security group" and hop.origin != "default":
            what = f"admit only what {target.resource.address} serves, from its own clients"
            yield Evidence(hop.span, what, hop.resource.address)
            return


def _chains(
    graph: Graph, tiers: Tiers, start: Tier, longest: int
) -> Iterator[tuple[TierStep, ...]]:
    """The shortest chains of steps that end at what is not exposed itself, breadth first.

    A chain of more than one step ends at the data tier.
    """
    seen = {id(start)}
    waiting: list[tuple[TierStep, ...]] = [()]
    for length in range(1, longest + 1):
        further: list[tuple[TierStep, ...]] = []
        for chain in waiting:
            at = chain[-1].target if chain else start
            for target in tiers.onward(graph, at):
                step = None if id(target) in seen else tiers.step(graph, at, target)
                if step is None:
                    continue
                seen.add(id(target))
                longer = (*chain, step)
                if length == 1 or step.target.ports or "data" in step.kinds:
                    yield longer
                if not step.target.ports:
                    further.append(longer)
        waiting = further


def _administers(entrance: ExposedPorts) -> bool:
    ports = port_classes()["administration"].without(CONSOLE).ports(TCP)
    return entrance.hands_on.truth is True and entrance.ports(TCP).overlaps(ports)
