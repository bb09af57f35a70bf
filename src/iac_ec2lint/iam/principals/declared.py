"""The declared roles, users and groups, and every policy that applies to each of them.

Sources: semantics.md, D1 (boundaries, symbolic ARNs), D4 (where policies are written) and D5
(managed policies by name).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import own_account
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.policy.settled import settled
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.principals.attached import (
    RELATIONS,
    Grant,
    boundary_of,
    doubt,
    doubtful,
    floating_grants,
    own_grants,
)
from iac_ec2lint.iam.principals.names import KINDS, Grantee, name_of, symbolic_arn
from iac_ec2lint.iam.user_names import for_user, keys_of_calls, member_of
from iac_ec2lint.resources.iam_principal import (
    GroupMembership,
    IamGroup,
    IamUser,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, Role
from iac_ec2lint.values import NO, Answer, Reference, Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.graph.memo import Answers


class Principal(NamedTuple):
    """A declared role, user or group with all that applies to it.

    Attributes:
        resource: The role, user or group.
        grants: Its policies: inline, attached, and a user's groups' too.
        boundary: Its permissions boundary; ``None`` where it has none.
        arn: Its ARN, of which partition and account may be unknown.
        identity: The reference to it.
        answers: Answers to questions about it; see ``remembered``.
        groups: The groups that a user is in for sure.
        freed_by: The action by which it surely takes off itself the boundary that it is made with.
    """

    resource: Grantee
    grants: tuple[Grant, ...]
    boundary: tuple[PolicyDocument, ...] | None
    arn: Val
    identity: Reference
    answers: Answers
    groups: tuple[IamGroup, ...] = ()
    freed_by: str = ""

    def __hash__(self) -> int:
        return hash(self.resource)

    @property
    def documents(self) -> tuple[PolicyDocument, ...]:
        """What its policies say."""
        return tuple(grant.document for grant in self.grants)

    @property
    def kind(self) -> str:
        """``role``, ``user`` or ``group``."""
        return KINDS[type(self.resource)]

    @property
    def own_keys(self) -> dict[str, tuple[str, ...]]:
        """The condition keys that are the same in each call that it makes itself."""
        return keys_of_calls(self.kind, getattr(self.resource, "name", None))

    @property
    def account(self) -> Unknown:
        """The account that all of the unit is in; its id is not known."""
        return own_account(self.resource.span)

    @property
    def name(self) -> str:
        """What messages call it."""
        return f"{self.kind} {self.resource.address}"


def declared_policies(principal: Principal) -> dict[ManagedPolicy, Answer]:
    """The managed policies of the unit that apply to a principal, or may."""
    found: dict[ManagedPolicy, Answer] = {}
    for grant in principal.grants:
        if grant.declared is not None:
            found[grant.declared] = found.get(grant.declared, NO) | grant.answer
    return found


def principals(graph: Graph) -> tuple[Principal, ...]:
    """All roles, users and groups of the unit, by address."""
    return tuple(_index(graph).values())


def principal_of(graph: Graph, resource: Grantee) -> Principal:
    """One role, user or group with all that applies to it."""
    return _index(graph)[resource]


@remembered
def _index(graph: Graph) -> dict[Grantee, Principal]:
    floating = {name: tuple(floating_grants(graph, name)) for name in RELATIONS.values()}
    made: dict[Grantee, Principal] = {}
    for resource in _grantees(graph):
        own = tuple(own_grants(graph, resource, floating[RELATIONS[type(resource)]]))
        made[resource] = Principal(
            resource,
            own,
            boundary_of(graph, resource),
            symbolic_arn(resource),
            Reference(resource.address, "arn", resource.span),
            defaultdict(dict),
        )
    for resource, one in made.items():
        if isinstance(resource, IamUser):
            made[resource] = _with_groups(graph, resource, one, made)
    return {resource: _freed(_by_name(one)) for resource, one in made.items()}


def _freed(one: Principal) -> Principal:
    """A principal without a boundary that it may take off itself, or change for any other.

    Source: IAM User Guide, "Permissions boundaries for IAM entities".
    """
    kind = one.kind.capitalize()
    for action in (f"iam:{verb}{kind}PermissionsBoundary" for verb in ("Delete", "Put")):
        if one.boundary is None:
            break
        request = Request(action, one.arn, None, None, one.identity)
        answer = allows(one.documents, request, one.boundary)
        if answer.truth:
            return one._replace(boundary=None, freed_by=action)
        # Who may only put what a condition names is kept in by that.
        if answer.truth is None and action.startswith("iam:Delete"):
            doubt = Statement.unknown(answer.causes[0])
            document = PolicyDocument((doubt,), one.resource.span)
            one = one._replace(boundary=(*one.boundary, document))
    return one


def _by_name(one: Principal) -> Principal:
    """A principal with its own name where its policies name whichever user asks.

    And without the conditions of which it is known what they come to in its calls.
    """
    name: Val | None = None
    if isinstance(one.resource, IamUser):
        name = name_of(one.resource)
    elif isinstance(one.resource, IamGroup):
        name = member_of(one.resource)

    def of_it(document: PolicyDocument) -> PolicyDocument:
        return settled(for_user(document, name), one.own_keys)

    grants = tuple(_as_grant(grant, of_it(grant.document)) for grant in one.grants)
    boundary = None if one.boundary is None else tuple(map(of_it, one.boundary))
    return one._replace(grants=grants, boundary=boundary)


def _as_grant(grant: Grant, document: PolicyDocument) -> Grant:
    return grant if document is grant.document else grant._replace(document=document)


def _grantees(graph: Graph) -> Iterator[Grantee]:
    everyone: list[Grantee] = [*graph.all(Role), *graph.all(IamUser), *graph.all(IamGroup)]
    yield from sorted(everyone, key=lambda one: one.address)


def _with_groups(
    graph: Graph, user: IamUser, own: Principal, everyone: dict[Grantee, Principal]
) -> Principal:
    """A user with what its groups give it."""
    edges = [*graph.targets(user, "groups")]
    sure: dict[IamGroup, None] = {}
    doubts: dict[IamGroup, Unknown] = {}
    for joining in graph.sources(user, "users"):
        if isinstance(joining.source, GroupMembership):
            edges.extend(
                edge._replace(certain=edge.certain and joining.certain)
                for edge in graph.targets(joining.source, "groups")
            )
    for edge in edges:
        if isinstance(edge.target, IamGroup):
            why = doubt(edge)
            if why is None:
                sure[edge.target] = None
            else:
                doubts[edge.target] = why
    grants = list(own.grants)
    for group in (*sure, *(one for one in doubts if one not in sure)):
        for grant in everyone[group].grants:
            given = grant._replace(group=group)
            grants.append(given if group in sure else doubtful(given, doubts[group]))
    return own._replace(grants=tuple(grants), answers=defaultdict(dict), groups=tuple(sure))
