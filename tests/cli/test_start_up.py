"""What is imported when: start-up is part of the product, since it runs in a hook."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from tests.cli.program import (
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    REPOSITORY,
    environment,
    run_process,
    write,
)

pytestmark = pytest.mark.slow

HEAVY = frozenset({"networkx", "yaml", "jsonschema", "hcl2", "lark"})
_LISTING = """
import sys
from iac_ec2lint.cli.main import main
sys.argv[0] = "iac-ec2lint"
try:
    main()
except SystemExit as ended:
    status = ended.code
print("\\n" + " ".join([str(status), *sys.modules]))
"""


def modules_of(cwd: Path, *arguments: str) -> set[str]:
    """The modules that a command imports."""
    ended = run_process(*arguments, cwd=cwd, python=("-c", _LISTING))
    assert ended.err == ""
    status, *modules = ended.out.splitlines()[-1].split()
    assert status in {"0", "1"}
    return set(modules)


def imported(cwd: Path, *arguments: str) -> set[str]:
    """The packages outside the standard library that a command imports."""
    modules = modules_of(cwd, *arguments)
    packages = {name.partition(".")[0] for name in modules} - set(sys.stdlib_module_names)
    return {name for name in packages if not name.startswith(("_", "iac_ec2lint"))}


@pytest.mark.parametrize(
    "arguments",
    [
        ("--version",),
        ("--help",),
        *((name, "--help") for name in ("scan", "values", "checks", "explain")),
    ],
    ids=str,
)
def test_version_and_help_import_nothing_heavy(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    packages = imported(tmp_path, *arguments)
    assert "click" in packages
    assert not packages & HEAVY


def test_a_scan_of_terraform_imports_the_command_line_alone(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    packages = imported(tmp_path, "scan", "--format", "json", "--exit-zero", ".")
    assert packages == {"click"}


SECURITY_GROUP = """\
resource "aws_security_group" "web" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
INSTANCE = """\
resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}
"""


def own_modules(cwd: Path, file: str, text: str) -> set[str]:
    """The modules of this program, and its checks, that a scan of one file imports."""
    write(cwd, {file: text})
    modules = modules_of(cwd, "scan", "--format", "json", "--exit-zero", "--no-cache", ".")
    return {name for name in modules if name.startswith("iac_ec2lint")}


@pytest.mark.parametrize(
    ("file", "text", "most"),
    [
        ("main.tf", PLAIN_VOLUME, 325),
        ("template.yaml", PLAIN_VOLUME_TEMPLATE, 315),
        ("main.tf", SECURITY_GROUP, 455),
        ("main.tf", INSTANCE, 700),
    ],
    ids=["volume", "template", "security group", "instance"],
)
def test_a_scan_of_one_resource_imports_what_judges_it(
    tmp_path: Path, file: str, text: str, most: int
) -> None:
    """An upper bound: where more is needed, it is raised, and the reason is in the commit."""
    assert len(own_modules(tmp_path, file, text)) <= most


def room(modules: set[str], *names: str) -> set[str]:
    """Those of some modules that lie in some rooms."""
    return {one for one in modules if one.startswith(tuple(f"iac_ec2lint.{n}." for n in names))}


def test_what_a_volume_has_nothing_to_do_with_is_not_imported(tmp_path: Path) -> None:
    modules = own_modules(tmp_path, "main.tf", PLAIN_VOLUME)
    others = ("cloudformation", "terraform.plan", "terraform.terragrunt", "iam", "attack.entry")
    assert not room(modules, *others)
    assert room(modules, "notes") == {
        "iac_ec2lint.notes.certainty",
        "iac_ec2lint.notes.volume_keys",
    }
    assert "iac_ec2lint.resources.volume" in modules
    assert "iac_ec2lint.resources.load_balancer" not in modules
    families = {one.split("_")[4] for one in modules if one.startswith("iac_ec2lint_checks_")}
    assert not families & {"sg", "path", "vpce", "key", "upd"}


def test_a_template_imports_nothing_of_terraform_but_what_tells_plans(tmp_path: Path) -> None:
    modules = own_modules(tmp_path, "template.yaml", PLAIN_VOLUME_TEMPLATE)
    assert not room(modules, "hcl", "terraform.language")
    assert room(modules, "terraform") == {
        "iac_ec2lint.terraform.instance_keys",
        "iac_ec2lint.terraform.plan",
        "iac_ec2lint.terraform.plan.file",
        "iac_ec2lint.terraform.plan.unit",
    }


@pytest.mark.parametrize(
    ("script", "read"),
    [
        ("#!/bin/sh\\ndnf install -y nginx", False),
        ("#!/bin/sh\\necho root:swordfish | chpasswd", True),
    ],
)
def test_what_reads_scripts_is_imported_for_those_that_say_something_of_logins(
    tmp_path: Path, script: str, read: bool
) -> None:
    write(
        tmp_path, {"main.tf": f'resource "aws_instance" "web" {{\n  user_data = "{script}"\n}}\n'}
    )
    modules = modules_of(tmp_path, "scan", "--format", "json", "--exit-zero", ".")
    assert ("iac_ec2lint.compute.scripts.shell.reader" in modules) is read


def test_networkx_is_imported_where_something_leads_on_from_a_way_in(tmp_path: Path) -> None:
    stage = REPOSITORY / "docs" / "stages" / "public-instance.tf"
    write(tmp_path, {"main.tf": stage.read_text("utf-8")})
    assert "networkx" not in imported(tmp_path, "scan", ".", "--exit-zero")
    chain = REPOSITORY / "tests" / "fixtures" / "PATH019" / "trusts.tf"
    write(tmp_path, {"main.tf": chain.read_text("utf-8")})
    assert "networkx" in imported(tmp_path, "scan", ".", "--exit-zero")


def test_a_scan_of_cloudformation_imports_yaml_too(tmp_path: Path) -> None:
    write(tmp_path, {"template.yaml": PLAIN_VOLUME_TEMPLATE})
    packages = imported(tmp_path, "scan", "--format", "json", "--exit-zero", ".")
    assert packages - {"cython_runtime"} == {"click", "yaml"}  # PyYAML's C part has it


def test_the_other_parser_is_used_on_request_and_finds_the_same(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    default = run_process("scan", "--format", "json", ".", cwd=tmp_path)
    other = run_process(
        "scan", "--format", "json", "--hcl-parser", "python-hcl2", ".", cwd=tmp_path
    )
    assert other.report == default.report
    assert other.found


def test_nothing_is_written_to_the_folder_that_is_scanned(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    run_process(".", cwd=tmp_path, env=environment({"HOME": str(tmp_path)}))
    assert [path.name for path in tmp_path.rglob("*")] == ["main.tf"]
