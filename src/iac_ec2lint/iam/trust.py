"""Whom the trust policies of roles admit that does not belong to the unit (semantics.md, D3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.access import stranger_access
from iac_ec2lint.iam.grants import trust_of
from iac_ec2lint.iam.matching import covers_action
from iac_ec2lint.values import Answer, Unknown, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.iam.statement import PrincipalEntry, Statement
    from iac_ec2lint.resources.iam_role import Role

_ACCOUNT: Final = re.compile(r"\d{12}")
_ARN: Final = re.compile(r"arn:[^:]+:(?:iam|sts)::(\d{12}):.+")
_EXTERNAL_ID: Final = "sts:externalid"
_ASSUMES: Final = "sts:AssumeRole"


class ForeignTrust(NamedTuple):
    """Somebody from elsewhere whom a trust policy admits.

    Attributes:
        who: Who, in words: ``any AWS principal``, ``account 123456789012``.
        account: The account, where it is one; ``None`` for everyone.
        statement: The statement that admits it.
        answer: Whether it does, and is foreign.
    """

    who: str
    account: str | None
    statement: Statement
    answer: Answer


def foreign_trust(role: Role, trusted_accounts: Collection[str] = ()) -> Iterator[ForeignTrust]:
    """Whom from elsewhere the trust policy of a role admits.

    Args:
        role: The role.
        trusted_accounts: The accounts that are one's own or trusted. Without any, whether an
            account that is named by its number is foreign is not known.
    """
    document = trust_of(role)
    if role.trust_policy is None or not document.valid:
        return
    access = stranger_access(document, "trust-policy", "sts")
    public = access.foreign_principal
    if public.may_be_true and access.statements:
        yield ForeignTrust("any AWS principal", None, access.statements[0], public)
    if public.truth:
        return
    for statement in document.statements:
        if statement.effect.text != "Allow" or not _lets_accounts_in(statement):
            continue
        for account in dict.fromkeys(_accounts(statement)):
            if account in trusted_accounts:
                continue
            answer = statement.allows & covers_action(statement, _ASSUMES)
            if not trusted_accounts:
                reason = f"whether account {account} is your own is not known"
                gap = Unknown(reason, "external-id", statement.span)
                answer = answer & Answer(None, (gap,))
            if answer.may_be_true:
                yield ForeignTrust(f"account {account}", account, statement, answer)


def _lets_accounts_in(statement: Statement) -> bool:
    """Whether it asks for no external id, nor limits its principals further."""
    return not any(
        condition.key.lower() == _EXTERNAL_ID and not condition.negated and not condition.if_exists
        for condition in statement.conditions
    )


def _accounts(statement: Statement) -> Iterator[str]:
    for entry in statement.principals or ():
        account = _account_of(entry)
        if account is not None:
            yield account


def _account_of(entry: PrincipalEntry) -> str | None:
    text = entry.value.text
    # What is read from a resource of the unit, or from who deploys it, is the unit's own.
    own = isinstance(entry.value, Value) and entry.value.of is not None
    if entry.kind != "AWS" or text is None or own:
        return None
    if _ACCOUNT.fullmatch(text):
        return text
    match = _ARN.fullmatch(text)
    return match[1] if match else None
