"""Intrinsic functions in a template's tree, in their long and short forms."""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged
from iac_ec2lint.values import Value, as_text

# "Intrinsic function reference" of the CloudFormation User Guide, and the functions of Rules.
SHORT_TAGS = frozenset(
    {
        "!And",
        "!Base64",
        "!Cidr",
        "!Condition",
        "!Contains",
        "!EachMemberEquals",
        "!EachMemberIn",
        "!Equals",
        "!FindInMap",
        "!GetAZs",
        "!GetAtt",
        "!GetStackOutput",
        "!If",
        "!ImportValue",
        "!Join",
        "!Length",
        "!Not",
        "!Or",
        "!Ref",
        "!RefAll",
        "!Select",
        "!Split",
        "!Sub",
        "!ToJsonString",
        "!Transform",
        "!ValueOf",
        "!ValueOfAll",
    }
)

DIRECTIVE = "Rain::"
"""The prefix of directives of Rain, a tool that replaces them before a template is deployed."""

FOR_EACH = "Fn::ForEach::"
TRANSFORM = "Fn::Transform"

_LONG = {tag: tag[1:] if tag in ("!Ref", "!Condition") else f"Fn::{tag[1:]}" for tag in SHORT_TAGS}
"""The long names of the short tags."""


class Intrinsic(NamedTuple):
    """A call of an intrinsic function.

    Attributes:
        name: Its long name: ``Ref``, ``Condition`` or ``Fn::Sub``.
        argument: Its argument.
        node: The whole call.
    """

    name: str
    argument: Node
    node: Node


def intrinsic(node: Node) -> Intrinsic | None:
    """The function call that a node is; ``None`` where it is data.

    The long form of ``Condition`` is not included: outside conditions it is an ordinary key (of a
    policy's statement). Neither are loops (``Fn::ForEach::Name``), which are among the keys of a
    mapping.
    """
    if isinstance(node, Tagged):
        tag = node.tag
        name = _LONG.get(tag) or (tag[1:] if is_directive(tag[1:]) else f"Fn::{tag[1:]}")
        return Intrinsic(name, node.node, node)
    if isinstance(node, Mapping) and len(node.entries) == 1:
        name = next(iter(node.entries))
        is_call = name.startswith(("Fn::", DIRECTIVE)) and not name.startswith(FOR_EACH)
        if is_call or name == "Ref":
            return Intrinsic(name, node.entries[name][1], node)
    return None


def macros_of(argument: Node) -> str:
    """The names of the macros that the argument of ``Fn::Transform`` gives its part to."""
    names = [
        text_of(item.get("Name"))
        for item in (argument.items if isinstance(argument, Sequence) else [argument])
        if isinstance(item, Mapping)
    ]
    return ", ".join(name for name in names if name) or TRANSFORM


def is_directive(name: str) -> bool:
    """Whether a name is a directive that a preprocessor replaces."""
    return name.startswith(DIRECTIVE)


def is_foreign(node: Node) -> bool:
    """Whether a node has the tag of another program; that is reported once for a template."""
    return isinstance(node, Tagged) and node.tag not in SHORT_TAGS


def text_of(node: Node | None) -> str | None:
    """The text of a scalar; ``None`` for null and anything else."""
    if isinstance(node, Scalar) and not (node.plain and node.data is None):
        return node.text
    return None


def compared_text(node: Scalar) -> str:
    """A scalar's text as CloudFormation compares it: ``True`` of YAML is ``true``."""
    text = as_text(Value(node.data, node.span)).text
    return node.text if text is None else text


def kind_of(node: Node) -> str:
    """The kind of a node, for messages: ``a list``."""
    if isinstance(node, Sequence):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    if isinstance(node, Tagged):
        return f"the function {node.tag}"
    return "empty" if node.plain and node.data is None else "plain text"
