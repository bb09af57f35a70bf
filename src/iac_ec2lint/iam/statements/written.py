"""The policies that a unit writes or attaches, each once, whoever they are for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.principals import Grant, attached_policies, doubtful, policies_in
from iac_ec2lint.resources.iam_principal import (
    IamGroup,
    IamUser,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, PolicyAttachment, Role, RolePolicy
from iac_ec2lint.resources.permission_set import PermissionSetPolicy
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph

_HOLDERS: Final = (
    Role,
    IamUser,
    IamGroup,
    PolicyAttachment,
    PrincipalPolicyAttachment,
    PermissionSetPolicy,
)
"""What lists managed policies."""
_ATTACHING: Final = ("arn", "managedpolicies")
"""What is in the names of the attributes that attach policies by their ARNs."""
_LOOKED_UP: Final = ".data.aws_iam_policy"
_BOUNDARY: Final = "boundary"

POLICY_TYPES: Final = (
    IamGroup,
    IamUser,
    ManagedPolicy,
    PermissionSetPolicy,
    PrincipalPolicy,
    Role,
    RolePolicy,
)
"""All that writes policies for principals."""


@remembered
def written_policies(graph: Graph) -> tuple[Grant, ...]:
    """Each policy that the unit writes for principals.

    A managed policy that is nothing but a permissions boundary grants nothing, and is left out; one
    that is attached to nobody and is called a boundary may be one.
    """
    return tuple(_written(graph))


def _written(graph: Graph) -> Iterator[Grant]:
    grantees: list[Role | IamUser | IamGroup] = [
        *graph.all(Role),
        *graph.all(IamUser),
        *graph.all(IamGroup),
    ]
    for holder in grantees:
        for part in holder.inline_policies:
            if part.document is not None:
                document = PolicyDocument.read(part.document)
                yield Grant(document, holder, part.place("document"))
    for one in graph.all(RolePolicy, PrincipalPolicy):
        yield from policies_in(graph, one)
    for one in graph.all(PermissionSetPolicy):
        if one.document is not None:
            yield Grant(PolicyDocument.read(one.document), one, one.place("document"))
    for policy in graph.all(ManagedPolicy):
        attached = is_attached(graph, policy)
        if not attached and any(graph.sources(policy, "permissions_boundary")):
            continue
        for grant in policies_in(graph, policy):
            yield grant if attached else _perhaps_boundary(policy, grant)


@remembered
def attached_elsewhere(graph: Graph) -> tuple[Grant, ...]:
    """Each managed policy that the unit attaches and AWS has, or that may be one of AWS's.

    One that another account or stack declares is none of these.
    """
    return tuple(
        grant
        for holder in graph.all(*_HOLDERS)
        for grant in attached_policies(graph, holder)
        if may_be_of_aws(grant)
    )


def may_be_of_aws(grant: Grant) -> bool:
    """Whether a policy is one of AWS's, or is attached by an ARN that nobody knows."""
    if grant.managed is not None:
        return True
    value = grant.place.value
    attribute = grant.place.attribute.lower()
    if grant.declared is not None or not any(word in attribute for word in _ATTACHING):
        return False
    if isinstance(value, Reference):
        doubts = (statement.uncertain for statement in grant.document.statements)
        causes = {doubt.cause for doubt in doubts if doubt is not None}
        looked_up = f".{value.target}".rpartition(".")[0].endswith(_LOOKED_UP)
        return looked_up and "data-source" in causes
    if not isinstance(value, Unknown):
        return False
    return not any(isinstance(piece, str) and ":policy/" in piece for piece in value.parts)


def is_attached(graph: Graph, policy: ManagedPolicy) -> bool:
    """Whether a managed policy of the unit is, or may be, attached to anybody there."""
    own = ("roles", "users", "groups")
    return any(any(graph.targets(policy, relation)) for relation in own) or any(
        any(graph.sources(policy, relation)) for relation in ("policies", "managed_policies")
    )


def _perhaps_boundary(policy: ManagedPolicy, grant: Grant) -> Grant:
    name = policy.name.text if policy.name is not None else None
    if _BOUNDARY not in f"{policy.address} {name or ''}".lower():
        return grant
    words = f"whether {policy.address} is more than a permissions boundary is not known"
    return doubtful(grant, Unknown(words, "may-attach", policy.span))
