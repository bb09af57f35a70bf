"""SAM: what ``Globals`` give to the resources of their type, and what names no role.

Source: "Globals section of the AWS SAM template", AWS SAM Developer Guide.
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence

FUNCTION = "AWS::Serverless::Function"
SERVICES: Final = {
    FUNCTION: "lambda.amazonaws.com",
    "AWS::Serverless::StateMachine": "states.amazonaws.com",
}
"""The types that get a role where they name none, and the services that have it."""

PREFIX = "AWS::Serverless::"


def with_globals(kind: str, key: Scalar, properties: Node | None, root: Mapping) -> Node | None:
    """The properties of a resource with the template's Globals for its type.

    Lists are concatenated, the globals' elements first; maps are merged; otherwise the resource's
    own value applies. What gets a role since it names none refers to that.

    Args:
        kind: The resource's type.
        key: Its logical ID.
        properties: The value of ``Properties``.
        root: The template.
    """
    section = root.get("Globals")
    shared = section.get(kind.removeprefix(PREFIX)) if isinstance(section, Mapping) else None
    made = properties
    if isinstance(shared, Mapping) and kind.startswith(PREFIX):
        if properties is None:
            made = Mapping(key.source, dict(shared.entries), key.start, key.end)
        else:
            made = _merged(shared, properties)
    if kind not in SERVICES or not isinstance(made, Mapping | None):
        return made
    if isinstance(made, Mapping) and ("Role" in made.entries or intrinsic(made) is not None):
        return made
    names = [_text(key, role_of(key.text)), _text(key, "Arn")]
    arn = Sequence(key.source, list(names), key.start, key.end)
    name = _text(key, "Fn::GetAtt")
    role = Mapping(key.source, {name.text: (name, arn)}, key.start, key.end)
    entries = dict(made.entries) if made is not None else {}
    entries["Role"] = (_text(key, "Role"), role)
    whole = made or key
    return Mapping(key.source, entries, whole.start, whole.end)


def _text(key: Scalar, text: str) -> Scalar:
    return Scalar(key.source, text, key.start, key.end, plain=False)


def _merged(shared: Node, own: Node) -> Node:
    if intrinsic(shared) is not None or intrinsic(own) is not None:
        return own
    if isinstance(shared, Mapping) and isinstance(own, Mapping):
        entries = dict(shared.entries)
        for name, (key, node) in own.entries.items():
            below = shared.get(name)
            entries[name] = (key, node if below is None else _merged(below, node))
        return Mapping(own.source, entries, own.start, own.end)
    if isinstance(shared, Sequence) and isinstance(own, Sequence):
        return Sequence(own.source, [*shared.items, *own.items], own.start, own.end)
    return own


def role_of(logical_id: str) -> str:
    """The logical ID of the role that is made for a function or a state machine."""
    return f"{logical_id}Role"
