"""A call of an intrinsic function, as the functions see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.document.tree import Node, Sequence
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val


class Call(NamedTuple):
    """A function call that is to be evaluated."""

    evaluator: Evaluator
    name: str
    argument: Node
    node: Node
    scope: StackScope

    @property
    def span(self) -> Span:
        """Where it is written."""
        return self.node.span

    def evaluate(self, node: Node) -> Val | None:
        """The value of a node of its arguments."""
        return self.evaluator.evaluate(node, self.scope)

    def fail(self, message: str, node: Node | None = None) -> Unknown:
        """Report an error in the call, where it is sure to be made; returns its unknown value."""
        return self.evaluator.fail(node or self.node, message, self.scope)

    def items(self, least: int, most: int, takes: str) -> list[Node] | None:
        """Its arguments, if they are a list of the right length; otherwise an error is reported."""
        argument = self.argument
        if isinstance(argument, Sequence) and least <= len(argument.items) <= most:
            return argument.items
        self.evaluator.fail(self.node, f"{self.name} takes {takes}")
        return None

    def malformed(self) -> Unknown:
        """The unknown value of a call whose shape has been reported as wrong."""
        return Unknown(f"{self.name} is not well-formed", "error", self.span)
