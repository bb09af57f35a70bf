"""What a new user gets wrong at first is said in a line that says what to do."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import PLAIN_VOLUME, run, write

UNDECIDED = """
variable "encrypted" {}
resource "aws_ebs_volume" "one" {
  availability_zone = "eu-west-1a"
  size              = 1
  encrypted         = var.encrypted
}
"""


@pytest.mark.parametrize("arguments", [("scan", "."), ("baseline", "check", ".")])
def test_a_baseline_that_is_not_there_names_what_writes_it(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    ended = run(*arguments, "--baseline", "known.json", cwd=tmp_path)
    assert ended.status == 2
    assert "there is no baseline 'known.json'" in ended.err
    assert "`iac-ec2lint baseline write --baseline known.json PATH...`" in ended.err


@pytest.mark.parametrize("table", ["iac_ec2lint", "iac-ec2-lint", '"IAC-EC2LINT"'])
def test_a_table_of_a_project_that_is_called_otherwise_is_an_error(
    table: str, tmp_path: Path
) -> None:
    write(tmp_path, {"main.tf": PLAIN_VOLUME, "pyproject.toml": f"[tool.{table}]\nignore = []\n"})
    ended = run(".", cwd=tmp_path)
    assert ended.status == 3
    name = table.strip('"')
    assert f"pyproject.toml:1:1: error: nothing reads [tool.{name}]; write [tool." in ended.out


def test_a_table_that_is_called_right_is_read_beside_another(tmp_path: Path) -> None:
    tables = '[tool.iac-ec2lint]\nignore = ["DATA001"]\n[tool.iac_ec2lint]\n'
    write(tmp_path, {"main.tf": PLAIN_VOLUME, "pyproject.toml": tables})
    ended = run(".", "--format", "json", cwd=tmp_path)
    assert ended.errors == []
    assert "DATA001" not in {code for code, *_ in ended.found}


def test_where_answers_go_is_named_once_where_one_would_decide(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": UNDECIDED})
    assert run(".", "--select", "DATA001", cwd=tmp_path).out.count("iac-ec2lint ask") == 1
    write(tmp_path, {"main.tf": PLAIN_VOLUME})
    assert "iac-ec2lint ask" not in run(".", "--select", "DATA001", cwd=tmp_path).out


def test_modules_that_call_one_another_are_named_in_a_circle(tmp_path: Path) -> None:
    call = 'module "{0}" {{\n  source = "../{0}"\n}}\n'
    write(tmp_path, {"a/main.tf": call.format("b"), "b/main.tf": call.format("a")})
    assert (
        "is called in a circle (a > b > a), which Terraform refuses" in run(".", cwd=tmp_path).out
    )
