"""What gives a subnet its way out, in a third unit: the host's own unit does not make it closed."""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project
from tests.terraform.test_terragrunt_unit_per_kind import GROUP, HOST, OPEN, RULES, unit

BASE = """
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "public" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
output "subnet" { value = aws_subnet.public.id }
output "vpc" { value = aws_vpc.main.id }
output "main" { value = aws_vpc.main.default_route_table_id }
output "default_group" { value = aws_vpc.main.default_security_group_id }
"""
GATEWAY = """
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
output "gateway" { value = aws_internet_gateway.main.id }
"""
DETACHED = GATEWAY.replace("{ vpc_id = aws_vpc.main.id }", "{}")
TABLE = """
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
output "table" { value = aws_route_table.public.id }
"""
EMPTY_TABLE = """
resource "aws_route_table" "public" { vpc_id = aws_vpc.main.id }
output "table" { value = aws_route_table.public.id }
"""
ASSOCIATION = """
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
"""
CLOSED_ACL = """
resource "aws_default_network_acl" "main" {
  default_network_acl_id = aws_vpc.main.default_network_acl_id
}
"""
ROUTED = GATEWAY + TABLE + ASSOCIATION
THIRD = {
    "gateway and route": (
        EMPTY_TABLE + ASSOCIATION,
        """
resource "aws_internet_gateway" "main" { vpc_id = var.vpc }
resource "aws_route" "out" {
  route_table_id         = var.table
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.main.id
}
""",
        ("vpc", "table"),
    ),
    "attachment": (
        DETACHED + TABLE + ASSOCIATION,
        """
resource "aws_internet_gateway_attachment" "main" {
  vpc_id              = var.vpc
  internet_gateway_id = var.gateway
}
""",
        ("vpc", "gateway"),
    ),
    "main table": (
        GATEWAY + TABLE,
        """
resource "aws_main_route_table_association" "main" {
  vpc_id         = var.vpc
  route_table_id = var.table
}
""",
        ("vpc", "table"),
    ),
    "adopted main table": (
        GATEWAY + TABLE,
        """
resource "aws_default_route_table" "main" {
  default_route_table_id = var.main
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = var.gateway
  }
}
""",
        ("main", "gateway"),
    ),
    "association": (
        GATEWAY + TABLE,
        """
resource "aws_route_table_association" "main" {
  subnet_id      = var.subnet
  route_table_id = var.table
}
""",
        ("subnet", "table"),
    ),
    "network acl": (
        ROUTED + CLOSED_ACL,
        f"""
resource "aws_network_acl" "open" {{
  vpc_id     = var.vpc
  subnet_ids = [var.subnet]
  {RULES.replace("SOURCE", "0.0.0.0/0")}
}}
""",
        ("vpc", "subnet"),
    ),
    "default group": (
        ROUTED,
        """
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = var.default_group
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv4         = "0.0.0.0/0"
}
""",
        ("default_group",),
    ),
}
UNRELATED = """
resource "aws_ssm_parameter" "told" {
  name  = "/told"
  type  = "String"
  value = var.vpc
}
"""


def told(kind: str, network: str, third: str, inputs: tuple[str, ...]) -> set[tuple[str, bool]]:
    """The statuses of PATH001, and whether something is safe if the other units are deployed."""
    group = "network.outputs.default_group" if kind == "default group" else "group.outputs.group"
    given = f"  subnet = dependency.network.outputs.subnet\n  groups = [dependency.{group}]"
    variables = "".join(f'variable "{name}" {{}}\n' for name in inputs)
    handed = "\n".join(f"  {name} = dependency.network.outputs.{name}" for name in inputs)
    vpc = "  vpc = dependency.network.outputs.vpc"
    report = scan_project(
        {
            "modules/network/main.tf": BASE + network,
            "modules/group/main.tf": GROUP.replace("RULES", OPEN),
            "modules/host/main.tf": HOST,
            "modules/more/main.tf": variables + third,
            "live/network/terragrunt.hcl": unit("network", ""),
            "live/group/terragrunt.hcl": unit("group", vpc, "network"),
            "live/host/terragrunt.hcl": unit("host", given, "network", "group"),
            "live/more/terragrunt.hcl": unit("more", handed, "network"),
        },
        select=("PATH001",),
    )
    assert not report.errors
    return {
        (finding.status.value, any(reason.startswith("safe if") for reason in finding.missing))
        for finding in report.findings
    }


@pytest.mark.parametrize("kind", THIRD)
def test_what_a_third_unit_may_open_is_not_closed(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html."""
    assert told(kind, *THIRD[kind]) == {("undecided", False)}


@pytest.mark.parametrize("kind", [kind for kind in THIRD if kind != "gateway and route"])
def test_without_a_third_unit_that_opens_it_the_host_is_safe(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/RouteTables.html."""
    assert told(kind, THIRD[kind][0], UNRELATED, ("vpc",)) == {("undecided", True)}


@pytest.mark.parametrize("kind", [kind for kind in THIRD if kind != "network acl"])
def test_what_is_open_without_it_stays_open(kind: str) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/vpc-igw-internet-access.html."""
    _, third, inputs = THIRD[kind]
    assert ("fail", False) in told("", ROUTED, third, inputs)


LISTED_GROUP = """
variable "vpc" {}
variable "ranges" {}
resource "aws_security_group" "web" {
  vpc_id = var.vpc
}
resource "aws_vpc_security_group_ingress_rule" "ssh" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  prefix_list_id    = var.ranges
}
output "group" { value = aws_security_group.web.id }
"""
RANGES = """
resource "aws_ec2_managed_prefix_list" "office" {
  name           = "office"
  address_family = "IPv4"
  max_entries    = 5
  ENTRY
}
output "ranges" { value = aws_ec2_managed_prefix_list.office.id }
"""
ENTRY = """
variable "ranges" {}
resource "aws_ec2_managed_prefix_list_entry" "more" {
  prefix_list_id = var.ranges
  cidr           = "0.0.0.0/0"
}
"""
TOLD = UNRELATED.replace("var.vpc", "var.ranges") + 'variable "ranges" {}'
OFFICE = 'entry { cidr = "10.0.0.0/8" }'


@pytest.mark.parametrize(
    ("own", "third", "safe"),
    [(OFFICE, ENTRY, False), ("", ENTRY, False), ("", TOLD, False), (OFFICE, TOLD, True)],
    ids=["one more", "the only one", "nobody knows which", "none"],
)
def test_a_third_unit_may_add_entries_to_a_prefix_list(own: str, third: str, *, safe: bool) -> None:
    """https://docs.aws.amazon.com/vpc/latest/userguide/managed-prefix-lists.html."""
    network = "dependency.network.outputs"
    ranges = "  ranges = dependency.ranges.outputs.ranges"
    given = f"  subnet = {network}.subnet\n  groups = [dependency.group.outputs.group]"
    report = scan_project(
        {
            "modules/network/main.tf": BASE + ROUTED,
            "modules/ranges/main.tf": RANGES.replace("ENTRY", own),
            "modules/group/main.tf": LISTED_GROUP,
            "modules/host/main.tf": HOST,
            "modules/more/main.tf": third,
            "live/network/terragrunt.hcl": unit("network", ""),
            "live/ranges/terragrunt.hcl": unit("ranges", ""),
            "live/group/terragrunt.hcl": unit(
                "group", f"  vpc = {network}.vpc\n{ranges}", "network", "ranges"
            ),
            "live/host/terragrunt.hcl": unit("host", given, "network", "group"),
            "live/more/terragrunt.hcl": unit("more", ranges, "ranges"),
        },
        select=("PATH001",),
    )
    assert not report.errors
    said = [reason for finding in report.findings for reason in finding.missing]
    assert said
    assert any(reason.startswith("safe if") for reason in said) is safe
