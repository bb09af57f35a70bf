"""Condition operators, evaluated in three values against the keys of a request.

Sources: IAM User Guide, "IAM JSON policy elements: Condition operators" and "Set operators for
multivalued context keys"; semantics.md, D1.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from functools import cache, partial
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.facts import facts
from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.policy.glob import equal_text, match_arn, match_arn_by, match_text, pieces_of
from iac_ec2lint.iam.policy.source_addresses import address_range
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Unknown,
    Val,
    Value,
    all_of,
    any_of,
    parse_number,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from iac_ec2lint.iam.policy.statement import Condition


OWN_ACCOUNT: Final = "\ue0f6"
"""Stands in a request for the number of the account that the unit is deployed to."""
ABSENT_OR_FALSE: Final = "\ue0f7"
"""Stands in a request for a key that may be absent, and is false where it is there."""
_TIMES: Final = frozenset({"aws:currenttime", "aws:epochtime"})
"""The keys that are the time of a request."""
_IN_ORDER: Final = frozenset(
    {"Equals", "LessThan", "LessThanEquals", "GreaterThan", "GreaterThanEquals"}
)
_OF_EACH_REQUEST: Final = frozenset(
    {
        "aws:currenttime",
        "aws:epochtime",
        "aws:principalaccount",
        "aws:requestedregion",
        "aws:securetransport",
        "aws:useragent",
        "aws:viaawsservice",
    }
)
"""Keys that each request has (IAM User Guide, "AWS global condition context keys")."""
_OF_EACH_PRINCIPAL: Final = frozenset(
    {
        "aws:principalarn",
        "aws:principalisawsservice",
        "aws:principaltype",
        "aws:userid",
        "kms:calleraccount",
    }
)
"""Those that each signed request of a user or a role has besides."""


class NamedArn(NamedTuple):
    """The ARN of something declared, as the value of a condition key.

    Attributes:
        arn: The ARN, as far as it is known.
        identity: The reference to it.
    """

    arn: Val
    identity: Reference | None = None


class CallingService(NamedTuple):
    """A service of AWS that asks on behalf of who called it, as ``kms:ViaService`` names it.

    Attributes:
        name: ``secretsmanager``.
        region: The Region; ``None`` for that which the unit is deployed to, if it is not known.
        subject: Its name, with a piece for the Region.
    """

    name: str
    region: str | None
    subject: Unknown


KeyValue = str | NamedArn | CallingService
"""A value of a condition key of a request."""

Keys = Mapping[str, tuple[KeyValue, ...]]
"""The condition keys of a request, in lower case, with their values; none: there is no such key."""

_OF_ARNS: Final = frozenset({"ArnLike", "StringEquals", "StringEqualsIgnoreCase", "StringLike"})


def known_to_be_there(condition: Condition, *, signed: bool) -> Answer | None:
    """What ``Null`` says of a key that is always there; ``None`` of others, and of other operators.

    Args:
        condition: The condition.
        signed: Whether it is a user or a role who asks.
    """
    key = condition.key.lower()
    there = key in _OF_EACH_REQUEST or (signed and key in _OF_EACH_PRINCIPAL)
    if condition.positive != "Null" or condition.unknown is not None or not there:
        return None
    return evaluate(condition, {key: ("",)})


def evaluate(condition: Condition, context: Keys) -> Answer:
    """Whether a condition holds.

    Args:
        condition: The condition.
        context: The request's condition keys, in lower case, with their values. A key with no
            values is absent from the request; of a key that is not listed nothing is known.
    """
    if condition.unknown is not None:
        return Answer(None, (condition.unknown,))
    present = context.get(condition.key.lower())
    if present is None and condition.key.lower() in _TIMES:
        passed = _by_the_clock(condition)
        if passed is not None:
            return Answer(passed)
    if present is None:
        reason = f"the condition on {condition.key} depends on the request"
        return Answer(None, (Unknown(reason, "condition", condition.span),))
    if ABSENT_OR_FALSE in present:
        key = condition.key.lower()
        either = [evaluate(condition, {key: values}) for values in ((), ("false",))]
        reason = f"whether a request has {condition.key} is not known"
        return agree(either, Unknown(reason, "condition", condition.span))
    if condition.positive == "Null":
        wanted = "false" if present else "true"
        return any_of(_compare("Bool", value, wanted) for value in condition.values)
    if not present:
        return _evaluate_absent(condition)
    each = (_evaluate_one(condition, value) for value in present)
    if condition.qualifier == "ForAllValues":
        return all_of(each)
    if condition.qualifier == "ForAnyValue" or not condition.negated:
        return any_of(each)
    return all_of(each)


def _by_the_clock(condition: Condition) -> bool | None:
    """What a condition on the time says from the day of the facts on; undecided of later days."""
    texts = [one.text for value in condition.values for one in value.elements()]
    bounds = [None if text is None else _instant(text) for text in texts]
    comparison = condition.positive.removeprefix("Date").removeprefix("Numeric")
    if comparison not in _IN_ORDER or not bounds:
        return None
    if any(bound is None or bound >= _day_of_the_facts() for bound in bounds):
        return None
    return comparison.startswith("GreaterThan") != condition.negated


@cache
def _day_of_the_facts() -> Decimal:
    """The day by which a time is said to have passed, so that answers do not change overnight."""
    moment = datetime.fromisoformat(facts("iam_actions")["about"]["on"]).replace(tzinfo=UTC)
    return Decimal(str(moment.timestamp()))


def _evaluate_absent(condition: Condition) -> Answer:
    """A set operator decides alone; otherwise, a negated operator holds without the key."""
    if condition.if_exists or condition.qualifier == "ForAllValues":
        return YES
    if condition.qualifier == "ForAnyValue":
        return NO
    return YES if condition.negated else NO


def _evaluate_one(condition: Condition, present: KeyValue) -> Answer:
    """One value of the request against all of the policy's: any of them, or none."""
    found = any_of(_compare(condition.positive, value, present) for value in condition.values)
    return ~found if condition.negated else found


def _compare(operator: str, wanted: Val, present: KeyValue) -> Answer:
    """Whether the value of a request compares with one value of the policy."""
    if isinstance(wanted, Unknown) and wanted.candidates:
        answers = [_compare(operator, candidate, present) for candidate in wanted.candidates]
        return agree(answers, wanted)
    if isinstance(wanted, Value) and isinstance(wanted.data, tuple):
        return any_of(_compare(operator, element, present) for element in wanted.elements())
    if isinstance(present, NamedArn):
        known = operator in _OF_ARNS
        same = match_arn_by(operator, wanted, *present) if known else None
        return three_valued(same, wanted)
    if isinstance(present, CallingService):
        known = operator in _OF_ARNS and operator != "ArnLike"
        return three_valued(_is_service(operator, wanted, present) if known else None, wanted)
    if present == OWN_ACCOUNT:
        return three_valued(_is_own_account(wanted), wanted)
    return three_valued(_COMPARISONS[operator](wanted, present), wanted)


def _is_service(operator: str, wanted: Val, present: CallingService) -> bool | None:
    """Whether a value is the name of a service in a Region.

    Source: KMS Developer Guide, "kms:ViaService": ``secretsmanager.us-east-1.amazonaws.com``.
    """
    region = present.region or _SOME_REGION
    pieces = [_as_deployed(one, region) for one in pieces_of(wanted) or ()]
    if not pieces:
        return False
    texts = [one for one in pieces if isinstance(one, str)]
    filled: Val = Value("".join(texts), wanted.span)
    if len(texts) < len(pieces):
        filled = Unknown("the service is not known", "computed", wanted.span, parts=tuple(pieces))
    same = _COMPARISONS[operator](filled, f"{present.name}.{region}.amazonaws.com")
    if same or present.region is not None:
        return same
    apart = match_arn_by(operator, wanted, present.subject) is False
    return False if apart else None


_SOME_REGION: Final = "\ue0f8"
_REGION: Final = re.compile(r"(?:.*[./])?(?:data\.aws_region\..*|AWS::Region)")
_SUFFIX: Final = re.compile(r"(?:.*[./])?(?:AWS::URLSuffix|data\.aws_partition\..*\.dns_suffix)")


def _as_deployed(piece: str | Unknown, region: str) -> str | Unknown:
    """A piece of the name of a service, with the unit's Region and domain written out."""
    if not isinstance(piece, Reference):
        return piece
    name = f"{piece.target}.{piece.attribute}"
    if _REGION.fullmatch(piece.target):
        return region
    return "amazonaws.com" if _SUFFIX.match(piece.target) or _SUFFIX.match(name) else piece


def _is_own_account(wanted: Val) -> bool | None:
    """Whether a value is the number of the account that the unit is deployed to."""
    if isinstance(wanted, Reference):
        return True if THIS_ACCOUNT.fullmatch(wanted.target) else None
    text = (wanted.text or "").lower()
    return True if text in {"${aws:principalaccount}", "${aws:resourceaccount}"} else None


def agree(answers: list[Answer], cause: Unknown) -> Answer:
    """What all ``answers`` say; undecided because of ``cause`` where they differ."""
    truths = {answer.truth for answer in answers}
    if len(truths) == 1 and None not in truths:
        return Answer(truths.pop(), (), tuple(s for a in answers for s in a.assumptions))
    return Answer(None, (cause, *(c for answer in answers for c in answer.causes)))


def three_valued(truth: bool | None, value: Val) -> Answer:
    """The answer that a comparison with ``value`` gave; an undecided one names its unknown."""
    if truth is None:
        return Answer(None, (_undecided_by(value),))
    return Answer(truth, (), tuple(step for step in value.via if step.assumed))


def _undecided_by(value: Val) -> Unknown:
    if isinstance(value, Unknown):
        return value
    return Unknown(f'"{value.text}" depends on the request', "condition", value.span, value.via)


def _is_arn_like(wanted: Val, present: str) -> bool | None:
    return match_arn(wanted, Value(present, wanted.span))


def _orders(
    read: Callable[[str], Decimal | None], test: Callable[[Decimal, Decimal], bool]
) -> Callable[[Val, str], bool | None]:
    def compare(wanted: Val, present: str) -> bool | None:
        if wanted.text is None or "${" in wanted.text:
            return None
        bound, number = read(wanted.text), read(present)
        # What is no number, or no date, compares with nothing.
        return False if bound is None or number is None else test(number, bound)

    return compare


def _number(text: str) -> Decimal | None:
    number = parse_number(text)
    return None if number is None else Decimal(number)


def _instant(text: str) -> Decimal | None:
    """Seconds since 1970 of an ISO 8601 date (W3C profile) or of a number of seconds."""
    number = _number(text)
    if number is not None:
        return number
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return Decimal(str(moment.timestamp()))


def _is_in_network(wanted: Val, present: str) -> bool | None:
    if wanted.text is None or "${" in wanted.text:
        return None
    network, address = address_range(wanted.text), address_range(present)
    if network is None or address is None or network[0] != address[0]:
        return False
    if network[1] <= address[1] and address[2] <= network[2]:
        return True
    # Of an address only the block may be known that it is in.
    return None if network[1] <= address[2] and address[1] <= network[2] else False


_COMPARISONS: dict[str, Callable[[Val, str], bool | None]] = {
    "StringEquals": equal_text,
    "StringEqualsIgnoreCase": partial(equal_text, fold=True),
    "StringLike": match_text,
    "ArnLike": _is_arn_like,
    "Bool": partial(equal_text, fold=True),
    "IpAddress": _is_in_network,
    "NumericEquals": _orders(_number, lambda a, b: a == b),
    "NumericLessThan": _orders(_number, lambda a, b: a < b),
    "NumericLessThanEquals": _orders(_number, lambda a, b: a <= b),
    "NumericGreaterThan": _orders(_number, lambda a, b: a > b),
    "NumericGreaterThanEquals": _orders(_number, lambda a, b: a >= b),
    "DateEquals": _orders(_instant, lambda a, b: a == b),
    "DateLessThan": _orders(_instant, lambda a, b: a < b),
    "DateLessThanEquals": _orders(_instant, lambda a, b: a <= b),
    "DateGreaterThan": _orders(_instant, lambda a, b: a > b),
    "DateGreaterThanEquals": _orders(_instant, lambda a, b: a >= b),
}
