"""Which conditions limit what an Allow grants to principals of one's own.

Sources: IAM User Guide, "AWS global condition context keys" and "Condition operators";
semantics.md, D1 and D3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
from iac_ec2lint.iam.policy.glob import is_everything
from iac_ec2lint.iam.policy.operators import evaluate
from iac_ec2lint.iam.policy.settled import IN_OWN_ACCOUNT, settled
from iac_ec2lint.values import NO, YES, Answer, all_of, any_of

if TYPE_CHECKING:
    from iac_ec2lint.iam.policy.statement import Condition, Statement

_OF_THE_CALL: Final = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:principalorgid",
        "aws:principaltype",
        "aws:referer",
        "aws:resourceaccount",
        "aws:resourceorgid",
        "aws:securetransport",
        "aws:useragent",
        "aws:viaawsservice",
        "s3:resourceaccount",
    }
)
"""Keys that say how something is asked for, or that it is one's own, and nothing narrower."""
_SOMETIMES_ABSENT: Final = ("tag", "multifactor")
"""What is in the names of keys that requests may lack, so that ``...IfExists`` holds without."""


def limits(statement: Statement) -> Answer:
    """Whether some condition of an Allow limits what it grants, or who has it."""
    return any_of(is_limiting(condition) for condition in statement.conditions)


def is_limiting(condition: Condition) -> Answer:
    """Whether a condition of an Allow limits what it grants, or who has it."""
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    if evaluate(condition, {}).truth is False:
        return YES  # what it allows is over
    key = condition.key.lower()
    if key in _OF_THE_CALL or condition.qualifier == "ForAllValues":
        return NO
    if condition.if_exists and any(word in key for word in _SOMETIMES_ABSENT):
        return NO
    if condition.negated or condition.positive not in {"StringLike", "ArnLike"}:
        return YES
    every = [YES if is_everything(value) else NO for value in condition.values]
    return ~all_of(every) if every else YES


def without_limits(document: PolicyDocument) -> PolicyDocument:
    """A document without the Allows that conditions limit; what nothing limits is unconditional.

    Denies of what nobody of one's own needs go: of plain HTTP, or of other accounts' resources.
    Others stay as they are: what one may apply to is not surely allowed.
    """
    document = settled(document, IN_OWN_ACCOUNT)
    if not any(statement.conditions for statement in document.statements):
        return document
    items: list[Statement | Choice] = []
    for item in document.items:
        if isinstance(item, Choice):
            options = tuple(
                tuple(kept for one in option if (kept := _unlimited(one)) is not None)
                for option in item.options
            )
            items.append(Choice(item.cause, options))
        else:
            kept = _unlimited(item)
            if kept is not None:
                items.append(kept)
    return PolicyDocument(tuple(items), document.span, document.problems, valid=document.valid)


def _unlimited(statement: Statement) -> Statement | None:
    if statement.effect.text != "Allow" or not statement.conditions:
        return statement
    limited = limits(statement)
    if limited.truth:
        return None
    free = statement.under(())
    return free if limited.truth is False else free.possible(limited.causes[0])
