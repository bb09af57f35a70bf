"""The scope of an expression: the conditions assumed, and the identifiers of loops."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.values import UNGUARDED, Value

if TYPE_CHECKING:
    from iac_ec2lint.document.tree import Node, Scalar
    from iac_ec2lint.values import Answer, Guard, Val


class StackScope:
    """What is assumed and bound where an expression is evaluated.

    Attributes:
        assumed: The conditions with the truth under which the expression exists.
        pins: The values that parameters without a value must have for that.
        bindings: The identifiers of the loops around it.
        memo: The values of nodes, by their identity.
        answers: The answers of conditions.
        children: The scopes inside it, by the condition assumed in each.
        guard: What is assumed, as facts that can be compared.
        withheld: What would fail here, and is no error while this may not be deployed.
    """

    __slots__ = (
        "answers",
        "assumed",
        "bindings",
        "children",
        "guard",
        "memo",
        "pins",
        "withheld",
    )

    def __init__(
        self,
        assumed: dict[str, bool] | None = None,
        pins: dict[str, Val] | None = None,
        bindings: dict[str, Val] | None = None,
        guard: Guard = UNGUARDED,
    ) -> None:
        self.assumed = assumed or {}
        self.pins = pins or {}
        self.bindings = bindings or {}
        self.guard = guard
        self.memo: dict[int, Val | None] = {}
        self.answers: dict[str, Answer | None] = {}
        self.children: dict[tuple[str, bool], StackScope] = {}
        self.withheld: list[tuple[Node, str]] = []

    def bind(self, name: str, value: Val) -> StackScope:
        """The scope of one iteration of a loop."""
        return StackScope(self.assumed, self.pins, {**self.bindings, name: value}, self.guard)

    def fill(self, text: str) -> str:
        """Text with the identifiers of the loops around it replaced.

        ``${Name}`` is replaced by the value, ``&{Name}`` by its letters and digits ("Fn::ForEach"
        of the CloudFormation Template Reference). An identifier without a value stays.
        """
        for name, value in self.bindings.items():
            if isinstance(value, Value) and value.text is not None and "{" in text:
                text = text.replace("${" + name + "}", value.text)
                if "&{" in text:
                    bare = "".join(c for c in value.text if c.isascii() and c.isalnum())
                    text = text.replace("&{" + name + "}", bare)
        return text


class Declared(NamedTuple):
    """A condition's declaration: its name, its expression, and its scope (a loop's iteration)."""

    key: Scalar
    node: Node
    scope: StackScope
