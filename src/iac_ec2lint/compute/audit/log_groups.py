"""Which log groups hold what EC2 and its network record: flow logs, trails, sessions.

Source: CloudWatch Logs User Guide, "Encrypt log data" and "Change log data retention"; Systems
Manager User Guide, "Logging session data using CloudWatch Logs".
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.flow_log import FlowLog
from iac_ec2lint.resources.log_group import LogGroup
from iac_ec2lint.resources.ssm_document import SsmDocument
from iac_ec2lint.resources.trail import Trail
from iac_ec2lint.resources.vpn import ClientVpnEndpoint
from iac_ec2lint.values import Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.values import Val

_GROUP_NAME = "cloudWatchLogGroupName"


class LogDestination(NamedTuple):
    """Something that is recorded in a log group.

    Attributes:
        source: What is recorded: a flow log, a trail, the preferences of sessions.
        what: The same in words.
        place: Where the group is named.
        group: The group; ``None`` where it is not declared here.
        causes: The unknowns by which it may be another one.
    """

    source: Resource
    what: str
    place: Place
    group: LogGroup | None
    causes: tuple[Unknown, ...]


def log_destinations(graph: Graph) -> Iterator[LogDestination]:
    """What of EC2 and its network is recorded in log groups."""
    for flow_log in graph.all(FlowLog):
        if flow_log.destination_type.equals("cloud-watch-logs").may_be_true:
            for field in ("destination", "log_group"):
                if getattr(flow_log, field) is not None:
                    place = flow_log.place(field)
                    yield from _of(graph, flow_log, "flow logs", place, getattr(flow_log, field))
    for trail in graph.all(Trail):
        if trail.log_group is not None:
            place = trail.place("log_group")
            yield from _of(graph, trail, "events of a trail", place, trail.log_group)
    for endpoint in graph.all(ClientVpnEndpoint):
        if endpoint.log_group is not None:
            place = endpoint.place("log_group")
            yield from _of(graph, endpoint, "connections of a VPN", place, endpoint.log_group)
    for document in graph.all(SsmDocument):
        if document.equals("kind", "Session").may_be_true:
            named = _session_log(document.content)
            if named is not None and named.text != "":
                yield from _of(graph, document, "sessions", document.place("content"), named)


def log_groups_named(graph: Graph, value: Val | None) -> tuple[LogGroup, ...]:
    """The declared log groups that a name or an ARN is of, or may be of.

    An ARN is often written with ``:*`` behind it, which is all streams of the group.
    """
    if value is None:
        return ()
    if isinstance(value, Unknown):
        addresses = [reference.target for reference in value.references]
        named = [group for one in value.candidates for group in log_groups_named(graph, one)]
    else:
        addresses = [] if value.of is None else [value.of.target]
        text = value.text or ""
        name = text.partition(":log-group:")[2].partition(":")[0] or text
        named = [*_by_name(graph).get(name, ())]
    found = [one for one in map(graph.get, addresses) if isinstance(one, LogGroup)]
    return tuple(dict.fromkeys(found or named))


@remembered
def _by_name(graph: Graph) -> Mapping[str, tuple[LogGroup, ...]]:
    found: dict[str, tuple[LogGroup, ...]] = {}
    for group in graph.all(LogGroup):
        if group.name is not None and group.name.text:
            found[group.name.text] = (*found.get(group.name.text, ()), group)
    return found


def _of(
    graph: Graph, source: Resource, what: str, place: Place, value: Val
) -> Iterator[LogDestination]:
    groups = log_groups_named(graph, value)
    for group in groups:
        several = isinstance(value, Unknown) and len(groups) > 1
        causes = (value,) if several and isinstance(value, Unknown) else ()
        yield LogDestination(source, what, place, group, causes)
    if not groups:
        words = f"the log group of {source.address} is not declared here"
        gap = value if isinstance(value, Unknown) else Unknown(words, "external-id", value.span)
        yield LogDestination(source, what, place, None, (gap,))


def _session_log(content: Val | None) -> Val | None:
    """The log group that the preferences of sessions name."""
    if content is None:
        return None
    if content.decoded is not None:
        return _session_log(content.decoded)
    if content.text is not None:
        try:
            inputs = json.loads(content.text)["inputs"]
        except (ValueError, KeyError, TypeError):
            return None
        name = inputs.get(_GROUP_NAME) if isinstance(inputs, dict) else None
        return Value(name, content.span, content.via) if isinstance(name, str) else None
    for key in ("inputs", _GROUP_NAME):
        if isinstance(content, Unknown):
            return content
        member = content.items().get(key)
        if member is None:
            return None
        content = member
    return content
