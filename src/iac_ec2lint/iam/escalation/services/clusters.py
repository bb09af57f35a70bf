"""Roles that whoever may enter a cluster of EKS has: those of its nodes and of its pods.

An access entry with the policy of a cluster's administrators lets its principal run pods as any
service account, and on the nodes' own network, where the metadata service gives the nodes' role
whatever its hop limit. Sources: Amazon EKS User Guide, "Grant IAM users access to Kubernetes with
EKS access entries", "Associate access policies with access entries", "IAM roles for service
accounts", "Learn how EKS Pod Identity grants pods access to AWS services"; Service Authorization
Reference (what the actions are about).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of, joined, own_id
from iac_ec2lint.iam.escalation.rows.standing import ENTERS, GIVES_PODS, MAKES_ENTRY
from iac_ec2lint.iam.escalation.steps import (
    ActionRequest,
    PrivilegeStep,
    by_any_name,
    may_any,
    sure,
)
from iac_ec2lint.iam.grants import may_somewhere
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.trust.role_trust import trust_of, trusts_service
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.identity_provider import OpenIdProvider
from iac_ec2lint.resources.pod_identity import AccessEntry, PodIdentityAssociation
from iac_ec2lint.resources.service_interfaces import EksCluster
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, any_of, references_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.iam_role import Role
    from iac_ec2lint.resources.part import Resource

_PODS: Final = "pods.eks.amazonaws.com"
_WEB: Final = "sts:AssumeRoleWithWebIdentity"
_ANYWHERE: Final = "0.0.0.0/0"
_BY_ENTRIES: Final = ("API", "API_AND_CONFIG_MAP")


@remembered
def may_enter_clusters(principal: Principal) -> bool:
    """Whether a principal may do all that an access entry takes, whatever it is about."""
    return may_any(principal, (ENTERS,))


def cluster_edges(graph: Graph, principal: Principal, role: Role) -> Iterator[PrivilegeStep]:
    """The ways in which a principal has a role by the clusters of the unit that it may enter."""
    if not may_enter_clusters(principal):
        return
    for cluster in graph.all(EksCluster):
        for actions in ENTERS.actions:
            asked, enters = _enters(principal, cluster, actions)
            if MAKES_ENTRY not in actions:
                enters = enters & _has_entry(graph, principal, cluster)
            if enters.truth is False:
                continue
            for about, gives in _given(graph, cluster, role):
                answer = tidy(enters & gives)
                if answer.truth is not False:
                    yield PrivilegeStep(ENTERS, actions, answer, asked, about)
            for step in _by_association(graph, principal, cluster, role, asked, enters):
                yield step._replace(actions=actions)


def roles_behind(
    graph: Graph, cluster: EksCluster, role: Role
) -> Iterator[tuple[Resource, Answer]]:
    """What of a cluster has a role that whoever runs pods in it gets at, and whether it has.

    Args:
        graph: The graph.
        cluster: The cluster.
        role: The role.
    """
    reached = _is_reached(cluster)
    for about, gives in _given(graph, cluster, role):
        yield about, reached & gives
    trusted = trusts_service(role, (_PODS,))
    for one in _associations(graph, cluster) if trusted.truth is not False else ():
        for edge in graph.targets(one, "pod_role"):
            if edge.target is role:
                there = one.presence.answer & sure(edge.certain, edge.value) & trusted
                yield one, reached & there


def _has_entry(graph: Graph, principal: Principal, cluster: EksCluster) -> Answer:
    """Whether a cluster has an entry for a principal already, so that it takes no other."""
    return any_of(
        edge.source.presence.answer & sure(edge.certain, edge.value) & sure(of.certain, of.value)
        for edge in graph.sources(principal.resource, "principal")
        if isinstance(edge.source, AccessEntry)
        for of in graph.targets(edge.source, "cluster")
        if of.target is cluster
    )


def _enters(
    principal: Principal, cluster: EksCluster, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may make itself an administrator of a cluster."""
    ways = (_asked(cluster, actions, name) for name in _names(cluster))
    asked, may = by_any_name(principal, ways)
    ways = (_asked(cluster, ("eks:UpdateClusterConfig",), name) for name in _names(cluster))
    _, changed = by_any_name(principal, ways)
    mode = cluster.authentication_mode
    by_entries = NO if mode is None else any_of(mode.equals(one) for one in _BY_ENTRIES)
    there = cluster.presence.answer & _is_reached(cluster)
    return asked, there & may & (by_entries | changed)


def _is_reached(cluster: EksCluster) -> Answer:
    """Whether whoever may enter a cluster reaches its endpoint: surely where that is public."""
    public = YES if cluster.public_endpoint is None else cluster.public_endpoint.is_true()
    cidrs = cluster.public_cidrs
    if cidrs and not any(one.text == _ANYWHERE for one in cidrs):
        public = NO
    words = f"whether the endpoint of {cluster.address} is reached is not known"
    return public if public.truth else Answer(None, (Unknown(words, "external-id", cluster.span),))


def _names(cluster: EksCluster) -> tuple[tuple[str | Unknown, ...], ...]:
    """The names of a cluster: as it is written, and as it is referred to."""
    written = None if cluster.name is None else pieces_of(cluster.name)
    own = (own_id(cluster),)
    return (own,) if written is None else (written, own)


def _asked(
    cluster: EksCluster, actions: tuple[str, ...], name: tuple[str | Unknown, ...]
) -> tuple[ActionRequest, ...]:
    span = cluster.span
    entry = Unknown("the access entry is not known", "computed", span)
    arn = arn_in(span, "eks", "cluster/", joined(name, span))
    of_entry = arn_in(span, "eks", "access-entry/", joined((*name, "/", entry), span))
    identity = Reference(cluster.address, "arn", span)
    return tuple(
        ActionRequest(action, of_entry if action.endswith("AccessPolicy") else arn, identity)
        for action in actions
    )


def _given(graph: Graph, cluster: EksCluster, role: Role) -> Iterator[tuple[Resource, Answer]]:
    """What of a cluster has a role that its administrators get at, and whether it has."""
    for edge in graph.sources(role, "node_role"):
        nodes = edge.source
        if isinstance(nodes, EksNodeGroup):
            for of in graph.targets(nodes, "cluster"):
                if of.target is cluster:
                    here = sure(edge.certain, edge.value) & sure(of.certain, of.value)
                    yield nodes, here & nodes.presence.answer
    for provider in graph.all(OpenIdProvider):
        url = provider.url
        if url is not None and any(one.target == cluster.address for one in references_of(url)):
            yield provider, _admits_pods(role, provider)


def _admits_pods(role: Role, provider: OpenIdProvider) -> Answer:
    """Whether a role trusts the tokens of a cluster's service accounts, of whatever name."""
    return any_of(
        statement.allows & covers_action(statement, _WEB)
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        and any(
            one.target == provider.address
            for entry in statement.principals or ()
            for one in references_of(entry.value)
        )
    )


def _by_association(
    graph: Graph,
    principal: Principal,
    cluster: EksCluster,
    role: Role,
    asked: tuple[ActionRequest, ...],
    enters: Answer,
) -> Iterator[PrivilegeStep]:
    """By an association of EKS Pod Identity: of the unit, of its own, or one that may be there."""
    trusted = trusts_service(role, (_PODS,))
    if trusted.truth is False:
        return
    declared = _associations(graph, cluster)
    for one in declared:
        for edge in graph.targets(one, "pod_role"):
            if edge.target is role:
                there = one.presence.answer & sure(edge.certain, edge.value) & trusted
                answer = tidy(enters & there)
                if answer.truth is not False:
                    yield PrivilegeStep(ENTERS, ENTERS.actions[0], answer, asked, one)
    passed = ActionRequest(
        "iam:PassRole",
        arn_in(role.span, "iam", "role/", role.name, region=False),
        identity_of(role),
        {"iam:passedtoservice": (_PODS,)},
    )
    for action in GIVES_PODS if declared else GIVES_PODS[:1]:
        if may_somewhere(principal, action):
            ways = ((_on_associations(cluster, action, one), passed) for one in _names(cluster))
            wanted, may = by_any_name(principal, ways)
            answer = tidy(enters & trusted & may)
            if answer.truth is not False:
                yield PrivilegeStep(ENTERS, ENTERS.actions[0], answer, (*asked, *wanted), cluster)
                return
    words = f"whether pods of {cluster.address} have {role.address} is not known"
    there = Answer(None, (Unknown(words, "external-id", role.span),))
    yield PrivilegeStep(ENTERS, ENTERS.actions[0], tidy(enters & trusted & there), asked, cluster)


def _on_associations(
    cluster: EksCluster, action: str, name: tuple[str | Unknown, ...]
) -> ActionRequest:
    """A request about a cluster, or about an association of it that is there."""
    if action == GIVES_PODS[0]:
        return _asked(cluster, (action,), name)[0]
    span = cluster.span
    made = Unknown("the id of an association is not known", "computed", span)
    of = joined((*name, "/", made), span)
    return ActionRequest(action, arn_in(span, "eks", "podidentityassociation/", of))


def _associations(graph: Graph, cluster: EksCluster) -> tuple[PodIdentityAssociation, ...]:
    """The associations of a cluster that are declared."""
    return tuple(
        edge.source
        for edge in graph.sources(cluster, "cluster")
        if isinstance(edge.source, PodIdentityAssociation)
    )
