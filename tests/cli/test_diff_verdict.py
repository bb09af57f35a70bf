"""The verdict of ``diff``: one new packet, one new request, or that there is none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import write
from tests.cli.test_diff import commit, diff, git

pytestmark = pytest.mark.slow

NETWORK = """\
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "main" { vpc_id = aws_vpc.main.id }
resource "aws_default_route_table" "main" {
  default_route_table_id = aws_vpc.main.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_subnet" "main" {
  vpc_id                  = aws_vpc.main.id
  cidr_block              = "10.0.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_security_group" "web" {
  vpc_id = aws_vpc.main.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.web.id]
}
resource "aws_instance" "db" {
  subnet_id              = aws_subnet.main.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
"""
GROUP = """\
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = [SOURCE]
  }
}
"""
ROLE = """\
resource "aws_iam_role" "app" {
  assume_role_policy = jsonencode({
    Statement = [
      { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }
    ]
  })
}
resource "aws_iam_role_policy" "app" {
  role = aws_iam_role.app.id
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Action = ACTION, Resource = "arn:aws:s3:::data/*" }]
  })
}
"""


def group(*sources: str) -> str:
    return GROUP.replace("SOURCE", ", ".join(f'"{one}"' for one in sources))


def role(action: str) -> str:
    return ROLE.replace("ACTION", f'"{action}"')


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write(folder, {"network.tf": NETWORK})
    return folder


def verdict(folder: Path, before: dict[str, str], after: dict[str, str]) -> dict[str, Any]:
    base, head = commit(folder, before), commit(folder, after)
    found: dict[str, Any] = json.loads(diff(folder, base, head, "-f", "json").out)["verdict"]
    return found


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (("10.0.0.0/8",), ("10.0.0.0/8",)),
        (("0.0.0.0/0",), ("203.0.113.0/24",)),
        (("0.0.0.0/1", "128.0.0.0/1"), ("0.0.0.0/0",)),
        (("10.0.1.0/24",), ("10.0.1.0/25", "10.0.1.128/25")),
        (("10.0.0.0/8",), ("10.0.0.0/8", "192.168.0.0/16")),
    ],
)
def test_a_change_that_lets_nothing_new_through_is_told_so(
    repository: Path, before: tuple[str, ...], after: tuple[str, ...]
) -> None:
    found = verdict(repository, {"db.tf": group(*before)}, {"db.tf": group(*after) + "# other\n"})
    assert found["words"] == ["no new flow and no new access"]


def test_a_new_packet_names_its_ends_its_port_and_the_rule(repository: Path) -> None:
    found = verdict(repository, {"db.tf": group("10.0.0.0/8")}, {"db.tf": group("0.0.0.0/0")})
    assert found["flows"] == "new"
    assert found["words"][0] == (
        "this change makes aws_instance.db reachable from the internet on tcp/5432, for one from"
        " 11.0.0.1: aws_security_group.db admits tcp 5432 from 0.0.0.0/0 (db.tf:7)"
    )


def test_few_new_addresses_are_a_new_packet_too(repository: Path) -> None:
    wider = group("203.0.113.0/24", "198.51.100.7/32")
    found = verdict(repository, {"db.tf": group("203.0.113.0/24")}, {"db.tf": wider})
    assert found["new_flow"]["source"] == "198.51.100.7"
    assert not found["new_flow"]["is_everybody"]


def test_a_port_at_the_end_of_a_wider_range_is_a_new_packet(repository: Path) -> None:
    narrow = group("203.0.113.0/24")
    wide = narrow.replace("to_port     = 5432", "to_port     = 5433")
    assert verdict(repository, {"db.tf": narrow}, {"db.tf": wide})["new_flow"]["port"] == "5433"
    assert verdict(repository, {}, {"db.tf": narrow})["flows"] == "none"


def test_one_host_that_newly_reaches_another_is_a_new_packet(repository: Path) -> None:
    found = verdict(repository, {"db.tf": group("10.9.0.0/16")}, {"db.tf": group("10.0.1.0/24")})
    flow = found["new_flow"]
    assert (flow["source"], flow["target"]) == ("aws_instance.web", "aws_instance.db")
    assert (flow["protocol"], flow["port"]) == ("tcp", "5432")


def test_a_route_that_is_new_is_named_as_what_appeared(repository: Path) -> None:
    closed = NETWORK.replace(
        NETWORK[NETWORK.index("  route {") : NETWORK.index('}\nresource "aws_subnet"')], ""
    )
    write(repository, {"db.tf": group("0.0.0.0/0")})
    found = verdict(repository, {"network.tf": closed}, {"network.tf": NETWORK})
    assert found["new_flow"]["target"] == "aws_instance.db"
    assert (found["new_flow"]["path"], found["new_flow"]["line"]) == ("network.tf", 5)


def test_what_is_unknown_makes_nothing_safe(repository: Path) -> None:
    unknown = 'variable "admin" {}\n' + GROUP.replace("SOURCE", "var.admin")
    found = verdict(repository, {"db.tf": group("10.0.0.0/8")}, {"db.tf": unknown})
    assert found["flows"] == "undecided"
    assert any("var.admin has no value" in reason for reason in found["flows_undecided"])
    assert "no new flow" not in " ".join(found["words"])


def test_what_was_unknown_is_not_surely_new(repository: Path) -> None:
    unknown = 'variable "admin" {}\n' + GROUP.replace("SOURCE", "var.admin")
    found = verdict(repository, {"db.tf": unknown}, {"db.tf": group("0.0.0.0/0")})
    assert found["flows"] == "undecided"


APART = """\
resource "aws_vpc" "apart" { cidr_block = "10.9.0.0/16" }
resource "aws_internet_gateway" "apart" { vpc_id = aws_vpc.apart.id }
resource "aws_route_table" "apart" {
  vpc_id = aws_vpc.apart.id
ROUTE
}
resource "aws_subnet" "apart" {
  vpc_id                  = aws_vpc.apart.id
  cidr_block              = "10.9.1.0/24"
  map_public_ip_on_launch = true
}
resource "aws_route_table_association" "apart" {
  subnet_id      = aws_subnet.apart.id
  route_table_id = aws_route_table.apart.id
}
resource "aws_security_group" "apart" {
  vpc_id = aws_vpc.apart.id
  egress {
    protocol    = "tcp"
    from_port   = 0
    to_port     = 65535
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "apart" {
  subnet_id              = aws_subnet.apart.id
  vpc_security_group_ids = [aws_security_group.apart.id]
}
"""
ROUTE = """\
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.apart.id
  }
"""


def test_a_host_that_newly_gets_out_reaches_what_is_public(repository: Path) -> None:
    write(repository, {"db.tf": group("0.0.0.0/0")})
    before, after = APART.replace("ROUTE\n", ""), APART.replace("ROUTE\n", ROUTE)
    flow = verdict(repository, {"apart.tf": before}, {"apart.tf": after})["new_flow"]
    assert (flow["source"], flow["target"]) == ("aws_instance.apart", "aws_instance.db")
    assert (flow["protocol"], flow["port"]) == ("tcp", "5432")
    back = verdict(repository, {}, {"apart.tf": before})
    assert back["flows"] == "none"


def test_whether_a_host_of_an_unknown_address_newly_gets_in_is_left_open(
    repository: Path,
) -> None:
    write(repository, {"db.tf": group("203.0.113.0/24")})
    before, after = APART.replace("ROUTE\n", ""), APART.replace("ROUTE\n", ROUTE)
    assert verdict(repository, {"apart.tf": before}, {"apart.tf": after})["flows"] == "undecided"


def test_what_cannot_be_read_makes_nothing_safe(repository: Path) -> None:
    broken = {"db.tf": group("10.0.0.0/8"), "more.tf": 'resource "aws_security_group_rule" {\n'}
    found = verdict(repository, {"db.tf": group("10.0.0.0/8")}, broken)
    assert (found["flows"], found["access"]) == ("undecided", "undecided")


def test_what_is_off_by_a_default_makes_nothing_safe(repository: Path) -> None:
    rule = """\
variable "open" { default = false }
resource "aws_vpc_security_group_ingress_rule" "more" {
  count             = var.open ? 1 : 0
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    write(repository, {"db.tf": group("10.0.0.0/8")})
    assert verdict(repository, {}, {"rule.tf": rule})["flows"] == "undecided"


def test_a_new_host_is_told_apart(repository: Path) -> None:
    write(repository, {"db.tf": group("0.0.0.0/0")})
    more = NETWORK[NETWORK.index('resource "aws_instance" "db"') :].replace('"db" {', '"other" {')
    found = verdict(repository, {}, {"more.tf": more})
    assert found["words"] == [
        "no new flow and no new access",
        "the internet reaches aws_instance.other, which is new, on tcp 5432",
    ]


def test_a_new_request_names_who_what_and_where(repository: Path) -> None:
    write(repository, {"db.tf": group("10.0.0.0/8")})
    found = verdict(repository, {"role.tf": role("s3:GetObject")}, {"role.tf": role("s3:*")})
    assert found["access"] == "new"
    request = found["new_request"]
    assert request["principal"] == "role aws_iam_role.app"
    assert request["action"].startswith("s3:")
    assert request["action"] != "s3:GetObject"
    assert (request["path"], request["line"]) == ("role.tf", 11)
    back = verdict(repository, {}, {"role.tf": role("s3:GetObject")})
    assert back["words"] == ["no new flow and no new access"]


def test_who_may_newly_assume_a_role_is_a_new_request(repository: Path) -> None:
    write(repository, {"db.tf": group("10.0.0.0/8")})
    trusting = role("s3:GetObject").replace("ec2.amazonaws.com", "lambda.amazonaws.com")
    found = verdict(repository, {"role.tf": role("s3:GetObject")}, {"role.tf": trusting})
    request = found["new_request"]
    assert request["principal"] == "Service lambda.amazonaws.com"
    assert (request["action"], request["resource"]) == ("sts:AssumeRole", "aws_iam_role.app")


UNKNOWN = """\
variable "admin" {}
variable "policy" {}
locals { range = cidrsubnet(var.admin, 8, 1) }
resource "aws_vpc_security_group_ingress_rule" "unknown" {
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = local.range
}
resource "aws_iam_user" "someone" { name = "someone" }
resource "aws_iam_user_policy" "unknown" {
  user   = aws_iam_user.someone.name
  policy = var.policy
}
"""


def states(found: dict[str, Any]) -> tuple[str, str]:
    return found["flows"], found["access"]


def test_what_is_unknown_as_before_keeps_nothing_open_that_is_not_touched(
    repository: Path,
) -> None:
    files = {"db.tf": group("10.0.0.0/8"), "unknown.tf": UNKNOWN, "role.tf": role("s3:*")}
    found = verdict(repository, files, {"role.tf": role("s3:GetObject")})
    assert found["flows"] == "none"
    assert found["access"] == "undecided"  # of the user nothing is known
    found = verdict(repository, {}, {"db.tf": group("10.0.1.0/24")})
    assert states(found) == ("undecided", "none")
    moved = {"db.tf": "", "moved.tf": group("10.0.1.0/24") + "# moved\n"}
    assert states(verdict(repository, {}, moved)) == ("none", "none")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ({"more.tf": ""}, {"unknown.tf": UNKNOWN.replace("8, 1", "8, 2")}),
        ({"more.tf": ""}, {"terraform.tfvars": 'admin = "0.0.0.0/0"\n'}),
        ({"more.tf": ""}, {"more_override.tf": 'locals { range = "0.0.0.0/0" }\n'}),
        ({"more.tf": ""}, {"more.tf": "resource {\n"}),
    ],
)
def test_what_an_unknown_hangs_on_keeps_it_open(
    repository: Path, before: dict[str, str], after: dict[str, str]
) -> None:
    write(repository, {"db.tf": group("10.0.0.0/8"), "unknown.tf": UNKNOWN})
    assert verdict(repository, before, after)["flows"] != "none"


def test_a_name_that_something_hangs_on_keeps_it_open(repository: Path) -> None:
    user = 'resource "aws_iam_user" "a" { name = "a" }\n'
    rule = """\
resource "aws_vpc_security_group_ingress_rule" "more" {
  count             = aws_iam_user.a.name == "b" ? 1 : 0
  security_group_id = aws_security_group.db.id
  ip_protocol       = "-1"
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    write(repository, {"db.tf": group("10.0.0.0/8"), "rule.tf": rule})
    found = verdict(repository, {"user.tf": user}, {"user.tf": user.replace('"a" }', '"b" }')})
    assert found["flows"] == "new"


def test_a_new_principal_is_told_apart_with_who_may_be_it(repository: Path) -> None:
    write(repository, {"db.tf": group("10.0.0.0/8")})
    anybody = role("s3:*").replace('{ Service = "ec2.amazonaws.com" }', '"*"')
    assert verdict(repository, {}, {"role.tf": anybody})["words"] == [
        "no new flow and no new access",
        "role aws_iam_role.app is new: anybody may assume it",
    ]


def test_of_a_new_root_module_hosts_and_principals_are_named(repository: Path) -> None:
    write(repository, {"db.tf": group("0.0.0.0/0")})
    new_one = {"new/main.tf": NETWORK + group("0.0.0.0/0") + role("s3:*")}
    assert verdict(repository, {}, new_one)["words"] == [
        "no new flow and no new access",
        "the internet reaches aws_instance.db, which is new, on tcp 5432",
        "role aws_iam_role.app is new: Service ec2.amazonaws.com may assume it",
    ]


def test_a_new_root_module_may_give_access_to_what_stands_elsewhere(repository: Path) -> None:
    policy = """\
resource "aws_s3_bucket_policy" "it" {
  bucket = "declared-elsewhere"
  policy = jsonencode({
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*" }]
  })
}
"""
    write(repository, {"db.tf": group("10.0.0.0/8")})
    assert states(verdict(repository, {}, {"new/main.tf": policy})) == ("none", "undecided")


PROFILED = """\
resource "aws_iam_instance_profile" "it" { role = ROLE }
resource "aws_instance" "profiled" { iam_instance_profile = PROFILE }
"""


def test_a_host_with_a_role_that_is_declared_elsewhere_keeps_access_open(repository: Path) -> None:
    def profiled(of: str, profile: str = "aws_iam_instance_profile.it.name") -> dict[str, str]:
        text = PROFILED.replace("ROLE", of).replace("PROFILE", profile)
        return {"host.tf": f'variable "r" {{}}\n{role("s3:GetObject")}{text}'}

    write(repository, {"db.tf": group("10.0.0.0/8")})
    own = "aws_iam_role.app.name"
    for after in (profiled('"admin"'), profiled("var.r"), profiled(own, '"admin"')):
        assert states(verdict(repository, profiled(own), after))[1] == "undecided"
    function = 'resource "aws_lambda_function" "f" {\n  function_name = "f"\n  role = ROLE\n}\n'
    before, after = (
        {"f.tf": function.replace("ROLE", of)}
        for of in ("aws_iam_role.app.arn", '"arn:of:another"')
    )
    assert states(verdict(repository, {**profiled(own), **before}, after))[1] == "undecided"
    same = {"host.tf": f"# the same\n{profiled(own)['host.tf']}"}
    assert states(verdict(repository, {}, same))[1] == "none"


def test_a_policy_of_a_kind_that_is_not_compared_keeps_access_open(repository: Path) -> None:
    queue = """\
resource "aws_sqs_queue" "open" {
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:*" }] })
}
"""
    write(repository, {"db.tf": group("10.0.0.0/8")})
    assert states(verdict(repository, {}, {"queue.tf": queue})) == ("none", "undecided")
    assert states(verdict(repository, {}, {"db.tf": group("10.0.1.0/24")})) == ("none", "none")


def test_who_may_newly_use_an_endpoint_service_keeps_access_open(repository: Path) -> None:
    asked, open_ = (
        {"s.tf": f'resource "aws_vpc_endpoint_service" "it" {{\n  acceptance_required = {on}\n}}\n'}
        for on in ("true", "false")
    )
    write(repository, {"db.tf": group("10.0.0.0/8")})
    assert states(verdict(repository, asked, open_)) == ("none", "undecided")


def test_what_an_environment_lets_through_is_not_passed_over(repository: Path) -> None:
    variable = 'variable "from" {\n  default = "10.0.0.0/8"\n}\n'
    opened, closed = 'from = "0.0.0.0/0"\n', 'from = "10.0.0.0/9"\n'
    write(repository, {"db.tf": variable + GROUP.replace("SOURCE", "var.from")})
    write(repository, {"env/prod.tfvars": closed, "env/dev.tfvars": closed})
    same = {"main.tf": "# nothing\n"}
    assert states(verdict(repository, {}, same)) == ("none", "none")
    assert states(verdict(repository, {}, {"env/prod.tfvars": opened})) == ("undecided", "none")
    other = {"other.tfvars.json": '{"from": "0.0.0.0/0"}'}
    assert states(verdict(repository, {}, other)) == ("undecided", "undecided")
    wider = GROUP.replace("SOURCE", "var.from").replace("5432", "5433")
    write(repository, {"env/prod.tfvars": opened})
    assert states(verdict(repository, {}, {"db.tf": variable + wider}))[0] != "none"


def test_a_hostile_name_in_a_verdict_does_no_harm(repository: Path) -> None:
    name = "a\x1b[31m<img src=x>.tf"
    base = commit(repository, {name: group("10.0.0.0/8")})
    head = commit(repository, {name: group("0.0.0.0/0")})
    for form in ("text", "markdown"):
        out = diff(repository, base, head, "-f", form).out
        assert "makes aws" in out.replace("\\", "")
        assert "\x1b" not in out
        assert form == "text" or "<img" not in out
