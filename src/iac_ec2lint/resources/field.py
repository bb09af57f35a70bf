"""The fields of typed resources: a table, each row with its two spellings.

A resource type says what its fields are, how Terraform and how CloudFormation spell them, and what
AWS does where they are absent::

    class Volume(Resource):
        terraform = ("aws_ebs_volume",)
        cloudformation = ("AWS::EC2::Volume",)
        encrypted = boolean("encrypted", "Encrypted", implied=False)
        snapshot = reference("snapshot_id", "SnapshotId", to=("Snapshot",))

A spelling is a path (``metadata_options.http_tokens``), several paths (``("id", "name")``: the
first that is written counts, and lists add up), or a map from resource types to paths where types
that are one class spell it differently; ``None`` where a language cannot say it. An entry of a list
of pairs is a ``Keyed`` path. Fields are read
when they are asked for and remembered. A field made by ``reference`` or ``references`` is a
relation: the graph makes an edge of its name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, TypeAlias, TypeVar, overload

from iac_ec2lint.declaration import Presence
from iac_ec2lint.resources.layer import (
    Layer,
    alternatives,
    either,
    enclosing,
    said,
)
from iac_ec2lint.resources.spelling import Field, Relation, Spelling, named_by
from iac_ec2lint.values import (
    Data,
    Reference,
    Unknown,
    Val,
    Value,
    as_boolean,
    as_number,
    as_text,
)

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Part

D = TypeVar("D", str, int, bool)
P = TypeVar("P", bound="Part")

Implied: TypeAlias = D | Mapping[str, D]
"""What AWS does where a field is absent, or that for each resource type (``""`` for all others)."""


@overload
def text(terraform: Spelling, cloudformation: Spelling) -> Field[Val | None]: ...
@overload
def text(terraform: Spelling, cloudformation: Spelling, *, implied: Implied[str]) -> Field[Val]: ...
def text(
    terraform: Spelling, cloudformation: Spelling, *, implied: Implied[str] | None = None
) -> Field[Val | None] | Field[Val]:
    """A string; ``implied`` where AWS has a default for it."""
    return _scalar(terraform, cloudformation, as_text, implied)


@overload
def number(terraform: Spelling, cloudformation: Spelling) -> Field[Val | None]: ...
@overload
def number(
    terraform: Spelling, cloudformation: Spelling, *, implied: Implied[int]
) -> Field[Val]: ...
def number(
    terraform: Spelling, cloudformation: Spelling, *, implied: Implied[int] | None = None
) -> Field[Val | None] | Field[Val]:
    """A number; ``implied`` where AWS has a default for it."""
    return _scalar(terraform, cloudformation, as_number, implied)


@overload
def boolean(terraform: Spelling, cloudformation: Spelling) -> Field[Val | None]: ...
@overload
def boolean(
    terraform: Spelling, cloudformation: Spelling, *, implied: Implied[bool]
) -> Field[Val]: ...
def boolean(
    terraform: Spelling, cloudformation: Spelling, *, implied: Implied[bool] | None = None
) -> Field[Val | None] | Field[Val]:
    """A bool; ``implied`` where AWS has a default for it."""
    return _scalar(terraform, cloudformation, as_boolean, implied)


def anything(terraform: Spelling, cloudformation: Spelling) -> Field[Val | None]:
    """A value of whatever type, such as a policy document."""
    return Field(terraform, cloudformation, _read)


def texts(terraform: Spelling, cloudformation: Spelling) -> Field[tuple[Val, ...]]:
    """A list of strings; a single one is a list of it; an unknown list is one unknown element."""
    return Field(terraform, cloudformation, _read_texts)


def reference(
    terraform: Spelling, cloudformation: Spelling, *, to: tuple[str, ...] = ()
) -> Relation[Val | None]:
    """The id, ARN or name of another resource of one of the classes ``to``."""
    return Relation(terraform, cloudformation, _read, to)


def references(
    terraform: Spelling, cloudformation: Spelling, *, to: tuple[str, ...] = ()
) -> Relation[tuple[Val, ...]]:
    """Ids, ARNs or names of other resources; an unknown list is one unknown element."""
    return Relation(terraform, cloudformation, _read_references, to)


def part(kind: type[P], terraform: Spelling, cloudformation: Spelling) -> Field[P]:
    """A nested block of which there is at most one; empty where it is absent."""
    return Field(
        terraform, cloudformation, lambda whole, field: _read_part(whole, field, kind), kind
    )


def parts(kind: type[P], terraform: Spelling, cloudformation: Spelling) -> Field[tuple[P, ...]]:
    """Nested blocks, in order, of the nearest layer that has any."""
    return Field(
        terraform, cloudformation, lambda whole, field: _read_parts(whole, field, kind), kind
    )


def _scalar(
    terraform: Spelling,
    cloudformation: Spelling,
    convert: Callable[[Val], Val],
    implied: Data | Mapping[str, Data],
) -> Field[Val]:
    by_type: Mapping[str, Data] = implied if isinstance(implied, Mapping) else {"": implied}  # type: ignore[assignment]  # a map is by type, as no default is a map

    def default(part: Part, field: Field[Val]) -> Val:
        kind = part.resource_type
        data = by_type.get(kind, by_type.get(""))
        if data is None:
            return Unknown("a required argument is not written", "error", part.span)
        return Value(data, part.span, part.left_out(field), implied=True)

    def read(part: Part, field: Field[Val]) -> Val:
        found = part.read(field)
        if found is None:
            # Typed by the overloads above: None only where nothing is implied.
            return None if implied is None else default(part, field)  # type: ignore[return-value]
        if isinstance(found, Unknown) and found.unset and implied is not None:
            return _or_implied(_convert(found, convert), default(part, field))
        return _convert(found, convert)

    return Field(terraform, cloudformation, read)


def _convert(value: Val, convert: Callable[[Val], Val]) -> Val:
    if isinstance(value, Unknown) and value.candidates:
        return value.but(candidates=tuple(convert(candidate) for candidate in value.candidates))
    return convert(value)


def _read_texts(part: Part, field: Field[tuple[Val, ...]]) -> tuple[Val, ...]:
    elements = (e for read in _read_elements(part, field) for e in _of_each_list(read))
    return tuple(_convert(element, as_text) for element in elements)


def _of_each_list(value: Val) -> Iterator[Val]:
    """The elements of a list that is one of several, each as it is in each of these; else a value.

    An element that one of them has not is null there.
    """
    arms = value.candidates if isinstance(value, Unknown) else ()
    if not isinstance(value, Unknown) or not any(_is_list(one) for one in arms):
        yield value
    elif not all(one.is_null or _is_list(one) for one in arms):
        # It is what the one is that is no known list, or an element of the others.
        known = (element for one in arms if _is_list(one) for element in one.elements())
        yield value.but(candidates=(value.but(candidates=()), *known))
    else:
        lists = [one.elements() if _is_list(one) else () for one in arms]
        seen: set[str] = set()
        for element in (element for one in lists for element in one):
            text = element.text
            if text is None or text not in seen:
                seen.update(() if text is None else (text,))
                yield _in_each(value, element, lists)


def _is_list(value: Val) -> bool:
    return isinstance(value, Value) and isinstance(value.data, tuple)


def _in_each(value: Unknown, element: Val, lists: list[tuple[Val, ...]]) -> Val:
    """What is an element of some lists, one of which a value is: itself, or null."""
    found: list[Val] = []
    for arm, elements in zip(value.candidates, lists, strict=True):
        inside = (e for e in elements if e is element or _same_text(e, element))
        one = next(inside, None)
        one = Value(None, arm.span, arm.via) if one is None else one
        found.append(one.after(*(step for step in arm.via[-1:] if step not in one.via)))
    null = any(one.is_null for one in found)
    if not null and element.text is not None:
        return element
    return value.but(candidates=tuple(found), span=element.span, unset=null)


def _same_text(one: Val, other: Val) -> bool:
    return one.text is not None and one.text == other.text


def _read_references(part: Part, field: Field[tuple[Val, ...]]) -> tuple[Val, ...]:
    elements = (e for read in _read_elements(part, field) for e in _in_all_lists(read))
    named = (named_by(field, part.resource_type, element) for element in elements)
    return tuple(element for element in named if element is not None)


def _in_all_lists(value: Val) -> Iterator[Val]:
    """What all lists hold that a value is one of, where they hold the same; else the value."""
    lists = value.candidates if isinstance(value, Unknown) else ()
    named = [[_name(e) for e in one.elements()] for one in lists if _is_list(one)]
    first = named[0] if named else []
    same = first and None not in first and all(set(one) == set(first) for one in named)
    yield from lists[0].elements() if same and len(named) == len(lists) else (value,)


def _name(value: Val) -> tuple[str, str] | None:
    """What a value names by itself: an attribute of a resource, or a text; ``None`` if unknown."""
    if isinstance(value, Reference):
        plain = bool(value.attribute) and not (value.candidates or value.parts)
        return (value.target, value.attribute) if plain else None
    return None if value.text is None else ("", value.text)


def _read_elements(part: Part, field: Field[tuple[Val, ...]]) -> tuple[Val, ...]:
    """What the nearest layer lists at any of the paths, through any list on the way."""
    possible: list[tuple[Val, Presence]] = []
    for layer in part.layers:
        sure: list[Val] = []
        for steps in field.paths(layer.type):
            inside = enclosing(layer.section, steps, every=True)
            for value, presence in said(layer, inside, steps[-1]):
                if presence.certain and not (isinstance(value, Unknown) and value.unset):
                    sure.append(value)
                else:
                    possible.append((value, presence))
        if sure:
            found = [element for value in sure for element in _listed(value)]
            if possible:
                found.extend(_maybe(possible))
            return tuple(element for element in found if not element.is_null)
    return tuple(_maybe(possible))


def _listed(value: Val) -> tuple[Val, ...]:
    """What a value lists; a list among the elements stands for its own.

    Terraform before 0.12 took ``["${var.subnets}"]`` for the list itself, and later ones refuse it
    (Upgrading to Terraform v0.12, "Working with lists and maps").
    """
    elements = value.elements()
    if not any(_is_list(element) for element in elements):
        return elements
    return tuple(one for element in elements for one in _listed(element))


def _maybe(possible: list[tuple[Val, Presence]]) -> Iterator[Val]:
    """Elements that may be there: each an unknown that can only be what it was said to be."""
    for value, presence in possible:
        for element in _listed(value):
            if not element.is_null:
                yield either([(element, presence)], None)


def _read_part(whole: Part, field: Field[P], kind: type[P]) -> P:
    layers: list[Layer] = []
    for section, type_, there in whole.layers:
        for steps in field.paths(type_):
            inner = [s for outer in enclosing(section, steps) for s in outer.sections(steps[-1])]
            layers.extend(
                Layer(found, type_, there if found.presence is section.presence else found.presence)
                for found in alternatives(inner, section.presence)
            )
    if layers:
        return kind(tuple(layers), layers[0].section.span)
    return kind((), whole.span, (whole, field.name), whole.resource_type)


def _read_parts(whole: Part, field: Field[tuple[P, ...]], kind: type[P]) -> tuple[P, ...]:
    for section, type_, _ in whole.layers:
        found = tuple(
            kind((Layer(inner, type_),), inner.span)
            for steps in field.paths(type_)
            for outer in enclosing(section, steps)
            for inner in outer.sections(steps[-1])
        )
        if found:
            return found
    return ()


def _or_implied(found: Val, implied: Val) -> Val:
    if not isinstance(found, Unknown):
        return found
    # It is unset in an arm that is null, or for all that is known in whatever case.
    known = found.candidates
    if any(one.is_null for one in known):
        known = tuple(implied.after(*one.via) if one.is_null else one for one in known)
    elif known:
        known = (*known, implied)
    return found.but(candidates=known, unset=False)


def _read(part: Part, field: Field[Val | None]) -> Val | None:
    return part.read(field)
