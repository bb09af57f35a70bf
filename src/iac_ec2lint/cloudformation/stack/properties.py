"""A resource's properties as sections, each evaluated when it is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.functions.call import Call
from iac_ec2lint.cloudformation.functions.choices import branches
from iac_ec2lint.cloudformation.syntax import intrinsic
from iac_ec2lint.declaration import (
    CERTAIN,
    Presence,
    Section,
    UnknownSection,
    ValueSection,
    sections_of,
)
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Step, Unknown, Val, Value, blanks

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.scope import StackScope


class Properties(Section):
    """A mapping of properties as it is written.

    Args:
        evaluator: Evaluates them.
        node: The mapping; ``None`` where a resource has no properties.
        scope: The scope in which they are evaluated.
        span: Where it is written.
        path: Its path in the resource.
        presence: Whether it is certain to exist.
    """

    __slots__ = ("_evaluator", "_node", "_scope")

    def __init__(
        self,
        evaluator: Evaluator,
        node: Mapping | None,
        scope: StackScope,
        span: Span,
        path: str = "",
        presence: Presence = CERTAIN,
    ) -> None:
        super().__init__(span, path, presence)
        self._evaluator = evaluator
        self._node = node
        self._scope = scope

    def get(self, name: str) -> Val | None:
        """See ``Section``."""
        node = self._node.get(name) if self._node is not None else None
        if node is None:
            return None
        value = self._evaluator.evaluate(node, self._scope)
        return None if value is None or value.is_null else value

    @property
    def extent(self) -> Span | None:
        """See ``Section``."""
        return None if self._node is None else self._node.span

    def expression(self, name: str) -> Span | None:
        """See ``Section``."""
        entry = self._node.entries.get(name) if self._node is not None else None
        return None if entry is None else entry[1].span

    def removed(self, name: str) -> tuple[Step, ...]:
        """See ``Section``."""
        node = self._node.get(name) if self._node is not None else None
        if node is None:
            return ()
        value = self._evaluator.evaluate(node, self._scope)
        if value is None:
            return self._left_out(name, node)
        if not isinstance(value, Value):
            return ()
        via = blanks(value)
        if via:
            return (Step(node.span, f"{name} is empty here"), *via)
        if not isinstance(node, Sequence) or value.data != ():
            return ()
        # A list of which every element is left out.
        steps = (step for item in node.items for step in self._left_out(name, item))
        return tuple(dict.fromkeys(steps))

    def _left_out(self, name: str, node: Node) -> tuple[Step, ...]:
        """What decides that a node comes to ``AWS::NoValue``."""
        found = [Step(node.span, f"{name} comes to AWS::NoValue here")]
        current, scope = node, self._scope
        while (call := intrinsic(current)) is not None and call.name == "Fn::If":
            arms = branches(Call(self._evaluator, call.name, call.argument, current, scope))
            if isinstance(arms, Unknown) or len(arms) != 1:
                break
            found += arms[0].decided
            current, scope = arms[0].node, arms[0].scope
        return tuple(dict.fromkeys(found))

    def entry(self, name: str) -> Span | None:
        """See ``Section``."""
        entry = self._node.entries.get(name) if self._node is not None else None
        if entry is None:
            return None
        key, value = entry
        return Span(key.source, key.start, value.span.end)

    def sections(self, name: str) -> tuple[Section, ...]:
        """See ``Section``."""
        node = self._node.get(name) if self._node is not None else None
        if node is None:
            return ()
        return sections_at(self._evaluator, node, self._scope, self.join(name), self.presence)

    def names(self) -> tuple[str, ...]:
        """See ``Section``."""
        if self._node is None:
            return ()
        return tuple(name for name in self._node.entries if self.get(name) is not None)


def sections_at(
    evaluator: Evaluator, node: Node, scope: StackScope, path: str, presence: Presence
) -> tuple[Section, ...]:
    """The sections at a node: a mapping, a list of mappings, or the result of a function.

    Args:
        evaluator: Evaluates it.
        node: The node.
        scope: The scope in which it is evaluated.
        path: Its path in the resource; elements of a list get their index.
        presence: The presence of what it is a part of.
    """
    if isinstance(node, Scalar):
        value = evaluator.evaluate(node, scope)
        return () if value is None else sections_of(value, path, presence)
    call = intrinsic(node)
    if call is None:
        if isinstance(node, Mapping):
            if _as_written(node, scope):
                return (Properties(evaluator, node, scope, node.span, path, presence),)
        elif isinstance(node, Sequence):
            found: list[Section] = []
            for index, item in enumerate(node.items):
                found.extend(sections_at(evaluator, item, scope, f"{path}[{index}]", presence))
            return tuple(found)
    elif call.name == "Fn::If":
        return _arms(Call(evaluator, call.name, call.argument, node, scope), path, presence)
    value = evaluator.evaluate(node, scope)
    return () if value is None else sections_of(value, path, presence)


def _arms(call: Call, path: str, presence: Presence) -> tuple[Section, ...]:
    evaluator = call.evaluator
    arms = branches(call)
    if isinstance(arms, Unknown):
        return (UnknownSection(arms, path, Presence(arms).within(presence)),)
    if len(arms) == 1:
        arm = arms[0]
        there = Presence(None, "", arm.steps).within(presence) if arm.steps else presence
        return sections_at(evaluator, arm.node, arm.scope, path, there)
    # Whether one of the arms is certain to exist is decided by comparing the cause's candidates.
    cause = evaluator.evaluate(call.node, call.scope)
    if not isinstance(cause, Unknown):
        return ()
    found: list[Section] = []
    for arm in arms:
        step = arm.steps[-1]
        there = Presence(cause, step.words, guard=step.guard).within(presence)
        if there.never:
            continue
        found.extend(sections_at(evaluator, arm.node, arm.scope, path, there))
    return tuple(found)


def _as_written(node: Mapping, scope: StackScope) -> bool:
    """Whether a mapping's keys are those written: no loop, macro or identifier changes them."""
    if scope.bindings and any("{" in name for name in node.entries):
        return False
    for name in node.entries:  # noqa: SIM110 - asked of each mapping; a generator takes twice as long
        if name.startswith("Fn::"):
            return False
    return True


def body_of(evaluator: Evaluator, node: Node | None, scope: StackScope, span: Span) -> Section:
    """The properties of a resource.

    Args:
        evaluator: Evaluates them.
        node: The value of ``Properties``; ``None`` where there is none.
        scope: The scope in which it is evaluated.
        span: The resource's logical ID.
    """
    if node is None:
        return Properties(evaluator, None, scope, span)
    if isinstance(node, Mapping) and intrinsic(node) is None and _as_written(node, scope):
        return Properties(evaluator, node, scope, span)
    value = evaluator.evaluate(node, scope)
    if value is None:
        return Properties(evaluator, None, scope, span)
    if isinstance(value, Unknown):
        return UnknownSection(value, "", CERTAIN)
    body = ValueSection(value, "")
    body.span = span
    return body
