"""What launch templates and launch configurations of the unit start instances with."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup, InstanceOverride
from iac_ec2lint.resources.iam_role import InstanceProfile
from iac_ec2lint.resources.launch_template import LaunchTemplate, LaunchTemplateReference
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.iam_role import Role
    from iac_ec2lint.resources.launch_configuration import LaunchConfiguration

_LATEST: Final = "$Latest"
_DEFAULT: Final = "$Default"
_NUMBERS: Final = frozenset(
    {"latest_version", "default_version", "LatestVersionNumber", "DefaultVersionNumber"}
)
"""The attributes of a template that are numbers: who names them starts the version of that time."""


class InUse(NamedTuple):
    """A launch template whose versions an Auto Scaling group follows, or may.

    Attributes:
        group: The group.
        template: The template.
        latest: Whether it starts instances from whatever version is the latest.
        default: Whether it does so from whatever version is the default one.
        launch: How it starts them.
    """

    group: AutoScalingGroup
    template: LaunchTemplate
    latest: Answer
    default: Answer
    launch: Launch


@remembered
def versions_in_use(graph: Graph) -> tuple[InUse, ...]:
    """The launch templates that Auto Scaling groups follow, by the groups' addresses.

    What fleets and single instances start from is taken to be settled when they are made.
    """
    return tuple(_versions_in_use(graph))


def _versions_in_use(graph: Graph) -> Iterator[InUse]:
    for launch in launches(graph):
        group, template = launch.host, launch.template
        if not isinstance(group, AutoScalingGroup) or not isinstance(template, LaunchTemplate):
            continue
        there = runs(graph, group)
        if launch.unused or there.truth is False:
            continue
        if not launch.certain:
            words = f"whether {group.address} launches from {template.address} is not known"
            there = there & Answer(None, (launch.doubt(words),))
        version = _version(launch)
        latest, default = there & _is(version, _LATEST), there & _is(version, _DEFAULT)
        if latest.may_be_true or default.may_be_true:
            yield InUse(group, template, latest, default, launch)


def _version(launch: Launch) -> Val | None:
    part = launch.part
    if isinstance(part, InstanceOverride):
        part = part.template
    return part.version if isinstance(part, LaunchTemplateReference) else None


def _is(version: Val | None, wanted: str) -> Answer:
    """Whether a version is ``$Latest`` or ``$Default``; the latter where none is named."""
    if version is None:
        return YES if wanted == _DEFAULT else NO
    if isinstance(version, Unknown) and any(r.attribute in _NUMBERS for r in version.references):
        return NO
    answer = version.equals(wanted)
    if wanted == _DEFAULT and isinstance(version, Unknown) and version.unset:
        return answer | Answer(None, (version,))
    return answer


def named_by_blueprint(
    graph: Graph, role: Role, kind: type[LaunchTemplate | LaunchConfiguration]
) -> Answer:
    """Whether a launch template, or a launch configuration, starts instances with a role."""
    answer = NO
    for edge in graph.sources(role, "roles"):
        if not isinstance(edge.source, InstanceProfile):
            continue
        for to in graph.sources(edge.source, "iam_instance_profile"):
            if isinstance(to.source, kind):
                answer = answer | (_held(edge) & _held(to))
    return answer


def _held(edge: Edge) -> Answer:
    if edge.certain:
        return YES
    return Answer(None, (edge.value,) if isinstance(edge.value, Unknown) else ())
