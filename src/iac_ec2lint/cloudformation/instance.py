"""A resource of a stack, with what it is evaluated under."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.scope import Scope
    from iac_ec2lint.cloudformation.template import Resource
    from iac_ec2lint.declaration import Presence


class Instance:
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
        self, logical_id: str, resource: Resource, scope: Scope, presence: Presence, *, absent: bool
    ) -> None:
        self.logical_id = logical_id
        self.resource = resource
        self.scope = scope
        self.presence = presence
        self.absent = absent
