"""HCL's native syntax as its JSON syntax (hashicorp/hcl, json/spec.md; Terraform's use of it)."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

from tests.invariance.projects import Project
from tests.invariance.syntax import source_text

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

_PLAIN = frozenset(
    {"depends_on", "provider", "providers", "ignore_changes", "replace_triggered_by"}
)
"""Arguments that name things: their strings are names, not templates."""
_ADDRESSES = frozenset({"from", "provider", "to"})
"""What `moved`, `removed` and `import` blocks write as it is in native syntax."""
_LABELS = {"resource": 2, "data": 2, "variable": 1, "output": 1, "module": 1, "provider": 1}


def in_json_syntax(project: Project) -> Project:
    """The project with every ``.tf`` as ``.tf.json``."""
    after: dict[str, str] = {}
    for path, text in project.items():
        if path.endswith(".tf"):
            file, _ = parse(SourceText(path, text))
            after[path + ".json"] = json.dumps(_file(file.body), indent=2, ensure_ascii=False)
        else:
            after[path] = text
    return after


def _file(body: tree.Body) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for block in body.blocks:
        inner = _body(block.body, block)
        if block.type in ("moved", "removed", "import"):
            named = block.body.attributes.items()
            inner |= {k: source_text(one.expression) for k, one in named if k in _ADDRESSES}
        level = made
        path = [block.type, *block.labels]
        for step in path[:-1]:
            level = level.setdefault(step, {})
        # Blocks with the same labels (providers with aliases, locals) are elements of one list.
        level.setdefault(path[-1], []).append(inner)
    return made


def _body(body: tree.Body, block: tree.Block) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, attribute in body.attributes.items():
        expression = attribute.expression
        if block.type == "variable" and name == "type":
            made[name] = source_text(expression)
        elif _is_plain(name, block):
            made[name] = _names(expression)
        else:
            made[name] = _value(expression)
    for nested in body.blocks:
        inner = _body(nested.body, nested)
        level = made
        path = [nested.type, *nested.labels]
        for step in path[:-1]:
            level = level.setdefault(step, {})
        level.setdefault(path[-1], []).append(inner)
    return made


def _is_plain(name: str, block: tree.Block) -> bool:
    """Whether an attribute names something; the provider of a pipeline's action is a text."""
    if name == "provider":
        return block.type in _LABELS
    return name in _PLAIN or (block.type == "dynamic" and name == "iterator")


def _names(expression: tree.Expression) -> Any:
    if isinstance(expression, tree.TupleExpression):
        return [_names(element) for element in expression.elements]
    if isinstance(expression, tree.ObjectExpression):
        return {_key(item.key): source_text(item.value) for item in expression.items}
    return source_text(expression)


def _value(expression: tree.Expression) -> Any:
    if isinstance(expression, tree.Literal):
        value = expression.value
        return float(value) if isinstance(value, Decimal) else value
    if isinstance(expression, tree.Template):
        return _template(expression.parts)
    if isinstance(expression, tree.TupleExpression):
        return [_value(element) for element in expression.elements]
    if isinstance(expression, tree.ObjectExpression):
        keys = [_key(item.key) for item in expression.items]
        if len(set(keys)) == len(keys):
            return {
                key: _value(item.value) for key, item in zip(keys, expression.items, strict=True)
            }
    return f"${{{source_text(expression)}}}"


def _key(expression: tree.Expression) -> str:
    if isinstance(expression, tree.Template):
        return _template(expression.parts)
    return f"${{{source_text(expression)}}}"


def _template(parts: tuple[tree.TemplatePart, ...]) -> str:
    """A template's text; what strip markers did is done already."""
    pieces: list[str] = []
    for part in parts:
        if isinstance(part, tree.Text):
            pieces.append(part.value.replace("${", "$${").replace("%{", "%%{"))
        elif isinstance(part, tree.Interpolation):
            pieces.append(f"${{{source_text(part.expression)}}}")
        elif isinstance(part, tree.TemplateIf):
            pieces.append(f"%{{ if {source_text(part.condition)} }}{_template(part.then)}")
            pieces.append(f"%{{ else }}{_template(part.otherwise)}%{{ endif }}")
        else:
            names = ", ".join(name for name in (part.key, part.variable) if name)
            pieces.append(f"%{{ for {names} in {source_text(part.collection)} }}")
            pieces.append(f"{_template(part.body)}%{{ endfor }}")
    return "".join(pieces)
