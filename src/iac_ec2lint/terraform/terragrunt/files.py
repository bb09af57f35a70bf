"""Reading Terragrunt's configurations: their files, and the places that they name."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.files import place_named
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.places import inside

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.hcl.json_syntax import BlockTypes
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.files import Files
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.terragrunt.configuration import Configuration
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

Dependency: TypeAlias = "Callable[[Configuration, str, Span], Val | None]"
"""See ``ConfigurationFiles``."""


def _unknown(_config: Configuration, _name: str, _span: Span) -> Val | None:
    return None


class ConfigurationFiles:
    """What the configurations of one evaluation share.

    Args:
        files: The files that may be read.
        budget: What evaluating them may take.
        parsed: What files have been parsed to, of this evaluation or others.
        dependency: The value of a dependency of a configuration; ``None`` where it is not known.

    Attributes:
        files: See above.
        budget: See above.
        dependency: See above.
        read: The files of configurations that have been read.
    """

    __slots__ = ("_parsed", "budget", "dependency", "files", "read")

    def __init__(
        self,
        files: Files,
        budget: Budget,
        parsed: dict[Path, tree.File | None],
        dependency: Dependency = _unknown,
    ) -> None:
        self.files = files
        self.budget = budget
        self.dependency = dependency
        self.read: set[Path] = set()
        self._parsed = parsed

    def file(self, path: Path) -> tree.File | None:
        """What a file says; ``None`` where it cannot be read, or not all of it."""
        self.read.add(path)
        if path not in self._parsed:
            self._parsed[path] = self._parse(path)
        return self._parsed[path]

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

    def place(self, config: Configuration, expression: tree.Expression) -> Path | None:
        """The file or folder that an expression names; ``None`` where that is not known."""
        value = config.scope.evaluate(expression)
        if value.text is None:
            return inside(value, config.boundary)
        return place_named(config.folder, value.text)
