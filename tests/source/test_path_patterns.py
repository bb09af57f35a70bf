"""The patterns of ``--exclude`` mean what they mean to git."""

from __future__ import annotations

import itertools
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from iac_ec2lint.source.patterns import PathPatterns


@pytest.mark.parametrize(
    ("pattern", "matched", "others"),
    [
        ("test", ["test", "a/test", "test/a.tf"], ["tests", "a/testing", "a"]),
        ("test/", ["a/test/b.tf"], ["a/test"]),
        ("/test", ["test", "test/a.tf"], ["a/test"]),
        ("a/test", ["a/test", "a/test/b.tf"], ["b/a/test"]),
        ("*.tf", ["a.tf", "b/a.tf", ".tf"], ["a.tf.json", "atf"]),
        ("a/*.tf", ["a/b.tf"], ["a/c/b.tf", "b.tf"]),
        ("a/**/b", ["a/b", "a/c/b", "a/c/d/b"], ["b", "c/a/b"]),
        ("**/b", ["b", "a/b", "a/c/b"], ["ab"]),
        ("a/**", ["a/b", "a/b/c"], ["a", "b/a/c"]),
        ("a?c", ["abc"], ["ac", "a/c", "abbc"]),
        ("[ab].tf", ["a.tf", "x/b.tf"], ["c.tf", "[ab].tf"]),
        ("[!ab].tf", ["c.tf"], ["a.tf"]),
        ("[a-c].tf", ["b.tf"], ["d.tf", "-.tf"]),
        ("#a", [], ["#a", "a"]),
        ("", [], ["a"]),
        ("/", [], ["a"]),
        ("a.tf ", ["a.tf"], ["a.tf "]),
        (r"\#a", ["#a"], ["a"]),
        (r"\!a", ["!a"], ["a"]),
        (r"a\*", ["a*"], ["ab"]),
        (r"a\ ", ["a "], ["a"]),
        (" a", [" a"], ["a"]),
        ("a[!x]b", ["acb"], ["a/b", "axb"]),
        ("[z-ab]", ["b", "z"], ["a", "y"]),
        ("[[:digit:]x]", ["1", "x"], ["a", ":"]),
        ("a/**b", ["a/cb"], ["a/c/b"]),
        ("./a", ["a"], ["b/a"]),  # ours: git has it match nothing
    ],
)
def test_patterns(pattern: str, matched: list[str], others: list[str]) -> None:
    patterns = PathPatterns([pattern])
    assert [path for path in matched if not patterns.matches(path, folder=False)] == []
    assert [path for path in others if patterns.matches(path, folder=False)] == []


def test_only_folders_match_a_pattern_with_a_slash_at_its_end() -> None:
    assert PathPatterns(["test/"]).matches("a/test", folder=True)
    assert not PathPatterns(["test/"]).matches("a/test", folder=False)


def test_the_last_pattern_that_matches_decides() -> None:
    patterns = PathPatterns(["*.tf", "!main.tf", "old/main.tf"])
    assert patterns.matches("a.tf", folder=False)
    assert not patterns.matches("main.tf", folder=False)
    assert patterns.matches("old/main.tf", folder=False)


def test_nothing_is_taken_back_from_an_excluded_folder() -> None:
    assert PathPatterns(["old", "!old/main.tf"]).matches("old/main.tf", folder=False)


FOLDERS = ("a", "ab", "b.tf")
FILES = ("b", "c.tf", "a.tf", "#a", "!a", "a*", "-")
# Left out: "./" (see above), and "x**/", of which git gave the stars another meaning up to 2.51.
PATTERNS = st.text(alphabet="ab.ctf*?/!#[]-^\\ ", max_size=9).filter(
    lambda text: not text.startswith(("./", "!./")) and re.search(r"[^/!]\*\*.*/", text) is None
)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with every combination of the names above, three folders deep."""
    if shutil.which("git") is None:
        pytest.skip("git is not there, whose understanding of the patterns is the measure")
    top = tmp_path_factory.mktemp("repository")
    subprocess.run(["git", "init", "--quiet", top], check=True)
    for depth in range(3):
        for folders in itertools.product(FOLDERS, repeat=depth):
            place = top.joinpath(*folders)
            place.mkdir(exist_ok=True)
            for name in FILES:
                (place / name).touch()
    return top


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(st.lists(PATTERNS, min_size=1, max_size=4))
@example(["a/", "!a/b"])
@example(["**"])
@example(["a**b", "a/**b"])
@example(["*", "!a", "!*.tf"])
@example(["[b-]", "[]a]", "[^a]", "[!b]*", "[a"])
@example(["\\", "a\\", "\\a", "[\\]]"])
@example(["a//b", "//a", "a/", "/"])
@example(["***", "/**", "**/", "a/**/", "**/a/**"])
def test_git_and_these_patterns_agree(repository: Path, patterns: list[str]) -> None:
    (repository / ".git" / "info" / "exclude").write_text("\n".join(patterns) + "\n")
    entries = [
        (path.relative_to(repository).as_posix(), path.is_dir())
        for path in repository.rglob("*")
        if ".git" not in path.relative_to(repository).parts
    ]
    asked = subprocess.run(
        ["git", "check-ignore", "--no-index", "-z", "--stdin"],
        cwd=repository,
        input="\0".join(path for path, _ in entries).encode(),
        capture_output=True,
    )
    assert asked.returncode in {0, 1}, asked.stderr
    ignored = set(filter(None, asked.stdout.decode().split("\0")))
    ours = PathPatterns(patterns)
    assert {path for path, folder in entries if ours.matches(path, folder=folder)} == ignored
