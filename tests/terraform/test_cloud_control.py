"""What Cloud Control makes: how names are spelled, and what is read of it, in sources and plans."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import run, write
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.terraform.cloud_control import argument_name, attribute_name, types_among


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("AssignIpv6AddressOnCreation", "assign_ipv_6_address_on_creation"),
        ("AssumeRolePolicyDocument", "assume_role_policy_document"),
        ("CidrIpv6", "cidr_ipv_6"),
        ("DBInstanceIdentifier", "db_instance_identifier"),
        ("EbsOptimized", "ebs_optimized"),
        ("EnableECSManagedTags", "enable_ecs_managed_tags"),
        ("HttpPutResponseHopLimit", "http_put_response_hop_limit"),
        ("KMSKeyArn", "kms_key_arn"),
        ("StorageEncrypted", "storage_encrypted"),
        ("VPCSecurityGroups", "vpc_security_groups"),
    ],
)
def test_names_of_arguments(written: str, name: str) -> None:
    """As the provider's documentation of ``awscc_ec2_*``, ``awscc_rds_*`` and others has them."""
    assert argument_name(written) == name


def test_names_of_types() -> None:
    wanted = frozenset(
        {
            "AWS::EC2::VPCGatewayAttachment",
            "AWS::ElasticLoadBalancingV2::LoadBalancer",
            "AWS::IAM::OIDCProvider",
            "Custom::Thing",
            "aws_vpc",
        }
    )
    assert types_among(wanted) == {
        "awscc_ec2_vpc_gateway_attachment": "AWS::EC2::VPCGatewayAttachment",
        "awscc_elasticloadbalancingv2_load_balancer": "AWS::ElasticLoadBalancingV2::LoadBalancer",
        "awscc_iam_oidc_provider": "AWS::IAM::OIDCProvider",
    }


@pytest.mark.parametrize(
    ("kind", "written", "name"),
    [
        ("awscc_ec2_subnet", "id", "Ref"),
        ("awscc_ec2_subnet", "subnet_id", "Ref"),
        ("awscc_iam_role", "role_name", "Ref"),
        ("awscc_iam_role", "arn", "Arn"),
        ("awscc_ec2_security_group", "group_id", "GroupId"),
        ("awscc_ec2_launch_template", "latest_version_number", "LatestVersionNumber"),
        ("aws_cloudcontrolapi_resource", "id", "Ref"),
    ],
)
def test_names_of_attributes(kind: str, written: str, name: str) -> None:
    assert attribute_name(kind, written) == name


DEFAULT_GROUP = """
resource "awscc_ec2_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "awscc_ec2_security_group_ingress" "open" {
  group_id    = awscc_ec2_vpc.main.default_security_group
  ip_protocol = "tcp"
  from_port   = 22
  to_port     = 22
  cidr_ip     = "0.0.0.0/0"
}
"""


def test_what_aws_makes_along_with_it() -> None:
    report = scan_project({"main.tf": DEFAULT_GROUP}, select=("SG016",))
    [finding] = report.findings
    assert finding.message == "a rule is added to the default group"


def test_values_have_the_names_of_the_configuration(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": DEFAULT_GROUP})
    ended = run("values", ".", "awscc_ec2_security_group_ingress.open.group_id", cwd=tmp_path)
    assert "= awscc_ec2_vpc.main.default_security_group " in ended.out


def planned(kind: str, **after: object) -> dict[str, object]:
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {"id": True}}
    return {
        "address": f"{kind}.main",
        "mode": "managed",
        "type": kind,
        "name": "main",
        "change": change,
    }


def test_a_plan(tmp_path: Path) -> None:
    rule = {"ip_protocol": "tcp", "from_port": 22, "to_port": 22, "cidr_ip": "0.0.0.0/0"}
    changes = [
        planned("awscc_ec2_security_group", group_description="a", security_group_ingress=[rule]),
        planned(
            "aws_cloudcontrolapi_resource",
            type_name="AWS::EC2::Volume",
            desired_state=json.dumps({"Size": 10, "Encrypted": False}),
        ),
        planned("awscc_iot_thing", thing_name="of no check"),
    ]
    plan = {"format_version": "1.2", "resource_changes": changes}
    write(tmp_path, {"plan.json": json.dumps(plan)})
    ended = run("scan", "--format", "json", "--select", "SG001,DATA001", "plan.json", cwd=tmp_path)
    assert {(one["check"], one["resource"]) for one in ended.report["findings"]} == {
        ("SG001", "awscc_ec2_security_group.main"),
        ("DATA001", "aws_cloudcontrolapi_resource.main"),
    }
    assert ended.report["summary"]["files"]["skipped"] == []  # none is listed as not judged


PROPERTIES = """
resource "aws_cloudcontrolapi_resource" "all" {
  type_name = "AWS::EC2::SecurityGroup"
  desired_state = jsonencode({
    GroupDescription     = "remote desktops"
    SecurityGroupIngress = [
      { IpProtocol = "tcp", FromPort = 3389, ToPort = 3389, CidrIp = "0.0.0.0/0" },
    ]
  })
}

resource "aws_instance" "desktop" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "m5.large"
  associate_public_ip_address = true
  vpc_security_group_ids      = [jsondecode(aws_cloudcontrolapi_resource.all.properties)["GroupId"]]
}
"""


def test_what_is_decoded_of_the_properties(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PROPERTIES})
    ended = run("scan", "--format", "json", "--select", "PATH001,SG017,SG018", ".", cwd=tmp_path)
    found = [(one["check"], one["status"], one["resource"]) for one in ended.report["findings"]]
    assert found == [("PATH001", "fail", "aws_cloudcontrolapi_resource.all")]


READ_BY_ID = """
resource "awscc_ec2_security_group" "ssh" {
  group_description      = "administration"
  security_group_ingress = [
    { ip_protocol = "tcp", from_port = 22, to_port = 22, cidr_ip = "0.0.0.0/0" },
  ]
}

data "awscc_ec2_security_group" "ssh" { id = awscc_ec2_security_group.ssh.group_id }

resource "aws_instance" "bastion" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  vpc_security_group_ids      = [data.awscc_ec2_security_group.ssh.security_group_id]
}
"""


def test_what_a_data_source_reads_by_its_identifier() -> None:
    report = scan_project({"main.tf": READ_BY_ID}, select=("PATH001", "SG018"))
    assert [(one.check.code, one.status) for one in report.findings] == [("PATH001", Status.FAIL)]
