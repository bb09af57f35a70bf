"""``iac-ec2lint graph --attack``: what it draws, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from jsonschema import Draft202012Validator
from tests.cli.program import REPOSITORY, run, write

import iac_ec2lint.answers.drawing

FIXTURES = REPOSITORY / "tests/fixtures/PATH019"
SCHEMA = json.loads(
    (Path(iac_ec2lint.answers.drawing.__file__).parent / "graph.schema.json").read_text("utf-8")
)


def _edges(tmp_path: Path, file: str) -> set[tuple[str, str, str, bool]]:
    write(tmp_path, {file: (FIXTURES / file).read_text("utf-8")})
    document = run("graph", ".", "--attack", "--format", "json", cwd=tmp_path).report
    Draft202012Validator(SCHEMA).validate(document)
    return {(e["source"], e["relation"], e["target"], e["certain"]) for e in document["edges"]}


def test_each_hop_is_an_edge_with_what_happens(tmp_path: Path) -> None:
    edges = _edges(tmp_path, "hosts.tf")
    web, build = "principal aws_iam_role.web", "principal aws_iam_role.build"
    assert {
        ("the internet", "takes credentials", "entry aws_instance.web", True),
        ("entry aws_instance.web", "takes credentials", web, True),
        (web, "controls", build, True),
        (build, "reads", "thing aws_secretsmanager_secret.db", True),
    } <= edges
    assert not any("unmanaged" in source + target for source, _, target, _ in edges)


def test_what_hangs_on_something_is_not_certain(tmp_path: Path) -> None:
    edges = _edges(tmp_path, "roles.tf")
    second, third = "principal aws_iam_role.unsure_b", "principal aws_iam_role.unsure_c"
    assert (second, "assumes", third, False) in edges


def test_who_is_trusted_stands_outside(tmp_path: Path) -> None:
    edges = _edges(tmp_path, "trusts.tf")
    assert ("any AWS principal", "assumes", "principal aws_iam_role.public", True) in edges


@pytest.mark.parametrize("file", ["attack.svg", "attack.html", "attack.graphml"])
def test_pictures_are_written_by_their_ending(file: str, tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": (FIXTURES / "trusts.tf").read_text("utf-8")})
    assert run("graph", ".", "--attack", "--output", file, cwd=tmp_path).status == 0
    text = (tmp_path / file).read_text("utf-8")
    assert "any AWS principal" in text
    if file != "attack.html":
        ElementTree.fromstring(text)  # noqa: S314 - our own


def test_names_from_files_are_text(tmp_path: Path) -> None:
    stage = (FIXTURES / "trusts.tf").read_text("utf-8").replace('"db"', '"d<b>"', 1)
    write(tmp_path, {"main.tf": stage.replace('"arn:aws:iam::999988887777:root"', '"<script>"')})
    out = run("graph", ".", "--attack", cwd=tmp_path).out
    assert "<script>" not in out


def test_without_a_way_there_is_nothing_to_draw(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'})
    drawn = run("graph", ".", "--attack", cwd=tmp_path).out
    assert "No chain of steps is drawn." in drawn
    assert "None is known to lead from outside" in drawn


def test_what_cannot_be_read_is_no_lack_of_ways(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_vpc" "main" {\n'})
    drawn = run("graph", ".", "--attack", cwd=tmp_path).out
    assert "Not all of the input can be read" in drawn
    assert "None is known" not in drawn


def test_what_it_does_not_take_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": ""})
    ended = run("graph", ".", "--attack", "--format", "dot", cwd=tmp_path)
    assert ended.status == 2
    assert "--attack is written as svg, json, graphml, not as dot" in ended.err
    ended = run("graph", ".", "--attack", "--around", "aws_vpc.main", cwd=tmp_path)
    assert ended.status == 2
    assert "--attack takes no --around" in ended.err
