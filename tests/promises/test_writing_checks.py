"""docs/writing-checks.md: its checks run as they stand there, and find what its marks say."""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.cli.program import REPOSITORY, run, write

from iac_ec2lint.answers.check_tests.fixtures import STATUSES, Fixture, answers, as_mark
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
        return self.check.partition('code = "')[2][:6]


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
    marks = Fixture(one.code, tmp_path / "infrastructure").marks()
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


def own_checks(folder: Path) -> Path:
    """A folder with the page's checks, and the infrastructure of each as its fixtures."""
    write(folder, {one.name: one.check for one in WORKED})
    for one in WORKED:
        for name, text in one.infrastructure.items():
            write(folder, {f"my-checks/fixtures/{one.code}/{name}": text})
    return folder / "my-checks"


def test_checks_of_one_s_own_are_tested_by_a_command(tmp_path: Path) -> None:
    own_checks(tmp_path)
    ended = run("checks", "test", "my-checks", cwd=tmp_path)
    assert ended.status == 0, ended.out
    last = ended.out.splitlines()[-1]
    assert re.fullmatch(r"\d+ tests of 3 checks, 0 wrong", last)
    assert "ok    OWN001 fixtures/OWN001/main.tf" in ended.out
    assert "ok    OWN001 example 1 under Fails, hcl" in ended.out


def test_what_is_wrong_with_a_check_of_one_s_own_is_said_with_its_line(tmp_path: Path) -> None:
    folder = own_checks(tmp_path)
    fixture = folder / "fixtures" / "OWN001" / "main.tf"
    [mark, *_] = Fixture("OWN001", fixture).marks()
    lines = fixture.read_text("utf-8").split("\n")
    lines[mark.line - 1] = re.sub(r"# expect.*", "", lines[mark.line - 1])
    fixture.write_text("\n".join(lines) + "\nlocals {} # expect: OWN001\n", "utf-8")
    check = tmp_path / WORKED[0].name
    check.write_text(
        check.read_text("utf-8")
        .replace("## Passes", "## Fails\n")
        .replace("## Fails\n", "## Passes\n", 1),
        "utf-8",
    )
    for untested in (folder / "fixtures" / "OWN002").iterdir():
        untested.unlink()
    write(folder, {"fixtures/OWN009/main.tf": ""})
    ended = run("checks", "test", "my-checks", cwd=tmp_path)
    assert ended.status == 1
    for line in (
        f"main.tf:{len(lines) + 1}: OWN001, a failure, and nothing is found",
        f"main.tf:{mark.line}: not marked: OWN001, a failure: ",
        "wrong OWN001 example 1 under Fails, hcl",
        "no example in hcl fails that it could change",
        "neither examples nor fixtures test it",
        "no check here has this code",
    ):
        assert line in ended.out
    assert ended.out.splitlines()[-1].endswith(" 5 wrong")


def test_a_folder_without_checks_is_wrong_use(tmp_path: Path) -> None:
    assert run("checks", "test", ".", cwd=tmp_path).status == 2


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
    exec(source.replace("(Resource)", "(Part)").replace("import Resource", "import Part"), space)  # noqa: S102 - the page's own
    fields = {field.name for field in space["Gateway"].fields()}  # type: ignore[attr-defined]
    assert fields == {"mode", "logging", "deletion_protection", "subnet"}


def test_each_kind_of_mark_is_in_the_table() -> None:
    shown = set(re.findall(r"^\| `# expect(-[a-z]+)?:", PAGE, re.MULTILINE))
    assert shown == set(STATUSES)
