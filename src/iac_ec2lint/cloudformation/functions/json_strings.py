"""``Fn::ToJsonString``: values, some of which may be unknown, as JSON text."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.texts import concatenate
from iac_ec2lint.values import Unknown, Val, Value, number_text

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span


def to_json(value: Val, span: Span) -> Val:
    """A list or mapping as JSON text; the structure is kept as ``decoded``."""
    parts: list[Val] = []
    _write(value, parts, span)
    return concatenate(parts, span).but(decoded=value)


def _write(value: Val, parts: list[Val], span: Span) -> None:
    if isinstance(value, Unknown):
        parts.append(value)
        return
    data = value.data
    if isinstance(data, tuple):
        parts.append(Value("[", span, value.via))
        for index, member in enumerate(data):
            if index:
                parts.append(Value(",", span))
            _write(member, parts, span)
        parts.append(Value("]", span))
    elif isinstance(data, dict):
        parts.append(Value("{", span, value.via))
        for index, (key, member) in enumerate(data.items()):
            parts.append(Value(f"{',' if index else ''}{json.dumps(key)}:", span))
            _write(member, parts, span)
        parts.append(Value("}", span))
    elif isinstance(data, bool) or data is None or isinstance(data, str):
        parts.append(Value(json.dumps(data), span, value.via))
    else:
        parts.append(Value(number_text(data), span, value.via))
