"""What findings about rules of security groups say beside their place (semantics.md, C4 and H)."""

from __future__ import annotations

from pathlib import Path

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding
from iac_ec2lint.values import Confidence

RULE = """
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
"""
UNUSED = "assumed: something has the group that is not declared here"
"""What is said of a group that nothing has."""

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
    report = scan(ScanOptions(paths=(folder,), working=folder, boundary=folder, select=checks))
    assert not report.errors
    return report.findings


def test_an_open_group_that_nothing_carries_is_possible(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, GROUP, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.POSSIBLE)


def test_an_open_group_that_a_host_carries_is_assumed(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, GROUP + HOST, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.ASSUMED)


NETWORK = """resource "aws_vpc" "v" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "i" {
  vpc_id = aws_vpc.v.id
}
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table" "t" {
  vpc_id = aws_vpc.v.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.i.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.t.id
}
"""


def placed(public: str, more: str = "", subnet: str = "aws_subnet.s.id") -> str:
    """The open group with a host in a subnet."""
    return (
        NETWORK
        + GROUP.replace("{\n  ingress", "{\n  vpc_id = aws_vpc.v.id\n  ingress", 1)
        + f"""resource "aws_instance" "web" {{
  subnet_id                   = {subnet}
  associate_public_ip_address = {public}
  vpc_security_group_ids      = [aws_security_group.web.id]
  {more}
}}
variable "unset" {{}}
"""
    )


def test_an_open_group_of_a_host_that_is_reached_is_proven(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, placed("true"), "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.PROVEN)


def test_an_open_group_of_a_host_in_an_unknown_subnet(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, placed("true", subnet="var.unset"), "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.LIKELY)


def test_an_open_group_of_a_host_that_hangs_on_a_switch(tmp_path: Path) -> None:
    text = placed("true", "count = var.unset ? 1 : 0")
    (finding,) = found(tmp_path, text, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.CONDITIONAL)
    assert finding.when == "var.unset is true"


def test_an_open_group_that_reaches_nothing_is_low_and_says_why(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, placed("false"), "SG001")
    assert (finding.status, finding.severity) == ("fail", "low")
    assert "but nothing is reached: associate_public_ip_address" in finding.message
    assert "associate_public_ip_address" in finding.evidence[0].message


def test_one_carrier_that_is_reached_is_enough(tmp_path: Path) -> None:
    other = """resource "aws_instance" "other" {
  subnet_id                   = aws_subnet.s.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.web.id]
}
"""
    (finding,) = found(tmp_path, placed("false") + other, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.PROVEN)


def test_a_carrier_of_which_nothing_is_known_keeps_the_severity(tmp_path: Path) -> None:
    function = """resource "aws_lambda_function" "f" {
  vpc_config {
    subnet_ids         = [aws_subnet.s.id]
    security_group_ids = [aws_security_group.web.id]
  }
}
"""
    (finding,) = found(tmp_path, placed("false") + function, "SG001")
    assert (finding.severity, finding.confidence) == ("high", Confidence.POSSIBLE)


def test_the_rule_is_a_part_of_the_path(tmp_path: Path) -> None:
    by_code = {f.check.code: f for f in found(tmp_path, placed("true"), "SG001", "PATH001")}
    path, rule = by_code["PATH001"], by_code["SG001"]
    assert rule.part_of == (path.fingerprint,)
    assert (path.subject, path.resource) == ("aws_instance.web", "aws_security_group.web")
    assert (path.severity, path.confidence) == ("critical", Confidence.PROVEN)
    hops = [hop.message for hop in path.evidence]
    assert "aws_security_group.web admits tcp 22 from 0.0.0.0/0" in hops
    assert hops[-3] == "to break it: admit tcp 22 from known addresses only"


def test_severity_of_paths_in_unknown_places(tmp_path: Path) -> None:
    (likely,) = found(tmp_path, placed("true", subnet="var.unset"), "PATH001")
    (possible,) = found(tmp_path, placed("null", subnet="var.unset"), "PATH001")
    assert (likely.status, likely.severity, likely.confidence) == ("undecided", "high", "likely")
    assert (possible.status, possible.severity, possible.confidence) == (
        "undecided",
        "medium",
        "possible",
    )


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
    assert [hop.message for hop in finding.evidence] == ["aws_security_group.web is judged", UNUSED]


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
    assert hops[0] == ("0.0.0.0/0 is in aws_ec2_managed_prefix_list.all", '"0.0.0.0/0"')
    assert [message for message, _ in hops[1:]] == [UNUSED]


def test_parts_of_the_internet_are_shown_together(tmp_path: Path) -> None:
    text = GROUP.replace('"0.0.0.0/0"', '"0.0.0.0/2", "64.0.0.0/2"')
    (finding,) = found(tmp_path, text, "SG001")
    assert finding.span.text == '"0.0.0.0/2"'
    assert finding.evidence[0].span.text == '"64.0.0.0/2"'
    assert [hop.message for hop in finding.evidence[1:]] == [UNUSED]


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
    assert 'assumed: default of variable "cidr"' in [hop.message for hop in finding.evidence]
