"""A resource or an output of a stack, with what it is evaluated under."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.cloudformation.functions.texts import ID
from iac_ec2lint.cloudformation.template import MODULE

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.template import TemplateResource
    from iac_ec2lint.declaration import Presence
    from iac_ec2lint.document.tree import Mapping, Scalar

# An identifier without a value in a logical ID, after re.escape.
_LOOSE = re.compile(r"\\[$&]\\\{[^}]*\\\}")


class StackOutput(NamedTuple):
    """An output of a stack; of a loop, one for each turn.

    Attributes:
        name: Its name.
        key: Where that is written.
        node: What is written of it.
        scope: What its expressions are evaluated under.
        presence: Whether it is certain to be there.
    """

    name: str
    key: Scalar
    node: Mapping
    scope: StackScope
    presence: Presence


class StackResource:
    """A resource of a stack; of a loop, one for each turn.

    Attributes:
        logical_id: Its logical ID.
        resource: What is written of it.
        scope: What its expressions are evaluated under.
        presence: Whether it is certain to be there.
        absent: Whether it is certain not to be.
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
        """Of what type an attribute is: an id, or not known."""
        kind = self.resource.type
        if not kind.startswith("AWS::EC2::") or kind == "AWS::EC2::KeyPair":
            return None
        return ID if attribute == "Ref" or attribute.endswith("Id") else None

    def may_make(self, name: str) -> bool:
        """Whether a resource of that name may come of it: of a module, or of a loop's turn."""
        if self.resource.type.endswith(MODULE):
            return name.startswith(self.logical_id)
        if "{" not in self.logical_id:
            return False
        return bool(re.fullmatch(_LOOSE.sub(".*", re.escape(self.logical_id)), name))
