"""Runs the program for tests: in this process, which is fast, or as a user's shell would."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

from click.testing import CliRunner

from iac_ec2lint.cli.main import program

REPOSITORY = Path(__file__).resolve().parents[2]
PATIENCE = 120
"""Seconds after which a run counts as hung."""

OPEN_SSH = """\
resource "aws_security_group" "open" {
  description = "open"

  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
"""A root module with one finding of SG001."""

PLAIN_VOLUME = """\
resource "aws_ebs_volume" "plain" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = false
}
"""
"""A root module with one finding of DATA001, on line 4."""

SAFE_VOLUME = PLAIN_VOLUME.replace("false", "true")

PLAIN_VOLUME_TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Plain:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-1a
      Size: 10
      Encrypted: false
"""
"""A template with one finding of DATA001, on line 8."""


class Run(NamedTuple):
    """What a run came to."""

    status: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Standard output, read as JSON."""
        assert self.out, f"exit status {self.status}, and no report: {self.err}"
        report: dict[str, Any] = json.loads(self.out)
        return report

    @property
    def found(self) -> list[tuple[str, str, int]]:
        """Check, path and line of each failing finding of a JSON report."""
        return [
            (finding["check"], finding["path"], finding["line"])
            for finding in self.report["findings"]
            if finding["status"] == "fail"
        ]

    @property
    def errors(self) -> list[dict[str, Any]]:
        """The errors of a JSON report."""
        errors: list[dict[str, Any]] = self.report["errors"]
        return errors


def run(
    *arguments: str,
    cwd: Path,
    stdin: bytes | None = None,
    env: Mapping[str, str | None] | None = None,
) -> Run:
    """Run the program in this process; an exception that escapes it is raised here.

    Args:
        arguments: Its command line.
        cwd: The working directory.
        stdin: Its standard input.
        env: Environment variables to set, or to unset where they are ``None``.
    """
    with chdir(cwd):
        result = CliRunner().invoke(
            program,
            arguments,
            input=stdin,
            env=env,
            prog_name="iac-ec2lint",
            catch_exceptions=False,
        )
    return Run(result.exit_code, result.stdout, result.stderr)


def scan(*arguments: str, cwd: Path) -> Run:
    """Run ``scan --format json`` in this process."""
    return run("scan", "--format", "json", *arguments, cwd=cwd)


def without_byte_code_settings() -> dict[str, str]:
    """The environment in which byte code is written as Python and pip do of themselves."""
    settings = {"PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX"}
    return {name: value for name, value in os.environ.items() if name not in settings}


def environment(
    extra: Mapping[str, str] | None = None, *, before: Sequence[Path] = ()
) -> dict[str, str]:
    """The environment of a process that runs this repository's program.

    Args:
        extra: Variables to set.
        before: Folders that Python searches first.
    """
    places = [*map(str, before), str(REPOSITORY / "src"), os.environ.get("PYTHONPATH", "")]
    settings = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, places))}
    settings.pop("NO_COLOR", None)
    settings.update(extra or {})
    return settings


def run_process(
    *arguments: str,
    cwd: Path,
    env: Mapping[str, str] | None = None,
    python: Sequence[str] = ("-m", "iac_ec2lint"),
) -> Run:
    """Run the program in a process of its own.

    Args:
        arguments: Its command line.
        cwd: The working directory.
        env: The whole environment; that of ``environment()`` if it is not given.
        python: What the interpreter is told to run.
    """
    done = subprocess.run(
        [sys.executable, *python, *arguments],
        cwd=cwd,
        env=env if env is not None else environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=PATIENCE,
    )
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder, their folders too; returns the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
    return folder
