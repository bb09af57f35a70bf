"""What accepting a path means for the rules that it leads through, and the other way around."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import run, write

STAGE = Path(__file__).parents[2] / "docs" / "stages" / "public-instance.tf"
FTP = """
resource "aws_vpc_security_group_ingress_rule" "NAME" {
  security_group_id = aws_security_group.host.id
  cidr_ipv4         = "0.0.0.0/0" COMMENT
  ip_protocol       = "tcp"
  from_port         = PORT
  to_port           = PORT
}
"""


def rule(name: str, port: int, comment: str = "") -> str:
    """A rule that opens a port to the internet."""
    text = FTP.replace("NAME", name).replace("PORT", str(port))
    return text.replace("COMMENT", f"# ec2lint:ignore={comment}" if comment else "")


def statuses(folder: Path, *rules: str) -> dict[tuple[str, int], str]:
    """The status of each finding of SG001, SG006 and PATH001 to PATH006, by code and line."""
    write(folder, {"main.tf": STAGE.read_text(), "rules.tf": "".join(rules)})
    codes = "SG001,SG006,PATH001,PATH002,PATH003,PATH004,PATH005,PATH006"
    report = run(".", "--format", "json", "--select", codes, cwd=folder).report
    return {
        (one["check"], one["line"]): one["status"]
        for one in report["findings"]
        if one["path"] == "rules.tf"
    }


def test_accepting_a_path_accepts_its_parts(tmp_path: Path) -> None:
    found = statuses(tmp_path, rule("ssh", 22, "PATH001 a bastion"))
    assert found == {("PATH001", 4): "suppressed", ("SG001", 4): "suppressed"}


def test_a_part_of_a_path_that_is_not_accepted_is_none(tmp_path: Path) -> None:
    ssh, twin = rule("ssh", 22, "PATH001 a bastion"), rule("twin", 22)
    other = """
resource "aws_instance" "other" {
  ami                    = "ami-0123456789abcdef0"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.public.id
  vpc_security_group_ids = [aws_security_group.other.id]
}
resource "aws_security_group" "other" {
  vpc_id = aws_vpc.main.id
}
"""
    apart = twin.replace("aws_security_group.host", "aws_security_group.other")
    found = statuses(tmp_path, ssh, apart, other)
    assert found == {
        ("PATH001", 4): "suppressed",
        ("SG001", 4): "suppressed",
        ("PATH001", 12): "fail",
        ("SG001", 12): "fail",
    }


def test_accepting_a_rule_accepts_that_hosts_are_reached_through_it(tmp_path: Path) -> None:
    found = statuses(tmp_path, rule("ftp", 21, "SG006 a mirror"))
    assert found == {("SG006", 4): "suppressed", ("PATH003", 4): "suppressed"}


def test_accepting_a_rule_accepts_nothing_worse(tmp_path: Path) -> None:
    found = statuses(tmp_path, rule("ssh", 22, "SG001 a bastion"))
    assert found == {("SG001", 4): "suppressed", ("PATH001", 4): "fail"}


@pytest.mark.parametrize("second", ["", "SG006 this one too"])
def test_all_rules_of_a_path_must_be_accepted(tmp_path: Path, second: str) -> None:
    found = statuses(tmp_path, rule("ftp", 21, "SG006 a mirror"), rule("telnet", 23, second))
    path = "suppressed" if second else "fail"
    assert found == {
        ("SG006", 4): "suppressed",
        ("SG006", 12): path,
        ("PATH003", 4): path,
    }


def test_what_goes_on_from_the_host_is_not_accepted_with_a_rule(tmp_path: Path) -> None:
    policy = """
resource "aws_iam_role_policy" "administrator" {
  role = aws_iam_role.host.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}
"""
    found = statuses(tmp_path, rule("ssh", 22, "SG001,PATH001 a bastion"), policy)
    assert found[("PATH001", 4)] == "suppressed"
    assert found[("PATH004", 4)] == "fail"
