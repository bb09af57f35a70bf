"""The place of a stack among others, and the interface through which it finds them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.cloudformation.joins.imports import Imports
    from iac_ec2lint.cloudformation.joins.nested import NestedStacks
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.budget import Budget
    from iac_ec2lint.source.diagnostic import Diagnostic, Observation


class StackPlace(NamedTuple):
    """The place of a stack among others.

    Attributes:
        unit: The file of the root stack that it belongs to, as messages name it.
        account: Identifies the account and the Region that it is deployed to.
        files: Its template's file and those of the stacks around it, the outermost first.
    """

    unit: str
    account: str
    files: tuple[Path, ...]


class Nest(Protocol):
    """Finds the stacks that a stack nests or imports from.

    Attributes:
        budget: What the unit may still take.
    """

    budget: Budget

    @property
    def imports(self) -> Imports:
        """What its stacks import of others."""

    @property
    def nested(self) -> NestedStacks:
        """The stacks that they nest."""

    def missing(self, source: str, node: Node) -> None:
        """Record a template, macro or snippet that is not on the disk."""

    def observe(self, observation: Observation) -> None:
        """Add an observation, once."""

    def report(self, diagnostic: Diagnostic, call: str = "") -> None:
        """Add a diagnostic, once, and the nested stack that it is met in; see ``Diagnostics``."""
