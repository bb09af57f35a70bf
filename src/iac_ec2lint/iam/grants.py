"""What principals may do: questions over all policies that apply to them.

Partition and account of the unit are one: what a policy writes for them as
``data.aws_caller_identity`` or ``AWS::AccountId`` is the unit's own (semantics.md, D1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.arns import Terms, at_home_of, in_the_terms, own_terms, written
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.glob import NOBODY, nobody
from iac_ec2lint.iam.policy.matching import (
    Request,
    Said,
    allows,
    allows_by,
    applies,
    said_of,
    speaking_of,
)
from iac_ec2lint.iam.policy.matching import RequestPrincipal as Caller
from iac_ec2lint.iam.policy.operators import OWN_ACCOUNT
from iac_ec2lint.values import NO, Answer, Reference, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.operators import Keys
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.iam.principal import Grant, Principal

_OF_RESOURCE: Final = "aws:resourceaccount"


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
    said = _said_of(principal, action)
    if not said and said is not None:
        return NO
    subject = resource if resource is not None else _anything(action, principal)
    subject = in_the_terms_of(principal, subject)
    if resource is None:
        identity = nobody(principal.resource.span)
    keys = _in_call(principal, identity, context)
    if _TAGS_IN_CALLS in asked_keys(principal) and action.partition(":")[2].startswith(_READING):
        keys = {_TAGS_IN_CALLS: (), **(keys or {})}
    request = Request(action, subject, None, keys, identity)
    if said is None:
        return tidy(allows(_documents_on(principal, action), request, principal.boundary))
    answer = allows_by(said, request)
    if principal.boundary is not None:
        answer = answer & allows(principal.boundary, request)
    return tidy(answer)


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
    return keys_asked_by(principal.every_document)


def keys_asked_by(documents: Iterable[PolicyDocument]) -> frozenset[str]:
    """The condition keys, in lower case, that documents name."""
    statements = (one for document in documents for one in document.statements)
    return frozenset(one.key.lower() for each in statements for one in each.conditions)


@remembered
def grants_on(principal: Principal, action: str) -> tuple[Grant, ...]:
    """The policies of a principal that say anything of an action, or may."""
    about = _grants_on_service(principal, action.partition(":")[0].lower())
    return tuple(one for one in about if speaking_of(one.document, action))


@remembered
def _grants_on_service(principal: Principal, service: str) -> tuple[Grant, ...]:
    return tuple(one for one in principal.grants if one.document.may_speak_of(service))


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
def _said_of(principal: Principal, action: str) -> Said | None:
    return said_of(_documents_on(principal, action), action)


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
