"""Conditions of ``validation`` blocks, spelled as those that are read.

``anytrue([a, b])`` is ``a || b``, ``alltrue([a, b])`` is ``a && b``, and nothing but what is listed
is in ``var.x`` where ``length(setsubtract(var.x, [...])) == 0``. A list may be a local value.
Source: "Functions" of the Terraform language, ``alltrue``, ``anytrue``, ``setsubtract``, ``keys``.
"""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree

if TYPE_CHECKING:
    from collections.abc import Mapping

_DEEPEST: Final = 20
_ELEMENT: Final = "element of a set"
"""What no variable of a ``for`` is called."""
_JOINED: Final[Mapping[str, tree.BinaryOperator]] = {"alltrue": "&&", "anytrue": "||"}
_AS_THEY_ARE: Final = frozenset({"tolist", "toset", "distinct", "sort", "flatten"})
"""Functions that change nothing about which texts are in a list of texts."""


def plain(
    node: tree.Expression, local_values: Mapping[str, tree.Attribute], depth: int = 0
) -> tree.Expression:
    """A condition that holds where another does, in the spelling that is read.

    Args:
        node: The condition.
        local_values: The local values of the module.
        depth: How deep in a condition it stands.
    """
    node = tree.bare(node)
    if depth > _DEEPEST:
        return node

    def inner(one: tree.Expression) -> tree.Expression:
        return plain(one, local_values, depth + 1)

    place = (node.source, node.start, node.end)
    if isinstance(node, tree.UnaryOperation) and node.operator == "!":
        return tree.UnaryOperation(*place, "!", inner(node.operand))
    if isinstance(node, tree.Conditional):
        return tree.Conditional(
            *place, inner(node.condition), inner(node.then), inner(node.otherwise)
        )
    if isinstance(node, tree.BinaryOperation):
        if node.operator in ("&&", "||"):
            return tree.BinaryOperation(*place, node.operator, inner(node.left), inner(node.right))
        return _none_outside(node, local_values) or _has_member(node, local_values) or node
    if not isinstance(node, tree.FunctionCall) or node.expand_final:
        return node
    if node.name == "contains" and len(node.arguments) == 2:
        listed = elements_of(node.arguments[0], local_values)
        if listed is not None:
            return tree.FunctionCall(*place, "contains", (listed, node.arguments[1]), False)
    if node.name == "can" and len(node.arguments) == 1:
        return _has_key(node, tree.bare(node.arguments[0]), local_values) or node
    if node.name in _JOINED and len(node.arguments) == 1:
        return _each(node, tree.bare(node.arguments[0]), local_values, depth)
    return node


def _each(
    call: tree.FunctionCall,
    listed: tree.Expression,
    local_values: Mapping[str, tree.Attribute],
    depth: int,
) -> tree.Expression:
    """``alltrue`` or ``anytrue`` of conditions that are written, or of one of each element."""
    place = (call.source, call.start, call.end)
    operator = _JOINED[call.name]
    if isinstance(listed, tree.TupleExpression) and listed.elements:
        held = (plain(one, local_values, depth + 1) for one in listed.elements)
        return reduce(lambda one, other: tree.BinaryOperation(*place, operator, one, other), held)
    if not isinstance(listed, tree.ForExpression):
        return call
    loop = tree.ForExpression(
        *(listed.source, listed.start, listed.end),
        listed.key,
        listed.variable,
        listed.collection,
        listed.key_result,
        plain(listed.value_result, local_values, depth + 1),
        listed.condition,
        listed.group,
    )
    return tree.FunctionCall(*place, call.name, (loop,), False)


def _none_outside(
    node: tree.BinaryOperation, local_values: Mapping[str, tree.Attribute]
) -> tree.Expression | None:
    """``length(setsubtract(var.x, [...])) == 0``: each element is one of these."""
    left, right = tree.bare(node.left), tree.bare(node.right)
    if node.operator != "==" or not isinstance(right, tree.Literal) or right.value != 0:
        return None
    if not isinstance(left, tree.FunctionCall) or left.name != "length":
        return None
    call = tree.bare(left.arguments[0]) if len(left.arguments) == 1 else None
    if not isinstance(call, tree.FunctionCall) or call.name != "setsubtract":
        return None
    if call.expand_final or len(call.arguments) != 2:
        return None
    collection, rest = call.arguments
    listed = elements_of(rest, local_values)
    if listed is None:
        return None
    place = (node.source, node.start, node.end)
    element = tree.Variable(*place, _ELEMENT)
    held = tree.FunctionCall(*place, "contains", (listed, element), False)
    within = _as_written(collection)
    loop = tree.ForExpression(*place, None, _ELEMENT, within, None, held, None, False)
    return tree.FunctionCall(*place, "alltrue", (loop,), False)


def _has_member(
    node: tree.BinaryOperation, local_values: Mapping[str, tree.Attribute]
) -> tree.Expression | None:
    """``lookup(local.map, var.x, null) != null``: it is one of the map's keys."""
    left, right = tree.bare(node.left), tree.bare(node.right)
    if node.operator != "!=" or not isinstance(right, tree.Literal) or right.value is not None:
        return None
    if not isinstance(left, tree.FunctionCall) or left.name != "lookup" or left.expand_final:
        return None
    if len(left.arguments) != 3:
        return None
    mapping, key, default = left.arguments
    default = tree.bare(default)
    if not isinstance(default, tree.Literal) or default.value is not None:
        return None
    return _is_key(node, mapping, key, local_values)


def _has_key(
    call: tree.FunctionCall, read: tree.Expression, local_values: Mapping[str, tree.Attribute]
) -> tree.Expression | None:
    """``can(local.map[var.x])``: it is one of the map's keys."""
    if not isinstance(read, tree.Index):
        return None
    return _is_key(call, read.operand, read.key, local_values)


def _is_key(
    node: tree.Expression,
    mapping: tree.Expression,
    key: tree.Expression,
    local_values: Mapping[str, tree.Attribute],
) -> tree.Expression | None:
    place = (node.source, node.start, node.end)
    listed = elements_of(tree.FunctionCall(*place, "keys", (mapping,), False), local_values)
    return None if listed is None else tree.FunctionCall(*place, "contains", (listed, key), False)


def _as_written(node: tree.Expression) -> tree.Expression:
    """A list of which another has the same elements, in whichever order and how often."""
    node = tree.bare(node)
    while isinstance(node, tree.FunctionCall) and node.name in _AS_THEY_ARE:
        if node.expand_final or len(node.arguments) != 1:
            return node
        node = tree.bare(node.arguments[0])
    return node


def elements_of(
    node: tree.Expression, local_values: Mapping[str, tree.Attribute]
) -> tree.TupleExpression | None:
    """The list that is written for an expression, also as a local value, or as a map's keys.

    Args:
        node: The expression.
        local_values: The local values of the module.
    """
    for _ in range(_DEEPEST):
        node = _as_written(node)
        if isinstance(node, tree.TupleExpression):
            return node
        if isinstance(node, tree.FunctionCall) and node.name == "keys" and len(node.arguments) == 1:
            written = _written(node.arguments[0], local_values)
            if not isinstance(written, tree.ObjectExpression):
                return None
            keys = tuple(item.key for item in written.items)
            return tree.TupleExpression(node.source, node.start, node.end, keys)
        found = _written(node, local_values)
        if found is node:
            return None
        node = found
    return None


def _written(node: tree.Expression, local_values: Mapping[str, tree.Attribute]) -> tree.Expression:
    """What is written for an expression that is a local value; else itself."""
    node = tree.bare(node)
    if not isinstance(node, tree.GetAttribute):
        return node
    root = tree.bare(node.operand)
    if not isinstance(root, tree.Variable) or root.name != "local":
        return node
    attribute = local_values.get(node.name)
    return node if attribute is None else tree.bare(attribute.expression)
