"""A resource's declaration, and the types that make stacks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.syntax import (
    TRANSFORM,
    intrinsic,
    is_directive,
    is_foreign,
    kind_of,
    text_of,
)
from iac_ec2lint.document.tree import Mapping, Node, Scalar, walk
from iac_ec2lint.source.span import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


STACK_SET = "AWS::CloudFormation::StackSet"
NESTED = {
    "AWS::CloudFormation::Stack": "TemplateURL",
    "AWS::Serverless::Application": "Location",
    STACK_SET: "TemplateURL",
}
"""The types that create stacks, and the property that locates their template."""

MODULE = "::MODULE"
"""The suffix of the types of the registry's modules."""

PRODUCT = "AWS::ServiceCatalog::CloudFormationProvisionedProduct"
"""The type that creates a stack of a template that Service Catalog has."""

_IMPORT = "Fn::ImportValue"


def is_third_party(type_: str) -> bool:
    """Whether a type is one of the registry that another than AWS has published.

    Source: CloudFormation User Guide, "Use third-party public extensions".
    """
    own = type_.startswith(("AWS::", "Alexa::", "Custom::"))
    return "::" in type_ and not own and not type_.endswith(MODULE)


def imports_in(node: Node) -> Iterator[tuple[Node, Node]]:
    """What is imported in a part of a template from other stacks: the calls, and the names."""
    for _, found in walk(node):
        call = intrinsic(found)
        if call is not None and call.name == _IMPORT:
            yield found, call.argument


class TemplateResource:
    """A resource as written in ``Resources``.

    Attributes:
        key: Its logical ID, where it is declared.
        node: Its declaration.
        type: Its type.
        properties: Its ``Properties``; ``None`` where it has none.
        condition: What names its condition, if it has one: text, or a function.
    """

    __slots__ = ("_imports", "condition", "key", "node", "properties", "type")

    def __init__(self, key: Scalar, node: Mapping, kind: str) -> None:
        self.key = key
        self.node = node
        self.type = kind
        self.properties = node.get("Properties")
        condition = node.get("Condition")
        self.condition = condition if condition is not None and _may_name(condition) else None
        self._imports: list[Node] | None = None

    @property
    def imports(self) -> list[Node]:
        """What is imported in it from other stacks."""
        if self._imports is None:
            self._imports = [node for node, _ in imports_in(self.node)]
        return self._imports

    @property
    def is_custom(self) -> bool:
        """Whether the user's own function creates it, so that its attributes can be anything."""
        return self.type.startswith("Custom::") or self.type in (
            "AWS::CloudFormation::CustomResource",
            "AWS::CloudFormation::Macro",
        )

    @property
    def extent(self) -> Span:
        """The span of all of it, from its logical ID on."""
        return extent(self.key, self.node)


def read_resource(
    key: Scalar, node: Node, report: Callable[[Node, str], object]
) -> TemplateResource | None:
    """The resource that an entry of ``Resources`` declares.

    Args:
        key: Its logical ID.
        node: The declaration.
        report: Called with the node and the message of each error.

    Returns:
        The resource; ``None`` where the entry is not one.
    """
    name = key.text
    directed = intrinsic(node)
    if directed is not None and is_directive(directed.name):
        return None
    if not isinstance(node, Mapping):
        report(key, f'the resource "{name}" is {kind_of(node)}; a mapping is expected')
        return None
    written = node.get("Type")
    kind = text_of(written)
    if kind is None:
        call = intrinsic(written) if written is not None else None
        if call is not None and is_directive(call.name):
            return None
        if TRANSFORM not in node.entries and not (written is not None and is_foreign(written)):
            said = "has no Type" if written is None else "has a Type that is no text"
            report(key, f'the resource "{name}" {said}')
        return None
    resource = TemplateResource(key, node, kind)
    condition = node.get("Condition")
    if condition is not None and not _may_name(condition):
        report(condition, f'the Condition of "{name}" is {kind_of(condition)}; a name is expected')
    properties = resource.properties
    if properties is not None and not isinstance(properties, Mapping):
        if isinstance(properties, Scalar) and properties.data is None:
            resource.properties = None
        elif intrinsic(properties) is None:
            report(
                properties,
                f'the Properties of "{name}" are {kind_of(properties)}; a mapping is expected',
            )
            return None
    return resource


def extent(key: Scalar, node: Node) -> Span:
    """The span from a key to the end of its node; the key alone where the node is an alias."""
    if node.start < key.start or node.source is not key.source:
        return key.span
    return Span(key.source, key.start, max(node.end, key.end))


def _may_name(condition: Node) -> bool:
    return text_of(condition) is not None or intrinsic(condition) is not None
