"""Whom of the unit itself the trust policies of roles admit, and which services."""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.escalation_table import KEEPERS
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.matching import (
    Request,
    allows,
    applies,
    covers_action,
    covers_principal,
    holds,
)
from iac_ec2lint.iam.policy.matching import RequestPrincipal as Caller
from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
from iac_ec2lint.iam.terms import Terms, terms_of_documents, written_as
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, Answer, Reference, Value, all_of, any_of

if TYPE_CHECKING:
    from iac_ec2lint.iam.principals.declared import Principal

_ROOT: Final = ":root"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROLE_OR_USER: Final = re.compile(
    r"arn:[\w-]+:iam::[0-9]{12}:(?:role|user)/(?:[^*?$]*/)?([^*?$/]+)"
)
_OTHERS: Final = frozenset({"Service", "Federated", "CanonicalUser"})
"""The kinds of principals that are no roles, users or groups."""


def trusts_service(role: Role, *services: str) -> Answer:
    """Whether a service may assume a role.

    Args:
        role: The role.
        services: The names of the service, in all partitions (``ec2.amazonaws.com``).
    """
    if role.trust_policy is None:
        return NO
    document = trust_of(role)
    answers = [
        allows(
            (document,),
            Request("sts:AssumeRole", None, Caller("Service", Value(service, role.span))),
        )
        for service in services
    ]
    return any_of(answers)


class Trust(NamedTuple):
    """Whether the trust policy of a role admits a principal of the unit.

    Attributes:
        by_name: Whether it does whatever the principal's own policies say: it names that, or
            everybody.
        with_account: Whether it leaves it to these: it names the unit's own account, or it may
            admit somebody of whom nothing is known.
    """

    by_name: Answer
    with_account: Answer


def trusts(role: Role, principal: Principal) -> Trust:
    """Whether, and how, the trust policy of a role admits a principal of the unit.

    The unit's own account is known as ``data.aws_caller_identity`` or ``AWS::AccountId``; that one
    whose number is written is the unit's own is undecided.
    """
    document = trust_of(role)
    caller = Caller("AWS", written_as(principal.arn, _terms_of_trust(role)), principal.identity)
    request = Request("sts:AssumeRole", None, caller, principal.own_keys)
    admitted, whole = allows((document,), request), _left_to_account(role)
    if whole.truth is None:
        # Conditions may say of the account's principals which.
        whole = _leaves_it_to(role, request)
    if whole.truth is not False:
        whole = whole & ~any_of(
            statement.denies & applies(statement, request)
            for statement in document.statements
            if statement.effect.text != "Allow"
        )
    if admitted.truth is None and not any(
        _names(statement, request, caller) for statement in document.statements
    ):
        return Trust(NO, whole | admitted)  # that it may name anybody is no news
    return Trust(admitted, whole | admitted if admitted.truth is None else whole)


def names_others(role: Role, principal: Principal) -> bool:
    """Whether a trust policy names nothing but principals of other names: a cheap first question.

    Args:
        role: The role.
        principal: Who asks.
    """
    names, pieces = _trusted_names(role), pieces_of(principal.arn)
    last = pieces[-1] if pieces else None
    if names is None or not isinstance(last, str) or "/" not in last:
        return False
    return last.rpartition("/")[2] not in names


@remembered
def _trusted_names(role: Role) -> frozenset[str] | None:
    """The names of the roles and users that a trust policy admits, if all of them are written."""
    found: set[str] = set()
    for statement in trust_of(role).statements:
        if statement.effect.text == "Deny":
            continue
        if statement.principals is None or statement.not_principals is not None:
            return None
        for entry in statement.principals:
            text = entry.value.text if entry.kind == "AWS" else None
            named = _ROLE_OR_USER.fullmatch(text) if text is not None else None
            if named is not None:
                found.add(named[1])
            elif entry.kind not in _OTHERS:
                return None
    return frozenset(found)


@remembered
def _terms_of_trust(role: Role) -> Terms:
    return terms_of_documents((trust_of(role),))


@remembered
def _left_to_account(role: Role) -> Answer:
    """Whether a trust policy names the unit's own account as a whole."""
    return _leaves_it_to(role, Request("sts:AssumeRole"))


def _leaves_it_to(role: Role, request: Request) -> Answer:
    """Whether a statement that names the account as a whole admits, by its other elements."""
    return any_of(
        statement.allows
        & covers_action(statement, request.action)
        & all_of(holds(condition, request) for condition in statement.conditions)
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        and any(is_own_account(entry) for entry in statement.principals or ())
    )


def _names(statement: Statement, request: Request, caller: Caller) -> bool:
    """Whether a statement that may be in a trust policy names a principal itself."""
    entries = tuple(one for one in statement.principals or () if not _is_wide(one))
    if statement.effect.text == "Deny" or not entries:
        return False
    named = copy(statement)
    named.principals = entries
    surely = covers_principal(named, caller).truth is True
    return surely and (named.allows & applies(named, request)).may_be_true


def _is_wide(entry: PrincipalEntry) -> bool:
    """Whether an entry is everybody, or an account as a whole, whichever that is."""
    if entry.kind == "*":
        return True
    pieces = pieces_of(entry.value) if entry.kind == "AWS" else None
    if not pieces:
        return False
    last = pieces[-1]
    if not isinstance(last, str):
        return is_own_account(entry)
    return last == "*" or last.endswith(_ROOT) or _ACCOUNT.fullmatch(last) is not None


def is_own_account(entry: PrincipalEntry) -> bool:
    """Whether an entry is the unit's own account as a whole."""
    pieces = pieces_of(entry.value) if entry.kind == "AWS" else None
    if pieces is None:
        return False
    *_, account = (piece for piece in (None, *pieces) if not isinstance(piece, str))
    own = isinstance(account, Reference) and THIS_ACCOUNT.fullmatch(account.target) is not None
    return own and (len(pieces) == 1 or pieces[-1] == _ROOT)


@remembered
def trust_of(role: Role) -> PolicyDocument:
    """The trust policy of a role; without statements where none is written."""
    written = role.trust_policy
    return PolicyDocument((), role.span) if written is None else PolicyDocument.read(written)


def is_for_services(role: Role) -> bool:
    """Whether a trust policy admits nobody but services, and who is federated."""
    return all(
        statement.effect.text == "Deny"
        or (
            statement.not_principals is None
            and statement.principals is not None
            and all(entry.kind in _OTHERS for entry in statement.principals)
        )
        for statement in trust_of(role).statements
    )


@remembered
def is_kept_by_services(role: Role) -> bool:
    """Whether nobody may assume a role but services that do their own work alone with it.

    What such a role may do, nobody has by it; see ``KEEPERS``.
    """
    admitted = [one for one in trust_of(role).statements if one.effect.text != "Deny"]
    return bool(admitted) and all(
        statement.not_principals is None
        and statement.principals is not None
        and all(
            entry.kind == "Service"
            and entry.value.text is not None
            and entry.value.text.removesuffix(".cn") in KEEPERS
            for entry in statement.principals
        )
        for statement in admitted
    )
