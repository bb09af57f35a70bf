"""The parameters that a stack passes to a nested stack."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.parameters.pseudo import NAMES
from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.cloudformation.template.resource import STACK_SET
from iac_ec2lint.document.tree import Mapping as MappingNode
from iac_ec2lint.document.tree import Node, Scalar, Sequence
from iac_ec2lint.values import Step, Unknown, Val, Value, as_text

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.instance import StackResource

_OWN = {"AWS::StackName", "AWS::StackId", "AWS::NoValue"}
_OWN_OF_SETS = _OWN | {"AWS::AccountId", "AWS::Region", "AWS::Partition", "AWS::URLSuffix"}


class NestedInputs(Mapping[str, "str | Val"]):
    """The values that a stack's resource passes to the parameters of the stack that it creates.

    Each is evaluated when it is read. Pseudo parameters that apply to the whole deployment are
    passed on.

    Args:
        outer: The stack around it.
        instance: The resource that creates the nested stack.
        step: Where that is declared.
        overrides: What some instances of a stack set have in place of the set's own values.

    Attributes:
        outer: See above.
    """

    def __init__(
        self, outer: Evaluator, instance: StackResource, step: Step, overrides: Node | None = None
    ) -> None:
        self.outer = outer
        self._instance = instance
        self._step = step
        written = given_to(instance)
        self._own = _OWN_OF_SETS if instance.resource.type == STACK_SET else _OWN
        self._written: dict[str, Node] | None = None
        self._evaluated: dict[str, Val] = {}
        self._unknown: Unknown | None = None
        if isinstance(written, MappingNode) and intrinsic(written) is None:
            self._written = {name: node for name, (_, node) in written.entries.items()}
        elif written is not None:
            given = _members(outer.evaluate(written, instance.scope))
            self._unknown = given if isinstance(given, Unknown) else None
            self._evaluated = given if isinstance(given, dict) else {}
        own = overrides if overrides is None else by_key(overrides)
        if isinstance(overrides, Sequence) and isinstance(own, MappingNode):
            self._written = (self._written or {}) | {n: v for n, (_, v) in own.entries.items()}
        elif own is not None:
            words = "the parameters of some instances of the stack set are not known"
            self._unknown = Unknown(words, "expression", own.span)
        self._known: dict[str, str | Val] = {}

    def __getitem__(self, name: str) -> str | Val:
        """The value of a parameter.

        Raises:
            KeyError: No value is given for it.
        """
        if name not in self._known:
            self._known[name] = self._find(name)
        return self._known[name]

    def _find(self, name: str) -> str | Val:
        if name.startswith("AWS::"):
            if name in self._own or name not in NAMES:
                raise KeyError(name)
            return self.outer.options.parameters[name]
        if self._unknown is not None:
            return self._unknown
        node = self.passed(name)
        value = self._evaluated.get(name)
        if node is not None:
            value = self.outer.evaluate(node, self._instance.scope)
        if value is None:
            raise KeyError(name)
        span = value.span if node is None else node.span
        step = Step(span, f'parameter "{name}" of {self._step.words}')
        return _joined(value).after(step)

    def passed(self, name: str) -> Node | None:
        """What is written for a parameter; ``None`` where nothing is."""
        return (self._written or {}).get(name)

    def __iter__(self) -> Iterator[str]:
        yield from {**self._evaluated, **(self._written or {})}

    def __len__(self) -> int:
        return len({**self._evaluated, **(self._written or {})})


def given_to(instance: StackResource) -> Node | None:
    """The parameters that are given to a nested stack or a stack set: a map, if it is written so.

    A stack set has a list of ``ParameterKey`` and ``ParameterValue``.
    """
    properties = instance.resource.properties
    written = properties.get("Parameters") if isinstance(properties, MappingNode) else None
    if instance.resource.type != STACK_SET or written is None:
        return written
    return by_key(written)


def overridden(instance: StackResource) -> Iterator[tuple[int, Node]]:
    """What groups of a stack set's instances have in place of its parameters, with their numbers.

    Of what no list says it is not known. Source: CloudFormation template reference,
    ``StackInstances``.
    """
    properties = instance.resource.properties
    groups = properties.get("StackInstancesGroup") if isinstance(properties, MappingNode) else None
    if instance.resource.type != STACK_SET or groups is None:
        return
    for number, group in enumerate(groups.items if isinstance(groups, Sequence) else (groups,)):
        found: Node | None = group
        if isinstance(group, MappingNode) and intrinsic(group) is None:
            found = group.get("ParameterOverrides")
        if found is not None and not (isinstance(found, Sequence) and not found.items):
            yield number, found


def by_key(written: Node) -> Node:
    """A list of ``ParameterKey`` and ``ParameterValue`` as a map, where it is written so."""
    if not isinstance(written, Sequence):
        return written
    entries: dict[str, tuple[Scalar, Node]] = {}
    for item in written.items:
        key = item.get("ParameterKey") if isinstance(item, MappingNode) else None
        value = item.get("ParameterValue") if isinstance(item, MappingNode) else None
        if not isinstance(key, Scalar):
            return written
        if value is not None:
            entries[key.text] = (key, value)
    return MappingNode(written.source, entries, written.start, written.end)


def _members(value: Val | None) -> dict[str, Val] | Unknown:
    """The parameters that an expression comes to: a map of them, or a list as stack sets have it.

    Of several that it may come to, each parameter may have what it has in one of them.
    """
    if isinstance(value, Unknown):
        found = [_members(one) for one in value.candidates]
        if not found or not all(isinstance(one, dict) for one in found):
            return value
        arms = [
            {name: member.after(*arm.via) for name, member in one.items()}
            for arm, one in zip(value.candidates, found, strict=True)
            if isinstance(one, dict)
        ]
        return {
            name: value.but(
                candidates=tuple(
                    arm.get(name, Value(None, one.span, one.via))
                    for arm, one in zip(arms, value.candidates, strict=True)
                ),
                unset=any(name not in arm for arm in arms),
            )
            for name in dict.fromkeys(name for arm in arms for name in arm)
        }
    if value is None or not isinstance(value.data, tuple):
        return {} if value is None else dict(value.items())
    members: dict[str, Val] = {}
    for element in value.elements():
        if isinstance(element, Unknown):
            return element
        given = element.items()
        key, own = given.get("ParameterKey"), given.get("ParameterValue")
        if isinstance(key, Unknown):
            return key
        if key is not None and key.text is not None and own is not None:
            members[key.text] = own
    return members


def _joined(value: Val) -> Val:
    """A list as comma-separated text, as a parameter takes it; unknown elements stay unknown."""
    if not isinstance(value, Value) or not isinstance(value.data, tuple):
        return value
    members = tuple(as_text(member) for member in value.data)
    return Value(members, value.span, value.via)
