"""Type constraints as they are written: ``list(object({ age = optional(number) }))``.

Source: "Type Constraints" of the Terraform language; hashicorp/hcl, ``ext/typeexpr``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse_expression
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.folders.syntax import static_text
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
)
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.terraform.language.scope import Scope
    from iac_ec2lint.values import Val

_PRIMITIVES = {"string": STRING, "number": NUMBER, "bool": BOOL}
_COLLECTIONS = {"list": ListOf, "set": SetOf, "map": MapOf}
_LEGACY: dict[str, Type] = {
    "string": STRING,
    "list": ListOf(ANY),
    "map": MapOf(ANY),
    "set": SetOf(ANY),
}


class TypeProblem(Exception):  # noqa: N818 - it is caught where it becomes a Diagnostic
    """A type constraint that is none.

    Args:
        node: What is wrong in it.
        message: Why.
    """

    def __init__(self, node: tree.Node, message: str) -> None:
        super().__init__(message)
        self.node = node


def variable_type(expression: tree.Expression, scope: Scope) -> Type:
    """The type constraint of a variable: old spellings (``"string"``, ``list``) are understood.

    Raises:
        TypeProblem: It is no type constraint.
    """
    text = static_text(expression)
    if text is not None:
        if text in _LEGACY:
            return _LEGACY[text]
        # In JSON syntax a type is written as a string.
        source = SourceText(expression.source.path, text)
        expression, problems = parse_expression(source, 0, len(text))
        if problems:
            raise TypeProblem(expression, f"no type constraint: {problems[0].message}")
    if isinstance(expression, tree.Variable) and expression.name in _LEGACY:
        return _LEGACY[expression.name]
    return parse_type(expression, scope)


def parse_type(
    expression: tree.Expression, scope: Scope, *, constraint: bool = True, defaults: bool = True
) -> Type:
    """The type that an expression spells.

    Args:
        expression: The type expression.
        scope: Where defaults of optional attributes are evaluated.
        constraint: Whether ``any`` and ``optional()`` are allowed.
        defaults: Whether ``optional()`` may have a default.

    Raises:
        TypeProblem: It spells none.
    """
    return _Reading(scope, constraint=constraint, defaults=defaults).read(expression)


class _Reading:
    __slots__ = ("constraint", "defaults", "scope")

    def __init__(self, scope: Scope, *, constraint: bool, defaults: bool) -> None:
        self.scope = scope
        self.constraint = constraint
        self.defaults = defaults

    def read(self, node: tree.Expression) -> Type:
        if isinstance(node, tree.Variable):
            return self._keyword(node)
        if not isinstance(node, tree.FunctionCall):
            raise TypeProblem(node, "a type is a keyword such as string, or such as list(string)")
        name = node.name
        if name in _PRIMITIVES or name == "any":
            raise TypeProblem(node, f"{name} takes no argument")
        if name == "optional":
            raise TypeProblem(node, "only an attribute of an object can be optional")
        if name not in _COLLECTIONS and name not in ("object", "tuple"):
            raise TypeProblem(node, f"there is no type {name}")
        if len(node.arguments) != 1 or node.expand_final:
            raise TypeProblem(node, f"{name}() takes one argument")
        argument = node.arguments[0]
        if name in _COLLECTIONS:
            return _COLLECTIONS[name](self.read(argument))
        return self._object(argument) if name == "object" else self._tuple(argument)

    def _keyword(self, node: tree.Variable) -> Type:
        if node.name in _PRIMITIVES:
            return _PRIMITIVES[node.name]
        if node.name == "any":
            if self.constraint:
                return ANY
            raise TypeProblem(node, "any is no exact type")
        if node.name in _COLLECTIONS or node.name in ("object", "tuple"):
            raise TypeProblem(node, f"{node.name} needs an argument: what its elements are")
        raise TypeProblem(node, f"there is no type {node.name}")

    def _tuple(self, node: tree.Expression) -> Type:
        if not isinstance(node, tree.TupleExpression):
            raise TypeProblem(node, "tuple() takes a list of types")
        return TupleOf([self.read(element) for element in node.elements])

    def _object(self, node: tree.Expression) -> Type:
        if not isinstance(node, tree.ObjectExpression):
            raise TypeProblem(node, "object() takes an object of types")
        attributes: dict[str, Type] = {}
        optional: dict[str, Val | None] = {}
        for item in node.items:
            name = self._name(item.key)
            value = item.value
            if isinstance(value, tree.FunctionCall) and value.name == "optional":
                attributes[name], optional[name] = self._optional(value)
            else:
                attributes[name] = self.read(value)
        return ObjectOf(attributes, optional)

    def _name(self, key: tree.Expression) -> str:
        text = static_text(key)
        if text is None or key.source.text[key.start : key.start + 1] == '"':
            raise TypeProblem(key, "the name of an attribute is written without quotes")
        return text

    def _optional(self, node: tree.FunctionCall) -> tuple[Type, Val | None]:
        arguments = node.arguments
        if not self.constraint:
            raise TypeProblem(node, "optional() is for type constraints only")
        if not 1 <= len(arguments) <= (2 if self.defaults else 1) or node.expand_final:
            raise TypeProblem(node, "optional() takes a type, and a default")
        kind = self.read(arguments[0])
        if len(arguments) == 1:
            return kind, None
        default = self.scope.evaluate(arguments[1])
        if isinstance(default, Unknown) or default.is_null:
            return kind, None
        try:
            convert(default, kind)
        except Mismatch as mismatch:
            raise TypeProblem(arguments[1], f"the default does not fit: {mismatch}") from None
        return kind, default
