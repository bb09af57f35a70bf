"""Verdicts about ports that security groups open to the internet: what several checks say alike."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from iac_ec2lint.attack.wording import join_words
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.exposure import Exposure, exposures, is_attached
from iac_ec2lint.network.reachability.open_rules import Consequence, consequence, misnamed_ports
from iac_ec2lint.network.sets.port_classes import PortClass, never_http
from iac_ec2lint.network.sets.ports import ALL, TCP, UDP, PortSet, describe_ports, protocol_name
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.values import Confidence, Step, Unknown, Value, inputs_in, when_of

_NAMED = 2
"""Inputs that a sentence names."""


def services_open_to_internet(
    graph: Graph, services: PortClass, lesser: PortClass | None = None
) -> Iterator[Verdict]:
    """A verdict for each rule, or rules together, that open a port of some services.

    Args:
        graph: The graph.
        services: The services, with their ports and protocols.
        lesser: Services that are of medium severity, where a rule opens nothing worse.
    """
    graded = [(services, None), *([] if lesser is None else [(lesser, Severity.MEDIUM)])]
    # Many rules open the same ports.
    known: dict[tuple[PortSet, PortSet], list[tuple[dict[int, PortSet], list[str]]]] = {}
    for exposure in exposures(graph):
        tcp, udp = exposure.on(TCP), exposure.on(UDP)
        if tcp.overlaps(never_http()):
            tcp -= misnamed_ports(graph, exposure.group).sure
        found = known.get((tcp, udp))
        if found is None:
            found = [_services(each, {TCP: tcp, UDP: udp}) for each, _ in graded]
            known[tcp, udp] = found
        worst: Verdict | None = None
        for (ports, words), (_, severity) in zip(found, graded, strict=True):
            if ports and (worst is None or worst.severity is Severity.LOW):
                plural = len(words) > 1
                made = exposure_verdict(
                    graph, exposure, join_words(words), ports, plural=plural, severity=severity
                )
                worst = made if worst is None or made.severity is not Severity.LOW else worst
        if worst is not None:
            yield worst


def _services(
    services: PortClass, opened: Mapping[int, PortSet]
) -> tuple[dict[int, PortSet], list[str]]:
    """The ports of services among those that are open, and the services in words."""
    places: dict[str, list[str]] = {}
    ports: dict[int, PortSet] = {}
    for protocol, every in opened.items():
        hit = every & services.ports(protocol)
        if not hit:
            continue
        ports[protocol] = hit
        for service in services.services_on(protocol, hit):
            place = describe_ports(protocol, hit & service.ports)
            places.setdefault(service.name, []).append(place)
    return ports, [f"{name} ({', '.join(where)})" for name, where in places.items()]


def ports_open_to_internet(
    graph: Graph,
    choose: Callable[[Exposure], Mapping[int, PortSet]],
    *,
    direction: Direction = "ingress",
    http: Callable[[Exposure], Mapping[int, PortSet]] | None = None,
) -> Iterator[Verdict]:
    """A verdict for each rule, or rules together, of which ``choose`` keeps some ports.

    Args:
        graph: The graph.
        choose: The ports that count, by protocol; empty where an exposure does not.
        direction: ``ingress``, or ``egress`` for destinations.
        http: Those that count if HTTP is spoken wherever it may be; where ``choose`` keeps none,
            they are undecided.
    """
    for exposure in exposures(graph, direction):
        ports = choose(exposure)
        doubts: tuple[Unknown, ...] = ()
        if http is not None and not any(ports.values()):
            ports = http(exposure)
            doubts = misnamed_ports(graph, exposure.group).causes
        if any(ports.values()):
            words = join_words(
                [describe_ports(protocol, kept) for protocol, kept in ports.items() if kept]
            )
            yield exposure_verdict(
                graph,
                exposure,
                words,
                ports,
                direction=direction,
                besides=", and HTTP may be spoken there" if doubts else "",
                doubts=doubts,
            )


def exposure_verdict(
    graph: Graph,
    exposure: Exposure,
    what: str,
    ports: Mapping[int, PortSet],
    *,
    plural: bool = False,
    direction: Direction = "ingress",
    severity: Severity | None = None,
    besides: str = "",
    doubts: tuple[Unknown, ...] = (),
) -> Verdict:
    """The verdict on one exposure.

    Its confidence is what reach says of all that has the group: ``possible`` where nothing has it.
    Where the internet provably reaches none of them, it is less severe and says what blocks
    (semantics.md, C4). Where the rule's own being there is undecided, that says more.

    Args:
        graph: The graph.
        exposure: The exposure.
        what: What is open, in words.
        ports: The ports that count, by protocol.
        plural: Whether ``what`` is several things.
        direction: ``ingress``, or ``egress`` for destinations.
        severity: Where something is reached, if that is less than the check's.
        besides: What bounds that, in words.
        doubts: Why it is not known whether these ports count, however open they are.
    """
    verb = "are" if plural else "is"
    undecided = bool(exposure.causes or doubts)
    whom = exposure.describe_addresses()
    where = "to" if direction == "ingress" else "towards"
    switched = next((read for read in exposure.rules if read.when), None)
    place = exposure.places[0]
    if switched is not None and not switched.rule.presence.certain:
        place = place._replace(presence=switched.rule.presence)
    firm = switched is None and exposure.group.presence.certain
    come = _comes_to(graph, exposure, ports, direction)
    if firm and not come.switch.certain:
        place = place._replace(presence=come.switch)
    reached = come.truth is not False or undecided
    because = besides if reached else _blocked(come.blockers)
    return Verdict(
        subject=exposure.group,
        resource=exposure.rule.resource,
        at=place,
        message=f"{what} may be open {where} the internet{_if_input(exposure)}"
        if exposure.causes
        else f"{what} {verb} open {where} {whom}{because}",
        causes=(*exposure.causes, *doubts),
        undecided=undecided,
        evidence=(*_others(exposure), *(() if reached else _evidence(come.blockers))),
        severity=severity if reached else Severity.LOW,
        # What the range itself rests on is the engine's to say.
        confidence=come.confidence
        if firm and not undecided and come.confidence is not Confidence.PROVEN
        else None,
        assumptions=come.assumptions if firm and not undecided else (),
        value=f"{_normalised(ports)} {whom}",
        kinds=frozenset(family.value for family in exposure.families),
        of_strangers=True,
    )


def if_holding(causes: Iterable[Unknown], what: str) -> str:
    """Which inputs would have to hold something, as the end of a sentence.

    Args:
        causes: What is unknown; all of it are values that may hold it.
        what: What they may hold, in words.

    Returns:
        Nothing where not all of them hang on inputs, or on too many to name. What a condition asks,
        or ``try`` for what it may not have, chooses among values and holds none of them, and so
        does a pseudo parameter.
    """
    causes = tuple(causes)
    keys = [one.key for one in inputs_in(causes) if not one.fact]
    chosen = any(key.startswith("AWS::") for key in keys) or any(
        when_of(arm) or (isinstance(arm, Value) and cause.cause != "parameter")
        for cause in causes
        for arm in cause.candidates
    )
    if chosen or not 0 < len(keys) <= _NAMED or not all(inputs_in((cause,)) for cause in causes):
        return ""
    return f" if {' or '.join(keys)} holds {what}"


def _if_input(exposure: Exposure) -> str:
    """The same of an exposure, where nothing but what its sources hold is unknown."""
    unknown = {id(one) for rule in exposure.rules for src in rule.sources for one in src.causes}
    if any(id(one) not in unknown for one in exposure.causes):
        return ""
    return if_holding(exposure.causes, "the internet")


def _comes_to(
    graph: Graph, exposure: Exposure, ports: Mapping[int, PortSet], direction: Direction
) -> Consequence:
    if direction == "ingress" and not exposure.causes:
        open_ = {p: own for p, own in ports.items() if own}
        return consequence(graph, exposure.group, open_, exposure.possible_families)
    attached = is_attached(graph, exposure.group)
    words = "what has the group has a way out" if attached else "something has the group"
    step = Step(exposure.group.span, words, assumed=True)
    confidence = Confidence.ASSUMED if attached else Confidence.POSSIBLE
    return Consequence(None, confidence, assumptions=(step,))


def _blocked(blockers: Sequence[Hop]) -> str:
    """What keeps the internet out, in words; what the groups themselves say is said already."""
    told = next((hop for hop in blockers if hop.kind != "security group"), None)
    return ", but nothing is reached" + (f": {told.fact}" if told is not None else "")


def _evidence(blockers: Sequence[Hop]) -> Iterator[Evidence]:
    return (Evidence(hop.span, hop.fact, hop.resource.address) for hop in blockers)


def describe_every_port(protocols: Collection[int]) -> str:
    """All ports of some protocols, in words."""
    if ALL in protocols:
        return "every port of every protocol"
    return (
        f"every port of {join_words([protocol_name(protocol) for protocol in sorted(protocols)])}"
    )


def _others(exposure: Exposure) -> tuple[Evidence, ...]:
    """The places that open the ports together with the first, and what prefix lists hold."""
    order = {place.span.key: index for index, place in enumerate(exposure.places)}
    found: list[tuple[int, Evidence]] = []
    for read in exposure.rules:
        for source in read.sources:
            index = order.get(source.place.span.key)
            if index is None:
                continue
            if index:
                words = f"{source.place.attribute} takes part"
                place = Evidence(source.place.span, words, read.resource.address)
                found.append((index, place))
            found.extend((index, Evidence(hop.span, hop.words)) for hop in source.hops)
    return tuple(dict.fromkeys(hop for _, hop in sorted(found, key=lambda each: each[0])))


def _normalised(ports: Mapping[int, PortSet]) -> str:
    return " ".join(
        f"{protocol_name(protocol)}:{kept.describe()}" for protocol, kept in sorted(ports.items())
    )
