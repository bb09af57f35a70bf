"""``iac-ec2lint reach``: what it is told, what it prints, how it ends."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.cli.program import REPOSITORY, environment, run, run_process, write

import iac_ec2lint.report.answers

CASES = REPOSITORY / "tests/network/reach_cases"
SCHEMA = json.loads(
    (Path(iac_ec2lint.report.answers.__file__).parent / "reach.schema.json").read_text("utf-8")
)
EXPOSED = "".join((CASES / f"{name}.tf").read_text() for name in ("std", "open_ssh", "web"))
STACK = "".join((CASES / f"{name}.yaml").read_text() for name in ("std", "open_ssh", "web"))
UNDECIDED = EXPOSED.replace('["0.0.0.0/0"] #: rule', "[var.source]") + (
    'variable "source" {\n  type = string\n}\n'
)


def rows(*arguments: str, cwd: Path) -> list[dict[str, Any]]:
    ended = run("reach", "--format", "json", *arguments, cwd=cwd)
    assert ended.status == 0, ended.err
    document = ended.report
    Draft202012Validator(SCHEMA).validate(document)
    found: list[dict[str, Any]] = document["workloads"]
    return found


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_each_port_has_one_row_for_each_workload(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED})
    ports = ("tcp/22", "tcp/443", "udp/53", "icmp/8")
    found = rows(".", *(f"--port={port}" for port in ports), cwd=tmp_path)
    assert [(row["resource"], f"{row['protocol']}/{row['port']}") for row in found] == [
        ("aws_instance.web", port) for port in ports
    ]
    assert [row["verdict"] for row in found] == ["reachable", *["unreachable"] * 3]
    assert [bool(row["evidence"]) for row in found] == [True, False, False, False]
    assert [bool(row["blocked_by"]) for row in found] == [False, True, True, True]


def test_what_a_macro_may_change_is_not_proven(tmp_path: Path) -> None:
    macro = f"Transform: Harden\n{STACK}"
    write(tmp_path, {"plain.yaml": STACK, "macro.yaml": macro})
    told = rows(".", "--port=tcp/22", "--port=tcp/443", cwd=tmp_path)
    assert [(r["unit"], r["verdict"], r["confidence"]) for r in told] == [
        ("macro.yaml", "reachable", "assumed"),
        ("macro.yaml", "unreachable", "assumed"),
        ("plain.yaml", "reachable", "proven"),
        ("plain.yaml", "unreachable", "proven"),
    ]


def test_icmp_is_asked_by_its_type(tmp_path: Path) -> None:
    echo = EXPOSED.replace('"tcp"', '"icmp"').replace("to_port     = 22", "to_port     = -1")
    echo = echo.replace("= 22", "= 8")
    write(tmp_path, {"main.tf": echo})
    asked = [f"--port=icmp/{number}" for number in (8, 7, 9, 0, 255)]
    found = rows(".", *asked, "--port=icmpv6/128", "--port=58/255", cwd=tmp_path)
    assert [(row["protocol"], row["port"], row["verdict"]) for row in found] == [
        ("icmp", 8, "reachable"),
        *(("icmp", number, "unreachable") for number in (7, 9, 0, 255)),
        ("icmpv6", 128, "unreachable"),
        ("icmpv6", 255, "unreachable"),
    ]
    out = run("reach", ".", "--port", "icmp/8", cwd=tmp_path).out
    assert "aws_instance.web: icmp type 8 reachable from the internet" in out


def test_without_a_port_the_open_ranges_are_told(tmp_path: Path) -> None:
    more = EXPOSED.replace("to_port     = 22", "to_port     = 25")
    write(tmp_path, {"main.tf": more})
    [row] = rows(".", cwd=tmp_path)
    assert (row["protocol"], row["ports"], row["verdict"]) == ("tcp", "22-25", "reachable")


def test_ranges_of_several_rules_that_touch_are_told_apart_by_their_rules(tmp_path: Path) -> None:
    rule = """
resource "aws_vpc_security_group_ingress_rule" "more" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "tcp"
  from_port         = 80
  to_port           = 90
  cidr_ipv4         = "0.0.0.0/0"
}
"""
    write(tmp_path, {"main.tf": EXPOSED + rule})
    found = rows(".", cwd=tmp_path)
    assert [row["ports"] for row in found] == ["22", "80-90"]


def test_a_workload_without_open_ports_says_what_blocks_all(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"main.tf": EXPOSED.replace("aws_subnet.public.id\n  vpc", "aws_subnet.private.id\n  vpc")},
    )
    [row] = rows(".", cwd=tmp_path)
    assert (row["verdict"], row["protocol"], row["ports"]) == ("unreachable", "all", "0-65535")
    assert {hop["kind"] for hop in row["blocked_by"]} >= {"address", "route"}


@pytest.mark.parametrize(
    ("source", "verdict"),
    [("internet", "unreachable"), ("203.0.113.7", "reachable"), ("198.51.100.0/24", "unreachable")],
)
def test_from_asks_for_a_block(tmp_path: Path, source: str, verdict: str) -> None:
    write(tmp_path, {"main.tf": EXPOSED.replace('0.0.0.0/0"] #', '203.0.113.7/32"] #')})
    [row] = rows(".", "--port", "tcp/22", "--from", source, cwd=tmp_path)
    assert row["verdict"] == verdict


TIERS = """
resource "aws_security_group" "db" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port       = 5432
    to_port         = 5433
    protocol        = "tcp"
    security_groups = [aws_security_group.web.id]
  }
}
resource "aws_instance" "db" {
  subnet_id              = aws_subnet.private.id
  vpc_security_group_ids = [aws_security_group.db.id]
}
resource "aws_vpc_security_group_egress_rule" "web" {
  security_group_id = aws_security_group.web.id
  ip_protocol       = "-1"
  cidr_ipv4         = "10.0.0.0/16"
}
"""


def test_from_a_workload_asks_what_it_reaches_inside(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED + TIERS, "other/stack.yaml": STACK})
    asked = (".", "--from", "aws_instance.web", "--to", "aws_instance.db")
    [row] = rows(*asked, "--port", "tcp/5432", cwd=tmp_path)
    assert (row["verdict"], row["via"]) == ("reachable", "direct")
    [row] = rows(*asked, cwd=tmp_path)
    assert (row["protocol"], row["ports"]) == ("tcp", "5432-5433")
    [row] = rows(*asked, "--port", "tcp/22", cwd=tmp_path)
    assert row["verdict"] == "unreachable"
    text = run("reach", *asked, "--port", "tcp/5432", cwd=tmp_path).out
    assert "aws_instance.db: tcp 5432 reachable from aws_instance.web" in text


def test_to_keeps_what_is_named_and_its_instances(tmp_path: Path) -> None:
    twice = EXPOSED.replace("  subnet_id              =", "  count = 2\n  subnet_id              =")
    write(tmp_path, {"main.tf": twice})
    asked = ("--port", "tcp/22")
    both = rows(".", *asked, "--to", "aws_instance.web", cwd=tmp_path)
    assert [row["resource"] for row in both] == ["aws_instance.web[0]", "aws_instance.web[1]"]
    one = rows(".", *asked, "--to", "aws_instance.web[1]", cwd=tmp_path)
    assert [row["resource"] for row in one] == ["aws_instance.web[1]"]


def test_to_something_that_is_not_there_is_wrong_use(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED})
    ended = run("reach", ".", "--to", "aws_instance.wep", cwd=tmp_path)
    assert ended.status == 2
    assert "aws_instance.web" in ended.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("--port", "22"),
        ("--port", "tcp/65536"),
        ("--port", "icmp/256"),
        ("--port", "icmpv6/256"),
        ("--port", "all/22"),
        ("--port", "tcp/x"),
        ("--from", "nowhere"),
        ("--from", "10.0.0.0/8"),
        ("--from", "10.0.0.0/33"),
    ],
    ids=" ".join,
)
def test_wrong_use_names_the_culprit(tmp_path: Path, arguments: tuple[str, str]) -> None:
    write(tmp_path, {"main.tf": EXPOSED})
    ended = run("reach", ".", *arguments, cwd=tmp_path)
    assert ended.status == 2
    assert arguments[1] in ended.err


def test_text_tells_the_way_in_hop_by_hop(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED})
    out = run("reach", ".", "--port", "tcp/22", cwd=tmp_path).out
    assert "aws_instance.web: tcp 22 reachable from the internet" in out
    numbered = [line.split(". ", 1)[1] for line in out.splitlines() if ". main.tf:" in line]
    assert numbered[0].startswith("main.tf:5: aws_internet_gateway.main")
    assert any("admits tcp 22 from 0.0.0.0/0" in line for line in numbered)


def test_text_tells_what_blocks_and_what_is_missing(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": UNDECIDED})
    out = run("reach", ".", "--port", "tcp/22", "--port", "tcp/23", cwd=tmp_path).out
    assert "aws_instance.web: tcp 22 undecided from the internet" in out
    assert "missing" in out
    assert "var.source" in out
    assert "aws_instance.web: tcp 23 unreachable from the internet" in out
    assert "blocked by" in out


def test_both_languages_and_several_units_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": EXPOSED, "b/main.tf": UNDECIDED, "stack.yaml": STACK})
    found = rows(".", "--port", "tcp/22", cwd=tmp_path)
    assert [(row["unit"], row["resource"], row["verdict"]) for row in found] == [
        ("a", "aws_instance.web", "reachable"),
        ("b", "aws_instance.web", "undecided"),
        ("stack.yaml", "Web", "reachable"),
    ]


def test_every_place_is_in_the_file(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED, "stack.yaml": STACK})
    for row in rows(".", "--port", "tcp/22", "--port", "tcp/23", cwd=tmp_path):
        for hop in (*row["evidence"], *row["blocked_by"]):
            lines = (tmp_path / hop["path"]).read_text().splitlines()
            assert len(lines[hop["line"] - 1]) >= hop["column"]


def test_what_cannot_be_read_is_an_error_and_the_rest_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"a/main.tf": EXPOSED, "b/main.tf": 'resource "aws_instance" "x" {\n'})
    ended = run("reach", ".", "--port", "tcp/22", "--format", "json", cwd=tmp_path)
    assert ended.status == 3
    assert "b/main.tf" in ended.err
    assert ("aws_instance.web", "reachable") in [
        (row["resource"], row["verdict"]) for row in ended.report["workloads"]
    ]


def test_nothing_to_read_is_incomplete(tmp_path: Path) -> None:
    assert run("reach", ".", cwd=tmp_path).status == 3


@pytest.mark.slow
def test_equal_input_gives_equal_bytes(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EXPOSED, "stack.yaml": STACK})
    outs = {
        run_process("reach", ".", "--format", "json", cwd=tmp_path, env=_seeded(seed)).out
        for seed in ("0", "1", "7")
    }
    assert len(outs) == 1


def _seeded(seed: str) -> dict[str, str]:
    return environment({"PYTHONHASHSEED": seed})


SWITCHED = UNDECIDED.replace("[var.source]", '[var.open ? "0.0.0.0/0" : "10.0.0.0/8"]').replace(
    'variable "source" {\n  type = string\n}', 'variable "open" {\n  type = bool\n}'
)
CHOOSING = (
    "Parameters: {Open: {Type: String}}\nConditions: {IsOpen: !Equals [!Ref Open, 'yes']}\n"
    + STACK.replace("CidrIp: 0.0.0.0/0", "CidrIp: !If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]")
)


@pytest.mark.parametrize(
    ("name", "text", "when"),
    [
        ("main.tf", SWITCHED, "only when var.open is true"),
        ("stack.yaml", CHOOSING, 'only when parameter "Open" is "yes"'),
    ],
)
def test_what_an_arm_lets_in_is_said_with_its_condition(
    name: str, text: str, when: str, tmp_path: Path
) -> None:
    write(tmp_path, {name: text})
    for asked in (("--port=tcp/22", "--port=tcp/443"), ()):
        told = rows(".", *asked, cwd=tmp_path)
        assert (told[0]["verdict"], told[0]["confidence"]) == ("reachable", "conditional")
        assert told[0]["evidence"][-1]["message"] == when
        assert [row["verdict"] for row in told[1:]] == ["unreachable"] * len(asked[1:])


def test_what_each_arm_keeps_out_is_kept_out(tmp_path: Path) -> None:
    """It is open where it has no public address, and has one where it is closed."""
    flag = "  subnet_id              = aws_subnet.public.id\n"
    arms = SWITCHED.replace(
        flag, f"{flag}  associate_public_ip_address = var.open ? false : true\n"
    )
    write(tmp_path, {"main.tf": arms})
    (asked,) = rows(".", "--port=tcp/22", cwd=tmp_path)
    (listed,) = rows(".", cwd=tmp_path)
    assert asked["verdict"] == listed["verdict"] == "unreachable"
    assert {hop["kind"] for hop in asked["blocked_by"]} == {"address", "security group"}
