"""What findings about rules of security groups say beside their place (semantics.md, C4 and H)."""

from __future__ import annotations

from pathlib import Path

import pytest

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


@pytest.mark.parametrize(
    ("carrier", "severity", "confidence"),
    [
        # Nothing is known of the cluster's interfaces; a function's are never reached.
        ("aws_eks_cluster", "high", Confidence.POSSIBLE),
        ("aws_lambda_function", "low", Confidence.PROVEN),
    ],
)
def test_a_carrier_of_which_nothing_is_known_keeps_the_severity(
    carrier: str, severity: str, confidence: Confidence, tmp_path: Path
) -> None:
    more = f"""resource "{carrier}" "more" {{
  vpc_config {{
    subnet_ids         = [aws_subnet.s.id]
    security_group_ids = [aws_security_group.web.id]
  }}
}}
"""
    (finding,) = found(tmp_path, placed("false") + more, "SG001")
    assert (finding.severity, finding.confidence) == (severity, confidence)


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


def test_what_makes_a_host_one_of_the_database_tier_is_shown(tmp_path: Path) -> None:
    text = """resource "aws_security_group" "store" {
  ingress {
    protocol    = "tcp"
    from_port   = 9200
    to_port     = 9200
    cidr_blocks = ["10.0.0.0/16"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "store" {
  ami                    = "ami-0123456789abcdef0"
  vpc_security_group_ids = [aws_security_group.store.id]
}
"""
    (finding,) = found(tmp_path, text, "SG013")
    assert [hop.message for hop in finding.evidence[:2]] == [
        "aws_instance.store has the group",
        "its rule for tcp 9200 is taken for a data store's",
    ]


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
    del by_code["SG018"]  # nothing has the group
    assert by_code.keys() == {"SG001", "SG002", "SG005", "SG006", "SG007"}
    assert all(part.part_of == (whole.fingerprint,) for part in by_code.values())
    assert not whole.part_of


@pytest.mark.parametrize("name", ["main.tf", "template.yaml"])
def test_what_is_blocked_rests_on_the_default_of_its_range_as_well(
    name: str, tmp_path: Path
) -> None:
    texts = {
        "main.tf": """variable "cidr" { default = "0.0.0.0/0" }
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_security_group" "g" {
  vpc_id = aws_vpc.v.id
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.cidr]
  }
}
resource "aws_instance" "i" {
  subnet_id              = aws_subnet.s.id
  vpc_security_group_ids = [aws_security_group.g.id]
}
""",
        "template.yaml": """Parameters:
  Cidr: {Type: String, Default: 0.0.0.0/0}
Resources:
  V: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  S: {Type: AWS::EC2::Subnet, Properties: {VpcId: !Ref V, CidrBlock: 10.0.0.0/24}}
  G:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: from a parameter
      VpcId: !Ref V
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Cidr}]
  I:
    Type: AWS::EC2::Instance
    Properties: {SubnetId: !Ref S, SecurityGroupIds: [!GetAtt G.GroupId]}
""",
    }
    (finding,) = found(tmp_path, texts[name], "SG001", name=name)
    assert (finding.severity, finding.confidence) == ("low", Confidence.ASSUMED)


def test_rules_that_share_a_default_stand_where_they_use_it(tmp_path: Path) -> None:
    text = 'variable "cidr" {\n  default = "0.0.0.0/0"\n}\n'
    group = GROUP.replace('"0.0.0.0/0"', "var.cidr")
    (alone,) = found(tmp_path, text + group, "SG001")
    assert alone.span.text == '"0.0.0.0/0"'
    findings = found(tmp_path, text + group + group.replace('"web"', '"app"'), "SG001")
    assert [finding.span.text for finding in findings] == ["[var.cidr]", "[var.cidr]"]
    assert [f.resource for f in findings] == ["aws_security_group.web", "aws_security_group.app"]
    for finding in findings:
        hops = {hop.message: hop.span.text for hop in finding.evidence}
        assert hops["the value is written here"] == '"0.0.0.0/0"'
        assert 'assumed: default of variable "cidr"' in hops


def test_calls_of_one_module_stand_at_their_arguments(tmp_path: Path) -> None:
    module = 'variable "cidrs" {}\n' + GROUP.replace('["0.0.0.0/0"]', "var.cidrs")
    calls = 'locals {\n  world = ["0.0.0.0/0"]\n}\n' + "".join(
        f'module "{name}" {{\n  source = "./group"\n  cidrs  = local.world\n}}\n'
        for name in ("web", "app")
    )
    (tmp_path / "group").mkdir()
    (tmp_path / "group" / "main.tf").write_text(module)
    findings = found(tmp_path, calls, "SG001")
    assert [(f.span.path.rpartition("/")[2], f.span.text) for f in findings] == [
        ("main.tf", "cidrs  = local.world"),
        ("main.tf", "cidrs  = local.world"),
    ]


def interfaces(inside: str, outside: str) -> str:
    """A host with a private interface and a public one, and the groups that these carry."""
    closed = GROUP.replace('"web" {', '"other" {\n  vpc_id = aws_vpc.v.id', 1).replace(
        "= 22", "= 443"
    )
    text = placed("false", subnet="aws_subnet.inside.id").replace(
        "[aws_security_group.web.id]", f"[{inside}]"
    )
    return f"""{text}{closed}resource "aws_subnet" "inside" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.2.0/24"
}}
resource "aws_network_interface" "outside" {{
  subnet_id       = aws_subnet.s.id
  security_groups = [{outside}]
  attachment {{
    instance     = aws_instance.web.id
    device_index = 1
  }}
}}
resource "aws_eip" "outside" {{
  network_interface = aws_network_interface.outside.id
}}
"""


WEB, OTHER = "aws_security_group.web.id", "aws_security_group.other.id"


@pytest.mark.parametrize(
    ("inside", "outside", "severity", "confidence"),
    [
        (WEB, WEB, "high", "proven"),
        (OTHER, WEB, "high", "proven"),
        (WEB, OTHER, "low", "proven"),
        (OTHER, f"{OTHER}, {WEB}", "high", "proven"),
        # Another group may be what lets the internet in.
        (WEB, f"var.unset ? {WEB} : {OTHER}", "high", "possible"),
        (WEB, "var.unset", "high", "possible"),
    ],
)
def test_a_group_is_judged_by_the_interfaces_that_carry_it(
    inside: str, outside: str, severity: str, confidence: str, tmp_path: Path
) -> None:
    (finding,) = found(tmp_path, interfaces(inside, outside), "SG001")
    assert (finding.severity, finding.confidence) == (severity, confidence)


def test_what_is_said_of_several_at_once_is_said_of_each(tmp_path: Path) -> None:
    (tmp_path / "host").mkdir()
    (tmp_path / "host/main.tf").write_text(
        'resource "aws_instance" "i" {\n  ami = "ami-0123456789abcdef0"\n'
        "  associate_public_ip_address = true\n}\n"
    )
    (tmp_path / "main.tf").write_text(
        "".join(f'module "{name}" {{\n  source = "./host"\n}}\n' for name in "ab")
    )
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("NET001",)))
    (finding,) = report.findings
    assert finding.message.startswith(
        "each of module.a.aws_instance.i and module.b.aws_instance.i has a public IPv4 address"
    )


SIX = {
    "main.tf": placed("false").replace(
        'cidr_blocks = ["0.0.0.0/0"]', 'ipv6_cidr_blocks = ["::/0"]'
    ),
    "template.yaml": """Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
  Gateway: {Type: AWS::EC2::InternetGateway}
  Attachment:
    Type: AWS::EC2::VPCGatewayAttachment
    Properties: {VpcId: !Ref Vpc, InternetGatewayId: !Ref Gateway}
  Subnet:
    Type: AWS::EC2::Subnet
    Properties: {VpcId: !Ref Vpc, CidrBlock: 10.0.1.0/24}
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: Six
      VpcId: !Ref Vpc
      SecurityGroupIngress: [{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIpv6: '::/0'}]
  Host:
    Type: AWS::EC2::Instance
    Properties: {ImageId: ami-1, SubnetId: !Ref Subnet, SecurityGroupIds: [!Ref Group]}
""",
}


@pytest.mark.parametrize("name", SIX)
def test_what_blocks_a_rule_is_of_its_own_family(name: str, tmp_path: Path) -> None:
    (finding,) = found(tmp_path, SIX[name], "SG001", name=name)
    said = [finding.message, *(hop.message for hop in finding.evidence)]
    assert any("IPv6" in one or "::/0" in one for one in said[1:]), said
    assert not any(
        "associate_public_ip" in one or "MapPublicIp" in one or "0.0.0.0/0" in one for one in said
    ), said
