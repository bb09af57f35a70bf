"""A unit to evaluate, and what an input of it is tried with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.module_files import Reading


class Condition(NamedTuple):
    """What an input has in place of its default.

    Attributes:
        words: The input and its value.
        span: Where its default is written.
    """

    words: str
    span: Span


class Job(NamedTuple):
    """A unit to evaluate.

    Attributes:
        kind: What it is.
        path: A root module's folder, a template's file or a plan's.
        is_root: Whether nothing else in the scan calls or nests it. Modules that only call one
            another in a circle are units too.
        reading: Whose reading of a root module, where its folders hold ``.tofu`` and ``.tf`` files.
        environments: The files of values of a root module's environments, or of parameters of a
            stack's; see ``environment_files``.
        left_out: Those beyond the most that one unit is judged with.
        is_all: Whether nothing else deploys it: all of them are configurations of Terragrunt.
    """

    kind: UnitKind
    path: Path
    is_root: bool = True
    reading: Reading = "opentofu"
    environments: tuple[tuple[Path, Span], ...] = ()
    left_out: tuple[tuple[Path, Span], ...] = ()
    is_all: bool = False
