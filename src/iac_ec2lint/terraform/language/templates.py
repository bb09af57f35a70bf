"""Templates: quoted strings, heredocs, template files.

Source: "Strings and Templates" of the Terraform language.
"""

from __future__ import annotations

from itertools import product
from math import prod
from typing import TYPE_CHECKING

from iac_ec2lint.hcl import tree
from iac_ec2lint.source import limits
from iac_ec2lint.source.budget import FREE, Place, turns
from iac_ec2lint.terraform.language.conditions.guards import facts
from iac_ec2lint.terraform.language.conditions.words import condition_words
from iac_ec2lint.terraform.language.constants import constant
from iac_ec2lint.terraform.language.containers import Lazy, Several, normalize
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.marks import marks_of
from iac_ec2lint.terraform.language.scope import HANDLERS, Scope
from iac_ec2lint.terraform.language.traversal import pairs_of
from iac_ec2lint.terraform.language.types import BOOL, STRING
from iac_ec2lint.terraform.language.unknowns import assumed_steps, choose, depend, lift, steps_of
from iac_ec2lint.values import Marks, Reference, Step, Unknown, Val, Value, exclude

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.source.span import Span

_TEXTS = 8
"""Texts that lines which may be there make of one text; of more, none is known."""
_PARTS_KEPT = 1_000
"""Known and unknown pieces of one string; of one with more, none is known."""


def _template(node: tree.Template, scope: Scope) -> Val:
    text = node.text
    if text is None:
        return _made(node, scope)
    value = scope.constants.get(node)
    if value is None:
        value = scope.constants[node] = Value(normalize(text), node.span)
    return value


@constant
def _made(node: tree.Template, scope: Scope) -> Val:
    """What a template comes to that is no plain text."""
    parts = node.parts
    if len(parts) == 1 and isinstance(parts[0], tree.Interpolation):
        # "${x}" alone is x itself, of whatever type it is.
        inner = parts[0].expression
        return HANDLERS[inner.__class__](inner, scope)
    return join_pieces(node.span, _pieces(parts, scope), scope)


def _pieces(parts: Sequence[tree.TemplatePart], scope: Scope) -> list[Val]:
    pieces: list[Val] = []
    for part in parts:
        if isinstance(part, tree.Text):
            cached = scope.constants.get(part)
            if cached is None:
                cached = scope.constants[part] = Value(normalize(part.value), part.span)
            pieces.append(cached)
        elif isinstance(part, tree.Interpolation):
            pieces.append(_interpolation(part, scope))
        elif isinstance(part, tree.TemplateIf):
            pieces.append(_if(part, scope))
        else:
            pieces.append(_for(part, scope))
    return pieces


def _interpolation(part: tree.Interpolation, scope: Scope) -> Val:
    value = HANDLERS[part.expression.__class__](part.expression, scope)
    if isinstance(value, Value) and value.data is None:
        return scope.error(part.span, "a null value cannot be put into a string", value)
    try:
        return convert(value, STRING)
    except Mismatch:
        return scope.error(part.span, "this value cannot be put into a string")


def join_pieces(span: Span, pieces: Sequence[Val], scope: Scope) -> Val:
    """The string that ``pieces`` make, one after the other; unknown with parts where one is."""
    if scope.evaluation.marked:
        joined = _join(span, pieces, scope)
        marks = marks_of(pieces)
        return joined.marked(marks) if marks else joined
    return _join(span, pieces, scope)


def _join(span: Span, pieces: Sequence[Val], scope: Scope) -> Val:
    if any(isinstance(piece, Unknown) for piece in pieces):
        return _join_unknown(span, pieces, scope)
    texts = [piece.text or "" for piece in pieces]
    length = sum(map(len, texts))
    if length >= FREE:
        if length > limits.STRING_LENGTH:
            message = f"a string of {length} characters; at most {limits.STRING_LENGTH} are made"
            return Unknown(scope.error(span, message).reason, "limit", span)
        if not scope.evaluation.budget.takes(Place(span), length // FREE, length):
            return scope.evaluation.spent(span)
    text = "".join(texts)
    return Value(normalize(text), span, steps_of(*pieces))


def _join_unknown(span: Span, pieces: Sequence[Val], scope: Scope) -> Unknown:
    errors = [p for p in pieces if isinstance(p, Unknown) and p.cause in {"error", "limit"}]
    if errors:
        return depend(span, errors[:1])
    full = [piece for piece in pieces if piece.text != ""]
    if len(full) == 1 and isinstance(full[0], Reference):
        return full[0].but(type=STRING, parts=full[0].parts or (full[0],))  # it leads where it led
    lifted = lift(
        scope.evaluation, span, pieces, lambda combination: join_pieces(span, combination, scope)
    )
    unknowns = [p for p in pieces if isinstance(p, Unknown)]
    result = lifted if lifted is not None else _with_lines(span, pieces, scope)
    result = result if result is not None else depend(span, unknowns, STRING)
    return result.but(type=STRING, parts=_merge_parts(pieces))


def _with_lines(span: Span, pieces: Sequence[Val], scope: Scope) -> Unknown | None:
    """The texts that are made by lines of which it is not known whether they are there.

    ``%{if}`` around lines of a script or a policy decides over these, and not over what is put
    into others, which may be unknown.
    """
    choices = [
        piece.candidates if isinstance(piece, Unknown) and _has_lines(piece) else (piece,)
        for piece in pieces
    ]
    if not 1 < prod(map(len, choices)) <= _TEXTS:
        return None
    texts: list[Val] = []
    for chosen in product(*choices):
        text = join_pieces(span, chosen, scope)
        when = [c.via[-1] for c, p in zip(chosen, pieces, strict=True) if c is not p and c.via]
        texts.append(text.after(*when))
    undecided = [p for p in pieces if isinstance(p, Unknown) and _has_lines(p)]
    return choose(span, depend(span, undecided), texts)


def _has_lines(piece: Unknown) -> bool:
    """Whether a piece is one of several texts, one of which has lines."""
    known = (
        text
        for candidate in piece.candidates
        for text in (candidate.parts if isinstance(candidate, Unknown) else (candidate.text or "",))
    )
    return any(isinstance(text, str) and "\n" in text for text in known)


def _merge_parts(pieces: Sequence[Val]) -> tuple[str | Unknown, ...]:
    parts: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown):
            inner: tuple[str | Unknown, ...] = piece.parts or (piece,)
        else:
            inner = (piece.text or "",)
        for part in inner:
            last = parts[-1] if parts else None
            if isinstance(part, str) and isinstance(last, str):
                parts[-1] = last + part
            elif part != "":
                parts.append(part)
        if len(parts) > _PARTS_KEPT:
            return ()
    return tuple(parts)


def _if(part: tree.TemplateIf, scope: Scope) -> Val:
    condition = HANDLERS[part.condition.__class__](part.condition, scope)
    if isinstance(condition, Value) and condition.data is None:
        return scope.error(part.condition.span, "the condition is null", condition)
    try:
        condition = convert(condition, BOOL)
    except Mismatch:
        return scope.error(part.condition.span, "the condition must be true or false")
    if isinstance(condition, Value):
        chosen, other = part.then, part.otherwise
        if not condition.boolean:
            chosen, other = other, chosen
        joined = join_pieces(part.span, _pieces(chosen, scope), scope)
        if scope.evaluation.may_mark:
            joined = joined.marked(condition.marks | _trapped_marks(other, scope))
        scope.evaluation.branches.decided(assumed_steps(condition))
        return joined.after(*condition.via) if condition.via else joined
    if condition.cause == "error":
        return condition
    arms: list[Val] = []
    taken = scope.evaluation.branches.taken
    for inner, truth in ((part.then, True), (part.otherwise, False)):
        guard = facts(part.condition, scope, truth)
        if exclude(guard) or (taken and exclude(guard, taken)):
            continue
        words = condition_words(part.condition, scope, truth)
        step = Step(part.condition.span, f"when {words}", guard=guard, when=words)
        arms.append(join_pieces(part.span, _pieces(inner, scope), scope).after(step))
    if len(arms) == 1:
        return arms[0].marked(condition.marks)
    return choose(part.span, condition, arms, STRING)


def _trapped_marks(parts: Sequence[tree.TemplatePart], scope: Scope) -> Marks:
    """The marks of an arm that is not the one chosen."""
    evaluation = scope.evaluation
    outer, doubts = evaluation.trapped, evaluation.doubts
    evaluation.trapped = []
    try:
        return marks_of(_pieces(parts, scope))
    finally:
        evaluation.trapped, evaluation.doubts = outer, doubts


def _for(part: tree.TemplateFor, scope: Scope) -> Val:
    collection = HANDLERS[part.collection.__class__](part.collection, scope)
    if isinstance(collection, Lazy):
        collection = collection.whole()
    if isinstance(collection, Unknown):
        return (
            collection if collection.cause == "error" else depend(part.span, [collection], STRING)
        )
    data = collection.data
    if not isinstance(data, tuple | dict):
        message = "for needs a collection that is not null"
        return scope.error(part.collection.span, message, collection)
    spent = scope.evaluation.spend(part, *turns(len(data), part))
    if spent is not None:
        return spent
    pieces: list[Val] = []
    for key, element in pairs_of(collection):
        if isinstance(element, Several):
            pieces.append(depend(part.span, [element], STRING))
            continue
        bound = {part.variable: element}
        if part.key is not None:
            bound[part.key] = key
        inner = Scope(scope.evaluation, scope.module, {**scope.names, **bound})
        pieces.extend(_pieces(part.body, inner))
    joined = join_pieces(part.span, pieces, scope)
    return joined.marked(collection.marks) if collection.marks else joined


def evaluate_template(node: tree.Template, scope: Scope) -> Val:
    """What the text of a template file makes: a string, or the value of its only interpolation.

    Source: hashicorp/hcl, ``TemplateWrapExpr``; opentofu's test of ``templatefile``: "since this
    template contains only an interpolation, its true value shines through".
    """
    return _template(node, scope)


HANDLERS[tree.Template] = _template
