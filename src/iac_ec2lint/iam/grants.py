"""What principals may do: questions over all policies that apply to them.

Partition and account of the unit are one: what a policy writes for them as
``data.aws_caller_identity`` or ``AWS::AccountId`` is the unit's own (semantics.md, D1).
"""

from __future__ import annotations

import re
from copy import copy
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import at_home_of
from iac_ec2lint.iam.escalation.rows.services import KEEPERS
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import NOBODY, nobody, pieces_of
from iac_ec2lint.iam.policy.matching import (
    Request,
    allows,
    applies,
    covers_action,
    covers_principal,
    holds,
    speaking_of,
)
from iac_ec2lint.iam.policy.matching import RequestPrincipal as Caller
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT
from iac_ec2lint.iam.policy.settled import settled
from iac_ec2lint.iam.policy.statement import PrincipalEntry, Statement
from iac_ec2lint.iam.terms import Terms, in_the_terms, own_terms, written
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.principals import Grant, Principal

_OF_RESOURCE: Final = "aws:resourceaccount"
_ROOT: Final = ":root"
_ACCOUNT: Final = re.compile(r"[0-9]{12}")
_ROLE_OR_USER: Final = re.compile(
    r"arn:[\w-]+:iam::[0-9]{12}:(?:role|user)/(?:[^*?$]*/)?([^*?$/]+)"
)
_OTHERS: Final = frozenset({"Service", "Federated", "CanonicalUser"})
"""The kinds of principals that are no roles, users or groups."""


class Allowance(NamedTuple):
    """Why a principal may do something.

    Attributes:
        grant: The policy that allows it.
        statement: The statement.
        answer: Whether the statement allows it.
    """

    grant: Grant
    statement: Statement
    answer: Answer


def is_allowed(
    principal: Principal,
    action: str,
    resource: Val | None = None,
    identity: Reference | None = None,
    context: Keys | None = None,
) -> Answer:
    """Whether a principal may do something: policies, explicit denies and boundary applied.

    Args:
        principal: Who.
        action: ``iam:PassRole``.
        resource: The ARN that it is about; by default one of nobody in particular, so that only
            what is allowed on all resources is.
        identity: The reference to the resource's ARN, where it is declared.
        context: The condition keys that are known.
    """
    if resource is None and context is None:
        return _is_allowed_anywhere(principal, action)
    return _judged(principal, action, resource, identity, context)


@remembered
def _is_allowed_anywhere(principal: Principal, action: str) -> Answer:
    """Whether a principal may do something to resources of nobody in particular.

    All of an account and a Region is enough, where these may be the unit's own.
    """
    span = principal.resource.span
    templates = [one.template for one in probes.probes_of(action)]
    anywhere, at_home = (
        all_of(_judged(principal, action, arn, nobody(span)) for arn in arns)
        for arns in (
            [Value(one.replace("{account}", probes.foreign_account()), span) for one in templates],
            [at_home_of(one, span) for one in templates],
        )
    )
    return anywhere if anywhere.truth else anywhere | at_home


def _judged(
    principal: Principal,
    action: str,
    resource: Val | None = None,
    identity: Reference | None = None,
    context: Keys | None = None,
) -> Answer:
    subject = resource if resource is not None else _anything(action, principal)
    subject = in_the_terms_of(principal, subject)
    if resource is None:
        identity = nobody(principal.resource.span)
    keys = _in_call(principal, identity, context)
    if _TAGS_IN_CALLS in asked_keys(principal) and action.partition(":")[2].startswith(_READING):
        keys = {_TAGS_IN_CALLS: (), **(keys or {})}
    request = Request(action, subject, None, keys, identity)
    return tidy(allows(_documents_on(principal, action), request, principal.boundary))


def _in_call(principal: Principal, identity: Reference | None, context: Keys | None) -> Keys | None:
    """The condition keys of a call: what the unit declares is in its own account."""
    if identity is None or identity.target == NOBODY or not asks_whose(principal):
        return context
    return {**OWN_RESOURCE, **(context or {})}


_TAGS_IN_CALLS: Final = "aws:tagkeys"
_READING: Final = ("BatchGet", "Decrypt", "Describe", "Get", "List")
"""How actions begin that tag nothing: their calls name no tags (IAM User Guide, "aws:TagKeys")."""


OWN_RESOURCE: Final[Keys] = {_OF_RESOURCE: (OWN_ACCOUNT,)}
"""The condition key of a call about what is in the unit's account."""


def asks_whose(principal: Principal) -> bool:
    """Whether policies of a principal ask in which account a resource is."""
    return _OF_RESOURCE in asked_keys(principal)


@remembered
def asked_keys(principal: Principal) -> frozenset[str]:
    """The condition keys, in lower case, that the policies and the boundary of a principal name."""
    statements = (one for document in principal.every_document for one in document.statements)
    return frozenset(one.key.lower() for each in statements for one in each.conditions)


@remembered
def grants_on(principal: Principal, action: str) -> tuple[Grant, ...]:
    """The policies of a principal that say anything of an action, or may."""
    about = _grants_on_service(principal, action.partition(":")[0].lower())
    return tuple(one for one in about if speaking_of(one.document, action))


@remembered
def _grants_on_service(principal: Principal, service: str) -> tuple[Grant, ...]:
    return tuple(
        grant
        for grant in principal.grants
        if any(one.services is None or service in one.services for one in grant.document.statements)
    )


@remembered
def statements_on(principal: Principal, action: str) -> tuple[Statement, ...]:
    """The statements of a principal's policies that cover an action, or may."""
    return tuple(
        statement
        for grant in grants_on(principal, action)
        for statement in speaking_of(grant.document, action)
    )


@remembered
def _documents_on(principal: Principal, action: str) -> tuple[PolicyDocument, ...]:
    return tuple(one.document for one in grants_on(principal, action))


@remembered
def may_somewhere(principal: Principal, action: str) -> bool:
    """Whether any statement may allow an action on whatever resource: a cheap first question."""
    request = Request(action)
    return any(
        statement.effect.text != "Deny" and applies(statement, request).may_be_true
        for statement in statements_on(principal, action)
    )


def allowances(
    principal: Principal,
    action: str,
    resource: Val | None = None,
    identity: Reference | None = None,
    context: Keys | None = None,
) -> Iterator[Allowance]:
    """The statements that allow something, those that surely do first."""
    if resource is not None:
        subjects = [resource]
    else:
        home = at_home_of(probes.probe_of(action).template, principal.resource.span)
        subjects = [_anything(action, principal), home]
    requests = [
        Request(
            action,
            in_the_terms_of(principal, subject),
            None,
            _in_call(principal, identity, context),
            identity,
        )
        for subject in subjects
    ]
    possible: list[Allowance] = []
    for grant in grants_on(principal, action):
        for statement in speaking_of(grant.document, action):
            if statement.effect.text == "Deny":
                continue
            covered = any_of(applies(statement, request) for request in requests)
            answer = statement.allows & covered
            if answer.truth:
                yield Allowance(grant, statement, answer)
            elif answer.truth is None:
                possible.append(Allowance(grant, statement, answer))
    yield from possible


def trusts_service(role: Role, *services: str) -> Answer:
    """Whether a service may assume a role, for the unit's own account.

    That it does so for that one is what ``aws:SourceAccount`` says, where a trust policy asks for
    it (IAM User Guide, "The confused deputy problem").

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
            Request("sts:AssumeRole", None, Caller("Service", Value(service, role.span)), _FOR_US),
        )
        for service in services
    ]
    return any_of(answers)


_FOR_US: Final[Keys] = {"aws:sourceaccount": (OWN_ACCOUNT,)}


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


def trusts(
    role: Role, principal: Principal, call: Keys | None = None, action: str = "sts:AssumeRole"
) -> Trust:
    """Whether, and how, the trust policy of a role admits a principal of the unit.

    The unit's own account is known as ``data.aws_caller_identity`` or ``AWS::AccountId``; that one
    whose number is written is the unit's own is undecided.

    Args:
        role: The role.
        principal: Who asks.
        call: The condition keys that are what it writes in the call.
        action: What it asks for.
    """
    document = settled(trust_of(role), {})
    caller = Caller("AWS", written(principal.arn, _terms_of_trust(role)), principal.identity)
    keys = {**principal.calls, **(call or {})}
    request = Request(action, None, caller, keys)
    admitted, whole = allows((document,), request), _left_to_account(role, action)
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
    return own_terms((trust_of(role),))


@remembered
def _left_to_account(role: Role, action: str) -> Answer:
    """Whether a trust policy names the unit's own account as a whole."""
    return _leaves_it_to(role, Request(action))


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


def is_denied(
    principal: Principal,
    action: str,
    resource: Val | None,
    identity: Reference | None,
    context: Keys | None = None,
) -> Answer:
    """Whether a policy denies something explicitly, or the boundary leaves none of it."""
    subject = resource if resource is not None else _anything(action, principal)
    request = Request(action, in_the_terms_of(principal, subject), None, context, identity)
    answer = any_of(
        statement.denies & applies(statement, request)
        for statement in statements_on(principal, action)
        if statement.effect.text != "Allow"
    )
    if principal.boundary is None:
        return answer
    return answer | ~allows(principal.boundary, request)


@remembered
def trust_of(role: Role) -> PolicyDocument:
    """The trust policy of a role; without statements where none is written."""
    written = role.trust_policy
    return PolicyDocument((), role.span) if written is None else PolicyDocument.read(written)


def is_for_services(role: Role) -> bool:
    """Whether a trust policy admits nobody but services, and who is federated."""
    return named_by_trust(role) == ()


def serves_alone(role: Role) -> Answer:
    """Whether a trust policy admits nobody but services: not known where a kind is not."""
    kinds = [
        entry
        for statement in trust_of(role).statements
        if statement.effect.text != "Deny"
        for entry in statement.principals or ()
        if not entry.kind and isinstance(entry.value, Unknown)
    ]
    causes = tuple(one.value for one in kinds if isinstance(one.value, Unknown))
    if is_for_services(role):
        return YES
    known = named_by_trust(role, beside=kinds) == ()
    return Answer(None, causes) if causes and known else NO


def named_by_trust(
    role: Role, beside: Collection[PrincipalEntry] = ()
) -> tuple[Reference, ...] | None:
    """Whom of the unit a trust policy names beside services; ``None`` where it may admit others.

    Args:
        role: The role.
        beside: Entries that are left out.
    """
    found: list[Reference] = []
    for statement in trust_of(role).statements:
        if statement.effect.text == "Deny":
            continue
        if statement.not_principals is not None or statement.principals is None:
            return None
        for entry in statement.principals:
            if any(entry is one for one in beside):
                continue
            if isinstance(entry.value, Reference) and entry.kind == "AWS":
                found.append(entry.value)
            elif entry.kind not in _OTHERS:
                return None
    return tuple(found)


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


def in_the_terms_of(principal: Principal, arn: Val) -> Val:
    """An ARN with partition and account as the policies of a principal write the unit's own."""
    return written(arn, _terms_of(principal))


@remembered
def _terms_of(principal: Principal) -> Terms:
    return own_terms(principal.documents)


def as_caller(principal: Principal, document: PolicyDocument) -> Caller:
    """A principal as a policy of something else speaks of it."""
    return Caller("AWS", in_the_terms((document,), principal.arn), principal.identity)


def _anything(action: str, principal: Principal) -> Val:
    """An ARN of an account that nobody names: what is allowed there is allowed anywhere."""
    return Value(probes.probe_of(action).arn(probes.foreign_account()), principal.resource.span)
