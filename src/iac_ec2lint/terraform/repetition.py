"""``count`` and ``for_each``: how many instances of a block there are, or why that is unknown.

Source: "The count Meta-Argument", "The for_each Meta-Argument" of the Terraform language.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.source.budget import INSTANCE_STEPS, MODULE_STEPS
from iac_ec2lint.terraform.language.conditions.guards import facts
from iac_ec2lint.terraform.language.conditions.words import condition_words, existence_words
from iac_ec2lint.terraform.language.containers import (
    Definition,
    Lazy,
    OpenMap,
    Set,
    Several,
    is_open,
    make_list,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.scope import Scope
from iac_ec2lint.terraform.language.types import (
    ANY,
    BOOL,
    NUMBER,
    STRING,
    SetOf,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
    depend_on,
    element_of,
    settle,
)
from iac_ec2lint.values import (
    UNMARKED,
    Guard,
    Unknown,
    Val,
    Value,
    common,
    exclude,
    guard_of,
    when_of,
)
from iac_ec2lint.values.allowed import allowed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iac_ec2lint.hcl import tree
    from iac_ec2lint.source.span import Span


class Repetition:
    """The instances that ``count`` or ``for_each`` makes of a block, or why they are unknown.

    Attributes:
        kind: ``single``, ``count``, ``each``, or ``unknown``.
        keys: The instance keys, in order: ``[None]`` for a single one. Of an unknown ``for_each``
            first the keys that are certain to be in it; ``None`` stands for the others.
        values: The value of ``each.value``, for each key.
        cause: Why the number of instances is unknown.
        presence: The presence of the instances; possible where the number is unknown, save of
            those whose keys are certain.
        names: ``each`` and ``count`` inside the one instance that represents an unknown number.
        possible: The presence of those keys of an unknown ``for_each`` that may be in it.
        counted: Whether ``count``, not ``for_each``, is unknown.
        marks: The marks of ``for_each`` as a whole.
        more: How many more instances there are, each the same as these to everything else.
        enabling: What is true where there is one, if it is unknown whether it is (``enabled``).
    """

    __slots__ = (
        "cause",
        "counted",
        "enabling",
        "keys",
        "kind",
        "marks",
        "more",
        "names",
        "possible",
        "presence",
        "values",
    )

    def __init__(self, kind: str, keys: list[str | int | None]) -> None:
        self.kind = kind
        self.keys = keys
        self.values: list[Val] = []
        self.presence = CERTAIN
        self.cause: Unknown | None = None
        self.counted = False
        self.marks = UNMARKED
        self.names: dict[str, Val] = {}
        self.possible: dict[str, Presence] = {}
        self.more = 0
        self.enabling: Definition[Scope] | None = None

    @property
    def is_paid(self) -> bool:
        """Whether the budget has been asked for its instances: not for that of a single block."""
        return self.kind in ("count", "each")

    def bindings(self, position: int, span: Span) -> dict[str, Val]:
        """``each`` or ``count`` for one instance."""
        if self.kind == "single":
            return {}
        key = self.keys[position]
        if self.kind == "unknown" and key is None:
            return self.names
        if self.kind == "count":
            return {"count": Value({"index": Value(key, span)}, span)}
        value = self.values[position]
        if self.marks:
            value = value.marked(self.marks)
        key_value = Value(key, value.span, marks=self.marks)
        return {"each": Value({"key": key_value, "value": value}, span)}

    def presence_of(self, key: str | int | None) -> Presence:
        """The presence of one instance."""
        if self.kind != "unknown" or key is None:
            return self.presence
        return self.possible.get(str(key), CERTAIN)

    def whole(self, instances: Sequence[Val], span: Span) -> Val:
        """A reference to all that is made: an object, a list of them, or a map.

        Args:
            instances: What stands for each instance, in the order of ``keys``.
            span: The header of the block.
        """
        via = self.presence.assumptions
        if self.kind == "single":
            if not instances:
                return Value(None, span, via)
            return instances[0].after(*via) if via else instances[0]
        if self.kind == "count":
            return Value(tuple(instances), span, via)
        if self.kind == "each":
            members = {str(key): one for key, one in zip(self.keys, instances, strict=True)}
            return Value(members, span, via)
        assert self.cause is not None  # noqa: S101 - that of an unknown number
        if self.cause.cause == "error":
            return self.cause
        if self.counted:
            return Value(make_list([Several(self.cause, instances[0])], ANY, is_open=True), span)
        return self._members(instances, span)

    def _members(self, instances: Sequence[Val], span: Span) -> Val:
        """What an unknown ``for_each`` makes, as a value: its instances by their keys."""
        assert self.cause is not None  # noqa: S101 - that of an unknown number
        known: dict[str, Val] = {}
        others: list[Val] = []
        for key, instance in zip(self.keys, instances, strict=True):
            if key is None or key in self.possible:
                others.append(instance)
            else:
                known[str(key)] = instance
        other = others[0] if len(others) == 1 else choose(span, self.cause, others)
        return OpenMap(self.cause, known, other)


ALIKE = 1_000
"""Instances that are the same to everything else: no more of them are made."""

_SINGLE = Repetition("single", [None])


def repetition(
    block: tree.Block, scope: Scope, alike: Callable[[], bool] = lambda: False
) -> Repetition:
    """The instances of a resource or module block.

    Args:
        block: The block.
        scope: Where its ``count`` or ``for_each`` is evaluated.
        alike: Tells whether they are all the same to everything else: no more than ``ALIKE`` of
            them are made then.
    """
    attributes = block.body.attributes
    count = attributes.get("count")
    each = attributes.get("for_each")
    enabled = _switch(block)
    if enabled is not None:
        return _enabled(enabled, scope)
    if count is not None and each is not None:
        scope.error(each.span, "count and for_each exclude each other")
    if count is not None:
        return _count(count, block, scope, alike)
    return _SINGLE if each is None else _for_each(each, block, scope, alike)


def _switch(block: tree.Block) -> tree.Attribute | None:
    """OpenTofu's ``enabled`` of a ``lifecycle`` block (OpenTofu docs, "enabled")."""
    inside = (b.body.attributes for b in block.body.blocks if b.type == "lifecycle")
    return next((a["enabled"] for a in inside if "enabled" in a), None)


def _enabled(attribute: tree.Attribute, scope: Scope) -> Repetition:
    """One instance or none."""
    span = attribute.expression.span
    value = scope.evaluate(attribute.expression)
    try:
        value = convert(value, BOOL)
    except Mismatch as mismatch:
        value = scope.error(span, f"enabled: {mismatch}")
    made = Repetition("single", [None])
    if isinstance(value, Unknown):
        made.cause = value
        guard = facts(attribute.expression, scope, truth=True)
        taken = scope.evaluation.branches.taken
        if taken and exclude(guard, taken):
            return Repetition("single", [])
        if taken and exclude(facts(attribute.expression, scope, truth=False), taken):
            return Repetition("single", [None])
        made.enabling = Definition(attribute.expression, scope, True)
        words = condition_words(attribute.expression, scope, truth=True)
        made.presence = Presence(value, words, guard=guard)
        return made
    if value.data is False:
        made.keys = []
    made.presence = _resting_on(value)
    return made


def _spend(
    number: int, attribute: tree.Attribute, block: tree.Block, scope: Scope
) -> Unknown | None:
    return scope.evaluation.spend(attribute.expression, number * instance_steps(block))


def instance_steps(block: tree.Block) -> int:
    """The steps that one instance of a block takes."""
    return (MODULE_STEPS if block.type == "module" else INSTANCE_STEPS) + (
        block.end - block.start
    ) // 16


def _count(
    attribute: tree.Attribute, block: tree.Block, scope: Scope, alike: Callable[[], bool]
) -> Repetition:
    span = attribute.expression.span
    value = scope.evaluate(attribute.expression)
    if isinstance(value, Value) and value.data is None:
        return unknown_count(scope.error(span, "count is null", value), span)
    try:
        value = convert(value, NUMBER)
    except Mismatch as mismatch:
        return unknown_count(scope.error(span, f"count: {mismatch}"), span)
    if isinstance(value, Unknown):
        return unknown_count(
            value, span, existence_words(attribute.expression, scope, counted=True)
        )
    number = value.number or 0
    if isinstance(number, Decimal) or number < 0:
        return unknown_count(scope.error(span, "count must be a whole number, from 0"), span)
    judged = ALIKE if number > ALIKE and alike() else number
    spent = _spend(judged, attribute, block, scope)
    if spent is not None:
        return unknown_count(spent, span)
    made = Repetition("count", list(range(judged)))
    made.more = number - judged
    made.presence = _resting_on(value)
    return made


def _resting_on(value: Val) -> Presence:
    assumed = assumed_steps(value)
    return Presence(None, "", assumed) if assumed else CERTAIN


def unknown_count(unknown: Unknown, span: Span, when: str = "") -> Repetition:
    """One possible instance, since ``count``, written at ``span``, is unknown.

    ``when`` is what must be so for there to be one, where that can be said.
    """
    if _is_surely_nothing(unknown):
        return Repetition("count", [])
    made = Repetition("unknown", [None])
    made.counted = True
    made.cause = unknown
    made.presence = Presence(unknown, when or _when(unknown), (), _guard(unknown), _when(unknown))
    most = [c.number for c in unknown.candidates]
    if most and all(m is not None and m <= 1 for m in most):
        index: Val = Value(0, span)
    else:
        index = depend(span, [unknown], NUMBER)
    made.names = {"count": Value({"index": index}, span)}
    return made


def _when(unknown: Unknown) -> str:
    """The condition under which something exists, in words."""
    present = [when_of(c) for c in unknown.candidates if c.via and not _is_nothing(c)]
    if len(present) == 1 and present[0] and len(unknown.candidates) > 1:
        return present[0]
    return unknown.reason


def _guard(unknown: Unknown) -> Guard:
    """What holds wherever there is an instance: what all numbers but none have in common."""
    return common(guard_of(c) for c in unknown.candidates if not _is_nothing(c))


def _is_surely_nothing(unknown: Unknown) -> bool:
    """Whether it comes to nothing in each case that is left."""
    return bool(unknown.candidates) and all(map(_is_nothing, unknown.candidates))


def _is_nothing(candidate: Val) -> bool:
    if isinstance(candidate, Unknown):
        return False
    return candidate.data is None or candidate.data in (0, (), {})


def _for_each(
    attribute: tree.Attribute, block: tree.Block, scope: Scope, alike: Callable[[], bool]
) -> Repetition:
    span = attribute.expression.span
    value = scope.evaluate(attribute.expression)
    if isinstance(value, Lazy):
        value = value.whole()
    if isinstance(value, Unknown):
        words = existence_words(attribute.expression, scope, counted=False)
        possible = _possible_keys(value, _MODULES if block.type == "module" else _KEYS)
        if possible and _spend(len(possible), attribute, block, scope) is None:
            return _one_of_several(value, possible, span, words)
        # The place of the whole argument: an element of an input is not the input.
        return _unknown_each(value, attribute.span, words)
    data = value.data
    if data is None:
        return _unknown_each(scope.error(span, "for_each is null", value), span)
    if not isinstance(data, dict | Set):
        message = "for_each needs a map, or a set of strings; toset() makes a set of a list"
        return _unknown_each(scope.error(span, message), span)
    number = len(data)
    judged = ALIKE if number > ALIKE and alike() else number
    spent = _spend(judged, attribute, block, scope)
    if spent is not None:
        return _unknown_each(spent, span)
    if isinstance(data, dict):
        made = Repetition("each", sorted(data))  # type: ignore[arg-type] # strings are keys
        members = value.items()
        made.values = [members[key] for key in sorted(data)]
        made.marks = value.marks
        made.presence = _resting_on(value)
    else:
        made = _each_of_set(value, data, attribute.expression, scope)
    del made.keys[judged:], made.values[judged:]
    made.more = number - judged
    return made


def _each_of_set(value: Value, data: Set, node: tree.Expression, scope: Scope) -> Repetition:
    span = node.span
    elements = value.elements()
    unknown = next((e for e in elements if isinstance(e, Unknown)), None)
    if is_open(data) or unknown is not None:
        why = unknown if unknown is not None else depend_on(span, elements)
        words = existence_words(node, scope, counted=False) if not data else ""
        made = _unknown_each(why, span, words)
        certain = [e for e in elements if e.text is not None]
        if certain and not assumed_steps(value):
            made.keys[:0] = [e.text for e in certain]
            made.values = [*certain]
            made.marks = value.marks
        others = [e for e in elements if isinstance(e, Unknown)]
        each = [o.element if isinstance(o, Several) else o for o in others]
        if each and not any(isinstance(e, Unknown) and e.cause == "error" for e in each):
            other = each[0] if len(each) == 1 else choose(span, why, each, STRING)
            other = other.marked(value.marks)
            made.names = {"each": Value({"key": other, "value": other}, span)}
            if len(others) == 1 and not isinstance(others[0], Several):
                made.presence = _resting_on(value)  # it is there, whatever it comes to
        return made
    if data and data.element is not STRING and data.element is not ANY:
        return _unknown_each(scope.error(span, "the set of for_each must be of strings"), span)
    if any(e.is_null for e in elements):
        return _unknown_each(scope.error(span, "an element of for_each is null", value), span)
    made = Repetition("each", [e.text for e in elements])
    made.values = list(elements)
    made.marks = value.marks
    made.presence = _resting_on(value)
    return made


def _unknown_each(unknown: Unknown, span: Span, when: str = "") -> Repetition:
    if _is_surely_nothing(unknown):
        return Repetition("each", [])
    made = Repetition("unknown", [None])
    made.cause = unknown
    made.presence = Presence(unknown, when or _when(unknown), (), _guard(unknown), _when(unknown))
    key: Val = depend(span, [unknown], STRING)
    value: Val = depend(span, [unknown]).but(allowed=allowed_of(unknown))
    only = _only_element(unknown)
    if only is not None:
        key, value = only
    elif isinstance(unknown.type, SetOf) and unknown.candidates:
        key = value = element_of(unknown)
    elif isinstance(unknown, OpenMap) and not assumed_steps(unknown):
        certain = sorted(unknown.known)
        made.keys[:0] = certain
        made.values = [unknown.known[name] for name in certain]
        made.marks = unknown.marks
        value = unknown.element
    key, value = key.marked(unknown.marks), value.marked(unknown.marks)
    made.names = {"each": Value({"key": key, "value": value}, span)}
    return made


_KEYS = 64
_MODULES = 4
"""Possible keys that are told apart, of resources and of modules."""


def _possible_keys(unknown: Unknown, most: int) -> dict[str, list[tuple[Val, Val]]]:
    """Each key that may be in an unknown ``for_each``, with what it is in which candidates.

    It is empty where one of the candidates is not known, or there is one key at most.
    """
    found: dict[str, list[tuple[Val, Val]]] = {}
    for candidate in unknown.candidates:
        data = candidate.data if isinstance(candidate, Value) else ()
        if isinstance(data, Set) and not data.open:
            pairs = [(element.text, element) for element in candidate.elements()]
        elif isinstance(data, dict):
            pairs = [*candidate.items().items()]
        else:
            return {}
        for key, element in pairs:
            if key is None:
                return {}
            found.setdefault(key, []).append((element, candidate))
    return found if 1 < len(found) <= most else {}


def _one_of_several(
    unknown: Unknown, possible: dict[str, list[tuple[Val, Val]]], span: Span, words: str
) -> Repetition:
    """The instances of all maps or sets that ``for_each`` may come to."""
    made = Repetition("unknown", [])
    made.cause = unknown
    made.marks = unknown.marks
    made.presence = Presence(unknown, words or _when(unknown), (), _guard(unknown), _when(unknown))
    for key in sorted(possible):
        found = possible[key]
        elements = [element for element, _ in found]
        same = settle(elements)
        if len(elements) == 1:
            value = elements[0]
        elif same is not None:
            value = same
        else:
            arms = [element.after(*one.via[-1:]) for element, one in found]
            value = choose(span, unknown, arms)
        made.keys.append(key)
        made.values.append(value)
        if len(found) == 1:
            made.possible[key] = Presence.where(unknown, found[0][1], words or unknown.reason)
        elif len(found) < len(unknown.candidates):
            guard = common(guard_of(one) for _, one in found)
            made.possible[key] = Presence(unknown, words or unknown.reason, guard=guard)
    # Those that are certain stand first.
    order = sorted(range(len(made.keys)), key=lambda at: made.keys[at] in made.possible)
    made.keys = [made.keys[at] for at in order]
    made.values = [made.values[at] for at in order]
    return made


def _only_element(unknown: Unknown) -> tuple[Val, Val] | None:
    """The only possible element, where it is undecided only whether it exists."""
    from iac_ec2lint.terraform.language.traversal import pairs_of

    found: list[tuple[Val, Val]] = []
    if not unknown.candidates:
        return None
    for candidate in unknown.candidates:
        if not isinstance(candidate, Value) or is_open(candidate.data):
            return None
        found.extend(pairs_of(candidate))
    return found[0] if len(found) == 1 else None
