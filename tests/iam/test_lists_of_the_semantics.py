"""The lists of the semantics, each member by itself: D2's actions and D5's managed policies."""

from __future__ import annotations

import pytest
from tests.iam.policy.policy_values import allow, deny, document, val

from iac_ec2lint.iam.access import is_admin, is_admin_equivalent
from iac_ec2lint.iam.policy.managed import managed_policy

ADMIN = ("AdministratorAccess",)
EQUIVALENT = ("IAMFullAccess",)
BROAD = (
    "PowerUserAccess",
    "job-function/SystemAdministrator",
    "AWSCloudFormationFullAccess",
    "AWSLambda_FullAccess",
    "AmazonEC2FullAccess",
    "AmazonVPCFullAccess",
    "AmazonSSMFullAccess",
    "service-role/AmazonSSMAutomationRole",
    "AmazonS3FullAccess",
    "SecretsManagerReadWrite",
    "AmazonRDSFullAccess",
    "AmazonDynamoDBFullAccess",
    "AmazonECS_FullAccess",
    "AWSKeyManagementServicePowerUser",
    "AutoScalingFullAccess",
    "service-role/AmazonEC2RoleforSSM",
    "ReadOnlyAccess",
)
KNOWN = (
    "AmazonS3ReadOnlyAccess",
    "CloudWatchFullAccess",
    "service-role/AWSLambdaBasicExecutionRole",
)
EXPECTED = (
    "AmazonSSMManagedInstanceCore",
    "CloudWatchAgentServerPolicy",
    "AmazonSSMPatchAssociation",
    "AmazonSSMDirectoryServiceAccess",
    "AmazonEC2ContainerRegistryReadOnly",
    "AmazonEC2ContainerRegistryPullOnly",
    "service-role/AmazonEC2ContainerServiceforEC2Role",
    "AmazonEKSWorkerNodePolicy",
    "AmazonEKSWorkerNodeMinimalPolicy",
    "AmazonEKS_CNI_Policy",
    "service-role/AmazonEC2RoleforAWSCodeDeploy",
    "AWSXRayDaemonWriteAccess",
    "AWSElasticBeanstalkWebTier",
    "AWSElasticBeanstalkWorkerTier",
)
UNKNOWN = ("AmazonBraketFullAccess", "AdministratorAccess-Amplify", "AmazonEC2FullAccessX")
STANDINGS = {
    "admin": ADMIN,
    "admin-equivalent": EQUIVALENT,
    "broad": BROAD,
    "known": KNOWN,
    "expected": EXPECTED,
    "unknown": UNKNOWN,
}
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


@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize(
    ("name", "standing"), [(name, key) for key, names in STANDINGS.items() for name in names]
)
def test_a_managed_policy_has_its_standing(name: str, standing: str, partition: str) -> None:
    found = managed_policy(val(f"arn:{partition}:iam::aws:policy/{name}"))
    assert found is not None
    assert (found.name, found.standing) == (name.rpartition("/")[2], standing)


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
