"""``${aws:PrincipalTag/KEY}`` in policies, where it is known whose calls they are about.

Source: IAM User Guide, "IAM policy elements: Variables and tags" and "Define permissions to access
AWS resources based on tags".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.arns import joined
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.statement import Condition
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import Statement

_VARIABLE: Final = re.compile(r"\$\{aws:principaltag/([^}]+)\}", re.IGNORECASE)
_OF_CALLER: Final = "aws:principaltag/"


def tags_in_variables(document: PolicyDocument) -> Iterator[str]:
    """The keys of the tags that a document has variables of, in lower case."""
    for statement in document.statements:
        values = (value for condition in statement.conditions for value in condition.values)
        for entry in (*(statement.resources or ()), *(statement.not_resources or ()), *values):
            for one in entry.elements():
                for piece in pieces_of(one) or ():
                    if isinstance(piece, str) and "${" in piece:
                        yield from (found.lower() for found in _VARIABLE.findall(piece))


def with_own_tags(document: PolicyDocument, calls: Keys) -> PolicyDocument:
    """A document with the tags of whoever asks in the place of the variables.

    Args:
        document: The document.
        calls: The condition keys that are known of the calls, in lower case.

    Returns:
        The document itself, where it has no such variable, or the tags are not known.
    """
    tags = {
        key.removeprefix(_OF_CALLER): text
        for key, values in calls.items()
        if key.startswith(_OF_CALLER) and len(values) == 1 and isinstance(text := values[0], str)
    }
    if not tags or tags.keys().isdisjoint(tags_in_variables(document)):
        return document
    return document.mapped(lambda statement: (_statement(statement, tags),))


def _statement(statement: Statement, tags: Mapping[str, str]) -> Statement:
    about = statement.about(
        _filled(statement.resources, tags), _filled(statement.not_resources, tags)
    )
    return about.under(tuple(_condition(one, tags) for one in statement.conditions))


def _condition(condition: Condition, tags: Mapping[str, str]) -> Condition:
    return Condition(
        condition.operator,
        condition.key,
        _filled(condition.values, tags) or (),
        condition.span,
        qualifier=condition.qualifier,
        if_exists=condition.if_exists,
        unknown=condition.unknown,
    )


def _filled(entries: tuple[Val, ...] | None, tags: Mapping[str, str]) -> tuple[Val, ...] | None:
    return None if entries is None else tuple(_one(entry, tags) for entry in entries)


def _one(entry: Val, tags: Mapping[str, str]) -> Val:
    if isinstance(entry, Value) and isinstance(entry.data, tuple):
        elements = tuple(_one(one, tags) for one in entry.elements())
        return Value(elements, entry.span, entry.via)
    pieces = pieces_of(entry)
    if pieces is None or not any(isinstance(one, str) and "${" in one for one in pieces):
        return entry
    filled = [one if isinstance(one, Unknown) else _text(one, tags) for one in pieces]
    if all(isinstance(one, str) for one in filled):
        return Value("".join(str(one) for one in filled), entry.span, entry.via)
    known = entry.references if isinstance(entry, Unknown) else ()
    return joined(filled, entry.span).but(references=known)


def _text(text: str, tags: Mapping[str, str]) -> str:
    return _VARIABLE.sub(lambda found: tags.get(found[1].lower(), found[0]), text)
