"""A value that is not known is taken for nothing: neither for a failure nor for a pass."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project, unsaid

from iac_ec2lint.engine.finding import Status

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


def wrong(reason: str, *case: str) -> object:
    """A case that is known to be wrong; it fails on the day on which it is right."""
    return pytest.param(*case, marks=pytest.mark.xfail(reason=reason, strict=True))


@pytest.mark.parametrize(
    ("code", "text", "literal"),
    [
        ("SG001", _SSH, '"0.0.0.0/0"'),
        ("SG001", _SSH, '"10.0.0.0/8"'),
        wrong("only known ports are put together", "SG001", _TOGETHER, "22"),
        wrong("it may be the root, so nothing is said of that", "DATA001", _DEVICE, '"/dev/sdf"'),
        wrong("taken for absent", "DATA001", _TEMPLATE.replace("ARGUMENT", "no_device"), '"true"'),
        wrong(
            "taken for absent",
            "DATA001",
            _TEMPLATE.replace("ARGUMENT", "virtual_name"),
            '"ephemeral0"',
        ),
        ("DATA001", _ROOT, '"/dev/sdz"'),
        wrong("taken for another device", "DATA001", _MENDED, '"/dev/sdf"'),
        wrong("taken for more than 0", "IMDS001", _NEVER, "0"),
        wrong("taken for a host without containers", "IMDS002", _CONTAINERS, '"ECS_CLUSTER=main"'),
        wrong("taken for a gateway endpoint", "SG017", _ENDPOINT, '"Interface"'),
        wrong(
            "taken for the service of the actions",
            "VPCE004",
            _SERVICE,
            '"com.amazonaws.eu-west-1.sqs"',
        ),
        wrong("taken for another statement", "VPCE004", _OVERRIDE, '"own"'),
    ],
    ids=lambda value: value if "\n" not in value else "",
)
def test_a_missing_value(code: str, text: str, literal: str) -> None:
    known = scan_project({"main.tf": text.replace("VALUE", literal)}, select=(code,))
    missing = 'variable "missing" {}\n' + text.replace("VALUE", "var.missing")
    unknown = scan_project({"main.tf": missing}, select=(code,))
    assert not known.errors
    assert not unknown.errors
    assert unsaid(unknown, known, Status.FAIL) == set(), "no failure is added"
    assert unsaid(known, unknown, *Status) == set(), "no failure falls silent"
