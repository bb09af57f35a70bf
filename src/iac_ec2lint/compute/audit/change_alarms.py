"""Which changes of a network raise an alarm, by metric filters or rules of EventBridge.

Source: CIS AWS Foundations Benchmark, "Monitoring", by way of Security Hub User Guide, "CloudWatch
controls"; CloudWatch Logs User Guide, "Filter pattern syntax".
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.audit.account_services import unread_modules
from iac_ec2lint.compute.audit.event_patterns import RuledCalls
from iac_ec2lint.compute.audit.log_groups import log_groups_named
from iac_ec2lint.resources.event_rule import EventRule
from iac_ec2lint.resources.log_group import MetricFilter
from iac_ec2lint.resources.metric_alarm import MetricAlarm
from iac_ec2lint.resources.trail import Trail
from iac_ec2lint.values import NO, YES, Answer, Unknown, all_of, any_of, is_given

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.values import Val

_CHANGES: Final[Mapping[str, str]] = {
    "security groups": (
        "AuthorizeSecurityGroupIngress AuthorizeSecurityGroupEgress RevokeSecurityGroupIngress "
        "RevokeSecurityGroupEgress CreateSecurityGroup DeleteSecurityGroup"
    ),
    "network ACLs": (
        "CreateNetworkAcl CreateNetworkAclEntry DeleteNetworkAcl DeleteNetworkAclEntry "
        "ReplaceNetworkAclEntry ReplaceNetworkAclAssociation"
    ),
    "gateways": (
        "CreateCustomerGateway DeleteCustomerGateway AttachInternetGateway CreateInternetGateway "
        "DeleteInternetGateway DetachInternetGateway"
    ),
    "route tables": (
        "CreateRoute CreateRouteTable ReplaceRoute ReplaceRouteTableAssociation DeleteRouteTable "
        "DeleteRoute DisassociateRouteTable"
    ),
    # Without those of ClassicLink, which is no more.
    "VPCs": (
        "CreateVpc DeleteVpc ModifyVpcAttribute AcceptVpcPeeringConnection "
        "CreateVpcPeeringConnection DeleteVpcPeeringConnection RejectVpcPeeringConnection"
    ),
}
"""The calls that change each kind of thing, as the benchmark's filters name them."""
_CONDITION: Final = r'\$\.([\w.]+)\s*(!?=)\s*("[^"]*"|[^\s)}&|]+)'
_HARMLESS: Final = frozenset({"eventName", "eventSource"})
"""The fields that a filter may ask for without leaving out calls that are meant."""


class ChangeAlarms(NamedTuple):
    """Which changes that a trail records raise an alarm.

    Attributes:
        trail: The trail.
        alarmed: By what is changed: whether each call that does so raises an alarm.
    """

    trail: Trail
    alarmed: Mapping[str, Answer]


def change_alarms(graph: Graph) -> Iterator[ChangeAlarms]:
    """Which changes of the network raise an alarm, for each trail that may write to a log group.

    Any of the filters may be the one that counts a call, if an alarm on its metric does something;
    or a rule of EventBridge the one that tells somebody of it.
    """
    trails = [trail for trail in graph.all(Trail) if trail.is_set("log_group").may_be_true]
    if not trails:
        return
    filters = [(one, _Pattern(one), _raises(graph, one)) for one in graph.all(MetricFilter)]
    rules = [RuledCalls(graph, rule) for rule in graph.all(EventRule)]
    elsewhere = unread_modules(graph)
    for trail in trails:
        silent = ~trail.is_set("log_group")
        own = [(p, answer & _reads(graph, one, trail)) for one, p, answer in filters]
        yield ChangeAlarms(
            trail,
            {
                what: silent
                | all_of(
                    any_of(
                        (
                            *(p.counts(name) & answer for p, answer in own),
                            *(rule.sends(name) for rule in rules),
                            elsewhere,
                        )
                    )
                    for name in names.split()
                )
                for what, names in _CHANGES.items()
            },
        )


class _Pattern:
    """A filter's pattern: the names of calls that it counts."""

    __slots__ = ("_names", "_narrow", "_unknown")

    def __init__(self, filter_: MetricFilter) -> None:
        pattern = filter_.pattern
        self._unknown = pattern if isinstance(pattern, Unknown) else None
        text = pattern.text if pattern is not None and pattern.text is not None else ""
        conditions: list[tuple[str, str, str]] = re.findall(_CONDITION, text)
        self._names = [
            value.strip('"')
            for field, operator, value in conditions
            if field == "eventName" and operator == "="
        ]
        self._narrow: Unknown | None = None
        others = sorted({field for field, _, _ in conditions} - _HARMLESS)
        if others and pattern is not None:
            words = f"the filter asks for {', '.join(others)} too"
            self._narrow = Unknown(words, "expression", pattern.span)

    def counts(self, name: str) -> Answer:
        """Whether a call is counted."""
        if self._unknown is not None:
            return Answer(None, (self._unknown,))
        if not any(fnmatchcase(name, one) for one in self._names):
            return NO
        return YES if self._narrow is None else Answer(None, (self._narrow,))


def _reads(graph: Graph, filter_: MetricFilter, trail: Trail) -> Answer:
    """Whether a filter counts in the log group that a trail writes to."""
    read = {*log_groups_named(graph, filter_.log_group)}
    written = {*log_groups_named(graph, trail.log_group)}
    if len(read) == 1 == len(written):
        return filter_.presence.answer & Answer(read == written)
    words = f"whether {filter_.address} reads what {trail.address} writes is not known"
    return Answer(None, (Unknown(words, "external-id", filter_.span),))


def _raises(graph: Graph, filter_: MetricFilter) -> Answer:
    """Whether an alarm on a filter's metric does something."""
    metrics = [
        (one.metric, one.namespace)
        for one in filter_.transformations
        if one.metric is not None and one.namespace is not None
    ]
    return any_of(
        _acts(alarm) & _is(filter_, name, metric) & _is(filter_, space, namespace)
        for alarm in graph.all(MetricAlarm)
        for name, space in (
            (alarm.metric, alarm.namespace),
            *((query.metric, query.namespace) for query in alarm.queries),
        )
        for metric, namespace in metrics
    )


def _acts(alarm: MetricAlarm) -> Answer:
    does = any_of(is_given(action) for action in alarm.actions)
    return alarm.presence.answer & alarm.actions_enabled.is_true() & does


def _is(filter_: MetricFilter, watched: Val | None, counted: Val) -> Answer:
    """Whether a name that an alarm watches is the one that a filter counts by."""
    if watched is None:
        return NO
    if watched.text is not None and counted.text is not None:
        return Answer(watched.text == counted.text)
    if isinstance(watched, Unknown):
        if any(one.target == filter_.address for one in watched.references):
            return YES
        return Answer(None, (watched,))
    return Answer(None, (counted,)) if isinstance(counted, Unknown) else NO
