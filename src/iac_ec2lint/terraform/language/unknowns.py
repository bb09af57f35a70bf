"""What unknown operands make of a result, and the steps that known ones bring along."""

from __future__ import annotations

from itertools import product
from typing import TYPE_CHECKING

from iac_ec2lint.terraform.language.containers import OpenMap, Several, is_open, join_references
from iac_ec2lint.terraform.language.types import ANY, ListOf, SetOf, Type
from iac_ec2lint.values import (
    UNMARKED,
    Reference,
    Step,
    Unknown,
    Val,
    Value,
    exclude,
    guard_of,
    inputs_in,
    join_conditions,
    walk,
    when_of,
)
from iac_ec2lint.values.allowed import allowed_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from iac_ec2lint.source.span import Span
    from iac_ec2lint.terraform.language.scope import Evaluation, Fault

MAX_CANDIDATES = 16
"""How many candidates an unknown has at most; with more of them it has none."""
_MAX_STEPS = 24
_MAX_REASONS = 3


def steps_of(*values: Val) -> tuple[Step, ...]:
    """The steps that ``values`` came through, each once."""
    found: tuple[Step, ...] = ()
    for value in values:
        if value.via:
            found = value.via if not found else join_steps(found, value.via)
    return found


def join_steps(first: tuple[Step, ...], second: tuple[Step, ...]) -> tuple[Step, ...]:
    """Steps of two ways to one place, each once."""
    if not second or first is second:
        return first
    joined = dict.fromkeys(first)
    joined.update(dict.fromkeys(second))
    steps = tuple(joined)
    if len(steps) <= _MAX_STEPS:
        return steps
    # That from a file is never lost: it limits what messages tell.
    return (*steps[:_MAX_STEPS], *(step for step in steps[_MAX_STEPS:] if step.contents))


def assumed_steps(value: Val) -> tuple[Step, ...]:
    """The defaults that a value rests on."""
    return tuple([step for step in value.via if step.assumed]) if value.via else ()


def depend(span: Span, unknowns: Sequence[Unknown], kind: Type = ANY) -> Unknown:
    """An unknown at ``span`` for the reasons of ``unknowns``, of which there is at least one."""
    if len(unknowns) > 1:
        # What an error leads to is the error's, whatever else is unknown.
        errors = [u for u in unknowns if u.cause == "error"]
        unknowns = errors[:1] if errors else unknowns
    first = unknowns[0]
    if len(unknowns) == 1:
        return Unknown(
            first.reason,
            first.cause,
            span,
            first.via,
            references=first.references,
            type=kind,
            marks=first.marks,
            inputs=first.inputs,
        )
    reasons = list(dict.fromkeys(u.reason for u in unknowns))
    words = " and ".join(reasons[:_MAX_REASONS])
    if len(reasons) > _MAX_REASONS:
        words += f" and {len(reasons) - _MAX_REASONS} more"
    return Unknown(
        words,
        first.cause,
        span,
        steps_of(*unknowns),
        references=join_references(*unknowns),
        type=kind,
        marks=UNMARKED.union(*(unknown.marks for unknown in unknowns)),
        inputs=inputs_in(unknowns),
    )


def unknowns_in(values: Iterable[Val]) -> list[Unknown]:
    """The unknowns in ``values``, at any depth."""
    return [part for value in values for part in walk(value) if isinstance(part, Unknown)]


def wholly_known(value: Val) -> bool:
    """Whether nothing in a value is unknown."""
    if isinstance(value, Unknown):
        return False
    if not isinstance(value.data, tuple | dict):
        return True
    return not any(isinstance(part, Unknown) for part in walk(value))


def depend_on(span: Span, values: Iterable[Val], kind: Type = ANY) -> Unknown:
    """An unknown at ``span`` because of what is unknown in ``values``, at any depth."""
    found = list({id(u): u for u in unknowns_in(values)}.values())
    if not found:
        return Unknown("it is not evaluated", "expression", span, type=kind)
    return depend(span, found, kind)


def choose(
    span: Span, why: Unknown, arms: Sequence[Val], kind: Type = ANY, via: tuple[Step, ...] = ()
) -> Unknown:
    """One of ``arms``, nobody knows which: an unknown with candidates.

    Args:
        span: The expression that it stands for.
        why: What leaves it undecided.
        arms: What it can only be, each having come through the step that says when.
        kind: The type that all arms have.
        via: Steps that the result came through.
    """
    candidates: list[Val] = []
    for arm in arms:
        if isinstance(arm, Unknown) and arm.candidates and not isinstance(arm, Reference):
            # An undecided arm inside an undecided one: what it can be, under both conditions.
            both = (_under_both(candidate, arm) for candidate in arm.candidates)
            candidates.extend(one for one in both if not exclude(guard_of(one)))
        else:
            candidates.append(arm)
    if len(candidates) > MAX_CANDIDATES:
        candidates = []
    return Unknown(
        why.reason,
        why.cause,
        span,
        via or why.via,
        candidates=tuple(candidates),
        references=join_references(why, *[a for a in arms if isinstance(a, Unknown)]),
        unset=any(c.is_null or (isinstance(c, Unknown) and c.unset) for c in candidates),
        type=kind,
        marks=why.marks.union(*(arm.marks for arm in arms)),
        inputs=inputs_in((why, *arms)),
    )


def element_of(unknown: Unknown) -> Val:
    """What each element of an unknown list, set or tuple is, as far as that is known."""
    kind = unknown.type
    element = kind.element if isinstance(kind, ListOf | SetOf) else ANY
    arms: list[Val] = []
    for candidate in unknown.candidates:
        if isinstance(candidate, Unknown):
            arms.append(element_of(candidate))
        elif not candidate.is_null:
            arms.extend([e.element if isinstance(e, Several) else e for e in candidate.elements()])
    if len(arms) == 1:
        return arms[0]
    if arms:
        return choose(unknown.span, unknown, arms, element)
    return depend(unknown.span, [unknown], element).but(allowed=allowed_of(unknown))


def _under_both(candidate: Val, arm: Unknown) -> Val:
    """A candidate of an arm, with the step that says when both of them are chosen."""
    outer = arm.via[-1:]
    inner = when_of(candidate)
    if not outer or not inner:
        return candidate.after(*outer)
    step = outer[0]
    when = join_conditions([inner, step.when] if step.when else [inner], "and")
    return candidate.after(Step(step.span, f"when {when}", guard=step.guard, when=when))


def settle(arms: Sequence[Val]) -> Value | None:
    """What all ``arms`` are, where they are all the same and wholly known."""
    first = arms[0]
    marks = first.marks
    if not isinstance(first, Value) or not wholly_known(first):
        return None
    for other in arms[1:]:
        if not isinstance(other, Value) or type(first.data) is not type(other.data):
            return None
        if first.data != other.data:
            return None
        marks = marks | other.marks
    return first.marked(marks)


def lift(
    evaluation: Evaluation,
    span: Span,
    values: Sequence[Val],
    compute: Callable[[Sequence[Val]], Val | None],
) -> Unknown | None:
    """What ``compute`` makes of every combination of the candidates of ``values``.

    ``None`` where one of the unknowns has no candidates, or there are too many combinations.
    ``compute`` returns ``None`` where it cannot tell. A combination that is an error is not the one
    that is deployed: it drops out.
    """
    choices: list[tuple[Val, ...]] = []
    undecided: list[Unknown] = []
    combinations = 1
    for value in values:
        if isinstance(value, Unknown):
            if not value.candidates or isinstance(value, OpenMap):
                return None
            choices.append(value.candidates)
            undecided.append(value)
            combinations *= len(value.candidates)
        else:
            choices.append((value,))
    if not undecided or combinations > MAX_CANDIDATES:
        return None
    results: list[Val] = []
    for combination in product(*choices):
        if any(isinstance(c, Unknown) or is_open(c.data) for c in combination):
            return None
        result, failed = _attempt(evaluation, combination, compute)
        if failed:
            continue
        if result is None:
            return None
        when = [c.via[-1] for c, v in zip(combination, values, strict=True) if c is not v and c.via]
        results.append(result.after(*when) if when else result)
    if not results:
        return None
    return choose(span, depend(span, undecided), results)


def _attempt(
    evaluation: Evaluation,
    values: Sequence[Val],
    compute: Callable[[Sequence[Val]], Val | None],
) -> tuple[Val | None, bool]:
    """What ``compute`` makes of ``values``, and whether that is an error."""
    errors: list[Fault] = []
    outer, evaluation.trapped = evaluation.trapped, errors
    try:
        return compute(values), bool(errors)
    finally:
        evaluation.trapped = outer
