"""Dynamic references: ``{{resolve:service:name}}`` in text.

"Get values stored in other services using dynamic references", CloudFormation User Guide.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.values import Input, Reference, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step, Val

MARK = "{{resolve:"
"""The prefix of every dynamic reference."""

SSM = "ssm:"
"""The prefix of the target of a reference to an SSM parameter; its path follows."""

_DYNAMIC = re.compile(r"\{\{resolve:([^{}]*)\}\}")
_HOLE = "\0"
_HELD = re.compile(f"{_HOLE}(\\d+){_HOLE}")
"""What stands for an unknown piece while a text is searched: its number."""


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
        parts.append(_reference(found[1], span, via, found[1]))
    if at < len(text):
        parts.append(Value(text[at:], span, via))
    return parts


def among(pieces: Sequence[str | Unknown], span: Span, via: tuple[Step, ...]) -> list[Val] | None:
    """Pieces of text with the references that they make, of whose names parts may be unknown.

    ``{{resolve:secretsmanager:${Env}/db}}`` reads a secret whatever ``Env`` is: it is replaced
    before what is around it is used, and no part of it stays in the text.

    Args:
        pieces: The known texts and the unknowns, in order.
        span: Where the text is written.
        via: The steps that it was passed through.

    Returns:
        The pieces and references in order; ``None`` where there is no reference among them.
    """
    if any(isinstance(piece, str) and _HOLE in piece for piece in pieces):
        return None
    text = "".join(
        piece if isinstance(piece, str) else f"{_HOLE}{number}{_HOLE}"
        for number, piece in enumerate(pieces)
    )
    parts: list[Val] = []

    def keep(between: str) -> None:
        for at, piece in enumerate(_HELD.split(between)):
            held = pieces[int(piece)] if at % 2 else piece
            if held != "":
                parts.append(Value(held, span, via) if isinstance(held, str) else held)

    at = 0
    for found in _DYNAMIC.finditer(text):
        keep(text[at : found.start()])
        at = found.end()
        name = _HELD.sub(lambda held: "${" + _named(pieces[int(held[1])]) + "}", found[1])
        shown = _HELD.sub(lambda held: "${" + _shown(pieces[int(held[1])]) + "}", found[1])
        parts.append(_reference(name, span, via, shown))
    keep(text[at:])
    return parts if at else None


def _shown(piece: str | Unknown) -> str:
    """What an unknown part of a name is called in messages."""
    if isinstance(piece, Reference):
        return f"{piece.target}.{piece.attribute}"
    if isinstance(piece, Unknown) and piece.cause == "parameter" and len(piece.inputs) == 1:
        return piece.inputs[0].key
    return "..."


def _named(piece: str | Unknown) -> str:
    """What an unknown part is called in what is read: alike only where it is the same."""
    shown = _shown(piece)
    if shown != "..." or not isinstance(piece, Unknown):
        return shown
    texts = [one.text for one in piece.candidates]
    if not texts or None in texts:
        return f"{piece.reason} {piece.span.key}"
    return f"{piece.reason} {texts}"


def ssm_value(name: str, span: Span, via: tuple[Step, ...] = ()) -> Reference:
    """The value of the SSM parameter ``name``: unknown, but with an identity."""
    return _reference(SSM + name, span, via, SSM + name)


def _reference(written: str, span: Span, via: tuple[Step, ...], shown: str) -> Reference:
    service, _, name = shown.partition(":")
    reason = f"a value of {service} is read at deployment"
    if service == "ssm":
        reason = f'the SSM parameter "{name}" is read at deployment'
    return _read(written, name, span, via, reason)


def _read(target: str, name: str, span: Span, via: tuple[Step, ...], reason: str) -> Reference:
    # The name may have colons of its own: that of a version, the parts of a secret.
    said = Input(f"{name}.Value", span)
    return Reference(target, "Value", span, via, reason=reason, cause="data-source", inputs=(said,))
