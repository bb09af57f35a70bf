"""Verdicts on attack paths that begin where the internet gets in: what several checks share."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Self, TypeAlias

from iac_ec2lint.attack.entry.entries import AttackEntry, less_severe
from iac_ec2lint.attack.entry.facts import breaking, describe_open_ports, entry_facts
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.engine.judgement import contradicts_itself
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.reachability.exposed_ports import switch_of
from iac_ec2lint.network.sets.ports import ALL, ICMP, ICMPV6, NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import YES, Answer, Confidence

Key: TypeAlias = tuple[str, ...]


class WorstVerdicts:
    """The worst verdict for each key: a failure before what is undecided, then the more severe."""

    def __init__(self) -> None:
        self._found: dict[Key, Verdict] = {}

    def add(self, key: Key, verdict: Verdict) -> None:
        """Keep a verdict where it is worse than the one with its key, and may be so at all."""
        if contradicts_itself(verdict):
            return
        known = self._found.get(key)
        if known is None or _rank(verdict) < _rank(known):
            self._found[key] = verdict

    def add_any(self, verdicts: Iterable[tuple[Key, Verdict | None]]) -> Self:
        """Keep the worst of several, each with its key."""
        for key, verdict in verdicts:
            if verdict is not None:
                self.add(key, verdict)
        return self

    def may_improve(self, key: Key, entry: AttackEntry, answer: Answer, severity: Severity) -> bool:
        """Whether a verdict on a path would be kept.

        Args:
            key: Its key.
            entry: The beginning of the path.
            answer: Whether all beyond the entry holds.
            severity: Where all is certain.
        """
        known = self._found.get(key)
        undecided = entry.undecided or answer.truth is None
        return known is None or (undecided, entry.lowered(severity).rank) < _rank(known)

    def has_failure(self, key: Key) -> bool:
        """Whether the verdict with a key is a failure."""
        known = self._found.get(key)
        return known is not None and not known.undecided

    def __iter__(self) -> Iterator[Verdict]:
        return iter(self._found.values())


def _rank(verdict: Verdict) -> tuple[bool, int]:
    return verdict.undecided, 0 if verdict.severity is None else verdict.severity.rank


def confidence_of_presence(*resources: Resource) -> Confidence | None:
    """``conditional`` where one of the resources may be absent; ``None`` leaves it to the rest."""
    if all(resource.presence.certain for resource in resources):
        return None
    return Confidence.CONDITIONAL


def path_verdict(
    graph: Graph,
    entry: AttackEntry,
    message: str,
    answer: Answer,
    *,
    severity: Severity,
    hops: Sequence[Evidence],
    edits: Sequence[Evidence],
    target: str,
    ends: Sequence[str] = (),
    likely: bool = False,
    also: Sequence[Resource] = (),
    at: tuple[Place, Resource] | None = None,
    quotable: bool = True,
) -> Verdict:
    """The verdict on a path that begins at an entry.

    Args:
        graph: The graph.
        entry: The beginning.
        message: The outcome, with ``can`` of ``entry.answer & answer``.
        answer: Whether all beyond the entry holds.
        severity: Where all is certain.
        hops: What is beyond the entry, in order.
        edits: What breaks the path beyond the entry.
        target: What tells the end of the path from others.
        ends: See ``Verdict``.
        likely: Whether it is undecided in the metadata's default alone.
        also: Resources whose presence the path hangs on.
        at: The place to point at and what declares it, where that is not the way in.
        quotable: See ``Verdict``.
    """
    facts = entry_facts(graph, entry)
    place, declaring = (facts.place, facts.declaring) if at is None else at
    if answer.truth:
        place = _switched(entry, place)
    undecided = (entry.answer & answer).truth is None
    confidence: Confidence | None = entry.confidence
    level = entry.lowered(severity)
    if answer.truth is None:
        confidence = Confidence.LIKELY if likely else Confidence.POSSIBLE
        if likely:
            level = less_severe(level, 1)
    elif confidence is Confidence.PROVEN:
        confidence = confidence_of_presence(*also)
        if confidence is None and answer.assumptions:
            confidence = Confidence.ASSUMED
    return Verdict(
        subject=entry.resource,
        resource=declaring,
        at=place,
        message=message,
        causes=(*(entry.causes if entry.undecided else ()), *answer.causes) if undecided else (),
        undecided=undecided,
        # What may only be open is mended by saying what is not known, where it is no path.
        also=tuple(also),
        evidence=(
            *facts.evidence,
            *hops,
            *(breaking(facts.edits(edits)) if target or not undecided else ()),
        ),
        severity=level,
        confidence=confidence if confidence is not None else Confidence.PROVEN,
        assumptions=answer.assumptions,
        value=f"{target} {facts.identity}".lstrip(),
        ends=tuple(ends),
        in_full=True,
        quotable=quotable,
        of_strangers=True,
    )


def gain_verdict(
    subject: Resource,
    at: tuple[Place, Resource | None],
    message: str,
    answer: Answer,
    *,
    hops: Iterable[Evidence],
    edits: Iterable[Evidence],
    value: str,
    ends: Sequence[str] = (),
    severity: Severity | None = None,
    also: Sequence[Resource] = (),
    confidence: Confidence | None = None,
    quotable: bool = True,
) -> Verdict:
    """The verdict on what somebody gains, or gets on to, where ``path_verdict`` does not word it.

    Args:
        subject: Who, or what lets somebody in.
        at: The place to point at, and what declares it, where that is not the subject.
        message: The outcome, with ``can`` of the answer.
        answer: Whether all of it holds.
        hops: What says so, in order.
        edits: What breaks it.
        value: What tells it from others.
        ends: See ``Verdict``.
        severity: Where it is less than the check's.
        also: Resources whose presence it hangs on.
        confidence: What it rests on, where their presence does not say it.
        quotable: See ``Verdict``.
    """
    undecided = answer.truth is None
    return Verdict(
        subject=subject,
        resource=at[1],
        at=at[0],
        message=message,
        undecided=undecided,
        causes=tuple(dict.fromkeys(answer.causes)) if undecided else (),
        severity=severity,
        confidence=confidence or (None if undecided else confidence_of_presence(*also)),
        assumptions=answer.assumptions,
        also=tuple(also),
        evidence=(*hops, *breaking(edits)),
        value=value,
        ends=tuple(ends),
        in_full=True,
        quotable=quotable,
    )


def reach_verdict(
    graph: Graph,
    entry: AttackEntry,
    severity: Severity,
    what: str,
    *,
    further: Sequence[Evidence] = (),
    also: Answer = YES,
) -> Verdict:
    """The verdict that the internet reaches some ports of a workload.

    Args:
        graph: The graph.
        entry: The way in.
        severity: Where all is certain.
        what: What is reached, in words: ``tcp 22 (SSH) of aws_instance.web``.
        further: Hops beyond the entry.
        also: Whether what these say holds.
    """
    verb = "can reach" if (entry.answer & also).truth else "may reach"
    message = f"anyone on the internet {verb} {what}{via_words(entry)}{_all_open(entry)}"
    return path_verdict(
        graph, entry, message, also, severity=severity, hops=further, edits=(), target=""
    )


def via_words(entry: AttackEntry) -> str:
    """How an entry leads in, in words: through which load balancer."""
    return "" if entry.entrance.balancer is None else f" through {entry.entrance.via}"


def _all_open(entry: AttackEntry) -> str:
    """All ports that are open by the same way, in words, where some of them do not count."""
    if entry.ports.get(ALL, NO_PORTS).is_everything:
        return ""  # it is said already
    rest = entry.entrance.ports(ALL)
    opened: dict[int, PortSet] = {ALL: rest} if rest.is_everything else {}
    more = False
    for protocol in dict.fromkeys((TCP, UDP, *sorted(entry.entrance.distinct_protocols))):
        every = entry.entrance.ports(protocol)
        if every and protocol not in (ALL, ICMP, ICMPV6):
            opened[protocol] = every
            counted = entry.ports.get(protocol, entry.ports.get(ALL, NO_PORTS))
            more = more or bool(every - counted)
    if not more or entry.undecided:
        return ""
    return f" (open in all: {describe_open_ports(opened)})"


def _switched(entry: AttackEntry, place: Place) -> Place:
    """A place with what the path hangs on, where it is certain and the entry is conditional."""
    if entry.confidence is Confidence.CONDITIONAL and place.presence.certain:
        return place._replace(presence=switch_of(entry.reaches[0]))
    return place
