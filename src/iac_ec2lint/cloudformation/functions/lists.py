"""The functions of lists: Join, Split, Select and Length."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import texts
from iac_ec2lint.cloudformation.functions.arns import in_pieces
from iac_ec2lint.cloudformation.syntax import text_of
from iac_ec2lint.cloudformation.texts import (
    CANDIDATES,
    concatenate,
    depending_on,
    element_of,
)
from iac_ec2lint.document.tree import Node, Scalar
from iac_ec2lint.values import (
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    as_number,
    exclude,
    guard_of,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from iac_ec2lint.cloudformation.functions.call import Call
    from iac_ec2lint.source.span import Span


def join(call: Call) -> Val | None:
    """``Fn::Join``: the elements of a list with a delimiter between them."""
    items = call.items(2, 2, "a delimiter and a list")
    if items is None:
        return call.malformed()
    delimiter = text_of(items[0]) if isinstance(items[0], Scalar) else None
    if isinstance(items[0], Scalar) and items[0].text == "":
        delimiter = ""
    if delimiter is None:
        return call.fail("the delimiter of Fn::Join is no text", items[0])
    values = call.evaluate(items[1])
    if values is None:
        return call.fail("Fn::Join takes a delimiter and a list", items[1])
    if isinstance(values, Unknown):
        return depending_on([values], call.span)
    if not isinstance(values.data, tuple):
        return call.fail("Fn::Join takes a delimiter and a list", items[1])
    elements = values.elements()
    for element in elements:
        if isinstance(element, Value) and (
            element.is_null or isinstance(element.data, tuple | dict)
        ):
            return call.fail("Fn::Join joins text only", items[1])
    doubtful = [one for one in elements if isinstance(one, Unknown) and one.unset]
    if doubtful:
        # Whether there is a delimiter for one is unknown too: each list that it may be is joined.
        found: list[Val] = []
        for some in _possible_lists(elements):
            kept = [element for element in some if not element.is_null]
            removed = [step for element in some if element.is_null for step in element.via]
            found.append(_joined(call, kept, delimiter, items[0]).after(*removed))
        return depending_on(doubtful, call.span, candidates=tuple(found))
    joined = _joined(call, elements, delimiter, items[0])
    return joined.after(*(step for step in values.via if step not in joined.via))


def _joined(call: Call, elements: Iterable[Val], delimiter: str, place: Node) -> Val:
    parts: list[Val] = []
    for element in elements:
        if parts and delimiter:
            parts.append(Value(delimiter, place.span))
        parts.append(element)
    return concatenate(parts, call.span)


def _possible_lists(elements: Sequence[Val]) -> list[tuple[Val, ...]]:
    """The lists that a list may be, some of whose elements may be null; none if they are many."""
    found: list[tuple[Val, ...]] = [()]
    for element in elements:
        if not (isinstance(element, Unknown) and element.unset):
            found = [(*some, element) for some in found]
            continue
        arms = element.candidates
        nested = any(isinstance(arm, Unknown) and arm.unset for arm in arms)
        if not arms or nested or len(found) * len(arms) > CANDIDATES:
            return []
        found = [(*some, arm) for some in found for arm in arms]
    return [some for some in found if not exclude(*map(guard_of, some))]


def split(call: Call) -> Val | None:
    """``Fn::Split``: the parts of text between delimiters."""
    items = call.items(2, 2, "a delimiter and text")
    if items is None:
        return call.malformed()
    delimiter = items[0].text if isinstance(items[0], Scalar) else ""
    if not isinstance(items[0], Scalar) or not delimiter or not isinstance(items[0].data, str):
        return call.fail("the delimiter of Fn::Split is no text", items[0])
    whole = call.evaluate(items[1])
    if whole is None:
        return call.fail("Fn::Split takes text", items[1])
    whole = in_pieces(call, whole)
    if isinstance(whole, Unknown):
        known = texts.split(whole, delimiter)
        if known is not None:
            return known
        arms = [texts.split(candidate, delimiter) for candidate in whole.candidates]
        lists = tuple(arm for arm in arms if arm is not None)
        whole_known = len(lists) == len(arms)
        return depending_on([whole], call.span, candidates=lists if whole_known else ())
    if isinstance(whole.data, tuple) and call.evaluator.template.extended:
        # With the language extensions a list parameter is the text that is given for it.
        whole = Value(",".join(part.text or "" for part in whole.data), whole.span, whole.via)
    parts = texts.split(whole, delimiter)
    return parts if parts is not None else call.fail("Fn::Split takes text", items[1])


def select(call: Call) -> Val | None:
    """``Fn::Select``: one element of a list, by its index from 0."""
    items = call.items(2, 2, "an index and a list")
    if items is None:
        return call.malformed()
    index = call.evaluate(items[0])
    values = call.evaluate(items[1])
    if index is None or values is None:
        return call.fail("Fn::Select takes an index and a list")
    if isinstance(index, Value):
        number = as_number(index)
        position = number.number if isinstance(number, Value) else None
        if not isinstance(position, int) or position < 0:
            return call.fail("the index of Fn::Select is no whole number from 0", items[0])
        if isinstance(values, Value):
            return _selected(call, values, position, index.via)
        if any(one.each for one in values.allowed):
            return element_of(values, call.span)
        return _each(call, values, lambda value: _element(value, position), suffix=f"[{position}]")
    found = [index] if isinstance(values, Value) else [index, values]
    if isinstance(values, Unknown):
        element = element_of(values, call.span)
        candidates, demanded = element.candidates, element.allowed
    else:
        candidates, demanded = values.elements(), ()
    few = len(candidates) <= CANDIDATES
    unknown = depending_on(found, call.span, candidates=candidates if few else ())
    return unknown.but(allowed=demanded)


def _selected(call: Call, values: Value, position: int, via: tuple[Step, ...]) -> Val:
    if not isinstance(values.data, tuple):
        return call.fail("Fn::Select takes an index and a list")
    elements = values.elements()
    # An element that may be removed shifts those after it.
    doubtful = next(
        (e for e in elements[: position + 1] if isinstance(e, Unknown) and e.unset), None
    )
    if doubtful is not None:
        return depending_on([doubtful], call.span)
    if position >= len(elements):
        message = f"Fn::Select asks for element {position} of a list of {len(elements)}"
        default = _empty_default(values)
        if default is not None:
            return call.evaluator.to_be_set(call.node, message, default, call.scope)
        return call.fail(message)
    return elements[position].after(*via) if via else elements[position]


def _empty_default(values: Value) -> Step | None:
    """The default of a parameter that a list is, of nothing but empty texts."""
    elements = values.elements()
    if any(isinstance(one, Unknown) or one.text != "" for one in elements):
        return None
    steps = (step for one in (values, *elements) for step in one.via)
    return next((step for step in steps if step.assumed and step.input), None)


def _element(value: Value, position: int) -> Val | None:
    elements = value.elements() if isinstance(value.data, tuple) else ()
    return elements[position] if position < len(elements) else None


def _each(
    call: Call, unknown: Unknown, change: Callable[[Value], Val | None], suffix: str = ""
) -> Unknown:
    """The result of a function for an unknown: for each of its candidates, where they are known."""
    if isinstance(unknown, Reference) and suffix:
        return Reference(
            unknown.target,
            unknown.attribute + suffix,
            unknown.span,
            unknown.via,
            reason=unknown.reason,
            cause=unknown.cause,
            inputs=unknown.inputs,
        )
    found: list[Val] = []
    for candidate in unknown.candidates:
        changed = change(candidate) if isinstance(candidate, Value) else None
        if changed is None:
            found = []
            break
        found.append(changed)
    return depending_on([unknown], call.span, candidates=tuple(found))


def length(call: Call) -> Val | None:
    """``Fn::Length``: the number of elements of a list, or of entries of a mapping."""
    value = call.evaluate(call.argument)
    if value is None:
        return call.fail("Fn::Length takes a list")
    if isinstance(value, Unknown):
        return _each(call, value, lambda known: _length(known, call.span))
    counted = _length(value, call.span)
    return counted if counted is not None else call.fail("Fn::Length takes a list")


def _length(value: Value, span: Span) -> Val | None:
    if not isinstance(value.data, tuple | dict):
        return None
    members = value.data if isinstance(value.data, tuple) else tuple(value.data.values())
    doubtful = [m for m in members if isinstance(m, Unknown) and m.unset]
    if doubtful:
        return depending_on(doubtful, span)
    return Value(len(members), span, value.via)
