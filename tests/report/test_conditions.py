"""What conditions of many values look like to people, and that JSON keeps all of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import run, write

from iac_ec2lint.report.conditions import short_condition

REGIONS = [f"eu-west-{number}" for number in range(1, 9)]
OPEN = """
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
"""
TEMPLATE = f"""
Conditions:
  Open: !Or [{", ".join(f"!Equals [!Ref AWS::Region, {region}]" for region in REGIONS)}]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: Open
    Properties:
      GroupDescription: of a test{OPEN}
"""
MODULE = f"""
variable "region" {{}}
resource "aws_security_group" "one" {{
  count = contains([{", ".join(f'"{region}"' for region in REGIONS)}], var.region) ? 1 : 0
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("t.yaml", TEMPLATE, 'AWS::Region is "eu-west-1", "eu-west-2", "eu-west-3" or 5 more'),
        ("main.tf", MODULE, 'var.region is one of "eu-west-1", "eu-west-2", "eu-west-3" or 5 more'),
    ],
)
def test_many_values_are_counted_in_text_and_kept_in_json(
    name: str, text: str, words: str, tmp_path: Path
) -> None:
    write(tmp_path, {name: text})
    assert words in run(".", "--select", "SG001", cwd=tmp_path).out
    [finding] = run(".", "--select", "SG001", "--format", "json", cwd=tmp_path).report["findings"]
    assert all(f'"{region}"' in finding["when"] for region in REGIONS)


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ('x is "a" or x is "b"', 'x is "a" or x is "b"'),
        ('x is "a" or x is "b" or y is "c"', 'x is "a" or x is "b" or y is "c"'),
        ('x is "a" or x is "b" or x is "c"', 'x is "a", "b" or "c"'),
        (
            'parameter "P" is "a" or parameter "P" is "b" or parameter "P" is "c" or one of 4 more',
            'parameter "P" is "a", "b", "c" or 4 more',
        ),
        (
            '(x is "a" or x is "b" or x is "c" or x is "d" or x is "e") and y is "f"',
            '(x is "a", "b", "c" or 2 more) and y is "f"',
        ),
        ('x is not "a" or x is not "b" or x is not "c"', None),
    ],
)
def test_only_what_one_thing_may_be_is_put_together(words: str, short: str | None) -> None:
    assert short_condition(words) == (short or words)
