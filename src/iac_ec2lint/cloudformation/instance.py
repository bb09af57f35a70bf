"""A resource or an output of a stack, with its scope."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.template.resource import MODULE
from iac_ec2lint.values.inputs import ID

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.template.resource import TemplateResource
    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.document.tree import Mapping, Scalar

# An identifier without a value in a logical ID, after re.escape.
_LOOSE = re.compile(r"\\[$&]\\\{[^}]*\\\}")


class StackOutput(NamedTuple):
    """An output of a stack; a loop makes one for each iteration.

    Attributes:
        name: Its name.
        key: Where that is written.
        node: Its declaration.
        scope: The scope in which its expressions are evaluated.
        presence: Whether it is certain to exist.
    """

    name: str
    key: Scalar
    node: Mapping
    scope: StackScope
    presence: Presence


class StackResource:
    """A resource of a stack; a loop makes one for each iteration.

    Attributes:
        logical_id: Its logical ID.
        resource: Its declaration.
        scope: The scope in which its expressions are evaluated.
        presence: Whether it is certain to exist.
        absent: Whether it is certain not to exist.
    """

    __slots__ = ("absent", "logical_id", "presence", "resource", "scope")

    def __init__(
        self,
        logical_id: str,
        resource: TemplateResource,
        scope: StackScope,
        presence: Presence,
        *,
        absent: bool,
    ) -> None:
        self.logical_id = logical_id
        self.resource = resource
        self.scope = scope
        self.presence = presence
        self.absent = absent

    def type_of(self, attribute: str) -> str | None:
        """The type of an attribute where it is an id; ``None`` where the type is unknown."""
        kind = self.resource.type
        if not kind.startswith("AWS::EC2::") or kind == "AWS::EC2::KeyPair":
            return None
        return ID if attribute == "Ref" or attribute.endswith("Id") else None

    def may_make(self, name: str) -> bool:
        """Whether it may create a resource of that name: as a module, or in a loop's iteration."""
        if self.resource.type.endswith(MODULE):
            return name.startswith(self.logical_id)
        if "{" not in self.logical_id:
            return False
        return bool(re.fullmatch(_LOOSE.sub(".*", re.escape(self.logical_id)), name))
