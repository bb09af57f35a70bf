"""Whom the trust policies of roles admit that does not belong to the unit (semantics.md, D3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam.access import stranger_access
from iac_ec2lint.iam.policy.matching import covers_action
from iac_ec2lint.iam.policy.outsiders import is_anything, narrows
from iac_ec2lint.iam.policy.probes import probe_of
from iac_ec2lint.iam.trust.own_accounts import own_accounts
from iac_ec2lint.iam.trust.role_trust import trust_of
from iac_ec2lint.values import Answer, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.statement import Condition, Statement
    from iac_ec2lint.resources.iam_role import Role

_ACCOUNT: Final = re.compile(
    r"(?P<number>\d{12})|arn:[^:]+:(?:iam|sts)::(?P<account>\d{12}):(?P<name>.+)"
)
_EXTERNAL_ID: Final = "sts:externalid"
_ASSUMES: Final = "sts:AssumeRole"


class ForeignTrust(NamedTuple):
    """Somebody from elsewhere whom a trust policy admits.

    Attributes:
        who: Who, in words: ``any AWS principal``, ``account 123456789012``.
        account: The account, where it is one; ``None`` for everyone; empty where nobody knows it.
        statement: The statement that admits it.
        answer: Whether it does, and is foreign.
    """

    who: str
    account: str | None
    statement: Statement
    answer: Answer


def foreign_trust(
    graph: Graph, role: Role, trusted_accounts: Collection[str] = ()
) -> Iterator[ForeignTrust]:
    """Whom from elsewhere the trust policy of a role admits.

    Args:
        graph: The graph.
        role: The role.
        trusted_accounts: The accounts that are one's own or trusted. Without any, an account that
            is named by its number is taken to be another's, and whether that of one named
            principal is, is not known; but for those that the unit surely manages.
    """
    document = trust_of(role)
    if role.trust_policy is None or not document.valid:
        return
    access = stranger_access(document, "trust-policy", "sts", probed=(probe_of(_ASSUMES),))
    public = access.foreign_principal
    if public.may_be_true and access.statements:
        yield ForeignTrust("any AWS principal", None, access.statements[0], public)
    if public.truth:
        return
    for statement in document.statements:
        if statement.effect.text == "Deny" or not _lets_accounts_in(statement):
            continue
        admitted = statement.allows & covers_action(statement, _ASSUMES)
        for condition in statement.conditions:
            admitted = admitted & ~narrows(condition, "principal", "trust-policy", trusted_accounts)
        for account, whole in accounts_named(statement).items():
            if account in trusted_accounts or account in own_accounts(graph):
                continue
            answer = admitted
            if set(account) == {"0"}:  # no account has that number: it is to be filled in
                words = f"account {account} stands for one that is to be filled in"
                gap = Answer(None, (Unknown(words, "external-id", statement.span),))
                if (answer & gap).may_be_true:
                    yield ForeignTrust("an account that is not known", "", statement, answer & gap)
                continue
            if not trusted_accounts:
                answer = answer & _is_foreign(account, statement, whole=whole)
            if answer.may_be_true:
                yield ForeignTrust(f"account {account}", account, statement, answer)
        unknown = _unknown_accounts(statement) if public.truth is False else ()
        answer = admitted & Answer(None, tuple(unknown))
        if unknown and answer.may_be_true:
            yield ForeignTrust("an account that is not known", "", statement, answer)


def _is_foreign(account: str, statement: Statement, *, whole: bool) -> Answer:
    """Whether an account is another's: one's own is seldom trusted as a whole, by its number."""
    if whole:
        words = f"account {account} is taken to be another's than your own"
        return Answer(True, (), (Step(statement.span, words, assumed=True),))
    reason = f"whether account {account} is your own is not known"
    return Answer(None, (Unknown(reason, "external-id", statement.span),))


def _lets_accounts_in(statement: Statement) -> bool:
    """Whether it asks for no external id of the role's owner's choice."""
    return not any(
        condition.key.lower() == _EXTERNAL_ID
        and not condition.negated
        and not condition.if_exists
        and condition.operator != "Null"
        and condition.qualifier != "ForAllValues"
        and not any(_is_any_text(condition, value) for value in condition.values)
        for condition in statement.conditions
    )


def _is_any_text(condition: Condition, value: Val) -> bool:
    """Whether a condition compares with a pattern that every external id fits."""
    text = value.text
    return condition.operator.endswith("Like") and text is not None and not text.strip("*?")


def accounts_named(statement: Statement) -> dict[str, bool]:
    """The accounts that it names by their numbers, and whether it admits each as a whole."""
    found: dict[str, bool] = {}
    for entry in statement.principals or ():
        text = entry.value.text
        # What is read from a resource of the unit, or from who deploys it, is the unit's own.
        own = isinstance(entry.value, Value) and entry.value.of is not None
        if entry.kind != "AWS" or text is None or own:
            continue
        match = _ACCOUNT.fullmatch(text)
        if match is not None:
            account = match["number"] or match["account"]
            found[account] = found.get(account, False) or match["name"] in {None, "root"}
    return found


def _unknown_accounts(statement: Statement) -> list[Unknown]:
    """What names accounts that nobody knows, but for the unit's own and those of its resources."""
    found: list[Unknown] = []
    for entry in statement.principals or ():
        value = entry.value
        # Of a wholly unknown principal the kind is unknown too.
        if entry.kind not in {"", "AWS"} or not isinstance(value, Unknown):
            continue
        if value.references and not any(map(is_anything, value.references)):
            continue
        pieces = value.parts or (value,)
        found += [piece for piece in pieces if isinstance(piece, Unknown)][:1]
    return found
