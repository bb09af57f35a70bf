"""Attributes and elements of values, known and unknown.

Source: "References to Named Values" and "Expressions: Types and Values" of the Terraform language.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Final

from iac_ec2lint.hcl import tree
from iac_ec2lint.source.concealment import CONCEALED
from iac_ec2lint.terraform.language.conditions.guards import arms_by_key
from iac_ec2lint.terraform.language.containers import Lazy, Map, OpenMap, Set, Several, is_open
from iac_ec2lint.terraform.language.conversion import Mismatch, convert, primitive_text
from iac_ec2lint.terraform.language.open_lists import closed_lists, elements_met
from iac_ec2lint.terraform.language.scope import HANDLERS, Fault, Scope
from iac_ec2lint.terraform.language.types import (
    ANY,
    NUMBER,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    SetOf,
    TupleOf,
    Type,
    is_primitive,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
    depend_on,
    settle,
)
from iac_ec2lint.values import (
    UNMARKED,
    Input,
    Marks,
    Reference,
    Unknown,
    Val,
    Value,
    plain_address,
)
from iac_ec2lint.values.allowed import EACH, listed
from iac_ec2lint.values.stated import OF_INPUT, is_stated

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from iac_ec2lint.source.span import Span


_VALUE_ROOTS: Final = frozenset({"count", "each", "local", "module", "path", "self", "var"})
"""The first names of what is no resource (``terraform`` has no elements)."""


def _variable(node: tree.Variable, scope: Scope) -> Val:
    bound = scope.names.get(node.name)
    return bound if bound is not None else scope.module.resolve_root(node, scope)


def _get_attribute(node: tree.GetAttribute, scope: Scope) -> Val:
    operand = node.operand
    kind = operand.__class__
    if kind is tree.Variable:
        bound = scope.names.get(operand.name)  # type: ignore[union-attr] # it is a Variable
        if bound is None:
            return scope.module.resolve(operand.name, node.name, node, scope)  # type: ignore[union-attr] # as above
        return get_attribute(bound, node.name, node.span, scope)
    if kind is tree.GetAttribute:
        inner = operand.operand  # type: ignore[union-attr] # it is a GetAttribute
        if inner.__class__ is tree.Variable and inner.name not in scope.names:
            if inner.name == "data":
                return scope.module.resolve_data(operand.name, node.name, node, scope)  # type: ignore[union-attr] # as above
            if inner.name == "resource":  # as if it were not there: Terraform's ``ParseRef``
                return scope.module.resolve(operand.name, node.name, node, scope)  # type: ignore[union-attr] # as above
    return get_attribute(HANDLERS[kind](operand, scope), node.name, node.span, scope)


def _index(node: tree.Index, scope: Scope) -> Val:
    operand = node.operand
    value = HANDLERS[operand.__class__](operand, scope)
    if isinstance(value, Lazy) and isinstance(value, Reference) and _is_resource(operand, scope):
        words = f"{value.target} has neither count nor for_each, so it takes no instance key"
        return scope.error(node.span, words)
    key = HANDLERS[node.key.__class__](node.key, scope)
    if isinstance(key, Unknown) and isinstance(value, Value) and isinstance(value.data, dict):
        plain = value.of is None and not value.marks
        arms = arms_by_key(node.key, scope, key, value.items()) if plain else None
        if arms:
            if _is_none(node, scope, key, value):
                return scope.error(node.span, "there is no element with this key", value, key)
            return chosen_by_key(node.span, key, arms)
    return get_index(value, key, node.span, scope)


def _is_none(node: tree.Index, scope: Scope, key: Unknown, value: Value) -> bool:
    """Whether an unknown key is none of a map's, where an error is trapped; notes if it may be."""
    if scope.evaluation.trapped is None or _has_each(value, key):
        return False
    other = Value(None, node.span)
    arms = arms_by_key(node.key, scope, key, value.items(), other)
    if arms is None or any(isinstance(arm, Unknown) for arm in arms):
        scope.evaluation.doubt(key)
        return False
    missed = [arm for arm in arms if arm.is_null and arm.span is other.span]
    if missed:
        step = missed[0].via[-1] if len(missed) == 1 and missed[0].via else None
        scope.evaluation.doubt(key, step)
    return len(missed) == len(arms)


def _has_each(value: Value, key: Unknown) -> bool:
    """Whether a collection has an element for each value that a key can be."""
    data = value.data
    each = [one.data if isinstance(one, Value) else None for one in key.candidates]
    each = each or list(listed(key))
    if isinstance(data, dict):
        return bool(each) and all(isinstance(one, str) and one in data for one in each)
    size = len(data) if isinstance(data, tuple) and not is_open(data) else 0
    return bool(each) and all(isinstance(one, int) and 0 <= one < size for one in each)


def chosen_by_key(span: Span, key: Unknown, arms: list[Val]) -> Val:
    """What an unknown key leads to, of the arms that ``arms_by_key`` says."""
    if len(arms) == 1:
        return arms[0]
    settled = settle(arms)
    if settled is None:
        return choose(span, key, arms)
    assumed = (step for arm in arms for step in assumed_steps(arm))
    return settled.but(via=tuple(dict.fromkeys((*key.via, *assumed))))


def _is_resource(node: tree.Expression, scope: Scope) -> bool:
    """Whether an expression names a resource or a data source, and no value that is made of one."""
    if not isinstance(node, tree.GetAttribute):
        return False
    root = node.operand
    if isinstance(root, tree.GetAttribute):
        root, prefixed = root.operand, True
    else:
        prefixed = False
    if not isinstance(root, tree.Variable) or root.name in scope.names:
        return False
    if prefixed:
        return root.name in ("data", "resource")
    return root.name not in _VALUE_ROOTS


def _splat_item(node: tree.SplatItem, scope: Scope) -> Val:  # noqa: ARG001 - a handler
    return scope.names["*"]


def get_attribute(value: Val, name: str, span: Span, scope: Scope) -> Val:
    """``value.name``.

    Args:
        value: The object or map.
        name: The attribute.
        span: Where it is referred to.
        scope: Where errors go.
    """
    if isinstance(value, Unknown):
        return _attribute_of_unknown(value, name, span, scope)
    data = value.data
    if isinstance(data, dict):
        member = data.get(name)
        if member is not None:
            return _member(value, member, f".{name}", span)
        if value.of is not None:
            return _stated(_deeper(value.of, f".{name}", span, value.marks), scope)
        if is_stated(value):
            return _unsaid(value, f".{name}", span)
        what = "map has no element" if isinstance(data, Map) else "object has no attribute"
        return scope.error(span, f'this {what} "{name}"', value)
    if data is None:
        return scope.error(span, f'attribute "{name}" of a null value', value)
    if value.of is not None:
        return _deeper(value.of, f".{name}", span, value.marks)
    return scope.error(span, _no_attribute(name, is_list=isinstance(data, tuple)))


def _no_attribute(name: str, *, is_list: bool) -> str:
    if is_list and name == "count":  # of Terraform 0.11
        return 'a list has no attribute "count": length() tells how many elements it has'
    if is_list:  # what "count" makes of a resource, above all
        return f'this is a list, and has no attribute "{name}": choose an element by [INDEX]'
    return f'this value has no attributes, so none is "{name}"'


def get_index(value: Val, key: Val, span: Span, scope: Scope) -> Val:
    """``value[key]``."""
    if isinstance(value, Lazy):
        if isinstance(value, Reference) and key.text is not None:
            return get_attribute(value, key.text, span, scope)  # of a resource, or of a block in it
        value = value.whole()
    found = _get_index(value, key, span, scope)
    # The attributes of an object are not told apart by a key's marks: they are in its type.
    plain = isinstance(value, Value) and value.data.__class__ is dict
    marks = value.marks if plain else value.marks | key.marks
    return found.marked(marks) if marks else found


def _get_index(value: Val, key: Val, span: Span, scope: Scope) -> Val:
    if isinstance(key, Value) and key.data is None:
        return scope.error(span, "the index is null", key)
    if isinstance(value, Unknown):
        return _index_of_unknown(value, key, span, scope)
    data = value.data
    if data is None:
        return scope.error(span, "an element of a null value", value)
    if isinstance(data, Set):
        if value.of is None:
            return scope.error(span, "elements of a set have no index; convert it with tolist()")
        return _deeper(value.of, "[0]", span)
    if isinstance(data, tuple):
        return _element(value, key, span, scope)
    if isinstance(data, dict):
        return _entry(value, key, span, scope)
    if value.of is not None:
        return _deeper(value.of, "[0]", span)
    return scope.error(span, "this value has no elements, so it cannot be indexed")


def _element(value: Value, key: Val, span: Span, scope: Scope) -> Val:
    data = value.data
    assert isinstance(data, tuple)  # noqa: S101 - narrows for the type checker
    try:
        key = convert(key, NUMBER)
    except Mismatch:
        return scope.error(span, "the index of a list must be a number")
    number = key.number
    if number is None:
        assert isinstance(key, Unknown)  # noqa: S101 - neither a number nor null
        arms = elements_met(value, key) if is_open(data) and key.candidates else []
        if arms:
            return choose(span, key, arms)
        if not is_open(data) and not _has_each(value, key):
            scope.evaluation.doubt(key)
        return _any_element(value, list(data), key, span)
    if isinstance(number, Decimal) or number < 0:
        return scope.error(span, "the index of a list must be a whole number, from 0")
    if is_open(data):
        return open_element(value, number, span, scope)
    if number >= len(data):
        length = len(data)
        if value.marks or key.marks:
            return scope.error(span, "the index is out of range", value, key)
        message = f"index {number} is out of range: there are {length} elements"
        return scope.error(span, message, value, key)
    return _keyed(_member(value, data[number], f"[{number}]", span), key)


def _entry(value: Value, key: Val, span: Span, scope: Scope) -> Val:
    data = value.data
    assert isinstance(data, dict)  # noqa: S101 - narrows for the type checker
    try:
        key = convert(key, STRING)
    except Mismatch:
        return scope.error(span, "the key of a map must be a string")
    text = key.text
    if text is None:
        assert isinstance(key, Unknown)  # noqa: S101 - neither a string nor null
        if not _has_each(value, key):
            scope.evaluation.doubt(key)
        return _any_element(value, list(data.values()), key, span)
    member = data.get(text)
    if member is not None:
        return _keyed(_member(value, member, f'["{text}"]', span), key)
    if value.of is not None:
        return _deeper(value.of, f'["{text}"]', span)
    if is_stated(value):
        return _unsaid(value, f'["{text}"]', span)
    named = CONCEALED if key.marks else f'"{text}"'
    return scope.error(span, f"there is no element with the key {named}", value, key)


def _member(value: Value, member: Val, step: str, span: Span) -> Val:
    if value.via:
        member = member.after(*value.via)
    if value.marks:
        member = member.marked(value.marks)
    if value.of is not None and isinstance(member, Value):
        return member.read_from(_deeper(value.of, step, span))
    return member


def _keyed(member: Val, key: Val) -> Val:
    """What was found by a key rests on the defaults that the key rests on."""
    assumed = assumed_steps(key)
    if not assumed or set(assumed) <= set(member.via):
        return member
    return member.after(*assumed)


def _any_element(value: Value, elements: list[Val], key: Unknown, span: Span) -> Val:
    """One of the elements, nobody knows which."""
    if not elements:
        return depend(span, [key])
    arms = [e.element if isinstance(e, Several) else e for e in elements]
    if value.via:
        arms = [arm.after(*value.via) for arm in arms]
    return one_of(span, key, arms, elements)


def one_of(span: Span, key: Unknown, arms: list[Val], elements: Sequence[Val]) -> Val:
    """One of the elements of a collection, by the unknown ``key``.

    Of the instances of an unknown ``count``, one stands for all; by the ``count.index`` of what is
    counted alike it is met by its like.
    """
    alike = len(elements) == 1 and isinstance(elements[0], Several)
    if alike and elements[0].reason == key.reason:  # type: ignore[union-attr] # it is a Several
        return arms[0]
    return choose(span, key, arms)


def open_element(value: Value, number: int, span: Span, scope: Scope) -> Val:
    """The element of an open list at an index from 0."""
    data = value.data
    assert isinstance(data, tuple)  # noqa: S101 - narrows for the type checker
    position = next((i for i, e in enumerate(data) if isinstance(e, Several)), 0)
    if number < position:
        return _member(value, data[number], f"[{number}]", span)
    # Without a Several it was a set: an unknown element may come before a known one.
    several = next(e for e in data if isinstance(e, Unknown))
    lists = closed_lists([value])
    arms = [one.elements[number].after(*one.when) for one in lists if number < len(one.elements)]
    if len(arms) < len(lists) or not lists:
        scope.evaluation.doubt(several)
    if arms:
        return choose(span, several, arms)
    later = [e.element if isinstance(e, Several) else e for e in data[position:]]
    if len(later) == 1:
        return _member(value, later[0], f"[{number}]", span)
    if value.via:
        later = [e.after(*value.via) for e in later]
    return choose(span, several, later)


def _unsaid(value: Value, step: str, span: Span) -> Unknown:
    """A member of a value that somebody stated: they may have stated what they need alone."""
    stated = next(one for one in value.via if one.words.startswith(OF_INPUT))
    key = stated.words.removeprefix(OF_INPUT)
    inputs = (Input(plain_address(key), span),)
    return Unknown(f"the configuration does not say {key}{step}", "module", span, inputs=inputs)


def _stated(found: Reference, scope: Scope) -> Val:
    """What somebody says that a data source reads there."""
    if found.cause != "data-source":
        return found
    value = scope.evaluation.stated.value(f"{found.target}.{found.attribute}", found.span)
    return found if value is None else value.read_from(found)


def _deeper(reference: Reference, step: str, span: Span, marks: Marks = UNMARKED) -> Reference:
    target = reference.target
    attribute = f"{reference.attribute}{step}".lstrip(".")
    reason = reference.reason
    said = f"{target}.{reference.attribute} "
    return Reference(
        target,
        attribute,
        span,
        reference.via,
        reason=f"{target}.{attribute} {reason.removeprefix(said)}"
        if reason.startswith(said)
        else "",
        cause=reference.cause,
        marks=marks,
        inputs=() if reference.cause == "data-source" else reference.inputs,
    )


def _attribute_of_unknown(value: Unknown, name: str, span: Span, scope: Scope) -> Val:
    found = _attribute_so_far(value, name, span, scope)
    return found.marked(value.marks) if value.marks else found


def _attribute_so_far(value: Unknown, name: str, span: Span, scope: Scope) -> Val:
    if isinstance(value, Lazy):
        absent = value.absent
        if absent is not None:
            scope.evaluation.doubt(absent)
        found = value.member(name, span)
        if found is None:
            return scope.error(span, f'there is no attribute "{name}"')
        return found.after(*value.via) if value.via else found
    if isinstance(value, OpenMap):
        member = value.known.get(name)
        if member is not None:
            return member
        scope.evaluation.doubt(value)
        return depend_on(span, [value.element])
    if not value.candidates:
        scope.evaluation.doubt(value)
    kind = value.type
    if isinstance(kind, ObjectOf) and name not in kind.attributes:
        return scope.error(span, f'this object has no attribute "{name}"')
    is_list = isinstance(kind, ListOf | TupleOf)
    if isinstance(kind, Type) and (is_primitive(kind) or is_list):
        return scope.error(span, _no_attribute(name, is_list=is_list))
    if value.candidates:
        return _of_candidates(value, span, scope, lambda c: get_attribute(c, name, span, scope))
    if isinstance(value, Reference):
        return _stated(_deeper(value, f".{name}", span), scope)
    found = depend(span, [value], _attribute_type(kind, name))
    return _demanded(found, value, name) if value.allowed else found


def _demanded(found: Unknown, value: Unknown, *names: str) -> Val:
    """A member of an unknown of which it is known what its members must be."""
    from iac_ec2lint.terraform.language.conditions.validations import as_demanded  # rare

    return as_demanded(found, value, names)


def _attribute_type(kind: object, name: str) -> Type:
    if isinstance(kind, ObjectOf):
        return kind.attributes[name]
    return kind.element if isinstance(kind, MapOf) else ANY


def _index_of_unknown(value: Unknown, key: Val, span: Span, scope: Scope) -> Val:
    if isinstance(value, OpenMap):
        known = value.known.get(key.text) if key.text is not None else None
        if known is not None:
            return known
        scope.evaluation.doubt(value)
        return _one_of_open_map(value, span)
    if not (value.candidates and isinstance(key, Value)):
        scope.evaluation.doubt(value)
    kind = value.type
    if isinstance(kind, Type) and (is_primitive(kind) or isinstance(kind, SetOf)):
        return scope.error(span, "this value cannot be indexed")
    if value.candidates and isinstance(key, Value):
        return _of_candidates(value, span, scope, lambda c: get_index(c, key, span, scope))
    if isinstance(value, Reference):
        text = primitive_text(key.data) if isinstance(key, Value) else None
        if text is not None:
            step = f'["{text}"]' if key.text is not None else f"[{text}]"
            return _stated(_deeper(value, step, span), scope)
    unknowns = [value, *([key] if isinstance(key, Unknown) else [])]
    found = depend(span, unknowns, _element_type(kind, key))
    if not value.allowed:
        return found
    return _demanded(found, value, EACH, *(() if key.text is None else (key.text,)))


def _one_of_open_map(value: OpenMap, span: Span) -> Val:
    if value.known:
        return choose(span, value, [*value.known.values(), value.element])
    return value.element


def _element_type(kind: object, key: Val) -> Type:
    if isinstance(kind, ListOf | MapOf):
        return kind.element
    if isinstance(kind, ObjectOf) and key.text is not None:
        return kind.attributes.get(key.text, ANY)
    if isinstance(kind, TupleOf) and isinstance(key.number, int):
        return kind.elements[key.number] if 0 <= key.number < len(kind.elements) else ANY
    return ANY


def _of_candidates(value: Unknown, span: Span, scope: Scope, compute: Callable[[Val], Val]) -> Val:
    """What ``compute`` makes of each candidate; candidates of which it makes an error drop out.

    An arm that would be an error is not the one that is deployed, unless something catches it.
    """
    evaluation = scope.evaluation
    results: list[Val] = []
    faults: list[Fault] = []
    before = evaluation.doubts
    if value.unset and not any(one.is_null for one in value.candidates):
        evaluation.doubt(value)
    for candidate in value.candidates:
        outer = evaluation.trapped
        errors: list[Fault] = []
        evaluation.trapped = errors
        result = compute(candidate)
        evaluation.trapped = outer
        if errors:
            faults += errors[:1]
            last = candidate.via[-1] if candidate.via else None
            evaluation.doubt(value, last if last is not None and last.when else None)
        else:
            missing = candidate.via[-1:] if candidate.via else ()
            if missing and missing[0] not in result.via:
                result = result.after(*missing)
            results.append(result)
    if not results:
        if faults and not value.unset and evaluation.trapped is not None:
            evaluation.doubts = before  # it is an error, whichever it is
            return scope.error(span, faults[0].message, value)
        return depend(span, [value])
    return choose(span, value, results)


def pairs_of(value: Value) -> list[tuple[Val, Val]]:
    """Keys and elements of a collection, in Terraform's order, each having come the whole way."""
    data = value.data
    via = value.via
    if isinstance(data, dict):
        members = sorted(data.items())
        return [
            (Value(key, member.span, via), member.after(*via) if via else member)
            for key, member in members
        ]
    if not isinstance(data, tuple):
        return []
    elements = [e.after(*via) for e in data] if via else list(data)
    if isinstance(data, Set):
        return [(element, element) for element in elements]
    return [(Value(i, element.span), element) for i, element in enumerate(elements)]


HANDLERS[tree.Variable] = _variable
HANDLERS[tree.GetAttribute] = _get_attribute
HANDLERS[tree.Index] = _index
HANDLERS[tree.SplatItem] = _splat_item
