"""``Fn::Sub``: the placeholders in text, and their values."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.texts import concatenate
from iac_ec2lint.document.tree import Scalar
from iac_ec2lint.document.wording import shorten
from iac_ec2lint.values import Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.document.tree import Mapping, Node
    from iac_ec2lint.values import Val

_PLACEHOLDER = re.compile(r"\$\{([^}]*)\}")
_NAME = re.compile(r"[A-Za-z0-9_.:]+")


def substitute(
    evaluator: Evaluator, text: Scalar, names: Mapping | None, node: Node, scope: StackScope
) -> Val | None:
    """The value of text with its placeholders replaced.

    Args:
        evaluator: Evaluates the names in placeholders.
        text: The text, with ``${Name}``, ``${Name.Attribute}`` and ``${!Literal}``.
        names: The call's own names and their values, if there are any.
        node: The whole call.
        scope: The scope in which it is evaluated.
    """
    written = scope.fill(text.text) if scope.bindings else text.text
    parts: list[Val] = []
    at, searched = 0, text.start
    # Not behind the last "}": each of many "${" there would seek one up to the end.
    for found in _PLACEHOLDER.finditer(written, 0, written.rfind("}") + 1):
        if found.start() > at:
            parts.append(Value(written[at : found.start()], text.span))
        at = found.end()
        name = found[1]
        if name.startswith("!"):
            parts.append(Value("${" + name[1:] + "}", text.span))
            continue
        at_name = text if found.group() == written else _placeholder(text, name, searched)
        searched = at_name.start
        part = _part(evaluator, name, names, at_name, scope)
        if part is not None:
            parts.append(part)
    if at < len(written):
        parts.append(Value(written[at:], text.span))
    return concatenate(parts, node.span)


def _placeholder(text: Scalar, name: str, searched: int) -> Scalar:
    """The place of a placeholder in a text; all of the text where it is written with escapes.

    Args:
        text: The text.
        name: What stands between the braces.
        searched: The offset from which it is sought: those before it are found.
    """
    source = text.source
    start = source.text.find("${" + name + "}", searched, text.end)
    if start < 0:
        return text
    end = start + len(name) + 3
    return Scalar(source, source.text[start:end], start, end, plain=text.plain)


def _part(
    evaluator: Evaluator, name: str, names: Mapping | None, text: Scalar, scope: StackScope
) -> Val | None:
    stripped = name.strip()
    own = names.get(stripped) if names is not None else None
    if own is not None:
        value = evaluator.evaluate(own, scope)
    elif not _NAME.fullmatch(stripped):
        return evaluator.fail(text, f'"${{{shorten(name)}}}" in Fn::Sub is no name')
    elif "." in stripped and stripped not in scope.bindings:
        logical_id, _, attribute = stripped.partition(".")
        value = evaluator.attribute(logical_id, attribute, text, scope)
    else:
        value = evaluator.name(stripped, text, scope)
    if isinstance(value, Value) and (value.is_null or isinstance(value.data, tuple | dict)):
        return evaluator.fail(text, f'"${{{shorten(name)}}}" in Fn::Sub is no text')
    return value
