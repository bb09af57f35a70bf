"""Reading Terragrunt's configurations: their files, and the places that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.discovery import DEPLOYING, STACK
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.places import inside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.hcl.json_syntax import BlockTypes
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.folders.modules import ModuleFolders
    from iac_ec2lint.terraform.language.scope import Callee, Scope
    from iac_ec2lint.values import Val

_EXTRA: BlockTypes = {"extra_arguments": (1, {})}
JSON_BLOCKS: BlockTypes = {
    "dependency": (1, {}),
    "exclude": (0, {}),
    "feature": (1, {}),
    "generate": (1, {}),
    "include": (1, {}),
    "locals": (0, {}),
    "remote_state": (0, {}),
    "terraform": (0, _EXTRA),
}
"""The blocks of a configuration in JSON syntax."""

Dependency: TypeAlias = "Callable[[Any, str, Span], Val | None]"
"""See ``ConfigurationFiles``."""


class Evaluated(Protocol):
    """A configuration, as far as files are looked for from it."""

    @property
    def scope(self) -> Scope:
        """Where its expressions are evaluated."""

    @property
    def folder(self) -> Path:
        """The folder that Terragrunt runs in."""

    @property
    def boundary(self) -> Path:
        """The boundary that it lies in."""


class ConfigurationFiles:
    """What the configurations of one evaluation share.

    Args:
        modules: Has the files that may be read, what they have been parsed to, and what is
            generated.
        budget: What evaluating them may take.
        function: Finds a function of Terragrunt.
        dependency: The value of a dependency of a configuration; ``None`` where it is not known.

    Attributes:
        files: The files that may be read.
        budget: See above.
        function: See above.
        dependency: See above.
        generated: What stacks generate, by where.
        nested: The configurations that others include or read: by their files, who includes them,
            and who is run.
        read: The files of configurations that have been read.
    """

    __slots__ = (
        "_parsed",
        "budget",
        "dependency",
        "files",
        "function",
        "generated",
        "nested",
        "read",
    )

    def __init__(
        self,
        modules: ModuleFolders,
        budget: Budget,
        function: Callable[[str], Callee | None],
        dependency: Dependency,
    ) -> None:
        self.files = modules.files
        self.generated = modules.generated
        self.nested: dict[tuple[Path, object, object], Any] = {}
        self.budget = budget
        self.function = function
        self.dependency = dependency
        self.read: set[Path] = set()
        self._parsed = modules.configurations

    def file(self, path: Path) -> tree.File | None:
        """What a file says; ``None`` where it cannot be read, or not all of it."""
        path = self.copied(path)
        self.read.add(path)
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

    def copied(self, path: Path) -> Path:
        """Where a file lies that a stack would generate; the same of any other."""
        made = self.generated.get(path)
        if made is not None:
            return made.template
        if not self.generated or self.files.is_file(path):
            return path
        for name in (*DEPLOYING, STACK):
            for folder in path.parents:
                made = self.generated.get(folder / name)
                if made is not None:
                    return made.template.parent / path.relative_to(folder)
        return path

    def _parse(self, path: Path) -> tree.File | None:
        source = self.files.read(path)
        if not isinstance(source, SourceText):
            return None
        if path.suffix == ".json":
            from iac_ec2lint.hcl.json_syntax import parse_json  # rare

            file, problems = parse_json(source, JSON_BLOCKS)
        else:
            file, problems = parse(source)
        return None if problems else file

    def place(self, config: Evaluated, expression: tree.Expression) -> Path | None:
        """The file or folder that an expression names; ``None`` where that is not known."""
        value = config.scope.evaluate(expression)
        if value.text is None:
            return inside(value, config.boundary)
        return place_named(config.folder, value.text)
