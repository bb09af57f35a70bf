"""``--exclude`` from the outside; the syntax itself is tested with the patterns."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, scan, write


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    names = ("prod/main.tf", "test/main.tf", "deep/test/main.tf")
    files: dict[str, str | bytes] = dict.fromkeys(names, PLAIN_VOLUME)
    files["stacks/a.yaml"] = files["stacks/b.yaml"] = PLAIN_VOLUME_TEMPLATE
    return write(tmp_path, files)


def repr_sorted(case: object) -> str:
    """An identifier that is the same in each process, whatever the order of a set."""
    return str(sorted(case)) if isinstance(case, set) else str(case)


@pytest.mark.parametrize(
    ("patterns", "left"),
    [
        (
            (),
            {"prod/main.tf", "test/main.tf", "deep/test/main.tf", "stacks/a.yaml", "stacks/b.yaml"},
        ),
        (("test",), {"prod/main.tf", "stacks/a.yaml", "stacks/b.yaml"}),
        (("/test/",), {"prod/main.tf", "deep/test/main.tf", "stacks/a.yaml", "stacks/b.yaml"}),
        (("*.yaml", "!a.yaml", "test"), {"prod/main.tf", "stacks/a.yaml"}),
        (("**/test", "stacks/*"), {"prod/main.tf"}),
    ],
    ids=repr_sorted,
)
def test_excluded_paths_are_left_out(
    folder: Path, patterns: tuple[str, ...], left: set[str]
) -> None:
    options = [word for pattern in patterns for word in ("--exclude", pattern)]
    assert {path for _, path, _ in scan(".", *options, cwd=folder).found} == left


def test_excluding_everything_is_nothing_to_scan(folder: Path) -> None:
    assert scan(".", "--exclude", "*", cwd=folder).status == 3


def test_an_excluded_module_is_still_read_where_it_is_called(tmp_path: Path) -> None:
    call = 'module "disk" {\n  source = "./modules/disk"\n}\n'
    write(tmp_path, {"main.tf": call, "modules/disk/main.tf": PLAIN_VOLUME})
    ended = scan(".", "--exclude", "modules", "--select", "DATA001", cwd=tmp_path)
    assert [finding["resource"] for finding in ended.report["findings"]] == [
        "module.disk.aws_ebs_volume.plain"
    ]
