"""Whether the recorders of AWS Config record what belongs to EC2.

Source: AWS Config Developer Guide, "Recording AWS resources" and "Working with the configuration
recorder"; API reference, RecordingGroup.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.audit.account_services import there_with, unread_modules
from iac_ec2lint.resources.config_service import (
    ConfigRecorder,
    ConfigRecorderStatus,
    DeliveryChannel,
)
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place

_TYPES = (
    "AWS::AutoScaling::AutoScalingGroup",
    "AWS::EC2::Instance",
    "AWS::EC2::InternetGateway",
    "AWS::EC2::NetworkAcl",
    "AWS::EC2::RouteTable",
    "AWS::EC2::SecurityGroup",
    "AWS::EC2::Subnet",
    "AWS::EC2::VPC",
    "AWS::EC2::Volume",
)
"""What rules about EC2 need; other types, such as network interfaces, cost much and say little."""


class RecorderCoverage(NamedTuple):
    """What a recorder of AWS Config records.

    Attributes:
        recorder: The recorder.
        complete: Whether it records the types of EC2, VPC, EBS and Auto Scaling.
        left_out: Those that it certainly does not.
        place: What decides that.
        started: Whether something says that it records at all.
        delivered: Whether it has a delivery channel, without which it cannot start.
    """

    recorder: ConfigRecorder
    complete: Answer
    left_out: tuple[str, ...]
    place: Place
    started: Answer
    delivered: Answer


def recorder_coverage(graph: Graph) -> Iterator[RecorderCoverage]:
    """What each recorder of AWS Config records, and whether it is started and can deliver."""
    for recorder in graph.all(ConfigRecorder):
        recorded = {kind: _is_recorded(recorder, kind) for kind in _TYPES}
        group = recorder.recording_group
        field = next(
            (name for name in ("excluded_types", "resource_types") if getattr(group, name)),
            "all_supported",
        )
        yield RecorderCoverage(
            recorder,
            all_of(recorded.values()),
            tuple(kind for kind, answer in recorded.items() if answer.truth is False),
            group.place(field),
            _is_started(graph, recorder),
            _is_delivered(graph, recorder),
        )


def _is_recorded(recorder: ConfigRecorder, kind: str) -> Answer:
    group = recorder.recording_group
    if not group.written:
        return YES  # without a group, all types are recorded
    listed = any_of(one.equals(kind) for one in group.resource_types)
    excluded = any_of(one.equals(kind) for one in group.excluded_types)
    if group.all_supported is None:
        everything = Answer(not group.resource_types and not group.excluded_types)
    else:
        everything = group.all_supported.is_true()
    if group.strategy is None:
        by_exclusion = Answer(bool(group.excluded_types))
    else:
        by_exclusion = group.strategy.equals("EXCLUSION_BY_RESOURCE_TYPES")
        everything |= group.strategy.equals("ALL_SUPPORTED_RESOURCE_TYPES")
    return (by_exclusion & ~excluded) | (~by_exclusion & (everything | listed))


def _is_started(graph: Graph, recorder: ConfigRecorder) -> Answer:
    if recorder.declared.of_cloudformation:
        return YES  # it starts its recorders itself
    statuses = [
        edge.answer & there_with(edge.source, recorder)
        for edge in graph.sources(recorder, "recorder")
        if isinstance(edge.source, ConfigRecorderStatus)
    ]
    elsewhere = [
        _may_be(recorder, status)
        for status in graph.all(ConfigRecorderStatus)
        if not any(edge.certain for edge in graph.targets(status, "recorder"))
        or graph.only(status, "recorder", ConfigRecorder) is None
    ]
    return any_of((*statuses, *elsewhere, unread_modules(graph)))


def _may_be(recorder: ConfigRecorder, status: ConfigRecorderStatus) -> Answer:
    """Whether a status, of which nothing says which recorder it is of, is that of this one."""
    if status.recorder is None or recorder.scope != status.scope:
        return NO
    named = recorder.name
    own = "default" if named is None else named.text
    if own is not None and status.recorder.text is not None:
        return Answer(status.recorder.text == own)
    causes = [value for value in (status.recorder, named) if isinstance(value, Unknown)]
    return Answer(None, tuple(causes))


def _is_delivered(graph: Graph, recorder: ConfigRecorder) -> Answer:
    found: list[Answer] = [unread_modules(graph)]
    for channel in graph.all(DeliveryChannel):
        if channel.scope == recorder.scope:
            found.append(there_with(channel, recorder))
        else:
            words = f"whether {channel.address} is in the Region of the recorder is not known"
            found.append(Answer(None, (Unknown(words, "external-id", channel.span),)))
    return any_of(found)
