"""What principals may do: questions over all policies that apply to them.

Partition and account of the unit are one: what a policy writes for them as
``data.aws_caller_identity`` or ``AWS::AccountId`` is the unit's own (semantics.md, D1).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.iam import probes
from iac_ec2lint.iam.access import unique
from iac_ec2lint.iam.document import PolicyDocument
from iac_ec2lint.iam.glob import pieces_of
from iac_ec2lint.iam.matching import Principal as Caller
from iac_ec2lint.iam.matching import Request, allows, applies
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, Answer, Reference, Unknown, Val, Value, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from iac_ec2lint.iam.principals import Grant, Principal
    from iac_ec2lint.iam.statement import Statement

_PARTITIONS: Final = ("data.aws_partition.", "AWS::Partition")
_ACCOUNTS: Final = ("data.aws_caller_identity.", "AWS::AccountId")


class Allowance(NamedTuple):
    """Why a principal may do something.

    Attributes:
        grant: The policy that allows it.
        statement: The statement.
    """

    grant: Grant
    statement: Statement


def may(
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
    subject = resource if resource is not None else _anything(action, principal)
    subject = in_the_terms_of(principal, subject)
    answer = allows(
        principal.documents, Request(action, subject, None, context, identity), principal.boundary
    )
    return Answer(answer.truth, unique(answer.causes), tuple(dict.fromkeys(answer.assumptions)))


def may_somewhere(principal: Principal, action: str) -> bool:
    """Whether any statement may allow an action on whatever resource: a cheap first question."""
    return any(
        statement.effect.text != "Deny" and applies(statement, Request(action)).may_be_true
        for document in principal.documents
        for statement in document.statements
    )


def allowances(
    principal: Principal,
    action: str,
    resource: Val | None = None,
    identity: Reference | None = None,
) -> Iterator[Allowance]:
    """The statements that allow something, those that surely do first."""
    subject = resource if resource is not None else _anything(action, principal)
    request = Request(action, in_the_terms_of(principal, subject), identity=identity)
    possible: list[Allowance] = []
    for grant in principal.grants:
        for statement in grant.document.statements:
            if statement.effect.text == "Deny":
                continue
            answer = statement.allows & applies(statement, request)
            if answer.truth:
                yield Allowance(grant, statement)
            elif answer.truth is None:
                possible.append(Allowance(grant, statement))
    yield from possible


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


def trusts(role: Role, principal: Principal) -> Answer:
    """Whether the trust policy of a role admits a principal of the unit by itself.

    An entry that is known by reference or name counts; the account as a whole is undecided.
    """
    if role.trust_policy is None:
        return NO
    document = trust_of(role)
    own = in_the_terms((document,), principal.arn)
    caller = Caller("AWS", own, principal.identity)
    return allows((document,), Request("sts:AssumeRole", None, caller))


def trust_of(role: Role) -> PolicyDocument:
    """The trust policy of a role; without statements where nothing is written."""
    if role.trust_policy is None:
        return PolicyDocument((), role.span)
    return PolicyDocument.read(role.trust_policy)


def in_the_terms_of(principal: Principal, arn: Val) -> Val:
    """An ARN with partition and account as the policies of a principal write the unit's own."""
    return in_the_terms(principal.documents, arn)


def in_the_terms(documents: tuple[PolicyDocument, ...], arn: Val) -> Val:
    """An ARN with partition and account as some policies write the unit's own."""
    pieces = pieces_of(arn)
    if pieces is None or len(pieces) < 2 or not isinstance(pieces[0], str):
        return arn
    partition, account = _own_terms(documents)
    written: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown) and piece.cause == "external-id" and account is not None:
            written.append(account)
        else:
            written.append(piece)
    first = written[0]
    if isinstance(first, str) and first.startswith("arn:aws:") and partition is not None:
        if isinstance(partition, str):
            written[0] = f"arn:{partition}:{first[8:]}"
        else:
            written[:1] = ["arn:", partition, first[7:]]
    unknown = next(piece for piece in written if isinstance(piece, Unknown))
    return Unknown(unknown.reason, unknown.cause, arn.span, parts=tuple(written))


_Terms = tuple[str | Reference | None, Reference | None]


def _own_terms(documents: tuple[PolicyDocument, ...]) -> _Terms:
    partition: str | Reference | None = None
    account: Reference | None = None
    for document in documents:
        for statement in document.statements:
            for entry in (*(statement.resources or ()), *(statement.not_resources or ())):
                for piece in pieces_of(entry) or ():
                    if isinstance(piece, str):
                        if piece.startswith(("arn:aws-cn:", "arn:aws-us-gov:")):
                            partition = piece.split(":")[1]
                    elif isinstance(piece, Reference):
                        if piece.target.startswith(_PARTITIONS):
                            partition = piece
                        elif piece.target.startswith(_ACCOUNTS):
                            account = piece
    return partition, account


def _anything(action: str, principal: Principal) -> Val:
    """An ARN of an account that nobody names: what is allowed there is allowed anywhere."""
    return Value(probes.probe_of(action).arn(probes.foreign_account()), principal.resource.span)
