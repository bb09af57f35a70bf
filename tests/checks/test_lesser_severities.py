"""Findings that are less severe, or less sure, than their check at its worst."""

from __future__ import annotations

from pathlib import Path

import pytest

from iac_ec2lint.answers.scan import ScanOptions, scan

EXTERNAL = 'ami = "ami-0123456789abcdef0"'
AL2023 = (
    'image_id = "resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"'
)
COPY = """
resource "aws_ami_copy" "plain" {
  name              = "copy"
  source_ami_id     = "ami-0123456789abcdef0"
  source_ami_region = "eu-west-1"
}
resource "aws_instance" "i" { ami = aws_ami_copy.plain.id }
"""


# A default of a Region that is not known is none of the Region that the host is in.
ELSEWHERE = """
variable "region" {}
resource "aws_ec2_instance_metadata_defaults" "d" {
  region      = var.region
  http_tokens = "required"
}
resource "aws_instance" "i" { ami = "ami-0123456789abcdef0" }
"""
REDIRECTING = """
resource "aws_lb" "web" {}
resource "aws_lb_listener" "web" {
  load_balancer_arn = aws_lb.web.arn
  default_action { type = "redirect" }
}
"""

PERHAPS_NONE = """
variable "most" {}
resource "aws_launch_template" "t" { image_id = "ami-0123456789abcdef0" }
resource "aws_autoscaling_group" "g" {
  availability_zones = ["eu-west-1a", "eu-west-1b"]
  max_size           = var.most
  launch_template { id = aws_launch_template.t.id }
}
"""


def listened(whose: str, protocol: str) -> str:
    """A group that is open on a port, of a Network Load Balancer, and somebody's listener."""
    return f"""
variable "balancer" {{}}
resource "aws_security_group" "g" {{
  vpc_id = "vpc-0123456789abcdef0"
  ingress {{
    protocol    = "tcp"
    from_port   = 445
    to_port     = 445
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource "aws_lb" "files" {{
  load_balancer_type = "network"
  subnets            = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  security_groups    = [aws_security_group.g.id]
}}
resource "aws_lb_listener" "files" {{
  load_balancer_arn = {whose}
  port              = 445
  protocol          = "{protocol}"
}}
"""


def group(protocol: str) -> str:
    return f"""
resource "aws_instance" "i" {{
  ami                    = "ami-0123456789abcdef0"
  vpc_security_group_ids = [aws_security_group.g.id]
}}
resource "aws_security_group" "g" {{
  ingress {{
    protocol    = "{protocol}"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
"""


def endpoint(resource: str) -> str:
    return f"""
resource "aws_vpc_endpoint" "e" {{
  vpc_id       = "vpc-0123456789abcdef0"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "{resource}" }}]
  }})
}}
"""


def service(principals: str) -> str:
    return f"""
resource "aws_vpc_endpoint_service" "s" {{
  acceptance_required = false
  allowed_principals  = {principals}
}}
"""


def balancer(kind: str, setting: str) -> str:
    return f"""
resource "{kind}" "b" {{
  subnets = ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"]
  {setting}
}}
"""


def store(begins: str) -> str:
    """A data store with a group that lets all out."""
    return f"""
resource "aws_security_group" "g" {{
  egress {{
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }}
}}
resource {begins} = [aws_security_group.g.id] }}
"""


CACHE = """
resource "aws_elasticache_subnet_group" "s" {
  name       = "s"
  subnet_ids = [aws_subnet.public.id]
}
resource "aws_elasticache_cluster" "s" { subnet_group_name = aws_elasticache_subnet_group.s.name }
"""
DATABASE = """
resource "aws_db_subnet_group" "s" { subnet_ids = [aws_subnet.public.id] }
resource "aws_db_instance" "s" { db_subnet_group_name = aws_db_subnet_group.s.name }
"""


def public(stores: str) -> str:
    """A subnet whose table leads to an internet gateway, and what is in it."""
    return f"""
resource "aws_vpc" "v" {{ cidr_block = "10.0.0.0/16" }}
resource "aws_internet_gateway" "v" {{ vpc_id = aws_vpc.v.id }}
resource "aws_subnet" "public" {{
  vpc_id     = aws_vpc.v.id
  cidr_block = "10.0.1.0/24"
}}
resource "aws_route_table" "public" {{
  vpc_id = aws_vpc.v.id
  route {{
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.v.id
  }}
}}
resource "aws_route_table_association" "public" {{
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}}
{stores}"""


def holder(actions: str, *services: str) -> str:
    """A role of some services that may do something, and an administrator on a host."""
    principals = ", ".join(f'"{service}.amazonaws.com"' for service in services)
    trust = """
  assume_role_policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = [%s] } }]
  })
}
"""
    return f"""
resource "aws_iam_role" "holder" {{{trust % principals}
resource "aws_iam_role_policy" "holder" {{
  role   = aws_iam_role.holder.name
  policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = {actions}, Resource = "*" }}]
  }})
}}
resource "aws_iam_role" "admin" {{{trust % '"ec2.amazonaws.com"'}
resource "aws_iam_role_policy" "admin" {{
  role   = aws_iam_role.admin.name
  policy = jsonencode({{ Statement = [{{ Effect = "Allow", Action = "*", Resource = "*" }}] }})
}}
resource "aws_iam_instance_profile" "admin" {{ role = aws_iam_role.admin.name }}
resource "aws_instance" "admin" {{
  ami                  = "ami-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.admin.name
}}
"""


LAUNCHES = '["iam:PassRole", "ec2:RunInstances"]'
COMMANDS = '["ssm:SendCommand"]'


@pytest.mark.parametrize(
    ("code", "actions", "worst"), [("PATH008", LAUNCHES, "high"), ("PATH009", COMMANDS, "high")]
)
@pytest.mark.parametrize(
    ("services", "kept"),
    [
        (["elasticmapreduce"], True),
        (["batch", "spotfleet"], True),
        (["lambda"], False),
        (["elasticmapreduce", "lambda"], False),
        (["example"], False),
    ],
    ids=str,
)
def test_what_a_role_gains_that_services_alone_work_with_is_low(
    code: str, actions: str, worst: str, services: list[str], kept: bool, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(holder(actions, *services), "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=(code,)))
    found = {f.subject: f.severity.value for f in report.findings}
    assert found["aws_iam_role.holder"] == ("low" if kept else worst)


@pytest.mark.parametrize(
    ("code", "text", "severity", "confidence"),
    [
        ("DATA001", f'resource "aws_instance" "i" {{ {EXTERNAL} }}', "medium", "possible"),
        ("DATA001", COPY, "medium", "assumed"),
        ("DATA001", 'resource "aws_ebs_volume" "v" {}', "high", "assumed"),
        ("DATA001", 'resource "aws_ebs_volume" "v" { encrypted = false }', "high", "proven"),
        ("IMDS001", 'resource "aws_launch_template" "t" {}', "high", "assumed"),
        ("IMDS001", f'resource "aws_launch_template" "t" {{ {AL2023} }}', "low", "assumed"),
        ("IMDS001", ELSEWHERE, "high", "possible"),
        ("NET023", 'resource "aws_lb" "web" {}', "medium", "proven"),
        ("NET023", REDIRECTING, "low", "proven"),
        ("SG003", group("-1"), "critical", "assumed"),
        ("SG003", group("50"), "medium", "assumed"),
        ("SG017", 'resource "aws_launch_template" "t" {}', "medium", "assumed"),
        ("SG017", 'resource "aws_launch_configuration" "c" {}', "medium", "proven"),
        ("SG017", f'resource "aws_instance" "i" {{ {EXTERNAL} }}', "medium", "proven"),
        ("NET003", PERHAPS_NONE, "medium", "conditional"),
        ("SG017", PERHAPS_NONE, "medium", "conditional"),
        ("UPD001", PERHAPS_NONE, "medium", "conditional"),
        ("VPCE004", endpoint("*"), "medium", "proven"),
        ("VPCE004", endpoint("arn:aws:s3:::releases/*"), "low", "proven"),
        ("VPCE009", service("[]"), "low", "proven"),
        ("VPCE009", service('["arn:aws:iam::444455556666:root"]'), "low", "proven"),
        ("VPCE009", service('["*"]'), "medium", "proven"),
        ("RES008", balancer("aws_lb", 'load_balancer_type = "network"'), "low", "assumed"),
        ("RES008", balancer("aws_elb", "cross_zone_load_balancing = false"), "medium", "proven"),
        ("SG006", listened("aws_lb.files.arn", "TCP"), "high", "likely"),
        ("SG006", listened("var.balancer", "TCP"), "high", "likely"),
        ("SG006", listened("var.balancer", "HTTP"), "low", "proven"),
        ("SG013", store('"aws_db_instance" "s" { vpc_security_group_ids'), "low", "assumed"),
        ("SG013", store('"aws_elasticache_cluster" "s" { security_group_ids'), "low", "assumed"),
        (
            "SG013",
            store('"aws_redshift_cluster" "s" { vpc_security_group_ids'),
            "medium",
            "assumed",
        ),
        ("NET009", public(CACHE), "medium", "proven"),
        ("NET009", public(CACHE + DATABASE), "high", "proven"),
    ],
)
def test_severity_and_confidence(
    code: str, text: str, severity: str, confidence: str, tmp_path: Path
) -> None:
    (tmp_path / "main.tf").write_text(text, "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=(code,)))
    assert not report.errors
    (finding,) = report.findings
    assert (finding.severity.value, finding.confidence.value) == (severity, confidence)


UNKNOWN_ROOT = """
variable "image" {}
resource "aws_instance" "i" {
  ami = var.image
  root_block_device { volume_size = 20 }
}
"""
UNKNOWN_IMAGE = """
variable "image" {}
resource "aws_instance" "i" {
  ami = var.image
  root_block_device { encrypted = false }
}
"""
DEFAULT_BY_DEFAULT = """
variable "vpc_id" {
  default = null
}
data "aws_vpc" "v" {
  default = var.vpc_id == null ? true : false
  id      = var.vpc_id
}
data "aws_subnets" "s" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.v.id]
  }
}
resource "aws_instance" "i" {
  ami       = "ami-0123456789abcdef0"
  subnet_id = data.aws_subnets.s.ids[0]
}
"""
PLAIN_IMAGE = "the image or the snapshot that it is made from is not encrypted"
NO_GROUPS = "what launches from it elsewhere brings no security group of its own"


@pytest.mark.parametrize(
    ("code", "text", "assumed"),
    [
        ("SG017", 'resource "aws_launch_template" "t" {}', [NO_GROUPS]),
        ("NET003", DEFAULT_BY_DEFAULT, ['default of variable "vpc_id"']),
        ("DATA001", UNKNOWN_IMAGE, [PLAIN_IMAGE]),
        (
            "DATA001",
            UNKNOWN_ROOT,
            ["the account does not encrypt new volumes by default", PLAIN_IMAGE],
        ),
    ],
)
def test_what_is_assumed_is_said(code: str, text: str, assumed: list[str], tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text(text, "utf-8")
    (finding,) = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=(code,))).findings
    assert [one.message for one in finding.evidence] == [f"assumed: {one}" for one in assumed]


HOST = 'resource "aws_instance" "i" {{\n  {image}\n  vpc_security_group_ids = {groups}\n}}\n'
OPTIONAL = 'variable "group" {\n  default = ""\n}\nvariable "groups" {\n  default = []\n}\n'
TEMPLATE = """Parameters:
  Group: {{Type: String, Default: ""}}
Conditions:
  Has: !Not [!Equals ["", !Ref Group]]
Resources:
  I: {{Type: AWS::EC2::Instance, Properties: {{SecurityGroupIds: {groups}}}}}
"""


@pytest.mark.parametrize(
    ("name", "groups", "assumed"),
    [
        ("main.tf", "[]", ""),
        ("main.tf", "compact([var.group])", 'default of variable "group"'),
        ("main.tf", "[var.group]", 'default of variable "group"'),
        ("main.tf", '[""]', ""),
        ("main.tf", "var.groups", 'default of variable "groups"'),
        ("main.tf", 'var.group == "" ? [] : [var.group]', 'default of variable "group"'),
        ("t.yaml", "[]", ""),
        ("t.yaml", "[!If [Has, !Ref Group, !Ref AWS::NoValue]]", 'default of parameter "Group"'),
        ("t.yaml", "!If [Has, [!Ref Group], !Ref AWS::NoValue]", 'default of parameter "Group"'),
    ],
)
def test_a_list_that_a_default_leaves_empty_is_assumed_to_be(
    name: str, groups: str, assumed: str, tmp_path: Path
) -> None:
    text = TEMPLATE if name == "t.yaml" else OPTIONAL.replace("{", "{{").replace("}", "}}") + HOST
    (tmp_path / name).write_text(text.format(groups=groups, image=EXTERNAL), "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG017",)))
    assert not report.errors
    (finding,) = report.findings
    said = [hop.message for hop in finding.evidence if hop.message.startswith("assumed: ")]
    assert (finding.confidence, said) == (
        ("assumed", [f"assumed: {assumed}"]) if assumed else ("proven", [])
    )


def test_a_setting_of_another_region_blocks_no_image(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "fixtures" / "IAM001" / "regions.tf").read_text("utf-8")
    (tmp_path / "main.tf").write_text(text, "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("IAM001",)))
    lines = text.splitlines()
    found = {}
    for finding in report.findings:
        line = finding.span.source.position(finding.span.start)[0]
        said = next(text for text in (lines[line - 1], lines[line - 2]) if "# expect" in text)
        found[line] = (finding.severity.value, said.rpartition("# ")[2])
    assert len(found) == 8
    assert all(severity == said for severity, said in found.values()), found


@pytest.mark.parametrize(
    ("name", "severities"),
    [
        ("held_by_unread.tf", {"desktops": "high", "builder": "high", "tagged": "low"}),
        ("held_by_unread.yaml", {"Builder": "high", "Named": "low"}),
    ],
)
def test_a_group_of_what_is_not_judged_is_not_said_to_be_unreached(
    name: str, severities: dict[str, str], tmp_path: Path
) -> None:
    text = (Path(__file__).parents[1] / "fixtures" / "SG001" / name).read_text("utf-8")
    (tmp_path / name).write_text(text, "utf-8")
    report = scan(ScanOptions(paths=(tmp_path,), working=tmp_path, select=("SG001",)))
    found = {f.subject.rpartition(".")[2]: f for f in report.findings}
    assert {name: one.severity.value for name, one in found.items()} == severities
    assert all(
        ("nothing is reached" in f.message) == (f.severity == "low") for f in report.findings
    )
