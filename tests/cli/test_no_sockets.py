"""The program opens no socket, whatever it scans."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, environment, run_process, write

# An audit hook sees the C level too, which a patched socket.socket would not.
_GUARD = """
import os
import sys

def refuse(event, arguments):
    if event.startswith(("socket.", "urllib.", "http.client.", "ftplib.", "smtplib.")):
        with open(os.environ["SOCKET_LOG"], "a") as log:
            log.write(event + "\\n")
        raise ConnectionRefusedError(event)

sys.addaudithook(refuse)
"""

_TEMPTATIONS = """\
terraform {
  backend "http" {
    address = "http://127.0.0.1:9/state"
  }
  required_providers {
    aws = { source = "hashicorp/aws" }
  }
}

module "registry" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}

module "git" {
  source = "git::https://127.0.0.1:9/module.git?ref=v1"
}

module "archive" {
  source = "https://127.0.0.1:9/module.zip"
}

data "http" "address" {
  url = "http://127.0.0.1:9/"
}

data "terraform_remote_state" "network" {
  backend = "s3"
  config  = { bucket = "states", key = "network", region = "eu-west-1" }
}

data "aws_ami" "newest" {
  most_recent = true
  owners      = ["amazon"]
}

resource "aws_instance" "web" {
  ami       = data.aws_ami.newest.id
  subnet_id = data.terraform_remote_state.network.outputs.subnet
}
"""

_REMOTE_TEMPLATE = """\
Resources:
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: https://127.0.0.1:9/nested.yaml
  Included:
    Fn::Transform:
      Name: AWS::Include
      Parameters:
        Location: s3://bucket/included.yaml
  Plain:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-1a
      Size: 10
      Encrypted: false
"""


def _guarded(folder: Path) -> tuple[dict[str, str], Path]:
    guard = write(folder / "guard", {"sitecustomize.py": _GUARD})
    log = folder / "sockets"
    return environment({"SOCKET_LOG": str(log)}, before=[guard]), log


def test_the_guard_of_these_tests_works(tmp_path: Path) -> None:
    env, log = _guarded(tmp_path)
    program = "import socket; socket.socket().connect(('127.0.0.1', 9))"
    ended = run_process(cwd=tmp_path, env=env, python=("-c", program))
    assert "ConnectionRefusedError" in ended.err
    assert log.read_text().startswith("socket.")


@pytest.mark.slow
def test_no_socket_is_opened(tmp_path: Path) -> None:
    env, log = _guarded(tmp_path)
    write(
        tmp_path / "infra",
        {
            "main.tf": _TEMPTATIONS + PLAIN_VOLUME,
            "stacks/a.yaml": _REMOTE_TEMPLATE,
            "stacks/b.yaml": PLAIN_VOLUME_TEMPLATE,
        },
    )
    for arguments in (
        ("--format", "json"),
        ("--format", "sarif", "--jobs", "2"),
        ("--format", "github", "--hcl-parser", "python-hcl2"),
    ):
        ended = run_process("infra", *arguments, cwd=tmp_path, env=env)
        assert "DATA001" in ended.out
        assert "Traceback" not in ended.err
    for command in (("checks",), ("explain", "SG001")):
        assert run_process(*command, cwd=tmp_path, env=env).status == 0
    assert not log.exists(), log.read_text()
