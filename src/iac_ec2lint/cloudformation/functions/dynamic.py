"""Dynamic references: ``{{resolve:service:name}}`` in text.

"Get values stored in other services using dynamic references", CloudFormation User Guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.values import Input, Reference, Value

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step, Val

MARK = "{{resolve:"
"""The prefix of every dynamic reference."""

SSM = "ssm:"
"""The prefix of the target of a reference to an SSM parameter; its path follows."""

_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")


def parts_of(text: str, span: Span, via: tuple[Step, ...] = ()) -> list[Val]:
    """Split text with dynamic references into known pieces and references, in order.

    Args:
        text: The text.
        span: Where it is written.
        via: The steps that it was passed through.
    """
    parts: list[Val] = []
    at = 0
    for found in _DYNAMIC.finditer(text):
        if found.start() > at:
            parts.append(Value(text[at : found.start()], span, via))
        at = found.end()
        parts.append(_reference(found[1], span, via))
    if at < len(text):
        parts.append(Value(text[at:], span, via))
    return parts


def ssm_value(name: str, span: Span, via: tuple[Step, ...] = ()) -> Reference:
    """The value of the SSM parameter ``name``: unknown, but with an identity."""
    reason = f'the SSM parameter "{name}" is read at deployment'
    return _read(SSM + name, name, span, via, reason)


def _reference(written: str, span: Span, via: tuple[Step, ...]) -> Reference:
    service, _, name = written.partition(":")
    if service == "ssm":
        return ssm_value(name, span, via)
    reason = f"a value of {service} is read at deployment"
    return _read(written, name, span, via, reason)


def _read(target: str, name: str, span: Span, via: tuple[Step, ...], reason: str) -> Reference:
    # The name may have colons of its own: that of a version, the parts of a secret.
    said = Input(f"{name}.Value", span)
    return Reference(target, "Value", span, via, reason=reason, cause="data-source", inputs=(said,))
