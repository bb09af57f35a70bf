"""What the text of a template file can refer to: the variables that it is given, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.terraform.functions.registry import Function
    from iac_ec2lint.terraform.language.scope import Definition, Names, Scope
    from iac_ec2lint.values import Val


class TemplateNames:
    """The names of a template: any other than its variables is an error.

    Args:
        outer: The names where the template is called.
        place: The template's file, if it is one.
    """

    __slots__ = ("_outer", "_place", "address", "called", "folder")

    def __init__(self, outer: Names, place: Path | None) -> None:
        self._outer = outer
        self._place = place
        self.folder = outer.folder
        self.address = f"template {id(self)}"  # each rendering has values of its own
        self.called = outer.called

    def is_nested(self, place: Path) -> bool:
        """Whether a template is being rendered already."""
        del place
        return isinstance(self._outer, TemplateNames)

    def resolve(self, root: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """An error: the root name is none of the variables."""
        del name
        return scope.error(node.span, f'the template is given no variable "{root}"')

    def resolve_data(self, kind: str, name: str, node: tree.GetAttribute, scope: Scope) -> Val:
        """An error, as ``resolve``."""
        del kind, name
        return scope.error(node.span, 'the template is given no variable "data"')

    def resolve_root(self, node: tree.Variable, scope: Scope) -> Val:
        """An error, as ``resolve``."""
        return scope.error(node.span, f'the template is given no variable "{node.name}"')

    def definition(self, root: str, name: str) -> Definition | None:
        """None: the variables of a template are values."""
        del root, name
        return None

    def function(self, name: str) -> Function | None:
        """That of the names where the template is called."""
        return self._outer.function(name)
