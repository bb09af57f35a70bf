"""What the group lets in that Elastic Beanstalk makes for an environment's instances.

With a key pair it opens SSH, to all addresses where ``SSHSourceRestriction`` names no others; on a
single instance it opens HTTP to all. What the load balancer sends is not followed. Source: AWS
Elastic Beanstalk Developer Guide, "General options", ``aws:autoscaling:launchconfiguration``, and
"Your Elastic Beanstalk environment's Amazon EC2 instances"; semantics.md, B10.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.compute.launch.launches import Launch
from iac_ec2lint.compute.platforms import platform_of
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.attached_rules import GroupRule
from iac_ec2lint.network.filters.group_rules import RuleTraffic
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.hosts.workloads import Eni
from iac_ec2lint.network.sets.addresses import AddressSet, Family, parse_cidr
from iac_ec2lint.network.sets.ports import TCP, PortSet
from iac_ec2lint.resources.beanstalk_environment import BeanstalkEnvironment, BeanstalkSettings
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.security_group import InlineIngressRule
from iac_ec2lint.values import Reference, Step, Unknown, Val, Value

_SSH, _HTTP = PortSet(((22, 22),)), PortSet(((80, 80),))
_EVERYWHERE = "0.0.0.0/0"


class _Opening(NamedTuple):
    """Ports, and whom they are opened to: nobody where that is a group."""

    ports: PortSet
    source: RuleSource | None


def with_own_group(graph: Graph, eni: Eni, admitted: Admission) -> Admission:
    """What groups let in, and what the one lets in that Beanstalk makes."""
    host, settings = eni.host, eni.launch.settings
    if isinstance(host, BeanstalkEnvironment) and isinstance(settings, BeanstalkSettings):
        for rule in _rules(graph, eni.launch, host, settings):
            admitted = admitted.with_rule(rule)
    return admitted


def _rules(
    graph: Graph, launch: Launch, host: BeanstalkEnvironment, settings: BeanstalkSettings
) -> Iterator[GroupRule]:
    without = settings.without_own_group.is_true()
    if without.truth:
        return
    doubts = without.causes if without.truth is None else ()
    key, source = settings.key_pair, settings.ssh_source
    if key is not None or source is not None:
        own = [key] if isinstance(key, Unknown) and key.unset else []
        if key is None and source is not None:
            words = "whether SSH is opened where no key pair is named is not documented"
            own.append(Unknown(words, "external-id", source.span))
        platform = platform_of(graph, launch)
        if platform is not None and platform.system == "windows":
            words = "what Elastic Beanstalk opens to log in to Windows is not documented"
            own.append(Unknown(words, "external-id", host.span))
        elif platform is not None and isinstance(platform.value, Unknown) and not platform.system:
            own.append(platform.value)
        yield _rule(host, _login(settings), (*doubts, *own))
    single = settings.environment_type.equals("SingleInstance")
    served = single & host.tier.equals("WebServer")
    if served.may_be_true:
        words = "Elastic Beanstalk opens HTTP on a single instance"
        place = settings.place("environment_type")
        opening = _Opening(_HTTP, _from_everywhere(place, words))
        yield _rule(host, opening, (*doubts, *(served.causes if served.truth is None else ())))


def _rule(host: BeanstalkEnvironment, opening: _Opening, doubts: tuple[Unknown, ...]) -> GroupRule:
    span = host.span if opening.source is None else opening.source.place.span
    sources = () if opening.source is None else (opening.source,)
    ports = {TCP: opening.ports}
    rule = InlineIngressRule((), span, None, host.type)
    read = RuleTraffic(rule, host, ports, ports, sources, ())
    return GroupRule(host, read, not doubts, doubts[0] if doubts else None)


def _login(settings: BeanstalkSettings) -> _Opening:
    """What is opened to log in."""
    said = settings.ssh_source
    if said is None:
        words = "Elastic Beanstalk opens SSH to all where SSHSourceRestriction is not set"
        return _Opening(_SSH, _from_everywhere(settings.place("key_pair"), words))
    place = settings.place("ssh_source")
    if isinstance(said, Value):
        return _written(said, place)
    if said.candidates:
        found = [_written(one, place) for one in said.candidates if isinstance(one, Value)]
        same = {(one.ports, one.source is None) for one in found}
        if len(found) == len(said.candidates) and same == {(_SSH, True)}:
            return found[0]
    if said.parts and isinstance(said.parts[-1], Reference):
        return _Opening(_SSH, None)  # a group
    return _Opening(_SSH, RuleSource(place, (), (_all(),), (said,)))


def _written(said: Value, place: Place) -> _Opening:
    """The restriction as written: a protocol, two ports, and a block or a group."""
    fields = [field.strip() for field in (said.text or "").split(",")]
    block = parse_cidr(fields[-1]) if len(fields) == 4 else None
    ports = PortSet.parse(f"{fields[1]}-{fields[2]}") if len(fields) == 4 else None
    if block is None:
        return _Opening(ports or _SSH, None)
    shown = Value(fields[-1], said.span, said.via)
    return _Opening(
        ports or _SSH,
        RuleSource(place._replace(value=shown), (block.addresses,), (block.addresses,)),
    )


def _from_everywhere(place: Place, words: str) -> RuleSource:
    shown: Val = Value(_EVERYWHERE, place.span, (Step(place.span, words, assumed=True),))
    return RuleSource(place._replace(value=shown), (_all(),), (_all(),))


def _all() -> AddressSet:
    return AddressSet.everything(Family.IPV4)
