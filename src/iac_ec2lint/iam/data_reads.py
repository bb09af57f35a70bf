"""What data roles read, and what they are allowed beyond what AWS expects (semantics.md, D2).

AWS managed policies that instances are expected to have never count.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.grants import Allowance, allowances
from iac_ec2lint.iam.policy.managed import is_expected_copy
from iac_ec2lint.iam.policy.matching import Request, applies
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.privilege import LOGINS, READS, as_known, reading
from iac_ec2lint.iam.statements.limits import without_limits
from iac_ec2lint.values import NO, Answer, any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
    from iac_ec2lint.iam.principal import Principal


def grants_beyond(principal: Principal, expected: Collection[str]) -> Answer:
    """Whether a role allows anything by another policy than some AWS managed ones.

    Args:
        principal: The role.
        expected: The names of these.
    """
    answers = [
        statement.allows
        for grant in principal.grants
        if grant.managed is None or grant.managed.name not in expected
        for statement in grant.document.statements
        if statement.effect.text != "Deny"
    ]
    return any_of(answers)


def reads_data(principal: Principal) -> Answer:
    """Whether a role reads any data at all: objects, secrets, parameters, tables."""
    requests = [Request(action) for actions, _ in READS for action in actions]
    answers = [
        statement.allows & applies(statement, request)
        for grant in principal.grants
        if grant.managed is None or not grant.managed.expected
        for statement in grant.document.statements
        if statement.effect.text != "Deny"
        for request in requests
    ]
    return tidy(any_of(answers))


class DataRead(NamedTuple):
    """Data that a role reads whosever it is.

    Attributes:
        words: What: ``reads every S3 object``.
        answer: Whether it does.
        allowance: The statement that allows it.
    """

    words: str
    answer: Answer
    allowance: Allowance


def data_reads(principal: Principal) -> tuple[DataRead, ...]:
    """The data that a role reads account-wide, which no condition limits.

    What AWS has instances carry for a service does not count.
    """
    known, steps = as_known(principal)
    found = {read.words: read for read in _unlimited_reads(principal)}
    for read in _unlimited_reads(known) if steps else ():
        if read.answer.truth:
            found[read.words] = read._replace(answer=read.answer & Answer(True, (), steps))
    return tuple(found.values())


def _unlimited_reads(principal: Principal) -> Iterator[DataRead]:
    grants = tuple(
        grant._replace(document=without_limits(_without_expected(grant.document)))
        for grant in principal.grants
        if grant.managed is None or not grant.managed.expected
    )
    judged = principal._replace(grants=grants, answers=defaultdict(dict))
    for power in reading(judged, READS + LOGINS):
        allowance = next(allowances(judged, power.actions[0]), None)
        if power.answer.may_be_true and allowance is not None:
            yield DataRead(power.words, power.answer, allowance)


def _without_expected(document: PolicyDocument) -> PolicyDocument:
    """A document without what AWS has instances carry for a service, copied from its policies."""
    items: list[Statement | Choice] = []
    for item in document.items:
        copy = is_expected_copy(item) if isinstance(item, Statement) else NO
        if copy.truth is None and isinstance(item, Statement):
            items.append(item.possible(copy.causes[0]))
        elif not copy.truth:
            items.append(item)
    return document if items == [*document.items] else document.of(tuple(items))
