"""Rendering templates: ``templatefile``, ``templatestring``, and what came before them.

Source: "templatefile Function" of the Terraform language.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse_template
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.functions.contents import file_of
from iac_ec2lint.terraform.functions.registry import FunctionError
from iac_ec2lint.terraform.language.scope import Fault, Scope
from iac_ec2lint.terraform.language.template_names import TemplateNames, definitions_of
from iac_ec2lint.terraform.language.templates import evaluate_template
from iac_ec2lint.terraform.language.types import STRING
from iac_ec2lint.terraform.language.unknowns import depend
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.source.span import Span


def render(
    source: SourceText,
    names: Val,
    span: Span,
    scope: Scope,
    place: Path | None = None,
    written: tree.Expression | None = None,
) -> Val:
    """What a template makes: a string, or the value of its only interpolation.

    Args:
        source: The template.
        names: The values of its variables, by name.
        span: What the result stands for.
        scope: Where it is called.
        place: The template's file, if it is one.
        written: The expression of ``names``.

    Raises:
        FunctionError: The template, or what it is given, is wrong.
    """
    if isinstance(names, Unknown):
        return depend(span, [names], STRING)
    if not isinstance(names.data, dict):
        raise FunctionError("the variables must be a map or an object")
    values = dict(names.items())
    module = TemplateNames(scope.module, place, definitions_of(written, values, scope))
    if place is not None and module.is_nested(place):
        raise FunctionError("a template cannot call templatefile() itself")
    template, problems = scope.evaluation.files.parse_once(
        "template", source, lambda: parse_template(source, 0, len(source.text))
    )
    if problems or isinstance(template, tree.Broken):
        first = problems[0] if problems else None
        where = f"line {first.line}: {first.message}" if first else "a syntax error"
        raise FunctionError(f"{source.path}, {where}")
    value = evaluate_template(template, Scope(scope.evaluation, module, values))
    if isinstance(value, Value):
        return Value(value.data, span, value.via, marks=value.marks)
    return value if value.cause == "error" else value.but(span=span)


def render_text(text: Value, names: Val, span: Span, scope: Scope) -> Val:
    """What the text of a template makes that comes from anywhere: its errors are at that.

    All else that stands in it is there too, unless the text is all of a file.

    Args:
        text: The template.
        names: See ``render``.
        span: See ``render``.
        scope: See ``render``.

    Raises:
        FunctionError: See ``render``.
    """
    file = file_of(text)
    source = file or SourceText(text.span.path, text.text or "")
    evaluation = scope.evaluation
    outer, faults = evaluation.trapped, list[Fault]()
    evaluation.trapped = faults
    try:
        value = render(source, names, span, scope)
    finally:
        evaluation.trapped = outer
    if faults:
        more = f", and {len(faults) - 1} more" if len(faults) > 1 else ""
        first = faults[0]
        message = f"line {first.span.line} of the template: {first.message}{more}"
        evaluation.release([first._replace(span=text.span, message=message)])
    return value if source is file else _placed(value, source, text.span)


def _placed(value: Val, source: SourceText, span: Span) -> Val:
    """A value all of whose places in ``source`` are at ``span``."""
    via = tuple(
        step._replace(span=span) if step.span.source is source else step for step in value.via
    )
    at = span if value.span.source is source else value.span
    if isinstance(value, Value):
        return value.but(span=at, via=via)
    moved = [part if isinstance(part, str) else _placed(part, source, span) for part in value.parts]
    return value.but(
        span=at,
        via=via,
        parts=tuple([part for part in moved if not isinstance(part, Value)]),
        candidates=tuple([_placed(candidate, source, span) for candidate in value.candidates]),
    )
