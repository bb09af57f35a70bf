"""docs/writing-checks.md: its checks run as they stand there, and find what its marks say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.checks.fixture_cases import Case, answers, as_mark
from tests.cli.program import REPOSITORY, run, write

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.registry import load

PAGE = (REPOSITORY / "docs" / "writing-checks.md").read_text("utf-8")
_FILE = re.compile(r"^`(?P<name>[\w./-]+)`\n\n```\w+\n(?P<text>.*?)^```", re.DOTALL | re.MULTILINE)
_PYTHON = re.compile(r"^ *```python\n(.*?)^ *```$", re.DOTALL | re.MULTILINE)


class Worked(NamedTuple):
    """A worked check of the page: its file, and the infrastructure that follows it."""

    name: str
    check: str
    infrastructure: dict[str, str]

    @property
    def code(self) -> str:
        return self.check[3:9]


def fences(text: str) -> list[tuple[str, str]]:
    """The files that a section shows; a fence in a docstring is no end of the file."""
    return [(m["name"], m["text"]) for m in _FILE.finditer(text.replace("    ```", "    '''"))]


def worked() -> list[Worked]:
    found = []
    for section in re.split(r"^## (?=[A-Z])", PAGE, flags=re.MULTILINE):
        files = {name: text.replace("    '''", "    ```") for name, text in fences(section)}
        checks = [name for name in files if name.endswith(".py")]
        found += [Worked(name, files.pop(name), files) for name in checks]
    return found


WORKED = worked()


def test_three_checks_are_worked_out() -> None:
    assert [one.code for one in WORKED] == ["OWN001", "OWN002", "OWN003"]
    assert [sorted(one.infrastructure) for one in WORKED] == [
        ["main.tf", "template.yaml"],
        ["main.tf", "template.yaml"],
        ["main.tf"],
    ]


@pytest.mark.parametrize("one", WORKED, ids=lambda one: one.code)
def test_a_worked_check_finds_what_the_marks_say(one: Worked, tmp_path: Path) -> None:
    write(tmp_path, {one.name: one.check})
    write(tmp_path / "infrastructure", dict(one.infrastructure))
    report = scan(
        ScanOptions(
            paths=(tmp_path / "infrastructure",),
            working=tmp_path / "infrastructure",
            checks=((tmp_path / one.name).parent,),
            select=(one.code,),
            fail_on=Severity.INFO,
        )
    )
    assert [f"{error.path}:{error.line}: {error.message}" for error in report.errors] == []
    marks = Case(one.code, tmp_path / "infrastructure").marks()
    assert {mark.file for mark in marks} == set(one.infrastructure)
    expected = sorted(mark._replace(words="") for mark in marks)
    assert sorted(map(as_mark, report.findings)) == expected
    for mark in marks:
        assert any(answers(finding, mark) for finding in report.findings), mark


def test_the_commands_of_the_page_run_them(tmp_path: Path) -> None:
    write(tmp_path, {one.name: one.check for one in WORKED})
    write(tmp_path, {f"infra/{name}": text for name, text in WORKED[1].infrastructure.items()})
    ended = run("infra", "--checks", "my-checks/", "--select", "OWN002", cwd=tmp_path)
    assert ended.status == 1
    allowed = ("--set", "OWN002.approved=c5.metal,t4g.small")
    ended = run("infra", "--checks", "my-checks/", "--select", "OWN002", *allowed, cwd=tmp_path)
    assert ended.status == 0


def test_a_fix_of_the_page_is_an_edit(tmp_path: Path) -> None:
    write(tmp_path, {WORKED[0].name: WORKED[0].check, **WORKED[0].infrastructure})
    options = ("--checks", "my-checks/", "--select", "OWN001", "--format", "json")
    findings = run("main.tf", *options, cwd=tmp_path).report["findings"]
    [edit] = findings[0]["fix"]["edits"]
    assert edit["text"] == '"default"'
    assert findings[0]["fix"]["applicability"] == "unsafe"


def test_the_worked_checks_have_what_the_registry_asks_for(tmp_path: Path) -> None:
    write(tmp_path, {one.name: one.check for one in WORKED})
    loaded, problems = load([tmp_path / "my-checks"])
    assert not problems
    assert [entry.info.types.keys() for entry in loaded] == [{"terraform", "cloudformation"}] * 3
    assert [one.name for one in loaded[1].info.parameters] == ["approved"]


def test_the_class_of_a_type_that_is_shown_can_be_made() -> None:
    [shown] = [text for text in _PYTHON.findall(PAGE) if "class Gateway(" in text]
    source = "\n".join(line.removeprefix("   ") for line in shown.split("\n"))
    space: dict[str, type] = {}
    # Without a base it is registered nowhere: its types would be in the registry of all tests.
    exec(source.replace("(Resource)", "(Part)").replace("import Resource", "import Part"), space)  # noqa: S102
    fields = {field.name for field in space["Gateway"].fields()}  # type: ignore[attr-defined]
    assert fields == {"mode", "logging", "deletion_protection", "subnet"}


def test_each_kind_of_mark_is_in_the_table() -> None:
    from tests.checks import fixture_cases

    shown = set(re.findall(r"^\| `# expect(-[a-z]+)?:", PAGE, re.MULTILINE))
    assert shown == set(fixture_cases._STATUSES)
