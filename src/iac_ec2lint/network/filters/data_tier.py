"""Which security groups are those of a database tier.

That is a managed data store, or a host whose groups admit the port of one. A rule that opens all
ports, or a thousand, says nothing of what listens there, and one among members has no clients.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.facts.data_store_ports import default_port
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.exposure import attachments
from iac_ec2lint.network.filters.group_rules import RuleTraffic, group_rules
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.filters.rule_ports import alternative_ports
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import ALL, NO_PORTS, TCP, UDP, PortSet, describe_ports
from iac_ec2lint.resources.database import STORES
from iac_ec2lint.resources.launch_settings import LaunchInterface, LaunchSettings
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.security_group import SeparateSecurityGroupRule
from iac_ec2lint.values import NO, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.graph.graph import Graph

_WIDEST: Final = 100
"""How many ports a rule opens at most that says what listens there."""


class DataTier(NamedTuple):
    """What makes a group that of a database tier.

    Attributes:
        answer: Whether it is.
        member: What has the group: the data store, or the host; ``None`` where nothing here has.
        rule: Of a host, the rule for a data store's port that it is taken for one by.
    """

    answer: Answer
    member: Resource | None
    rule: RuleTraffic | None = None


def data_tier(graph: Graph, group: Resource) -> DataTier | None:
    """What makes a group that of a database tier; ``None`` where nothing does."""
    hosts: list[tuple[Resource, Answer]] = []
    attached = False
    for edge in attachments(graph, group):
        attached = True
        if isinstance(edge.source, STORES):
            return DataTier(edge.answer, edge.source)
        if isinstance(edge.part, LaunchSettings | LaunchInterface | NetworkInterface):
            hosts.append((edge.source, edge.answer))
    admitted = _admitted(graph)
    if isinstance(group, SeparateSecurityGroupRule):
        return _of_unknown_group(graph, group)
    for host, answer in hosts:
        for edge in graph.targets(host, "security_groups"):
            opened = admitted.get(edge.target) if edge.target is not None else None
            if opened is not None:
                return DataTier(answer & edge.answer & opened.answer, host, opened.rule)
    if not attached and group in admitted:
        words = f"what has {group.address} is not in the source"
        return DataTier(Answer(None, (Unknown(words, "external-id", group.span),)), None)
    return None


def _of_unknown_group(graph: Graph, rule: SeparateSecurityGroupRule) -> DataTier | None:
    """What may be said of a rule, of which nothing says which group it is of."""
    causes = [cause for e in graph.targets(rule, "security_group") for cause in e.answer.causes]
    if not causes or not (_admitted(graph) or any(graph.all(*STORES))):
        return None
    return DataTier(Answer(None, tuple(causes)), None)


class _Admitting(NamedTuple):
    """A rule that admits, or may admit, the port of a data store; ``None`` for one not seen."""

    answer: Answer
    rule: RuleTraffic | None


@remembered
def _admitted(graph: Graph) -> Mapping[Resource | None, _Admitting]:
    """The groups that admit, or may admit, the port of a data store, by their surest rule."""
    found: dict[Resource | None, list[_Admitting]] = defaultdict(list)
    for rules in group_rules(graph, "ingress"):
        for read in rules.rules:
            answer = _opens_store(read)
            others = admits_others(graph, rules.group, read)
            if answer is not None and others and not of_clients(graph, rules.group, read):
                found[rules.group].append(_Admitting(answer, read))
        more = more_rules_cause(graph, rules.group, "ingress")
        if more is not None:
            found[rules.group].append(_Admitting(Answer(None, (more,)), None))
    return {
        group: next((one for one in those if one.answer.truth is True), those[0])
        for group, those in found.items()
    }


def admits_others(graph: Graph, group: Resource, read: RuleTraffic) -> bool:
    """Whether a rule admits anything but the group's own members, who are no clients."""
    if read.sources:
        return True
    return any(
        edge.target is not group for edge in graph.follow(read.resource, read.rule, "groups")
    )


def _opens_store(read: RuleTraffic) -> Answer | None:
    found = is_for_store(read)
    if found.truth is False:
        return None
    return found if read.cause is None else found & Answer(None, (read.cause,))


def is_for_store(read: RuleTraffic) -> Answer:
    """Whether a rule is for the port of a data store, and not for many others too.

    Of ports that are not known each value that they may have is asked.
    """
    if not read.causes:
        return Answer(_is_of_store(read.lower))
    each = {_is_of_store(ports) for ports in alternative_ports(read.rule)}
    if len(each) == 1:
        return Answer(each.pop())
    stores = port_classes()["data store"]
    may_be = any(
        read.upper.get(one, read.upper.get(ALL, NO_PORTS)).overlaps(stores.ports(one))
        for one in (TCP, UDP)
    )
    return Answer(None, read.causes) if may_be else NO


def _is_of_store(covered: Mapping[int, PortSet]) -> bool:
    stores = port_classes()["data store"]
    return any(
        0 < ports.size <= _WIDEST and ports.overlaps(stores.ports(protocol))
        for protocol, ports in covered.items()
        if protocol in (TCP, UDP)
    )


def of_clients(graph: Graph, group: Resource, read: RuleTraffic) -> bool:
    """Whether a rule for a data store's port says nothing of the hosts that have its group.

    A managed data store has the group as well: the rule admits members alone, who are its clients,
    or is the only one of the group for a data store. Or it admits managed data stores alone, which
    connect to nobody. Where hosts alone have the group, any of them may be what others talk to.
    """
    stores = [
        edge.source
        for edge in attachments(graph, group)
        if isinstance(edge.source, STORES) and edge.certain
    ]
    if stores and not admits_others(graph, group, read):
        return True
    only = read.cause is None and _stored(graph).get(group) == {store_ports(read)}
    if only and any(_listens_by(one, read) for one in stores):
        return True
    return not read.sources and _admits_stores_alone(graph, read)


def _listens_by(store: Resource, read: RuleTraffic) -> bool:
    """Whether a managed data store surely listens on a port that a rule opens."""
    written = getattr(store, "port", None)
    engine = getattr(store, "engine", None)
    if isinstance(written, Unknown) or isinstance(engine, Unknown):
        return False
    if written is not None and written.number is not None:
        port: int | None = int(written.number)
    else:
        port = default_port(store.type, None if engine is None else engine.text)
    return port is not None and read.lower.get(TCP, NO_PORTS).contains(port)


@remembered
def _stored(graph: Graph) -> dict[Resource, set[str]]:
    """The ports of data stores that the rules of each group are for, in words."""
    return {
        rules.group: {store_ports(one) for one in rules.rules if is_for_store(one).may_be_true}
        for rules in group_rules(graph, "ingress")
    }


def _admits_stores_alone(graph: Graph, read: RuleTraffic) -> bool:
    """Whether the groups that a rule admits are surely those of managed data stores alone."""
    edges = graph.follow(read.resource, read.rule, "groups")
    groups = [edge.target for edge in edges if edge.certain]
    if not groups or len(groups) != len(edges):
        return False
    return all(_is_of_stores(graph, group) for group in groups)


def _is_of_stores(graph: Graph, group: Resource | None) -> bool:
    carriers = [] if group is None else [*attachments(graph, group)]
    return bool(carriers) and all(isinstance(edge.source, STORES) for edge in carriers)


def store_ports(rule: RuleTraffic) -> str:
    """The ports of data stores that a rule is for, or is for one of, in words."""
    for protocol in (TCP, UDP):
        ports = rule.upper.get(protocol, NO_PORTS) & port_classes()["data store"].ports(protocol)
        if ports:
            return describe_ports(protocol, ports)
    return "a data store"
