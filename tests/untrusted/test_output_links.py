"""No link in what is scanned takes an output anywhere else."""

from __future__ import annotations

import json
import os
import threading
from pathlib import Path

import pytest
from tests.cli.program import SAFE_VOLUME, run, write

COMMANDS = (("scan", "--output"), ("graph", "--output"))


@pytest.fixture(params=[True, False], ids=["in a work tree", "in none"])
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    write(tmp_path, {"tree/main.tf": SAFE_VOLUME, "home/profile": "before"})
    if request.param:
        write(tmp_path, {"tree/.git/HEAD": ""})
    return tmp_path / "tree"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_link_as_target_is_refused(tree: Path, command: tuple[str, str]) -> None:
    (tree / "out.json").symlink_to("../home/profile")
    (tree / "gone.json").symlink_to("../home/gone")
    (tree / "out").symlink_to("../home")
    name, option = command
    for target, link in (
        ("out.json", "out.json"),
        ("gone.json", "gone.json"),
        ("out/profile.json", "out"),
        (str(tree / "out" / "profile.json"), "out"),
    ):
        ended = run(name, ".", option, target, cwd=tree)
        assert ended.status == 2
        assert f"is not written: {link} is a link" in ended.err
    assert sorted(path.name for path in (tree.parent / "home").iterdir()) == ["profile"]
    assert (tree.parent / "home" / "profile").read_text() == "before"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_a_new_file_takes_the_place_of_the_old_one(tree: Path, command: tuple[str, str]) -> None:
    target, other = tree / "out.json", tree.parent / "home" / "profile"
    os.link(other, target)
    target.chmod(0o640)
    name, option = command
    assert run(name, ".", option, "out.json", cwd=tree).status == 0
    assert json.loads(target.read_text("utf-8"))
    assert other.read_text() == "before"
    assert target.stat().st_mode & 0o777 == 0o640
    assert not [path for path in tree.iterdir() if path.name.startswith(".iac-ec2lint")]


def test_what_cannot_be_written_is_left_as_it_was(tree: Path) -> None:
    (tree / "out.json").mkdir()
    for target in ("out.json", "no/such/folder.json"):
        ended = run(".", "--output", f"json={target}", cwd=tree)
        assert ended.status == 2
        assert "cannot be written" in ended.err
    assert sorted(path.name for path in tree.iterdir() if path.name != ".git") == [
        "main.tf",
        "out.json",
    ]


def test_links_outside_the_work_tree_are_followed(tree: Path) -> None:
    (tree.parent / "latest.json").symlink_to("home/profile")
    assert run(".", "--output", "../latest.json", cwd=tree).status == 0
    assert (tree.parent / "latest.json").is_symlink()
    assert json.loads((tree.parent / "home" / "profile").read_text("utf-8"))


def test_a_link_from_outside_into_the_work_tree_is_not_trusted_further(tree: Path) -> None:
    write(tree, {".git/HEAD": ""})
    (tree / "out.json").symlink_to("../home/profile")
    (tree.parent / "way").symlink_to("tree")
    assert run("tree", "--output", "way/out.json", cwd=tree.parent).status == 2
    assert (tree.parent / "home" / "profile").read_text() == "before"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_written_in_place(tree: Path) -> None:
    pipe = tree.parent / "pipe"
    os.mkfifo(pipe)
    read: list[str] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_text("utf-8")), daemon=True)
    reader.start()
    assert run("main.tf", "--output", "json=../pipe", cwd=tree).status == 0
    reader.join(10)
    assert json.loads(read[0])
    assert run("main.tf", "--output", f"json={os.devnull}", cwd=tree).status == 0


def test_the_step_summary_follows_no_link_of_the_work_tree(tree: Path) -> None:
    (tree / "summary.md").symlink_to("../home/profile")
    env = {"GITHUB_STEP_SUMMARY": str(tree / "summary.md")}
    assert run(".", "--format", "github", cwd=tree, env=env).status == 2
    assert (tree.parent / "home" / "profile").read_text() == "before"
