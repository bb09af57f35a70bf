"""What a principal may do to others' policies and boundaries, whoever it is itself.

Sources: IAM User Guide, "Permissions boundaries for IAM entities" and "Adding and removing IAM
identity permissions"; semantics.md, D6.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import identity_of
from iac_ec2lint.iam.escalation.first_questions import is_in_a_policy
from iac_ec2lint.iam.grants import is_allowed, statements_on
from iac_ec2lint.iam.identities.symbolic_arns import symbolic_arn
from iac_ec2lint.iam.principal import declared_policies
from iac_ec2lint.iam.privilege import Power, privilege, rewriting, writing_own_policies
from iac_ec2lint.resources.iam_role import ManagedPolicy
from iac_ec2lint.values import Answer, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Principal


@remembered
def writes_policies(principal: Principal) -> bool:
    """Whether a principal may write policies of somebody: a cheap first question.

    A policy that may be anybody's is news of nobody.
    """
    return any(
        one.effect.text != "Deny" and (one.uncertain is None or one.uncertain.cause != "may-attach")
        for action in _WRITES
        for one in statements_on(principal, action)
    )


@remembered
def names_writing(principal: Principal) -> bool:
    """Whether a policy of a principal names such a right; else it has none for sure."""
    return any(is_in_a_policy(principal, one) for one in _WRITES)


def power_over(graph: Graph, holder: Principal, other: Principal) -> Power | None:
    """That a principal may give another any policy, where it may, and is no administrator itself.

    Whoever has the first do its work, and is the second, makes an administrator of itself.

    Args:
        graph: The graph.
        holder: Who may write policies.
        other: Whose these are.
    """
    if not writes_policies(holder) or privilege(graph, holder).administers:
        return None
    answer = any_of(_writing(holder, other))
    if other.boundary is not None and answer.may_be_true:
        answer = answer & may_free(graph, holder, other)
    words = f"gives {other.name} any policy"
    found = Power("administrator-equivalent", words, answer, _WRITES)
    return found if answer.may_be_true else None


def _writing(holder: Principal, other: Principal) -> Iterator[Answer]:
    """Whether each way is open in which a principal writes what applies to another."""
    for asked in writing_own_policies(other, holder):
        yield is_allowed(holder, *asked)
    for policy, attached in declared_policies(other).items():
        yield attached & _rewrites(holder, policy)


@remembered
def _rewrites(holder: Principal, policy: ManagedPolicy) -> Answer:
    return any_of(is_allowed(holder, *asked) for asked in rewriting(holder, policy))


def may_free(graph: Graph, holder: Principal, other: Principal) -> Answer:
    """Whether a principal may take off the permissions boundary of another, or rewrite it."""
    deletes = f"iam:Delete{other.kind.title()}PermissionsBoundary"
    answer = is_allowed(holder, deletes, other.arn, other.identity)
    for edge in graph.targets(other.resource, "permissions_boundary"):
        policy = edge.target
        if isinstance(policy, ManagedPolicy) and edge.certain:
            identity = identity_of(policy)
            writes = "iam:CreatePolicyVersion", symbolic_arn(policy), identity
            answer = answer | is_allowed(holder, *writes)
    return answer


_WRITES: Final = (
    *(
        f"iam:{verb}{kind}Policy"
        for kind in ("User", "Role", "Group")
        for verb in ("Put", "Attach")
    ),
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
)
