"""Strings made of parts, some of which may be unknown."""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from iac_ec2lint.cloudformation import dynamic
from iac_ec2lint.source import limits
from iac_ec2lint.values import UNMARKED, Reference, Step, Unknown, Value, as_text, inputs_in
from iac_ec2lint.values.allowed import listed
from iac_ec2lint.values.inputs import ID

if TYPE_CHECKING:
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Val

SOME_TEXT = "text"
"""The type of an unknown whose text is not empty."""

NAME = "name"
"""The type of an unknown that is the name or id of a resource as its ARN has it."""

_NEVER_IN_IDS = frozenset(",;| ")
_NEVER_IN_NAMES = frozenset(":/;| ")
_NEVER_IN_PSEUDO: dict[str, frozenset[str]] = {
    "AWS::AccountId": frozenset(":/;|, =._-"),
    "AWS::Partition": frozenset(":/;|, =._"),
    "AWS::Region": frozenset(":/;|, =._"),
    "AWS::StackName": frozenset(":/;|, =._"),
    "AWS::URLSuffix": frozenset(":/;|, =_"),
}
"""Delimiters that no value of a pseudo parameter holds. Source: CloudFormation Template Reference,
"Pseudo parameters"; API Reference, CreateStack (``[a-zA-Z][-a-zA-Z0-9]*``)."""

_NO_IDS = frozenset({"", "default", "none", "null", "true", "false", "yes", "no"})
"""What templates compare an id with, and no id, address or generated name is; in lower case."""

CANDIDATES = 64
"""The greatest number of candidates of an unknown that is made of several unknowns."""


def concatenate(parts: list[Val], span: Span) -> Val:
    """The concatenation of parts.

    Args:
        parts: Scalars and unknowns.
        span: Where the string is written.

    Returns:
        A string, or an unknown with the known text and the unknown pieces in order, and with all
        possible strings as candidates where they are known and few.
    """
    texts = [as_text(part) for part in parts]
    if len(texts) == 1 and (texts[0].via or isinstance(texts[0], Unknown)):
        # A single value keeps its place and identity.
        return texts[0]
    if all(isinstance(text, Value) for text in texts):
        known = [text.text or "" for text in texts]
        if sum(map(len, known)) > limits.STRING_LENGTH:
            return Unknown(
                f"a string of more than {limits.STRING_LENGTH} characters", "limit", span
            )
        joined = "".join(known)
        if dynamic.MARK in joined:
            texts = dynamic.parts_of(joined, span, steps_of(texts))
            if any(isinstance(text, Unknown) for text in texts):
                return concatenate(texts, span)
        return Value(joined, span, steps_of(texts))
    return _partly_known(texts, span)


def _partly_known(texts: list[Val], span: Span) -> Val:
    pieces: list[str | Unknown] = []
    for text in texts:
        whole = text if isinstance(text, Unknown) else text.text or ""
        for piece in (whole.parts or (whole,)) if isinstance(whole, Unknown) else (whole,):
            if isinstance(piece, str) and pieces and isinstance(pieces[-1], str):
                pieces[-1] += piece
            elif piece != "":
                pieces.append(piece)
    if any(isinstance(piece, str) and dynamic.MARK in piece for piece in pieces):
        read = dynamic.among(pieces, span, steps_of(texts))
        if read is not None:
            return concatenate(read, span)
    unknowns = [text for text in texts if isinstance(text, Unknown)]
    return depending_on(unknowns, span, candidates=_combinations(texts, span), parts=tuple(pieces))


def split(value: Val, delimiter: str) -> Value | None:
    """The parts of text between delimiters, where all of them are known.

    Args:
        value: Text, or an unknown of which parts are known.
        delimiter: The text between the parts.

    Returns:
        The parts; ``None`` where an unknown piece may contain a delimiter.
    """
    if isinstance(value, Value):
        text = as_text(value)
        if not isinstance(text, Value) or text.text is None:
            return None
        found = tuple(Value(part, value.span) for part in text.text.split(delimiter))
        return Value(found, value.span, value.via)
    pieces = value.parts or (value,)
    if any(isinstance(piece, Unknown) and _may_hold(piece, delimiter) for piece in pieces):
        return None
    groups: list[list[Val]] = [[]]
    for piece in pieces:
        if not isinstance(piece, str):
            groups[-1].append(piece)
            continue
        first, *rest = piece.split(delimiter)
        if first:
            groups[-1].append(Value(first, value.span))
        groups.extend([Value(part, value.span)] if part else [] for part in rest)
    members = tuple(
        concatenate(group, value.span) if group else Value("", value.span) for group in groups
    )
    return Value(members, value.span, value.via)


def _may_hold(piece: Unknown, delimiter: str) -> bool:
    """Whether what is not known may hold a delimiter, or a part of one."""
    never: frozenset[str] = frozenset()
    if piece.type == ID:
        never = _NEVER_IN_IDS
    elif piece.type == NAME:
        never = _NEVER_IN_NAMES
    elif isinstance(piece, Reference) and piece.attribute == "Ref":
        never = _NEVER_IN_PSEUDO.get(piece.target.rpartition("/")[2], never)
    return not never.issuperset(delimiter)


def depending_on(
    unknowns: list[Unknown],
    span: Span,
    *,
    candidates: tuple[Val, ...] = (),
    parts: tuple[str | Unknown, ...] = (),
) -> Unknown:
    """An unknown that depends on other unknowns.

    Args:
        unknowns: The others, at least one.
        span: Where the expression is written.
        candidates: Its possible values.
        parts: The string that it is, as far as it is known.
    """
    reasons = list(dict.fromkeys(unknown.reason for unknown in unknowns))
    references: dict[tuple[str, str], Reference] = {}
    for unknown in unknowns:
        for reference in unknown.references:
            references.setdefault((reference.target, reference.attribute), reference)
    return Unknown(
        "; ".join(reasons[:3]),
        unknowns[0].cause,
        span,
        steps_of(list(unknowns)),
        candidates=candidates,
        parts=parts,
        references=tuple(references.values()),
        marks=UNMARKED.union(*(unknown.marks for unknown in unknowns)),
        inputs=inputs_in(unknowns),
    )


def element_of(unknown: Unknown, span: Span) -> Unknown:
    """What each text of an unknown list is, as far as that is known.

    Args:
        unknown: The list.
        span: Where it is read.
    """
    demanded = tuple(one._replace(each=False) for one in unknown.allowed if one.each)
    found = depending_on([unknown], span).but(allowed=demanded)
    candidates: list[Val] = []
    for text in listed(found):
        step = Step(unknown.span, f'it is "{text}"')
        candidates.append(Value(text, span, (step,)))
    for arm in unknown.candidates:
        if not isinstance(arm, Value) or not isinstance(arm.data, tuple):
            return found
        candidates.extend(element.after(*arm.via) for element in arm.elements())
    return found.but(candidates=tuple(candidates)) if len(candidates) <= CANDIDATES else found


def never_same(one: Val, other: Val) -> bool:
    """Whether the texts of two values differ, whatever comes of what is unknown in them.

    A resource's own id (``Ref``) is never empty, and no other resource has it. Source:
    CloudFormation User Guide, "Ref"; "Custom resource response objects" (``PhysicalResourceId``).
    """
    if isinstance(one, Reference) and isinstance(other, Reference):
        typed = one.type == other.type == ID and one.attribute == other.attribute == "Ref"
        return typed and one.target != other.target
    known, gap = (one, other) if isinstance(one, Value) else (other, one)
    if not isinstance(known, Value) or not isinstance(gap, Unknown):
        return False
    text = as_text(known).text
    if text is None:
        return False
    if gap.parts:
        first, last = gap.parts[0], gap.parts[-1]
        return (
            sum(len(part) for part in gap.parts if isinstance(part, str)) > len(text)
            or (isinstance(first, str) and not text.startswith(first))
            or (isinstance(last, str) and not text.endswith(last))
        )
    if any(not one.each and not one.may_be(text) for one in gap.allowed):
        return True
    if gap.type == ID:
        return text.lower() in _NO_IDS
    own = isinstance(gap, Reference) and gap.attribute == "Ref" and gap.cause == "computed"
    return not text and (own or gap.type == SOME_TEXT)


def alternatives(value: Val) -> tuple[Val, ...]:
    """The possible values: the value itself, or an unknown's candidates; none if not known."""
    return value.candidates if isinstance(value, Unknown) else (value,)


def combinations(values: list[Val]) -> list[tuple[Value, ...]]:
    """All combinations of possible values; none where they are unknown or too many."""
    choices = [_known(value) for value in values]
    if prod(len(choice) for choice in choices) > CANDIDATES:
        return []
    return list(product(*choices))


def arms(one: Val, other: Val) -> list[tuple[Val, Val]]:
    """All pairs of what two values may be; these themselves where they are too many."""
    left, right = (
        (value,) if _may_be_unset(value) else alternatives(value) or (value,)
        for value in (one, other)
    )
    return [(one, other)] if len(left) * len(right) > CANDIDATES else list(product(left, right))


def _known(value: Val) -> list[Value]:
    found = alternatives(value)
    known = [choice for choice in found if isinstance(choice, Value)]
    return known if len(known) == len(found) and not _may_be_unset(value) else []


def _may_be_unset(value: Val) -> bool:
    return isinstance(value, Unknown) and value.unset


def _combinations(texts: list[Val], span: Span) -> tuple[Val, ...]:
    found: list[Val] = []
    for chosen in combinations(texts):
        strings = [as_text(choice) for choice in chosen]
        if not all(isinstance(string, Value) for string in strings):
            return ()
        text = "".join(string.text or "" for string in strings)
        found.append(Value(text, span, steps_of(strings)))
    return tuple(found)


def steps_of(values: list[Val]) -> tuple[Step, ...]:
    """The steps of several values, each once."""
    if not any(value.via for value in values):
        return ()
    return tuple(dict.fromkeys(step for value in values for step in value.via))
