"""The syntax tree of HCL, in the terms of its specification.

Two parsers produce it (``reader``, ``parser_hcl2``), and the JSON syntax gives the same bodies
(``json_syntax``). Every node knows its source and the offsets of its first code point and of the
one after its last. Source of the terms: "HCL Native Syntax Specification", hashicorp/hcl,
hclsyntax/spec.md.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Literal as OneOf

from iac_ec2lint.source.span import SourceText, Span


class Node:
    """A part of a file.

    Nodes are equal if their types, fields and offsets are, whatever their files.
    """

    __slots__ = ("end", "source", "start")

    def __init__(self, source: SourceText, start: int, end: int) -> None:
        self.source = source
        self.start = start
        self.end = end

    @property
    def span(self) -> Span:
        """Where it is written."""
        # As Span() makes it, without a call of Python's: this is what a scan asks most.
        return tuple.__new__(Span, (self.source, self.start, self.end))

    def fields(self) -> tuple[object, ...]:
        """Its offsets and parts, in order, as compared by equality and visited by walks."""
        names = [name for cls in type(self).__mro__[:-2] for name in cls.__dict__["__slots__"]]
        return (self.start, self.end, *(getattr(self, n) for n in names if not n.startswith("_")))

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.fields() == other.fields()

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        parts = ", ".join(repr(f) for f in self.fields()[2:])
        return f"{type(self).__name__}[{self.start}:{self.end}]({parts})"


class Literal(Node):
    """A number, ``true``, ``false`` or ``null``.

    A whole number is an ``int``, any other a ``Decimal``: numbers are as exact as they are written.
    (A whole number of more than 1,000 digits is a ``Decimal`` too.)
    """

    __slots__ = ("value",)

    def __init__(
        self, source: SourceText, start: int, end: int, value: int | Decimal | bool | None
    ) -> None:
        super().__init__(source, start, end)
        self.value = value

    def fields(self) -> tuple[object, ...]:
        """With the value's type, since ``True == 1`` in Python."""
        return (self.start, self.end, type(self.value), self.value)


class Text(Node):
    """Literal text of a template, after escapes, strip markers and heredoc indentation.

    Its offsets are those of the text as written, before any of that.
    """

    __slots__ = ("value",)

    def __init__(self, source: SourceText, start: int, end: int, value: str) -> None:
        super().__init__(source, start, end)
        self.value = value


class Interpolation(Node):
    """``${ expression }`` in a template; from ``${`` to ``}``."""

    __slots__ = ("expression",)

    def __init__(self, source: SourceText, start: int, end: int, expression: Expression) -> None:
        super().__init__(source, start, end)
        self.expression = expression


class TemplateIf(Node):
    """``%{ if }``, ``%{ else }``, ``%{ endif }`` in a template."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        condition: Expression,
        then: tuple[TemplatePart, ...],
        otherwise: tuple[TemplatePart, ...],
    ) -> None:
        super().__init__(source, start, end)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


class TemplateFor(Node):
    """``%{ for key, value in collection }`` to ``%{ endfor }`` in a template."""

    __slots__ = ("body", "collection", "key", "variable")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        key: str | None,
        variable: str,
        collection: Expression,
        body: tuple[TemplatePart, ...],
    ) -> None:
        super().__init__(source, start, end)
        self.key = key
        self.variable = variable
        self.collection = collection
        self.body = body


class Template(Node):
    """A quoted string or a heredoc: its parts in order.

    A string without interpolation or directive has one ``Text``, or none where it is empty. A
    template that is one ``Interpolation`` and nothing else evaluates to that expression's value, of
    any type. A ``Text`` that strip markers emptied is kept: beside it the value is a string.
    Offsets: from the opening to the closing quote; a heredoc from ``<<`` to its closing marker.
    """

    __slots__ = ("_parts", "heredoc")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        parts: tuple[TemplatePart, ...] | str,
        heredoc: bool = False,
    ) -> None:
        super().__init__(source, start, end)
        self._parts = parts  # of most, the text between the quotes: half of a tree are such
        self.heredoc = heredoc

    @property
    def parts(self) -> tuple[TemplatePart, ...]:
        """What it is made of."""
        parts = self._parts
        if isinstance(parts, str):
            return (Text(self.source, self.start + 1, self.end - 1, parts),) if parts else ()
        return parts

    @property
    def text(self) -> str | None:
        """What it says, where that is no more than one text."""
        parts = self._parts
        if isinstance(parts, str):
            return parts
        if len(parts) == 1 and type(parts[0]) is Text:
            return parts[0].value
        return None if parts else ""

    def fields(self) -> tuple[object, ...]:
        """With its parts, however they are kept."""
        return (self.start, self.end, self.heredoc, self.parts)


class TupleExpression(Node):
    """``[a, b]``."""

    __slots__ = ("elements",)

    def __init__(
        self, source: SourceText, start: int, end: int, elements: tuple[Expression, ...]
    ) -> None:
        super().__init__(source, start, end)
        self.elements = elements


class ObjectItem(Node):
    """``key = value`` or ``key : value`` in an object.

    A key that is a bare identifier is a ``Template`` of that text (except ``null``, which is not a
    valid key); any other, ``(expression)`` included, is the expression itself.
    """

    __slots__ = ("key", "value")

    def __init__(
        self, source: SourceText, start: int, end: int, key: Expression, value: Expression
    ) -> None:
        super().__init__(source, start, end)
        self.key = key
        self.value = value


class ObjectExpression(Node):
    """``{ a = 1, (b) : 2 }``."""

    __slots__ = ("items",)

    def __init__(
        self, source: SourceText, start: int, end: int, items: tuple[ObjectItem, ...]
    ) -> None:
        super().__init__(source, start, end)
        self.items = items


class FunctionCall(Node):
    """``name(a, b...)``; ``name`` with its namespace, such as ``provider::aws::arn_parse``."""

    __slots__ = ("arguments", "expand_final", "name")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        name: str,
        arguments: tuple[Expression, ...],
        expand_final: bool,
    ) -> None:
        super().__init__(source, start, end)
        self.name = name
        self.arguments = arguments
        self.expand_final = expand_final


class ForExpression(Node):
    """``[for k, v in c : value if cond]`` or ``{for k, v in c : k => v...}``.

    ``key_result`` is None for a tuple. ``group`` is true where there is ``...``.
    """

    __slots__ = (
        "collection",
        "condition",
        "group",
        "key",
        "key_result",
        "value_result",
        "variable",
    )

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        key: str | None,
        variable: str,
        collection: Expression,
        key_result: Expression | None,
        value_result: Expression,
        condition: Expression | None,
        group: bool,
    ) -> None:
        super().__init__(source, start, end)
        self.key = key
        self.variable = variable
        self.collection = collection
        self.key_result = key_result
        self.value_result = value_result
        self.condition = condition
        self.group = group


class Conditional(Node):
    """``condition ? then : otherwise``."""

    __slots__ = ("condition", "otherwise", "then")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        condition: Expression,
        then: Expression,
        otherwise: Expression,
    ) -> None:
        super().__init__(source, start, end)
        self.condition = condition
        self.then = then
        self.otherwise = otherwise


BinaryOperator = OneOf["||", "&&", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "/", "%"]


class BinaryOperation(Node):
    """``left operator right``."""

    __slots__ = ("left", "operator", "right")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        operator: BinaryOperator,
        left: Expression,
        right: Expression,
    ) -> None:
        super().__init__(source, start, end)
        self.operator = operator
        self.left = left
        self.right = right


class UnaryOperation(Node):
    """``-operand`` or ``!operand``."""

    __slots__ = ("operand", "operator")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        operator: OneOf["-", "!"],
        operand: Expression,
    ) -> None:
        super().__init__(source, start, end)
        self.operator = operator
        self.operand = operand


class Parentheses(Node):
    """``(expression)``."""

    __slots__ = ("expression",)

    def __init__(self, source: SourceText, start: int, end: int, expression: Expression) -> None:
        super().__init__(source, start, end)
        self.expression = expression


class Variable(Node):
    """A root name: the first part of a traversal, such as ``var`` in ``var.region``."""

    __slots__ = ("name",)

    def __init__(self, source: SourceText, start: int, end: int, name: str) -> None:
        super().__init__(source, start, end)
        self.name = name


class GetAttribute(Node):
    """``operand.name``. The legacy ``operand.0`` is an ``Index`` with a ``Literal`` key."""

    __slots__ = ("name", "operand")

    def __init__(
        self, source: SourceText, start: int, end: int, operand: Expression, name: str
    ) -> None:
        super().__init__(source, start, end)
        self.operand = operand
        self.name = name


class Index(Node):
    """``operand[key]``."""

    __slots__ = ("key", "operand")

    def __init__(
        self, source: SourceText, start: int, end: int, operand: Expression, key: Expression
    ) -> None:
        super().__init__(source, start, end)
        self.operand = operand
        self.key = key


class SplatItem(Node):
    """The current element of a splat: the innermost operand of ``Splat.each``.

    Its span is empty, after ``.*`` or ``[*]``.
    """

    __slots__ = ()


class Splat(Node):
    """``operand.*.a`` (attribute-only) or ``operand[*].a[0]`` (full).

    ``each`` is the expression for every element: ``SplatItem`` wrapped in the traversal that
    follows. For ``.*`` that is attributes (and legacy indexes) only, for ``[*]`` indexes too.
    """

    __slots__ = ("each", "full", "operand")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        operand: Expression,
        each: Expression,
        full: bool,
    ) -> None:
        super().__init__(source, start, end)
        self.operand = operand
        self.each = each
        self.full = full


class Broken(Node):
    """An expression with a syntax error in it; the parser has reported it."""

    __slots__ = ()


class Attribute(Node):
    """``name = expression`` in a body. Offsets: from the name to the end of the expression."""

    __slots__ = ("expression", "name")

    def __init__(
        self, source: SourceText, start: int, end: int, name: str, expression: Expression
    ) -> None:
        super().__init__(source, start, end)
        self.name = name
        self.expression = expression


class Body:
    """The attributes and blocks of a file or a block, in the order in which they are written."""

    __slots__ = ("attributes", "blocks")

    def __init__(self, attributes: dict[str, Attribute], blocks: tuple[Block, ...]) -> None:
        self.attributes = attributes
        self.blocks = blocks

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, Body)
            and self.attributes == other.attributes
            and self.blocks == other.blocks
        )

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return f"Body({list(self.attributes.values())!r}, {self.blocks!r})"


class Block(Node):
    """``type "label" { body }``.

    Offsets: from the type to the closing brace. ``header_end`` is where the header ends: after
    its last label, or after the type. The body is lowered when it is first used.
    """

    __slots__ = ("_body", "header_end", "labels", "type")

    def __init__(
        self,
        source: SourceText,
        start: int,
        end: int,
        type: str,  # noqa: A002 - HCL's own word
        labels: tuple[str, ...],
        header_end: int,
        body: Body | Callable[[], Body],
    ) -> None:
        super().__init__(source, start, end)
        self.type = type
        self.labels = labels
        self.header_end = header_end
        self._body = body

    @property
    def body(self) -> Body:
        """The content between the braces."""
        if not isinstance(self._body, Body):
            self._body = self._body()
        return self._body

    @property
    def header(self) -> Span:
        """The type and the labels."""
        return Span(self.source, self.start, self.header_end)

    def fields(self) -> tuple[object, ...]:
        """With the body lowered."""
        return (self.start, self.end, self.type, self.labels, self.header_end, self.body)


class Comment(Node):
    """A comment; ``text`` without its ``#``, ``//`` or ``/* */``."""

    __slots__ = ("text",)

    def __init__(self, source: SourceText, start: int, end: int, text: str) -> None:
        super().__init__(source, start, end)
        self.text = text


class File:
    """A parsed file: its body, its comments in order, and whether errors left something out.

    The comments are read when they are first used. ``partial`` is true where a syntax error was
    reported: what is around it is missing, or ``Broken``.
    """

    __slots__ = ("_comments", "body", "partial", "source")

    def __init__(
        self,
        source: SourceText,
        body: Body,
        comments: tuple[Comment, ...] | Callable[[], tuple[Comment, ...]],
        *,
        partial: bool = False,
    ) -> None:
        self.source = source
        self.body = body
        self._comments = comments
        self.partial = partial

    @property
    def comments(self) -> tuple[Comment, ...]:
        """The comments of the file, in order."""
        if not isinstance(self._comments, tuple):
            self._comments = self._comments()
        return self._comments


TemplatePart = Text | Interpolation | TemplateIf | TemplateFor
Expression = (
    Literal
    | Template
    | TupleExpression
    | ObjectExpression
    | FunctionCall
    | ForExpression
    | Conditional
    | BinaryOperation
    | UnaryOperation
    | Parentheses
    | Variable
    | GetAttribute
    | Index
    | Splat
    | SplatItem
    | Broken
)


def bare(node: Expression) -> Expression:
    """What stands in parentheses, or alone in a template, as all expressions of JSON do."""
    while True:
        if isinstance(node, Parentheses):
            node = node.expression
        elif (
            isinstance(node, Template)
            and len(node.parts) == 1
            and isinstance(node.parts[0], Interpolation)
        ):
            node = node.parts[0].expression
        else:
            return node
