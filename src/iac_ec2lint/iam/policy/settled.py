"""What a document comes to where some condition keys of all requests are known.

A Deny of plain HTTP, or of services of AWS's, takes nothing from whoever calls by TLS; an Allow for
roles gives nothing to a user. Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT, evaluate
from iac_ec2lint.values import all_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.values import Answer

_TLS: Final = "aws:securetransport"

OF_OWN_CALLS: Final[dict[str, tuple[str, ...]]] = {
    _TLS: ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:principalaccount": (OWN_ACCOUNT,),
}
"""What is the same in each call that a principal of the unit makes itself, by TLS."""

IN_OWN_ACCOUNT: Final = OF_OWN_CALLS | {"aws:resourceaccount": (OWN_ACCOUNT,)}
"""The same of calls about what is in the unit's account."""


def settled(document: PolicyDocument, known: Mapping[str, tuple[str, ...]]) -> PolicyDocument:
    """A document without the conditions that hold, and without statements of which one does not.

    Args:
        document: The document.
        known: Condition keys, in lower case, with their values.

    Returns:
        The document itself, where nothing hangs on these keys.
    """
    if not any(statement.conditions for statement in document.statements):
        return document
    items: list[Statement | Choice] = []
    for item in document.items:
        if isinstance(item, Choice):
            options = tuple(
                tuple(kept for one in option if (kept := _settled(one, known)) is not None)
                for option in item.options
            )
            items.append(item if options == item.options else Choice(item.cause, options))
        elif (kept := _settled(item, known)) is not None:
            items.append(kept)
    if len(items) == len(document.items) and all(map(_is, items, document.items)):
        return document
    return PolicyDocument(
        tuple(items),
        document.span,
        document.problems,
        valid=document.valid,
        implied=document.implied,
    )


def _is(one: Statement | Choice, other: Statement | Choice) -> bool:
    return one is other


def _settled(statement: Statement, known: Mapping[str, tuple[str, ...]]) -> Statement | None:
    left: list[Condition] = []
    holds: list[Answer] = []
    for condition in statement.conditions:
        answer = evaluate(condition, known)
        against = answer.truth is (statement.effect.text == "Deny")
        # Who is kept from TLS may do without it.
        if answer.truth is None or (against and condition.key.lower() == _TLS):
            left.append(condition)
        else:
            holds.append(answer)
    if any(answer.truth is False and not answer.assumptions for answer in holds):
        return None
    return statement.where(all_of(holds), tuple(left)) if holds else statement
