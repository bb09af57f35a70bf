"""Turns literals into variables: with the literal as default, or without a value."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from tests.invariance.projects import Project
from tests.invariance.syntax import META_ARGUMENTS, Edit, edited, source_text

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

CONSTANT = META_ARGUMENTS - {"count", "for_each"}
"""Arguments in which Terraform allows no variables."""
CONSTANT_BLOCKS = frozenset({"lifecycle", "provisioner", "connection", "timeouts"})


def as_variables(project: Project) -> Project:
    """Every literal of resources, data sources, locals and calls as a variable's default."""
    after: dict[str, str] = {}
    for path, text in project.items():
        after.setdefault(path, text)
        if not path.endswith(".tf") or path.endswith("override.tf"):
            continue
        declared: list[str] = []
        edits: list[Edit] = []
        stem = posixpath.basename(path).replace(".", "_").replace("-", "_")
        for _, node in _literals(parse(SourceText(path, text))[0].body, presence=True):
            name = f"literal_{stem}_{len(declared)}"
            declared.append(f'variable "{name}" {{\n  default = {source_text(node)}\n}}\n')
            edits.append(Edit(node.start, node.end, f"var.{name}"))
        after[path] = edited(text, edits)
        if declared:
            folder = posixpath.dirname(path)
            after[posixpath.join(folder, f"literals_{stem}.tf")] = "\n".join(declared)
    return after


def each_unset(project: Project) -> Iterator[tuple[str, Project]]:
    """The project with one literal of its root module as a variable without a value, for each.

    Literals that decide whether something is there at all, or which arm of a conditional counts,
    stay: without them a failure is reported as conditional.

    Yields:
        The name of the argument that the literal is in, and the project.
    """
    for path, text in project.items():
        if not path.endswith(".tf") or path.endswith("override.tf") or "/" in path:
            continue  # whoever calls a child module has to set its variables
        for argument, node in _literals(parse(SourceText(path, text))[0].body, presence=False):
            after = edited(text, [Edit(node.start, node.end, "var.unset_literal")])
            yield argument, {**project, path: f'{after}\nvariable "unset_literal" {{}}\n'}


def _literals(body: tree.Body, *, presence: bool) -> Iterator[tuple[str, tree.Node]]:
    for block in body.blocks:
        if block.type in ("resource", "data", "locals", "module"):
            yield from _of_body(block.body, presence=presence)


def _of_body(body: tree.Body, *, presence: bool) -> Iterator[tuple[str, tree.Node]]:
    for name, attribute in body.attributes.items():
        if name not in CONSTANT and (presence or name not in ("count", "for_each")):
            for node in literals_in(attribute.expression, presence=presence):
                yield name, node
    for block in body.blocks:
        if block.type not in CONSTANT_BLOCKS:
            yield from _of_body(block.body, presence=presence)


def literals_in(node: object, *, presence: bool) -> Iterator[tree.Node]:
    """The literals of an expression.

    Args:
        node: The expression.
        presence: Whether those count that decide which arm of a conditional counts.
    """
    if isinstance(node, tree.Literal) or (
        isinstance(node, tree.Template) and all(isinstance(p, tree.Text) for p in node.parts)
    ):
        yield node
    elif isinstance(node, tree.ObjectExpression):
        for item in node.items:
            yield from literals_in(item.value, presence=presence)
    elif isinstance(node, tree.Index):
        yield from literals_in(node.operand, presence=presence)
    elif isinstance(node, tree.Conditional) and not presence:
        yield from literals_in(node.then, presence=presence)
        yield from literals_in(node.otherwise, presence=presence)
    elif isinstance(node, tree.ForExpression) and not presence:
        yield from literals_in(node.value_result, presence=presence)
    elif isinstance(node, tree.Node):
        for field in node.fields()[2:]:
            yield from literals_in(field, presence=presence)
    elif isinstance(node, tuple):
        for element in node:
            yield from literals_in(element, presence=presence)
