"""What findings about rules of security groups say beside their place (semantics.md, C4 and H)."""

from __future__ import annotations

from pathlib import Path

from iac_ec2lint.engine.finding import Confidence, Finding
from iac_ec2lint.scan import Options, scan

RULE = """
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
"""
GROUP = f"""resource "aws_security_group" "web" {{
  ingress {{{RULE}  }}
}}
"""
SEPARATE = f"""resource "aws_security_group" "web" {{}}
resource "aws_security_group_rule" "ssh" {{
  security_group_id = aws_security_group.web.id
  type = "ingress"
{RULE}
}}
"""
HOST = """resource "aws_instance" "web" {
  vpc_security_group_ids = [aws_security_group.web.id]
}
"""


def found(folder: Path, text: str, *checks: str, name: str = "main.tf") -> tuple[Finding, ...]:
    (folder / name).write_text(text, "utf-8")
    report = scan(Options(paths=(folder,), working=folder, boundary=folder, select=checks))
    assert not report.errors
    return report.findings


def test_an_open_group_that_nothing_carries_is_possible(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, GROUP, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.POSSIBLE)


def test_an_open_group_that_a_host_carries_is_assumed(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, GROUP + HOST, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.ASSUMED)


def test_a_rule_that_hangs_on_a_switch_is_conditional(tmp_path: Path) -> None:
    text = 'variable "on" {\n  type = bool\n}\n' + SEPARATE.replace(
        'type = "ingress"', 'type = "ingress"\n  count = var.on ? 1 : 0'
    )
    (finding,) = found(tmp_path, text + HOST, "SG001")
    assert (finding.confidence, finding.when) == (Confidence.CONDITIONAL, "var.on is true")


def test_an_undecided_rule_says_what_is_missing(tmp_path: Path) -> None:
    text = 'variable "cidr" {\n  type = string\n}\n' + GROUP.replace('"0.0.0.0/0"', "var.cidr")
    (finding,) = found(tmp_path, text, "SG001")
    assert finding.missing == ("var.cidr has no value",)


def test_a_separate_rule_and_an_inline_one_say_the_same(tmp_path: Path) -> None:
    def told(text: str) -> list[tuple[str, ...]]:
        every = found(tmp_path, text, "SG")
        return [(f.check.code, f.subject, f.severity, f.confidence, f.message) for f in every]

    assert told(GROUP) == told(SEPARATE) != []


def test_the_finding_of_a_separate_rule_is_its_own_and_names_the_group(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, SEPARATE, "SG001")
    assert (finding.resource, finding.subject, finding.attribute) == (
        "aws_security_group_rule.ssh",
        "aws_security_group.web",
        "cidr_blocks",
    )
    assert [hop.message for hop in finding.evidence] == ["aws_security_group.web is judged"]


def test_a_prefix_list_shows_its_wide_entries(tmp_path: Path) -> None:
    text = GROUP.replace(
        'cidr_blocks = ["0.0.0.0/0"]', "prefix_list_ids = [aws_ec2_managed_prefix_list.all.id]"
    )
    text += """resource "aws_ec2_managed_prefix_list" "all" {
  entry {
    cidr = "198.51.100.0/24"
  }
  entry {
    cidr = "0.0.0.0/0"
  }
}
"""
    (finding,) = found(tmp_path, text, "SG001")
    hops = [(hop.message, hop.span.text) for hop in finding.evidence]
    assert hops == [("0.0.0.0/0 is in aws_ec2_managed_prefix_list.all", '"0.0.0.0/0"')]


def test_parts_of_the_internet_are_shown_together(tmp_path: Path) -> None:
    text = GROUP.replace('"0.0.0.0/0"', '"0.0.0.0/2", "64.0.0.0/2"')
    (finding,) = found(tmp_path, text, "SG001")
    assert finding.span.text == '"0.0.0.0/2"'
    assert [hop.span.text for hop in finding.evidence] == ['"64.0.0.0/2"']


def test_a_rule_that_opens_all_is_shown_once(tmp_path: Path) -> None:
    text = GROUP.replace('"tcp"', '"-1"').replace("22", "0")
    by_code = {finding.check.code: finding for finding in found(tmp_path, text, "SG")}
    whole = by_code.pop("SG003")
    assert by_code.keys() == {"SG001", "SG002", "SG005", "SG006", "SG007"}
    assert all(part.part_of == (whole.fingerprint,) for part in by_code.values())
    assert not whole.part_of


def test_groups_of_one_default_are_one_finding(tmp_path: Path) -> None:
    text = 'variable "cidr" {\n  default = "0.0.0.0/0"\n}\n'
    group = GROUP.replace('"0.0.0.0/0"', "var.cidr")
    (finding,) = found(tmp_path, text + group + group.replace('"web"', '"app"'), "SG001")
    assert finding.resources == ("aws_security_group.app", "aws_security_group.web")
    assert 'default of variable "cidr"' in [hop.message for hop in finding.evidence]
