"""Reads expressions: "HCL Native Syntax Specification", "Expressions"."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.lexer import (
    END,
    HEREDOC,
    IDENTIFIER,
    NUMBER,
    QUOTE,
    SPACE,
    STRING,
    SyntaxProblem,
)
from iac_ec2lint.hcl.operands import OperandReader
from iac_ec2lint.source.regular_expression import regular_expression

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.hcl.tree import BinaryOperator, Expression

PRECEDENCE: Final = {
    "||": 1,
    "&&": 2,
    "==": 3,
    "!=": 3,
    "<": 4,
    "<=": 4,
    ">": 4,
    ">=": 4,
    "+": 5,
    "-": 5,
    "*": 6,
    "/": 6,
    "%": 6,
}

_OPERANDS: Final[dict[str, Callable[[OperandReader], Expression]]] = {
    IDENTIFIER: OperandReader.name,
    STRING: OperandReader.string,
    # These two come from the class that knows templates.
    QUOTE: lambda reader: reader.quoted(),
    HEREDOC: lambda reader: reader.heredoc(),
    NUMBER: OperandReader.number,
    "(": OperandReader.parentheses,
    "[": OperandReader.tuple_expression,
    "{": OperandReader.object_expression,
}
_FOR: Final = regular_expression(rf"{SPACE}for(?![\w-])", re.VERBOSE | re.DOTALL)


class ExpressionReader(OperandReader):
    """Reads an expression from the current token on; afterwards the token after it is current."""

    __slots__ = ()

    def expression(self) -> Expression:
        """An expression of any kind.

        The arm after ``:`` in a conditional may be another conditional, and so on.
        """
        node = self.term()
        if self.kind in PRECEDENCE:
            node = self.operations(node)
        if self.kind != "?":
            return node
        arms: list[tuple[Expression, Expression]] = []
        height = self.height
        while self.kind == "?":
            self.deepen()
            self.advance()
            then = self.expression()
            height = max(height, self.height)
            if self.kind != ":":
                at = self.start if self.kind != END else then.end
                raise SyntaxProblem(at, self.expected("':' and the other value of the conditional"))
            self.level -= 1
            self.advance()
            arms.append((node, then))
            node = self.term()
            if self.kind in PRECEDENCE:
                node = self.operations(node)
            height = max(height, self.height)
        self.height = height + len(arms)
        self.check_height(arms[0][0].start)
        for condition, then in reversed(arms):
            node = tree.Conditional(self.source, condition.start, node.end, condition, then, node)
        return node

    def operations(self, first: Expression) -> Expression:
        """The binary operations that begin with ``first``: all operators are left-associative."""
        operands = [(first, self.height)]
        operators: list[tuple[int, BinaryOperator]] = []
        source = self.source
        while True:
            precedence = PRECEDENCE.get(self.kind, 0)
            while operators and operators[-1][0] >= precedence:
                right, right_height = operands.pop()
                left, left_height = operands.pop()
                node = tree.BinaryOperation(
                    source, left.start, right.end, operators.pop()[1], left, right
                )
                operands.append((node, max(left_height, right_height) + 1))
            if not precedence:
                break
            operators.append((precedence, cast("BinaryOperator", self.kind)))
            self.advance()
            right = self.term()
            operands.append((right, self.height))
        node_, self.height = operands[0]
        self.check_height(first.start)
        return node_

    def term(self) -> Expression:
        """An operand with its prefixes and suffixes: ``-``, ``!``, traversals, splats."""
        signs: list[tuple[int, str]] = []
        while self.kind in ("-", "!"):
            signs.append((self.start, self.kind))
            self.advance()
        kind = self.kind
        read = _OPERANDS.get(kind)
        if read is None:
            raise SyntaxProblem(self.start, self.expected("an expression"))
        if (kind == "[" or kind == "{") and _FOR.match(self.text, self.stop, self.end):
            read = OperandReader.for_expression
        node = read(self)
        if self.kind == "." or self.kind == "[":
            node = self.traversal(node)
        if signs:
            self.height += len(signs)
            self.check_height(signs[0][0])
            for start, sign in reversed(signs):
                node = tree.UnaryOperation(
                    self.source,
                    start,
                    node.end,
                    "-" if sign == "-" else "!",
                    node,
                )
        return node

    def traversal(self, node: Expression) -> Expression:
        """The traversal after an operand; the current token is ``.`` or ``[``."""
        splats: list[Expression] = []
        height = self.height
        while True:
            height += 1
            if self.kind == ".":
                self.advance()
                if self.kind == "*":
                    self.advance()
                    node, more = self.attribute_splat(node)
                    height += more
                else:
                    node = self.step(node)
            elif self.kind == "[":
                opener = self.start
                mode = self.open()
                if self.kind == "*":
                    self.advance()
                    if self.kind != "]":
                        self.fail_unclosed("]", "[", opener)
                    end = self.close(mode)
                    splats.append(node)
                    node = tree.SplatItem(self.source, end, end)
                else:
                    key = self.expression()
                    height = max(height, self.height + 1)
                    if self.kind != "]":
                        self.fail_unclosed("]", "[", opener)
                    node = tree.Index(self.source, node.start, self.close(mode), node, key)
            else:
                break
        self.height = height
        for operand in reversed(splats):
            node = tree.Splat(self.source, operand.start, node.end, operand, node, True)
        self.check_height(node.start)
        return node

    def attribute_splat(self, operand: Expression) -> tuple[Expression, int]:
        """``operand.*`` with the attributes that follow; the current token is after the star."""
        each: Expression = tree.SplatItem(self.source, self.before, self.before)
        steps = 1
        while self.kind == ".":
            self.advance()
            if self.kind == "*":
                raise SyntaxProblem(self.start, "a splat '.*' cannot be inside another; use '[*]'")
            each = self.step(each)
            steps += 1
        node = tree.Splat(self.source, operand.start, each.end, operand, each, False)
        return node, steps

    def step(self, node: Expression) -> Expression:
        """``.name`` or the legacy ``.0``; the current token is after the dot."""
        start = self.start
        if self.kind == IDENTIFIER:
            name = self.text[start : self.stop]
            self.advance()
            return tree.GetAttribute(self.source, node.start, self.before, node, name)
        if self.kind == NUMBER:
            text = self.text[start : self.stop]
            if "." in text:
                better = "".join(f"[{part}]" for part in text.split("."))
                raise SyntaxProblem(
                    start, f"indexes cannot follow one another as '.{text}'; write '{better}'"
                )
            key = self.number()
            return tree.Index(self.source, node.start, self.before, node, key)
        raise SyntaxProblem(start, self.expected("an attribute's name after '.'"))
