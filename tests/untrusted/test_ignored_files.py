"""Functions read no file that git ignores and does not track; what is deployed is read anyway."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, PLAIN_VOLUME_TEMPLATE, run, write

SECRET = "hunter2-of-the-job"  # noqa: S105 - made up

FUNCTIONS = {
    "file": 'file("%s")',
    "filebase64": 'filebase64("%s")',
    "templatefile": 'templatefile("%s", {})',
    "filesha256": 'filesha256("%s")',
    "filemd5": 'filemd5("%s")',
    "filebase64sha512": 'filebase64sha512("%s")',
    "in a template": 'templatefile("outer.tpl", {})',
    "through a link": 'file("link")',
}

PORT = """\
resource "aws_security_group" "quoting" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [%s]
  }
}
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree, nothing of which is tracked."""
    write(
        tmp_path,
        {
            ".git/HEAD": "",
            ".gitignore": ".env\n",
            ".env": SECRET,
            "outer.tpl": '${file(".env")}',
            "plain": "0.0.0.0/0",
        },
    )
    (tmp_path / "link").symlink_to(".env")
    return tmp_path


@pytest.mark.parametrize("function", FUNCTIONS)
def test_what_is_ignored_is_unknown(tree: Path, function: str) -> None:
    expression = FUNCTIONS[function].replace("%s", ".env")
    write(tree, {"main.tf": PORT % expression + f'output "a" {{\n  value = {expression}\n}}\n'})
    shown = run("values", ".", cwd=tree).out
    assert "output.a = unknown: .env is not in version control: git ignores it" in shown or (
        function == "through a link"
        and "output.a = unknown: link is not in version control: git ignores it" in shown
    )
    assert SECRET not in shown
    ended = run(".", "--format", "json", cwd=tree)
    assert ended.status == 0
    [missing] = {
        reason for f in ended.report["findings"] if f["check"] == "SG001" for reason in f["missing"]
    }
    assert "is not in version control" in missing
    assert "--read-ignored" in missing
    lifted = run("values", ".", "--read-ignored", cwd=tree).out
    assert "unknown" not in lifted


def test_what_is_not_ignored_is_read(tree: Path) -> None:
    write(tree, {"main.tf": PORT % 'file("plain")'})
    assert ("SG001", "main.tf", 6) in run(".", "--format", "json", cwd=tree).found


def test_what_is_deployed_is_read_whatever_git_ignores(tree: Path) -> None:
    plan = {"format_version": "1.2", "planned_values": {"root_module": {"resources": []}}}
    write(
        tree,
        {
            ".gitignore": "*\n",
            "main.tf": 'variable "on" {}\nmodule "m" {\n  source = "./m"\n  on = var.on\n}\n',
            "terraform.tfvars": "on = false\n",
            "m/main.tf": 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on"),
            "stack.yaml": "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n"
            "    Properties: {TemplateURL: nested.yaml}\n",
            "nested.yaml": PLAIN_VOLUME_TEMPLATE,
            "open/main.tf": OPEN_SSH,
            "plan.json": json.dumps(plan),
        },
    )
    ended = run(".", "--format", "json", cwd=tree)
    found = {(check, path) for check, path, _ in ended.found}
    assert {("DATA001", "terraform.tfvars"), ("DATA001", "nested.yaml")} <= found
    assert ("SG001", "open/main.tf") in found
    assert ended.report["summary"]["units"] == 4
    assert ended.errors == []


@pytest.mark.parametrize(
    "link", ["x.auto.tfvars", "terraform.tfvars", "x.tf", "x.auto.tfvars.json", "stack.yaml"]
)
def test_no_link_makes_it_a_file_of_another_kind(tree: Path, link: str) -> None:
    said = f'TOKEN = "{SECRET}"\n'
    form = json.dumps({"TOKEN": SECRET}) if link.endswith(".json") else said
    stack = "Resources:\n  N:\n    Type: AWS::CloudFormation::Stack\n"
    write(
        tree,
        {
            ".env": form,
            "main.tf": 'variable "TOKEN" {}\n' + PORT % "var.TOKEN",
            "outer.yaml": f"{stack}    Properties: {{TemplateURL: stack.yaml}}\n",
        },
    )
    (tree / link).symlink_to(".env")
    ended = run(".", "--format", "json", "--show-undecided", cwd=tree)
    assert ended.status == 3
    assert SECRET not in ended.out + run("values", ".", cwd=tree).out
    problems = [(error["path"], error["message"]) for error in ended.errors]
    words = "it is a link to what is not in version control: git ignores it"
    assert any(path in {link, "outer.yaml"} and words in why for path, why in problems), problems


def test_links_between_files_of_one_kind_are_followed(tree: Path) -> None:
    write(tree, {".gitignore": "secret.*\nmine.*\n", "secret.tfvars": 'a = "0.0.0.0/0"\n'})
    write(tree, {"main.tf": 'variable "a" {}\n' + PORT % "var.a", "mine.txt": ""})
    (tree / "x.auto.tfvars").symlink_to("secret.tfvars")
    ended = run(".", "--format", "json", cwd=tree)
    assert ended.errors == []
    assert "SG001" in {check for check, _, _ in ended.found}


def test_links_that_git_ignores_as_well_are_the_users_own(tree: Path) -> None:
    write(tree, {".gitignore": ".env\n*.auto.tfvars\n", ".env": 'a = "0.0.0.0/0"\n'})
    write(tree, {"main.tf": 'variable "a" {}\n' + PORT % "var.a"})
    (tree / "x.auto.tfvars").symlink_to(".env")
    ended = run(".", "--format", "json", cwd=tree)
    assert ended.errors == []
    assert "SG001" in {check for check, _, _ in ended.found}
