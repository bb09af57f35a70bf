"""What EKS opens on the nodes of a managed node group that has a key pair for remote access.

Source: EKS API reference, RemoteAccessConfig: with a key, SSH (on Windows RDP) is open to the
groups that it names, and to 0.0.0.0/0 where it names none, as in an empty list; semantics.md, B10.
"""

from __future__ import annotations

from iac_ec2lint.declaration import CERTAIN
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.admission import Admission
from iac_ec2lint.network.filters.attached_rules import GroupRule
from iac_ec2lint.network.filters.group_rules import RuleTraffic
from iac_ec2lint.network.filters.rule_sources import RuleSource
from iac_ec2lint.network.hosts.workloads import Eni, none_named
from iac_ec2lint.network.sets.addresses import AddressSet, Family
from iac_ec2lint.network.sets.ports import TCP, PortSet
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.security_group import InlineIngressRule
from iac_ec2lint.values import Unknown, Val

_SSH, _RDP = PortSet(((22, 22),)), PortSet(((3389, 3389),))


def with_remote_access(graph: Graph, eni: Eni, admitted: Admission) -> Admission:
    """What groups let in, and what EKS opens besides where the host is a node group."""
    host = eni.host
    return _with_access(graph, host, admitted) if isinstance(host, EksNodeGroup) else admitted


@remembered
def _with_access(graph: Graph, host: EksNodeGroup, admitted: Admission) -> Admission:
    # EKS takes no key of its own where a template is named.
    if host.key_pair is None or host.launch_template.written:
        return admitted
    return admitted.with_rule(_rule(graph, host, host.key_pair))


def _rule(graph: Graph, host: EksNodeGroup, key_pair: Val) -> GroupRule:
    named = tuple(graph.targets(host, "source_security_groups"))
    everywhere = AddressSet.everything(Family.IPV4)
    place = Place(key_pair.span, host.spelling("key_pair"), None, CERTAIN)
    unset = key_pair if isinstance(key_pair, Unknown) and key_pair.unset else None
    windows = host.ami_type.text if host.ami_type is not None else ""
    ports = _RDP if (windows or "").upper().startswith("WINDOWS") else _SSH
    known = host.ami_type is None or not isinstance(host.ami_type, Unknown)
    upper = {TCP: ports if known else _SSH | _RDP}
    lower = {TCP: ports} if known else {}
    causes = (host.ami_type,) if isinstance(host.ami_type, Unknown) else ()
    source = RuleSource(place, (everywhere,), (everywhere,))
    gaps = _none_named(host, named)
    if gaps:
        # With no group named it is everywhere.
        source = source._replace(lower=(), causes=gaps)
    rule = InlineIngressRule((), key_pair.span, None, host.type)
    sources = () if named and not gaps else (source,)
    read = RuleTraffic(rule, host, lower, upper, sources, causes)
    return GroupRule(host, read, unset is None, unset, named)


def _none_named(host: EksNodeGroup, named: tuple[Edge, ...]) -> tuple[Unknown, ...]:
    """Why what names the groups may name none; empty where it surely does, or does not."""
    if not named:
        return ()
    gap = none_named(named)
    if gap is not None:
        return (gap,)
    # A list that is not known at all may be null, or have nothing in it.
    whole = host.read(EksNodeGroup.source_security_groups)
    return (whole,) if isinstance(whole, Unknown) and _may_be_null(whole) else ()


def _may_be_null(value: Val) -> bool:
    if not isinstance(value, Unknown):
        return value.is_null
    return value.may_be_null or any(map(_may_be_null, value.candidates))
