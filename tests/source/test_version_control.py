"""What git ignores and does not track, as git itself says it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cli.program import write

from iac_ec2lint.source.patterns import PathPatterns
from iac_ec2lint.source.version_control import VersionControl, tracked_paths

pytestmark = pytest.mark.slow

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="there is no git here")


def git(folder: Path, *arguments: str) -> str:
    """What git says, without the settings of whoever runs the tests."""
    env = {**os.environ, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
    env |= {
        f"GIT_{who}_{what}": "a@b" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")
    }
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env=env, capture_output=True, check=False, text=True
    )
    return done.stdout


FILES = {
    ".gitignore": ".env\n*.log\n!kept.log\nbuild/\n/top.txt\n",
    ".env": "",
    "a.log": "",
    "kept.log": "",
    "top.txt": "",
    "main.tf": "",
    "envs/.gitignore": "!.env\nsecret*\r\n",
    "envs/.env": "",
    "envs/secret.txt": "",
    "envs/top.txt": "",
    "envs/deep/.env": "",
    "envs/deep/tracked.log": "",
    "build/kept.log": "",
    "build/tracked.txt": "",
    "local.txt": "",
}
TRACKED = ("main.tf", "envs/deep/tracked.log", "build/tracked.txt")
ABSENT = {".env", "a.log", "top.txt", "envs/secret.txt", "build/kept.log", "local.txt"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    if shutil.which("git") is None:
        pytest.skip("there is no git here")
    folder = write(tmp_path / "tree", FILES)
    git(folder, "init", "-q")
    write(folder, {".git/info/exclude": "local.txt\n"})
    git(folder, "add", "-f", *TRACKED)
    return folder


def absent(tree: Path) -> set[str]:
    found = VersionControl()
    return {name for name in FILES if found.absence(tree / name)}


def as_git_says(tree: Path) -> set[str]:
    ignored = git(tree, "ls-files", "-z", "--others", "--ignored", "--exclude-standard")
    return {*ignored.split("\0")} - {""}


def test_what_is_ignored_and_not_tracked(tree: Path) -> None:
    assert absent(tree) == ABSENT == as_git_says(tree)
    assert VersionControl().absence(tree / ".env") == "git ignores it"


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_every_version_of_the_index(tree: Path, version: str) -> None:
    if version == "3":
        git(tree, "update-index", "--skip-worktree", "main.tf")
    else:
        git(tree, "update-index", "--index-version", version)
    assert (tree / ".git" / "index").read_bytes()[7] == int(version)
    assert absent(tree) == ABSENT


def test_an_index_of_sha_256(tree: Path) -> None:
    shutil.rmtree(tree / ".git")
    git(tree, "init", "-q", "--object-format=sha256")
    if not (tree / ".git").exists():
        pytest.skip("this git knows no SHA-256")
    git(tree, "add", "-f", *TRACKED)
    assert absent(tree) == ABSENT - {"local.txt"}


def test_an_index_that_is_not_the_whole(tree: Path) -> None:
    git(tree, "update-index", "--split-index")
    found = VersionControl()
    assert "of no known form" in found.absence(tree / ".env")
    assert found.absence(tree / "main.tf") == ""


@pytest.mark.parametrize(
    "raw", [b"", b"DIRC", b"DIRC\0\0\0\x09\0\0\0\0", b"DIRC\0\0\0\x02\0\0\0\x01"]
)
def test_an_index_of_no_known_form(tree: Path, raw: bytes) -> None:
    (tree / ".git" / "index").write_bytes(raw)
    assert tracked_paths(raw) is None
    assert "of no known form" in VersionControl().absence(tree / "build" / "tracked.txt")
    assert VersionControl().absence(tree / "main.tf") == ""
    (tree / ".git" / "index").unlink()
    assert "cannot be read" in VersionControl().absence(tree / "build" / "tracked.txt")


@given(st.binary(max_size=200), st.sampled_from([2, 3, 4]), st.integers(0, 5))
def test_any_bytes_are_an_index_or_none(raw: bytes, version: int, count: int) -> None:
    whole = b"DIRC" + version.to_bytes(4) + count.to_bytes(4) + raw
    assert isinstance(tracked_paths(whole), frozenset | None)


def test_linked_work_trees_and_submodules(tmp_path: Path, tree: Path) -> None:
    git(tree, "add", "-f", "envs/.gitignore", ".gitignore")
    git(tree, "commit", "-q", "-m", "a")
    git(tree, "worktree", "add", "-q", str(tmp_path / "linked"))
    linked = write(tmp_path / "linked", FILES)
    assert absent(linked) == ABSENT == as_git_says(linked)
    inner = write(tree / "build" / "inner", {".git/HEAD": "", ".env": "", ".gitignore": "*.x\n"})
    assert VersionControl().absence(inner / ".env") == ""


def test_case_is_let_go(tree: Path) -> None:
    """On a file system that lets go of it, ``.ENV`` is ``.env``."""
    assert VersionControl().absence(tree / ".ENV") == "git ignores it"


def test_without_git_everything_is_in_order(tmp_path: Path) -> None:
    write(tmp_path, {".gitignore": ".env\n", ".env": ""})
    assert VersionControl().absence(tmp_path / ".env") == ""


def test_too_many_patterns_ignore_everything_that_is_not_tracked(tree: Path) -> None:
    write(tree, {"envs/.gitignore": "x\n" * 10_000})
    found = VersionControl()
    assert found.absence(tree / "envs" / "top.txt") == "git ignores it"
    assert found.absence(tree / "main.tf") == ""


def test_no_pattern_takes_long() -> None:
    name = "a" * 250
    path = "/".join([*["a"] * 400, name])
    started = time.perf_counter()
    for pattern in (
        "*a" * 40 + "b",
        "**/a/" * 40 + "b",
        "a*/**/" * 40 + "*a*a*a*ab",
        "**/*a*a*b/" * 9,
    ):
        assert not PathPatterns([pattern]).matches(path, folder=False)
        assert not PathPatterns([pattern]).matches(name, folder=False)
    assert time.perf_counter() - started < 10


NAMES = st.sampled_from(["a", "b.log", "ab", "A"])
PATH = st.lists(NAMES, min_size=1, max_size=3).map("/".join)
PATTERN = st.text(alphabet="ab.log*?/![]", max_size=8).filter(
    lambda text: not text.startswith(("./", "!./")) and "**" not in text.replace("/**/", "/")
)


@needs_git
@settings(max_examples=60)
@given(
    st.dictionaries(st.lists(NAMES, max_size=2).map("/".join), st.lists(PATTERN, max_size=4)),
    # Where case counts for nothing, as git is told below, no two names differ by it alone.
    st.lists(PATH, min_size=1, max_size=6, unique_by=str.lower),
    st.data(),
)
def test_any_tree(
    tmp_path_factory: pytest.TempPathFactory,
    rules: dict[str, list[str]],
    names: list[str],
    data: st.DataObject,
) -> None:
    tree = tmp_path_factory.mktemp("tree")
    git(tree, "init", "-q")
    written = set()
    for name in sorted(names):
        try:
            write(tree, {name: ""})
        except OSError:
            continue  # one is a folder already, or a file
        written.add(name)
    for folder, patterns in rules.items():
        if (tree / folder).is_dir():
            lower = [pattern for pattern in patterns if pattern == pattern.lower()]
            write(tree / folder, {".gitignore": "\n".join(lower)})
    tracked = data.draw(st.sets(st.sampled_from(sorted(written)))) if written else set()
    if tracked:
        git(tree, "add", "-f", *sorted(tracked))
    found = VersionControl()
    ours = {name for name in written if found.absence(tree / name)}
    git(tree, "config", "core.ignoreCase", "true")
    assert ours == {name for name in as_git_says(tree) if not name.endswith(".gitignore")}
