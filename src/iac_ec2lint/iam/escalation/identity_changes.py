"""The ways from a principal to another through IAM itself: who may change the other, and use it.

What makes a principal an administrator by itself is ``privilege``'s; here it is about one role,
user or group that is named. Source: semantics.md, D2 and D6; IAM User Guide, "Policies and
permissions in IAM".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import arn_in, identity_of
from iac_ec2lint.iam.escalation.assuming_roles import assumes, may_be_named
from iac_ec2lint.iam.escalation.rows.identities import (
    ASSERTIONS,
    CREDENTIALS,
    IDENTITY_POOL,
    JOIN_GROUP,
    POLICY_VERSION,
    POOL_ROLES,
    ROLE_POLICY,
    UPDATE_TRUST,
)
from iac_ec2lint.iam.escalation.steps import ActionRequest, PrivilegeStep, allowed_to, may_any
from iac_ec2lint.iam.grants import in_the_terms_of, may_somewhere, statements_on
from iac_ec2lint.iam.identities.symbolic_arns import symbolic_arn
from iac_ec2lint.iam.policy.glob import MEMBER, match_arn, pieces_of
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.policy.operators import evaluate
from iac_ec2lint.iam.policy_choice import ways_to_attach
from iac_ec2lint.iam.principal import declared_policies
from iac_ec2lint.iam.trust.role_trust import trust_of
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.identity_provider import CognitoIdentityPool
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
    from iac_ec2lint.iam.principal import Principal

WRITES: Final = (
    UPDATE_TRUST,
    ASSERTIONS,
    IDENTITY_POOL,
    POOL_ROLES,
    ROLE_POLICY,
    POLICY_VERSION,
    CREDENTIALS,
    JOIN_GROUP,
)
"""The edges of ``write_edges``."""
LIFTS: Final = tuple(
    action for kind in WRITES if kind.lifts for actions in kind.actions for action in actions
)
"""What makes an administrator of a role that is none."""

_OWN_NAME: Final = "${aws:username}"


def write_edges(graph: Graph, principal: Principal, target: Principal) -> Iterator[PrivilegeStep]:
    """The ways in which a principal makes another its own by changing it.

    A role whose trust policy it may write lets it in; a user gets credentials that it knows; a
    group takes users in, itself among them. A role that it may assume becomes an administrator
    where it may write the role's policies.
    """
    resource = target.resource
    if isinstance(resource, Role):
        yield from _on(principal, UPDATE_TRUST, target.arn, target.identity, labels=target.labels)
        yield from _by_federation(graph, principal, target, resource)
        yield from _on_policies(principal, target)
    elif isinstance(resource, IamUser):
        for step in _on(principal, CREDENTIALS, target.arn, target.identity, labels=target.labels):
            if _names_others(principal, step.actions[0], target):
                yield step
    elif not isinstance(principal.resource, Role) and resource not in principal.groups:
        yield from _on(principal, JOIN_GROUP, target.arn, target.identity)


def _by_federation(
    graph: Graph, principal: Principal, target: Principal, role: Role
) -> Iterator[PrivilegeStep]:
    """Whoever changes a provider that a role trusts says who signs in by it.

    What is in its assertions, or tokens, whatever the trust policy asks of it, it chooses.
    """
    yield from _by_assertions(principal, role)
    yield from _by_pools(graph, principal, target, role)


def _admitting(
    role: Role, action: str, chosen: tuple[str, ...]
) -> Iterator[tuple[Statement, Answer]]:
    """The statements that admit by a kind of federation, where what is chosen is as they ask."""
    for statement in trust_of(role).statements:
        admits = statement.allows & covers_action(statement, action)
        admits &= all_of(
            evaluate(condition, {})
            for condition in statement.conditions
            if not condition.key.lower().startswith(chosen)
        )
        if statement.effect.text != "Deny" and admits.truth is not False:
            yield statement, admits


def _by_assertions(principal: Principal, role: Role) -> Iterator[PrivilegeStep]:
    if not may_somewhere(principal, *ASSERTIONS.actions[0]):
        return
    for statement, admits in _admitting(role, _WITH_SAML, _IN_ASSERTIONS):
        for entry in statement.principals or ():
            provider, given = entry.value, admits
            if not entry.kind:
                given = given & Answer(None, (provider,) if isinstance(provider, Unknown) else ())
            elif entry.kind != "Federated" or ":oidc-provider/" in (provider.text or ""):
                continue
            arn: Val = provider
            identity: Reference | None = None
            if provider.text is None:
                arn = arn_in(provider.span, "iam", "saml-provider/", region=False)
            if isinstance(provider, Reference):
                identity = Reference(provider.target, "arn", provider.span)
            yield from _on(principal, ASSERTIONS, arn, identity, given)


def _by_pools(
    graph: Graph, principal: Principal, target: Principal, role: Role
) -> Iterator[PrivilegeStep]:
    """By the identity pools of Cognito that are named as the audience of their tokens."""
    kinds = [kind for kind in (IDENTITY_POOL, POOL_ROLES) if may_any(principal, (kind,))]
    context: Keys = {"iam:passedtoservice": (_COGNITO,)}
    passed = ActionRequest("iam:PassRole", target.arn, target.identity, context)
    for statement, admits in _admitting(role, _WITH_TOKENS, _IN_POOLS) if kinds else ():
        is_of_pools = any_of(map(_is_cognito, statement.principals or ()))
        named: list[Val] = [
            one
            for condition in statement.conditions
            if condition.claim in {"aud", ""} and not condition.negated
            for value in condition.values or (condition.unknown,)
            if value is not None
            for one in value.elements()
        ]
        for pool in named if is_of_pools.truth is not False else ():
            arn = arn_in(pool.span, "cognito-identity", "identitypool/", pool)
            identity: Reference | None = None
            if isinstance(pool, Reference):
                identity = Reference(pool.target, "arn", pool.span)
            given = admits & is_of_pools
            if IDENTITY_POOL in kinds:
                yield from _on(principal, IDENTITY_POOL, arn, identity, given)
            if POOL_ROLES not in kinds:
                continue
            given &= _admits_users(statement)
            for step in _on(principal, POOL_ROLES, arn, identity, given):
                enters = _signs_in(graph, pool, by_itself=len(step.actions) > 1)
                answer = step.answer & enters & allowed_to(principal, (passed,))
                if answer.truth is not False:
                    yield step._replace(answer=tidy(answer), asked=(*step.asked, passed))


def _admits_users(statement: Statement) -> Answer:
    """Whether a statement about identity pools admits users that have signed in."""
    return all_of(
        evaluate(condition, {f"{_COGNITO}:amr": ("authenticated",)})
        for condition in statement.conditions
        if condition.claim == "amr"
    )


def _signs_in(graph: Graph, pool: Val, *, by_itself: bool) -> Answer:
    """Whether somebody signs in to a pool, ``by_itself`` where it may say who it is."""
    declared = graph.get(pool.target) if isinstance(pool, Reference) else None
    words = f"whether it can sign in to {getattr(pool, 'target', pool.text)} is not known"
    doubt = Answer(None, (Unknown(words, "external-id", pool.span),))
    if not by_itself or not isinstance(declared, CognitoIdentityPool):
        return doubt
    name = declared.developer_name
    if name is None:
        return NO
    return declared.presence.answer & (YES if name.text is not None else doubt)


def _is_cognito(entry: PrincipalEntry) -> Answer:
    """Whether an entry of a trust policy names the pools of Cognito."""
    value = entry.value
    if entry.kind not in {"Federated", ""}:
        return NO
    if value.text is not None:
        return YES if value.text == _COGNITO else NO
    if isinstance(value, Unknown) and not isinstance(value, Reference):
        return Answer(None, (value,))
    return NO


_COGNITO: Final = "cognito-identity.amazonaws.com"
_WITH_TOKENS: Final = "sts:AssumeRoleWithWebIdentity"
_IN_POOLS: Final = (f"{_COGNITO}:", "sts:rolesessionname")
_WITH_SAML: Final = "sts:AssumeRoleWithSAML"
_IN_ASSERTIONS: Final = ("saml:", "aws:principaltag/", "aws:requesttag/", "sts:rolesessionname")


def lift_edges(principal: Principal, target: Principal) -> Iterator[PrivilegeStep]:
    """Those of ``write_edges`` that make an administrator of a role, whatever it was before."""
    if isinstance(target.resource, Role):
        yield from _on_policies(principal, target)


def _names_others(principal: Principal, action: str, user: Principal) -> bool:
    """Whether an action is allowed on a user by more than the name of whoever asks.

    No two users of an account have one name (IAM User Guide, "IAM and AWS STS quotas").
    """
    arn = in_the_terms_of(principal, user.arn)
    covering = statements_on(principal, action)
    for statement in covering:
        spared = statement.not_resources or ()
        if statement.effect.text == "Deny" and spared and not statement.conditions:
            sure = covers_action(statement, action).truth
            if sure and all(_is_own_name(entry, principal) for entry in spared):
                return False
    return any(
        statement.resources is None
        or any(
            not _is_own_name(entry, principal) and match_arn(entry, arn, user.identity) is not False
            for entry in statement.resources
        )
        for statement in covering
        if statement.effect.text != "Deny"
    )


def _is_own_name(entry: Val, principal: Principal) -> bool:
    """Whether an ARN ends in the name of whoever asks, as a variable or filled in."""
    pieces = pieces_of(entry) or ()
    if any(isinstance(piece, str) and _OWN_NAME in piece for piece in pieces):
        return True
    last = pieces[-1] if pieces else ""
    if isinstance(last, Unknown):
        owner = last.target if isinstance(last, Reference) else ""
        return owner == principal.resource.address or owner.startswith(MEMBER)
    name = getattr(principal.resource, "name", None)
    own = name.text if isinstance(name, Value) else None
    return own is not None and last.endswith(f"/{own}")


def _on_policies(principal: Principal, target: Principal) -> Iterator[PrivilegeStep]:
    """Its policies, where the principal may assume the role."""
    kinds = (ROLE_POLICY, POLICY_VERSION)
    if not any(may_somewhere(principal, one) for kind in kinds for (one,) in kind.actions):
        return
    taken, named = assumes(principal, target), may_be_named(principal, target)
    if taken.truth is False and named.truth is False:
        return
    steps = [*_on(principal, ROLE_POLICY, target.arn, target.identity, YES, target.labels)]
    for policy, applies in declared_policies(target).items():
        identity = identity_of(policy)
        steps += _on(principal, POLICY_VERSION, symbolic_arn(policy), identity, applies)
    for step in steps:
        # Who only may write its policies, and only may assume it, is nobody in particular.
        given = taken | named if step.answer.truth else taken
        answer = step.answer & given
        if answer.truth is not False:
            yield step._replace(answer=tidy(answer))


def _on(
    principal: Principal,
    kind: EdgeKind,
    arn: Val,
    identity: Reference | None,
    given: Answer = YES,
    labels: Keys | None = None,
) -> Iterator[PrivilegeStep]:
    for actions in kind.actions:
        if not all(may_somewhere(principal, action) for action in actions):
            continue
        for keys in ways_to_attach(principal.documents, actions[0]):
            context = {**(labels or {}), **keys} or None
            asked = tuple(ActionRequest(action, arn, identity, context) for action in actions)
            answer = given & allowed_to(principal, asked)
            if answer.truth is not False:
                yield PrivilegeStep(kind, actions, tidy(answer), asked)
