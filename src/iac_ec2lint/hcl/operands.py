"""Reads expressions without operators: "HCL Native Syntax Specification", "Expression Terms"."""

from __future__ import annotations

import re
from sys import intern
from typing import TYPE_CHECKING, Final, NoReturn

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.lexer import (
    END,
    IDENTIFIER,
    NEWLINE,
    Lexer,
    SyntaxProblem,
)
from iac_ec2lint.hcl.strings import nfc, number
from iac_ec2lint.source.limits import NESTING

if TYPE_CHECKING:
    from iac_ec2lint.hcl.tree import Expression, Template

_PLAIN_ITEM: Final = re.compile(
    r'([^\W\d][\w-]*+)[ \t]*[=:][ \t]*("[^"\\$%\r\n]*")(?=[ \t]*(?:[,}\n]|\r\n))'
)
"""An item of an object that is a plain text with a bare name, before what separates items."""

KEYWORDS: Final = {"true": True, "false": False, "null": None}


class OperandReader(Lexer):
    """Reads an operand from the current token on; afterwards the token after it is current.

    ``height`` is the height of the last expression read: the depth of its tree, in nodes.
    """

    __slots__ = ("height",)

    height: int

    def expression(self) -> Expression:
        """An expression of any kind."""
        raise NotImplementedError

    def quoted(self) -> Template:
        """A quoted template; the current token is the opening quote."""
        raise NotImplementedError

    def heredoc(self) -> Template:
        """A heredoc; the current token is its opening line."""
        raise NotImplementedError

    def name(self) -> Expression:
        """A name, a keyword or a function call; the current token is an identifier."""
        start = self.start
        name = intern(self.text[start : self.stop])
        self.advance()
        if self.kind == "(" or self.kind == "::":
            return self.call(start, name)
        self.height = 1
        if name in KEYWORDS:
            return tree.Literal(self.source, start, self.before, KEYWORDS[name])
        return tree.Variable(self.source, start, self.before, name)

    def string(self) -> Template:
        """A quoted string without templates and escapes, the current token."""
        start, end = self.start, self.stop
        value = intern(nfc(self.text[start + 1 : end - 1]))
        self.advance()
        self.height = 1
        return tree.Template(self.source, start, end, value)

    def parentheses(self) -> Expression:
        """``(expression)``; the current token is ``(``."""
        start = self.start
        mode = self.open()
        inner = self.expression()
        if self.kind != ")":
            self.fail_unclosed(")", "(", start)
        self.height += 1
        return tree.Parentheses(self.source, start, self.close(mode), inner)

    def number(self) -> Expression:
        """A number, the current token."""
        start = self.start
        text = self.text[start : self.stop]
        value = number(text)
        if value is None:
            raise SyntaxProblem(start, f"'{text[:40]}' is beyond what a number can be")
        self.advance()
        self.height = 1
        return tree.Literal(self.source, start, self.before, value)

    def call(self, start: int, name: str) -> Expression:
        """A function call; the current token is after the first part of its name."""
        while self.kind == "::":
            self.advance()
            if self.kind != IDENTIFIER:
                raise SyntaxProblem(self.start, self.expected("a function's name after '::'"))
            name += "::" + self.text[self.start : self.stop]
            self.advance()
        if self.kind != "(":
            raise SyntaxProblem(self.start, self.expected(f"'(' to call the function '{name}'"))
        opener = self.start
        mode = self.open()
        arguments: list[Expression] = []
        height = 0
        expand = False
        while self.kind != ")":
            if self.kind == END and arguments:
                self.fail_unclosed(")", "(", opener, at=start)
            arguments.append(self.expression())
            height = max(height, self.height)
            if self.kind == ",":
                self.advance()
                continue
            if self.kind == "...":
                expand = True
                self.advance()
            if self.kind != ")":
                self.fail_unclosed(")", "(", opener, "" if expand else "','", at=start)
            break
        self.height = height + 1
        end = self.close(mode)
        return tree.FunctionCall(self.source, start, end, name, tuple(arguments), expand)

    def tuple_expression(self) -> Expression:
        """A tuple; the current token is ``[``."""
        start = self.start
        mode = self.open()
        elements: list[Expression] = []
        height = 0
        while self.kind != "]":
            if self.kind == END and elements:
                self.fail_unclosed("]", "[", start)
            elements.append(self.expression())
            height = max(height, self.height)
            if self.kind == ",":
                self.advance()
            elif self.kind != "]":
                self.fail_unclosed("]", "[", start, "','")
        self.height = height + 1
        return tree.TupleExpression(self.source, start, self.close(mode), tuple(elements))

    def object_expression(self) -> Expression:
        """An object; the current token is ``{``."""
        start = self.start
        mode = self.open_lines()
        items: list[tree.ObjectItem] = []
        height = 0
        source = self.source
        while self.kind != "}":
            if self.kind == NEWLINE:
                self.advance()
                continue
            if self.kind == END and items:
                self.fail_unclosed("}", "{", start)
            bare = self.kind == IDENTIFIER
            if bare and (plain := self.plain_item()):
                items.append(plain)
                height = max(height, 1)
                if self.kind != "}":
                    self.advance()
                continue
            key = self.expression()
            height = max(height, self.height)
            if bare and (
                type(key) is tree.Variable or (type(key) is tree.Literal and key.value is not None)
            ):
                key = bare_key(key, self.text[key.start : key.end])
            if self.kind != "=" and self.kind != ":":
                if self.kind == END:
                    self.fail_unclosed("}", "{", start)
                raise SyntaxProblem(self.start, self.expected("'=' and a value after the key"))
            self.advance()
            value = self.expression()
            height = max(height, self.height)
            items.append(tree.ObjectItem(source, key.start, value.end, key, value))
            if self.kind == "," or self.kind == NEWLINE:
                self.advance()
            elif self.kind != "}":
                self.fail_unclosed("}", "{", start, "a comma, a new line")
        self.height = height + 1
        return tree.ObjectExpression(source, start, self.close(mode), tuple(items))

    def plain_item(self) -> tree.ObjectItem | None:
        """Read an item of an object at once if it is a plain text with a bare name, as most are.

        The current token is the name. Of any other, nothing is read.
        """
        found = _PLAIN_ITEM.match(self.text, self.start, self.end)
        if found is None or found[1] == "null":
            return None
        source = self.source
        name = tree.Variable(source, *found.span(1), found[1])
        value = tree.Template(source, *found.span(2), intern(nfc(found[2][1:-1])))
        self.stop = found.end()
        self.advance()
        return tree.ObjectItem(source, name.start, value.end, bare_key(name, found[1]), value)

    def for_expression(self) -> Expression:
        """A ``for`` expression; the current token is its opening bracket."""
        start = self.start
        closer = "]" if self.kind == "[" else "}"
        mode = self.open()
        self.advance()
        key, variable = self.for_names()
        collection = self.expression()
        height = self.height
        if self.kind != ":":
            raise SyntaxProblem(self.start, self.expected("':' after the collection"))
        self.advance()
        result = self.expression()
        height = max(height, self.height)
        key_result = condition = None
        group = False
        if self.kind == "=>" and closer == "}":
            key_result = result
            self.advance()
            result = self.expression()
            height = max(height, self.height)
            if self.kind == "...":
                group = True
                self.advance()
        elif closer == "}":
            raise SyntaxProblem(self.start, self.expected("'=>' after the key of the new object"))
        if self.kind == IDENTIFIER and self.text[self.start : self.stop] == "if":
            self.advance()
            condition = self.expression()
            height = max(height, self.height)
        if self.kind != closer:
            self.fail_unclosed(closer, "[" if closer == "]" else "{", start)
        self.height = height + 1
        end = self.close(mode)
        return tree.ForExpression(
            self.source, start, end, key, variable, collection, key_result, result, condition, group
        )

    def for_names(self) -> tuple[str | None, str]:
        """``key, variable in``, up to the collection; the current token is the first name."""
        key = None
        variable = self.for_name()
        if self.kind == ",":
            self.advance()
            key = variable
            variable = self.for_name()
        if self.kind != IDENTIFIER or self.text[self.start : self.stop] != "in":
            raise SyntaxProblem(self.start, self.expected("'in' and a collection"))
        self.advance()
        return key, variable

    def for_name(self) -> str:
        """The name of a variable that a ``for`` binds."""
        if self.kind != IDENTIFIER:
            raise SyntaxProblem(self.start, self.expected("a name for the element"))
        name = self.text[self.start : self.stop]
        self.advance()
        return name

    def expect_end(self) -> None:
        """Raise where there is more text after an expression that should be all of it."""
        if self.kind != END:
            raise SyntaxProblem(self.start, self.expected("the end of the expression"))

    def check_height(self, offset: int) -> None:
        """Raise where an expression is nested deeper than is read."""
        if self.height > NESTING:
            self.fail_deep(offset)

    def expected(self, what: str) -> str:
        """The message where the current token is not ``what``."""
        return f"expected {what}, found {self.found()}"

    def fail_unclosed(
        self, closer: str, opener: str, offset: int, before: str = "", at: int | None = None
    ) -> NoReturn:
        """Raise that a closing bracket is missing; at the end of the text, at the opening one."""
        wanted = f"{before} or '{closer}'" if before else f"'{closer}'"
        line = self.line_of(offset)
        if self.kind == END:
            at = offset if at is None else at
            raise SyntaxProblem(
                at, f"expected '{closer}' to close the '{opener}' opened at line {line}"
            )
        raise SyntaxProblem(
            self.start,
            f"expected {wanted} after the '{opener}' opened at line {line}, found {self.found()}",
        )


def bare_key(node: tree.Variable | tree.Literal, text: str) -> Template:
    """The key of an object that is a bare identifier: a template of that text."""
    part = tree.Text(node.source, node.start, node.end, intern(nfc(text)))
    return tree.Template(node.source, node.start, node.end, (part,))
