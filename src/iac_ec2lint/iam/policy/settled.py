"""What a document comes to where some condition keys of all requests are known.

A Deny of plain HTTP, or of services of AWS's, takes nothing from whoever calls by TLS; an Allow for
roles gives nothing to a user. Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT, evaluate
from iac_ec2lint.values import all_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.values import Answer

_TLS: Final = "aws:securetransport"

OF_OWN_CALLS: Final[dict[str, tuple[str, ...]]] = {
    _TLS: ("true",),
    "aws:principalisawsservice": ("false",),
    "aws:principalaccount": (OWN_ACCOUNT,),
}
"""What is the same in each call that a principal of the unit makes itself, by TLS."""

RESOURCE_ACCOUNT: Final = "aws:resourceaccount"
"""In which account what is asked for is."""

ABOUT_OWN: Final[dict[str, tuple[str, ...]]] = {RESOURCE_ACCOUNT: (OWN_ACCOUNT,)}
"""What is the same in each call about what the unit declares."""

IN_OWN_ACCOUNT: Final = OF_OWN_CALLS | ABOUT_OWN
"""Both of calls about what is in the unit's account."""


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
    return document.changed(lambda statement: _settled(statement, known))


def _settled(statement: Statement, known: Mapping[str, tuple[str, ...]]) -> Iterator[Statement]:
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
    if not any(answer.truth is False and not answer.assumptions for answer in holds):
        yield statement.where(all_of(holds), tuple(left)) if holds else statement
