"""Functions of maps and objects."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.terraform.functions.registry import FunctionError, function
from iac_ec2lint.terraform.functions.sequences import sequence
from iac_ec2lint.terraform.language.conditions.guards import arms_by_key
from iac_ec2lint.terraform.language.containers import (
    Lazy,
    List,
    Map,
    OpenMap,
    Set,
    Several,
    is_open,
    make_list,
    make_map,
    type_of,
)
from iac_ec2lint.terraform.language.conversion import Mismatch, convert, describe
from iac_ec2lint.terraform.language.marks import marks_of
from iac_ec2lint.terraform.language.traversal import chosen_by_key, get_attribute
from iac_ec2lint.terraform.language.types import (
    ANY,
    STRING,
    ListOf,
    MapOf,
    ObjectOf,
    TupleOf,
    Type,
)
from iac_ec2lint.terraform.language.unknowns import (
    assumed_steps,
    choose,
    depend,
    element_of,
    join_steps,
    settle,
)
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.terraform.functions.registry import FunctionCall


@function("keys", ANY, needs="none", marks="top")
def _keys(call: FunctionCall, mapping: Val) -> Val:
    if isinstance(mapping, Unknown):
        must_be_mapping(mapping)
        kind = mapping.type
        if isinstance(kind, ObjectOf):
            return Value(tuple([Value(k, call.span) for k in sorted(kind.attributes)]), call.span)
        return call.undecided(lambda values: _keys(call, *values), mapping)
    members = members_of(mapping)
    names: list[Val] = [Value(k, members[k].span, mapping.via) for k in sorted(members)]
    if isinstance(mapping.data, Map):
        return Value(make_list(names, STRING), call.span)
    return Value(tuple(names), call.span)


@function("values", ANY, needs="none", marks="top")
def _values(call: FunctionCall, mapping: Val) -> Val:
    if isinstance(mapping, Unknown):
        must_be_mapping(mapping)
        if isinstance(mapping, OpenMap):
            return _open_values(call, mapping)
        return call.undecided(lambda values: _values(call, *values), mapping)
    members = members_of(mapping)
    found = [members[key] for key in sorted(members)]
    if isinstance(mapping.data, Map):
        return Value(make_list(found, mapping.data.element), call.span)
    return Value(tuple(found), call.span)


def _open_values(call: FunctionCall, mapping: OpenMap) -> Val:
    from iac_ec2lint.terraform.language.containers import Several, make_open

    known = [mapping.known[key] for key in sorted(mapping.known)]
    return Value(make_open([*known, Several(mapping, mapping.element)]), call.span)


@function("lookup", ANY, STRING, ANY, needs="none", optional=1, nulls=frozenset({2}), marks="own")
def _lookup(call: FunctionCall, mapping: Val, key: Val, default: Val | None = None) -> Val:
    found = _look_up(call, mapping, key, default)
    # Not those of a default that is not needed.
    return found.marked(mapping.marks | key.marks) if call.is_marked else found


def _look_up(call: FunctionCall, mapping: Val, key: Val, default: Val | None) -> Val:
    must_be_mapping(mapping)
    if isinstance(mapping, Unknown):
        return _lookup_in_unknown(call, mapping, key, default)
    members = mapping.data
    if not isinstance(members, dict):
        raise FunctionError("a map or an object is required")
    if default is not None:
        default = _fit_default(members, default)
    name = key.text
    if name is None:
        assert isinstance(key, Unknown)  # noqa: S101 - neither a string nor null
        if mapping.of is None and not mapping.marks and len(call.nodes) > 1:
            cases = arms_by_key(call.nodes[1], call.scope, key, mapping.items(), default)
            if cases:
                return chosen_by_key(call.span, key, cases)
        arms = [m.after(*mapping.via) for m in members.values()]
        if default is not None:
            arms.append(default)
        if not arms:
            return call.unknown(key)
        settled = settle(arms) if default is not None else None
        return settled if settled is not None else choose(call.span, key, arms)
    member = members.get(name)
    if member is not None:
        steps = join_steps(mapping.via, tuple([s for s in key.via if s.assumed]))
        return member.after(*steps) if steps else member
    if default is None:
        raise FunctionError(f'there is no element with the key "{name}", and no default')
    steps = join_steps(assumed_steps(mapping), assumed_steps(key))
    return default.after(*steps) if steps else default


def _fit_default(members: dict[str, Val], default: Val) -> Val:
    if not isinstance(members, Map):
        return default
    try:
        return convert(default, members.element)
    except Mismatch as mismatch:
        raise FunctionError(f"the default does not fit the map: {mismatch}") from None


def _lookup_in_unknown(call: FunctionCall, mapping: Unknown, key: Val, default: Val | None) -> Val:
    if isinstance(mapping, Lazy) and key.text is not None:
        member = mapping.member(key.text, call.span)
        if member is not None:  # of a resource, or of a block in it
            if default is None or isinstance(member, Value):
                return member
            return choose(call.span, member, [member, default])
    if isinstance(mapping, OpenMap):
        known = None if key.text is None else mapping.known.get(key.text)
        if known is not None:
            return known
        # Of a key that is unknown each member may be meant, and nothing else.
        arms = [*(mapping.known.values() if key.text is None else ()), mapping.element]
        if default is not None:
            arms.append(default)
        return choose(call.span, mapping, arms) if len(arms) > 1 else mapping.element
    if isinstance(mapping.type, ObjectOf) and key.text is not None and not mapping.candidates:
        # It has these attributes, and no others.
        if key.text in mapping.type.attributes:
            return get_attribute(mapping, key.text, call.span, call.scope)
        if default is not None:
            return default
    if default is None:
        return call.undecided(lambda v: _lookup(call, *v), mapping, key)
    found = call.undecided(lambda v: _lookup(call, *v, default), mapping, key)
    if isinstance(found, Unknown) and not found.candidates and found.cause != "error":
        return choose(call.span, found, [found, default])
    return found


@function("merge", variadic=ANY, needs="none", nulls=True, marks="top")
def _merge(call: FunctionCall, *mappings: Val) -> Val:
    given: list[Val] = []
    for one in mappings:
        must_be_mapping(one)
        if isinstance(one, Value) and one.data is None:
            continue
        if isinstance(one, Value):
            members_of(one)
        given.append(one)
    if not given:
        return call.value({})
    if any(isinstance(one, Unknown) for one in given):
        return _merge_unknown(call, given)
    merged: dict[str, Val] = {}
    for one in given:
        assumed = assumed_steps(one)
        if assumed:  # another default might have others of the members so far
            merged = {name: member.after(*assumed) for name, member in merged.items()}
        merged.update(members_of(one))
    elements = [
        one.data.element
        for one in given
        if isinstance(one, Value) and one.of is None and isinstance(one.data, Map)
    ]
    if len(elements) == len(given) and all(element == elements[0] for element in elements):
        return Value(make_map(merged, elements[0]), call.span)
    return Value(merged, call.span)


def _merge_unknown(call: FunctionCall, given: list[Val]) -> Val:
    """What comes last wins: a member after the last unknown argument is certain."""
    lifted = call.undecided(lambda values: _merge(call, *values), *given)
    if lifted.candidates:
        return lifted
    from iac_ec2lint.terraform.language.expressions import may_be_name

    known: dict[str, Val] = {}
    why: list[Unknown] = []
    named: list[tuple[Unknown, Val]] = []
    for one in given:
        if isinstance(one, Unknown):
            why.append(one)
            names = [name for name, _ in one.named] if isinstance(one, OpenMap) else []
            # A member so far may be replaced by one of these.
            for key, member in known.items():
                if not names or any(may_be_name(name, key) for name in names):
                    known[key] = choose(call.span, one, [member, depend(call.span, [one])])
            known.update(one.certain_members())
            named += one.named if isinstance(one, OpenMap) else ()
        else:
            known.update(members_of(one))
    if not all(isinstance(one, OpenMap) and one.named for one in why):
        named = []
    return OpenMap(depend(call.span, why), known, depend(call.span, why), named)


@function("transpose", MapOf(ListOf(STRING)), result=MapOf(ListOf(STRING)), needs="all")
def _transpose(call: FunctionCall, mapping: Value) -> Val:
    turned: dict[str, list[Val]] = {}
    for key, member in sorted(members_of(mapping).items()):
        if member.is_null:
            raise FunctionError("an element is null", member)
        for element in sequence(member):
            if element.text is None:
                raise FunctionError("an element is null", element)
            turned.setdefault(element.text, []).append(Value(key, member.span, mapping.via))
    members: dict[str, Val] = {
        key: Value(make_list(values, STRING), call.span) for key, values in turned.items()
    }
    return Value(make_map(members, ListOf(STRING)), call.span)


@function("zipmap", ListOf(STRING), ANY, needs="none", marks="top")
def _zipmap(call: FunctionCall, names: Val, values: Val) -> Val:
    if _is_unsized(names) or isinstance(values, Unknown) or is_open(values.data):
        lifted = call.undecided(
            lambda v: _zipmap(call, *v), names, values, kind=_zipped_type(values)
        )
        done = lifted.candidates or lifted.cause == "error"
        return lifted if done else _zip_unknown(call, names, values)
    keys, elements = sequence(names), sequence(values)
    if len(keys) != len(elements):
        raise FunctionError("there must be as many keys as values")
    if any(isinstance(key, Unknown) for key in keys):
        return _zip_unknown(call, names, values)
    members: dict[str, Val] = {}
    for key, element in zip(keys, elements, strict=True):
        if key.text is None:
            raise FunctionError("a key is null")
        members[key.text] = element
    data = values.data
    if isinstance(data, List | Set):
        return Value(make_map(members, data.element), call.span, marks=marks_of(keys))
    return Value(members, call.span, marks=marks_of(keys))


def _is_unsized(values: Val) -> bool:
    return isinstance(values, Unknown) or is_open(values.data)


def _zip_unknown(call: FunctionCall, names: Val, values: Val) -> Val:
    """What is known of the values stays known, whatever the keys are; and the other way round."""
    each = _each_of(call, values)
    if not _is_unsized(names):
        keys = sequence(names)
        if keys and _is_unsized(values) and all(key.text is not None for key in keys):
            found: dict[str, Val] = {key.text: each for key in keys if key.text is not None}
            return Value(make_map(found, type_of(each)), call.span, names.via, marks=marks_of(keys))
        if not _is_unsized(values):
            return _zip_named(call, names, values)
    return OpenMap(call.unknown(names, values), None, each)


def _zip_named(call: FunctionCall, names: Val, values: Val) -> Val:
    """Of keys of which some are unknown: each may be one that is known, whose value it replaces."""
    from iac_ec2lint.terraform.language.expressions import may_be_name

    known: dict[str, Val] = {}
    named: list[tuple[Unknown, Val]] = []
    for key, value in zip(sequence(names), sequence(values), strict=True):
        if isinstance(key, Unknown):
            for name, member in known.items():
                if may_be_name(key, name):
                    known[name] = choose(call.span, key, [member, value])
            named.append((key, value))
        elif key.text is not None:
            known[key.text] = value
    each = _each_of(call, Value(tuple(value for _, value in named), call.span))
    return OpenMap(call.unknown(names), known, each, named)


def _each_of(call: FunctionCall, values: Val) -> Val:
    """What each of some values is."""
    if isinstance(values, Unknown):
        return element_of(values)
    arms = [one.element if isinstance(one, Several) else one for one in sequence(values)]
    settled = settle(arms) if arms else None
    if settled is not None:
        return settled
    if len(arms) == 1:
        return arms[0]
    return choose(call.span, call.unknown(values), arms) if arms else call.unknown(values)


def _zipped_type(values: Val) -> Type:
    kind = type_of(values)
    if isinstance(kind, ListOf):
        return MapOf(kind.element)
    if isinstance(kind, TupleOf) and not kind.elements:
        return ObjectOf({})
    return ANY


def members_of(value: Val) -> dict[str, Val]:
    """The members of a map or object.

    Raises:
        FunctionError: It is neither.
    """
    if isinstance(value, Value) and isinstance(value.data, dict):
        return value.items()
    raise FunctionError("a map or an object is required")


def must_be_mapping(value: Val) -> None:
    """Check the type of a value that may be unknown.

    Raises:
        FunctionError: It is neither a map nor an object.
    """
    if isinstance(value, Value) and isinstance(value.data, dict):
        return
    kind = type_of(value)
    if kind is not ANY and not isinstance(kind, MapOf | ObjectOf):
        raise FunctionError(f"a map or an object is required, not {describe(kind)}")
