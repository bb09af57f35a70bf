"""Whether a principal may assume a role, by the role's trust policy and its own policies.

What whoever assumes one writes in the call, as names and ids of its choice, is known from what a
trust policy of the unit asks for. Sources: AWS STS API Reference, AssumeRole; IAM User Guide,
"Available keys for AWS STS" and "Manage AWS STS in an AWS Region" (a role is assumed in any
Region).
"""

from __future__ import annotations

from itertools import islice, product
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.access import first_sure, tidy
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_to
from iac_ec2lint.iam.grants import asked_keys, is_denied, keys_asked_by
from iac_ec2lint.iam.trust.role_trust import may_name, names_others, trust_of, trusts
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, Answer, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principal import Principal


def assumes(principal: Principal, target: Principal) -> Answer:
    """Whether a principal may assume a role.

    A trust policy that names it is enough, where nothing denies it; one that names the account
    leaves it to the account's own policies (AWS STS API Reference, "AssumeRole").
    """
    role = target.resource
    if not isinstance(role, Role) or names_others(role, principal):
        return NO
    calls = calls_of_assuming(principal, role)
    answers = (_assumes(principal, target, role, call) for call in calls)
    best = first_sure(answers, lambda answer: answer)
    return NO if best is None else best


def may_be_named(principal: Principal, target: Principal) -> Answer:
    """Whether a role's trust policy, as far as it is not known, may name a principal.

    Nearly each of which something is not known may, so that this is asked of those alone who gain
    by the role whatever it may do.
    """
    role = target.resource
    if not isinstance(role, Role) or names_others(role, principal):
        return NO
    asked = ActionRequest("sts:AssumeRole", target.arn, target.identity, target.labels or None)
    named = any_of(may_name(role, principal, call) for call in calls_of_assuming(principal, role))
    return NO if named.truth else named & ~is_denied(principal, *asked)


def _assumes(principal: Principal, target: Principal, role: Role, call: Keys) -> Answer:
    answer = _admitted(principal, target, role, call, "sts:AssumeRole")
    if answer.truth is not False and call.get(SOURCE_IDENTITY):
        answer = answer & _admitted(principal, target, role, call, "sts:SetSourceIdentity")
    return tidy(answer)


def _admitted(
    principal: Principal, target: Principal, role: Role, call: Keys, action: str
) -> Answer:
    """Whether a role's trust policy and a principal's own ones allow it an action on the role."""
    trust = trusts(role, principal, call, action)
    answer, left = trust.by_name, trust.with_account
    if answer.truth is False and left.truth is False:
        return NO
    context = {**target.labels, **call}
    asked = ActionRequest(action, target.arn, target.identity, context or None)
    if answer.truth is not False:
        answer = answer & ~is_denied(principal, *asked)
    if answer.truth is not True:
        answer = answer | (left & allowed_to(principal, (asked,)))
    return answer


SOURCE_IDENTITY: Final = "sts:sourceidentity"
"""Who writes this one needs the right to, ``sts:SetSourceIdentity``."""

_UNLESS_ASKED: Final[dict[str, tuple[str, ...]]] = {
    "sts:externalid": (),
    "sts:rolesessionname": ("session",),
    SOURCE_IDENTITY: (),
    "aws:requestedregion": ("us-east-1",),
}
"""What is written where no policy asks for anything."""

_TRIED: Final = 8
"""How many ways to write a call are tried."""


def calls_of_assuming(principal: Principal, role: Role) -> tuple[Keys, ...]:
    """The ways to write a call that assumes a role, as far as policies tell them apart.

    There is always one; nothing is known of keys that no policy asks for.
    """
    trust = trust_of(role)
    named = asked_keys(principal) | keys_asked_by((trust,))
    documents = (*principal.every_document, trust)
    asked = {key: _values(documents, key) for key in _UNLESS_ASKED if key in named}
    asked = {key: values for key, values in asked.items() if values}
    if not asked:
        return ({},)
    return tuple(
        dict(zip(asked, way, strict=True)) for way in islice(product(*asked.values()), _TRIED)
    )


def _values(documents: Iterable[PolicyDocument], key: str) -> tuple[tuple[str, ...], ...]:
    """What may be written for a key; nothing where no condition is on it."""
    conditions = [
        (condition, statement.effect.text == "Deny")
        for document in documents
        for statement in document.statements
        for condition in statement.conditions
        if condition.key.lower() == key
    ]
    wanted = (
        text.replace("*", "") or "x"
        for condition, denies in conditions
        if condition.negated == denies and condition.positive != "Null"
        for value in condition.values
        for one in value.elements()
        if (text := one.text) and "${" not in text
    )
    chosen = dict.fromkeys([*((one,) for one in wanted), _UNLESS_ASKED[key]])
    return tuple(chosen) if conditions else ()
