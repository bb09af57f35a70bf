"""Who a load balancer's listener forwards to: the interfaces behind it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.entry.listeners import places_of
from iac_ec2lint.network.hosts.balancers import (
    Balancer,
    BalancerListener,
    balancers,
    possible_ports,
)
from iac_ec2lint.network.hosts.elsewhere import targets_elsewhere
from iac_ec2lint.network.hosts.targets import BalancerTarget
from iac_ec2lint.network.hosts.workloads import (
    Eni,
    Workload,
    workloads,
)
from iac_ec2lint.network.hosts.written_addresses import written_of
from iac_ec2lint.network.vpc.subnets import vpc_of
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import YES, Answer, Reference, Unknown, Val


class Forwarding(NamedTuple):
    """A listener, and something that it forwards to.

    Attributes:
        balancer: The load balancer.
        listener: The listener.
        target: What it forwards to.
    """

    balancer: Balancer
    listener: BalancerListener
    target: BalancerTarget

    @property
    def port(self) -> Val:
        """The port of the target: its own, else the listener's."""
        return self.listener.port if self.target.port is None else self.target.port


class ForwardedInterface(NamedTuple):
    """A listener that forwards to an interface of a workload.

    Attributes:
        forwarding: The listener, and what it forwards to.
        eni: The interface of that.
    """

    forwarding: Forwarding
    eni: Eni

    @property
    def balancer(self) -> Balancer:
        """The load balancer."""
        return self.forwarding.balancer

    @property
    def listener(self) -> BalancerListener:
        """The listener."""
        return self.forwarding.listener

    @property
    def target(self) -> BalancerTarget:
        """What it forwards to."""
        return self.forwarding.target

    @property
    def port(self) -> Val:
        """The port of the target: its own, else the listener's."""
        return self.forwarding.port


def forwarded_interfaces(graph: Graph, workload: Workload) -> Sequence[ForwardedInterface]:
    """The listeners that forward to a workload."""
    aims = _aims(graph).get(workload.resource.address, ())
    own = {id(eni) for eni in workload.enis} if aims else set()
    return [aim for aim in aims if id(aim.eni) in own]


@remembered
def _aims(graph: Graph) -> dict[str, list[ForwardedInterface]]:
    aims: dict[str, list[ForwardedInterface]] = defaultdict(list)
    _interfaces(graph)  # a wrong address is an error also where no load balancer has a target
    for balancer in balancers(graph):
        vpcs = {vpc_of(graph, placement.subnet) for placement in places_of(graph, balancer)}
        for listener in balancer.listeners:
            unknown: set[object] = set()
            for target in listener.targets:
                if target.unknown is not None:
                    port = None if target.port is None else possible_ports(target.port)
                    if (target.group, port) in unknown:
                        continue  # nothing distinguishes one unknown target from another
                    unknown.add((target.group, port))
                for workload, eni, means_it in interfaces_of(graph, target):
                    if (
                        target.unknown is None
                        or _by_address(target)
                        or _may_be_in(graph, eni, vpcs)
                    ):
                        hop = target.hop
                        meant = target._replace(
                            hop=hop.in_doubt(*means_it.causes) if means_it.causes else hop
                        )
                        aim = ForwardedInterface(Forwarding(balancer, listener, meant), eni)
                        aims[workload.resource.address].append(aim)
    return aims


def _by_address(target: BalancerTarget) -> bool:
    """Whether a target may be registered by its address, and so stand in another VPC."""
    return target.group is not None and target.group.target_type.equals("ip").may_be_true


def _may_be_in(graph: Graph, eni: Eni, vpcs: set[Resource | None]) -> bool:
    """Whether an interface may stand in one of some VPCs: all of them declared, or not."""
    own = vpc_of(graph, eni.placement.subnet)
    return own in vpcs or not all(isinstance(vpc, Vpc) for vpc in (own, *vpcs))


def interfaces_of(graph: Graph, target: BalancerTarget) -> Sequence[tuple[Workload, Eni, Answer]]:
    """The interfaces of workloads that a target of a load balancer is, or may be.

    Each comes with whether what the target names is that interface: an instance stands for its
    first one.
    """
    found = _interfaces(graph)
    if target.node is not None:
        return found.get(target.node, ())
    if target.unknown is not None or not target.address:
        return found.get(_ANY_ADDRESS if _by_address(target) else _ANY_HOST, ())
    return (*found.get(target.address, ()), *found.get(_UNKNOWN_ADDRESS, ()))


@remembered
def addresses_elsewhere(graph: Graph) -> frozenset[str]:
    """The addresses of the workloads behind load balancers that are declared elsewhere."""
    return frozenset(
        workload.resource.address
        for elsewhere in targets_elsewhere(graph)
        for workload, _, _ in interfaces_of(graph, elsewhere.target)
    )


@remembered
def _interfaces(graph: Graph) -> dict[object, list[tuple[Workload, Eni, Answer]]]:
    """The interfaces of workloads by what targets name, or may."""
    made: dict[object, list[tuple[Workload, Eni, Answer]]] = defaultdict(list)
    for workload in workloads(graph):
        for eni in workload.enis:
            if eni.interface.declared is not None:
                made[eni.interface.declared].append((workload, eni, YES))
            if eni.interface.primary.may_be_true:
                made[workload.resource].append((workload, eni, eni.interface.primary))
                made[_ANY_HOST].append((workload, eni, eni.interface.primary))
            for address, means_it in _private_ips(eni):
                made[address].append((workload, eni, means_it))
            made[_ANY_ADDRESS].append((workload, eni, YES))
    return dict(made)


_ANY_HOST: Final = ("host",)
"""In place of an instance that is not known."""
_ANY_ADDRESS: Final = ("address",)
"""In place of an address that is not known."""
_UNKNOWN_ADDRESS: Final = None
"""In place of the address of an interface for which one is written that is not known."""


def _private_ips(eni: Eni) -> Iterator[tuple[str | None, Answer]]:
    """The private addresses that are written for an interface, each with whether it is that."""
    for written in written_of(eni):
        for address in written.ipv4:
            if address.text is not None:
                yield address.text, YES
            elif isinstance(address, Unknown) and not isinstance(address, Reference):
                yield _UNKNOWN_ADDRESS, Answer(None, (address,))
