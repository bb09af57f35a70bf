"""Nothing but one place opens, lists or looks at files of what is scanned."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "iac_ec2lint"

THE_PLACE = {"source/tree.py", "source/version_control.py", "source/boundary.py"}
"""The tree; git's own files of a work tree; where a boundary is, before there is a tree."""
OWN = {
    *("facts/__init__.py", "engine/registry.py", "resources/registry.py", "answers/catalogue.py"),
    "api/_on_demand.py",
    *("iam/policy/probes.py", "network/hosts/endpoints.py", "network/sets/port_classes.py"),
    "answers/cache.py",
}
"""These read what belongs to the program, the checks, and records of earlier scans."""
NAMED = {
    *("cli/cached.py", "cli/diff.py", "cli/main.py", "cli/output.py", "cli/options.py"),
    "cli/scan.py",
    "answers/check_tests/examples.py",
    *("answers/check_tests/fixtures.py", "answers/check_tests/running.py"),
}
"""These read and write what a user names, or what checks are tested with."""

FUNCTIONS = {
    *("open", "listdir", "scandir", "walk", "stat", "lstat", "readlink", "access", "realpath"),
    *("exists", "lexists", "isfile", "isdir", "islink", "getsize", "samefile", "mmap"),
}
METHODS = {
    *("is_file", "is_dir", "is_symlink", "exists", "stat", "lstat", "iterdir", "resolve"),
    *("read_bytes", "read_text", "readlink", "open", "samefile"),
}
WITH_PATTERN = {"glob", "rglob", "write_text", "write_bytes"}


SEARCH = re.compile(rf"\b(?:{'|'.join(FUNCTIONS | METHODS | WITH_PATTERN)})\(")


def touches(text: str) -> Iterator[str]:
    """The calls in a file that ask the disk for something."""
    if not SEARCH.search(text):
        return
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        called = ast.unparse(node.func)
        holder, _, name = called.rpartition(".")
        if holder in {"", "os", "os.path", "io"} and name in FUNCTIONS:
            if called != "walk":  # which is the tree's
                yield called
        elif holder not in {"", "self"}:
            # Our own methods of these names are given a path, those of a Path are not.
            plain = all(isinstance(one, ast.Constant) for one in node.args)
            if name in WITH_PATTERN or (name in METHODS and plain):
                yield called


def test_files_of_what_is_scanned_are_opened_in_one_place() -> None:
    found = {
        (file.relative_to(SOURCE).as_posix(), call)
        for file in SOURCE.rglob("*.py")
        for call in touches(file.read_text("utf-8"))
    }
    assert {file for file, _ in found} >= THE_PLACE | OWN | NAMED
    assert {one for one in found if one[0] not in THE_PLACE | OWN | NAMED} == set()
