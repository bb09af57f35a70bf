"""Which members of a variable the conditions of its ``validation`` blocks are about.

``var.cfg.port > 1024`` is about a member, ``alltrue([for r in var.rules : r.port > 1024])`` about
one of each element. What a condition says of one is said of it alone, whatever the others are.
Source: "Input Variables" of the Terraform language, "Custom Validation Rules".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.hcl import tree
from iac_ec2lint.values.allowed import EACH

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_DEEPEST: Final = 20
_MOST: Final = 16
"""Members of one variable that are told apart."""
_CONTRARY: Final = {"==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}

Path = tuple[str, ...]


class Demand(NamedTuple):
    """A condition, and what of a variable it is about.

    Attributes:
        at: The members that lead there; empty for the variable itself.
        condition: What must hold of it.
        subject: Tells the expressions that stand for it.
    """

    at: Path
    condition: tree.Expression
    subject: Callable[[tree.Expression], bool]


def demands(condition: tree.Expression, name: str) -> Iterator[Demand]:
    """What one ``validation`` is about: the variable, members of it, elements, members of these.

    Args:
        condition: Its condition.
        name: The variable.
    """
    root = _Root(name)
    yield Demand((), condition, root.subject(()))
    yield from _of_members(condition, root)
    for one in _conjuncts(condition):
        yield from _of_elements(one, root)


class _Root:
    """What paths begin at: a variable, or the element that a ``for`` is at.

    Args:
        name: The variable's name, or that of the element.
        at: What leads to the element.
    """

    def __init__(self, name: str, at: Path | None = None) -> None:
        self.name = name
        self.at = at

    def path(self, node: tree.Expression) -> Path | None:
        """The members that an expression reads, from here; ``None`` where it reads none of it."""
        node = tree.bare(node)
        if isinstance(node, tree.Variable):
            return () if self.at is not None and node.name == self.name else None
        step = _step(node)
        if step is None:
            return None
        inner = tree.bare(node.operand)  # type: ignore[union-attr] # it has a step
        if self.at is None and isinstance(inner, tree.Variable):
            return () if inner.name == "var" and step == self.name else None
        outer = self.path(inner)
        return None if outer is None else (*outer, step)

    def subject(self, path: Path) -> Callable[[tree.Expression], bool]:
        """Tells the expressions that read what is at a path."""
        return lambda node: self.path(node) == path


def _step(node: tree.Expression) -> str | None:
    """The name that an attribute, or an index in quotes, reads."""
    if isinstance(node, tree.GetAttribute):
        return node.name
    if not isinstance(node, tree.Index):
        return None
    key = tree.bare(node.key)
    if not isinstance(key, tree.Template):
        return None
    texts = [part.value for part in key.parts if isinstance(part, tree.Text)]
    return "".join(texts) if len(texts) == len(key.parts) == 1 else None


def _of_members(condition: tree.Expression, root: _Root) -> Iterator[Demand]:
    at = root.at or ()
    for said in _conjuncts(condition):
        one, null = _where_it_is_there(said, root)
        paths = dict.fromkeys(path for path in _paths(one, root, 0) if path)
        for path in [*paths][:_MOST]:
            there = null is None or (len(null) < len(path) and path[: len(null)] == null)
            yield Demand((*at, *path), one if there else said, root.subject(path))


def _of_elements(condition: tree.Expression, root: _Root) -> Iterator[Demand]:
    """What a condition says of each element of something, and of its members."""
    condition, null = _where_it_is_there(condition, root)
    refused = False
    if isinstance(condition, tree.UnaryOperation) and condition.operator == "!":
        refused, condition = True, tree.bare(condition.operand)
    if not isinstance(condition, tree.FunctionCall) or condition.expand_final:
        return
    arguments = condition.arguments
    if refused and condition.name == "contains" and len(arguments) == 2:
        yield from _none_is(condition, root, null or ())
    if condition.name != ("anytrue" if refused else "alltrue") or len(arguments) != 1:
        return
    loop = tree.bare(arguments[0])
    if not isinstance(loop, tree.ForExpression) or loop.variable == "var":
        return
    path = root.path(loop.collection)
    if path is None or path[: len(null or ())] != (null or ()):
        return
    if loop.condition is not None or loop.key_result is not None:
        return
    held = _contrary(loop.value_result) if refused else loop.value_result
    if held is None:
        return
    element = _Root(loop.variable, (*(root.at or ()), *path, EACH))
    yield Demand(element.at or (), held, element.subject(()))
    yield from _of_members(held, element)
    for one in _conjuncts(held):
        yield from _of_elements(one, element)


def _none_is(call: tree.FunctionCall, root: _Root, null: Path) -> Iterator[Demand]:
    """``!contains(var.list, "x")``, ``!contains(var.list[*].name, "x")``: no element is that."""
    read, value = map(tree.bare, call.arguments)
    members: list[str] = []
    if isinstance(read, tree.Splat):
        node = tree.bare(read.each)
        while isinstance(node, tree.GetAttribute):
            members.insert(0, node.name)
            node = tree.bare(node.operand)
        if not isinstance(node, tree.SplatItem):
            return
        read = tree.bare(read.operand)
    path = root.path(read)
    if path is None or path[: len(null)] != null:
        return
    told = tree.BinaryOperation(call.source, call.start, call.end, "!=", read, value)
    yield Demand((*(root.at or ()), *path, EACH, *members), told, lambda node: node is read)


def _conjuncts(node: tree.Expression, depth: int = 0) -> list[tree.Expression]:
    """What all holds where a condition does."""
    node = tree.bare(node)
    if depth > _DEEPEST:
        return []
    if isinstance(node, tree.BinaryOperation) and node.operator == "&&":
        return [*_conjuncts(node.left, depth + 1), *_conjuncts(node.right, depth + 1)]
    return [node]


def _where_it_is_there(node: tree.Expression, root: _Root) -> tuple[tree.Expression, Path | None]:
    """What a condition says where something is not null, and what that is; else the condition.

    A member of null is an error wherever it is read, and then nothing is deployed.
    """
    if isinstance(node, tree.BinaryOperation) and node.operator == "||":
        for one, other in ((node.left, node.right), (node.right, node.left)):
            null = _null(one, root)
            if null is not None:
                return tree.bare(other), null
    if isinstance(node, tree.Conditional):
        null = _null(node.condition, root)
        if null is not None:
            return tree.bare(node.otherwise), null
        contrary = _contrary(node.condition)
        null = None if contrary is None else _null(contrary, root)
        if null is not None:
            return tree.bare(node.then), null
    return node, None


def _null(node: tree.Expression, root: _Root) -> Path | None:
    """What a condition says to be null; ``None`` where it says nothing of the kind."""
    node = tree.bare(node)
    if not isinstance(node, tree.BinaryOperation) or node.operator != "==":
        return None
    for one, other in ((node.left, node.right), (node.right, node.left)):
        null = tree.bare(other)
        if isinstance(null, tree.Literal) and null.value is None:
            return root.path(one)
    return None


def _contrary(node: tree.Expression, depth: int = 0) -> tree.Expression | None:
    """A condition that holds where another does not; ``None`` where that is not said simply."""
    node = tree.bare(node)
    place = (node.source, node.start, node.end)
    if depth > _DEEPEST:
        return None
    if isinstance(node, tree.UnaryOperation):
        return tree.bare(node.operand) if node.operator == "!" else None
    if isinstance(node, tree.BinaryOperation):
        if node.operator in _CONTRARY:
            turned = _CONTRARY[node.operator]
            return tree.BinaryOperation(*place, turned, node.left, node.right)  # type: ignore[arg-type] # it is an operator
        left, right = (_contrary(side, depth + 1) for side in (node.left, node.right))
        if node.operator == "||" and left is not None and right is not None:
            return tree.BinaryOperation(*place, "&&", left, right)
        return None
    return tree.UnaryOperation(*place, "!", node)


def _paths(node: tree.Expression, root: _Root, depth: int) -> Iterator[Path]:
    """The members that a condition reads."""
    node = tree.bare(node)
    found = root.path(node)
    if found is not None:
        yield found
    if found is not None or depth > _DEEPEST:
        return
    inner: tuple[tree.Expression, ...] = ()
    if isinstance(node, tree.BinaryOperation):
        inner = (node.left, node.right)
    elif isinstance(node, tree.UnaryOperation):
        inner = (node.operand,)
    elif isinstance(node, tree.Conditional):
        inner = (node.condition, node.then, node.otherwise)
    elif isinstance(node, tree.FunctionCall):
        inner = node.arguments
    elif isinstance(node, tree.Index):
        inner = (node.operand,)
    for one in inner:
        yield from _paths(one, root, depth + 1)
