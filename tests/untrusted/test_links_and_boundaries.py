"""No link or path in what is scanned leads a run out of the boundary, or to git's own files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, run, write

from iac_ec2lint.source.tree import read_named

SECRET = "hunter2-of-the-job"  # noqa: S105 - made up

PRINTING = """\
resource "aws_security_group" "printing" {
  description = "quotes what it is given"
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = %s
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree, with secrets beside it and in what is git's."""
    write(
        tmp_path,
        {
            "home/secret": f"{SECRET}\n",
            "home/listed": "",
            "tree/.git/listed": "",
            "home/main.tf": f'locals {{\n  secret = "{SECRET}"\n}}\n',
            "home/snippet.yaml": f"Secret: {SECRET}\n",
            "tree/.git/config": f"[url]\ntoken = {SECRET}\n",
            "tree/.git/main.tf": f'locals {{\n  secret = "{SECRET}"\n}}\n',
            "tree/main.tf": OPEN_SSH,
        },
    )
    return tmp_path / "tree"


def said(tree: Path, *arguments: str) -> tuple[int, str]:
    """The exit status and all that every command prints; the status is that of the scan."""
    ended = run(*arguments, "--format", "json", "--show-undecided", "--show-notes", cwd=tree)
    texts = [ended.out, ended.err]
    for command in ("values", "reach", "graph"):
        other = run(command, arguments[0], cwd=tree)
        texts += [other.out, other.err]
    return ended.status, "".join(texts)


def test_a_link_as_path_widens_nothing_and_is_named(tree: Path) -> None:
    (tree / "zz.tf").symlink_to("/etc/passwd")
    write(tree, {"main.tf": PRINTING % f'file("{tree.parent}/home/secret")'})
    ended = run("main.tf", "zz.tf", "--format", "json", cwd=tree)
    problems = {(error["path"], error["message"]) for error in ended.errors}
    assert ("zz.tf", "it lies outside the boundary ., where the link zz.tf leads") in problems
    assert any(path == "main.tf" and "outside the boundary" in why for path, why in problems)
    assert ended.status == 3
    assert SECRET not in ended.out


def test_what_is_given_besides_is_scanned(tree: Path) -> None:
    (tree / "zz.tf").symlink_to("/etc/passwd")
    ended = run("main.tf", "zz.tf", "--format", "json", cwd=tree)
    assert ("SG001", "main.tf", 8) in ended.found
    assert ended.status == 3


def test_a_folder_that_links_to_another_work_tree(tree: Path) -> None:
    write(tree.parent, {"home/.git/HEAD": ""})
    (tree / "infra").symlink_to(tree.parent / "home")
    status, text = said(tree, "infra")
    assert status == 3
    assert "it lies outside the boundary ., where the link infra leads" in text
    assert SECRET not in text


def test_a_wrong_option_is_wrong_use(tree: Path) -> None:
    (tree / "infra").symlink_to(tree.parent / "home")
    write(tree, {"plan.json": json.dumps({"format_version": "1.0"})})
    for arguments in (
        ("plan.json", "--source-root", "infra"),
        (".git",),
        (".", "--boundary", "..", "--source-root", "../.."),
        ("main.tf", "--parameters", "infra/snippet.yaml"),
    ):
        ended = run(*arguments, cwd=tree)
        assert ended.status == 2, arguments
        assert "outside the boundary" in ended.err or "git's own" in ended.err


@pytest.mark.parametrize("target", ["../home", ".git"])
def test_nothing_that_is_referred_to_leads_out(tree: Path, target: str) -> None:
    (tree / "way").symlink_to(target)
    write(
        tree,
        {
            "main.tf": "".join(
                [
                    f'module "direct" {{\n  source = "./{target}"\n}}\n',
                    'module "linked" {\n  source = "./way"\n}\n',
                    'output "a" {\n  value = module.direct\n}\n',
                    'output "b" {\n  value = module.linked\n}\n',
                    PRINTING
                    % f'templatefile("way/{"secret" if "home" in target else "config"}", {{}})',
                ]
            ),
            "stack.yaml": "Resources:\n"
            "  Nested:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: way/snippet.yaml}\n"
            "  Volume:\n    Type: AWS::EC2::Volume\n    Properties:\n"
            "      Fn::Transform: {Name: AWS::Include, Parameters: {Location: way/snippet.yaml}}\n",
            "locals.tf": 'locals {\n  names = fileset("way", "**")\n'
            '  all = fileset(".", "**")\n  there = fileexists("way/secret")\n}\n',
        },
    )
    (tree / "link.tf").symlink_to(f"{target}/main.tf")
    (tree / "prod.auto.tfvars").symlink_to(f"{target}/main.tf")
    status, text = said(tree, ".")
    assert status == 3
    assert SECRET not in text
    assert "listed" not in text
    errors = run(".", "--format", "json", cwd=tree).errors
    where = {(error["path"], error["line"]) for error in errors}
    assert {("link.tf", 0), ("prod.auto.tfvars", 0), ("main.tf", 2), ("main.tf", 5)} <= where
    assert {("stack.yaml", 4), ("stack.yaml", 8)} <= where
    assert all("the link " in error["message"] or error["line"] == 2 for error in errors)


def test_fileset_lists_nothing_of_gits(tree: Path) -> None:
    write(tree, {"main.tf": 'output "all" {\n  value = fileset(".", "**")\n}\n', "a/b.txt": ""})
    shown = run("values", ".", cwd=tree)
    assert 'output.all = toset(["a/b.txt", "main.tf"])' in shown.out


def test_one_tree_reads_nothing_of_another_that_is_scanned_with_it(tree: Path) -> None:
    write(tree.parent, {"other/.git/HEAD": "", "other/secret": SECRET, "other/a.tf": PLAIN_VOLUME})
    write(tree, {"main.tf": PRINTING % 'file("../other/secret")'})
    ended = run(".", "../other", "--format", "json", cwd=tree)
    assert ("DATA001", "../other/a.tf", 4) in ended.found
    assert [error["message"] for error in ended.errors] == [
        "file(): ../other/secret: it lies outside the boundary ."
    ]
    assert SECRET not in ended.out


def test_configuration_may_be_a_link_to_a_file_of_any_name(tree: Path) -> None:
    """Terraform reads it: neither a file before it hides it, nor one in another folder."""
    write(tree, {"m/a.txt": OPEN_SSH, "shared/main.tf": PLAIN_VOLUME, "n/other.txt": ""})
    (tree / "m" / "z.tf").symlink_to("a.txt")
    (tree / "n" / "main.tf").symlink_to("../shared/main.tf")
    for arguments in ((".",), ("m/a.txt", "m/z.tf", "n"), ("n", "shared", "m/z.tf")):
        ended = run(*arguments, "--format", "json", "--allow-empty", cwd=tree)
        assert ("SG001", "m/z.tf", 8) in ended.found
        assert ("DATA001", "n/main.tf", 4) in ended.found


OPTIONS = [
    (("scan", ".", "--config"), ".yaml"),
    (("scan", ".", "--policy-config"), ".yaml"),
    (("config", "show", ".", "--config"), ".yaml"),
    (("scan", ".", "--baseline"), ".json"),
    (("baseline", "show"), ".json"),
]


@pytest.mark.parametrize(("command", "ending"), OPTIONS)
def test_a_file_that_an_option_names_is_led_out_by_no_link(
    tree: Path, command: tuple[str, ...], ending: str
) -> None:
    """What stands in a work tree others have made; what stands elsewhere is the user's."""
    outside = tree.parent / f"own{ending}"
    outside.write_text('{"version": 1, "entries": [], "secret": 1}')
    for target in (outside, Path("/dev/zero")):
        link = tree / f"link{ending}"
        link.unlink(missing_ok=True)
        link.symlink_to(target)
        ended = run(*command, link.name, cwd=tree)
        told = ended.out + ended.err
        assert ended.status in (2, 3)
        assert "a link leads it out of its work tree" in told
        assert "secret" not in told
    assert "leads it out" not in run(*command, str(outside), cwd=tree).err


@pytest.mark.parametrize("name", [".iac-ec2lint.yaml", "pyproject.toml"])
def test_a_configuration_that_is_found_is_led_out_by_no_link(tree: Path, name: str) -> None:
    outside = tree.parent / "outside"
    outside.write_text("secret: 1\n" if "yaml" in name else "[tool.iac-ec2lint]\nsecret = 1\n")
    (tree / name).symlink_to(outside)
    ended = run(".", cwd=tree)
    told = ended.out + ended.err
    assert "secret" not in told
    assert f"skipped: {name} (the link leads out of the boundary" in told
    assert ("a link leads it out of its work tree" in told) is ("yaml" in name)


def test_what_an_option_names_may_be_a_pipe_and_has_an_end() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"bogus: 1\n")
    os.close(writer)
    assert b"bogus" in read_named(Path(f"/dev/fd/{reader}"), 100)
    os.close(reader)
    with pytest.raises(OSError, match="more than 100 bytes"):
        read_named(Path("/dev/zero"), 100)
