"""What a unit lacks and another one adds to what that reads of it: no failure, and said with whose.

Each check that fails for what is not declared has a row.
"""

from __future__ import annotations

from typing import NamedTuple

import pytest
from tests.invariance.projects import Project, scan_project

from iac_ec2lint.answers.scan import load_checks
from iac_ec2lint.engine.finding import Finding, Status

BACKEND = """terraform {
  backend "local" { path = "../own.tfstate" }
}
"""
STATE = """
data "terraform_remote_state" "own" {
  backend = "local"
  config  = { path = "../own.tfstate" }
}
"""
NETWORK = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "main" {
  vpc_id            = aws_vpc.main.id
  cidr_block        = "10.0.0.0/24"
  availability_zone = "eu-west-1a"
}
resource "aws_security_group" "main" {
  vpc_id = aws_vpc.main.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_iam_role" "main" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
  }] })
}
resource "aws_iam_instance_profile" "main" { role = aws_iam_role.main.name }
resource "aws_instance" "main" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.main.id]
  iam_instance_profile   = aws_iam_instance_profile.main.name
}
resource "aws_ebs_volume" "main" {
  availability_zone = "eu-west-1a"
  size              = 10
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.main.id
  service_name = "com.amazonaws.eu-west-1.s3"
}
resource "aws_cloudwatch_log_group" "main" { name = "trail" }
resource "aws_iam_role" "trail" {
  assume_role_policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "sts:AssumeRole"
    Principal = { Service = "cloudtrail.amazonaws.com" }
  }] })
}
resource "aws_cloudtrail" "main" {
  name                       = "main"
  s3_bucket_name             = "trails"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.main.arn}:*"
  cloud_watch_logs_role_arn  = aws_iam_role.trail.arn
}
output "vpc" { value = aws_vpc.main.id }
output "subnet" { value = aws_subnet.main.id }
output "host" { value = aws_instance.main.id }
output "role" { value = aws_iam_role.main.name }
output "volume" { value = aws_ebs_volume.main.arn }
output "endpoint" { value = aws_vpc_endpoint.s3.id }
output "log_group" { value = aws_cloudwatch_log_group.main.name }
"""
FLOW_LOG = """
resource "aws_flow_log" "main" {
  vpc_id               = VPC
  traffic_type         = TRAFFIC
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::logs"
}
"""
ENDPOINTS = """
resource "aws_security_group" "endpoints" {
  vpc_id = VPC
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["10.0.0.0/16"]
  }
}
resource "aws_vpc_endpoint" "main" {
  for_each            = toset(["ec2", "ssm", "ssmmessages", "ec2messages"])
  vpc_id              = VPC
  service_name        = "com.amazonaws.eu-west-1.${each.key}"
  vpc_endpoint_type   = "Interface"
  private_dns_enabled = true
  subnet_ids          = [SUBNET]
  security_group_ids  = [aws_security_group.endpoints.id]
}
"""
BACKUP = """
resource "aws_backup_vault" "main" { name = "main" }
resource "aws_backup_plan" "main" {
  name = "main"
  rule {
    rule_name         = "daily"
    target_vault_name = aws_backup_vault.main.name
    schedule          = "cron(0 12 * * ? *)"
  }
}
resource "aws_backup_selection" "main" {
  iam_role_arn = "arn:aws:iam::123456789012:role/backup"
  name         = "main"
  plan_id      = aws_backup_plan.main.id
  resources    = [VOLUME]
}
"""
PATCHING = """
resource "aws_ssm_association" "main" {
  name                = "AWS-RunPatchBaseline"
  schedule_expression = "rate(1 day)"
  parameters          = { Operation = "Install" }
  targets {
    key    = "InstanceIds"
    values = [HOST]
  }
}
"""
MANAGED = """
resource "aws_iam_role_policy_attachment" "main" {
  role       = ROLE
  policy_arn = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
}
"""
ENDPOINT_POLICY = """
resource "aws_vpc_endpoint_policy" "main" {
  vpc_endpoint_id = ENDPOINT
  policy = jsonencode({ Statement = [{
    Effect    = "Allow"
    Action    = "s3:GetObject"
    Principal = "*"
    Resource  = "arn:aws:s3:::packages/*"
  }] })
}
"""
ALARMS = """
resource "aws_sns_topic" "main" { name = "main" }
resource "aws_sns_topic_subscription" "main" {
  topic_arn = aws_sns_topic.main.arn
  protocol  = "email"
  endpoint  = "operations@example.com"
}
resource "aws_cloudwatch_log_metric_filter" "main" {
  for_each       = toset(["*SecurityGroup*", "*NetworkAcl*", "*Gateway", "*Route*", "*Vpc*"])
  name           = each.key
  log_group_name = LOG_GROUP
  pattern        = "{ $.eventName = ${each.key} }"
  metric_transformation {
    name      = "changes"
    namespace = "trail"
    value     = "1"
  }
}
resource "aws_cloudwatch_metric_alarm" "main" {
  alarm_name          = "changes"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  metric_name         = "changes"
  namespace           = "trail"
  period              = 300
  statistic           = "Sum"
  threshold           = 1
  alarm_actions       = [aws_sns_topic.main.arn]
}
"""
DEFAULT_GROUP = """
resource "aws_default_security_group" "main" { vpc_id = VPC }
"""
SECOND_ZONE = """
resource "aws_subnet" "second" {
  vpc_id            = VPC
  cidr_block        = "10.0.1.0/24"
  availability_zone = "eu-west-1b"
}
"""
ADDED = {
    "NET004": FLOW_LOG.replace("TRAFFIC", '"ALL"'),
    "VPCE001": ENDPOINTS,
    "VPCE002": ENDPOINTS,
    "VPCE003": ENDPOINT_POLICY,
    "RES006": BACKUP,
    "UPD001": MANAGED,
    "UPD002": PATCHING,
    "CMP011": ALARMS,
    "SG016": DEFAULT_GROUP,
    "RES011": SECOND_ZONE,
}
FORMS = ("by state", "by Terragrunt")


class Found(NamedTuple):
    """What is found of the own unit."""

    status: Status
    words: str
    why: str


def project(added: str, form: str, own: str = NETWORK) -> Project:
    """A unit, and another one with what is added to it."""
    names = ("VPC", "SUBNET", "HOST", "ROLE", "VOLUME", "ENDPOINT", "LOG_GROUP")
    if form == "by state":
        for name in names:
            reads = f"data.terraform_remote_state.own.outputs.{name.lower()}"
            added = added.replace(name, reads)
        return {"own/main.tf": BACKEND + own, "more/main.tf": STATE + added}
    used = [name for name in names if name in added]
    inputs = ""
    for name in used:
        added = added.replace(name, f"var.{name.lower()}")
        inputs += f"  {name.lower()} = dependency.own.outputs.{name.lower()}\n"
    declared = "".join(f'variable "{name.lower()}" {{ type = string }}\n' for name in used)
    return {
        "modules/own/main.tf": own,
        "modules/more/main.tf": declared + added,
        "live/own/terragrunt.hcl": 'terraform { source = "../../modules//own" }\n',
        "live/more/terragrunt.hcl": 'terraform { source = "../../modules//more" }\n'
        f'dependency "own" {{ config_path = "../own" }}\ninputs = {{\n{inputs}}}\n',
    }


def found(code: str, files: Project, subject: str = "") -> list[Found]:
    report = scan_project(files, select=(code,))
    assert not report.errors
    return [
        Found(one.status, one.message, " ".join(one.missing))
        for one in report.findings
        if is_about(one, subject)
    ]


def is_about(finding: Finding, subject: str) -> bool:
    return finding.span.path.split("/")[-2] == "own" and finding.subject.startswith(subject)


def test_each_check_has_a_row() -> None:
    loaded, _ = load_checks(())
    covered = {one.info.code for one in loaded if one.info.supplied_by}
    assert covered == {*ADDED, "NET023"}  # of which an output leaves open whether it is guarded


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("code", ADDED)
def test_what_another_unit_adds_is_not_missing(code: str, form: str) -> None:
    [alone] = found(code, {"own/main.tf": BACKEND + NETWORK})
    assert alone.status is Status.FAIL
    [one] = found(code, project(ADDED[code], form))
    assert one.status is Status.UNDECIDED
    assert one.why
    if "others may" in one.why:
        return  # it was undecided before: a configuration of Terragrunt for each kind is usual
    assert one.words.endswith(f"in its own root module alone, {alone.words}")
    if code != "RES006":  # whether the plan's Region is the volume's is not known
        assert one.why.startswith("safe if ")
        assert "more" in one.why


@pytest.mark.parametrize("form", FORMS)
def test_what_does_not_suffice_is_missing_still(form: str) -> None:
    accepted = FLOW_LOG.replace("TRAFFIC", '"ACCEPT"')
    [one] = found("NET004", project(accepted, form))
    assert one.status is Status.FAIL


@pytest.mark.parametrize("form", FORMS)
def test_what_is_added_to_another_thing_is_missing_still(form: str) -> None:
    second = '\nresource "aws_vpc" "second" { cidr_block = "10.1.0.0/16" }\n'
    added = project(ADDED["NET004"], form, NETWORK + second)
    assert [one.status for one in found("NET004", added, "aws_vpc.second")] == [Status.FAIL]
    assert [one.status for one in found("NET004", added, "aws_vpc.main")] == [Status.UNDECIDED]


def test_what_may_suffice_leaves_it_undecided() -> None:
    unknown = 'variable "traffic" { type = string }\n' + FLOW_LOG.replace("TRAFFIC", "var.traffic")
    [one] = found("NET004", project(unknown, "by state"))
    assert one.status is Status.UNDECIDED
    assert one.why == "var.traffic has no value"


def test_what_a_switch_without_a_value_adds_is_missing_when_that_is_off() -> None:
    switch = 'variable "logs" { type = bool }\n'
    added = ADDED["NET004"].replace("  vpc_id", "  count = var.logs ? 1 : 0\n  vpc_id")
    report = scan_project(project(switch + added, "by state"), select=("NET004",))
    assert [(one.status, one.when) for one in report.findings] == [
        (Status.FAIL, "var.logs is false")
    ]


NO_ADDITION = """
resource "aws_security_group" "third" { vpc_id = VPC }
resource "aws_network_interface" "third" { subnet_id = SUBNET }
resource "aws_iam_role_policy" "third" {
  role   = ROLE
  policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "*" }] })
}
resource "aws_cloudwatch_metric_alarm" "third" {
  alarm_name          = "cpu"
  comparison_operator = "GreaterThanOrEqualToThreshold"
  evaluation_periods  = 1
  metric_name         = "CPUUtilization"
  namespace           = "AWS/EC2"
  dimensions          = { InstanceId = HOST }
}
resource "aws_vpc_endpoint_route_table_association" "third" {
  vpc_endpoint_id = ENDPOINT
  route_table_id  = "rtb-0123456789abcdef0"
}
resource "aws_cloudwatch_log_subscription_filter" "third" {
  name            = VOLUME
  log_group_name  = LOG_GROUP
  filter_pattern  = ""
  destination_arn = "arn:aws:lambda:eu-west-1:123456789012:function:third"
}
"""


@pytest.mark.parametrize("code", ADDED)
def test_what_another_unit_uses_alone_is_missing_still(code: str) -> None:
    alone = found(code, {"own/main.tf": BACKEND + NETWORK})
    assert found(code, project(NO_ADDITION, "by state")) == alone


def of_two_deployments(more: Project) -> tuple[Status, str | None]:
    """What NET004 has of a VPC that two configurations of Terragrunt deploy."""
    deploys = 'terraform { source = "../../../modules//own" }\n'
    files = {
        **more,
        "modules/own/main.tf": NETWORK,
        "live/dev/own/terragrunt.hcl": deploys,
        "live/prod/own/terragrunt.hcl": deploys,
    }
    [one] = scan_project(files, select=("NET004",)).findings
    return one.status, one.when


def logs(*stages: str, traffic: str = "ALL", of: str = "") -> Project:
    """A module of flow logs, and its deployments in stages beside those of the VPC."""
    inputs = f'  vpc = dependency.own.outputs.vpc\n  traffic = "{traffic}"\n'
    names = ("vpc", "traffic")
    declared = "".join(f'variable "{name}" {{ type = string }}\n' for name in names)
    body = FLOW_LOG.replace("VPC", "var.vpc").replace("TRAFFIC", "var.traffic")
    return {"modules/logs/main.tf": declared + body} | {
        f"live/{stage}/logs/terragrunt.hcl": 'terraform { source = "../../../modules//logs" }\n'
        f'dependency "own" {{ config_path = "../../{of or stage}/own" }}\n'
        f"inputs = {{\n{inputs}}}\n"
        for stage in stages
    }


def test_what_is_added_to_one_deployment_is_missing_in_another() -> None:
    assert of_two_deployments(logs("dev", "prod")) == (Status.UNDECIDED, None)
    lacking = Status.FAIL, "deployed with live/dev/own/terragrunt.hcl"
    assert of_two_deployments(logs("prod")) == lacking
    assert of_two_deployments(logs("dev", "prod", of="prod")) == lacking
    assert of_two_deployments(logs("prod", traffic="ACCEPT")) == (Status.FAIL, None)


THIRD = """
resource "aws_security_group" "third" { vpc_id = VPC }
"""


def test_what_a_third_unit_does_not_add_is_there_still() -> None:
    third = project(THIRD, "by state")["more/main.tf"]
    files = {**project(ADDED["NET004"], "by state"), "third/main.tf": third}
    [one] = found("NET004", files)
    assert one == Found(
        Status.UNDECIDED,
        "in its own root module alone, no flow log records the traffic of the VPC",
        "safe if more is what is deployed",
    )


VPC = "Resources:\n  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}\n"
LOGS = """Resources:
  FlowLog:
    Type: AWS::EC2::FlowLog
    Properties:
      ResourceId: SOURCE
      ResourceType: VPC
      TrafficType: ALL
      LogDestinationType: s3
      LogDestination: arn:aws:s3:::logs
"""
OUTPUT = "Outputs:\n  Vpc: {Value: !Ref Vpc"
NESTING = """Resources:
  Network:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: https://templates.s3.amazonaws.com/own/vpc.yaml}
  Logs:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://templates.s3.amazonaws.com/more/logs.yaml
      Parameters: {Vpc: !GetAtt Network.Outputs.Vpc}
"""


def test_what_a_stack_adds_that_imports() -> None:
    files = {
        "own/vpc.yaml": f"{VPC}{OUTPUT}, Export: {{Name: vpc}}}}\n",
        "more/logs.yaml": LOGS.replace("SOURCE", "!ImportValue vpc"),
    }
    [one] = found("NET004", files)
    assert one.status is Status.UNDECIDED
    assert one.why == "safe if more/logs.yaml is what is deployed"


def test_what_a_stack_adds_to_whichever_network_an_input_names() -> None:
    name = "Export: {Name: !Sub '${AWS::StackName}-Vpc'}"
    source = "\n        Fn::ImportValue: !Sub '${Network}-Vpc'"
    files = {
        "own/two.yaml": f"{VPC}{OUTPUT}, {name}}}\n",
        "own/three.yaml": f"{VPC}{OUTPUT}, {name}}}\n",
        "more/logs.yaml": "Parameters: {Network: {Type: String}}\n"
        + LOGS.replace("SOURCE", source),
    }
    each = found("NET004", files)
    assert {one.status for one in each} == {Status.UNDECIDED}
    assert {one.why for one in each} == {"safe if more/logs.yaml is what is deployed"}


def test_what_a_stack_adds_that_is_likely_nested_beside() -> None:
    files = {
        "own/vpc.yaml": f"{VPC}{OUTPUT}}}\n",
        "more/logs.yaml": "Parameters: {Vpc: {Type: String}}\n"
        + LOGS.replace("SOURCE", "!Ref Vpc"),
        "main.yaml": NESTING,
    }
    [one] = found("NET004", files)
    assert one.status is Status.UNDECIDED
    assert one.why == "safe if main.yaml:2 is what is deployed"
    without = {**files, "main.yaml": NESTING.partition("  Logs:")[0]}
    assert [one.status for one in found("NET004", without)] == [Status.FAIL]
