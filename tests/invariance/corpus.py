"""The corpus: every case of the fixtures, and the examples.

The sweeps over it are long, so each run takes a share, and another one at each commit: a tenth of
the cases, each with its own check, and a seventh of those with all checks. The number
``EC2LINT_ROTATION`` says which, and repeats a run; where it is ``all``, a run takes everything.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path
from typing import NamedTuple
from zlib import crc32

from tests.invariance.projects import Project, scan_project

from iac_ec2lint.engine.report import Report

REPOSITORY = Path(__file__).parents[2]
FIXTURES = REPOSITORY / "tests" / "fixtures"
EXAMPLES = REPOSITORY / "examples"
_NATIVE = (".tf", ".tofu")
_TEMPLATES = (".yaml", ".yml", ".json", ".template")


class Case(NamedTuple):
    """One case: a file or a folder."""

    path: Path

    def __str__(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def project(self) -> Project:
        """Its files."""
        return _read(self.path)

    @property
    def text(self) -> str:
        """That of its one file."""
        [text] = self.project.values()
        return text

    @property
    def own_checks(self) -> tuple[str, ...]:
        """The check whose fixture it is; none for an example, which is all checks'."""
        folder = self.path.parent
        return (folder.name,) if folder.parent == FIXTURES else ()

    @property
    def checks(self) -> tuple[str, ...]:
        """The checks that it is scanned with in this run: its own, or none, which is all."""
        return () if in_turn(str(self), 7) else self.own_checks

    @property
    def report(self) -> Report:
        """What this run's checks find in it as it is."""
        return _scanned(self.path, self.checks)

    @property
    def own_report(self) -> Report:
        """What its own check finds in it."""
        return _scanned(self.path, self.own_checks)

    def scan(self, project: Project) -> Report:
        """What this run's checks find in a rewrite of it."""
        return scan_project(project, select=self.checks)

    @property
    def is_native(self) -> bool:
        """Whether all its configuration is in HCL's native syntax."""
        names = list(self.project)
        return any(name.endswith(_NATIVE) for name in names) and not any(
            name.endswith((".tf.json", ".tofu.json", ".tfvars.json")) for name in names
        )

    @property
    def is_template(self) -> bool:
        """Whether it is one CloudFormation template."""
        names = list(self.project)
        return (
            len(names) == 1
            and names[0].endswith(_TEMPLATES)
            and not names[0].endswith((".tf.json", ".tofu.json", ".tfvars.json"))
        )


def in_turn(name: str, share: int) -> bool:
    """Whether this run takes something, where each run takes one in ``share``.

    Shares that are taken of one another have no common factor, so that all comes to its turn.
    """
    rotation = os.environ["EC2LINT_ROTATION"]
    return rotation == "all" or crc32(name.encode()) % share == int(rotation) % share


def cases() -> list[Case]:
    """All cases, by path."""
    folders = [folder for folder in sorted(FIXTURES.iterdir()) if folder.is_dir()]
    entries = [entry for folder in folders for entry in sorted(folder.iterdir())]
    examples = [EXAMPLES / "three-tier", *sorted((EXAMPLES / "cloudformation").iterdir())]
    return [Case(path) for path in (*entries, *examples) if not path.name.endswith(".expected")]


def cases_in_turn() -> list[Case]:
    """The cases of this run."""
    return [case for case in cases() if in_turn(str(case), 10)]


def native_cases() -> list[Case]:
    """The Terraform cases in native syntax of this run."""
    return [case for case in cases_in_turn() if case.is_native]


def template_cases() -> list[Case]:
    """The CloudFormation cases of this run."""
    return [case for case in cases_in_turn() if case.is_template]


@cache
def _read(path: Path) -> Project:
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    top = path.parent if path.is_file() else path
    return {
        file.relative_to(top).as_posix(): file.read_text("utf-8")
        for file in files
        if file.is_file() and not file.name.endswith(".expected")
    }


@cache
def _scanned(path: Path, checks: tuple[str, ...]) -> Report:
    return scan_project(_read(path), select=checks)
