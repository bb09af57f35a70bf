"""What holds for many values of an input is said shortly to people, and in full to programs."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import run, scan, write

REGIONS = [f"{area}-{side}-1" for area in ("us", "eu", "ap") for side in ("east", "west", "south")]
OPEN = """\
Mappings:
  Ranges:
{ranges}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !FindInMap [Ranges, !Ref AWS::Region, Range]
"""
NAMED = """\
variable "region" {}

resource "aws_security_group" "open" {
  count = %s ? 1 : 0
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


def said(folder: Path) -> tuple[str, str]:
    """The condition of the one finding as text has it, and as JSON has it."""
    text = run(".", "--select", "SG001", cwd=folder).out
    [line] = [line for line in text.splitlines() if line.startswith("  when ")]
    [finding] = scan(".", "--select", "SG001", cwd=folder).report["findings"]
    return line.removeprefix("  when").strip(), finding["when"]


def in_full(named: str) -> str:
    return f"{named} is one of " + ", ".join(f'"{region}"' for region in REGIONS)


def test_a_mapping_of_regions(tmp_path: Path) -> None:
    ranges = "".join(f"    {region}: {{Range: 0.0.0.0/0}}\n" for region in REGIONS)
    write(
        tmp_path, {"a.yaml": OPEN.format(ranges=f"{ranges}    af-south-1: {{Range: 10.0.0.0/8}}")}
    )
    shown, whole = said(tmp_path)
    assert shown == 'AWS::Region is one of "us-east-1", "us-west-1", "us-south-1" or 6 more'
    assert whole == in_full("AWS::Region")


def test_comparisons_one_by_one_and_a_list(tmp_path: Path) -> None:
    one_by_one = " || ".join(f'var.region == "{region}"' for region in REGIONS)
    listed = "contains([" + ", ".join(f'"{region}"' for region in REGIONS) + "], var.region)"
    for condition in (one_by_one, listed):
        write(tmp_path, {"main.tf": NAMED % condition})
        shown, whole = said(tmp_path)
        assert shown == 'var.region is one of "us-east-1", "us-west-1", "us-south-1" or 6 more'
        assert whole == in_full("var.region")
