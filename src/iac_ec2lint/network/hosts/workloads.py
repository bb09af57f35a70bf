"""Workloads: what runs instances, and their interfaces in each subnet that they may be in.

An Auto Scaling group, a fleet or a node group is one workload with an interface for each subnet
that its instances may be launched into (semantics.md, B6, B7 and B10). A launch template that
nothing in the unit uses is one too, for what may be launched from it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from iac_ec2lint.compute.interfaces import (
    HostInterface,
    interfaces,
    unplaced,
    unwritten_interface,
)
from iac_ec2lint.compute.launch.launches import Launch, launches
from iac_ec2lint.compute.launch.running import running, runs
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Implicit, external, implicit
from iac_ec2lint.network.filters.attached_rules import AttachedGroup, attached_groups
from iac_ec2lint.network.filters.group_rules import is_default_group
from iac_ec2lint.network.hosts.emr_public_access import LAUNCHED, is_launched
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.network.vpc.subnets import default_subnet, is_default_vpc, vpc_of
from iac_ec2lint.resources.data_source import SecurityGroupDataSource, VpcDataSource
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.emr_cluster import EmrCluster
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.service_interfaces import CLUSTER_GROUP, EksCluster
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, Answer, Input, Unknown, Val
from iac_ec2lint.values.inputs import named_by

_DEFAULT: Final = "default security group"
_UNUSED: Final = "nothing in the unit launches from it"


class Placement(NamedTuple):
    """The subnet of an interface.

    Attributes:
        subnet: The subnet; ``default_subnet`` where none is named; an external node where it is
            unknown.
        certain: Whether the interface is certainly in it, given that the interface exists.
        span: Where the subnet is named; where none is named, the workload's span.
        value: The value that refers to it; ``None`` where none is named.
        unknown: Whether it is unknown which subnet it is.
        doubts: Why it is not certain that the interface is in it.
    """

    subnet: Resource
    certain: bool
    span: Span
    value: Val | None = None
    unknown: bool = False
    doubts: tuple[Unknown, ...] = ()

    @property
    def gap(self) -> Unknown | None:
        """Why it is unknown which subnet it is; ``None`` where it is known.

        To know its id decides nothing: whether it is private is asked of what an input names.
        """
        if not self.unknown or not isinstance(self.value, Unknown):
            return None
        named = named_by(self.value)
        if not named:
            return self.value
        return self.value.but(inputs=(Input(named, self.span, "private-subnets"),))


class Eni(NamedTuple):
    """A network interface of a workload in one of the subnets that it may be in.

    Attributes:
        host: The workload's resource.
        launch: The launch that makes it.
        interface: Its settings, and where they are written.
        placement: Its subnet.
        groups: The security groups that are attached to it.
        first: Whether it is the one that the instance is launched with, and that one is made then.
        several: Whether instances are launched with more than one.
    """

    host: Resource
    launch: Launch
    interface: HostInterface
    placement: Placement
    groups: tuple[AttachedGroup, ...]
    first: Answer
    several: Answer

    def __hash__(self) -> int:
        return hash((self.host, self.interface.part, self.placement.subnet))

    @property
    def part(self) -> Part:
        """Where it is written: a block, the host's settings, or the interface's own resource."""
        return self.interface.part

    @property
    def name(self) -> str:
        """What messages call it: the interface where it has a name of its own, else the host."""
        declared = self.interface.declared
        return self.host.address if declared is None else declared.address

    @property
    def resource(self) -> Resource:
        """The resource that it is written in: the interface's own, the template's, the host's."""
        if self.interface.declared is not None:
            return self.interface.declared
        if self.part is self.launch.settings:
            return self.host
        layer = self.part.layers[0] if self.part.layers else None
        return self.launch.resource_of(layer) if layer is not None else self.host


class Workload(NamedTuple):
    """Something that has instances, and the interfaces of these.

    Attributes:
        resource: The instance, group, fleet or node group, or the template that nothing uses.
        exists: Whether it has instances at all (semantics.md, C1, N0).
        why: What ``exists`` rests on where it is not simply true, in words.
        enis: Its interfaces, one for each subnet.
        origin: What these instances are launched from, where others of the host's are launched
            from something else; see ``origin_of``.
    """

    resource: Resource
    exists: Answer
    why: str
    enis: tuple[Eni, ...]
    origin: Part | None = None

    def __hash__(self) -> int:
        return hash((self.resource, self.origin))


@remembered
def workloads(graph: Graph) -> tuple[Workload, ...]:
    """The workloads of a unit, by address.

    Launch templates and configurations are judged by what is launched from them. One that nothing
    uses is a workload itself, and the subnet of what is launched from it is unknown.
    """
    by_host: dict[Resource, list[Launch]] = {}
    for launch in launches(graph):
        if not launch.unused or _is_blueprint(graph, launch):
            by_host.setdefault(launch.host, []).append(launch)
    made = (_workload(graph, host, ways) for host, ways in by_host.items())
    return tuple(sorted(made, key=lambda w: w.resource.address))


@remembered
def workloads_by_host(graph: Graph) -> dict[Resource, Workload]:
    """The workloads of a unit, by what declares them."""
    return {workload.resource: workload for workload in workloads(graph)}


def origin_of(launch: Launch) -> Part:
    """What tells the instances of one launch from those of others: the template, else all of it.

    What a fleet or a group lays over a template changes neither groups nor role nor metadata.
    """
    return launch.part if launch.template is None else launch.template


def parts_of(workload: Workload) -> tuple[Workload, ...]:
    """A workload for each thing that its instances are launched from: itself where that is one.

    A fact about instances from one template and a fact about those from another do not combine
    into one path.
    """
    by_origin: dict[Part, list[Eni]] = {}
    for eni in workload.enis:
        by_origin.setdefault(origin_of(eni.launch), []).append(eni)
    if len(by_origin) < 2:
        return (workload,)
    return tuple(
        workload._replace(enis=tuple(enis), origin=origin) for origin, enis in by_origin.items()
    )


def carrying(workload: Workload, group: Resource) -> Iterator[tuple[Workload, bool]]:
    """A workload with those of its interfaces alone that carry a group, and those that may.

    What reaches a host by another interface says nothing of a group that this one does not carry.

    Yields:
        The workload with some of its interfaces, and whether these certainly carry the group.
    """
    found: dict[bool, list[Eni]] = {}
    for eni in workload.enis:
        own = [each for each in eni.groups if each.group is group or each.group is None]
        if own:
            found.setdefault(any(each.certain for each in own), []).append(eni)
    for certain, enis in found.items():
        whole = len(enis) == len(workload.enis)
        yield workload if whole else workload._replace(enis=tuple(enis)), certain


def _workload(graph: Graph, host: Resource, ways: list[Launch]) -> Workload:
    enis = tuple(eni for launch in ways for eni in _enis(graph, launch))
    exists, why = _exists(graph, host)
    if isinstance(host, EmrCluster):
        exists, why = exists & is_launched(graph, host), why or LAUNCHED
    if is_unused(host):
        gaps = (eni.placement.gap for eni in enis if eni.placement.gap is not None)
        gap = next(gaps, Unknown(_UNUSED, "external-id", host.span))
        why = why or "something is launched from it"
        return Workload(host, exists & Answer(None, (gap,)), why, enis)
    return Workload(host, exists, why, enis)


def is_unused(host: Resource) -> bool:
    """Whether a workload is a template or configuration, from which nothing is launched here."""
    return isinstance(host, LaunchTemplate | LaunchConfiguration)


def _is_blueprint(graph: Graph, launch: Launch) -> bool:
    """Whether it is certain that nothing in the unit names an unused template or configuration."""
    host, relation = launch.host, "launch_template"
    if isinstance(host, LaunchConfiguration):
        relation = "launch_configuration"
    named = graph.sources(host, relation) or graph.unresolved(relation)
    return not named and unknown_module_cause(graph, host) is None


def _exists(graph: Graph, host: Resource) -> tuple[Answer, str]:
    answer = runs(graph, host)
    presence = host.presence
    if answer.truth is False:
        return answer, "it is declared with no instances"
    if presence.cause is not None:
        return Answer(None, (presence.cause,)) & answer, presence.when or presence.cause.reason
    there = Answer(True, (), presence.assumptions)
    return there & answer, "" if answer.truth else running(graph, host).when


def _enis(graph: Graph, launch: Launch) -> Iterator[Eni]:
    found = interfaces(graph, launch)
    several = _several([one.part for one in found if one.declared is None])
    unwritten = unwritten_interface(graph, launch)
    for one in found if unwritten is None else (*found, unwritten):
        first = one.primary if one.declared is None else NO
        gap = None if one.subnets else unplaced(launch.host, one.part)
        if gap is None and launch.unused and not one.subnets:
            reason = f"{_UNUSED}: its subnet is not known"
            gap = Unknown(reason, "external-id", launch.host.span)
        placed = (
            placements_of(graph, launch.host, one.subnets)
            if gap is None
            else (_unknown_placement(launch.host, gap),)
        )
        for placement in placed:
            groups = attached_groups(one.security_groups)
            if not groups and isinstance(launch.host, EksNodeGroup):
                groups = _cluster_groups(graph, launch.host)
            elif not _gives_groups(launch.host):
                groups = carried_groups(graph, one.security_groups, placement)
            together = NO if one is unwritten else several
            yield Eni(launch.host, launch, one, placement, groups, first, together)


def _gives_groups(host: Resource) -> bool:
    """Whether a service gives a host's instances a group of its own where none is named."""
    return isinstance(host, ManagedHost) and bool(host.own_group)


def _several(made: list[Part]) -> Answer:
    """Whether more than one of the interfaces that a launch writes is there."""
    perhaps = [part.presence for part in made if part.presence.cause is not None]
    certain = len(made) - len(perhaps)
    if certain > 1 or len(made) < 2:
        return Answer(certain > 1)
    causes = tuple(dict.fromkeys(one.cause for one in perhaps if one.cause is not None))
    alternatives = len({one.when for one in perhaps}) == len(perhaps) and len(causes) == 1
    return NO if alternatives and not certain else Answer(None, causes)


def _unknown_placement(host: Resource, gap: Unknown) -> Placement:
    """The placement of what is launched where nobody says: from a template that nothing uses."""
    subnet = external(f"the subnet of {host.address}", None, host.span, gap.reason)
    return Placement(subnet, certain=True, span=host.span, value=gap, unknown=True)


def placements_of(graph: Graph, host: Resource, subnets: tuple[Edge, ...]) -> Iterator[Placement]:
    """The subnets that edges refer to; without edges, a default subnet of the default VPC.

    Args:
        graph: The graph.
        host: The resource that is placed in them.
        subnets: The edges.
    """
    if not subnets:
        yield Placement(default_subnet(graph, host), certain=True, span=host.span)
    # Of several subnets each gets instances: a group spreads over them, but EMR chooses one.
    chosen = len(subnets) > 1 and isinstance(host, EmrCluster)
    for edge in subnets:
        value = edge.value
        if edge.target is not None and chosen:
            words = f"EMR chooses one of the subnets of {host.address}"
            choice = Unknown(words, "computed", value.span, value.via)
            yield Placement(edge.target, False, value.span, choice, doubts=(choice,))
            continue
        if edge.target is not None:
            doubts = edge.answer.causes
            yield Placement(edge.target, edge.certain, value.span, value, doubts=doubts)
            continue
        name = f"the subnet of {host.address}"
        # Its name is known of a group of subnets, and no more.
        words = f"{name} is not in the source"
        gap = value if isinstance(value, Unknown) else Unknown(words, "external-id", value.span)
        subnet = external(name, None, value.span, gap.reason, named_by(value))
        yield Placement(subnet, certain=True, span=value.span, value=gap, unknown=True)


def _cluster_groups(graph: Graph, host: EksNodeGroup) -> tuple[AttachedGroup, ...]:
    """The group that EKS gives to nodes for which none is named: the cluster's own.

    Empty where the cluster is declared elsewhere: that group admits itself alone.
    """
    return tuple(
        AttachedGroup(
            graph.implicit(edge.target, CLUSTER_GROUP),
            edge.certain,
            None if edge.certain else edge.value,
        )
        for edge in graph.targets(host, "cluster")
        if isinstance(edge.target, EksCluster)
    )


def default_groups(graph: Graph, placement: Placement) -> tuple[AttachedGroup, ...]:
    """The groups of an interface for which none is named: its VPC's default group."""
    vpc = vpc_of(graph, placement.subnet)
    if is_default_vpc(vpc):
        adopted = _adopted_default_group(graph)
        if adopted is not None:
            return (AttachedGroup(adopted, certain=True),)
        if isinstance(vpc, Implicit):
            return (AttachedGroup(_undeclared_group(graph, vpc), certain=True),)
    if isinstance(vpc, Vpc) or is_default_vpc(vpc):
        made = AttachedGroup(graph.implicit(vpc, _DEFAULT), certain=True)
        return (made, *_perhaps_adopted(graph).get(vpc, ()))
    reason = "it has the default security group of a VPC that is declared elsewhere"
    gap = Unknown(reason, "external-id", placement.span)
    return (AttachedGroup(None, certain=False, value=gap),)


def carried_groups(
    graph: Graph, named: Sequence[Edge], placement: Placement
) -> tuple[AttachedGroup, ...]:
    """The groups of an interface: those that are named, or else its VPC's default group.

    Where it is a choice whether any is named, the default group may be there too.
    """
    groups = attached_groups(named)
    if not groups:
        return default_groups(graph, placement)
    gap = none_named(named)
    if gap is None:
        return groups
    others = (each.group for each in default_groups(graph, placement))
    known = {each.group for each in groups}
    return (*groups, *(AttachedGroup(one, False, gap) for one in others if one not in known))


def none_named(named: Sequence[Edge]) -> Unknown | None:
    """Why references may come to no group at all; ``None`` where one is sure to be there."""
    if not all(edge.may_name_nothing for edge in named):
        return None
    return next((edge.value for edge in named if isinstance(edge.value, Unknown)), None)


def perhaps_default(
    graph: Graph, groups: tuple[AttachedGroup, ...], placement: Placement
) -> tuple[AttachedGroup, ...]:
    """The default group of an interface's VPC, where one that is looked up for it may be that."""
    causes = [cause for each in groups for cause in _may_be_default(each.group).causes]
    if not causes:
        return ()
    carried = {None, *(each.group for each in groups)}
    return tuple(
        AttachedGroup(each.group, certain=False, value=causes[0])
        for each in default_groups(graph, placement)
        if each.group not in carried
    )


def _may_be_default(group: Resource | None) -> Answer:
    """Whether a group that is looked up is the default one of the VPC that it is attached in."""
    if isinstance(group, Implicit) and isinstance(group.owner, VpcDataSource):
        return is_default_group(group) & group.owner.found_as_default
    if not isinstance(group, SecurityGroupDataSource):
        return NO
    # A group is attached in its own VPC: that may be an unknown one.
    unknown = tuple(one for one in group.vpc_ids if isinstance(one, Unknown))
    return is_default_group(group) & Answer(None if unknown else True, unknown)


@remembered
def _undeclared_group(_graph: Graph, vpc: Implicit) -> Resource:
    """The default group of the default VPC where nothing here refers to either."""
    return implicit(f"the {_DEFAULT} of {vpc.address}", vpc, _DEFAULT, "SecurityGroup")


@remembered
def _perhaps_adopted(graph: Graph) -> dict[Resource | None, tuple[AttachedGroup, ...]]:
    """The default groups that Terraform may adopt, by the VPC whose it may be."""
    found: dict[Resource | None, tuple[AttachedGroup, ...]] = {}
    for group in graph.all(SecurityGroup):
        for edge in graph.targets(group, "vpc") if group.is_default else ():
            if not edge.certain:
                perhaps = AttachedGroup(group, certain=False, value=edge.value)
                found[edge.target] = (*found.get(edge.target, ()), perhaps)
    return found


def _adopted_default_group(graph: Graph) -> SecurityGroup | None:
    """The default group of the default VPC where Terraform adopts it."""
    for group in graph.all(SecurityGroup):
        if group.is_default:
            edges = graph.targets(group, "vpc")
            if not edges or (edges[0].certain and is_default_vpc(edges[0].target)):
                return group
    return None
