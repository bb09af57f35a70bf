from __future__ import annotations

from typing import Any

import pytest
from tests.iam.policy_values import SPAN, joined, reference, val, variable

from iac_ec2lint.iam.access import is_admin, is_admin_equivalent, is_full_access
from iac_ec2lint.iam.managed import ManagedPolicy, document_of, managed_policy
from iac_ec2lint.iam.matching import Request, allows


@pytest.mark.parametrize(
    ("arn", "name", "standing"),
    [
        ("arn:aws:iam::aws:policy/AdministratorAccess", "AdministratorAccess", "admin"),
        ("arn:aws-cn:iam::aws:policy/IAMFullAccess", "IAMFullAccess", "admin-equivalent"),
        ("arn:aws:iam::aws:policy/AmazonEC2FullAccess", "AmazonEC2FullAccess", "broad"),
        (
            "arn:aws:iam::aws:policy/job-function/SystemAdministrator",
            "SystemAdministrator",
            "broad",
        ),
        (
            "arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM",
            "AmazonEC2RoleforSSM",
            "broad",
        ),
        (
            "arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore",
            "AmazonSSMManagedInstanceCore",
            "expected",
        ),
        ("arn:aws:iam::aws:policy/AmazonBraketFullAccess", "AmazonBraketFullAccess", "unknown"),
        (
            joined("arn:", variable("partition"), ":iam::aws:policy/PowerUserAccess"),
            "PowerUserAccess",
            "broad",
        ),
    ],
)
def test_managed_policies_are_known_by_name(arn: Any, name: str, standing: str) -> None:
    assert managed_policy(val(arn)) == ManagedPolicy(name, standing)  # type: ignore[arg-type] # a literal's text


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:iam::111122223333:policy/AdministratorAccess",
        "AdministratorAccess",
        variable(),
        joined("arn:aws:iam::aws:policy/", variable()),
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
    assert is_full_access(policy("SystemAdministrator"), "s3").truth is None
    assert is_admin(policy("AmazonBraketFullAccess")).truth is None


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("PowerUserAccess", False),
        ("AmazonEC2FullAccess", False),
        ("AmazonS3FullAccess", False),
        ("SystemAdministrator", None),
        ("ReadOnlyAccess", None),
    ],
)
def test_some_are_known_to_allow_no_more(name: str, truth: bool | None) -> None:
    role = val("arn:aws:iam::111122223333:role/r")
    assert allows(policy(name), Request("iam:PassRole", role)).truth is truth


def test_expected_policies_grant_what_makes_a_host_managed_and_no_more() -> None:
    core = policy("AmazonSSMManagedInstanceCore")
    instance = val("arn:aws:ec2:us-east-1:111122223333:instance/i-1")
    assert allows(core, Request("ssm:UpdateInstanceInformation", instance)).truth is True
    assert allows(core, Request("ssm:SendCommand", instance)).truth is False
    assert is_full_access(core, "ssm").truth is False


def test_an_unknown_document_says_which_policy_it_is() -> None:
    answer = is_admin(policy("AmazonBraketFullAccess"))
    assert "AmazonBraketFullAccess" in answer.causes[0].reason
    assert answer.causes[0].span == SPAN


def test_an_arn_in_nested_pieces_names_a_policy() -> None:
    prefix = joined("arn:", reference("data.aws_partition.x", "partition"), ":iam::aws:policy")
    found = managed_policy(joined(prefix, "/AmazonEKSWorkerNodePolicy"))
    assert found is not None
    assert found.standing == "expected"
    assert managed_policy(joined(prefix, variable())) is None
