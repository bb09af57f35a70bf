"""Which files are found below the paths given."""

from __future__ import annotations

import os
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from iac_ec2lint.source.discovery import Discovered, discover
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.marks import TEMPLATE_BYTES
from iac_ec2lint.source.patterns import PathPatterns

TEMPLATE = "AWSTemplateFormatVersion: '2010-09-09'\nResources: {}\n"


def tree(top: Path, *names: str, text: str = "") -> Path:
    """Make files, and folders where a name ends with a slash."""
    for name in names:
        path = top / name
        if name.endswith("/"):
            path.mkdir(parents=True, exist_ok=True)
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
    return top


def look(
    top: Path, *paths: Path, exclude: tuple[str, ...] = (), boundary: Path | None = None
) -> Discovered:
    return discover(paths or (top,), Files(boundary or top, top), PathPatterns(exclude))


def names(found: Discovered, top: Path) -> set[str]:
    """All that was found, as paths below ``top``."""
    every = [path for paths in found.modules.values() for path in paths]
    every += [*found.variables, *found.documents]
    assert len(every) == len(set(every)), "each file once"
    return {path.relative_to(top).as_posix() for path in every}


def test_files_are_sorted_in_by_their_names(tmp_path: Path) -> None:
    tree(tmp_path, "a/main.tf", "a/b.tofu", "a/c.tf.json", "a/d.tofu.json", "b/main.tf")
    tree(tmp_path, "a/terraform.tfvars", "a/x.auto.tfvars.json")
    tree(tmp_path, "s/a.yaml", "s/b.yml", "s/c.json", "s/d.template", "s/e.cfn")
    found = look(tmp_path)
    assert {folder.name: [p.name for p in paths] for folder, paths in found.modules.items()} == {
        "a": ["b.tofu", "c.tf.json", "d.tofu.json", "main.tf"],
        "b": ["main.tf"],
    }
    assert [path.name for path in found.variables] == ["terraform.tfvars", "x.auto.tfvars.json"]
    assert [path.name for path in found.documents] == [
        *("a.yaml", "b.yml", "c.json", "d.template", "e.cfn")
    ]
    assert (found.selected, found.skipped, found.diagnostics) == ([], {}, [])


def test_a_template_of_any_other_ending_is_known_by_its_content(tmp_path: Path) -> None:
    every = {"stack", "stack.txt", "stack.py", "README.md", "a.cfg", "a.bak", "a.xml", ".hidden"}
    tree(tmp_path, *every, text="# " + "x" * 5000 + "\n" + TEMPLATE)
    tree(tmp_path, "notes.txt", "LICENSE", text="Resources are scarce.\n")
    assert names(look(tmp_path), tmp_path) == every


@pytest.mark.parametrize(
    "text",
    [
        r'{"\u0052esources": {"A": {"Type": "AWS\u003a:EC2::VPC"}}}',
        r'{"\x52esources": {"A": {"Type": "\x41WS::EC2::VPC"}}}',
        '{"Reso\\\n  urces": {"A": {"Type": "AWS:\\\n  :EC2::VPC"}}}',
        '{"planned_values": {}, "format\\u005fversion": "1.2"}',
    ],
)
def test_escapes_hide_nothing(tmp_path: Path, text: str) -> None:
    tree(tmp_path, "a.txt", text=text)
    assert names(look(tmp_path), tmp_path) == {"a.txt"}


def test_what_is_larger_than_a_template_may_be_a_plan(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("#" * TEMPLATE_BYTES + TEMPLATE)
    (tmp_path / "b.out").write_text("{" + " " * TEMPLATE_BYTES + "}")
    assert names(look(tmp_path), tmp_path) == {"b.out"}


def test_a_plan_as_terraform_saves_it_is_noted(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "out", "w") as archive:
        archive.writestr("tfplan", b"")
    [skipped] = look(tmp_path).skipped.values()
    assert skipped.counts
    assert "terraform show -json" in skipped.reason


def test_a_file_given_by_name_may_have_any_ending(tmp_path: Path) -> None:
    tree(tmp_path, "stack.py", text=TEMPLATE)
    found = look(tmp_path, tmp_path / "stack.py")
    assert found.documents == found.selected == [tmp_path / "stack.py"]


@pytest.mark.parametrize(
    "folder",
    [".terraform", "node_modules/pkg", "__pycache__", ".terragrunt-cache", "a/node_modules"],
)
@pytest.mark.parametrize(
    ("name", "text", "counts"),
    [
        ("a/main.tf", "", True),
        ("a/main.tofu.json", "{}", True),
        ("a/b/stack.yaml", "Resources: {A: {Type: AWS::EC2::VPC}}", True),
        ("plan.json", '{"format_version": "1.2", "resource_changes": []}', True),
        ("a/package.json", "{}", False),
        ("a/README.md", "", False),
    ],
)
def test_folders_that_tools_fill_are_passed_over_and_noted(
    tmp_path: Path, folder: str, name: str, text: str, counts: bool
) -> None:
    tree(tmp_path, f"{folder}/{name}", text=text)
    tree(tmp_path, "main.tf")
    found = look(tmp_path)
    assert names(found, tmp_path) == {"main.tf"}
    [skipped] = found.folders.values()
    assert f"{folder}/".startswith(skipped.path)
    assert skipped.counts is counts


def test_what_git_keeps_is_not_even_noted(tmp_path: Path) -> None:
    tree(tmp_path, ".git/main.tf", "main.tf")
    found = look(tmp_path)
    assert (names(found, tmp_path), found.folders) == ({"main.tf"}, {})


def test_a_virtual_environment_is_passed_over_whatever_its_name(tmp_path: Path) -> None:
    tree(tmp_path, "tools/pyvenv.cfg", text="home = /usr/bin\n")
    tree(tmp_path, "tools/lib/pkg/main.tf", "tools/stack.yaml", "main.tf")
    found = look(tmp_path)
    assert names(found, tmp_path) == {"main.tf"}
    assert [(one.path, one.counts) for one in found.folders.values()] == [("tools/", True)]
    given = look(tmp_path, tmp_path / "tools")
    assert names(given, tmp_path) == {"tools/lib/pkg/main.tf", "tools/stack.yaml"}


def test_an_empty_file_makes_no_virtual_environment(tmp_path: Path) -> None:
    tree(tmp_path, "prod/pyvenv.cfg", "prod/main.tf")
    assert names(look(tmp_path), tmp_path) == {"prod/main.tf"}


def test_such_a_folder_is_searched_when_it_is_given_itself(tmp_path: Path) -> None:
    tree(tmp_path, ".terraform/modules/vpc/main.tf")
    found = look(tmp_path, tmp_path / ".terraform" / "modules" / "vpc")
    assert names(found, tmp_path) == {".terraform/modules/vpc/main.tf"}


def test_gitignore_is_not_obeyed(tmp_path: Path) -> None:
    tree(tmp_path, ".gitignore", text="*\n")
    tree(tmp_path, "main.tf", "cdk.out/stack.template.json")
    assert names(look(tmp_path), tmp_path) == {"main.tf", "cdk.out/stack.template.json"}


def test_excluded_paths_are_left_out(tmp_path: Path) -> None:
    tree(tmp_path, "a/main.tf", "a/test/main.tf", "test/main.tf", "a.yaml")
    found = look(tmp_path, exclude=("test/",))
    assert names(found, tmp_path) == {"a/main.tf", "a.yaml"}
    assert [*found.folders.values()] == [
        (path, "it is excluded", False) for path in ("test/", "a/test/")
    ]
    assert names(look(tmp_path, exclude=("/test", "*.yaml")), tmp_path) == {
        *("a/main.tf", "a/test/main.tf")
    }


def test_a_file_given_by_name_is_left_out_too(tmp_path: Path) -> None:
    tree(tmp_path, "a/main.tf", "test/main.tf")
    given = (tmp_path / "a" / "main.tf", tmp_path / "test" / "main.tf")
    found = look(tmp_path, *given, exclude=("test",))
    assert names(found, tmp_path) == {"a/main.tf"}
    assert found.selected == [tmp_path / "a" / "main.tf"]
    assert list(found.skipped.values()) == [("test/main.tf", "it is excluded", False)]


def test_a_loop_of_links_is_survived(tmp_path: Path) -> None:
    tree(tmp_path, "a/main.tf")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a" / "self")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    found = look(tmp_path)
    assert len(found.modules) == 1
    assert [len(paths) for paths in found.modules.values()] == [1]


def test_a_link_to_a_folder_inside_is_followed(tmp_path: Path) -> None:
    tree(tmp_path, "shared/main.tf", "env/")
    (tmp_path / "env" / "net").symlink_to(tmp_path / "shared")
    found = look(tmp_path, tmp_path / "env")
    assert names(found, tmp_path) == {"env/net/main.tf"}


def test_a_link_out_of_the_boundary_is_skipped_and_said(tmp_path: Path) -> None:
    inside = tree(tmp_path / "in", "main.tf")
    outside = tree(tmp_path / "out", "main.tf", "stack.yaml")
    (inside / "folder").symlink_to(outside)
    (inside / "stack.yaml").symlink_to(outside / "stack.yaml")
    found = look(inside)
    assert names(found, inside) == {"main.tf"}
    assert set(found.skipped) == {"folder", "stack.yaml"}
    assert all("boundary" in skipped.reason for skipped in found.skipped.values())
    assert [found.skipped[name].counts for name in ("folder", "stack.yaml")] == [False, True]
    assert names(look(inside, boundary=tmp_path), inside) > {"main.tf"}


def test_a_link_that_leads_nowhere_is_found_and_read_later(tmp_path: Path) -> None:
    (tmp_path / "main.tf").symlink_to(tmp_path / "gone.tf")
    assert names(look(tmp_path), tmp_path) == {"main.tf"}


def test_a_folder_with_a_configuration_files_name_is_an_error_and_searched(tmp_path: Path) -> None:
    tree(tmp_path, "x.tf/inner.tf", "main.tf")
    found = look(tmp_path)
    assert names(found, tmp_path) == {"x.tf/inner.tf", "main.tf"}
    [problem] = found.diagnostics
    assert problem.path == "x.tf"
    assert "folder" in problem.message


def test_a_folder_that_may_not_be_read_is_an_error(
    tmp_path: Path, close: Callable[[Path], None]
) -> None:
    tree(tmp_path, "closed/main.tf", "main.tf")
    close(tmp_path / "closed")
    found = look(tmp_path)
    assert names(found, tmp_path) == {"main.tf"}
    assert [problem.path for problem in found.diagnostics] == ["closed"]


def test_several_paths_that_overlap(tmp_path: Path) -> None:
    tree(tmp_path, "a/main.tf", "b/main.tf", "b/c/main.tf")
    found = look(tmp_path, tmp_path / "b" / "c", tmp_path / "b", tmp_path / "a" / "main.tf")
    assert names(found, tmp_path) == {"a/main.tf", "b/main.tf", "b/c/main.tf"}
    assert found.selected == [tmp_path / "a" / "main.tf"]


def test_names_that_are_no_text_and_odd_ones(tmp_path: Path) -> None:
    tree(tmp_path, "with space/main file.tf", "-dash/main.tf", "\u4e2d/\U0001f600.tf", "a:b/c.tf")
    assert len(names(look(tmp_path), tmp_path)) == 4


def test_very_deep_folders(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 300)
    tree(tmp_path, f"{deep}/main.tf")
    assert names(look(tmp_path), tmp_path) == {f"{deep}/main.tf"}


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "main.tf").touch()
    found = look(tmp_path)
    assert [*found.modules] == [tmp_path]
    assert found.documents == []


def test_links_are_resolved_once_for_a_folder_and_not_for_each_below(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tree(tmp_path, "/".join(["d"] * 40) + "/main.tf")
    resolved: list[str] = []
    before = os.path.realpath

    def realpath(path: str) -> str:
        resolved.append(os.fspath(path))
        return before(path)

    monkeypatch.setattr("iac_ec2lint.source.discovery.os.path.realpath", realpath)
    assert names(look(tmp_path), tmp_path) == {"/".join(["d"] * 40) + "/main.tf"}
    assert len(resolved) < 20
