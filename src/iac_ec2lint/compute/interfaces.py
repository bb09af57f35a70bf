"""The network interfaces of instances, and the security groups and subnets on them.

With an interface declared on its own in place of the first one, that interface's groups and subnet
count and not the instance's (semantics.md, B7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.declaration import UnknownSection
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.batch_compute_environment import BatchComputeEnvironment
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_settings import LaunchInterface, LaunchSettings
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.network_interface import (
    InterfaceAttachment,
    NetworkInterface,
    NetworkInterfaceAttachment,
    NetworkInterfaceGroup,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of
from iac_ec2lint.values.inputs import input_of_default

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Part, Resource
    from iac_ec2lint.values import Val


_OF_ONE_INTERFACE: Final = ("associate_public_ip_address", "security_groups", "subnet")
"""What settings say of the only interface, where none is written as a block of its own."""
_IN_ONE_SUBNET: Final = (LaunchInterface, LaunchSettings)
_IN_NAMED_SUBNETS: Final = (BatchComputeEnvironment, EksNodeGroup)
"""What cannot be made without subnets, and so never is in a default one that it does not name."""


class HostInterface(NamedTuple):
    """A network interface that a host's instances have.

    Attributes:
        launch: The launch that it belongs to.
        part: Where it is written: a block, the host's own settings, or the interface's resource.
        declared: The interface declared on its own that it is, if it is one.
        device_index: Its index; ``None`` where it is not said. The first has 0.
        primary: Whether it is the first one: the only one is.
        security_groups: What its groups come to; none means the VPC's default group.
        subnets: What it may stand in; none means a default subnet of the default VPC.
        associate_public_ip_address: What is said of it; ``None``: its subnet decides.
        attached: Whether it is this host's, or may be another's.
    """

    launch: Launch
    part: Part
    declared: NetworkInterface | None
    device_index: Val | None
    primary: Answer
    security_groups: tuple[Edge, ...]
    subnets: tuple[Edge, ...]
    associate_public_ip_address: Val | None
    attached: Answer = YES


@remembered
def interfaces(graph: Graph, launch: Launch) -> tuple[HostInterface, ...]:
    """The interfaces that a launch gives each instance, and those that are attached to it."""
    written = () if _said_by_host(launch) else launch.settings.network_interfaces
    found = [_written(graph, launch, part, written) for part in written]
    if not found:
        found.append(_of_settings(graph, launch))
    named = {interface.declared for interface in found}
    for interface, index, attached in _attached(graph, launch.host):
        if interface not in named:
            one = _declared(graph, launch, interface, index, primary=NO)
            found.append(one._replace(attached=attached))
    return tuple(found)


def unwritten_interface(graph: Graph, launch: Launch) -> HostInterface | None:
    """The interface that an instance has where none of those that are written is there.

    ``None`` where one is sure to be there. It has what the launch says beside its interfaces.
    """
    written = () if _said_by_host(launch) else launch.settings.network_interfaces
    # What has the presence of the template that it stands in is there wherever that is.
    whole = [layer.section.presence for layer in launch.settings.layers]
    causes = tuple(
        part.presence.cause
        for part in written
        if part.presence.cause is not None and not any(part.presence is one for one in whole)
    )
    if not written or len(causes) < len(written):
        return None
    return _of_settings(graph, launch)._replace(attached=Answer(None, causes))


def _of_settings(graph: Graph, launch: Launch) -> HostInterface:
    groups = graph.follow(launch.host, launch.settings, "security_groups")
    more = _more_groups(graph, _primary(graph, launch.host))
    return HostInterface(
        launch,
        launch.settings,
        None,
        None,
        primary=YES,
        security_groups=(*groups, *more),
        subnets=placement(graph, launch),
        associate_public_ip_address=launch.settings.associate_public_ip_address,
    )


def _said_by_host(launch: Launch) -> bool:
    """Whether the host says what only an interface that its template does not write can have.

    EC2 refuses a subnet, groups or a public address of the instance beside interfaces of its
    launch template: of a template that is declared elsewhere, such an instance launches with none.
    """
    written = launch.settings.network_interfaces
    if not written or not isinstance(launch.host, Instance):
        return False
    if not all(isinstance(part.layers[0].section, UnknownSection) for part in written):
        return False
    own = launch.host.layers
    return any(launch.settings.decides(name) in own for name in _OF_ONE_INTERFACE)


def placement(graph: Graph, launch: Launch) -> tuple[Edge, ...]:
    """The subnets that a launch puts its instances into; none means the default VPC's."""
    host = launch.host
    if isinstance(host, AutoScalingGroup | ManagedHost) and host.subnets:
        return graph.targets(host, "subnets")
    return graph.follow(host, launch.settings, "subnet")


def unplaced(host: Resource, part: Part) -> Unknown | None:
    """Why nobody knows where a host launches: the input that has its subnets has none as yet.

    A group needs Availability Zones or subnets, so that one is given before it is made (Auto
    Scaling API Reference, CreateAutoScalingGroup); node groups and compute environments need
    subnets (EKS API Reference, CreateNodegroup; Batch API Reference, ComputeResource). An empty id
    in a template is sent to EC2, which finds no such subnet (EC2 API Reference, "Error codes",
    InvalidSubnetID.NotFound); Terraform leaves it out.

    Args:
        host: The host, of which no subnet is known.
        part: What has the settings of its interface.
    """
    if isinstance(host, AutoScalingGroup):
        if host.subnets or host.availability_zones or host.source_instance is not None:
            return None
        emptied = host.removed("subnets")
        span = emptied[0].span if emptied else None
        lacks = "neither subnets nor Availability Zones, of which it needs one"
    elif isinstance(host, _IN_NAMED_SUBNETS):
        emptied = host.removed("subnets")
        span = emptied[0].span if emptied else host.span
        lacks = "no subnets, which it needs"
    elif host.declared.of_cloudformation and isinstance(part, _IN_ONE_SUBNET):
        return _left_empty(host, part)
    else:
        return None
    if span is None:
        return None
    return Unknown(f"{host.address} is given {lacks}", "external-id", span)


def _left_empty(host: Resource, part: Part) -> Unknown | None:
    """Why nobody knows the subnet of what is given an empty text for it, perhaps by a default."""
    for section, steps in part.written_at("subnet"):
        value = section.get(str(steps[-1]))
        if value is None or value.text != "":
            continue
        words = f"{host.address} is given an empty text for its subnet"
        for step in value.via:
            left = input_of_default(step)
            if left is not None:
                words = f"{words}, the {step.words}"
                return Unknown(words, "external-id", value.span, inputs=(left,))
        return Unknown(words, "external-id", value.span)
    return None


def _written(
    graph: Graph, launch: Launch, part: LaunchInterface, written: Sequence[LaunchInterface]
) -> HostInterface:
    host = launch.host
    count = len(written)
    index = part.device_index
    primary = _is_first(part, written)
    perhaps = primary.may_be_true
    if part.network_interface is not None:
        for edge in graph.follow(host, part, "network_interface"):
            if isinstance(edge.target, NetworkInterface) and edge.certain:
                return _declared(graph, launch, edge.target, index, primary=primary)
    # What a service is told goes before what the interface of its template says (AWS Batch API
    # Reference, ``LaunchTemplateSpecification``).
    groups = () if _named_by_service(launch) else graph.follow(host, part, "security_groups")
    if not groups:
        groups = graph.follow(host, launch.settings, "security_groups")
    subnets = placement(graph, launch) if perhaps or count == 1 else ()
    if not subnets or not isinstance(host, AutoScalingGroup | ManagedHost):
        subnets = graph.follow(host, part, "subnet") or placement(graph, launch)
    public = part.associate_public_ip_address
    if public is None and perhaps:
        public = launch.settings.associate_public_ip_address
    if part.network_interface is not None and not isinstance(host, ManagedHost):
        # An interface declared elsewhere: its own groups and subnet count, and nobody knows them.
        groups = subnets = graph.follow(host, part, "network_interface")
    return HostInterface(launch, part, None, index, primary, groups, subnets, public)


def _named_by_service(launch: Launch) -> bool:
    """Whether a service is told of the groups itself, beside its template."""
    return isinstance(launch.host, ManagedHost) and (
        launch.settings.decides("security_groups") in launch.host.layers
    )


def _is_first(part: LaunchInterface, written: Sequence[LaunchInterface]) -> Answer:
    """Whether a written interface has the index 0, or none says that and it has no index."""
    if part.device_index is not None:
        return part.device_index.equals(0)
    others = [one.device_index for one in written if one is not part]
    return ~any_of(index.equals(0) for index in others if index is not None)


def _declared(
    graph: Graph, launch: Launch, interface: NetworkInterface, index: Val | None, *, primary: Answer
) -> HostInterface:
    groups = (*graph.targets(interface, "security_groups"), *_more_groups(graph, (interface,)))
    subnets = graph.targets(interface, "subnet")
    return HostInterface(launch, interface, interface, index, primary, groups, subnets, None)


def _primary(graph: Graph, host: Resource) -> tuple[Resource, ...]:
    """The first interface of an instance as groups are given to it, if any is."""
    if not isinstance(host, Instance) or host.declared.of_cloudformation:
        return ()
    if not graph.has(NetworkInterfaceGroup):
        return ()
    return (graph.implicit(host, "primary network interface"),)


def _more_groups(graph: Graph, interfaces: tuple[Resource, ...]) -> Iterator[Edge]:
    for interface in interfaces:
        for edge in graph.sources(interface, "network_interface"):
            if isinstance(edge.source, NetworkInterfaceGroup):
                yield from graph.targets(edge.source, "security_group")


def _attached(
    graph: Graph, host: Resource
) -> Iterator[tuple[NetworkInterface, Val | None, Answer]]:
    """The interfaces that are attached to a host, or may be, each with its index."""
    for edge in graph.sources(host, "instance"):
        part = edge.part
        if isinstance(edge.source, NetworkInterface):
            index = part.device_index if isinstance(part, InterfaceAttachment) else None
            yield edge.source, index, edge.answer
        elif isinstance(edge.source, NetworkInterfaceAttachment):
            for to in graph.targets(edge.source, "network_interface"):
                if isinstance(to.target, NetworkInterface):
                    yield to.target, edge.source.device_index, edge.answer & to.answer
