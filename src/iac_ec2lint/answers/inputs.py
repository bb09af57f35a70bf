"""What a command is given: what it reads, and what that is evaluated with."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.source.budget import STEPS
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.tree import Disk, Tree
from iac_ec2lint.values.known import NOTHING_KNOWN

if TYPE_CHECKING:
    from collections.abc import Container, Iterator

    from iac_ec2lint.declaration import UnitKind
    from iac_ec2lint.engine.suppressions.acceptance import AcceptedError
    from iac_ec2lint.hcl.parser import ParserName
    from iac_ec2lint.source.patterns import BasedPatterns
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values.known import KnownFacts
    from iac_ec2lint.values.stated import StatedInput


BranchChoice = Literal["default", "all"]
"""Which branches are judged: those that defaults of inputs choose, or the others as well."""


class UnitInputs(NamedTuple):
    """What some units are evaluated with, over what all are.

    Attributes:
        kind: ``root-module`` or ``stack``.
        paths: Which: folders of root modules, files of templates.
        variables: See ``Inputs``.
        var_files: See ``Inputs``.
        workspace: See ``Inputs``.
        parameters: See ``Inputs``.
        stated: See ``Inputs``.
    """

    kind: UnitKind
    paths: BasedPatterns
    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[Path, ...] = ()
    workspace: str | None = None
    parameters: tuple[str, ...] = ()
    stated: tuple[StatedInput, ...] = ()


class UsageError(Exception):
    """The program is used wrongly; the message names the culprit and what is accepted.

    Attributes:
        problems: What could not be loaded or read, where what was meant may be in it.
    """

    def __init__(self, message: str, problems: tuple[Diagnostic, ...] = ()) -> None:
        super().__init__(message)
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class Inputs:
    """What is read, and what it is evaluated with.

    Attributes:
        paths: Absolute paths of files and folders. A folder is read as a whole; a file selects.
        working: The folder that messages name paths from.
        exclude: Paths that are left out, in gitignore's syntax, relative to ``working``.
        boundary: The folder outside which nothing is read; found where it is not given.
        variables: Terraform input variables, as text.
        var_files: Files of Terraform input variables.
        parameters: Files of values for CloudFormation's parameters, and ``Key=Value``.
        environment: Where ``TF_VAR_*`` are taken from.
        workspace: The Terraform workspace.
        region: The AWS Region, where nothing else says it.
        hcl_parser: What reads HCL.
        stdin: A path, and the bytes that stand for its content.
        source_root: The root module that plans were made from; that beside each if not given.
        read_ignored: Whether functions read files that git ignores and does not track.
        branches: Whether what is off by a default alone is looked at too.
        allow_empty: Whether there may be nothing to scan in the files that are given by name.
        budget: The steps that may be taken.
        excluded: More paths that are left out.
        stated: What people say of inputs that the files leave open; the later counts.
        module_map: Addresses of modules, and the folders that they lie in.
        known: What people know of the organisation.
        unit_inputs: What some units are evaluated with, the later over the earlier.
        instead: Files, and the bytes that stand for their content, to try what a change comes to.
        tree: Where the files are.
        accepted_errors: Errors that do not make an answer incomplete.
        configuration_errors: What is wrong with the configuration.
    """

    paths: tuple[Path, ...]
    working: Path = field(default_factory=Path.cwd)
    exclude: tuple[str, ...] = ()
    boundary: Path | None = None
    variables: tuple[tuple[str, str], ...] = ()
    var_files: tuple[Path, ...] = ()
    parameters: tuple[str, ...] = ()
    environment: tuple[tuple[str, str], ...] = ()
    workspace: str | None = None
    region: str | None = None
    hcl_parser: ParserName = "strict"
    stdin: tuple[Path, bytes] | None = None
    source_root: Path | None = None
    read_ignored: bool = False
    branches: BranchChoice = "default"
    allow_empty: bool = False
    budget: int = STEPS
    excluded: tuple[BasedPatterns, ...] = ()
    stated: tuple[StatedInput, ...] = ()
    module_map: tuple[tuple[str, Path], ...] = ()
    known: KnownFacts = NOTHING_KNOWN
    unit_inputs: tuple[UnitInputs, ...] = ()
    instead: tuple[tuple[Path, bytes], ...] = ()
    tree: Tree = field(default_factory=Disk, compare=False)
    accepted_errors: tuple[AcceptedError, ...] = ()
    configuration_errors: tuple[Diagnostic, ...] = ()

    @property
    def every_path(self) -> tuple[Path, ...]:
        """What is read, standard input included."""
        return self.paths if self.stdin is None else (*self.paths, self.stdin[0])

    def of_unit(self, kind: UnitKind, name: str) -> list[UnitInputs]:
        """What is said of the inputs of one unit.

        Args:
            kind: What it is.
            name: Its path, as messages name it.
        """
        folder = kind == "root-module"
        each = (one for one in self.unit_inputs if one.kind == kind)
        return [one for one in each if one.paths.matches(name, folder=folder)]

    @property
    def every_stated(self) -> Iterator[StatedInput]:
        """All that the configuration says of inputs."""
        yield from self.stated
        for one in self.unit_inputs:
            yield from one.stated

    def taken_as_said(self, used: Container[tuple[str, int, int]]) -> tuple[tuple[str, Span], ...]:
        """What counts on somebody's word alone, and where that is written; see ``Summary.stated``.

        Args:
            used: The places of what counts somewhere.
        """
        inputs = ((one.pattern, one.span) for one in self.every_stated)
        facts = ((f"{what}: {one.text}", one.span) for what, one in self.known.named)
        return tuple(one for one in (*inputs, *facts) if one[1].key in used)
