"""Whether the network ACLs between two subnets allow a flow and its answers.

Source: VPC User Guide, "Network ACLs"; semantics.md, B5 and C1 ("Lateral"). They are stateless: the
flow passes each by its own port, the answers by some port of the client's.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.network_acl import acl_filter, replies
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.verdicts.ways import Truth, judged
from iac_ec2lint.network.vpc.passages import somewhere
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.network.routing.crossings import AclPassage
    from iac_ec2lint.resources.part import Resource


@remembered
def acl_hops(
    graph: Graph,
    acl_passages: tuple[AclPassage, ...],
    port: tuple[int, int],
    answers: PortSet,
) -> tuple[Hop, ...]:
    """The hops of the network ACLs for a flow and its answers; computed once.

    Args:
        graph: The graph.
        acl_passages: The network ACLs, in order.
        port: The protocol and the port of the receiver. The client picks the one that it is
            answered on: one that all of them let through.
        answers: The ports that the client picks from.
    """
    return tuple(_acl_hops(graph, acl_passages, port, answers)) if acl_passages else ()


def _acl_hops(
    graph: Graph, acl_passages: Iterable[AclPassage], port: tuple[int, int], answers: PortSet
) -> Iterator[Hop]:
    common = answers
    back: list[Resource] = []
    silent = False
    for point in acl_passages:
        if point.answers and not answers:
            continue  # nothing answers, so that nothing must be let through
        wanted = answers if point.answers else PortSet(((port[1], port[1]),))
        found = [_passed(graph, point, one, port, wanted) for one in point.subnets]
        yield from _either(found)
        if point.answers:
            let = reduce(or_, (passed.ports for passed in found))
            silent = silent or not let  # its own hop reports that it allows no answer
            common &= let
            back += point.subnets
    if back and not common and not silent:
        names = " and ".join(dict.fromkeys(subnet.address for subnet in back))
        fact = f"the network ACLs of {names} have no client port in common to answer on"
        yield Hop("network ACL", back[0], back[0].span, fact, "default", verdict=False)


class _Passed(NamedTuple):
    """The decision of the network ACL of one subnet.

    Attributes:
        truth: Whether it allows all of the traffic; ``None``: it may allow some.
        hops: The evidence.
        ports: The ports on which it may allow something.
    """

    truth: Truth
    hops: tuple[Hop, ...]
    ports: PortSet


def _passed(
    graph: Graph, point: AclPassage, subnet: Resource, port: tuple[int, int], wanted: PortSet
) -> _Passed:
    remote, protocol = point.remote, port[0]
    ruled = acl_filter(graph, subnet, remote.family, point.direction)
    ports = ruled.traffic.upper.ports_open(protocol, remote.overlaps) & wanted
    if point.answers and point.direction == "egress":
        clients = replies(graph, subnet, remote.family, port, remote, wanted).clients
    else:
        clients = ruled.some_port(protocol, wanted, remote)
    truth: Truth = False
    if clients.addresses.lower.covers(remote):
        truth = True
    elif clients.addresses.upper.overlaps(remote):
        truth = None
    gap = somewhere(remote, subnet)
    hops = tuple(
        hop._replace(causes=(gap,)) if hop.verdict is None and not hop.causes else hop
        for hop in judged(clients.hops, truth)
    )
    return _Passed(truth, hops, ports)


def _either(found: Sequence[_Passed]) -> Iterator[Hop]:
    """The hops of the network ACLs of subnets of which one is passed, unknown which."""
    truths = {passed.truth for passed in found}
    for passed in found:
        for hop in passed.hops:
            if len(truths) == 1 or hop.verdict is None:
                yield hop
            else:
                reason = "which subnet of the transit gateway's attachment is passed is not known"
                gap = Unknown(reason, "computed", hop.span)
                yield hop._replace(verdict=None, causes=(gap,), origin="unknown")
