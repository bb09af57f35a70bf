"""What the functions need of whatever evaluates them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.template import Template
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.values import Answer, Step, Unknown, Val


class Evaluator(ABC):
    """Evaluates the expressions of one stack.

    Attributes:
        template: The stack's template.
        options: What the deployment is given.
    """

    template: Template
    options: StackOptions

    @abstractmethod
    def evaluate(self, node: Node, scope: StackScope) -> Val | None:
        """What a node comes to; ``None`` where it is removed (``AWS::NoValue``)."""

    @abstractmethod
    def name(self, name: str, node: Node, scope: StackScope) -> Val | None:
        """What ``Ref`` gives for a name.

        Args:
            name: That of a parameter, a pseudo parameter, a resource or a loop's identifier.
            node: Where it is written.
            scope: What it is evaluated under.
        """

    @abstractmethod
    def attribute(
        self, logical_id: str, attribute: str, node: Node, scope: StackScope
    ) -> Val | None:
        """What ``Fn::GetAtt`` gives for an attribute of a resource."""

    @abstractmethod
    def imported(self, name: str, node: Node) -> Val:
        """What ``Fn::ImportValue`` gives for the name of an export; ``node`` is the call."""

    @abstractmethod
    def decide(self, condition: str, node: Node, scope: StackScope) -> Answer:
        """Whether a condition holds; ``node`` is where it is named."""

    @abstractmethod
    def has_condition(self, name: str) -> bool:
        """Whether a condition of that name is declared."""

    @abstractmethod
    def assume(self, condition: str, truth: bool, scope: StackScope) -> StackScope:
        """The scope of what is there only where a condition is true, or false."""

    @abstractmethod
    def step(self, condition: str, truth: bool) -> Step:
        """The step of a value that is there only where a condition is true, or false."""

    @abstractmethod
    def fail(self, node: Node, message: str) -> Unknown:
        """Reports that a deployment would fail, and gives what the expression comes to."""

    @abstractmethod
    def missing(self, node: Node, source: str, message: str) -> Unknown:
        """Notes something that is not on the disk, and gives what it comes to."""
