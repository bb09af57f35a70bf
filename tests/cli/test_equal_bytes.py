"""Equal input gives equal bytes: whatever the hash seed, the order of paths, the workers."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    environment,
    run,
    run_process,
    write,
)

pytestmark = pytest.mark.slow

FORMATS = (
    "text",
    "json",
    "sarif",
    "github",
    "gitlab",
    "junit",
    "rdjson",
    "azure",
    "csv",
    "markdown",
)

_MODULE = """\
variable "source_range" {
  type = set(string)
}

variable "undecided" {}

resource "aws_security_group" "this" {
  description = "of a module"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = var.source_range
  }
}

resource "aws_ebs_volume" "this" {
  for_each          = toset(["c", "a", "b"])
  availability_zone = "eu-west-1a"
  encrypted         = var.undecided
}
"""

_CALL = """\
module "net" {
  for_each     = toset(["z", "y", "x"])
  source       = "../../modules/net"
  source_range = ["0.0.0.0/0", "::/0", "198.51.100.0/24"]
  undecided    = %s
}
"""


def _files() -> dict[str, str | bytes]:
    files: dict[str, str | bytes] = {
        "modules/net/main.tf": _MODULE,
        "modules/net/broken.tf": "locals {\n  a = [\n",
        "envs/prod/main.tf": _CALL % "false",
        "envs/test/main.tf": 'variable "on" {}\n' + _CALL % "var.on",
    }
    for name in "dcba":
        files[f"single/{name}/main.tf"] = OPEN_SSH + PLAIN_VOLUME
        files[f"stacks/{name}.yaml"] = PLAIN_VOLUME_TEMPLATE
    return files


def _outputs(folder: Path) -> list[str]:
    return [word for form in FORMATS for word in ("--output", f"{form}={folder / form}")]


def _written(folder: Path) -> dict[str, bytes]:
    return {form: (folder / form).read_bytes() for form in FORMATS}


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("reference")
    infra = write(folder / "infra", _files())
    ended = run(".", *_outputs(folder), "--jobs", "1", cwd=infra)
    assert ended.status == 3
    written = _written(folder)
    assert written["json"].count(b'"SG001"') >= 5
    return written


@pytest.mark.parametrize(
    ("seed", "jobs"), [("0", "1"), ("1", "2"), ("12345", "2"), ("random", "3")], ids=str
)
def test_hash_seeds_and_workers(
    tmp_path: Path, reference: dict[str, bytes], seed: str, jobs: str
) -> None:
    infra = write(tmp_path / "infra", _files())
    env = environment({"PYTHONHASHSEED": seed})
    ended = run_process(".", *_outputs(tmp_path), "--jobs", jobs, cwd=infra, env=env)
    assert ended.status == 3
    assert _written(tmp_path) == reference


def test_the_order_in_which_files_lie_on_the_disk(
    tmp_path: Path, reference: dict[str, bytes]
) -> None:
    backwards = dict(sorted(_files().items(), reverse=True))
    infra = write(tmp_path / "infra", backwards)
    run(".", *_outputs(tmp_path), cwd=infra)
    assert _written(tmp_path) == reference


def test_the_order_in_which_paths_are_given(tmp_path: Path, reference: dict[str, bytes]) -> None:
    infra = write(tmp_path / "infra", _files())
    paths = ["stacks", "single/d", "single", "modules", "envs/test", "envs"]
    run(*paths, *_outputs(tmp_path), cwd=infra)
    assert _written(tmp_path) == reference


def test_paths_given_twice_or_in_other_words(tmp_path: Path, reference: dict[str, bytes]) -> None:
    infra = write(tmp_path / "infra", _files())
    run(".", "envs/../envs", str(infra), f".{os.sep}single", *_outputs(tmp_path), cwd=infra)
    assert _written(tmp_path) == reference
