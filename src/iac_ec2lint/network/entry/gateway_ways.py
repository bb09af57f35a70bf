"""A way that begins at an internet gateway: to an interface of an instance, or of a load balancer.

Both are evaluated alike (semantics.md, B11 and C1). They differ in what gives them an address, in
what their groups admit, and in what else must exist.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Protocol

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.internet_paths import ClientQuery, InternetAdmission, InternetPath
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.sets.addresses import BROAD_SIZE, AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import CLIENT_PORTS, ICMP, ICMPV6, PortSet
from iac_ec2lint.network.verdicts.evidence import Clients, Fact, Hop
from iac_ec2lint.network.verdicts.ways import (
    DIRECT,
    Explanation,
    Truth,
    Way,
    conjunction,
    firmest,
    judged,
)
from iac_ec2lint.values import Confidence, Unknown


class WayIn(Way, Protocol):
    """A way to a listener of a load balancer, which may be continued to its targets.

    Attributes:
        preconditions: The hops for what else must exist (N0), in order.
    """

    preconditions: tuple[Hop, ...]

    @property
    def port(self) -> tuple[int, int]:
        """The protocol and the port."""

    @property
    def query(self) -> ClientQuery:
        """The clients in question."""

    @property
    def path(self) -> InternetPath:
        """The path from the internet to its subnet."""

    def enough(self, clients: Approximation[AddressSet]) -> Truth:
        """Whether clients are enough to say that it is open."""


class GatewayWay:
    """A way from the internet to one interface, for one port.

    Args:
        internet_admission: The clients that routes, network ACLs and groups admit.
        port: The protocol and the port.
        query: The clients in question.
        address: The hop for the interface's address (N1).
        preconditions: The hops for what else must exist (N0), in order.
        admitting: Makes the hops of the groups for the port, given whether they admit the clients.
        via: See ``Way``.
        looks_public: Whether the subnet's name hints that it is public.
        is_family_unused: Whether the family is not in use there.
        gap: Why the subnet is unknown; undecided hops then report only this cause.
    """

    __slots__ = (
        "_admitting",
        "_gap",
        "_idle",
        "_looks_public",
        "address",
        "internet_admission",
        "port",
        "preconditions",
        "query",
        "via",
    )

    def __init__(
        self,
        internet_admission: InternetAdmission,
        port: tuple[int, int],
        query: ClientQuery,
        address: Hop,
        preconditions: tuple[Hop, ...],
        admitting: Callable[[Truth], Iterator[Hop]],
        *,
        via: str = DIRECT,
        looks_public: bool = False,
        is_family_unused: bool = False,
        gap: Unknown | None = None,
    ) -> None:
        self.internet_admission = internet_admission
        self.port = port
        self.query = query
        self.address = address
        self.preconditions = preconditions
        self.via = via
        self._admitting = admitting
        self._looks_public = looks_public
        self._idle = is_family_unused
        self._gap = gap

    @property
    def family(self) -> Family:
        """See ``Way``."""
        return self.internet_admission.path.family

    @property
    def path(self) -> InternetPath:
        """See ``WayIn``."""
        return self.internet_admission.path

    @property
    def is_family_unused(self) -> bool:
        """See ``Way``."""
        return self._idle

    @property
    def is_secondary(self) -> bool:
        """See ``Way``."""
        return self.address.verdict is not True and self._passage.let_in is False

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``."""
        return self._passage.clients

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        known = conjunction(self._conditions())
        return False if known is False else conjunction((known, self._passage.through))

    def enough(self, clients: Approximation[AddressSet]) -> Truth:
        """See ``WayIn``."""
        return enough(clients, self.internet_admission.path, self.query)

    def explain(self) -> Explanation:
        """See ``Way``."""
        passage = self._passage
        admitting = tuple(self._admitting(passage.let_in))
        hops = (
            *self._placed(passage.before),
            self.address,
            *admitting,
            *self.preconditions,
            *self._placed(passage.after),
        )
        if passage.has_no_common_clients:
            hops = (*hops, no_common_clients_hop((*admitting, self.address)[0]))
        if self.truth is None:
            return Explanation(hops, self._confidence())
        return Explanation(hops, firmest(step for hop in hops for step in hop.assumptions))

    def _placed(self, hops: Iterable[Hop]) -> Iterator[Hop]:
        """Hops of the subnet; where the subnet is unknown, undecided ones have that cause alone."""
        for hop in hops:
            if self._gap is not None and hop.verdict is None:
                yield hop._replace(causes=(self._gap,))
            else:
                yield hop

    @property
    def _passage(self) -> GatewayPassage:
        return passage_of(self.internet_admission, self.port, self.query)

    def _conditions(self) -> Iterator[Truth]:
        path = self.internet_admission.path
        yield self.address.verdict
        for hop in self.preconditions:
            yield hop.verdict
        yield path.gateway.truth
        yield path.access.truth
        yield path.inspected.truth

    def _confidence(self) -> Confidence:
        """The confidence of an undecided way, by the table of semantics.md, C4."""
        path, passage = self.internet_admission.path, self._passage
        if passage.let_in is not True:
            return Confidence.POSSIBLE
        facts = (path.gateway.truth, path.access.truth, path.inspected.truth)
        sets = (passage.routes, passage.entered, passage.answered)
        if all((*facts, *sets, self.address.verdict)):
            certain = all(hop.kind != "placement" for hop in self.preconditions)
            return Confidence.CONDITIONAL if certain else Confidence.POSSIBLE
        causes = [cause.cause for hop in path.routes.hops for cause in hop.causes]
        if passage.routes is None and causes and all(cause == "may-attach" for cause in causes):
            return Confidence.POSSIBLE
        return (
            Confidence.LIKELY
            if self.address.verdict is True or self._looks_public
            else Confidence.POSSIBLE
        )


def no_common_clients_hop(at: Hop) -> Hop:
    """The hop that reports that each filter admits clients, but no client passes all of them.

    Args:
        at: One of the filters: a rule of a group where there is one.
    """
    fact = "no wide range of clients passes the routes, network ACLs and groups together"
    return Hop("clients", at.resource, at.span, fact, verdict=False, attribute=at.attribute)


class GatewayPassage:
    """The evaluation of an ``InternetAdmission`` on one port; shared by its interfaces.

    What only explanations tell is worked out when one is asked for.

    Attributes:
        clients: The clients that get through.
        let_in: Whether the clients that the groups admit are enough (N7).
        through: Whether the clients that pass routes, network ACLs and groups are enough.
    """

    def __init__(
        self, internet_admission: InternetAdmission, port: tuple[int, int], query: ClientQuery
    ) -> None:
        path = internet_admission.path
        self._path, self._port, self._query = path, port, query
        self._wanted = wanted = query.clients(path.public)
        self.clients = among(internet_admission.clients(*port), wanted)
        traffic = internet_admission.admission.traffic(path.family)
        admitted = Approximation(traffic.lower.sources(*port), traffic.upper.sources(*port))
        self.let_in = self._suffice(admitted)
        self.through = enough(self.clients, path, query)
        if self.let_in is None and are_few(internet_admission.admission, port, query, wanted):
            self.let_in = self.through = False

    def _suffice(self, some: Approximation[AddressSet]) -> Truth:
        return enough(among(some, self._wanted), self._path, self._query)

    @cached_property
    def routes(self) -> Truth:
        """Whether the clients that the routes answer are enough (N3)."""
        return self._suffice(self._path.routes.addresses)

    @cached_property
    def _inbound(self) -> Clients:
        return self._path.inbound.clients(*self._port, self._wanted)

    @cached_property
    def entered(self) -> Truth:
        """Whether the clients that the network ACL allows in are enough (N6)."""
        return self._suffice(self._inbound.addresses)

    @cached_property
    def answered(self) -> Truth:
        """Whether the clients that it allows answers to are enough (N8)."""
        return self._suffice(self._path.replies(*self._port).clients.addresses)

    @cached_property
    def before(self) -> tuple[Hop, ...]:
        """The hops up to the interface."""
        path = self._path
        return (
            *_of(path.gateway),
            *_of(path.access),
            *judged(path.routes.hops, self.routes),
            *_of(path.inspected),
            *judged(self._inbound.hops, self.entered),
        )

    @cached_property
    def after(self) -> tuple[Hop, ...]:
        """The hops of the answers."""
        answers = self._path.replies(*self._port)
        back = _answers(answers.clients.hops, answers.ports, self._port[0])
        return tuple(judged(back, self.answered))

    @property
    def has_no_common_clients(self) -> bool:
        """Whether each filter admits enough clients, but all together do not."""
        stages = (self.routes, self.entered, self.answered, self.let_in)
        return self.through is False and False not in stages


@remembered
def passage_of(
    internet_admission: InternetAdmission, port: tuple[int, int], query: ClientQuery
) -> GatewayPassage:
    """Evaluates an ``InternetAdmission`` on one port; computed once."""
    return GatewayPassage(internet_admission, port, query)


def are_few(
    admitted: Admission, port: tuple[int, int], query: ClientQuery, wanted: AddressSet
) -> bool:
    """Whether the clients that groups may admit are too few for the internet, whoever they are.

    Args:
        admitted: What the groups admit by addresses.
        port: The protocol and the port.
        query: The clients in question.
        wanted: The addresses of the internet.
    """
    if query.sources is not None or query.which is not None:
        return False
    most = admitted.most_clients(*port, wanted)
    return most is not None and most < BROAD_SIZE[wanted.family]


def enough(clients: Approximation[AddressSet], path: InternetPath, query: ClientQuery) -> Truth:
    """Whether clients are enough to call a resource at the end of a path reachable."""
    if query.enough(clients.lower, path.public):
        return True
    return None if query.perhaps(clients.upper, path.public) else False


def among(clients: Approximation[AddressSet], wanted: AddressSet) -> Approximation[AddressSet]:
    """Those of some clients that are wanted."""
    lower = clients.lower & wanted
    upper = lower if clients.upper is clients.lower else clients.upper & wanted
    return Approximation(lower, upper)


def _of(fact: Fact) -> Iterator[Hop]:
    return judged(fact.hops, fact.truth)


def _answers(hops: tuple[Hop, ...], ports: PortSet, protocol: int) -> Iterator[Hop]:
    """The hops of answers; the last says to which client ports they get where not to all."""
    narrow = bool(ports) and protocol not in (ICMP, ICMPV6) and not ports.covers(CLIENT_PORTS)
    for number, hop in enumerate(hops, 1):
        if narrow and number == len(hops):
            plural = "s" if ports.size > 1 else ""
            fact = f"{hop.fact}: it returns to client port{plural} {ports.describe()} only"
            yield hop._replace(fact=fact)
        else:
            yield hop
