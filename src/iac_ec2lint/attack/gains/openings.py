"""What things that run with a privileged role let others do with them, by policies of their own.

A function whose policy lets somebody change its code, which runs with the function's role; a
cluster of EKS whose access entries let somebody run pods, with the roles of its nodes and of other
pods. Sources: AWS Lambda Developer Guide, "Using resource-based policies in Lambda" and "Granting
Lambda function access to other accounts"; AWS Lambda API Reference, AddPermission; Amazon EKS User
Guide, "Associate access policies with access entries" and "Review access policy permissions": each
of ``_RUN_PODS`` may make pods, with any service account of the namespaces that it is about.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple, TypeAlias

from iac_ec2lint.attack.gains.escalations import gained
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of, names_of
from iac_ec2lint.iam.escalation.services.clusters import roles_behind
from iac_ec2lint.iam.escalation.services.standing_work import takes_unsigned_code
from iac_ec2lint.iam.escalation.steps import sure
from iac_ec2lint.iam.grants import is_denied
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.iam.privilege import Privilege, privilege
from iac_ec2lint.iam.trust.own_accounts import own_accounts
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.lambda_function import LambdaFunction, LambdaPermission
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.pod_identity import (
    AccessEntry,
    AccessPolicy,
    AccessPolicyAssociation,
)
from iac_ec2lint.resources.service_interfaces import EksCluster
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, all_of, any_of, references_of

_UPDATES: Final = "lambda:UpdateFunctionCode"
_CHANGES: Final = ("*", "lambda:*", _UPDATES, "lambda:UpdateFunctionConfiguration")
_SERVICE: Final = regular_expression(r"[^:*]+\.[^:*]+")
_ACCOUNT: Final = regular_expression(r"(\d{12})|arn:[^:]+:(?:iam|sts)::(\d{12}):.+")
_RUN_PODS: Final = ("AmazonEKSClusterAdminPolicy", "AmazonEKSAdminPolicy", "AmazonEKSEditPolicy")

_Entry: TypeAlias = AccessEntry | AccessPolicyAssociation
_Given: TypeAlias = AccessPolicy | AccessPolicyAssociation


class Opening(NamedTuple):
    """A policy of a thing that gives somebody what it runs with.

    Attributes:
        declaring: What declares the policy.
        place: Where it says whom it lets do what.
        who: Whom it lets, in words.
        words: What they can do: ``change the code of aws_lambda_function.jobs``.
        says: What lets them, as a sentence ends with it.
        limit: What takes it from them, in words.
        about: What has the role: the function, nodes, an association, the cluster's issuer.
        role: The role.
        level: What that comes to.
        answer: Whether all of it holds, and the role is privileged beyond what they have.
        value: What tells it from others.
        also: Resources whose presence it hangs on.
        public: Whether it is anybody.
    """

    declaring: Resource
    place: Place
    who: str
    words: str
    says: str
    limit: str
    about: Resource
    role: Principal
    level: Privilege
    answer: Answer
    value: str
    also: tuple[Resource, ...]
    public: bool = False


def openings(graph: Graph) -> Iterator[Opening]:
    """Whom the functions and clusters of a unit let use their privileged roles by their policies.

    Args:
        graph: The graph.
    """
    for permission in graph.all(LambdaPermission):
        yield from _of_permission(graph, permission)
    for entry in graph.all(AccessEntry):
        for given in entry.policies:
            yield from _of_entry(graph, entry, given)
    for one in graph.all(AccessPolicyAssociation):
        yield from _of_entry(graph, one, one)


def _of_permission(graph: Graph, permission: LambdaPermission) -> Iterator[Opening]:
    changes = _changes_code(permission)
    if changes.truth is False:
        return
    for to in graph.targets(permission, "function"):
        function = to.target
        if not isinstance(function, LambdaFunction):
            continue
        for of in graph.targets(function, "role"):
            if isinstance(of.target, Role):
                there = sure(to.certain, to.value) & sure(of.certain, of.value) & changes
                yield from _of_function(graph, permission, function, of.target, there)


def _of_function(
    graph: Graph,
    permission: LambdaPermission,
    function: LambdaFunction,
    role: Role,
    there: Answer,
) -> Iterator[Opening]:
    target = principal_of(graph, role)
    level = privilege(graph, target)
    for who, one, admitted in _admitted(graph, permission):
        way = there & admitted & takes_unsigned_code(graph, function)
        own = Privilege(target, ())
        if one is not None:
            own = privilege(graph, one)
            name = names_of(function, function.name)[0]
            arn = arn_in(function.span, "lambda", "function:", name)
            way = way & ~is_denied(one, _UPDATES, arn, identity_of(function))
        answer = gained(way, level.answer, level.beyond(own))
        if answer.may_be_true:
            yield Opening(
                permission,
                permission.place("action"),
                who,
                f"change the code of {function.address}",
                "its policy says so",
                "allow lambda:InvokeFunction alone",
                function,
                target,
                level,
                tidy(answer),
                f"{who} {function.address}",
                (function, role),
                permission.principal is not None and permission.principal.text == "*",
            )


def _changes_code(permission: LambdaPermission) -> Answer:
    action = permission.action
    if action is None:
        return NO
    conditions = (permission.is_set("source"), permission.is_set("source_account"))
    # Nobody's own calls have the keys that these ask for.
    return any_of(action.equals(one) for one in _CHANGES) & all_of(~one for one in conditions)


def _admitted(
    graph: Graph, permission: LambdaPermission
) -> Iterator[tuple[str, Principal | None, Answer]]:
    """Whom a statement admits, in words, who that is of the unit, and whether it does."""
    value = permission.principal
    if value is None:
        return
    own = [graph.get(reference.target) for reference in references_of(value)]
    named = [one for one in own if isinstance(one, Role | IamUser)]
    text = value.text
    if named:
        for one in named:
            yield principal_of(graph, one).name, principal_of(graph, one), YES
    elif text is None:
        yield "a principal that is not known", None, _unknown(value, "who that is is not known")
    elif text == "*":
        organised = permission.is_set("organisation")
        within = _unknown(value, "who is in the organisation is not known")
        yield "any AWS principal", None, YES if organised.truth is False else within
    elif not _SERVICE.fullmatch(text):
        found = _ACCOUNT.fullmatch(text)
        account = (found[1] or found[2]) if found is not None else text
        if account not in own_accounts(graph):
            words = f"whether account {account} is your own is not known"
            yield f"account {account}", None, _unknown(value, words)


def _unknown(value: Val, words: str) -> Answer:
    cause = value if isinstance(value, Unknown) else Unknown(words, "external-id", value.span)
    return Answer(None, (cause,))


def _of_entry(graph: Graph, entry: _Entry, given: _Given) -> Iterator[Opening]:
    runs = entry.presence.answer & _runs_pods(given)
    if runs.truth is False:
        return
    for to in graph.targets(entry, "principal"):
        for of in graph.targets(entry, "cluster"):
            if isinstance(to.target, IamUser | Role) and isinstance(of.target, EksCluster):
                there = runs & sure(to.certain, to.value) & sure(of.certain, of.value)
                who = principal_of(graph, to.target)
                yield from _of_cluster(graph, entry, given, who, of.target, there)


def _of_cluster(
    graph: Graph,
    entry: _Entry,
    given: _Given,
    who: Principal,
    cluster: EksCluster,
    there: Answer,
) -> Iterator[Opening]:
    """What has each role of a cluster that is worth it: the first that may."""
    own = privilege(graph, who)
    for role in graph.all(Role):
        if role is who.resource:
            continue
        target = principal_of(graph, role)
        level = privilege(graph, target)
        for about, has in roles_behind(graph, cluster, role):
            answer = gained(there & has, level.answer, level.beyond(own))
            if answer.may_be_true:
                yield Opening(
                    entry,
                    given.place("policy_arn"),
                    who.name,
                    f"run pods of its own by {about.address}",
                    f"an access entry of {cluster.address} says so",
                    "give it a policy that reads alone",
                    about,
                    target,
                    level,
                    tidy(answer),
                    f"{who.resource.address} {role.address}",
                    (who.resource, cluster, role),
                )
                break


def _runs_pods(given: _Given) -> Answer:
    """Whether a policy lets make pods: of whatever namespace, else it is not known with which."""
    policy = given.policy_arn
    if policy is None:
        return NO
    ends = policy.test(lambda one: str(one).rpartition("/")[2] in _RUN_PODS)
    if given.scope_type is None or given.scope_type.text == "cluster":
        return ends
    words = "which service accounts are in its namespaces is not known"
    return ends & Answer(None, (Unknown(words, "external-id", given.scope_type.span),))
