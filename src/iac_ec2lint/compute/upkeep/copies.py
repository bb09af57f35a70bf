"""Whether what is kept for a disaster is also kept in another Region."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.upkeep.lifecycle_policy_targets import IMAGES, SNAPSHOTS
from iac_ec2lint.compute.upkeep.regions import apart
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.backup import BackupPlan, BackupVault
from iac_ec2lint.resources.image import ImageCopy, InstanceImage
from iac_ec2lint.resources.image_builder import DistributionConfiguration
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import Place
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Part, Resource

_REGION: Final = 3
"""Where an ARN has its Region."""


class Kept(NamedTuple):
    """What snapshots or images are made by, and whether copies go to another Region.

    Attributes:
        resource: The policy, the plan, the image or the distribution.
        place: The schedule or the rule in it.
        words: What is kept, for messages.
        copied: Whether another Region gets copies.
    """

    resource: Resource
    place: Place
    words: str
    copied: Answer


@remembered
def kept_copies(graph: Graph) -> tuple[Kept, ...]:
    """Each schedule, rule, image and distribution of the unit."""
    return tuple(_all(graph))


def _all(graph: Graph) -> Iterator[Kept]:
    for policy in graph.all(LifecyclePolicy):
        kind, state = policy.policy_type, policy.state
        if state is not None and state.equals("DISABLED").truth is True:
            continue
        if kind is None or kind.equals(SNAPSHOTS, IMAGES).may_be_true:
            for schedule in policy.schedules:
                copied = any_of(rule.presence.answer for rule in schedule.copy_rules)
                yield Kept(policy, _whole(schedule), "what the schedule makes", copied)
        if policy.default_policy is not None:
            copied = any_of(map(_is_said, policy.copy_regions))
            default = policy.default_policy.equals("VOLUME", "INSTANCE")
            yield Kept(policy, _whole(policy), "what the default policy makes", ~default | copied)
    for plan in graph.all(BackupPlan):
        for rule in plan.rules:
            answers = []
            for copy in rule.copies:
                edges = graph.follow(plan, copy, "vault")
                answers += [_elsewhere(plan, edge) & copy.presence.answer for edge in edges]
            yield Kept(plan, _whole(rule), "what the rule backs up", any_of(answers))
    for image in graph.all(InstanceImage):
        copies = (edge for edge in graph.sources(image, "source_image"))
        copied = any_of(
            apart(image, edge.source) & edge.answer
            for edge in copies
            if isinstance(edge.source, ImageCopy)
        )
        yield Kept(image, _whole(image), "the image", copied)
    for configuration in graph.all(DistributionConfiguration):
        regions = [one.region for one in configuration.distributions if one.region is not None]
        yield Kept(configuration, _whole(configuration), "the image", _several(regions))


def _whole(part: Part) -> Place:
    return Place(part.span, part.path, None, part.presence)


def _elsewhere(plan: Resource, edge: Edge) -> Answer:
    """Whether the vault that copies go to is in another Region than the plan."""
    if isinstance(edge.target, BackupVault):
        return apart(plan, edge.target) & edge.answer
    text = edge.value.text if isinstance(edge.value, Value) else None
    fields = text.split(":") if text is not None else []
    own = plan.declared.region
    if len(fields) > _REGION and own:
        return YES if fields[_REGION] != own else NO
    gap = edge.value
    if not isinstance(gap, Unknown):
        gap = Unknown("the Region of the plan is not known", "external-id", plan.span)
    return Answer(None, (gap,))


def _is_said(region: Val) -> Answer:
    return Answer(None, (region,)) if isinstance(region, Unknown) else YES


def _several(regions: list[Val]) -> Answer:
    """Whether Regions are two at least."""
    known = {value.text for value in regions if isinstance(value, Value)}
    if len(known) > 1:
        return YES
    gaps = tuple(value for value in regions if isinstance(value, Unknown))
    return Answer(None, gaps) if gaps and len(regions) > 1 else NO
