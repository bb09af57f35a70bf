"""What principals may do: questions over all policies that apply to them.

Partition and account of the unit are one: what a policy writes for them as
``data.aws_caller_identity`` or ``AWS::AccountId`` is the unit's own (semantics.md, D1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import unique
from iac_ec2lint.iam.arns import at_home_of
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import NOBODY, nobody
from iac_ec2lint.iam.policy.matching import (
    Request,
    allows,
    applies,
)
from iac_ec2lint.iam.policy.settled import ABOUT_OWN, RESOURCE_ACCOUNT
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.iam.terms import in_the_terms_of
from iac_ec2lint.values import Answer, Reference, Val, Value, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.iam.principals.attached import Grant
    from iac_ec2lint.iam.principals.declared import Principal


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
    context: Mapping[str, tuple[str, ...]] | None = None,
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
    context: Mapping[str, tuple[str, ...]] | None = None,
) -> Answer:
    subject = resource if resource is not None else _anything(action, principal)
    subject = in_the_terms_of(principal, subject)
    if resource is None:
        identity = nobody(principal.resource.span)
    request = Request(action, subject, None, _in_call(principal, identity, context), identity)
    answer = allows(_documents(principal), request, principal.boundary)
    return Answer(answer.truth, unique(answer.causes), tuple(dict.fromkeys(answer.assumptions)))


def _in_call(
    principal: Principal, identity: Reference | None, context: Mapping[str, tuple[str, ...]] | None
) -> Mapping[str, tuple[str, ...]] | None:
    """The condition keys of a call: what the unit declares is in its own account."""
    if identity is None or identity.target == NOBODY or not _asks_whose(principal):
        return context
    return {**ABOUT_OWN, **(context or {})}


@remembered
def _asks_whose(principal: Principal) -> bool:
    """Whether policies of a principal ask in which account a resource is."""
    documents = (*principal.documents, *(principal.boundary or ()))
    asked = (c.key.lower() for d in documents for s in d.statements for c in s.conditions)
    return RESOURCE_ACCOUNT in asked


@remembered
def _documents(principal: Principal) -> tuple[PolicyDocument, ...]:
    return principal.documents


def may_somewhere(principal: Principal, action: str) -> bool:
    """Whether any statement may allow an action on whatever resource: a cheap first question."""
    return _may_somewhere(principal, action)


@remembered
def _may_somewhere(principal: Principal, action: str) -> bool:
    request = Request(action)
    by_service = _allowing(principal)
    service = action.partition(":")[0].lower()
    return any(
        applies(statement, request).may_be_true
        for statement in (*by_service.get(service, ()), *by_service.get("", ()))
    )


@remembered
def _allowing(principal: Principal) -> dict[str, list[Statement]]:
    """The statements that may allow something, by service; of any service under no name."""
    found: dict[str, list[Statement]] = {}
    for document in _documents(principal):
        for statement in document.statements:
            if statement.effect.text != "Deny":
                for service in statement.services if statement.services is not None else ("",):
                    found.setdefault(service, []).append(statement)
    return found


def allowances(
    principal: Principal,
    action: str,
    resource: Val | None = None,
    identity: Reference | None = None,
    context: Mapping[str, tuple[str, ...]] | None = None,
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
    for grant in principal.grants:
        for statement in grant.document.statements:
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
    principal: Principal, action: str, resource: Val | None, identity: Reference | None
) -> Answer:
    """Whether a policy denies something explicitly, or the boundary leaves none of it."""
    subject = resource if resource is not None else _anything(action, principal)
    request = Request(action, in_the_terms_of(principal, subject), identity=identity)
    answer = any_of(
        statement.denies & applies(statement, request)
        for document in principal.documents
        for statement in document.statements
        if statement.effect.text != "Allow"
    )
    if principal.boundary is None:
        return answer
    return answer | ~allows(principal.boundary, request)


def _anything(action: str, principal: Principal) -> Val:
    """An ARN of an account that nobody names: what is allowed there is allowed anywhere."""
    return Value(probes.probe_of(action).arn(probes.foreign_account()), principal.resource.span)
