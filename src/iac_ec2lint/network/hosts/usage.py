"""Whether network ACLs guard subnets, and whether Elastic IP addresses are used.

What an output names, or a module that is not on the disk is handed, may be used by others
(semantics.md, B0), and so may an address that is named in a resource of a type that is not judged.

Source: VPC User Guide, "Network ACLs"; EC2 User Guide, "Elastic IP addresses".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.verdicts.conditional_presence import condition, doubts
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.resources.elastic_ip import ElasticIp, ElasticIpAssociation
from iac_ec2lint.resources.gateway import NatGateway
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.load_balancer import LoadBalancer
from iac_ec2lint.resources.network_acl import (
    NetworkAcl,
    NetworkAclAssociation,
    SeparateNetworkAclEntry,
)
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.prefix_list import PrefixList, SeparatePrefixListEntry
from iac_ec2lint.resources.provisioner import NullResource, provisioners
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.values import Answer, Unknown, any_of, exclude, references_of, walk_possible
from iac_ec2lint.values.known import USED_ELSEWHERE

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val

_ADDRESS_USERS = ("elastic_ip", "elastic_ips")
_SCRIPTED = ("user_data", "user_data_base64")
_KEY: Final = re.compile(r"\[[^\]]*\]")
_KNOWN_TO_NAME: Final = frozenset(
    name
    for kind in (
        # What is an edge of the graph where it uses the address ...
        ElasticIp,
        ElasticIpAssociation,
        LoadBalancer,
        NatGateway,
        # ... and what names its number and uses nothing.
        NetworkAcl,
        SeparateNetworkAclEntry,
        PrefixList,
        SeparatePrefixListEntry,
        SecurityGroup,
        SeparateSecurityGroupRule,
    )
    for name in (*kind.terraform, *kind.cloudformation)
) | {
    "output",  # a child module's: whoever takes it is followed
    "aws_route53_record",
    "aws_transfer_server",
    "AWS::Route53::RecordSet",
    "AWS::Route53::RecordSetGroup",
    "AWS::Transfer::Server",
}


def guards_subnet(graph: Graph, acl: NetworkAcl) -> Answer:
    """Whether a network ACL is that of any subnet."""
    of_associations = (
        edge
        for edge in graph.sources(acl, "network_acl")
        if isinstance(edge.source, NetworkAclAssociation)
    )
    loose = (
        edge
        for edge in graph.unresolved("network_acl")
        if isinstance(edge.source, NetworkAclAssociation)
    )
    users = (*graph.targets(acl, "subnets"), *of_associations)
    return any_of((_used(acl, users), *_perhaps(loose, acl), *_outside(graph, acl)))


def is_address_used(graph: Graph, address: ElasticIp) -> Answer:
    """Whether an Elastic IP address belongs to an instance, an interface, a gateway or the like."""
    own = (address.is_set("instance"), address.is_set("network_interface"))
    users = graph.sources(address, *_ADDRESS_USERS)
    loose = graph.unresolved(*_ADDRESS_USERS)
    return any_of(
        (
            *own,
            _used(address, users),
            *_perhaps(loose, address),
            *_outside(graph, address),
            *_by_others(graph, address),
        )
    )


def _by_others(graph: Graph, address: ElasticIp) -> Iterator[Answer]:
    """Whether a resource of a type that is not judged may use an address."""
    if _KEY.sub("", address.address) in _named_by_others(graph):
        reason = f"{address.address} is named in what is not judged, such as an output"
        gap = Unknown(reason, "may-attach", address.span)
        yield said_elsewhere(graph, USED_ELSEWHERE, address, gap, address.span)


def _used(resource: Resource, edges: Iterable[Edge]) -> Answer:
    """Whether one of some references is there wherever a resource is."""
    given = condition(resource.presence)
    answers = []
    for edge in edges:
        if not exclude(resource.presence.guard, edge.source.presence.guard):
            causes = doubts(edge, edge.source, given=given)
            answers.append(Answer(None if causes else True, causes))
    return any_of(answers)


def _perhaps(edges: Iterable[Edge], resource: Resource) -> Iterator[Answer]:
    """Whether references that lead to something unknown lead to a resource."""
    for edge in edges:
        reason = (
            edge.value.reason if isinstance(edge.value, Unknown) else "what it names is unknown"
        )
        words = f"{edge.source.address} may be for {resource.address}: {reason}"
        yield Answer(None, (Unknown(words, "may-attach", edge.value.span, edge.value.via),))


def _outside(graph: Graph, resource: Resource) -> Iterator[Answer]:
    """Whether something uses a resource that is not in the unit, or is not read: a script."""
    for cause in (unknown_module_cause(graph, resource), _named(graph).get(resource.address)):
        if cause is not None and isinstance(resource, ElasticIp):
            gap = cause.but(inputs=())  # one answer is enough
            yield said_elsewhere(graph, USED_ELSEWHERE, resource, gap, resource.span)
        elif cause is not None:
            yield Answer(None, (cause,))


@remembered
def _named_by_others(graph: Graph) -> frozenset[str]:
    return graph.unit.mentions(_KNOWN_TO_NAME) or frozenset()


@remembered
def _named(graph: Graph) -> dict[str, Unknown]:
    """The resources that outputs of the unit and scripts name, and why others may use them."""
    found: dict[str, Unknown] = {}
    for user, value in _naming(graph):
        for one in walk_possible(value):
            for reference in references_of(one):
                words = f"{user} names {reference.target}"
                found.setdefault(reference.target, Unknown(words, "may-attach", value.span))
    return found


def _naming(graph: Graph) -> Iterator[tuple[str, Val]]:
    for output in graph.all(Output):
        # What a module puts out is used in the unit, if at all.
        if output.value is not None and output.address.startswith(("output.", "Outputs.")):
            yield f"the output {output.address.partition('.')[2]}", output.value
    for launch in launches(graph):
        for field in _SCRIPTED:
            script = getattr(launch.settings, field)
            if script is not None:
                yield f"the user data of {launch.host.address}", script
    for resource in graph.all(Instance, NullResource):
        for provisioner in provisioners(resource):
            for script in (provisioner.command, provisioner.environment, *provisioner.inline):
                if script is not None:
                    yield f"a provisioner of {resource.address}", script
