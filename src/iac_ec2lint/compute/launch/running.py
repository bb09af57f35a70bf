"""Whether hosts can have instances: their greatest sizes, and what scales them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.fleet import Ec2Fleet, SpotFleet
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.resources.scalable_target import ScalableTarget
from iac_ec2lint.resources.scaling_schedule import ScalingSchedule
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, any_of, when_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph


def runs(graph: Graph, host: Resource) -> Answer:
    """Whether a host can have instances at all.

    False where its greatest size is 0, and nothing that scales it makes that greater.
    """
    size = _size(host)
    launched = host.has_instances if isinstance(host, ManagedHost) else YES
    if size is None:
        return launched
    answer = launched & ~size.equals(0)
    if answer.truth is True:
        return answer
    if isinstance(host, AutoScalingGroup):
        return answer | any_of(_raised(graph, host))
    return answer | any_of(_scaled(graph, host)) if isinstance(host, SpotFleet) else answer


def _raised(graph: Graph, group: AutoScalingGroup) -> Iterator[Answer]:
    """Of each scheduled action, whether it gives a group a size above 0."""
    for edge in (*graph.sources(group, "scaled_group"), *graph.unresolved("scaled_group")):
        schedule = edge.source
        if isinstance(schedule, ScalingSchedule) and schedule.max_size is not None:
            greater = ~schedule.max_size.equals(0, -1)
            yield greater & edge.answer & schedule.presence.answer


def _scaled(graph: Graph, fleet: SpotFleet) -> Iterator[Answer]:
    """Of each target of Application Auto Scaling, whether it may give a fleet a size above 0."""
    for target in graph.all(ScalableTarget):
        scaled = target.scaled
        if scaled is None or target.namespace is None or target.max_capacity is None:
            continue
        if not isinstance(scaled, Unknown):
            continue  # the id of what is not made yet is written nowhere
        named = {one for id_ in scaled.references for one in graph.resolve(id_)}
        is_it = (YES if fleet in named else NO) if named else Answer(None, (scaled,))
        greater = ~target.max_capacity.equals(0)
        yield is_it & target.namespace.equals("ec2") & greater & target.presence.answer


def running(graph: Graph, host: Resource) -> Presence:
    """Whether a host's instances are there wherever it is: certain, or what that hangs on.

    It must be one that can have some; see ``runs``.
    """
    answer = runs(graph, host)
    return CERTAIN if answer.truth is not None else running_if(host, answer.causes[0])


def where_it_runs(graph: Graph, at: Place | Part, host: Resource) -> Place | Part:
    """A place whose finding holds where a host has instances: see ``running``."""
    there = running(graph, host)
    if there.certain:
        return at
    place = at if isinstance(at, Place) else Place(at.span, at.path, None, at.presence)
    return place._replace(presence=place.presence.within(there))


def running_if(host: Resource, cause: Unknown) -> Presence:
    """That a host has instances, where it hangs on a size that is not known."""
    some = [c for c in cause.candidates if c.via and not c.equals(0).truth]
    if len(some) == 1 and when_of(some[0]) and len(cause.candidates) > 1:
        return Presence.where(cause, some[0])
    return Presence(cause, f"{host.address} can have instances ({cause.reason})")


def _size(host: Resource) -> Val | None:
    if isinstance(host, Instance):  # as most hosts are
        return None
    if isinstance(host, AutoScalingGroup | ManagedHost):
        return host.max_size
    return host.target_capacity if isinstance(host, Ec2Fleet | SpotFleet) else None
