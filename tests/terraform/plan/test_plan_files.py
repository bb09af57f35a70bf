"""Plans as files: what is one, how it is found, and what keeps it from being read."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME_TEMPLATE, Run, run, write

PLANS = Path(__file__).parents[2] / "plans"
ONE = PLANS / "one_module" / "plan.json"
CHANGES = PLANS / "changes"


def plan(**more: Any) -> dict[str, Any]:
    """A plan of one open group."""
    group = {
        "ingress": [
            {
                "cidr_blocks": ["0.0.0.0/0"],
                "description": "",
                "from_port": 22,
                "ipv6_cidr_blocks": [],
                "protocol": "tcp",
                "self": False,
                "to_port": 22,
            }
        ],
        "name": "open",
    }
    change = {
        "address": "aws_security_group.open",
        "mode": "managed",
        "type": "aws_security_group",
        "name": "open",
        "change": {
            "actions": ["create"],
            "before": None,
            "after": group,
            "after_unknown": {"id": True},
        },
    }
    return {"format_version": "1.2", "resource_changes": [change], **more}


def scanned(content: bytes | str | dict[str, Any], folder: Path, *more: str) -> Run:
    if isinstance(content, dict):
        content = json.dumps(content)
    write(folder, {"plan.json": content})
    return run("scan", "--format", "json", "--select", "SG001", *more, "plan.json", cwd=folder)


def the_error(ended: Run) -> str:
    (error,) = ended.errors
    assert ended.status == 3
    assert error["path"] == "plan.json"
    message: str = error["message"]
    return message


@pytest.mark.parametrize(
    "encode",
    [
        lambda text: text.encode(),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
        lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
        lambda text: text.replace("\n", "\r\n").encode(),
    ],
    ids=["utf-8", "byte-order-mark", "utf-16-le", "utf-16-be", "crlf"],
)
@pytest.mark.parametrize("indent", [None, 2], ids=["one-line", "pretty"])
@pytest.mark.parametrize("name", ["plan.json", "plan.out"])
def test_plans_of_any_encoding_and_layout_are_read_where_they_say(
    encode: Any, indent: int | None, name: str, tmp_path: Path
) -> None:
    text = json.dumps(plan(), indent=indent)
    write(tmp_path, {name: encode(text)})
    ended = run("scan", "--format", "json", "--select", "SG001", ".", cwd=tmp_path)
    (finding,) = ended.report["findings"]
    assert finding["path"] == name
    line = text.split("\n")[finding["line"] - 1]
    assert line[finding["column"] - 1 : finding["end_column"] - 1] == '"aws_security_group.open"'
    assert ended.report["summary"]["files"]["parsed"] == 1


def test_a_plan_with_its_keys_sorted_is_found(tmp_path: Path) -> None:
    content = plan(configuration={"root_module": {"x": "y" * 5000}})
    write(tmp_path, {"sorted.json": json.dumps(content, sort_keys=True)})
    ended = run("scan", "--format", "json", "--select", "SG001", ".", cwd=tmp_path)
    assert [path for _, path, _ in ended.found] == ["sorted.json"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"format_version": "2.0", "resource_changes": []}, '"2.0" are not read; 1.x is'),
        ({"format_version": 1, "planned_values": {}}, 'it has no "format_version"'),
        ({"format_version": "1.0", "values": {"root_module": {}}}, "it is Terraform's state"),
        ({"format_version": "1.0"}, "it is Terraform's state"),
        ({"format_version": "1.0", "provider_schemas": {}}, "the schemas of providers"),
        ({"format_version": "1.2", "more": 1}, 'neither "planned_values" nor'),
        ('{"@level":"info","@message":"Terraform 1.9.8"}\n{"@level":"info"}\n', "show -json PLAN"),
        (b"PK\x03\x04\x14\x00\x08\x00", "terraform show -json"),
        (json.dumps(plan())[:-200], "is not closed"),
        (json.dumps(plan()).replace('"mode":', '"mode"'), 'a ":" is expected'),
        (b'{"format_version": "1.2", "planned_values": "\xff"}', "neither UTF-8 nor UTF-16"),
        (
            '{"format_version": "1.2", "planned_values": ' + "[" * 50_000 + "]" * 50_000 + "}",
            "nesting",
        ),
        (plan(errored=True), "the plan of a run that failed"),
    ],
    ids=[
        *("version-2", "version-number", "state", "empty-state", "schemas", "other", "log"),
        *("saved-plan", "cut-off", "broken", "no-text", "nested", "errored"),
    ],
)
def test_what_keeps_a_plan_from_being_read_is_one_error(
    content: Any, words: str, tmp_path: Path
) -> None:
    assert words in the_error(scanned(content, tmp_path))


def test_a_plan_that_is_too_large_is_one_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iac_ec2lint.source.limits.PLAN_BYTES", 100)
    assert "at most 100 are read" in the_error(scanned(plan(), tmp_path))
    piped = run("-", "--format", "json", cwd=tmp_path, stdin=json.dumps(plan()).encode())
    (error,) = piped.errors
    assert (error["path"], piped.status) == ("stdin.json", 3)


def test_lists_without_number_take_no_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("iac_ec2lint.source.limits.PLAN_BRACKETS", 5)
    assert "more than 5 lists and objects" in the_error(scanned(plan(), tmp_path))


def test_files_that_only_resemble_plans_are_left_alone_in_folders(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": OPEN_SSH,
            "fixture.json": json.dumps({"mock": plan()}),
            "list.json": json.dumps([plan()]),
            "state.json": '{"format_version":"1.0","values":{"root_module":{}}}',
            "schemas.json": '{"format_version":"1.0","provider_schemas":{}}',
            "log.json": '{"@level":"info"}\n{"@level":"info"}\n',
            "other.json": '{"format": 1}',
        },
    )
    ended = run("scan", "--format", "json", "--select", "SG001", ".", cwd=tmp_path)
    assert ended.errors == []
    assert [path for _, path, _ in ended.found] == ["main.tf"]
    assert ended.report["summary"]["units"] == 1
    skipped = {one["path"] for one in ended.report["summary"]["files"]["skipped"]}
    assert skipped == {"schemas.json", "state.json"}


def test_half_of_a_character_does_no_harm(tmp_path: Path) -> None:
    content = json.dumps(plan()).replace("aws_security_group.open", r"aws_security_group.o\ud800")
    ended = scanned(content, tmp_path)
    assert [f["resource"] for f in ended.report["findings"]] == ["aws_security_group.o?"]


def test_a_plan_on_standard_input(tmp_path: Path) -> None:
    ended = run("-", "--format", "json", cwd=tmp_path, stdin=ONE.read_bytes())
    assert {path for _, path, _ in ended.found} == {"stdin.json"}
    named = run(
        *("-", "--format", "json", "--stdin-filename", "my.plan"),
        cwd=tmp_path,
        stdin=b"\xff\xfe" + ONE.read_text("utf-8").encode("utf-16-le"),
    )
    assert {path for _, path, _ in named.found} == {"my.plan"}
    assert len(named.found) == len(ended.found)


def test_a_plan_on_standard_input_is_mapped_to_the_sources_around(tmp_path: Path) -> None:
    shutil.copy(ONE.parent / "main.tf", tmp_path)
    ended = run("-", "--format", "json", cwd=tmp_path, stdin=ONE.read_bytes())
    assert {path for _, path, _ in ended.found} == {"main.tf"}


def test_sources_elsewhere_are_named(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    root = tmp_path / "envs" / "prod"
    root.mkdir(parents=True)
    shutil.copy(ONE.parent / "main.tf", root)
    write(tmp_path, {"out/plan.json": ONE.read_bytes()})
    here = ("scan", "--format", "json", "out/plan.json")
    assert {path for _, path, _ in run(*here, cwd=tmp_path).found} == {"out/plan.json"}
    ended = run(*here, "--source-root", "envs/prod", cwd=tmp_path)
    assert {path for _, path, _ in ended.found} == {"envs/prod/main.tf"}
    assert run(*here, "--source-root", "nowhere", cwd=tmp_path).status == 2


def test_sources_of_something_else_are_not_those_of_a_plan(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH.replace('"open"', '"other"')})
    ended = scanned(plan(configuration={"root_module": {"resources": []}}), tmp_path)
    assert ended.found == [("SG001", "plan.json", 1)]


def test_sources_outside_the_boundary_are_not_read(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": (ONE.parent / "main.tf").read_text("utf-8")})
    inner = write(tmp_path / "inner", {"plan.json": ONE.read_bytes()})
    ended = run(
        *("scan", "--format", "json", "--boundary", ".", "--source-root", "..", "plan.json"),
        cwd=inner,
    )
    assert ended.status == 2
    assert "lies outside the boundary" in ended.err


def test_a_plan_is_a_selected_file_like_any_other(tmp_path: Path) -> None:
    shutil.copytree(CHANGES, tmp_path, dirs_exist_ok=True)
    write(tmp_path, {"other/main.tf": OPEN_SSH, "stack.yaml": PLAIN_VOLUME_TEMPLATE})
    chosen = run("scan", "--format", "json", "plan.json", cwd=tmp_path)
    assert {path for _, path, _ in chosen.found} == {"main.tf"}
    assert chosen.report["summary"]["units"] == 1
    # A file beside a plan does not bring the plan in.
    other = run("scan", "--format", "json", "other/main.tf", "stack.yaml", cwd=tmp_path)
    assert {path for _, path, _ in other.found} == {"other/main.tf", "stack.yaml"}
    both = run("scan", "--format", "json", "plan.json", "stack.yaml", cwd=tmp_path)
    assert {path for _, path, _ in both.found} == {"main.tf", "stack.yaml"}


def test_a_plan_is_no_template_and_templates_are_no_plans(tmp_path: Path) -> None:
    tags = {"Resources": "AWS::EC2::Volume", "AWSTemplateFormatVersion": "2010-09-09"}
    content = plan()
    content["resource_changes"][0]["change"]["after"]["tags"] = tags
    write(tmp_path, {"stack.yaml": PLAIN_VOLUME_TEMPLATE})
    ended = scanned(content, tmp_path, "stack.yaml")
    assert (ended.errors, ended.report["summary"]["units"]) == ([], 2)


def test_comments_in_the_sources_accept_findings_of_the_plan(tmp_path: Path) -> None:
    shutil.copytree(ONE.parent, tmp_path, dirs_exist_ok=True)
    main = tmp_path / "main.tf"
    text = main.read_text("utf-8")
    comment = "# ec2lint:ignore=DATA001 scratch space\n"
    main.write_text(
        text.replace(
            'resource "aws_ebs_volume" "plain"', comment + 'resource "aws_ebs_volume" "plain"'
        )
    )
    ended = run("scan", "--format", "json", "--show-notes", "plan.json", cwd=tmp_path)
    accepted = [f for f in ended.report["findings"] if f["status"] == "suppressed"]
    assert [(f["check"], f["resource"]) for f in accepted] == [("DATA001", "aws_ebs_volume.plain")]
    assert ended.report["notes"] == []


def test_equal_plans_give_equal_bytes_in_workers_too(tmp_path: Path) -> None:
    write(
        tmp_path,
        {f"{case.name}.json": (case / "plan.json").read_bytes() for case in PLANS.iterdir()},
    )
    one, two = (run("scan", "--format", "json", "--jobs", n, ".", cwd=tmp_path) for n in "12")
    assert one.out == two.out
    assert len({path for _, path, _ in one.found}) == len(list(PLANS.iterdir()))
