"""The syntax tree from python-hcl2, whose grammar is a readable reference.

Its parse tree names the rules of its grammar (``hcl2.lark``) and has the positions of every token.
It gives templates as text, or without the white space that strip markers remove: they are read from
the source.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final, cast

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.lexer import SyntaxProblem
from iac_ec2lint.hcl.operands import KEYWORDS, bare_key
from iac_ec2lint.hcl.strings import nfc, number, unescape_quoted
from iac_ec2lint.hcl.templates import read_template
from iac_ec2lint.hcl.traversal import Traversal

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.hcl.tree import Attribute, BinaryOperator, Block, Body, Expression
    from iac_ec2lint.source.span import SourceText

    # Lark has no types of its own: ``Tree`` and ``Token``.
    Rule = Any
    Handler = Callable[["Lowering", Rule], Expression]


def lower_file(source: SourceText) -> Body:
    """The body of a file.

    Raises:
        SyntaxProblem: python-hcl2 cannot read it.
    """
    # Importing them costs a second in a fresh installation.
    from hcl2.api import parses_to_tree
    from lark.exceptions import LarkError

    try:
        start = parses_to_tree(source.text)
    except LarkError as error:
        raise _problem(source, error) from error
    return Lowering(source).body(start.children[0])


def _problem(source: SourceText, error: Exception) -> SyntaxProblem:
    offset = getattr(error, "pos_in_stream", None)
    offset = len(source.text) if not isinstance(offset, int) or offset < 0 else offset
    offset = min(offset, len(source.text))
    token = getattr(error, "token", None)
    found = repr(str(token)) if token else repr(source.text[offset : offset + 1])
    return SyntaxProblem(offset, f"python-hcl2 cannot read this: unexpected {found}")


class Lowering:
    """Makes nodes of the rules of one file."""

    __slots__ = ("source", "text")

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text

    def body(self, rule: Rule) -> Body:
        """A ``body``."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for child in rule.children:
            if child.data == "attribute":
                name, _, value = child.children
                start = name.meta.start_pos
                expression = self.expression(value)
                word = self.text[start : name.meta.end_pos]
                attributes[word] = tree.Attribute(
                    self.source, start, expression.end, word, expression
                )
            elif child.data == "block":
                blocks.append(self.block(child))
        return tree.Body(attributes, tuple(blocks))

    def block(self, rule: Rule) -> Block:
        """A ``block``."""
        words = rule.children[: next(i for i, c in enumerate(rule.children) if not _is_rule(c))]
        body = rule.children[-2]
        words = [word for word in words if word.data != "new_line_or_comment"]
        labels: list[str] = []
        for word in words[1:]:
            start, end = word.meta.start_pos, word.meta.end_pos
            if word.data == "string":
                labels.append(unescape_quoted(self.text[start + 1 : end - 1], start + 1))
            else:
                labels.append(self.text[start:end])
        start = words[0].meta.start_pos
        return tree.Block(
            self.source,
            start,
            rule.children[-1].end_pos,
            self.text[start : words[0].meta.end_pos],
            tuple(labels),
            words[-1].meta.end_pos,
            self.body(body),
        )

    def expression(self, rule: Rule) -> Expression:
        """Any rule that an expression may be."""
        if rule.data == "expr_term":
            children = _parts(rule)
            if len(children) == 1:
                rule = children[0]
            else:
                opening, inner, closing = children
                return tree.Parentheses(
                    self.source, opening.start_pos, closing.end_pos, self.expression(inner)
                )
        return _HANDLERS[rule.data](self, rule)

    def identifier(self, rule: Rule) -> Expression:
        """An ``identifier`` or a ``literal_value``."""
        start, end = rule.meta.start_pos, rule.meta.end_pos
        name = self.text[start:end]
        if name in KEYWORDS:
            return tree.Literal(self.source, start, end, KEYWORDS[name])
        return tree.Variable(self.source, start, end, name)

    def number(self, rule: Rule) -> Expression:
        """An ``int_lit`` or a ``float_lit``; python-hcl2 includes a minus in some."""
        start, end = rule.meta.start_pos, rule.meta.end_pos
        text = self.text[start:end]
        digits = text.lstrip("-")
        value: int | Decimal | None = number(digits)
        literal = tree.Literal(self.source, end - len(digits), end, value)
        if digits == text:
            return literal
        return tree.UnaryOperation(self.source, start, end, "-", literal)

    def string(self, rule: Rule) -> Expression:
        """A ``string``."""
        start, end = rule.meta.start_pos, rule.meta.end_pos
        text = self.text[start + 1 : end - 1]
        if "${" in text or "%{" in text:
            return read_template(self.source, start)
        value = nfc(unescape_quoted(text, start + 1))
        parts = (tree.Text(self.source, start + 1, end - 1, value),) if value else ()
        return tree.Template(self.source, start, end, parts)

    def heredoc(self, rule: Rule) -> Expression:
        """A ``heredoc_template`` or ``heredoc_template_trim``: one token, with all its lines."""
        return read_template(self.source, rule.meta.start_pos)

    def tuple_expression(self, rule: Rule) -> Expression:
        """A ``tuple``."""
        elements = [self.expression(c) for c in _parts(rule) if _is_rule(c)]
        start, end = rule.meta.start_pos, rule.meta.end_pos
        return tree.TupleExpression(self.source, start, end, tuple(elements))

    def object_expression(self, rule: Rule) -> Expression:
        """An ``object``."""
        items = [self.item(c) for c in _parts(rule) if _is_rule(c)]
        start, end = rule.meta.start_pos, rule.meta.end_pos
        return tree.ObjectExpression(self.source, start, end, tuple(items))

    def item(self, rule: Rule) -> tree.ObjectItem:
        """An ``object_elem``."""
        first, _, second = rule.children
        word = first.children[0]
        key = (
            tree.Variable(
                self.source,
                word.meta.start_pos,
                word.meta.end_pos,
                self.text[word.meta.start_pos : word.meta.end_pos],
            )
            if word.data == "keyword"
            else self.expression(word)
        )
        if isinstance(key, tree.Variable) or (
            isinstance(key, tree.Literal) and isinstance(key.value, bool)
        ):
            key = bare_key(key, self.text[key.start : key.end])
        value = self.expression(second)
        return tree.ObjectItem(self.source, key.start, value.end, key, value)

    def call(self, rule: Rule) -> Expression:
        """A ``function_call``."""
        names: list[str] = []
        arguments: list[Expression] = []
        expand = False
        for child in _parts(rule):
            if not _is_rule(child):
                continue
            if child.data == "identifier":
                names.append(self.text[child.meta.start_pos : child.meta.end_pos])
                continue
            for part in _parts(child):
                if _is_rule(part):
                    arguments.append(self.expression(part))
                elif part.type == "ELLIPSIS":
                    expand = True
        start, end = rule.meta.start_pos, rule.meta.end_pos
        return tree.FunctionCall(
            self.source, start, end, "::".join(names), tuple(arguments), expand
        )

    def for_expression(self, rule: Rule) -> Expression:
        """A ``for_tuple_expr`` or a ``for_object_expr``."""
        names: list[str] = []
        results: list[Expression] = []
        condition: Expression | None = None
        collection: Expression = tree.Broken(self.source, 0, 0)  # the grammar has one
        group = False
        for child in _parts(rule):
            if not _is_rule(child):
                group = group or child.type == "ELLIPSIS"
            elif child.data == "for_intro":
                inner = [part for part in _parts(child) if _is_rule(part)]
                names = [self.text[n.meta.start_pos : n.meta.end_pos] for n in inner[:-1]]
                collection = self.expression(inner[-1])
            elif child.data == "for_cond":
                condition = self.expression(_parts(child)[-1])
            else:
                results.append(self.expression(child))
        return tree.ForExpression(
            self.source,
            rule.meta.start_pos,
            rule.meta.end_pos,
            names[0] if len(names) == 2 else None,
            names[-1],
            collection,
            results[0] if len(results) == 2 else None,
            results[-1],
            condition,
            group,
        )

    def conditional(self, rule: Rule) -> Expression:
        """A ``conditional``."""
        condition, then, otherwise = [
            self.expression(part) for part in _parts(rule) if _is_rule(part)
        ]
        return tree.Conditional(
            self.source, condition.start, otherwise.end, condition, then, otherwise
        )

    def binary(self, rule: Rule) -> Expression:
        """A ``binary_op``: its left operand, and the operator with the right one."""
        first, term = _parts(rule)
        sign, second = _parts(term)
        left, right = self.expression(first), self.expression(second)
        # A newline before the operator is in its token.
        operator = cast("BinaryOperator", str(sign.children[0]).strip())
        return tree.BinaryOperation(self.source, left.start, right.end, operator, left, right)

    def unary(self, rule: Rule) -> Expression:
        """A ``unary_op``."""
        sign, operand_rule = _parts(rule)
        operand = self.expression(operand_rule)
        operator = "-" if sign.type == "MINUS" else "!"
        return tree.UnaryOperation(
            self.source, sign.start_pos, operand.end, "-" if operator == "-" else "!", operand
        )

    def traversal(self, rule: Rule) -> Expression:
        """A term with one step after it; the term may be another one."""
        steps: list[Rule] = []
        while True:
            operand, step = rule.children
            steps.append(step)
            inner = _parts(operand)
            if len(inner) > 1 or inner[0].data not in _TRAVERSALS:
                break
            rule = inner[0]
        traversal = Traversal(self.source, self.expression(operand))
        for step in reversed(steps):
            if step.data == "attr_splat":
                traversal.attribute_splat(step.children[0].end_pos)
                more = step.children[1:]
            elif step.data == "full_splat":
                traversal.full_splat(step.children[0].end_pos)
                more = step.children[1:]
            else:
                more = [step]
            for part in more:
                self.step(traversal, part)
        return traversal.result()

    def step(self, traversal: Traversal, rule: Rule) -> None:
        """A ``get_attr``, ``short_index`` or ``braces_index``."""
        end = rule.meta.end_pos
        last = rule.children[-1]
        if rule.data == "get_attr":
            traversal.attribute(self.text[last.meta.start_pos : end], end)
        elif rule.data == "short_index":
            traversal.legacy_index(str(last), end)
        else:
            traversal.index(self.expression(_parts(rule)[1]), end)


def _is_rule(part: Rule) -> bool:
    return hasattr(part, "data")


def _parts(rule: Rule) -> list[Rule]:
    """The parts of a rule without newlines and comments."""
    return [c for c in rule.children if not (_is_rule(c) and c.data == "new_line_or_comment")]


_TRAVERSALS: Final = {
    "index_expr_term",
    "get_attr_expr_term",
    "attr_splat_expr_term",
    "full_splat_expr_term",
}
_HANDLERS: Final[dict[str, Handler]] = {
    "expr_term": Lowering.expression,
    "identifier": Lowering.identifier,
    "literal_value": Lowering.identifier,
    "int_lit": Lowering.number,
    "float_lit": Lowering.number,
    "string": Lowering.string,
    "heredoc_template": Lowering.heredoc,
    "heredoc_template_trim": Lowering.heredoc,
    "tuple": Lowering.tuple_expression,
    "object": Lowering.object_expression,
    "function_call": Lowering.call,
    "for_tuple_expr": Lowering.for_expression,
    "for_object_expr": Lowering.for_expression,
    "conditional": Lowering.conditional,
    "binary_op": Lowering.binary,
    "unary_op": Lowering.unary,
    **dict.fromkeys(_TRAVERSALS, Lowering.traversal),
}
