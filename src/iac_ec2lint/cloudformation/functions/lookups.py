"""``Fn::FindInMap``: entries of the template's mappings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation.conditions.words import input_words
from iac_ec2lint.cloudformation.syntax import TRANSFORM, intrinsic, kind_of, text_of
from iac_ec2lint.cloudformation.texts import (
    CANDIDATES,
    combinations,
    depending_on,
    steps_of,
)
from iac_ec2lint.document.tree import Mapping, Node, Scalar
from iac_ec2lint.values import UNGUARDED, Guard, Step, Unknown, Val, Value, as_text, exclude

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.functions.call import Call


def find_in_map(call: Call) -> Val | None:
    """``Fn::FindInMap``: an entry of a mapping, or its default value."""
    items = call.items(3, 4, "the name of a mapping and two keys")
    if items is None:
        return call.malformed()
    default = _default(call, items[3]) if len(items) == 4 else None
    if len(items) == 4 and default is None:
        return call.malformed()
    keys = [call.evaluate(item) for item in items[:3]]
    for key, item in zip(keys, items, strict=False):
        if key is None or (isinstance(key, Value) and isinstance(key.data, tuple | dict | None)):
            return call.fail("the keys of Fn::FindInMap are text", item)
    texts = [as_text(key) for key in keys if key is not None]
    return _Lookup(call, default, items).find(texts)


def _default(call: Call, node: Node) -> Node | None:
    if isinstance(node, Mapping) and list(node.entries) == ["DefaultValue"]:
        return node.entries["DefaultValue"][1]
    call.fail("the fourth argument of Fn::FindInMap is a mapping with DefaultValue", node)
    return None


def _may_be_null(value: Val) -> bool:
    return value.unset if isinstance(value, Unknown) else value.is_null


_PSEUDO = ("AWS::AccountId", "AWS::Region")
"""Pseudo parameters that mappings are made for."""
_KEYS = 15
"""Keys that are told apart."""


class _Lookup:
    """One lookup in the mappings."""

    def __init__(self, call: Call, default: Node | None, items: list[Node]) -> None:
        self.call = call
        self.default = default
        self.items = items
        self.mapping: Node | None = None
        self.called = ""
        """The name of the mapping."""
        self.named = ""
        """The parameter that is the one key that is not known."""
        self.none: Guard = UNGUARDED
        """What holds where that is none of the keys."""

    def find(self, keys: list[Val]) -> Val | None:
        """The entry at three keys, of which some may be unknown."""
        name = keys[0]
        mappings = self.call.evaluator.template.mappings
        if isinstance(name, Unknown):
            return self._undecided([k for k in keys if isinstance(k, Unknown)], ())
        node: Node | None = mappings.get(name.text or "") if mappings is not None else None
        if node is None and mappings is not None and TRANSFORM in mappings.entries:
            return self._changed(mappings.entries[TRANSFORM][0])
        if node is None:
            words = f'there is no mapping "{name.text}"'
            return self._absent(words, self.items[0], steps_of([name]))
        self.mapping, self.called = node, name.text or ""
        found = self._level(node, keys[1:], 1, steps_of([name]))
        unknowns = [key for key in keys if isinstance(key, Unknown)]
        if not unknowns:
            return found[0] if found else None
        values = tuple(value for value in found if value is not None)
        taken = self.call.evaluator.options.branches.taken
        if self.default is not None and not (taken and exclude(self.none, taken)):
            default = self.call.evaluate(self.default)
            if default is None:
                # AWS::NoValue: the property is removed, as by an arm of Fn::If.
                default = Value(None, self.default.span)
            default = default.after(*steps_of(keys))
            if self.none:
                words = f'parameter "{self.named}" is no key of such an entry of the mapping'
                step = Step(self.call.span, f"when {words}", guard=self.none, when=words)
                default = default.after(step)
            values += (default,)
        if values and all(isinstance(value, Value) and value.is_null for value in values):
            return None
        if taken and self.named and len(values) == 1 and isinstance(values[0], Value):
            # Where it is taken which key it is, one is left; the choice is what an edit changes.
            return values[0].but(span=self.call.span)
        return self._undecided(unknowns, values)

    def _level(
        self, node: Node, keys: list[Val], depth: int, via: tuple[Step, ...]
    ) -> list[Val | None]:
        """The values of the entries at ``keys`` below ``node``: all that match unknown keys."""
        if not keys:
            value = self.call.evaluate(node)
            return [value.after(*via) if value is not None and via else value]
        if not isinstance(node, Mapping):
            message = f"a mapping has two levels of keys, not {kind_of(node)}"
            return [self.call.fail(message, self.mapping)]
        if TRANSFORM in node.entries:
            return [self._changed(node.entries[TRANSFORM][0])]
        key = keys[0]
        if isinstance(key, Value):
            entry = node.get(key.text or "")
            if entry is None:
                words = f'there is no key "{key.text}" in the mapping "{self.called}"'
                return [self._absent(words, self.items[depth], (*via, *key.via))]
            return self._level(entry, keys[1:], depth + 1, (*via, *key.via))
        return self._all(node, key, keys[1:], depth, via)

    def _all(
        self, node: Mapping, key: Unknown, rest: list[Val], depth: int, via: tuple[Step, ...]
    ) -> list[Val | None]:
        accepted = {text.text for (text,) in combinations([key])}
        parameter = self._parameter(node, key, rest, depth)
        taken = self.call.evaluator.options.branches.taken
        found: list[Val | None] = []
        for name, (place, entry) in node.entries.items():
            if accepted and name not in accepted:
                continue
            second = rest[0] if rest else None
            if (
                isinstance(second, Value)
                and isinstance(entry, Mapping)
                and (second.text or "") not in entry.entries
            ):
                # Where the second key is missing it is the default, or a deployment fails.
                continue
            guard = UNGUARDED
            if parameter:
                guard = self.call.evaluator.parameter_is(parameter, name, holds=True)
                self.none |= self.call.evaluator.parameter_is(parameter, name, holds=False)
                if taken and exclude(guard, taken):
                    continue
            step = Step(place.span, f'the key is "{name}"')
            if guard:
                words = f'{input_words(parameter, self.call.evaluator)} is "{name}"'
                step = Step(place.span, f"when {words}", guard=guard, when=words)
            found.extend(self._level(entry, rest, depth + 1, (*via, step)))
        return found

    def _parameter(self, node: Mapping, key: Unknown, rest: list[Val], depth: int) -> str:
        """The parameter that a key is, where it is the only one that is not known."""
        only = not any(isinstance(other, Unknown) for other in rest) and not self.named
        if not only or key.marks or len(node.entries) > _KEYS:
            return ""
        inner = intrinsic(self.items[depth])
        name = text_of(inner.argument) if inner is not None and inner.name == "Ref" else None
        if name is None or name not in (*self.call.evaluator.template.parameters, *_PSEUDO):
            return ""
        self.named = name
        return name

    def _undecided(self, unknowns: list[Unknown], found: tuple[Val, ...]) -> Unknown:
        candidates = found if len(found) <= CANDIDATES else ()
        unset = any(_may_be_null(value) for value in found)
        return depending_on(unknowns, self.call.span, candidates=candidates).but(unset=unset)

    def _absent(self, message: str, node: Node, via: tuple[Step, ...]) -> Val | None:
        if self.default is not None:
            default = self.call.evaluate(self.default)
            return default.after(*via) if default is not None and via else default
        return self.call.fail(message, node)

    def _changed(self, place: Scalar) -> Unknown:
        return self.call.evaluator.missing(
            place, TRANSFORM, "a macro makes this part of the mappings"
        )
