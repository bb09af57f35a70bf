"""Which conditions limit what an Allow grants to principals of one's own.

Sources: IAM User Guide, "AWS global condition context keys" and "Condition operators";
semantics.md, D1 and D3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.policy.glob import is_everything, match_text
from iac_ec2lint.iam.policy.matching import answer_for
from iac_ec2lint.iam.policy.operators import evaluate, known_to_be_there
from iac_ec2lint.iam.policy.settled import IN_OWN_ACCOUNT, settled
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.values import Val

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
        "ssm:sessiondocumentaccesscheck",
    }
)
"""Keys that say how something is asked for, or that it is one's own, and nothing narrower."""
_SOMETIMES_ABSENT: Final = ("tag", "multifactor")
"""What is in the names of keys that requests may lack, so that ``...IfExists`` holds without."""
_OF_RESOURCES: Final = "resourcetag/"
"""What is in the names of tags that a resource has or lacks, whoever asks."""
_REGIONS: Final = frozenset({"aws:requestedregion", "ec2:region"})
_OF_IAM: Final = ("us-east-1", "us-gov-west-1", "cn-north-1")
"""The Regions of IAM: a condition that leaves none of them takes away all that it does."""


def limits(statement: Statement, action: str = "") -> Answer:
    """Whether some condition of an Allow limits what it grants, or who has it.

    One on the Region limits neither who nor what; but an action of IAM is asked for in IAM's own.

    Args:
        statement: The statement.
        action: The action that is asked for, if one is.
    """
    own = any_of(is_limiting(condition) for condition in statement.conditions)
    return own if not action.startswith("iam:") else own | ~leaves_iam(statement)


def leaves_iam(statement: Statement) -> Answer:
    """Whether the Regions that a statement leaves have one of IAM's among them."""
    regions = (one for one in statement.conditions if one.key.lower() in _REGIONS)
    return all_of(_leaves(one, _OF_IAM) for one in regions if one.qualifier != "ForAllValues")


def _leaves(condition: Condition, names: Iterable[str]) -> Answer:
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    return leaves(condition, names)


def leaves(condition: Condition, names: Iterable[str]) -> Answer:
    """Whether what a condition leaves, of a service or a Region, has one of some names in it."""
    found = any_of(
        answer_for(value, lambda one: _any_of_known(match_text(one, name) for name in names))
        for value in condition.values
    )
    return ~found if condition.negated else found


def _any_of_known(truths: Iterator[bool | None]) -> bool | None:
    """Whether one holds; ``None`` where that is not known of one, and none does for sure."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def is_limiting(condition: Condition) -> Answer:
    """Whether a condition of an Allow limits what it grants, or who has it.

    Any value limits nothing, but of a resource's tag: what lacks it does not match. Tags that are
    asked for are the caller's choice.
    """
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    if evaluate(condition, {}).truth is False:
        return YES  # what it allows is over
    key = condition.key.lower()
    there = known_to_be_there(condition, signed=True)
    if there is not None:
        return ~there
    if key in _OF_THE_CALL or key in _REGIONS or condition.qualifier == "ForAllValues":
        return NO
    if condition.if_exists and any(word in key for word in _SOMETIMES_ABSENT):
        return NO
    likeness = condition.positive in {"StringLike", "ArnLike"} and not condition.negated
    if not likeness or _OF_RESOURCES in key:
        return YES
    # One of the values is enough.
    return ~any_of(_matches_all(value) for value in condition.values)


def _matches_all(value: Val) -> Answer:
    """Whether a pattern matches whatever there is; open where nothing is known of it."""
    if isinstance(value, Unknown) and not isinstance(value, Reference) and not value.parts:
        return Answer(None, (value,))
    return YES if is_everything(value) else NO


def without_limits(document: PolicyDocument) -> PolicyDocument:
    """A document without the Allows that conditions limit; what nothing limits is unconditional.

    Denies of what nobody of one's own needs go: of plain HTTP, or of other accounts' resources.
    Others stay as they are: what one may apply to is not surely allowed.
    """
    document = settled(document, IN_OWN_ACCOUNT)
    if not any(statement.conditions for statement in document.statements):
        return document
    return document.mapped(lambda statement: tuple(_unlimited(statement)))


def _unlimited(statement: Statement) -> Iterator[Statement]:
    if statement.effect.text != "Allow" or not statement.conditions:
        yield statement
        return
    limited = limits(statement)
    if limited.truth:
        return
    free = statement.under(())
    if limited.truth is None:
        free = free.possible(limited.causes[0])
    of_iam = leaves_iam(statement)
    if of_iam.truth is True:
        yield free
        return
    yield free.without_service("iam")
    if of_iam.truth is None:
        yield free.of_service("iam").possible(of_iam.causes[0])
