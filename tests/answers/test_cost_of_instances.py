"""What one more instance costs, counted in calls: no clock, and the same on every machine."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.report import render

NETWORK = """
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}

resource "aws_subnet" "private" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}

resource "aws_security_group" "hosts" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 443
    to_port     = 443
    protocol    = "tcp"
    cidr_blocks = ["10.0.0.0/16"]
  }
}
"""

MOST_CALLS = 5_500
"""Of Python and of C, for reading, evaluating, judging and writing it: it has six findings."""

INSTANCE = """
resource "aws_instance" "host{number}" {{
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "m7g.large"
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.hosts.id]
  tags                   = {{ Name = "host-{number}", Environment = "test" }}
}}
"""


def calls_of_scan(folder: Path, instances: int) -> int:
    """How many functions a scan of so many alike instances calls, its JSON included."""
    folder.mkdir()
    blocks = [INSTANCE.format(number=number) for number in range(instances)]
    (folder / "main.tf").write_text(NETWORK + "".join(blocks))
    options = ScanOptions(paths=(folder,), working=folder, boundary=folder, jobs=1)
    calls = 0

    def count(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        render("json", scan(options))
    finally:
        sys.setprofile(None)
    return calls


def test_one_more_instance_that_is_like_others_costs_little(tmp_path: Path) -> None:
    calls_of_scan(tmp_path / "first", 1)  # what is imported and compiled once does not count
    few = calls_of_scan(tmp_path / "few", 50)
    many = calls_of_scan(tmp_path / "many", 100)
    assert (many - few) / 50 < MOST_CALLS


def test_an_instance_costs_the_same_however_many_there_are(tmp_path: Path) -> None:
    calls_of_scan(tmp_path / "first", 1)
    sizes = (50, 100, 200)
    few, some, many = (calls_of_scan(tmp_path / str(size), size) for size in sizes)
    assert (many - some) / 100 < 1.02 * (some - few) / 50
