"""Whom the trust policy of an instance's role admits beside EC2, of one's own account and of AWS's.

Whom it admits of others, ``trust`` and ``federation`` say. Source: IAM User Guide, "AWS JSON policy
elements: Principal"; Amazon EC2 User Guide, "IAM roles for Amazon EC2".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.policy.glob import is_everything
from iac_ec2lint.iam.policy.matching import answer_for, covers_action, service_name
from iac_ec2lint.iam.statements.limits import limits
from iac_ec2lint.iam.trust.role_trust import is_own_account, trust_of
from iac_ec2lint.values import YES, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
    from iac_ec2lint.resources.iam_role import Role
    from iac_ec2lint.values import Answer, Val

_ASSUMES: Final = (
    "sts:AssumeRole",
    "sts:AssumeRoleWithWebIdentity",
    "sts:AssumeRoleWithSAML",
)
_OF_INSTANCES: Final = frozenset(
    {"ec2.amazonaws.com", "ec2.amazonaws.com.cn", "ssm.amazonaws.com", "ssm.amazonaws.com.cn"}
)
"""EC2 itself, and Systems Manager, which has machines outside AWS use such a role."""


class UnneededTrust(NamedTuple):
    """Somebody whom a role for instances has no need to trust.

    Attributes:
        who: Who, in words.
        statement: The statement that admits it.
        answer: Whether it does.
    """

    who: str
    statement: Statement
    answer: Answer


def unneeded_trust(role: Role) -> Iterator[UnneededTrust]:
    """Whom of the own account, of AWS's services and of identity providers a role trusts.

    Also a statement that allows more than to assume it, which says nothing of who else may.
    """
    for statement in trust_of(role).statements:
        if statement.effect.text == "Deny" or not statement.allows.may_be_true:
            continue
        lets_in = any_of(covers_action(statement, action) for action in _ASSUMES)
        admits = statement.allows & lets_in
        if admits.truth is False:
            continue
        for entry in statement.principals or ():
            found = _unneeded(entry, statement)
            if found is not None and (found[1] & admits).may_be_true:
                yield UnneededTrust(found[0], statement, found[1] & admits)
        every = any_of(answer_for(action, _is_everything) for action in statement.actions or ())
        if (every & admits).may_be_true:
            yield UnneededTrust("whom it names for every action", statement, every & admits)
        if statement.not_actions is not None:
            yield UnneededTrust("whom it names for all but some actions", statement, admits)


def _unneeded(entry: PrincipalEntry, statement: Statement) -> tuple[str, Answer] | None:
    if is_own_account(entry):
        who = "any principal of the account whose own policies let it"
        return who, ~limits(statement)
    if entry.kind == "Service":
        name = service_name(entry.value)
        who = "a service that is not known" if name is None else f"the service {name}"
        return who, ~answer_for(entry.value, _is_of_instances)
    if entry.kind == "Federated":
        return "users of an identity provider", YES
    return None


def _is_of_instances(service: Val) -> bool | None:
    name = service_name(service)
    return name in _OF_INSTANCES if name is not None else None


def _is_everything(action: Val) -> bool | None:
    return is_everything(action) if action.text is not None else None
