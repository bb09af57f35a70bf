"""Which managed policies may be attached, where conditions on ``iam:PolicyARN`` say so.

Source: IAM User Guide, "Controlling access to policies" (``iam:PolicyARN``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.managed import document_of, managed_policy
from iac_ec2lint.iam.policy.matching import Request, allows, speaking_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.values import Val

KEY: Final = "iam:policyarn"

ADMINISTRATORS: Final = (
    "arn:aws:iam::aws:policy/AdministratorAccess",
    "arn:aws:iam::aws:policy/IAMFullAccess",
)
"""Policies of AWS's that make an administrator of whomever they are attached to."""

_WRITES: Final = ("iam:PutRolePolicy", "iam:PutUserPolicy", "iam:AttachRolePolicy", "iam:PassRole")
"""What none may allow that is attached without harm: any of it may make an administrator."""


def ways_to_attach(documents: Sequence[PolicyDocument], action: str) -> tuple[Keys, ...]:
    """What an action is asked with that makes an administrator: one of these must be allowed.

    Args:
        documents: The policies of who asks.
        action: ``iam:AttachUserPolicy``; nothing is known of what others are asked with.
    """
    if not action.startswith("iam:Attach"):
        return ({},)
    asked = (c.key.lower() for d in documents for s in d.statements for c in s.conditions)
    if KEY not in asked:
        return ({},)
    named = tuple({KEY: (arn,)} for arn in ADMINISTRATORS)
    harmless = all(
        any(
            condition.key.lower() == KEY
            and not condition.negated
            and all(_is_harmless(one) for value in condition.values for one in value.elements())
            for condition in statement.conditions
        )
        for document in documents
        for statement in speaking_of(document, action)
        if statement.effect.text != "Deny"
    )
    # A policy of which nothing is known may be as good as AWS's.
    return named if harmless else (*named, {})


def _is_harmless(value: Val) -> bool:
    """Whether a policy that may be attached is one of AWS's that is surely no administrator's."""
    policy = managed_policy(value)
    if policy is None or not policy.known or value.text is None:
        return False
    document = document_of(policy, value)
    return not any(allows([document], Request(action)).may_be_true for action in _WRITES)
