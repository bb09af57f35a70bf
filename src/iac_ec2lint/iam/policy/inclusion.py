"""Whether policies allow nothing beyond what others allow: statement by statement, by their text.

It is sound and not complete: what it calls included is; of the rest a request decides. Source: IAM
Access Analyzer, "CheckNoNewAccess"; IAM User Guide, "Policy evaluation logic".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.values import Reference, Unknown

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Sequence

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.statement import Condition, PrincipalEntry, Statement
    from iac_ec2lint.values import Val

_SEGMENTS: Final = 5
_STAR: Final = "\x01"
"""Stands for the star of a pattern that is matched as if it were a text."""


def beyond(
    new: Sequence[PolicyDocument], old: Sequence[PolicyDocument]
) -> tuple[list[Statement], list[Statement]]:
    """What may make policies allow more than others do.

    Args:
        new: Policies that apply together.
        old: Those that they are compared with, which apply together too.

    Returns:
        Statements of ``new`` that may allow something which none of ``old`` surely allows, and
        statements of ``old`` that may deny something which none of ``new`` surely denies. Where
        there is neither, all that ``new`` may allow ``old`` allows.
    """
    before, after = list(_statements(old)), list(_statements(new))
    more = [
        statement
        for statement in after
        if statement.effect.text != "Deny"
        and not any(_covers(one, statement, "Allow") for one in before)
    ]
    lost = [
        statement
        for statement in before
        if statement.effect.text != "Allow"
        and not any(_covers(one, statement, "Deny") for one in after)
    ]
    return more, lost


def _statements(documents: Sequence[PolicyDocument]) -> Iterator[Statement]:
    for document in documents:
        yield from document.statements


def _covers(large: Statement, small: Statement, effect: str) -> bool:
    """Whether a statement surely applies to all that another one may apply to."""
    return (
        large.uncertain is None
        and large.effect.text == effect
        and _all_in(large.actions, large.not_actions, small.actions, small.not_actions, _in_action)
        and _all_in(
            large.resources, large.not_resources, small.resources, small.not_resources, _in_arn
        )
        and _all_principals(large, small)
        and all(any(_is_same(one, other) for other in small.conditions) for one in large.conditions)
    )


def _all_in(
    large: tuple[Val, ...] | None,
    large_but: tuple[Val, ...] | None,
    small: tuple[Val, ...] | None,
    small_but: tuple[Val, ...] | None,
    within: Callable[[Val, Val], bool],
) -> bool:
    if large is None and large_but is None:
        return True  # a trust policy has no resources
    if any(one.text == "*" for one in large or ()):
        return True
    if large_but is not None:
        keys = [key_of(one) for one in small_but or ()]
        return small_but is not None and all(
            key is not None and key in keys for key in map(key_of, large_but)
        )
    return small is not None and all(
        any(within(one, each) for each in large or ()) for one in small
    )


def _in_action(small: Val, large: Val) -> bool:
    one, other = small.text, large.text
    if one is None or other is None:
        return _are_same(small, large)
    return _glob_in(one.lower(), other.lower())


def _in_arn(small: Val, large: Val) -> bool:
    one, other = small.text, large.text
    if one is None or other is None or one == other:
        return _are_same(small, large)
    if "${" in one or "${" in other:
        return False
    parts, others = one.split(":", _SEGMENTS), other.split(":", _SEGMENTS)
    if len(parts) != len(others):
        return False
    *heads, last = zip(parts, others, strict=True)
    # A star at the end of a segment goes on into the next ones.
    return all(
        b in {"*", a} or (_glob_in(a, b) and not a.endswith("*")) for a, b in heads
    ) and _glob_in(*last)


def _glob_in(small: str, large: str) -> bool:
    """Whether all that one glob covers another one covers."""
    if small == large or not large.strip("*"):
        return True
    if "?" in large:
        return False
    first, *middle = large.split("*")
    text = small.replace("*", _STAR)
    if not middle:
        return False  # a text alone covers no other
    if not text.startswith(first):
        return False
    *inner, last = middle
    at = len(first)
    for piece in inner:
        found = text.find(piece, at)
        if found < 0:
            return False
        at = found + len(piece)
    return text.endswith(last) and len(text) - len(last) >= at


def _all_principals(large: Statement, small: Statement) -> bool:
    if large.principals is None and large.not_principals is None:
        return small.principals is None and small.not_principals is None
    if any(entry.kind == "*" for entry in large.principals or ()):
        return True
    if large.principals is None or small.principals is None:
        return False
    keys = {_principal_key(entry) for entry in large.principals} - {None}
    return all(_principal_key(entry) in keys for entry in small.principals)


def _principal_key(entry: PrincipalEntry) -> Hashable:
    key = key_of(entry.value)
    return None if key is None or not entry.kind else (entry.kind, key)


def _is_same(one: Condition, other: Condition) -> bool:
    if one.unknown is not None or other.unknown is not None:
        return False
    mine = (one.operator, one.key.lower(), one.qualifier, one.if_exists)
    if mine != (other.operator, other.key.lower(), other.qualifier, other.if_exists):
        return False
    keys = [key_of(value) for value in one.values]
    return None not in keys and keys == [key_of(value) for value in other.values]


def _are_same(one: Val, other: Val) -> bool:
    key = key_of(one)
    return key is not None and key == key_of(other)


def key_of(value: Val) -> Hashable:
    """What two values are equal by in two trees; ``None`` where they may differ all the same.

    A reference is to what stands at its address in either; what is declared elsewhere is known by
    its name.
    """
    pieces = pieces_of(value)
    if pieces is None:
        return None
    found: list[Hashable] = []
    for piece in pieces:
        if isinstance(piece, str):
            found.append(piece)
        elif isinstance(piece, Reference):
            found.append((piece.target, piece.attribute))
        elif isinstance(piece, Unknown) and piece.cause == "external-id" and not piece.candidates:
            found.append((piece.reason,))
        else:
            return None
    return tuple(found)
