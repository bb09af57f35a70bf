"""The policies that a unit writes or attaches, each once, whoever they are for."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import is_admin
from iac_ec2lint.iam.grants import is_denied
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.principal import Grant, Principal
from iac_ec2lint.iam.principals import attached_policies, doubtful, policies_in, principals
from iac_ec2lint.iam.statements.breadth import actions_matching
from iac_ec2lint.iam.statements.limits import without_limits
from iac_ec2lint.resources.iam_principal import (
    IamGroup,
    IamUser,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, PolicyAttachment, Role, RolePolicy
from iac_ec2lint.resources.permission_set import PermissionSetPolicy
from iac_ec2lint.values import YES, Answer, Reference, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

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
_ATTACHED_TO: Final = ("roles", "users", "groups")
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


def reaches_holders(graph: Graph, grant: Grant, action: str) -> Answer:
    """Whether somebody who has a policy may do what it allows everywhere, whatever bounds them.

    A policy that nobody here has may be anybody's. Source: IAM User Guide, "Permissions boundaries
    for IAM entities" (a boundary grants nothing, and takes what it does not allow).

    Args:
        graph: The graph.
        grant: The policy.
        action: What it allows on everything.
    """
    holders = _bounded_holders(graph, grant)
    if not holders:
        return YES
    return any_of(~is_denied(one, action, None, None) for one in holders)


def bounds_leave_some(graph: Graph, grant: Grant, actions: Collection[str]) -> Answer:
    """Whether one of some actions is left to somebody who has a policy, on whatever it is.

    Args:
        graph: The graph.
        grant: The policy.
        actions: What it allows, or patterns of it such as ``ec2:*``.
    """
    asked = [Request(name) for one in actions for name in actions_matching(one.lower())]
    holders = _bounded_holders(graph, grant)
    if not (holders and asked):
        return YES
    return any_of(allows(_bounds(one), request) for one in holders for request in asked)


def bounds_leave_administrators(graph: Graph, grant: Grant) -> Answer:
    """Whether somebody whom a policy makes an administrator is one within what bounds them."""
    holders = _bounded_holders(graph, grant)
    return any_of(is_admin(_bounds(one)) for one in holders) if holders else YES


def _bounds(one: Principal) -> tuple[PolicyDocument, ...]:
    """The boundary of somebody, without what conditions limit: a Region limits nothing."""
    return tuple(map(without_limits, one.boundary or ()))


def _bounded_holders(graph: Graph, grant: Grant) -> list[Principal]:
    """Who has a policy, each with a boundary; nobody where it may be had without one."""
    holders = _holders(graph).get(grant.resource.address, [])
    free = any(one.boundary is None for one in holders)
    return [] if free or _has_others(graph, grant.resource) else holders


def _has_others(graph: Graph, policy: Resource) -> bool:
    """Whether a policy is attached to somebody who is declared elsewhere."""
    attaching = [policy, *(edge.source for edge in graph.sources(policy, "policies"))]
    return any(
        not isinstance(edge.target, Role | IamUser | IamGroup)
        for one in attaching
        for edge in graph.targets(one, *_ATTACHED_TO)
    )


@remembered
def _holders(graph: Graph) -> dict[str, list[Principal]]:
    """The principals that have each policy, by the address of what writes it."""
    found: dict[str, list[Principal]] = defaultdict(list)
    for one in principals(graph):
        addresses = [
            address
            for grant in one.grants
            for address in (grant.resource.address, grant.declared and grant.declared.address)
            if address
        ]
        for address in dict.fromkeys(addresses):
            found[address].append(one)
    return found


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
