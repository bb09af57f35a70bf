"""What the text of a template file can refer to: the variables that it is given, nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.terraform.language.containers import Definition

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from iac_ec2lint.terraform.language.scope import Callee, Names, Scope
    from iac_ec2lint.values import Val


class TemplateNames:
    """The names of a template: any other than its variables is an error.

    Args:
        outer: The names where the template is called.
        place: The template's file, if it is one.
        definitions: What its variables are set to, where that is written one by one.
    """

    __slots__ = ("_outer", "_place", "address", "called", "definitions", "folder")

    def __init__(
        self,
        outer: Names,
        place: Path | None,
        definitions: Mapping[str, tuple[Val, Definition[Scope]]],
    ) -> None:
        self._outer = outer
        self.definitions = definitions
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

    def variable(self, name: str, value: Val | None) -> Definition[Scope] | None:
        """What a variable is set to that a name stands for, whose value is ``value``."""
        given, definition = self.definitions.get(name, (None, None))
        return definition if given is not None and given is value else None

    def definition(self, root: str, name: str) -> Definition[Scope] | None:
        """None: the variables of a template are values."""
        del root, name
        return None

    def function(self, name: str) -> Callee | None:
        """That of the names where the template is called."""
        return self._outer.function(name)


def variable_definition(node: tree.Expression, scope: Scope) -> Definition[Scope] | None:
    """What a variable of a template is set to, where the template is called."""
    module = scope.module
    if not isinstance(node, tree.Variable) or not isinstance(module, TemplateNames):
        return None
    return module.variable(node.name, scope.names.get(node.name))


def definitions_of(
    written: tree.Expression | None, values: Mapping[str, Val], scope: Scope
) -> dict[str, tuple[Val, Definition[Scope]]]:
    """The value and the definition of each variable that an object sets: its expression.

    Args:
        written: The expression of the variables, if it is known.
        values: Their values.
        scope: Where it is evaluated.
    """
    written = None if written is None else tree.bare(written)
    if not isinstance(written, tree.ObjectExpression):
        return {}
    found: dict[str, tuple[Val, Definition[Scope]]] = {}
    for item in written.items:
        name = item.key.span.text.strip('"')
        if name in values:
            found[name] = values[name], Definition(item.value, scope, always=True)
    return found
