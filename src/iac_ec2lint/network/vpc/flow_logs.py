"""Whether flow logs record the traffic of a VPC.

A flow log of the VPC does, and so do ones of all its subnets, or of all interfaces in these. One of
a transit gateway sees nothing of what stays within the VPC or goes to the internet.

Source: VPC User Guide, "Flow logs basics".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.verdicts.conditional_presence import Condition, condition, doubts
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.subnets import is_default_vpc, perhaps_of, same_vpc, subnets_of
from iac_ec2lint.resources.flow_log import FlowLog
from iac_ec2lint.resources.network_acl import NetworkAcl, NetworkAclAssociation
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.route import RouteTableAssociation
from iac_ec2lint.resources.subnet import Subnet, SubnetCidrBlock
from iac_ec2lint.values import NO, Answer, Step, Unknown, all_of, any_of
from iac_ec2lint.values.known import FLOW_LOGS_ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_WITHOUT_INTERFACES = (
    FlowLog,
    NetworkAcl,
    NetworkAclAssociation,
    RouteTableAssociation,
    SubnetCidrBlock,
)
"""What refers to a subnet and has no interface in it."""


class Recording(NamedTuple):
    """What is recorded of a VPC's traffic.

    Attributes:
        answer: Whether all of it is, rejected traffic included.
        logs: The flow logs of the VPC itself.
    """

    answer: Answer
    logs: tuple[FlowLog, ...]


@remembered
def recording(graph: Graph, vpc: Resource) -> Recording:
    """What flow logs record of the traffic of a VPC.

    Args:
        graph: The graph.
        vpc: A VPC, declared or looked up.
    """
    given = condition(vpc.presence)
    nodes = same_vpc(graph, vpc)
    logs = tuple(log for node in nodes for log in _logs_of(graph, node))
    answers = [_records(graph, node, given) for node in nodes]
    if not is_default_vpc(vpc):  # its other subnets are not here
        answers.append(_by_subnets(graph, vpc, given))
    answers += _perhaps(graph, vpc)
    answer = any_of(answers)
    if answer.truth is False:
        answer = Answer(False, (), tuple(_switched_off(graph)))
    return Recording(answer, logs)


def said_to_be_recorded(graph: Graph, vpc: Resource) -> Answer:
    """Whether somebody says that flow logs record the traffic of a VPC declared elsewhere."""
    words = f"the flow logs of {vpc.address}, which is declared elsewhere"
    if is_default_vpc(vpc):
        return Answer(None, (Unknown(words, "external-id", vpc.span),))
    return said_elsewhere(graph, FLOW_LOGS_ELSEWHERE, vpc, words, vpc.span)


def _switched_off(graph: Graph) -> Iterator[Step]:
    """The defaults that keep flow logs from being there: with others one may be the VPC's."""
    types = (*FlowLog.terraform, *FlowLog.cloudformation)
    for off in graph.unit.switched_off:
        if off.type in types:
            for default in off.inputs:
                words = f"the default of {default.name} switches {off.address} off"
                yield Step(default.span, words, assumed=True)


def _logs_of(graph: Graph, resource: Resource) -> Iterator[FlowLog]:
    for edge in graph.sources(resource, "recorded"):
        if isinstance(edge.source, FlowLog):
            yield edge.source


def _records(graph: Graph, resource: Resource, given: Condition) -> Answer:
    """Whether a flow log of one resource records its traffic.

    Where it stands for an unknown number of subnets, one flow log alone is that of one of them.
    """
    cause = resource.presence.cause if isinstance(resource, Subnet) else None
    answers = []
    for edge in graph.sources(resource, "recorded"):
        log = edge.source
        if isinstance(log, FlowLog):
            own = given if cause is None else condition(resource.presence)
            causes = doubts(edge, log, given=own)
            if cause is not None and log.presence.certain:
                causes = (*causes, cause)
            answers.append(Answer(None if causes else True, causes) & _is_enough(log))
    return any_of(answers)


def _is_enough(log: FlowLog) -> Answer:
    return log.records_rejected & log.delivers


def _by_subnets(graph: Graph, vpc: Resource, given: Condition) -> Answer:
    """Whether each subnet of a VPC is recorded; one without subnets is not."""
    subnets = subnets_of(graph, vpc)
    if not subnets or not any(graph.all(FlowLog)):
        return NO
    loose = (
        Answer(None, (edge.value,) if isinstance(edge.value, Unknown) else ())
        for edge in perhaps_of(graph, vpc, Subnet)
    )
    own = (
        _records(graph, subnet, given) | _by_interfaces(graph, subnet, given) for subnet in subnets
    )
    return all_of((*own, *loose))


def _by_interfaces(graph: Graph, subnet: Subnet, given: Condition) -> Answer:
    """Whether each interface in a subnet is recorded; nothing but what is declared may have one."""
    if not _are_interfaces_recorded(graph):
        return NO
    users = [
        edge.source
        for edge in graph.sources(subnet)
        if not isinstance(edge.source, _WITHOUT_INTERFACES)
    ]
    if not users or not all(isinstance(user, NetworkInterface) for user in users):
        return NO
    return all_of(_records(graph, user, given) for user in users)


@remembered
def _are_interfaces_recorded(graph: Graph) -> bool:
    return any(
        isinstance(edge.target, NetworkInterface)
        for log in graph.all(FlowLog)
        for edge in graph.targets(log, "recorded")
    )


def _perhaps(graph: Graph, vpc: Resource) -> Iterator[Answer]:
    """Whether a flow log of something unknown, or of a module that is not read, is the VPC's."""
    for edge in graph.unresolved("recorded"):
        if isinstance(edge.source, FlowLog):
            reason = edge.value.reason if isinstance(edge.value, Unknown) else "it is unknown whose"
            words = f"{edge.source.address} may be a flow log of {vpc.address}: {reason}"
            cause = Unknown(words, "may-attach", edge.value.span, edge.value.via)
            yield Answer(None, (cause,)) & _is_enough(edge.source)
    handed = unknown_module_cause(graph, vpc)
    if handed is not None:
        yield Answer(None, (handed,))
