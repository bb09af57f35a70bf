"""What a document comes to where some condition keys of all requests are known.

A Deny of plain HTTP, or of services of AWS's, takes nothing from whoever calls by TLS; an Allow for
roles gives nothing to a user. Source: IAM User Guide, "AWS global condition context keys".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT, evaluate
from iac_ec2lint.values import all_of

if TYPE_CHECKING:
    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.values import Answer

_BY_CHOICE: Final[Keys] = {
    "aws:securetransport": ("true",),
    "aws:viaawsservice": ("false",),
    "aws:calledvia": (),
    "aws:calledviafirst": (),
    "aws:calledvialast": (),
    "aws:sourceip": ("0.0.0.0/0",),
}
"""What is so in a call by TLS, over the internet, that no service makes for somebody. Who is kept
from it by this may do without."""
_OF_ENDPOINTS: Final = frozenset(
    {"aws:sourcevpc", "aws:sourcevpcarn", "aws:sourcevpce", "aws:vpcsourceip"}
)
"""What a call has that comes by a VPC endpoint: who calls over the internet has none of it."""
_OF_CLIENTS: Final = frozenset({"aws:useragent", "aws:referer"})
"""What a caller's program writes, and may write as it likes."""

OF_OWN_CALLS: Final[Keys] = {
    **_BY_CHOICE,
    "aws:principalisawsservice": ("false",),
    "aws:principalaccount": (OWN_ACCOUNT,),
}
"""What is the same in each call that a principal of the unit makes itself, by TLS."""

IN_OWN_ACCOUNT: Final[Keys] = {**OF_OWN_CALLS, "aws:resourceaccount": (OWN_ACCOUNT,)}
"""The same of calls about what is in the unit's account."""


def settled(document: PolicyDocument, known: Keys) -> PolicyDocument:
    """A document without the conditions that hold, and without statements of which one does not.

    Args:
        document: The document.
        known: Condition keys, in lower case, with their values.

    Returns:
        The document itself, where nothing hangs on these keys.
    """
    if not any(statement.conditions for statement in document.statements):
        return document
    return document.mapped(lambda statement: _settled(statement, known))


def _settled(statement: Statement, known: Keys) -> tuple[Statement, ...]:
    left: list[Condition] = []
    holds: list[Answer] = []
    for condition in statement.conditions:
        denies = statement.effect.text == "Deny"
        answer = _of_a_client(condition, denies=denies)
        if answer is None:
            answer = evaluate(condition, known)
        against = answer.truth is denies
        if answer.truth is None or (against and condition.key.lower() in _BY_CHOICE):
            left.append(condition)
        else:
            holds.append(answer)
    if any(answer.truth is False and not answer.assumptions for answer in holds):
        return ()
    return (statement.where(all_of(holds), tuple(left)) if holds else statement,)


def _of_a_client(condition: Condition, *, denies: bool) -> Answer | None:
    """What a condition comes to where a caller writes what suits it; ``None`` of other keys."""
    key = condition.key.lower()
    if condition.unknown is not None:
        return None
    if key in _OF_ENDPOINTS:
        absent = evaluate(condition, {key: ()})
        return absent if absent.truth is not denies else None
    if key not in _OF_CLIENTS:
        return None
    texts = (one.text for value in condition.values for one in value.elements())
    tried = ["-", *(text.replace("*", "") for text in texts if text and "${" not in text)]
    answers = [evaluate(condition, {key: (one,)}) for one in tried]
    return next((answer for answer in answers if answer.truth is not denies), answers[0])
