"""The parameters that a nested stack is given by the stack around it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.pseudo import NAMES
from iac_ec2lint.document.tree import Mapping as MappingNode
from iac_ec2lint.values import Step, Unknown, Val, Value, as_text

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.instance import Instance
    from iac_ec2lint.cloudformation.stack import Stack

_OWN = {"AWS::StackName", "AWS::StackId", "AWS::NoValue"}


class Inputs(Mapping[str, "str | Val"]):
    """The values that a stack's resource gives to the parameters of the stack that it makes.

    Each is evaluated when it is asked for. Pseudo parameters that hold for the whole deployment
    are handed down.

    Args:
        outer: The stack around it.
        instance: The resource that makes the nested stack.
        step: Where that is declared.
    """

    def __init__(self, outer: Stack, instance: Instance, step: Step) -> None:
        self._outer = outer
        self._instance = instance
        self._step = step
        properties = instance.resource.properties
        written = properties.get("Parameters") if isinstance(properties, MappingNode) else None
        self._written = written if isinstance(written, MappingNode) else None
        self._unknown = None
        if written is not None and self._written is None:
            value = outer.evaluate(written, instance.scope)
            self._unknown = value if isinstance(value, Unknown) else None
        self._known: dict[str, str | Val] = {}

    def __getitem__(self, name: str) -> str | Val:
        """The value of a parameter.

        Raises:
            KeyError: It is given none.
        """
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> str | Val:
        if name.startswith("AWS::"):
            if name in _OWN or name not in NAMES:
                raise KeyError(name)
            return self._outer.options.parameters[name]
        if self._unknown is not None:
            return self._unknown
        node = self._written.get(name) if self._written is not None else None
        value = self._outer.evaluate(node, self._instance.scope) if node is not None else None
        if value is None or node is None:
            raise KeyError(name)
        step = Step(node.span, f'parameter "{name}" of {self._step.words}')
        return _joined(value).after(step)

    def __iter__(self) -> Iterator[str]:
        yield from self._written.entries if self._written is not None else ()

    def __len__(self) -> int:
        return len(self._written.entries) if self._written is not None else 0


def _joined(value: Val) -> Val:
    """A list as the text with commas that a parameter takes; an unknown in it stays one."""
    if not isinstance(value, Value) or not isinstance(value.data, tuple):
        return value
    members = tuple(as_text(member) for member in value.data)
    return Value(members, value.span, value.via)
