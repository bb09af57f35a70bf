"""The unit itself as the subject of a verdict: about what is not there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import run, scan, write

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk

CHECK = '''\
from collections.abc import Iterator

from iac_ec2lint.api import Check, Graph, Severity, Verdict
from iac_ec2lint.api.resources import Volume


class NoVolume(Check):
    """A root module or stack without a volume.

    ## Why it matters
    This company wants one in each.
    """

    code = "CORP001"
    name = "no-volume"
    severity = Severity.MEDIUM
    since = "1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict]:
        unit = graph.unit
        if unit.is_root and not any(graph.all(Volume)):
            where = ", ".join(sorted(unit.regions)) or "an unknown Region"
            message = f"there is no volume in this {unit.kind} for {where}"
            yield Verdict(subject=unit, at=unit, message=message)
'''
MODULE = """\
# The network of the first stage.

provider "aws" {
  region = "eu-central-1"
}

resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
"""
TEMPLATE = """\
# The network of the first stage.
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Vpc:
    Type: AWS::EC2::VPC
    Properties: {CidrBlock: 10.0.0.0/16}
"""
VOLUME = """\
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-central-1a"
  size              = 1
}
"""
PLAN = json.dumps(
    {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {
            "root_module": {
                "resources": [
                    {
                        "address": "aws_vpc.main",
                        "mode": "managed",
                        "type": "aws_vpc",
                        "name": "main",
                        "values": {"cidr_block": "10.0.0.0/16"},
                    }
                ]
            }
        },
        "resource_changes": [
            {
                "address": "aws_vpc.main",
                "mode": "managed",
                "type": "aws_vpc",
                "name": "main",
                "change": {
                    "actions": ["create"],
                    "before": None,
                    "after": {"cidr_block": "10.0.0.0/16"},
                    "after_unknown": {},
                },
            }
        ],
        "configuration": {
            "provider_config": {
                "aws": {
                    "name": "aws",
                    "expressions": {"region": {"constant_value": "eu-central-1"}},
                }
            },
            "root_module": {
                "resources": [
                    {
                        "address": "aws_vpc.main",
                        "mode": "managed",
                        "type": "aws_vpc",
                        "name": "main",
                        "provider_config_key": "aws",
                    }
                ]
            },
        },
    },
    indent=1,
)
_OPTIONS = ("--checks", "own", "--select", "CORP001")
UNITS = {
    "root module": ({"infra/main.tf": MODULE}, "infra", "infra/main.tf", 1, "root-module"),
    "another file first": (
        {"infra/main.tf": MODULE, "infra/a.tf": "locals {}\n"},
        "infra",
        "infra/main.tf",
        1,
        "root-module",
    ),
    "stack": ({"infra/web.yaml": TEMPLATE}, "infra/web.yaml", "infra/web.yaml", 2, "stack"),
    "plan": ({"infra/plan.json": PLAN}, "infra/plan.json", "infra/plan.json", 1, "plan"),
    "plan beside its sources": (
        {"infra/plan.json": PLAN, "infra/main.tf": MODULE},
        "infra/plan.json",
        "infra/main.tf",
        1,
        "plan",
    ),
}


@pytest.mark.parametrize("case", UNITS.values(), ids=UNITS)
def test_what_is_not_there_is_found_at_the_unit(
    case: tuple[dict[str, str], str, str, int, str], tmp_path: Path
) -> None:
    files, address, path, line, kind = case
    write(tmp_path, {"own/volume.py": CHECK, **files})
    given = address if kind != "root-module" else "infra"
    done = scan(given, *_OPTIONS, "--region", "eu-central-1", cwd=tmp_path)
    assert (done.status, done.errors) == (1, [])
    [found] = [one for one in done.report["findings"] if one["subject"] == address]
    assert (found["path"], found["line"]) == (path, line)
    assert found["message"] == f"there is no volume in this {kind} for eu-central-1"
    assert (found["type"], found["confidence"]) == ("unit", "proven")
    assert done.report["summary"]["resources"] == 1


@pytest.mark.parametrize("form", ["text", "json", "sarif", "github"])
def test_every_format_shows_the_place_and_the_message(form: str, tmp_path: Path) -> None:
    write(tmp_path, {"own/volume.py": CHECK, "infra/main.tf": MODULE})
    done = run("infra", *_OPTIONS, "--format", form, cwd=tmp_path)
    assert done.status == 1
    assert "there is no volume in this root-module" in done.out
    assert "infra/main.tf" in done.out
    if form == "sarif":
        [result] = json.loads(done.out)["runs"][0]["results"]
        [location] = result["locations"]
        region = location["physicalLocation"]["region"]
        assert (region["startLine"], region["startColumn"]) == (1, 1)
        assert location["logicalLocations"][0]["fullyQualifiedName"] == "infra"


def test_what_is_there_is_not_missed(tmp_path: Path) -> None:
    write(tmp_path, {"own/volume.py": CHECK, "infra/main.tf": MODULE + VOLUME})
    done = scan("infra", *_OPTIONS, cwd=tmp_path)
    assert done.report["findings"] == []


def test_a_module_that_another_calls_is_no_root(tmp_path: Path) -> None:
    call = 'module "network" {\n  source = "./network"\n}\n'
    network = MODULE.replace('  region = "eu-central-1"\n', "")
    write(tmp_path, {"own/volume.py": CHECK, "main.tf": call, "network/main.tf": network})
    done = scan(".", *_OPTIONS, cwd=tmp_path)
    assert [one["subject"] for one in done.report["findings"]] == ["."]
    write(tmp_path, {"network/main.tf": MODULE})
    done = scan(".", *_OPTIONS, cwd=tmp_path)
    assert [one["subject"] for one in done.report["findings"]] == [".", "network"], "it is run too"


def test_modules_that_call_one_another_in_a_circle_are_no_roots(tmp_path: Path) -> None:
    call = 'module "other" {\n  source = "../FOLDER"\n}\n'
    write(
        tmp_path,
        {
            "own/volume.py": CHECK,
            "a/main.tf": call.replace("FOLDER", "b"),
            "b/main.tf": call.replace("FOLDER", "a"),
        },
    )
    done = scan(".", *_OPTIONS, cwd=tmp_path)
    assert done.report["findings"] == []


@pytest.mark.parametrize(
    ("path", "text"), [("infra/main.tf", MODULE), ("infra/web.yaml", TEMPLATE)], ids=["tf", "yaml"]
)
def test_a_comment_in_the_first_line_accepts_it(path: str, text: str, tmp_path: Path) -> None:
    comment = "# ec2lint:ignore=CORP001 volumes are made elsewhere"
    write(tmp_path, {"own/volume.py": CHECK, path: text.replace(text.splitlines()[0], comment)})
    done = scan("infra", *_OPTIONS, cwd=tmp_path)
    assert [one["status"] for one in done.report["findings"]] == ["suppressed"]
    assert done.status == 0


def test_the_unit_is_not_drawn_and_not_counted(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": MODULE})
    nodes = json.loads(run("graph", ".", "--format", "json", cwd=tmp_path).out)["nodes"]
    assert [node["id"] for node in nodes] == ["aws_vpc.main"]
    assert scan(".", cwd=tmp_path).report["summary"]["resources"] == 1


@pytest.mark.parametrize(
    ("allowed", "accounts"),
    [
        ('["111122223333"]', {"111122223333"}),
        ('["111122223333", var.other]', {"111122223333"}),
        ("var.other", set()),
    ],
)
def test_the_accounts_of_its_providers_are_known(
    allowed: str, accounts: set[str], tmp_path: Path
) -> None:
    provider = f'provider "aws" {{\n  allowed_account_ids = {allowed}\n}}\n'
    write(tmp_path, {"main.tf": provider + 'variable "other" {}\n' + VOLUME})
    (one,) = UnitWalk(Inputs(paths=(tmp_path,), working=tmp_path)).graphs()
    assert one.graph.unit.accounts == accounts
