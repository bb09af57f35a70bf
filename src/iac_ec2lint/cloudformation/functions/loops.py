"""``Fn::ForEach`` of the language extensions: its iterations, in every section that allows it."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.scope import Declared, StackScope
from iac_ec2lint.cloudformation.syntax import FOR_EACH, text_of
from iac_ec2lint.cloudformation.texts import element_of
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence
from iac_ec2lint.source.budget import turns as turns_of
from iac_ec2lint.values import Unknown, Value, as_text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.cloudformation.evaluator import Evaluator
    from iac_ec2lint.cloudformation.template.resource import TemplateResource

Turn = tuple[StackScope, Mapping]

_TURN_BYTES = 2_000
"""Bytes of one turn: the scope of its identifier, and what is evaluated in it."""


class Loops:
    """The loops of one stack's template.

    Args:
        evaluator: Evaluates the collections.
    """

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def turns(self, name: str, key: Scalar, node: Node, scope: StackScope) -> list[Turn] | Unknown:
        """The iterations of a loop: the scope of each, and the mapping to evaluate in it.

        Args:
            name: Its key: ``Fn::ForEach::Name``.
            key: Where that is written.
            node: Its argument: the list of identifier, collection and body.
            scope: The scope around it.
        """
        fail = self._evaluator.fail
        if not name.startswith(FOR_EACH):
            return fail(key, f"{name} stands beside other keys, where only a loop can")
        if not self._evaluator.template.extended:
            return fail(key, "Fn::ForEach needs the transform AWS::LanguageExtensions")
        if not isinstance(node, Sequence) or len(node.items) != 3:
            return fail(key, f"{name} takes an identifier, a collection and a mapping")
        identifier, body = text_of(node.items[0]), node.items[2]
        if identifier is None or not isinstance(body, Mapping):
            return fail(key, f"{name} takes an identifier, a collection and a mapping")
        over = self._evaluator.evaluate(node.items[1], scope)
        if isinstance(over, Unknown):
            return element_of(over, over.span)
        if over is None or not isinstance(over.data, tuple):
            return fail(node.items[1], f"{name} takes a list to run over")
        steps, _ = turns_of(len(over.data), body)
        spent = self._evaluator.spend(key, steps, len(over.data) * _TURN_BYTES)
        if spent is not None:
            return spent
        turns: list[Turn] = []
        for element in over.elements():
            if isinstance(element, Unknown):
                return element
            text = as_text(element)
            if isinstance(text, Value) and text.text is not None:
                turns.append((scope.bind(identifier, text), body))
        return turns

    def possible_turns(
        self, name: str, key: Scalar, node: Node, scope: StackScope
    ) -> tuple[list[Turn], Unknown | None]:
        """The iterations of a loop; of an unknown number one whose identifier has no value.

        Returns:
            They, and why their number is not known, where it is not; see ``turns``.
        """
        turns = self.turns(name, key, node, scope)
        if not isinstance(turns, Unknown):
            return turns, None
        if isinstance(node, Sequence) and turns.cause != "error":
            identifier, body = text_of(node.items[0]), node.items[2]
            if identifier is not None and isinstance(body, Mapping):
                return [(scope.bind(identifier, turns), body)], turns
        return [], None

    def entries(
        self, section: Mapping, scope: StackScope
    ) -> Iterator[tuple[str, Scalar, Node, StackScope, Unknown | None]]:
        """The entries of a section, loops expanded.

        Yields:
            Name, key, node and scope, and the unknown where the number of iterations is unknown. A
            loop over something unknown has one iteration, whose identifier has no value.
        """
        pending: deque[tuple[Mapping, StackScope, Unknown | None]] = deque([(section, scope, None)])
        while pending:
            mapping, inner, cause = pending.popleft()
            for name, (key, node) in mapping.entries.items():
                if not name.startswith(FOR_EACH):
                    yield inner.fill(name) if inner.bindings else name, key, node, inner, cause
                    continue
                turns, why = self.possible_turns(name, key, node, inner)
                pending.extend((body, turn, cause if why is None else why) for turn, body in turns)

    def conditions(self) -> dict[str, Declared]:
        """The conditions by name."""
        section = self._evaluator.template.conditions
        if section is None:
            return {}
        return {
            name: Declared(key, node, scope)
            for name, key, node, scope, _ in self.entries(section, StackScope())
        }

    def outputs(self) -> Iterator[tuple[str, Scalar, Node, StackScope, Unknown | None]]:
        """The outputs; see ``entries``."""
        section = self._evaluator.template.outputs
        if section is not None:
            yield from self.entries(section, StackScope())

    def resources(self) -> Iterator[tuple[str, TemplateResource, StackScope, Unknown | None]]:
        """The resources that loops make."""
        template = self._evaluator.template
        for name, key, node in template.loops:
            section = Mapping(key.source, {name: (key, node)}, key.start, node.end)
            for logical_id, place, body, scope, cause in self.entries(section, StackScope()):
                resource = template.resource(place, body, self._evaluator.fail)
                if resource is not None:
                    yield logical_id, resource, scope, cause
