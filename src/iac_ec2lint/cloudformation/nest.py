"""Where a stack belongs, and what it asks of whoever evaluates several together."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.cloudformation.instance import StackResource
    from iac_ec2lint.cloudformation.stack import Stack
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.values import Val


class StackPlace(NamedTuple):
    """Where a stack belongs.

    Attributes:
        unit: The file of the root stack that it is a part of, as messages name it.
        account: What stands for the account and the Region that it is deployed to.
        files: Its template's file and those of the stacks around it, the outermost first.
    """

    unit: str
    account: str
    files: tuple[Path, ...]


class Nest(Protocol):
    """Finds the stacks that a stack declares inside it."""

    def nested(self, stack: Stack, resource: StackResource) -> Stack | None:
        """The stack that a resource makes; ``None`` where its template is not on the disk."""

    def exported(self, stack: Stack, name: str, node: Node) -> Val | None:
        """What some stack exports under a name; ``None`` where no stack of the scan does."""

    def missing(self, source: str, node: Node) -> None:
        """Notes a template, macro or snippet that is not on the disk."""

    def report(self, diagnostic: Diagnostic) -> None:
        """Takes what is wrong; equal ones count once."""
