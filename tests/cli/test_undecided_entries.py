"""What is undecided is shown by what it lacks: one entry for one input, and for one host."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.program import run, scan, write
from tests.cli.test_known_facts import PUBLIC

if TYPE_CHECKING:
    from pathlib import Path

RANGE = """\
variable "admin" {}
variable "office" {}
resource "aws_security_group" "g" {
  ingress {
    from_port   = 0
    to_port     = 0
    protocol    = "-1"
    cidr_blocks = [var.admin]
  }
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.admin, var.office]
  }
}
"""
HOST = """\
data "terraform_remote_state" "net" {
  backend = "s3"
}
resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  subnet_id                   = data.terraform_remote_state.net.outputs.subnet
  vpc_security_group_ids      = [data.terraform_remote_state.net.outputs.group]
}
"""


def test_one_range_is_one_entry(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": RANGE})
    report = scan(".", "--select", "SG", cwd=tmp_path).report
    undecided = [one for one in report["findings"] if one["status"] == "undecided"]
    keys = {tuple(each["key"] for each in one["inputs"]) for one in undecided}
    assert keys == {("var.admin",), ("var.admin", "var.office"), ("var.office",)}
    assert report["summary"]["undecided_entries"] == 2 < len(undecided)
    out = run("scan", ".", "--select", "SG", "--show-undecided", cwd=tmp_path).out
    heads = [line for line in out.splitlines() if line.startswith("undecided SG")]
    assert len(heads) == 2
    assert f"undecided   {len(undecided)} in 2 entries" in out
    assert "more hang on" in out


def test_one_host_is_one_entry(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": HOST})
    report = scan(".", "--select", "PATH", cwd=tmp_path).report
    codes = {one["check"] for one in report["findings"] if one["status"] == "undecided"}
    assert {"PATH001", "PATH002", "PATH003"} <= codes
    assert report["summary"]["undecided_entries"] == 1


@pytest.mark.parametrize("form", ["text", "markdown", "github", "azure", "gitlab", "rdjson"])
def test_every_format_shows_entries(tmp_path: Path, form: str) -> None:
    write(tmp_path, {"main.tf": RANGE})
    arguments = ("--select", "SG", "--show-undecided", "-f", form)
    out = " ".join(run("scan", ".", *arguments, cwd=tmp_path).out.split())
    assert out.count("hang on var.admin") + out.count("hangs on var.admin") == 1


def test_what_is_undecided_is_said_in_the_words_of_the_input(tmp_path: Path) -> None:
    rule = 'from_port = 22\n to_port = 22\n protocol = "tcp"\n cidr_blocks = [{}]\n'
    group = 'resource "aws_security_group" "{}" {{\n ingress {{\n {} }}\n}}\n'
    text = 'variable "admin" {}\nvariable "ours" {}\nvariable "port" {}\n'
    text += group.format("one", rule.format("var.admin"))
    text += group.format("both", rule.format("var.admin, var.ours"))
    text += group.format("port", rule.format("var.admin").replace("22", "var.port"))
    write(tmp_path, {"main.tf": text})
    found = {
        (one["subject"].partition(".")[2], one["check"]): one["message"].partition(" if ")[2]
        for one in scan(".", "--select", "SG001,SG010", cwd=tmp_path).report["findings"]
    }
    assert found == {
        ("one", "SG001"): "var.admin holds the internet",
        ("one", "SG010"): "var.admin holds one",
        ("both", "SG001"): "var.admin or var.ours holds the internet",
        ("both", "SG010"): "var.ours holds one",  # of two findings the later
        ("port", "SG001"): "",
        ("port", "SG010"): "",
    }
    shown = run("scan", ".", "--select", "SG001", "--show-undecided", cwd=tmp_path).out
    assert "inputs   var.admin (main.tf:1)" in shown


STATE = 'data "terraform_remote_state" "net" {\n backend = "s3"\n}\n'
NETWORK_RANGES = {
    "variable": ('variable "vpc_cidr" {}\n', "var.vpc_cidr"),
    "output of a module": (
        'module "net" {\n source = "example.com/net/aws"\n}\n',
        "module.net.private_subnets_cidr_blocks[0]",
    ),
    "output of a state": (STATE, "data.terraform_remote_state.net.outputs.vpc_cidr_block"),
}


@pytest.mark.parametrize("named", NETWORK_RANGES)
def test_a_range_that_is_a_networks_by_its_name_alone_is_likely_private_and_undecided(
    tmp_path: Path, named: str
) -> None:
    declared, value = NETWORK_RANGES[named]
    ports = 'from_port = 22\n to_port = 22\n protocol = "tcp"\n'
    rule = f" ingress {{\n {ports} cidr_blocks = [{value}]\n }}"
    groups = "".join(f'resource "aws_security_group" "g{at}" {{\n{rule}\n}}\n' for at in range(3))
    write(tmp_path, {"main.tf": declared + groups})
    select = ("--select", "SG001,SG010,SG015")
    ended = scan(".", *select, "--fail-on-undecided", "high", cwd=tmp_path)
    likely = {(one["check"], one["status"], one["likely"]) for one in ended.report["findings"]}
    assert likely == {
        ("SG001", "undecided", "private"),
        ("SG010", "undecided", "private"),
    }
    assert (ended.status, ended.report["summary"]["undecided_entries"]) == (1, 1)
    shown = run("scan", ".", *select, "--show-undecided", cwd=tmp_path).out
    assert shown.startswith("3 undecided that would be")
    assert "hang on ranges that are likely private, by their names" in " ".join(shown.split())


def test_so_it_is_of_paths_that_hang_on_it_alone(tmp_path: Path) -> None:
    text = PUBLIC.replace('["0.0.0.0/0"]', "[var.vpc_cidr]") + 'variable "vpc_cidr" {}\n'
    write(tmp_path, {"main.tf": text})
    report = scan(".", "--select", "SG001,PATH001", cwd=tmp_path).report
    likely = {one["check"]: one["likely"] for one in report["findings"]}
    assert likely == {"SG001": "private", "PATH001": "private"}
    assert report["summary"]["undecided_entries"] == 1


def test_names_of_other_ranges_say_nothing(tmp_path: Path) -> None:
    for name in ("admin_cidr", "non_vpc_cidr", "vpc_endpoint_cidr", "outside_subnet_cidr"):
        text = RANGE.replace("admin", name)
        write(tmp_path, {"main.tf": text})
        report = scan(".", "--select", "SG001,SG003,SG010", cwd=tmp_path).report
        assert {one["likely"] for one in report["findings"]} == {None}, name


def test_a_route_to_a_peer_that_nobody_knows_says_what_is_missing(tmp_path: Path) -> None:
    text = (
        'variable "peering" {}\nresource "aws_route_table" "t" {\n  vpc_id = "vpc-1"\n  route {\n'
    )
    text += '    cidr_block = "10.0.0.0/8"\n    vpc_peering_connection_id = var.peering\n  }\n}\n'
    write(tmp_path, {"main.tf": text})
    [finding] = scan(".", "--select", "NET012", cwd=tmp_path).report["findings"]
    words = "which VPC is at the other end of the peering connection is not known"
    assert (finding["status"], finding["missing"]) == ("undecided", [words])


def test_a_default_that_says_nothing_names_its_variable(tmp_path: Path) -> None:
    text = 'variable "subnets" {\n  default = ""\n}\nresource "aws_elb" "front" {\n'
    write(tmp_path, {"main.tf": text + '  subnets = split(",", var.subnets)\n}\n'})
    [finding] = scan(".", "--select", "RES008", cwd=tmp_path).report["findings"]
    assert finding["missing"] == ["the default of var.subnets names no subnet"]
    assert [(one["key"], one["line"]) for one in finding["inputs"]] == [("var.subnets", 2)]
    called = 'module "m" {\n  source = "./m"\n}\n'
    write(tmp_path, {"main.tf": called, "m/main.tf": text + "  subnets = [var.subnets]\n}\n"})
    [finding] = scan(".", "--select", "RES008", cwd=tmp_path).report["findings"]
    assert (finding["missing"], finding["inputs"]) == (["no subnet is written"], [])
