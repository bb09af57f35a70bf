"""Whether a principal may assume a role, by the role's trust policy and its own policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.iam.access import first_sure, tidy
from iac_ec2lint.iam.escalation.steps import ActionRequest, allowed_to
from iac_ec2lint.iam.grants import is_denied
from iac_ec2lint.iam.identities.assuming import SOURCE_IDENTITY, calls_of_assuming
from iac_ec2lint.iam.trust.role_trust import names_others, trusts
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, Answer

if TYPE_CHECKING:
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principals import Principal


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
