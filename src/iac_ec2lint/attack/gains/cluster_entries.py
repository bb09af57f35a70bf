"""Whom a cluster of EKS lets run pods of their own, with the roles of its nodes and its pods.

Sources: Amazon EKS User Guide, "Associate access policies with access entries" and "Review access
policy permissions": each of ``_RUN_PODS`` may make pods, with any service account of the
namespaces that it is about.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.gains.escalations import gained
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.escalation.services.clusters import roles_behind
from iac_ec2lint.iam.escalation.steps import sure
from iac_ec2lint.iam.principals import Principal, principal_of
from iac_ec2lint.iam.privilege import Privilege, privilege
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.pod_identity import (
    AccessEntry,
    AccessPolicy,
    AccessPolicyAssociation,
)
from iac_ec2lint.resources.service_interfaces import EksCluster
from iac_ec2lint.values import NO, Answer, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_RUN_PODS: Final = ("AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy")


class ClusterOpening(NamedTuple):
    """A policy of an access entry that gives a principal what a cluster's pods have.

    Attributes:
        entry: What declares it.
        given: The policy, in it.
        who: The principal.
        cluster: The cluster.
        about: What has the role there: nodes, an association, the cluster's issuer.
        role: The role.
        level: What that comes to.
        answer: Whether all of it holds, and the role is privileged beyond what the principal has.
    """

    entry: AccessEntry | AccessPolicyAssociation
    given: AccessPolicy | AccessPolicyAssociation
    who: Principal
    cluster: EksCluster
    about: Resource
    role: Principal
    level: Privilege
    answer: Answer


def cluster_openings(graph: Graph) -> Iterator[ClusterOpening]:
    """Whom the clusters of a unit let run pods that have privileged roles.

    Args:
        graph: The graph.
    """
    for entry in graph.all(AccessEntry):
        for given in entry.policies:
            yield from _openings(graph, entry, given)
    for one in graph.all(AccessPolicyAssociation):
        yield from _openings(graph, one, one)


def _openings(
    graph: Graph,
    entry: AccessEntry | AccessPolicyAssociation,
    given: AccessPolicy | AccessPolicyAssociation,
) -> Iterator[ClusterOpening]:
    runs = entry.presence.answer & _runs_pods(given)
    if runs.truth is False:
        return
    for to in graph.targets(entry, "principal"):
        for of in graph.targets(entry, "cluster"):
            if not isinstance(to.target, IamUser | Role) or not isinstance(of.target, EksCluster):
                continue
            who, cluster = principal_of(graph, to.target), of.target
            there = runs & sure(to.certain, to.value) & sure(of.certain, of.value)
            own = privilege(graph, who)
            for role in graph.all(Role):
                if role is to.target:
                    continue
                target = principal_of(graph, role)
                level = privilege(graph, target)
                for about, has in roles_behind(graph, cluster, role):
                    answer = gained(there & has, level.answer, level.beyond(own))
                    if answer.may_be_true:
                        yield ClusterOpening(
                            entry, given, who, cluster, about, target, level, tidy(answer)
                        )
                        break


def _runs_pods(given: AccessPolicy | AccessPolicyAssociation) -> Answer:
    """Whether a policy lets make pods: of whatever namespace, else it is not known with which."""
    policy = given.policy_arn
    if policy is None:
        return NO
    ends = policy.test(lambda one: str(one).rpartition("/")[2] in _RUN_PODS)
    if given.scope_type is None or given.scope_type.text == "cluster":
        return ends
    words = "which service accounts are in its namespaces is not known"
    return ends & Answer(None, (Unknown(words, "external-id", given.scope_type.span),))
