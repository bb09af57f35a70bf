"""The interface that intrinsic functions use to evaluate their arguments."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.cloudformation.scope import StackScope
    from iac_ec2lint.cloudformation.template.template import Template
    from iac_ec2lint.document.tree import Node
    from iac_ec2lint.source.budget import Placed
    from iac_ec2lint.values import Answer, Guard, Step, Unknown, Val


class Evaluator(ABC):
    """Evaluates the expressions of one stack.

    Attributes:
        template: The stack's template.
        options: The deployment's parameters and Region.
        identity: What no other stack of the unit has, and this one has whenever it is evaluated.
        prefix: What the addresses of the stack's resources begin with.
    """

    template: Template
    options: StackOptions
    identity: str
    prefix: str

    @abstractmethod
    def evaluate(self, node: Node, scope: StackScope) -> Val | None:
        """The value of a node; ``None`` where it is removed (``AWS::NoValue``)."""

    @abstractmethod
    def spend(self, place: Placed, steps: int, made: int = 0) -> Unknown | None:
        """Take something of the budget; where there is not as much, the unknown in its place."""

    @abstractmethod
    def name(self, name: str, node: Node, scope: StackScope) -> Val | None:
        """The value of ``Ref`` for a name.

        Args:
            name: The name of a parameter, a pseudo parameter, a resource or a loop's identifier.
            node: Where it is written.
            scope: The scope in which it is evaluated.
        """

    @abstractmethod
    def attribute(
        self, logical_id: str, attribute: str, node: Node, scope: StackScope
    ) -> Val | None:
        """The value of ``Fn::GetAtt`` for an attribute of a resource."""

    @abstractmethod
    def imported(self, name: Val, node: Node) -> Val:
        """The value of ``Fn::ImportValue`` for the name of an export; ``node`` is the call."""

    @abstractmethod
    def decide(self, condition: str, node: Node, scope: StackScope) -> Answer:
        """Whether a condition is true; ``node`` is where it is referred to."""

    @abstractmethod
    def decided(self, assumptions: Iterable[Step]) -> None:
        """Take note that some defaults choose one of several values."""

    @abstractmethod
    def has_condition(self, name: str) -> bool:
        """Whether a condition of that name is declared."""

    @abstractmethod
    def assume(self, condition: str, truth: bool, scope: StackScope) -> StackScope:
        """The scope of what exists only where a condition is true, or false."""

    @abstractmethod
    def parameter_is(self, name: str, value: str, *, holds: bool) -> Guard:
        """The guard of what is there where a parameter has a value, or has not."""

    @abstractmethod
    def step(self, condition: str, truth: bool) -> Step:
        """The step of a value that exists only where a condition is true, or false."""

    @abstractmethod
    def fail(self, node: Node, message: str, scope: StackScope | None = None) -> Unknown:
        """Report that a deployment would fail; returns the unknown value of the expression.

        Args:
            node: The expression.
            message: Why it would fail.
            scope: Where only an evaluation of it would fail, the scope of that: of what may not be
                deployed it is no error. ``None``: CloudFormation refuses the template anyhow.
        """

    @abstractmethod
    def to_be_set(self, node: Node, message: str, default: Step, scope: StackScope) -> Unknown:
        """Take note that a deployment would fail with a default that is empty; see ``fail``.

        Whoever deploys the template gives another. What nests it and gives none leaves it an error.

        Args:
            node: The expression.
            message: Why it would fail.
            default: The step of the value that is the default.
            scope: The scope of the expression.
        """

    @abstractmethod
    def missing(self, node: Node, source: str, message: str) -> Unknown:
        """Record something that is not on the disk; returns its unknown value."""
