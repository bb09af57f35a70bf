"""One budget for a scan: what takes more is said, and all else is judged."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, Run, run, scan, write

from iac_ec2lint.answers.units import Job, Survey, UnitGraph
from iac_ec2lint.source.budget import LEAST_STEPS, SPENT, STEPS, Budget, Place, Share
from iac_ec2lint.source.span import SourceText, Span

SMALL = 30_000
"""Steps that a few plain resources do not take."""

GROUP = 'resource "aws_security_group" "bad" {{\n  description = {}\n}}\n'
RULE = """\
resource "aws_security_group" "bad" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [{}]
  }}
}}
"""
CALLS = "".join(f'module "c{call}" {{\n  source = "../mNEXT"\n}}\n' for call in range(3))
STACKS = "Resources:\n" + "".join(
    f"  S{call}:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n"
    f"      TemplateURL: tNEXT.yaml\n"
    for call in range(5)
)
TEMPLATE_GROUP = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: bad
"""
LOOPS = """\
Transform: AWS::LanguageExtensions
Resources:
  Fn::ForEach::A:
    - X
    - [{0}]
    - Fn::ForEach::B:
        - Y
        - [{0}]
        - Group${{X}}${{Y}}:
            Type: AWS::EC2::SecurityGroup
            Properties:
              GroupDescription: bad
"""


def _plan(resources: int, rules: int = 0) -> str:
    changes = [
        {
            "address": f"aws_ebs_volume.bad[{index}]",
            "mode": "managed",
            "type": "aws_ebs_volume",
            "name": "bad",
            "index": index,
            "change": {
                "actions": ["create"],
                "before": None,
                "after": {"size": 1, "rules": [0] * rules},
            },
        }
        for index in range(resources)
    ]
    return json.dumps({"format_version": "1.2", "planned_values": {}, "resource_changes": changes})


CASES: dict[str, Mapping[str, str]] = {
    "count": {"bad/main.tf": GROUP.format("count.index\n  count = 100000")},
    "for_each": {
        "bad/main.tf": GROUP.format(
            "each.key\n  for_each = toset([for i in range(900) : tostring(i)])"
        )
    },
    "nested for": {
        "bad/main.tf": RULE.format(
            "jsonencode([for a in range(300) : [for b in range(300) : [for c in range(300) : a]]])"
        )
    },
    "for in a template": {
        "bad/main.tf": RULE.format(
            '"%{ for a in range(300) }%{ for b in range(300) }${a}%{ endfor }%{ endfor }"'
        )
    },
    "setproduct": {
        "bad/main.tf": RULE.format("jsonencode(setproduct(range(300), range(300), range(300)))")
    },
    "dynamic": {
        "bad/main.tf": GROUP.format(
            '"a"\n  dynamic "ingress" {\n    for_each = setproduct(range(90), range(90))\n'
            "    content {\n      from_port = 1\n    }\n  }"
        )
    },
    "modules in modules": {
        "bad/main.tf": 'module "a" {\n  source = "./m0"\n  count  = 100\n}\n',
        "bad/m0/main.tf": 'module "b" {\n  source = "../m1"\n  count  = 100\n}\n',
        "bad/m1/main.tf": GROUP.format('"a"'),
    },
    "a fan of modules": {
        **{f"bad/m{level}/main.tf": CALLS.replace("NEXT", str(level + 1)) for level in range(6)},
        "bad/m6/main.tf": GROUP.format('"a"'),
    },
    "nested stacks": {
        **{f"bad/t{level}.yaml": STACKS.replace("NEXT", str(level + 1)) for level in range(5)},
        "bad/t5.yaml": TEMPLATE_GROUP,
    },
    "Fn::ForEach": {"bad/t.yaml": LOOPS.format(", ".join(f"a{n}" for n in range(60)))},
    "patterns": {
        "bad/main.tf": RULE.format(
            'for n in range(300) : can(regex("(a*)*(a*)*(a*)*b", '
            'join("", [for i in range(300) : "a"]))) ? n : n'
        )
    },
    "a plan": {"bad/plan.json": _plan(300)},
    "a resource in a plan": {"bad/plan.json": _plan(1, 100_000)},
}


def _scanned(folder: Path, steps: int = SMALL, *options: str) -> Run:
    return scan(".", "--budget", str(steps), "--select", "SG001,DATA001", *options, cwd=folder)


@pytest.mark.parametrize("name", CASES)
def test_what_takes_more_is_an_error_and_all_else_is_judged(tmp_path: Path, name: str) -> None:
    files = {"good/main.tf": OPEN_SSH, **CASES[name]}
    beside = "bad/m0/main.tf" if name == "a fan of modules" else "bad/main.tf"
    if "plan" not in name:  # nothing is spared there: it is as large as what it holds
        files[beside] = files.get(beside, "") + PLAIN_VOLUME
    ended = _scanned(write(tmp_path, files))
    assert ended.status == 3
    assert ("SG001", "good/main.tf", 8) in ended.found
    if "plan" not in name:
        assert ("DATA001", beside, files[beside].count("\n") - 1) in ended.found
    told = [error for error in ended.errors if SPENT in error["message"]]
    assert told
    assert all(error["path"].startswith("bad/") and error["line"] for error in told)
    assert "--budget" in told[0]["message"]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["a plan", "nested stacks", "for in a template"])
def test_a_larger_budget_is_enough(tmp_path: Path, name: str) -> None:
    ended = _scanned(write(tmp_path, CASES[name]), STEPS)
    assert ended.errors == []


def test_nothing_hangs_on_the_order_and_on_workers(tmp_path: Path) -> None:
    for letter, case in zip("abcd", ("count", "nested for", "dynamic", "for_each"), strict=True):
        for name, content in CASES[case].items():
            write(tmp_path / letter, {name: content})
            write(tmp_path / "turned" / "dcba"["abcd".index(letter)], {name: content})
    alone = _scanned(tmp_path, SMALL, "--jobs", "1")
    assert alone.status == 3
    assert _scanned(tmp_path, SMALL, "--jobs", "3") == alone

    def told(folder: str) -> list[tuple[str, str]]:
        errors = alone.report["errors"]
        own = [error for error in errors if error["path"].startswith(folder)]
        return [(error["path"].rpartition("/")[2], error["message"]) for error in own]

    assert told("a/") == told("turned/d/")
    assert told("b/") == told("turned/c/")


def test_what_units_share_is_mended_alike_whichever_worker_finds_it(tmp_path: Path) -> None:
    call = 'module "m" {\n  source = "../m"\n}\n'
    disk = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "a"\n  encrypted = false\n}\n'
    write(tmp_path, {"a/main.tf": call, "b/main.tf": call, "m/main.tf": disk})
    alone = _scanned(tmp_path, STEPS, "--select", "DATA", "--jobs", "1")
    assert all(len(one["subjects"]) > 1 for one in alone.report["findings"])
    assert any(one["fix"] for one in alone.report["findings"])
    assert _scanned(tmp_path, STEPS, "--select", "DATA", "--jobs", "2") == alone


def test_what_small_units_leave_is_for_large_ones(tmp_path: Path) -> None:
    large = GROUP.format("count.index\n  count = 1500")
    small = {f"small{number}/main.tf": OPEN_SSH for number in range(5)}
    folder = write(tmp_path, {"large/main.tf": large, **small})
    steps = 2 * LEAST_STEPS
    assert _scanned(folder, steps).errors == []
    assert _scanned(folder, steps // 2).status == 3


def test_how_much_was_taken_is_told(tmp_path: Path) -> None:
    folder = write(tmp_path, {"main.tf": OPEN_SSH})
    told = run(".", "--verbose", cwd=folder)
    assert told.err.startswith("budget: 5")
    assert f" of {STEPS:,} steps" in told.err
    assert run(".", cwd=folder).err == ""


def test_a_place_is_spared_a_little_once_all_is_spent() -> None:
    text = SourceText("main.tf", "a\nb\n")
    first, second = Place(Span(text, 0, 1)), Place(Span(text, 2, 3))
    budget = Budget(Share(100, 1000))
    assert budget.takes(first, 100)
    assert budget.takes(first, 4_000)
    assert budget.refused
    assert not budget.takes(first, 4_000)
    assert budget.takes(second, 4_000)
    assert budget.taken == Share(100, 0)
    assert not budget.has(1)


@pytest.mark.slow
def test_a_time_after_which_nothing_more_is_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = Survey.graph

    def slow(self: Survey, job: Job, *rest: Any, **more: Any) -> UnitGraph:
        while job.path.name != "a":
            pass
        return graph(self, job, *rest, **more)

    folder = write(tmp_path, {f"{name}/main.tf": OPEN_SSH for name in "abc"})
    assert scan(".", "--timeout", "60", cwd=folder).status == 1
    monkeypatch.setattr(Survey, "graph", slow)
    ended = scan(".", "--timeout", "0.4", "--select", "SG001", "--jobs", "1", cwd=folder)
    assert ended.status == 3
    assert ended.found == [("SG001", "a/main.tf", 8)]
    assert [error["path"] for error in ended.errors] == ["b", "c"]
    ended = scan(".", "--timeout", "0.000001", cwd=folder)
    assert (ended.status, [error["path"] for error in ended.errors]) == (3, ["."])


def test_a_pattern_of_many_stars_takes_no_years(tmp_path: Path) -> None:
    text = f'"%{{ for f in fileset(path.module, "{"*a" * 20}*b") }}${{f}}%{{ endfor }}"'
    files = {"main.tf": RULE.format(text), "a" * 200: "", "good/main.tf": OPEN_SSH}
    assert ("SG001", "good/main.tf", 8) in scan(".", cwd=write(tmp_path, files)).found


@pytest.mark.slow
def test_matching_takes_of_the_budget_even_where_it_fails(tmp_path: Path) -> None:
    many = "".join(
        RULE.replace('"bad"', f'"bad{number}"').format(
            f'can(regex("(a*)*(a*)*b{number}", join("", [for i in range(200) : "a"]))) ? "a" : "b"'
        )
        for number in range(30)
    )
    ended = _scanned(write(tmp_path, {"main.tf": many}), 60_000, "--verbose")
    taken = int(ended.err.split()[1].replace(",", ""))
    assert taken > 50_000


def test_what_units_share_is_paid_by_each(tmp_path: Path) -> None:
    """Else what one may take would hang on which of them is evaluated first, and where."""
    shared = f"""\
variable "many" {{
  default = [for a in range(40) : [for b in range(40) : jsonencode("{"x" * 1200}")]]
}}

output "many" {{
  value = [for a in range(40) : [for b in range(40) : a]]
}}

{RULE.format('length(var.many) > 1 ? "10.0.0.0/8" : "0.0.0.0/0"')}"""
    roots = {f"{name}/main.tf": 'module "m" {\n  source = "../m"\n}\n' for name in "abc"}
    folder = write(tmp_path, {"m/main.tf": shared, **roots})

    def taken(*paths: str) -> int:
        ended = scan(*paths, "--verbose", "--jobs", "1", cwd=folder)
        return int(ended.err.split()[1].replace(",", ""))

    alone = [taken(name) for name in "abc"]
    assert alone[0] == alone[1] == alone[2] > 15_000
    assert taken("a", "b", "c") == sum(alone)
