"""Which volumes and instances a policy of Data Lifecycle Manager takes snapshots of.

Source: EBS User Guide, "Create Amazon Data Lifecycle Manager custom policy for EBS snapshots": what
has one of the policy's tags, in the policy's Region, is targeted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.upkeep.regions import apart
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import NO, YES, Answer, Unknown, Value, any_of, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
    from iac_ec2lint.values import Val

SNAPSHOTS: Final = "EBS_SNAPSHOT_MANAGEMENT"
IMAGES: Final = "IMAGE_MANAGEMENT"
"""Types of policies."""

_KINDS: Final[dict[str, type[Volume | Instance]]] = {"VOLUME": Volume, "INSTANCE": Instance}


class SnapshotTarget(NamedTuple):
    """A volume or an instance that a policy targets, or may.

    Attributes:
        resource: It.
        tag: The tag for which it is, in words.
        answer: Whether it is.
    """

    resource: Volume | Instance
    tag: str
    answer: Answer


def targets_of(graph: Graph, policy: LifecyclePolicy, *kinds: str) -> Iterator[SnapshotTarget]:
    """What a policy takes snapshots of: volumes, or all volumes of instances.

    Args:
        graph: The graph.
        policy: The policy.
        kinds: The types of policies that are meant. Where none is given those for snapshots are:
            those for images share nothing, and those for events copy what others have shared.
    """
    state, kind = policy.state, policy.policy_type
    active = state.equals("ENABLED") if state is not None else YES
    active &= kind.equals(*(kinds or (SNAPSHOTS,))) if kind is not None else YES
    for name, made in _KINDS.items():
        meant = active & any_of(written.equals(name) for written in policy.resource_types)
        for resource in graph.all(made) if meant.may_be_true else ():
            near = meant & ~apart(policy, resource)
            if near.truth is False:
                continue
            tags = resource.tags
            if resource.unknown_tags is not None:
                yield SnapshotTarget(
                    resource, "as is not known", near & _open(resource.unknown_tags)
                )
            for key, wanted in policy.targets:
                answer = near & _equal(tags[key], wanted) if key in tags else NO
                if answer.may_be_true:
                    yield SnapshotTarget(resource, f'{key} = "{wanted.text or "?"}"', answer)
                    break


def _equal(tag: Val, wanted: Val) -> Answer:
    if isinstance(wanted, Value):
        return as_text(tag).equals(as_text(wanted).text)
    return as_text(wanted).equals(as_text(tag).text) if isinstance(tag, Value) else _open(wanted)


def _open(value: Unknown) -> Answer:
    return Answer(None, (value,))
