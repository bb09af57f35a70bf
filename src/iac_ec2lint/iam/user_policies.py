"""Policies that are attached to users themselves, and what they allow of some services.

Source: IAM User Guide, "Policies and permissions in AWS Identity and Access Management".
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.nodes import External
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import is_everything, match_text, pieces_of
from iac_ec2lint.iam.policy.matching import answer_for
from iac_ec2lint.iam.principals import attached_policies, policies_in
from iac_ec2lint.resources.iam_principal import (
    IamUser,
    PrincipalPolicy,
    PrincipalPolicyAttachment,
)
from iac_ec2lint.resources.iam_role import ManagedPolicy, PolicyAttachment, RolePolicy
from iac_ec2lint.values import YES, Answer, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.resources.part import Place, Resource


class UserPolicy(NamedTuple):
    """A policy that a user has of its own, by no group.

    Attributes:
        user: The user, in words.
        resource: What attaches the policy: the user itself, or a policy, or an attachment.
        place: Where it says so.
        answer: Whether the policy allows any action of the services that are asked about.
    """

    user: str
    resource: Resource
    place: Place
    answer: Answer


def policies_of_users(graph: Graph, services: Collection[str]) -> Iterator[UserPolicy]:
    """The policies that users have of their own and that allow an action of services, or may.

    Args:
        graph: The graph.
        services: The prefixes of actions: ``ec2``.
    """
    for user in graph.all(IamUser):
        for part in user.inline_policies:
            if part.document is not None:
                place = part.place("document")
                answer = allows_any(PolicyDocument.read(part.document), services)
                if answer.may_be_true:
                    yield UserPolicy(user.address, user, place, answer)
        for grant in attached_policies(graph, user):
            answer = allows_any(grant.document, services)
            if answer.may_be_true:
                yield UserPolicy(user.address, user, grant.place, answer)
    kinds = (
        ManagedPolicy,
        PolicyAttachment,
        PrincipalPolicy,
        PrincipalPolicyAttachment,
        RolePolicy,
    )
    for source in graph.all(*kinds):
        edges = graph.targets(source, "users")
        if not edges:
            continue
        grants = tuple(policies_in(graph, source))
        allowed = any_of(allows_any(grant.document, services) for grant in grants)
        for edge in edges if allowed.may_be_true else ():
            why = edge.value if edge.target is None else None
            given = Answer(None, (why,)) if isinstance(why, Unknown) else YES
            yield UserPolicy(
                _name(edge), source, source.place("users", edge.value), allowed & given
            )


def allows_any(document: PolicyDocument, services: Collection[str]) -> Answer:
    """Whether a document allows an action of some services on anything, denies left aside."""
    return any_of(
        statement.allows & any_of(_covers(statement, service) for service in services)
        for statement in document.statements
    )


def _covers(statement: Statement, service: str) -> Answer:
    """Whether a statement covers an action of a service."""
    if statement.not_actions is not None:
        return ~any_of(
            answer_for(entry, lambda one: match_text(one, f"{service}:*", fold=True))
            for entry in statement.not_actions
        )
    return any_of(
        answer_for(entry, lambda one: _is_of(one, service)) for entry in statement.actions or ()
    )


def _is_of(action: Val, service: str) -> bool | None:
    """Whether an entry covers any action of a service; ``None`` where an unknown piece decides."""
    pieces = pieces_of(action)
    if pieces is None:
        return False
    start = pieces[0]
    if isinstance(start, Unknown):
        return None
    prefix, colon, _ = start.partition(":")
    if colon:
        return match_text(Value(prefix, action.span), service, fold=True)
    return is_everything(action) if len(pieces) == 1 else None


def _name(edge: Edge) -> str:
    """What messages call a user."""
    if edge.target is not None and not isinstance(edge.target, External):
        return edge.target.address
    return edge.value.text or "a user that is not known"
