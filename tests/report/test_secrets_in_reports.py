"""No report quotes a secret, wherever it is written."""

from __future__ import annotations

import json

import pytest
from tests.invariance.projects import Project, scan_project
from tests.report.sample_reports import ACCOUNT

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.report import formats, render

SECRET = "tr0ubad0rAndThreeFriends"  # noqa: S105 - it is what must not be shown
_SCRIPT = f"export DB_PASSWORD={SECRET}"
_HOST = """\
resource "aws_default_vpc" "this" {}
resource "aws_security_group" "web" {
  vpc_id = aws_default_vpc.this.id
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                    = "ami-0123456789abcdef0"
  vpc_security_group_ids = [aws_security_group.web.id]
  metadata_options { http_tokens = "optional" }
  user_data = USER_DATA
}
"""
_TEMPLATE = {
    "Resources": {
        "Web": {
            "Type": "AWS::EC2::Instance",
            "Properties": {
                "ImageId": "ami-0123456789abcdef0",
                "UserData": {"Fn::Base64": _SCRIPT},
                "MetadataOptions": {"HttpTokens": "optional"},
                "NetworkInterfaces": [
                    {
                        "DeviceIndex": "0",
                        "AssociatePublicIpAddress": True,
                        "GroupSet": [{"Ref": "Group"}],
                    }
                ],
            },
        },
        "Group": {
            "Type": "AWS::EC2::SecurityGroup",
            "Properties": {
                "GroupDescription": "web",
                "SecurityGroupIngress": [
                    {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "CidrIp": "0.0.0.0/0"}
                ],
            },
        },
    }
}


def _host(user_data: str, more: str = "", **files: str) -> Project:
    return {"main.tf": _HOST.replace("USER_DATA", user_data) + more, **files}


PROJECTS: dict[str, Project] = {
    "a literal": _host(f'"{_SCRIPT}"'),
    "a heredoc": _host(f"<<-EOT\n    {_SCRIPT}\n  EOT"),
    "encoded": _host(f'base64encode("{_SCRIPT}")'),
    "a local": _host("local.script", f'locals {{ script = "{_SCRIPT}" }}\n'),
    "a default": _host("var.script", f'variable "script" {{ default = "{_SCRIPT}" }}\n'),
    "a variable's value": {
        **_host("var.script", 'variable "script" {}\n'),
        "terraform.tfvars": f'script = "{_SCRIPT}"\n',
    },
    "a piece": _host(
        '"export DB_PASSWORD=${var.password}"',
        f'variable "password" {{ default = "{SECRET}" }}\n',
    ),
    "a template on one line": {"template.json": json.dumps(_TEMPLATE)},
    "a template": {"template.json": json.dumps(_TEMPLATE, indent=2)},
}


@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_no_format_quotes_a_secret(project: Project) -> None:
    report = scan_project(project, select=("PATH014",))
    assert Status.FAIL in {finding.status for finding in report.findings}
    for name in formats():
        for width in (40, 100, 10_000):
            text = render(
                name, report, show_undecided=True, show_notes=True, width=width, **ACCOUNT
            )
            assert SECRET[:12] not in text, name
