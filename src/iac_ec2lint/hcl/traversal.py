"""Builds a traversal step by step, for parsers that give its steps one after another."""

from __future__ import annotations

from sys import intern
from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree

if TYPE_CHECKING:
    from iac_ec2lint.hcl.tree import Expression
    from iac_ec2lint.source.span import SourceText


class Traversal:
    """The steps applied to ``operand``; ``result`` is the expression.

    ``.*`` applies to the attributes and legacy indexes that follow, ``[*]`` to all steps that
    follow ("HCL Native Syntax Specification", "Splat Operators").
    """

    __slots__ = ("_attribute_splat", "_full_splats", "_source", "node")

    def __init__(self, source: SourceText, operand: Expression) -> None:
        self._source = source
        self.node = operand
        self._attribute_splat: Expression | None = None
        self._full_splats: list[Expression] = []

    def attribute(self, name: str, end: int) -> None:
        """``.name``, which ends at ``end``."""
        self.node = tree.GetAttribute(self._source, self.node.start, end, self.node, intern(name))

    def legacy_index(self, digits: str, end: int) -> None:
        """``.0``, which ends at ``end``."""
        key = tree.Literal(self._source, end - len(digits), end, int(digits))
        self.node = tree.Index(self._source, self.node.start, end, self.node, key)

    def index(self, key: Expression, end: int) -> None:
        """``[key]``, which ends at ``end``."""
        self._end_attribute_splat()
        self.node = tree.Index(self._source, self.node.start, end, self.node, key)

    def attribute_splat(self, end: int) -> None:
        """``.*``, which ends at ``end``."""
        self._end_attribute_splat()
        self._attribute_splat = self.node
        self.node = tree.SplatItem(self._source, end, end)

    def full_splat(self, end: int) -> None:
        """``[*]``, which ends at ``end``."""
        self._end_attribute_splat()
        self._full_splats.append(self.node)
        self.node = tree.SplatItem(self._source, end, end)

    def result(self) -> Expression:
        """The expression that the steps make."""
        self._end_attribute_splat()
        while self._full_splats:
            operand = self._full_splats.pop()
            self.node = tree.Splat(
                self._source, operand.start, self.node.end, operand, self.node, True
            )
        return self.node

    def _end_attribute_splat(self) -> None:
        operand, self._attribute_splat = self._attribute_splat, None
        if operand is not None:
            self.node = tree.Splat(
                self._source, operand.start, self.node.end, operand, self.node, False
            )
