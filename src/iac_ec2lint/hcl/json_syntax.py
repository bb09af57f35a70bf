"""The JSON syntax of HCL: the same bodies and expressions, written in JSON.

Source: "HCL JSON Syntax Specification", hashicorp/hcl, json/spec.md. JSON does not distinguish
blocks from attributes: the caller does, with the block types of the language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.lexer import END, SyntaxProblem
from iac_ec2lint.hcl.strings import nfc, number
from iac_ec2lint.hcl.templates import TemplateReader
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.json_text import (
    Json,
    JsonArray,
    JsonError,
    JsonNumber,
    JsonObject,
    JsonString,
    JsonWord,
    read_json,
)

if TYPE_CHECKING:
    from iac_ec2lint.hcl.tree import Attribute, Block, Body, Expression
    from iac_ec2lint.source.span import SourceText

BlockTypes = Mapping[str, tuple[int, "BlockTypes"]]
"""The block types that a body may hold: name to number of labels, and its own block types."""


def parse_json(source: SourceText, block_types: BlockTypes) -> tuple[tree.File, list[Diagnostic]]:
    """Parse a file in JSON syntax; returns its tree and its errors.

    Args:
        source: The file.
        block_types: The block types of its body; every other member is an attribute.

    A member named ``//`` is a comment. A block starts at its own key or ``{``: the last label, the
    type, or the element of an array.
    """
    lowering = _Lowering(source)
    body = tree.Body({}, ())
    try:
        value = read_json(source.text)
        body = lowering.body([value], block_types, "a file")
    except JsonError as problem:
        lowering.report(problem.offset, problem.message)
    problems = sorted(lowering.problems, key=lambda p: p.offset)
    comments = tuple(sorted(lowering.comments, key=lambda c: c.start))
    file = tree.File(source, body, comments, partial=bool(problems))
    return file, [Diagnostic.at(source.span(p.offset, p.offset), p.message) for p in problems]


class _Lowering:
    """Makes nodes of JSON values; errors are collected in ``problems``."""

    __slots__ = ("comments", "has_dynamic", "problems", "source")

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.has_dynamic = '"dynamic"' in source.text
        self.comments: list[tree.Comment] = []
        self.problems: list[SyntaxProblem] = []

    def report(self, offset: int, message: str) -> None:
        self.problems.append(SyntaxProblem(offset, message))

    def body(self, values: list[Json], block_types: BlockTypes, what: str) -> Body:
        """The body that one or more objects make together."""
        attributes: dict[str, Attribute] = {}
        blocks: list[Block] = []
        for value in self.objects(values, what):
            for key, inner in value.members:
                name = key.value
                if name == "//":
                    self.comment(key, inner)
                elif name in block_types:
                    labels, nested = block_types[name]
                    self.blocks(blocks, key, [], inner, labels, nested)
                elif self.has_dynamic and "dynamic" in block_types and _has_dynamic(inner):
                    nested = {"dynamic": block_types["dynamic"]}
                    self.blocks(blocks, key, [], inner, 0, nested)
                elif name in attributes:
                    line = self.source.position(attributes[name].start)[0]
                    self.report(key.start, f"'{name}' is set already, at line {line}")
                else:
                    attributes[name] = tree.Attribute(
                        self.source, key.start, inner.end, name, self.expression(inner)
                    )
        return tree.Body(attributes, tuple(blocks))

    def objects(self, values: list[Json], what: str) -> list[JsonObject]:
        """The objects of values each of which may be one object or an array of objects."""
        objects: list[JsonObject] = []
        for value in values:
            for element in value.elements if isinstance(value, JsonArray) else [value]:
                if isinstance(element, JsonObject):
                    objects.append(element)
                else:
                    self.report(element.start, f"expected an object that is {what}")
        return objects

    def comment(self, key: JsonString, value: Json) -> None:
        """A member named ``//``."""
        text = value.value if isinstance(value, JsonString) else ""
        self.comments.append(tree.Comment(self.source, key.start, value.end, text))

    def blocks(
        self,
        blocks: list[Block],
        key: JsonString,
        path: list[JsonString],
        value: Json,
        labels: int,
        nested: BlockTypes,
    ) -> None:
        """Add the blocks of type ``key`` that a value makes, with the labels that lead to it."""
        if isinstance(value, JsonWord) and value.value is None:
            return
        if len(path) < labels:
            for inner in self.objects([value], f"the labels of '{key.value}' blocks"):
                for label, content in inner.members:
                    self.blocks(blocks, key, [*path, label], content, labels, nested)
            return
        own = path[-1] if path else key
        listed = isinstance(value, JsonArray)
        for content in self.objects([value], f"a block '{key.value}'"):
            start = content.start if listed else own.start
            header_end = content.start + 1 if listed else own.end
            body = self.body([content], nested, f"a block '{key.value}'")
            names = tuple(label.value for label in path)
            blocks.append(
                tree.Block(self.source, start, content.end, key.value, names, header_end, body)
            )

    def expression(self, value: Json) -> Expression:
        """The expression that a JSON value makes."""
        source, start, end = self.source, value.start, value.end
        if isinstance(value, JsonString):
            return self.template(value)
        if isinstance(value, JsonArray):
            elements = tuple([self.expression(element) for element in value.elements])
            return tree.TupleExpression(source, start, end, elements)
        if isinstance(value, JsonWord):
            return tree.Literal(source, start, end, value.value)
        if isinstance(value, JsonNumber):
            return self.number(value)
        return self.object(value)

    def number(self, value: JsonNumber) -> Expression:
        """A number; ``Broken`` where it is out of HCL's range."""
        digits = value.text.removeprefix("-")
        found = number(digits)
        if found is None:
            message = f"'{value.text[:40]}' is beyond what a number can be"
            self.report(value.start, message)
            return tree.Broken(self.source, value.start, value.end)
        signed = found if digits == value.text else -found
        return tree.Literal(self.source, value.start, value.end, signed)

    def object(self, value: JsonObject) -> Expression:
        """An object as an expression: its keys are templates."""
        seen: dict[str, int] = {}
        items: list[tree.ObjectItem] = []
        for key, inner in value.members:
            if key.value in seen:
                line = self.source.position(seen[key.value])[0]
                self.report(key.start, f"the key '{key.value}' is given already, at line {line}")
                continue
            seen[key.value] = key.start
            items.append(
                tree.ObjectItem(
                    self.source, key.start, inner.end, self.template(key), self.expression(inner)
                )
            )
        return tree.ObjectExpression(self.source, value.start, value.end, tuple(items))

    def template(self, value: JsonString) -> tree.Template | tree.Broken:
        """The template that a string makes, with the nodes' places in the file."""
        source = self.source
        text = value.value
        if "${" not in text and "%{" not in text:
            return tree.Template(source, value.start, value.end, nfc(text))
        reader = _StringReader(source, value)
        try:
            template = reader.bare(reader.start)
        except SyntaxProblem as problem:
            self.report(reader.written(problem.offset), problem.message)
            return tree.Broken(source, value.start, value.end)
        if value.offsets is not None:
            reader.relocate(template.parts)
        template.start, template.end = value.start, value.end
        return template


def _has_dynamic(value: Json) -> bool:
    """Whether a value is a block, or several, in which dynamic blocks stand, at whatever depth.

    Which types of blocks a resource has is not known here; what has dynamic ones is one.
    """
    if isinstance(value, JsonArray):
        return any(map(_has_dynamic, value.elements))
    if not isinstance(value, JsonObject):
        return False
    return any(
        _has_dynamic(inner) or (key.value == "dynamic" and _is_dynamic(inner))
        for key, inner in value.members
    )


def _is_dynamic(value: Json) -> bool:
    """Whether a value has dynamic blocks by the types that they make."""
    labelled = value.members if isinstance(value, JsonObject) else ()
    for _, made in labelled:
        for one in made.elements if isinstance(made, JsonArray) else [made]:
            if not isinstance(one, JsonObject) or all(k.value != "content" for k, _ in one.members):
                return False
    return bool(labelled)


class _StringReader(TemplateReader):
    """Reads the template in a JSON string: in the file, or with escapes in its decoded text."""

    __slots__ = ("offsets",)

    def __init__(self, source: SourceText, value: JsonString) -> None:
        self.offsets = value.offsets
        if value.offsets is None:
            super().__init__(source, value.start + 1, value.end - 1)
        else:
            super().__init__(source, 0, len(value.value), value.value)

    def written(self, offset: int) -> int:
        """The offset in the file of an offset in the decoded text."""
        return offset if self.offsets is None else self.offsets[offset]

    def line_of(self, offset: int) -> int:
        """The line in the file of an offset in the decoded text."""
        return self.source.position(self.written(offset))[0]

    def column_of(self, offset: int) -> int:
        """The column in the file of an offset in the decoded text."""
        return self.source.position(self.written(offset))[1]

    def found(self) -> str:
        """The current token, as messages name it."""
        return "the end of the string" if self.kind == END else super().found()

    def string(self) -> tree.Template:
        """With its text as a part: in escapes it is further from the quotes than in the tree."""
        template = super().string()
        return tree.Template(self.source, template.start, template.end, template.parts)

    def relocate(self, part: object) -> None:
        """Move nodes from the decoded text to the file."""
        if isinstance(part, tree.Node):
            fields = part.fields()
            part.start, part.end = self.written(part.start), self.written(part.end)
            for field in fields:
                self.relocate(field)
        elif isinstance(part, tuple):
            for inner in part:
                self.relocate(inner)
