"""Ways through the load balancer that Elastic Beanstalk makes for an environment's instances.

It listens for all the internet on the web's ports, and sends requests on to the process on each
instance, whose group lets it in. Source: AWS Elastic Beanstalk Developer Guide, "Load balancer for
your Elastic Beanstalk environment"; semantics.md, B10 and B11.
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.internet_paths import INTERNET, InternetPath, internet_path_of
from iac_ec2lint.network.entry.public_interfaces import launch_hops, presence_hops
from iac_ec2lint.network.hosts.workloads import Eni, Workload, placements_of
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.approximation import Approximation
from iac_ec2lint.network.sets.ports import TCP
from iac_ec2lint.network.verdicts.evidence import Fact, Hop, Origin
from iac_ec2lint.network.verdicts.ways import Explanation, Truth, conjunction, firmest, judged
from iac_ec2lint.resources.beanstalk_environment import BeanstalkEnvironment, BeanstalkSettings
from iac_ec2lint.values import NO, Answer, Confidence, Step, Unknown


class BeanstalkWay:
    """A way through such a load balancer to an instance.

    Args:
        path: The path from the internet to a subnet of the load balancer.
        front: The hop of the load balancer.
        port: The protocol and the port of the instance.
        preconditions: The hops for what must exist.
    """

    is_family_unused = False
    is_secondary = False
    family = Family.IPV4
    hands_on: Answer = NO

    def __init__(
        self,
        path: InternetPath,
        front: Hop,
        port: tuple[int, int],
        preconditions: tuple[Hop, ...],
    ) -> None:
        routes = path.routes
        reached = Fact(_reached(routes.addresses, path.public), routes.hops)
        self._facts = (path.gateway, path.access, reached, Fact(front.verdict, (front,)))
        self._preconditions = preconditions
        self.port = port
        self.via = f"the load balancer of {front.resource.address}"

    @property
    def clients(self) -> Approximation[AddressSet]:
        """See ``Way``."""
        return Approximation.at_most(AddressSet.everything(self.family))

    @property
    def truth(self) -> Truth:
        """See ``Way``."""
        own = conjunction(hop.verdict for hop in self._preconditions)
        return conjunction((own, *(fact.truth for fact in self._facts)))

    def explain(self) -> Explanation:
        """See ``Way``."""
        hops = [hop for fact in self._facts for hop in judged(fact.hops, fact.truth)]
        every = (*hops, *self._preconditions)
        steps = (step for hop in every for step in hop.assumptions)
        confidence = Confidence.POSSIBLE if self.truth is None else firmest(steps)
        return Explanation(every, confidence)


def beanstalk_ways(
    graph: Graph, workload: Workload, port: tuple[int, int]
) -> Iterator[BeanstalkWay]:
    """The ways to a workload on one of its ports through a load balancer of Elastic Beanstalk."""
    if not isinstance(workload.resource, BeanstalkEnvironment) or port not in _ports(workload):
        return
    for eni in workload.enis:
        front = _front(workload.resource, eni)
        if front is not None:
            preconditions = (*presence_hops(workload), *launch_hops(eni))
            for path in _paths(graph, eni):
                yield BeanstalkWay(path, front, port, preconditions)


def ports_of_beanstalk(workload: Workload) -> tuple[tuple[int, int, int], ...]:
    """The protocols and port ranges on which such a load balancer sends requests to a workload."""
    if not isinstance(workload.resource, BeanstalkEnvironment):
        return ()
    return tuple((protocol, port, port) for protocol, port in _ports(workload))


def _ports(workload: Workload) -> frozenset[tuple[int, int]]:
    """The port of the process; of one that is not known the web's stands for it."""
    found = set()
    for eni in workload.enis:
        if isinstance(eni.launch.settings, BeanstalkSettings):
            text = eni.launch.settings.process_port.text
            found.add((TCP, int(text) if text and text.isdecimal() else 80))
    return frozenset(found)


@remembered
def _paths(graph: Graph, eni: Eni) -> tuple[InternetPath, ...]:
    """The paths to the load balancer's subnets: those of the instances, if none are named."""
    edges = graph.follow(eni.host, eni.launch.settings, "balancer_subnet")
    edges = edges or graph.follow(eni.host, eni.launch.settings, "subnet")
    subnets = (placement.subnet for placement in placements_of(graph, eni.host, edges))
    return tuple(internet_path_of(graph, subnet, Family.IPV4) for subnet in dict.fromkeys(subnets))


def _front(host: BeanstalkEnvironment, eni: Eni) -> Hop | None:
    """The load balancer as a hop; ``None`` where there is none, or it faces no internet."""
    settings = eni.launch.settings
    if not isinstance(settings, BeanstalkSettings):
        return None
    faces = (
        ~settings.environment_type.equals("SingleInstance")
        & host.tier.equals("WebServer")
        & ~settings.balancer_scheme.equals("internal")
    )
    if faces.truth is False:
        return None
    span = settings.place("environment_type").span
    fact = f"Elastic Beanstalk makes a load balancer that leads to {host.address}"
    causes = [*(faces.causes if faces.truth is None else ())]
    if isinstance(settings.process_port, Unknown):
        causes.append(settings.process_port)
    told = settings.balancer_groups
    if told or settings.balancer_shared.is_true().may_be_true:
        at = told[0].span if told else settings.balancer_shared.span
        causes.append(Unknown("whom its load balancer lets in is not judged", "expression", at))
    step = Step(
        span, "its load balancer listens for all, as Elastic Beanstalk makes it", assumed=True
    )
    truth = None if causes else True
    origin: Origin = "unknown" if causes else "assumed"
    return Hop("listener", host, span, fact, origin, truth, tuple(causes), (step,))


def _reached(clients: Approximation[AddressSet], public: AddressSet) -> Truth:
    """Whether the answers to the internet go back the way that it comes by."""
    if INTERNET.enough(clients.lower, public):
        return True
    return None if INTERNET.perhaps(clients.upper, public) else False
