"""What tells a template from other data: its content, not its name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import (
    FOR_EACH,
    TRANSFORM,
    intrinsic,
    is_directive,
    text_of,
)
from iac_ec2lint.document.tree import Mapping, Node, Sequence, Tagged

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.document.reading import Document


VERSION = "AWSTemplateFormatVersion"
_SECTIONS = frozenset(
    {"Conditions", "Description", "Globals", "Hooks", "Mappings"}
    | {"Metadata", "Outputs", "Parameters", "Rules", "Transform", "Transforms"}
)
"""The sections that a template may have beside its version and its resources, SAM's too."""

# A variable of the Serverless Framework, whose files hold resources of the template that it makes.
_SERVERLESS_FRAMEWORK = re.compile(r"\$\{(?:self|opt|sls|file|param)[:(]")


def templates_in(document: Document) -> list[Mapping]:
    """The trees of a file that are templates, by their content."""
    return [root for root in mappings_in(document) if _is_template_root(root)]


def mappings_in(document: Document) -> list[Mapping]:
    """The trees of a file that are mappings."""
    return [root for root in document.roots if isinstance(root, Mapping)]


def declares_aws(root: Mapping) -> bool:
    """Whether a tree has ``Resources`` of which one is of a type of AWS."""
    resources = root.get("Resources")
    return isinstance(resources, Mapping) and any(
        isinstance(node, Mapping) and (text_of(node.get("Type")) or "").startswith("AWS::")
        for _, node in resources.entries.values()
    )


def declares_in_service(root: Mapping) -> bool:
    """Whether a tree is a service of the Serverless Framework with resources of AWS of its own.

    Source: Serverless Framework, "AWS Infrastructure Resources": ``resources``, one or a list.
    """
    own = root.get("resources")
    parts = own.items if isinstance(own, Sequence) else [own]
    return any(isinstance(part, Mapping) and declares_aws(part) for part in parts)


def is_template(document: Document) -> bool:
    """Whether a file holds a template, by its content, not its name.

    A template has ``AWSTemplateFormatVersion``, or ``Resources`` of which one has a type with
    ``::`` in it, as all types that CloudFormation knows have, or is a loop, or is made by a macro.
    """
    return bool(templates_in(document))


def _is_template_root(root: Mapping) -> bool:
    if VERSION in root.entries:
        return True
    if _SERVERLESS_FRAMEWORK.search(root.span.text):
        return False
    resources = root.get("Resources")
    made = [name for name, _ in transforms_of(root)]
    if made and resources is not None:
        return True
    # Without resources it is a broken template, or other data with such a key.
    if any(name.startswith("AWS::") for name in made) and _SECTIONS.issuperset(root.entries):
        return True
    if isinstance(resources, Tagged) and resources.tag == "!Transform":
        return True
    if not isinstance(resources, Mapping):
        return False
    if TRANSFORM in resources.entries:
        return True
    for key, node in resources.entries.values():
        call = intrinsic(node)
        if key.text.startswith(FOR_EACH) or (call is not None and is_directive(call.name)):
            return True
        if isinstance(node, Mapping):
            kind = text_of(node.get("Type"))
            if TRANSFORM in node.entries or (kind is not None and "::" in kind):
                return True
    return False


def transforms_of(root: Mapping) -> Iterator[tuple[str, Node]]:
    """The names of the macros that a template is given to, and where they are."""
    for key in ("Transform", "Transforms"):
        node = root.get(key)
        for item in node.items if isinstance(node, Sequence) else [node]:
            if isinstance(item, Mapping):
                item = item.get("Name")  # noqa: PLW2901 - a transform with parameters
            name = text_of(item)
            if name and item is not None:
                yield name, item
