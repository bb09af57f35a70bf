"""docs/architecture.md: its code runs, its rooms are those that there are."""

from __future__ import annotations

import re
import tomllib
from contextlib import chdir
from pathlib import Path

from scripts.draw_architecture import picture
from tests.cli.program import REPOSITORY, write

PAGE = (REPOSITORY / "docs" / "architecture.md").read_text("utf-8")
PACKAGE = REPOSITORY / "src" / "iac_ec2lint"


def fences(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_each_of_the_five_ideas_has_its_code() -> None:
    sections = re.split(r"^### \d\. ", PAGE, flags=re.MULTILINE)[1:]
    assert ["```python" in section for section in sections] == [True] * 5


def test_the_code_runs_from_top_to_bottom(tmp_path: Path) -> None:
    [shown] = fences("hcl")
    write(tmp_path, {"main.tf": shown})
    code = fences("python")
    assert sum(text.count("assert ") for text in code) > 15
    space: dict[str, object] = {}
    with chdir(tmp_path):
        for text in code:
            exec(text, space)  # noqa: S102 - the page's own code


def test_every_room_is_in_the_table_and_in_the_picture() -> None:
    rooms = {
        file.relative_to(PACKAGE).parts[0]
        for file in PACKAGE.rglob("*.py")
        if not file.name.startswith("__") or file.parent != PACKAGE
    }
    table = re.findall(r"^\| `src/iac_ec2lint/([\w.]+)/?` \|", PAGE, re.MULTILINE)
    assert sorted(table) == sorted(rooms)
    assert {f"{room}/".replace(".py/", ".py") for room in rooms} <= set(
        re.findall(r'class="name"[^>]*>([^<]+)<', picture())
    )


def test_the_picture_is_the_one_that_the_contracts_give() -> None:
    drawn = (REPOSITORY / "docs" / "pictures" / "architecture.svg").read_text("utf-8")
    assert drawn == picture()


def test_the_packages_are_those_that_are_installed() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text("utf-8"))["project"]
    needed = {re.split(r"[<>=!~ ]", each)[0] for each in project["dependencies"]}
    table = PAGE.split("## What it rests on", 1)[1]
    assert set(re.findall(r"^\| ([A-Za-z][\w-]+) \|", table, re.MULTILINE)) - {"Package"} == needed
    assert not [each for each in project["dependencies"] if "==" in each or "<" in each]
