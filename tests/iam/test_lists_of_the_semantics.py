"""The lists of the semantics, each member by itself: D2's actions."""

from __future__ import annotations

import pytest
from tests.iam.policy.policy_values import allow, deny, document

from iac_ec2lint.iam.access import is_admin, is_admin_equivalent

EQUIVALENT_ACTIONS = (
    "iam:PutRolePolicy",
    "iam:AttachRolePolicy",
    "iam:PutUserPolicy",
    "iam:AttachUserPolicy",
    "iam:PutGroupPolicy",
    "iam:AttachGroupPolicy",
    "iam:CreatePolicyVersion",
    "iam:SetDefaultPolicyVersion",
    "iam:UpdateAssumeRolePolicy",
    "iam:CreateAccessKey",
    "iam:CreateLoginProfile",
    "iam:UpdateLoginProfile",
    "iam:AddUserToGroup",
)
ADMIN_ACTIONS = (
    "iam:CreatePolicyVersion",
    "iam:AttachRolePolicy",
    "iam:PassRole",
    "sts:AssumeRole",
    "ec2:RunInstances",
    "s3:GetObject",
    "s3:DeleteBucket",
    "kms:Decrypt",
    "lambda:CreateFunction",
    "cloudformation:CreateStack",
)


@pytest.mark.parametrize("action", EQUIVALENT_ACTIONS)
def test_one_action_is_as_good_as_all(action: str) -> None:
    assert is_admin_equivalent([document(allow(action))]).truth is True
    assert is_admin_equivalent([document(allow(), deny("iam:*"))]).truth is False


@pytest.mark.parametrize("action", ["iam:GetRole", "iam:ListUsers", "iam:CreateRole"])
def test_other_actions_of_iam_are_not(action: str) -> None:
    assert is_admin_equivalent([document(allow(action))]).truth is False


@pytest.mark.parametrize("action", ADMIN_ACTIONS)
def test_an_administrator_may_do_each_of_some_actions(action: str) -> None:
    assert is_admin([document(allow(list(ADMIN_ACTIONS)))]).truth is True
    assert is_admin([document(allow(), deny(action))]).truth is False
    others = [one for one in ADMIN_ACTIONS if one != action]
    assert is_admin([document(allow(others))]).truth is False
