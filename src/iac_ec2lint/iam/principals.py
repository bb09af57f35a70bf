"""The declared roles, users and groups, and every policy that applies to each of them.

Sources: semantics.md, D1 (boundaries, symbolic ARNs), D4 (where policies are written) and D5
(managed policies by name).
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, Literal

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.graph.other_units import filled_elsewhere, filling_unit
from iac_ec2lint.iam.arns import identity_of, in_the_terms
from iac_ec2lint.iam.identities.boundary_keys import asks_for_boundaries, keys_of_boundary
from iac_ec2lint.iam.identities.identity_tags import asked_tags, keys_of_caller, keys_of_target
from iac_ec2lint.iam.identities.own_limits import freed
from iac_ec2lint.iam.identities.symbolic_arns import own_name, symbolic_arn
from iac_ec2lint.iam.identities.tag_variables import with_own_tags
from iac_ec2lint.iam.listed_policies import policies_listed
from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
from iac_ec2lint.iam.policy.managed import KnownManagedPolicy as AwsPolicy
from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.iam.policy.settled import settled
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.principal import Grant, Grantee, Principal
from iac_ec2lint.iam.trust.role_trust import is_for_services, named_by_trust
from iac_ec2lint.iam.user_names import WITHOUT_MFA, for_user, keys_of_calls, member_of
from iac_ec2lint.resources.data_source import ManagedPolicyDataSource
from iac_ec2lint.resources.iam_principal import (
    GroupMembership,
    IamGroup,
    IamUser,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, PolicyAttachment, Role, RolePolicy
from iac_ec2lint.values import Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

_RELATIONS: Final[dict[type[Resource], str]] = {Role: "roles", IamUser: "users", IamGroup: "groups"}
_WITH_DOCUMENT = (RolePolicy, PrincipalPolicy, ManagedPolicy)
_ATTACHING = (PolicyAttachment, PrincipalPolicyAttachment)


def principals(graph: Graph) -> tuple[Principal, ...]:
    """All roles, users and groups of the unit, by address."""
    return tuple(_index(graph).values())


def principal_of(graph: Graph, resource: Grantee) -> Principal:
    """One role, user or group with all that applies to it."""
    return _index(graph)[resource]


@remembered
def _index(graph: Graph) -> dict[Grantee, Principal]:
    floating = {name: tuple(_floating(graph, name)) for name in _RELATIONS.values()}
    made: dict[Grantee, Principal] = {}
    for resource in _grantees(graph):
        own = tuple(_own_grants(graph, resource, floating[_RELATIONS[type(resource)]]))
        made[resource] = Principal(
            resource,
            own,
            _boundary(graph, resource),
            symbolic_arn(resource),
            identity_of(resource),
            defaultdict(dict),
        )
    for resource, one in made.items():
        if isinstance(resource, IamUser):
            made[resource] = _with_groups(graph, resource, one, made)
    asked, bounds = asked_tags(made.values()), asks_for_boundaries(made.values())
    for resource, one in made.items():
        known = _by_name(
            one._replace(
                calls={
                    **keys_of_calls(one.kind, getattr(resource, "name", None)),
                    **(WITHOUT_MFA if _is_without_mfa(graph, resource) else {}),
                    **keys_of_caller(graph, one, asked),
                },
                labels={
                    **keys_of_target(graph, one, asked),
                    **(keys_of_boundary(graph, resource) if bounds else {}),
                },
            )
        )
        made[resource] = freed(known, _boundary_policies(graph, resource))
    return made


def _is_without_mfa(
    graph: Graph, resource: Resource, beyond: frozenset[Role] = frozenset()
) -> bool:
    """Whether a role is one that nobody but services, and such roles, have sessions of."""
    if not isinstance(resource, Role):
        return False
    if is_for_services(resource):
        return True
    seen = beyond | {resource}
    named = named_by_trust(resource)
    others = [graph.get(one.target) for one in named or ()]
    return named is not None and all(
        isinstance(one, Role) and (one in seen or _is_without_mfa(graph, one, seen))
        for one in others
    )


def _by_name(one: Principal) -> Principal:
    """A principal with its own name where its policies name whichever user asks.

    And without the conditions of which it is known what they come to in its calls.
    """
    name: Val | None = None
    if isinstance(one.resource, IamUser):
        name = own_name(one.resource)
    elif isinstance(one.resource, IamGroup):
        name = member_of(one.resource)

    def of_it(document: PolicyDocument) -> PolicyDocument:
        keys = dict(one.calls)
        if not isinstance(one.resource, IamGroup):
            arn = in_the_terms((document,), one.arn)
            keys["aws:principalarn"] = (NamedArn(arn, one.identity),)
        return settled(with_own_tags(for_user(document, name), keys), keys)

    grants = tuple(_as_grant(grant, of_it(grant.document)) for grant in one.grants)
    boundary = None if one.boundary is None else tuple(map(of_it, one.boundary))
    return one._replace(grants=grants, boundary=boundary)


def _as_grant(grant: Grant, document: PolicyDocument) -> Grant:
    return grant if document is grant.document else grant._replace(document=document)


def _grantees(graph: Graph) -> Iterator[Grantee]:
    everyone: list[Grantee] = [*graph.all(Role), *graph.all(IamUser), *graph.all(IamGroup)]
    yield from sorted(everyone, key=lambda one: one.address)


def _own_grants(graph: Graph, resource: Grantee, floating: tuple[Grant, ...]) -> Iterator[Grant]:
    for part in resource.inline_policies:
        if part.document is not None:
            document = PolicyDocument.read_identity(part.document)
            yield Grant(document, resource, part.place("document"))
    yield from attached_policies(graph, resource)
    for listed in policies_listed(graph, resource, _RELATIONS[type(resource)]):
        document = PolicyDocument.read(listed.gap)
        yield doubtful(Grant(document, listed.listing, listed.place), listed.gap)
    for edge in graph.sources(resource, _RELATIONS[type(resource)]):
        source = edge.source
        if not isinstance(source, _WITH_DOCUMENT + _ATTACHING):
            continue
        why = _doubt(edge)
        if why is source.presence.cause and _together(source, resource):
            why = None
        for grant in policies_in(graph, source):
            yield grant if why is None else doubtful(grant, why)
    yield from floating
    yield from _of_third_unit(graph, resource)


NAMING_ROLES: Final = frozenset({"role", "roles", "role_name", "Roles", "RoleName"})
"""The arguments by which policies and instance profiles name roles."""


def _of_third_unit(graph: Graph, resource: Grantee) -> Iterator[Grant]:
    """The policies that another unit may attach to a role, which is not joined (semantics.md, D4).

    It reads of the role's unit, as this one does, or names the role by its name.
    """
    if isinstance(resource, Role):
        kinds = (RolePolicy, ManagedPolicy, PolicyAttachment)
        by = filling_unit(graph, resource, *kinds, arguments=NAMING_ROLES, name=resource.name)
        if by:
            why = filled_elsewhere(graph, resource, "policies", by)
            unknown = PolicyDocument((Statement.unknown(why),), resource.span)
            yield Grant(unknown, resource, resource.place("name"), certain=False)


def _together(one: Resource, other: Resource) -> bool:
    """Whether two resources hang on the same switch: where one is, the other is too."""
    when = one.presence.key
    return bool(when) and when == other.presence.key


def policies_in(graph: Graph, source: Resource) -> Iterator[Grant]:
    """The policy that a resource is, or those that it attaches."""
    if isinstance(source, _WITH_DOCUMENT):
        if source.document is not None:
            document = PolicyDocument.read_identity(source.document)
            declared = source if isinstance(source, ManagedPolicy) else None
            yield Grant(document, source, source.place("document"), declared=declared)
    else:
        yield from attached_policies(graph, source)


def attached_policies(graph: Graph, holder: Resource) -> Iterator[Grant]:
    """The managed policies that a resource lists."""
    relation = "policies" if isinstance(holder, _ATTACHING) else "managed_policies"
    partly: dict[int, Unknown] = {}
    for edge in graph.targets(holder, relation):
        if isinstance(edge.value, Unknown) and edge.value.candidates:
            partly[id(edge.value)] = edge.value
            if edge.target is None and all(_named_of_aws(edge.value)):
                continue
        document, policy = _managed(edge)
        declared = edge.target if isinstance(edge.target, ManagedPolicy) else None
        place = holder.place(relation, edge.value)
        grant = Grant(document, holder, place, policy, declared=declared)
        # A partly known ARN that names one of AWS's policies is as good as a known one.
        named = policy is not None and isinstance(edge.value, Unknown) and bool(edge.value.parts)
        why = None if edge.certain or named else _doubt(edge)
        yield grant if why is None else doubtful(grant, why)
    for unknown in partly.values():
        yield from _partly_known(holder, relation, unknown)


def _partly_known(holder: Resource, relation: str, unknown: Unknown) -> Iterator[Grant]:
    """AWS's policies among alternatives that are partly known: these are no edges of the graph."""
    for arn, policy in zip(_alternatives(unknown), _named_of_aws(unknown), strict=True):
        if policy is not None:
            place = holder.place(relation, arn)
            yield doubtful(Grant(document_of(policy, arn), holder, place, policy), unknown)


def _named_of_aws(unknown: Unknown) -> list[AwsPolicy | None]:
    """Which policy of AWS's each alternative names that is partly known."""
    return [
        managed_policy(arn) if isinstance(arn, Unknown) and arn.parts else None
        for arn in _alternatives(unknown)
    ]


def _alternatives(unknown: Unknown) -> list[Val]:
    """The ARNs that an unknown one, or a list of them, may be."""
    return [
        arn
        for candidate in unknown.candidates
        for arn in (candidate.elements() if isinstance(candidate, Value) else (candidate,))
    ]


def _managed(edge: Edge) -> tuple[PolicyDocument, AwsPolicy | None]:
    """The document of a managed policy that an edge leads to, and its name where it is AWS's."""
    target = edge.target
    if isinstance(target, ManagedPolicy):
        if target.document is None:
            return PolicyDocument((), target.span), None
        return PolicyDocument.read_identity(target.document), None
    arn = edge.value
    if isinstance(target, ManagedPolicyDataSource):
        known = _looked_up(target)
        arn = arn if known is None else known
    elif isinstance(arn, Unknown) and isinstance(target, External) and target.text is not None:
        arn = Value(target.text, arn.span, arn.via)
    policy = managed_policy(arn)
    if policy is not None:
        return document_of(policy, arn), policy
    name = arn.text or (target.address if target is not None else "a managed policy")
    # One that is looked up by nobody knows which name may be AWS's own.
    nameless = isinstance(target, ManagedPolicyDataSource) and (
        target.name is None or target.name.text is None
    )
    cause: Literal["data-source", "external-id"] = "data-source" if nameless else "external-id"
    why = Unknown(f"{name} is declared elsewhere", cause, edge.value.span)
    return PolicyDocument((Statement.unknown(why),), edge.value.span), None


def _looked_up(source: ManagedPolicyDataSource) -> Val | None:
    """The ARN of a policy that is looked up; one that is looked up by an AWS name is AWS's."""
    if source.arn is not None:
        return source.arn
    name = source.name.text if source.name is not None else None
    if name is None or source.name is None:
        return None
    found = Value(f"arn:aws:iam::aws:policy/{name}", source.name.span)
    policy = managed_policy(found)
    return found if policy is not None and policy.known else None


def _doubt(edge: Edge) -> Unknown | None:
    """Why a policy may not apply to what it is attached to."""
    if edge.certain:
        return edge.source.presence.cause
    if isinstance(edge.value, Unknown):
        return edge.value
    return Unknown("whether it is attached is not known", "condition", edge.value.span)


def doubtful(grant: Grant, why: Unknown) -> Grant:
    """A policy that may not apply."""
    statements = tuple(statement.possible(why) for statement in grant.document.statements)
    document = PolicyDocument(statements, grant.document.span, grant.document.problems)
    return grant._replace(document=document, certain=False)


def _floating(graph: Graph, relation: str) -> Iterator[Grant]:
    """Policies attached to nobody knows whom.

    A variable cannot name what its own unit creates when that is first deployed, and is left out.
    """
    for edge in graph.unresolved(relation):
        value = edge.value
        if not isinstance(value, Unknown) or value.cause in {"variable", "parameter"}:
            continue
        if isinstance(edge.source, _WITH_DOCUMENT + _ATTACHING):
            why = Unknown(value.reason, "may-attach", value.span, value.via, inputs=value.inputs)
            for grant in policies_in(graph, edge.source):
                found = doubtful(grant, why)
                found.document.answers = {}
                yield found


def _boundary(graph: Graph, resource: Grantee) -> tuple[PolicyDocument, ...] | None:
    if isinstance(resource, IamGroup):
        return None
    chosen = resource.permissions_boundary
    if isinstance(chosen, Unknown) and chosen.candidates:
        arms = tuple(_arms_of_boundary(graph, resource, chosen))
        return (PolicyDocument((Choice(chosen, arms),), chosen.span),)
    found: list[PolicyDocument] = []
    for edge in graph.targets(resource, "permissions_boundary"):
        document, _ = _managed(edge)
        if not edge.certain:
            # Which one counts, or whether any does, is not known.
            why = _doubt(edge)
            if why is None:
                why = Unknown("the boundary is not known", "condition", edge.value.span)
            document = PolicyDocument((Statement.unknown(why),), edge.value.span)
        found.append(document)
    return tuple(found) or None


def _arms_of_boundary(
    graph: Graph, resource: Grantee, chosen: Unknown
) -> Iterator[tuple[Statement, ...]]:
    """What each arm of a choice leaves of somebody's policies: all of it, where it is none."""
    for arm in chosen.candidates:
        if isinstance(arm, Unknown) and arm.candidates:
            yield from _arms_of_boundary(graph, resource, arm)
        elif arm.is_null:
            yield (Statement.full_access(arm.span),)
        else:
            edges = graph.targets(resource, "permissions_boundary")
            named = (edge._replace(value=arm) for edge in edges if _is_arm(edge, arm))
            edge = next(named, None)
            yield (Statement.unknown(chosen),) if edge is None else _managed(edge)[0].statements


def _is_arm(edge: Edge, arm: Val) -> bool:
    """Whether an edge leads to what an arm of its value names."""
    if isinstance(edge.target, External) and edge.target.text is not None:
        return edge.target.text == arm.text
    return (
        isinstance(arm, Reference) and edge.target is not None and edge.target.address == arm.target
    )


def _boundary_policies(graph: Graph, resource: Grantee) -> Iterator[ManagedPolicy]:
    """The policies of the unit that surely are somebody's boundary."""
    if not isinstance(resource, IamGroup):
        for edge in graph.targets(resource, "permissions_boundary"):
            if edge.certain and isinstance(edge.target, ManagedPolicy):
                yield edge.target


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
            why = _doubt(edge)
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
