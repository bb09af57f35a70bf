"""What is undecided by a default that EC2 refuses names the input that is to be given a value."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.network.infrastructure import graph

from iac_ec2lint.compute.interfaces import unplaced
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.network.filters.rule_sources import sources_of
from iac_ec2lint.resources.security_group import SecurityGroup

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.values import Unknown

_GROUP = """
variable "office" {{
  default = "{default}"
}}
resource "aws_security_group" "a" {{
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [{range}]
  }}
}}
"""
_HOST = """
Parameters:
  Subnet: {Type: String, Default: ""}
Resources:
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-0123456789abcdef0, SubnetId: !Ref Subnet}
"""


def _cause(text: str, folder: Path) -> Unknown:
    found = graph(text, folder)
    [group] = found.all(SecurityGroup)
    [source] = sources_of(found, group.ingress[0], group)
    [cause] = source.causes
    return cause


@pytest.mark.parametrize("default", ["", "999.999.999.999/32", "::/0"])
def test_a_default_that_is_no_range(tmp_path: Path, default: str) -> None:
    cause = _cause(_GROUP.format(default=default, range="var.office"), tmp_path)
    said = f'the default of variable "office" is to be replaced: "{default}" is not an IPv4 range'
    assert cause.reason == said
    assert [one.key for one in cause.inputs] == ["var.office"]


def test_a_text_that_is_no_range(tmp_path: Path) -> None:
    cause = _cause(_GROUP.format(default="", range='"office"'), tmp_path)
    assert cause.reason == '"office" is not an IPv4 range'
    assert cause.inputs == ()


def test_an_empty_subnet(tmp_path: Path) -> None:
    found = graph(_HOST, tmp_path)
    [launch] = launches(found)
    cause = unplaced(launch.host, launch.settings)
    assert cause is not None
    said = 'Host is given an empty text for its subnet, the default of parameter "Subnet"'
    assert cause.reason == said
    assert [one.key for one in cause.inputs] == ["Subnet"]
