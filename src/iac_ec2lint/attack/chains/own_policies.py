"""What the policies of secrets, buckets and tables themselves give and refuse.

A statement that names a principal of the account is enough without any policy of the principal's,
and one that denies wins over all. One that names the account leaves it to the principals' policies.

Sources: IAM User Guide, "Policy evaluation for requests within a single account"; AWS Secrets
Manager User Guide, "Resource-based policies"; Amazon S3 User Guide, "Bucket policies".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.attack.disks.key_access import Admission, leaves_it_to_accounts
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import arn_in, example_of, identity_of, in_the_terms, joined
from iac_ec2lint.iam.grants import as_caller, is_denied
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.matching import Request, applies
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.stored_data import Bucket, Secret, StoredDataPolicy, Table
from iac_ec2lint.values import NO, Answer, Reference, Unknown, Val, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.escalation.steps import ActionRequest
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.iam.principal import Principal
    from iac_ec2lint.resources.part import Resource

_CHOSEN: Final = {
    "aws:SecureTransport": ("true",),
    "s3:TlsVersion": ("1.3",),
    "aws:PrincipalIsAWSService": ("false",),
}
"""Keys whose values a caller chooses, or that are the same for each principal."""
_LOOKED_UP: Final = re.compile(r"(^|\.)data\.")


_Own = tuple["Resource", PolicyDocument]
"""A policy, and what declares it."""


@remembered
def own_policies(graph: Graph, thing: Resource) -> tuple[tuple[_Own, ...], ...]:
    """The policies of a thing itself, each with what declares it; of a global table by replica."""
    if isinstance(thing, Table) and thing.replicas:
        return tuple(
            () if one.policy is None else ((thing, PolicyDocument.read(one.policy)),)
            for one in thing.replicas
        )
    found: list[_Own] = []
    if isinstance(thing, Secret | Bucket | Table) and thing.policy is not None:
        found.append((thing, PolicyDocument.read(thing.policy)))
    for edge in graph.sources(thing, "holder"):
        source = edge.source
        if isinstance(source, StoredDataPolicy) and source.policy is not None:
            found.append((source, PolicyDocument.read(source.policy)))
    return (tuple(found),) if found else ()


def given_by_own_policy(
    graph: Graph, principal: Principal, thing: Resource, asked: ActionRequest
) -> Iterator[Admission]:
    """The statements by which the policy of a thing gives it to a principal of the account.

    Args:
        graph: The graph.
        principal: Who.
        thing: A secret, a bucket or a table.
        asked: What reads it.
    """
    for policies in own_policies(graph, thing):
        for declaring, document in policies:
            for statement in document.statements:
                if statement.effect.text == "Deny" or not _admits_somebody(statement):
                    continue
                if leaves_it_to_accounts(statement) or _is_for_others(graph, statement):
                    continue
                answer = statement.allows & _covers(statement, document, principal, thing, asked)
                if answer.truth is not False:
                    refused = is_denied(principal, asked.action, asked.resource, asked.identity)
                    refused = refused | _refused(policies, principal, thing, asked)
                    yield Admission(declaring, statement.span, answer & ~refused, thing)


def _admits_somebody(statement: Statement) -> bool:
    """Whether a statement says whom it is about: ``NotPrincipal`` in an Allow admits all others.

    Source: IAM User Guide, "AWS JSON policy elements: NotPrincipal".
    """
    return statement.principals is not None or statement.not_principals is not None


def _is_for_others(graph: Graph, statement: Statement) -> bool:
    """Whether a statement admits only what other resources give, as CloudFront's identities.

    What a data source has looked up may be a principal of the unit.
    """
    values = [entry.value for entry in statement.principals or ()]
    return bool(values) and all(
        isinstance(one, Reference)
        and _LOOKED_UP.search(one.target) is None
        and not isinstance(graph.get(one.target), Role | IamUser)
        for one in values
    )


def refused_by_own_policy(
    graph: Graph, principal: Principal, thing: Resource, asked: ActionRequest
) -> Answer:
    """Whether the policy of a thing denies a principal what reads it, at each of its replicas."""
    each = [_refused(one, principal, thing, asked) for one in own_policies(graph, thing)]
    refused = all_of(each) if each else NO
    arn = () if asked.resource is None else pieces_of(asked.resource) or ()
    at_home = any(isinstance(piece, Reference) for piece in arn)
    if at_home and refused.truth is False and any(one.truth for one in each):
        words = f"which replica of {thing.address} is in the Region of the stack is not known"
        return Answer(None, (Unknown(words, "computed", thing.span),))
    return refused


def _refused(
    policies: tuple[_Own, ...], principal: Principal, thing: Resource, asked: ActionRequest
) -> Answer:
    return any_of(
        statement.denies & _covers(statement, document, principal, thing, asked)
        for _, document in policies
        for statement in document.statements
        if statement.effect.text != "Allow"
    )


def _covers(
    statement: Statement,
    document: PolicyDocument,
    principal: Principal,
    thing: Resource,
    asked: ActionRequest,
) -> Answer:
    """Whether a statement is about what is asked, in whichever way it writes the thing's ARN."""
    caller = as_caller(principal, document)
    return any_of(
        applies(statement, Request(asked.action, about, caller, _CHOSEN, asked.identity))
        for about in _written(document, thing, asked.resource)
    )


def _written(document: PolicyDocument, thing: Resource, about: Val | None) -> Iterator[Val | None]:
    """How the ARN that is asked about may be written: of objects also with the bucket's name."""
    yield None if about is None else in_the_terms((document,), about)
    if isinstance(thing, Bucket):
        by_reference = (identity_of(thing), "/x")
        yield example_of(by_reference, thing.span)
        name = None if thing.name is None else pieces_of(thing.name)
        if name is not None:
            objects = joined((*name, "/x"), thing.span)
            yield arn_in(thing.span, "s3", "", objects, region=False, account=False)
