from __future__ import annotations

from typing import Any

import pytest
from tests.iam.policy.policy_values import SPAN, either, joined, reference, val, variable

from iac_ec2lint.iam.access import is_admin, is_admin_equivalent, is_full_access
from iac_ec2lint.iam.policy.managed import EXPECTED, KnownManagedPolicy, document_of, managed_policy
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.policy.probes import probe_of

PASSING_NONE = (
    "PowerUserAccess",
    "AmazonEC2FullAccess",
    "AmazonVPCFullAccess",
    "AmazonSSMFullAccess",
    "AmazonS3FullAccess",
    "AmazonRDSFullAccess",
    "AWSKeyManagementServicePowerUser",
    "AmazonEC2RoleforSSM",
    "ReadOnlyAccess",
)


@pytest.mark.parametrize(
    ("arn", "name", "known"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess", True),
        ("arn:aws-cn:iam::aws:policy/IAMFullAccess", "IAMFullAccess", True),
        ("arn:aws:iam::aws:policy/job-function/SystemAdministrator", "SystemAdministrator", True),
        ("arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM", "AmazonEC2RoleforSSM", True),
        ("arn:aws:iam::aws:policy/AmazonNewFullAccess", "AmazonNewFullAccess", False),
        ("arn:aws:iam::aws:policy/about", "about", False),
        (
            joined("arn:", variable("partition"), ":iam::aws:policy/PowerUserAccess"),
            "PowerUserAccess",
            True,
        ),
        (
            # Nothing is no beginning of an ARN.
            joined(
                either(joined("arn:", variable("partition"), ":iam::aws:policy"), ""),
                "/PowerUserAccess",
            ),
            "PowerUserAccess",
            True,
        ),
    ],
)
def test_managed_policies_are_known_by_name(arn: Any, name: str, known: bool) -> None:
    assert managed_policy(val(arn)) == KnownManagedPolicy(name, known)


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_what_is_expected_is_known(name: str) -> None:
    found = managed_policy(val(f"arn:aws:iam::aws:policy/{name}"))
    assert found is not None
    assert found.known
    assert found.expected


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "AdministratorAccess",
        variable(),
        joined("arn:aws:iam::aws:policy/", variable()),
        joined(either("arn:aws:iam::aws:policy", "arn:aws:iam::111122223333:policy"), "/P"),
        joined("x", either("arn:aws:iam::aws:policy", ""), "/PowerUserAccess"),
        reference("aws_iam_policy.p"),
        None,
    ],
)
def test_others_are_not_managed_by_aws(arn: Any) -> None:
    assert managed_policy(val(arn)) is None


def policy(name: str) -> Any:
    arn = val(f"arn:aws:iam::aws:policy/{name}")
    found = managed_policy(arn)
    assert found is not None
    return [document_of(found, arn)]


def test_what_is_known_of_their_documents() -> None:
    assert is_admin(policy("AdministratorAccess")).truth is True
    assert is_admin(policy("IAMFullAccess")).truth is False
    assert is_admin_equivalent(policy("IAMFullAccess")).truth is True
    for name in ("PowerUserAccess", "AmazonEC2FullAccess", "ReadOnlyAccess", "SystemAdministrator"):
        assert is_admin(policy(name)).truth is False
        assert is_admin_equivalent(policy(name)).truth is False
    assert is_full_access(policy("AmazonEC2FullAccess"), "ec2").truth is True
    assert is_full_access(policy("PowerUserAccess"), "s3").truth is True
    assert is_full_access(policy("SystemAdministrator"), "s3").truth is True
    assert is_full_access(policy("AmazonVPCFullAccess"), "ec2").truth is False
    assert is_full_access(policy("AmazonSSMAutomationRole"), "ssm").truth is True
    assert is_admin(policy("AmazonNewFullAccess")).truth is None


@pytest.mark.parametrize(
    ("name", "action", "allowed"),
    [
        ("AmazonS3ReadOnlyAccess", "s3:GetObject", True),
        ("AmazonS3ReadOnlyAccess", "s3:PutObject", False),
        ("AmazonS3ReadOnlyAccess", "ec2:CreateSnapshot", False),
        ("AmazonDynamoDBReadOnlyAccess", "dynamodb:Scan", True),
        ("AmazonSSMReadOnlyAccess", "ssm:GetParameter", True),
        ("AmazonSSMReadOnlyAccess", "ssm:SendCommand", False),
        ("AmazonEC2ReadOnlyAccess", "ec2:DescribeInstances", True),
        ("AmazonEC2ReadOnlyAccess", "ec2:RunInstances", False),
        ("IAMReadOnlyAccess", "iam:GetRole", True),
        ("IAMReadOnlyAccess", "iam:PutRolePolicy", False),
        ("CloudWatchFullAccess", "autoscaling:DescribeLaunchConfigurations", True),
        ("CloudWatchFullAccess", "iam:CreatePolicyVersion", False),
        ("AmazonSQSFullAccess", "sqs:ReceiveMessage", True),
        ("AWSLambdaVPCAccessExecutionRole", "ec2:CreateNetworkInterface", True),
        ("AWSLambdaVPCAccessExecutionRole", "ec2:ModifyNetworkInterfaceAttribute", False),
    ],
)
def test_others_are_judged_by_what_they_allow(name: str, action: str, allowed: bool) -> None:
    found = managed_policy(val(f"arn:aws:iam::aws:policy/{name}"))
    assert found is not None
    assert allows(policy(name), Request(action)).truth is allowed


def passes(name: str, role: str, service: str) -> bool | None:
    arn = val(f"arn:aws:iam::111122223333:role/{role}")
    context = {"iam:PassedToService": (service,)}
    return allows(policy(name), Request("iam:PassRole", arn, None, context)).truth


@pytest.mark.parametrize("name", PASSING_NONE)
def test_most_pass_no_role_and_are_known_not_to(name: str) -> None:
    assert passes(name, "ec2-sysadmin-x", "ec2.amazonaws.com") is False
    assert may_become_administrator(name) is False


@pytest.mark.parametrize(
    ("name", "role", "service", "truth"),
    [
        ("AWSLambda_FullAccess", "r", "lambda.amazonaws.com", True),
        ("AWSLambda_FullAccess", "r", "ec2.amazonaws.com", False),
        ("AmazonECS_FullAccess", "r", "ecs-tasks.amazonaws.com", True),
        ("AmazonECS_FullAccess", "r", "ec2.amazonaws.com", False),
        ("AmazonECS_FullAccess", "ecsInstanceRole-1", "ec2.amazonaws.com", True),
        ("AmazonDynamoDBFullAccess", "r", "dax.amazonaws.com", True),
        ("AmazonDynamoDBFullAccess", "r", "lambda.amazonaws.com", False),
        ("SystemAdministrator", "ec2-sysadmin-x", "ec2.amazonaws.com", True),
        ("SystemAdministrator", "r", "ec2.amazonaws.com", False),
    ],
)
def test_some_pass_some_roles_to_some_services(
    name: str, role: str, service: str, truth: bool
) -> None:
    assert passes(name, role, service) is truth
    assert may_become_administrator(name) is False


def may_become_administrator(name: str) -> bool:
    found = policy(name)
    return is_admin(found).may_be_true or is_admin_equivalent(found).may_be_true


@pytest.mark.parametrize(
    ("name", "action", "truth"),
    [
        ("AmazonEC2RoleforSSM", "ssm:GetParameters", True),
        ("AmazonEC2RoleforSSM", "ssm:GetParameter", False),
        ("AmazonEC2RoleforSSM", "s3:GetObject", True),
        ("AmazonEC2RoleforSSM", "s3:DeleteObject", False),
        ("AmazonS3FullAccess", "ec2:RunInstances", False),
        ("AmazonVPCFullAccess", "ec2:AuthorizeSecurityGroupIngress", True),
        ("AmazonVPCFullAccess", "ec2:RunInstances", False),
        ("AmazonRDSFullAccess", "ec2:CreateSnapshot", False),
        ("SecretsManagerReadWrite", "lambda:UpdateFunctionCode", False),
        ("ReadOnlyAccess", "s3:GetObject", True),
        ("ReadOnlyAccess", "dynamodb:GetItem", True),
        ("ReadOnlyAccess", "secretsmanager:GetSecretValue", False),
        ("ReadOnlyAccess", "kms:Decrypt", False),
        ("ReadOnlyAccess", "ec2:DescribeInstanceAttribute", True),
        ("ReadOnlyAccess", "ec2:GetPasswordData", True),
        ("AWSKeyManagementServicePowerUser", "kms:Decrypt", False),
        ("PowerUserAccess", "iam:ListRoles", True),
        ("PowerUserAccess", "iam:PassRole", False),
    ],
)
def test_what_single_policies_allow(name: str, action: str, truth: bool) -> None:
    resource = val(probe_of(action).arn("111122223333"))
    assert allows(policy(name), Request(action, resource)).truth is truth


def test_what_rests_on_a_policy_of_a_day_is_assumed_but_for_everything() -> None:
    steps = allows(policy("AmazonS3FullAccess"), Request("s3:GetObject")).assumptions
    assert [step.assumed for step in steps] == [True]
    assert steps[0].words.startswith("AmazonS3FullAccess says what it said on 2")
    assert is_admin(policy("AdministratorAccess")).assumptions == ()


def test_expected_policies_grant_what_makes_a_host_managed_and_no_more() -> None:
    core = policy("AmazonSSMManagedInstanceCore")
    instance = val("arn:aws:ec2:us-east-1:111122223333:instance/i-1")
    assert allows(core, Request("ssm:UpdateInstanceInformation", instance)).truth is True
    assert allows(core, Request("ssm:SendCommand", instance)).truth is False
    assert is_full_access(core, "ssm").truth is False


def test_an_unknown_document_says_which_policy_it_is() -> None:
    answer = is_admin(policy("AmazonNewFullAccess"))
    assert "AmazonNewFullAccess" in answer.causes[0].reason
    assert answer.causes[0].span == SPAN


def test_an_arn_in_nested_pieces_names_a_policy() -> None:
    prefix = joined("arn:", reference("data.aws_partition.x", "partition"), ":iam::aws:policy")
    found = managed_policy(joined(prefix, "/AmazonEKSWorkerNodePolicy"))
    assert found is not None
    assert found.expected
    assert managed_policy(joined(prefix, variable())) is None
