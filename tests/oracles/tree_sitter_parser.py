"""The syntax tree from tree-sitter-hcl, a parser that others wrote: the measure of our own."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING, Final, cast

import tree_sitter
import tree_sitter_hcl

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.expressions import PRECEDENCE
from iac_ec2lint.hcl.operands import KEYWORDS, bare_key
from iac_ec2lint.hcl.strings import nfc, number, unescape_quoted
from iac_ec2lint.hcl.templates import read_template
from iac_ec2lint.hcl.traversal import Traversal

if TYPE_CHECKING:
    from collections.abc import Callable

    from tree_sitter import Node as CNode

    from iac_ec2lint.hcl.tree import Attribute, BinaryOperator, Block, Body, Expression
    from iac_ec2lint.source.span import SourceText

    Handler = Callable[["Lowering", CNode], Expression]

_LANGUAGE: Final = tree_sitter.Language(tree_sitter_hcl.language())


def lower_file(source: SourceText) -> Body | None:
    """The body of a file; ``None`` where the C parser finds an error in it.

    Args:
        source: A file in which the strict reader finds no error: the C grammar takes newlines for
            space, and accepts more that HCL rejects.
    """
    lowering = Lowering(source)
    root = tree_sitter.Parser(_LANGUAGE).parse(lowering.encoded).root_node
    return None if root.has_error else lowering.body(root)


class Lowering:
    """Makes nodes of the C nodes of one file."""

    __slots__ = ("encoded", "source", "text", "wide")

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.encoded = source.text.encode()
        self.wide: tuple[list[int], list[int]] | None = None
        if len(self.encoded) != len(source.text):
            self.wide = _widths(source.text)

    def at(self, offset: int) -> int:
        """The offset in code points of a byte."""
        if self.wide is not None:
            starts, surplus = self.wide
            offset -= surplus[bisect_right(starts, offset)]
        return offset

    def items(
        self,
        node: CNode,
        attributes: dict[str, Attribute],
        blocks: list[Block],
    ) -> None:
        """The attributes and blocks of a ``body``."""
        for child in node.children:
            kind = child.type
            if kind == "attribute":
                parts = [c for c in child.children if c.type != "comment"]
                start = self.at(parts[0].start_byte)
                name = self.text[start : self.at(parts[0].end_byte)]
                value = self.expression(parts[2])
                attributes[name] = tree.Attribute(self.source, start, value.end, name, value)
            elif kind == "block":
                blocks.append(self.block(child))

    def block(self, node: CNode) -> Block:
        """A ``block``."""
        start = self.at(node.start_byte)
        end = self.at(node.end_byte)
        labels: list[str] = []
        name = ""
        header_end = start
        for child in node.children:
            kind = child.type
            if kind == "block_start":
                break
            if kind == "comment":
                continue
            at = self.at(child.start_byte)
            header_end = self.at(child.end_byte)
            if not name:
                name = self.text[at:header_end]
            elif kind == "identifier":
                labels.append(self.text[at:header_end])
            else:
                labels.append(unescape_quoted(self.text[at + 1 : header_end - 1], at + 1))
        return tree.Block(self.source, start, end, name, tuple(labels), header_end, self.body(node))

    def body(self, node: CNode) -> Body:
        """The body of a ``block`` or a ``config_file``."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for child in node.children:
            if child.type == "body":
                self.items(child, attributes, blocks)
        return tree.Body(attributes, tuple(blocks))

    def expression(self, node: CNode) -> Expression:
        """An ``expression``."""
        children = node.children
        if len(children) == 1:
            only = children[0]
            return _HANDLERS[only.type](self, only)
        return self.operand([c for c in children if c.type != "comment"])

    def operand(self, parts: list[CNode]) -> Expression:
        """A term with the traversal that follows: the C grammar has them side by side."""
        first = parts[0]
        if first.type == "(":
            start, end = self.at(first.start_byte), self.at(parts[2].end_byte)
            inner = self.expression(parts[1])
            result: Expression = tree.Parentheses(self.source, start, end, inner)
            return self.traversal(result, parts[3:])
        return self.traversal(_HANDLERS[first.type](self, first), parts[1:])

    def traversal(self, node: Expression, steps: list[CNode]) -> Expression:
        """What follows an operand."""
        if not steps:
            return node
        flat: list[CNode] = []
        for step in steps:
            # The steps after a splat are inside its node.
            flat += step.children[0].children if step.type == "splat" else [step]
        traversal = Traversal(self.source, node)
        for step in flat:
            kind = step.type
            end = self.at(step.end_byte)
            if kind == "get_attr":
                at = self.at(step.children[-1].start_byte)
                traversal.attribute(self.text[at:end], end)
            elif kind == ".*":
                traversal.attribute_splat(end)
            elif kind == "[*]":
                traversal.full_splat(end)
            elif kind == "index":
                index = step.children[0]
                if index.type == "new_index":
                    key = next(c for c in index.children if c.type == "expression")
                    traversal.index(self.expression(key), end)
                else:
                    digits = self.text[self.at(index.start_byte) : end].lstrip(". \t\r\n")
                    traversal.legacy_index(digits, end)
        return traversal.result()

    def operation(self, node: CNode) -> Expression:
        """An ``operation``, with one operator or two operands."""
        inner = node.children[0]
        parts = [c for c in inner.children if c.type != "comment"]
        start = self.at(inner.start_byte)
        if inner.type == "unary_operation":
            operand = self.operand(parts[1:])
            sign = "-" if parts[0].type == "-" else "!"
            return tree.UnaryOperation(
                self.source, start, operand.end, "-" if sign == "-" else "!", operand
            )
        middle = next(i for i, part in enumerate(parts) if part.type in PRECEDENCE)
        left = self.operand(parts[:middle])
        right = self.operand(parts[middle + 1 :])
        operator = cast("BinaryOperator", parts[middle].type)
        return tree.BinaryOperation(self.source, left.start, right.end, operator, left, right)

    def conditional(self, node: CNode) -> Expression:
        """A ``conditional``: the C grammar groups a chain to the left, HCL to the right."""
        arms: list[tuple[CNode, CNode]] = []
        condition: CNode = node
        chain: list[CNode] = []
        while True:
            condition, then, otherwise = [c for c in condition.children if c.type == "expression"]
            chain += [otherwise, then]
            if condition.children[0].type != "conditional" or len(condition.children) > 1:
                break
            condition = condition.children[0]
        chain.append(condition)
        chain.reverse()
        while len(chain) > 1:
            arms.append((chain[0], chain[1]))
            del chain[:2]
        result = self.expression(chain[0])
        for tested_node, then_node in reversed(arms):
            tested = self.expression(tested_node)
            then_ = self.expression(then_node)
            result = tree.Conditional(self.source, tested.start, result.end, tested, then_, result)
        return result

    def variable(self, node: CNode) -> Expression:
        """A ``variable_expr``."""
        start, end = self.at(node.start_byte), self.at(node.end_byte)
        name = self.text[start:end]
        if name in KEYWORDS:
            return tree.Literal(self.source, start, end, KEYWORDS[name])
        return tree.Variable(self.source, start, end, name)

    def literal(self, node: CNode) -> Expression:
        """A ``literal_value``."""
        start, end = self.at(node.start_byte), self.at(node.end_byte)
        text = self.text[start:end]
        if text[0] == '"':
            value = nfc(unescape_quoted(text[1:-1], start + 1))
            parts = (tree.Text(self.source, start + 1, end - 1, value),) if value else ()
            return tree.Template(self.source, start, end, parts)
        if text in KEYWORDS:
            return tree.Literal(self.source, start, end, KEYWORDS[text])
        return tree.Literal(self.source, start, end, number(text))

    def template(self, node: CNode) -> Expression:
        """A ``template_expr``: strip markers and indentation need its text, not its C nodes."""
        return read_template(self.source, self.at(node.start_byte))

    def collection(self, node: CNode) -> Expression:
        """A ``collection_value``."""
        inner = node.children[0]
        start, end = self.at(inner.start_byte), self.at(inner.end_byte)
        if inner.type == "tuple":
            elements = [self.expression(c) for c in inner.children if c.type == "expression"]
            return tree.TupleExpression(self.source, start, end, tuple(elements))
        items = [self.item(c) for c in inner.children if c.type == "object_elem"]
        return tree.ObjectExpression(self.source, start, end, tuple(items))

    def item(self, node: CNode) -> tree.ObjectItem:
        """An ``object_elem``."""
        first, second = [c for c in node.children if c.type == "expression"]
        key = self.expression(first)
        if isinstance(key, tree.Variable) or (
            isinstance(key, tree.Literal) and isinstance(key.value, bool)
        ):
            key = bare_key(key, self.text[key.start : key.end])
        value = self.expression(second)
        return tree.ObjectItem(self.source, key.start, value.end, key, value)

    def call(self, node: CNode) -> Expression:
        """A ``function_call``."""
        start, end = self.at(node.start_byte), self.at(node.end_byte)
        arguments: list[Expression] = []
        expand = False
        children = node.children
        for child in children:
            if child.type == "function_arguments":
                for part in child.children:
                    kind = part.type
                    if kind == "expression":
                        arguments.append(self.expression(part))
                    elif kind == "ellipsis":
                        expand = True
        name = self.text[start : self.at(children[0].end_byte)]
        return tree.FunctionCall(self.source, start, end, name, tuple(arguments), expand)

    def for_expression(self, node: CNode) -> Expression:
        """A ``for_expr``."""
        inner = node.children[0]
        start, end = self.at(inner.start_byte), self.at(inner.end_byte)
        key: str | None = None
        variable = ""
        results: list[Expression] = []
        condition: Expression | None = None
        collection: Expression = tree.Broken(self.source, start, start)  # the grammar has one
        group = False
        for child in inner.children:
            kind = child.type
            if kind == "for_intro":
                names = [c for c in child.children if c.type == "identifier"]
                words = [self.text[self.at(n.start_byte) : self.at(n.end_byte)] for n in names]
                key, variable = (None, words[0]) if len(words) == 1 else (words[0], words[1])
                of = next(c for c in child.children if c.type == "expression")
                collection = self.expression(of)
            elif kind == "expression":
                results.append(self.expression(child))
            elif kind == "ellipsis":
                group = True
            elif kind == "for_cond":
                test = next(c for c in child.children if c.type == "expression")
                condition = self.expression(test)
        key_result = results[0] if len(results) == 2 else None
        return tree.ForExpression(
            self.source,
            start,
            end,
            key,
            variable,
            collection,
            key_result,
            results[-1],
            condition,
            group,
        )


_HANDLERS: Final[dict[str, Handler]] = {
    "variable_expr": Lowering.variable,
    "literal_value": Lowering.literal,
    "template_expr": Lowering.template,
    "collection_value": Lowering.collection,
    "function_call": Lowering.call,
    "for_expr": Lowering.for_expression,
    "operation": Lowering.operation,
    "conditional": Lowering.conditional,
}


def _widths(text: str) -> tuple[list[int], list[int]]:
    """The bytes after which code points fall behind, and by how much each time."""
    starts: list[int] = []
    surplus = [0]
    total = 0
    offset = 0
    for sign in text:
        width = len(sign.encode())
        if width > 1:
            total += width - 1
            starts.append(offset + 1)
            surplus.append(total)
        offset += width
    return starts, surplus
