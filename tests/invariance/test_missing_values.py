"""A value that is not known is taken for nothing: neither for a failure nor for a pass."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project, unsaid

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.values import Confidence

_DEVICE = """\
resource "aws_instance" "web" {
  ami = "ami-0123456789abcdef0"
  ebs_block_device {
    device_name = VALUE
    encrypted   = true
  }
}
"""
_TEMPLATE = """\
resource "aws_launch_template" "web" {
  block_device_mappings {
    device_name = "/dev/sdg"
    ARGUMENT = VALUE
    ebs {
      encrypted = false
    }
  }
}
"""
_ROOT = """\
resource "aws_ami" "own" {
  name             = "own"
  root_device_name = VALUE
  ebs_block_device {
    device_name = "/dev/sdz"
    encrypted   = true
  }
}
resource "aws_instance" "web" {
  ami = aws_ami.own.id
}
"""
_CONTAINERS = """\
resource "aws_instance" "web" {
  ami       = "ami-0123456789abcdef0"
  user_data = VALUE
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
"""
_NEVER = """\
resource "aws_launch_template" "web" {
  image_id = "ami-0123456789abcdef0"
  metadata_options {
    http_tokens = "optional"
  }
}
resource "aws_autoscaling_group" "web" {
  min_size = 0
  max_size = VALUE
  launch_template {
    id = aws_launch_template.web.id
  }
}
"""
_TOGETHER = """\
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = VALUE
    cidr_blocks = ["0.0.0.0/2"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["64.0.0.0/2"]
  }
}
"""
_TOGETHER_BY_TYPE = """\
resource "aws_security_group" "web" {}
resource "aws_security_group_rule" "one" {
  security_group_id = aws_security_group.web.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["0.0.0.0/2"]
}
resource "aws_security_group_rule" "other" {
  security_group_id = aws_security_group.web.id
  type              = VALUE
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = ["64.0.0.0/2"]
}
"""
_DEFAULT_GROUP = """\
data "aws_security_group" "shared" {
  name = VALUE
}
resource "aws_security_group_rule" "web" {
  security_group_id = data.aws_security_group.shared.id
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 443
  to_port           = 443
  cidr_blocks       = ["10.0.0.0/8"]
}
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  vpc_security_group_ids = [data.aws_security_group.shared.id]
}
"""
_CONTAINER_IMAGE = """\
data "aws_ami" "nodes" {
  owners = ["amazon"]
  filter {
    name   = "name"
    values = [VALUE]
  }
}
resource "aws_instance" "web" {
  ami = data.aws_ami.nodes.id
  metadata_options {
    http_tokens                 = "required"
    http_put_response_hop_limit = 2
  }
}
"""
_ENDPOINT = """\
resource "aws_vpc_endpoint" "sqs" {
  vpc_id            = "vpc-0123456789abcdef0"
  service_name      = "com.amazonaws.eu-west-1.sqs"
  vpc_endpoint_type = VALUE
}
"""
_SERVICE = """\
resource "aws_vpc_endpoint" "sqs" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = VALUE
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }]
  })
}
"""
_OVERRIDE = """\
data "aws_iam_policy_document" "restricted" {
  statement {
    sid       = "own"
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-a1b2c3d4e5"]
    }
  }
}
data "aws_iam_policy_document" "closed" {
  override_policy_documents = [data.aws_iam_policy_document.restricted.json]
  statement {
    sid       = VALUE
    actions   = ["s3:*"]
    resources = ["*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
}
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = data.aws_iam_policy_document.closed.json
}
"""
_MENDED = """\
resource "aws_launch_template" "web" {
  image_id = "ami-0123456789abcdef0"
  block_device_mappings {
    device_name = "/dev/sdf"
    ebs {
      volume_size = 20
    }
  }
}
resource "aws_instance" "web" {
  launch_template {
    id = aws_launch_template.web.id
  }
  root_block_device {
    encrypted = true
  }
  ebs_block_device {
    device_name = VALUE
    encrypted   = true
  }
}
"""
_SSH = """\
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [VALUE]
  }
}
"""


@pytest.mark.parametrize(
    ("code", "text", "literal"),
    [
        ("SG001", _SSH, '"0.0.0.0/0"'),
        ("SG001", _SSH, '"10.0.0.0/8"'),
        ("SG001", _TOGETHER, "22"),
        ("SG001", _TOGETHER_BY_TYPE, '"ingress"'),
        (
            "SG003",
            _TOGETHER.replace("22", "0", 1).replace("22", "0", 1).replace("22", "65535"),
            "65535",
        ),
        (
            "SG004",
            _SSH.replace("22", "8443", 1)
            .replace("22", "VALUE")
            .replace("[VALUE]", '["0.0.0.0/0"]'),
            "8443",
        ),
        (
            "SG004",
            _SSH.replace("[VALUE]", '["0.0.0.0/0"]')
            .replace('"tcp"', "VALUE")
            .replace("22", "8443"),
            '"tcp"',
        ),
        ("SG016", _DEFAULT_GROUP, '"default"'),
        ("SG017", _DEFAULT_GROUP, '"default"'),
        ("DATA001", _DEVICE, '"/dev/sdf"'),
        ("DATA001", _TEMPLATE.replace("ARGUMENT", "no_device"), '"true"'),
        ("DATA001", _TEMPLATE.replace("ARGUMENT", "virtual_name"), '"ephemeral0"'),
        ("DATA001", _ROOT, '"/dev/sdz"'),
        ("DATA001", _MENDED, '"/dev/sdf"'),
        ("DATA001", _NEVER, "0"),
        ("IMDS001", _NEVER, "0"),
        ("SG017", _NEVER, "0"),
        ("IMDS002", _CONTAINERS, '"ECS_CLUSTER=main"'),
        ("IMDS002", _CONTAINERS, '"echo"'),
        ("IMDS002", _CONTAINER_IMAGE, '"amazon-eks-node-1.29-v*"'),
        ("SG017", _ENDPOINT, '"Interface"'),
        ("VPCE004", _SERVICE, '"com.amazonaws.eu-west-1.sqs"'),
        ("VPCE004", _SERVICE, '"com.amazonaws.eu-west-1.s3"'),
        ("VPCE004", _OVERRIDE, '"own"'),
        ("VPCE004", _OVERRIDE, '"other"'),
    ],
    ids=lambda value: value if "\n" not in value else "",
)
def test_a_missing_value(code: str, text: str, literal: str) -> None:
    known = scan_project({"main.tf": text.replace("VALUE", literal)}, select=(code,))
    missing = 'variable "missing" {}\n' + text.replace("VALUE", "var.missing")
    unknown = scan_project({"main.tf": missing}, select=(code,))
    assert not known.errors
    assert not unknown.errors
    added = unsaid(unknown, known, Status.FAIL, hanging_on="var.missing")
    assert added == set(), "no failure is added"
    assert unsaid(known, unknown, *Status) == set(), "no failure falls silent"


@pytest.mark.parametrize("code", ["DATA001", "IMDS001", "SG017"])
def test_a_group_of_which_nobody_knows_the_size_fails_under_that_condition(code: str) -> None:
    text = 'variable "missing" {}\n' + _NEVER.replace("VALUE", "var.missing")
    for finding in scan_project({"main.tf": text}, select=(code,)).findings:
        assert finding.status is Status.FAIL
        assert finding.confidence in {Confidence.CONDITIONAL, Confidence.POSSIBLE}
        assert (
            finding.when
            == "aws_autoscaling_group.web can have instances (var.missing has no value)"
        )


def test_what_fails_whatever_the_value_is_stays_a_failure() -> None:
    open_to_all = _SERVICE.replace("s3:*", "*").replace("VALUE", "var.missing")
    report = scan_project({"main.tf": 'variable "missing" {}\n' + open_to_all}, select=("VPCE004",))
    assert [finding.status for finding in report.findings] == [Status.FAIL]
