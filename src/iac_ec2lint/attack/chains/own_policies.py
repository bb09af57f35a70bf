"""What the policies of secrets, buckets and tables themselves give and refuse.

A statement that names a principal of the account is enough without any policy of the principal's,
and one that denies wins over all. One that names the account leaves it to the principals' policies.

Sources: IAM User Guide, "Policy evaluation for requests within a single account"; AWS Secrets
Manager User Guide, "Resource-based policies"; Amazon S3 User Guide, "Bucket policies".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.disks.key_access import leaves_it_to_accounts
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.grants import as_caller, in_the_terms, is_denied
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, applies
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.stored_data import Bucket, Secret, StoredDataPolicy, Table
from iac_ec2lint.values import Answer, Reference, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.iam.principals import Principal
    from iac_ec2lint.iam.steps import ActionRequest
    from iac_ec2lint.resources.part import Resource

_CHOSEN: Final = {
    "aws:SecureTransport": ("true",),
    "s3:TlsVersion": ("1.3",),
    "aws:PrincipalIsAWSService": ("false",),
}
"""Keys whose values a caller chooses, or that are the same for each principal."""
_LOOKED_UP: Final = re.compile(r"(^|\.)data\.")


class OwnStatement(NamedTuple):
    """A statement of the policy of a thing that gives it to a principal.

    Attributes:
        statement: The statement.
        declaring: What declares the policy.
        answer: Whether it does.
    """

    statement: Statement
    declaring: Resource
    answer: Answer


@remembered
def own_policies(graph: Graph, thing: Resource) -> tuple[tuple[Resource, PolicyDocument], ...]:
    """The policies of a thing itself, each with what declares it."""
    found: list[tuple[Resource, PolicyDocument]] = []
    if isinstance(thing, Secret | Bucket | Table) and thing.policy is not None:
        found.append((thing, PolicyDocument.read(thing.policy)))
    for edge in graph.sources(thing, "holder"):
        source = edge.source
        if isinstance(source, StoredDataPolicy) and source.policy is not None:
            found.append((source, PolicyDocument.read(source.policy)))
    return tuple(found)


def given_by_own_policy(
    graph: Graph, principal: Principal, thing: Resource, asked: ActionRequest
) -> Iterator[OwnStatement]:
    """The statements by which the policy of a thing gives it to a principal of the account.

    Args:
        graph: The graph.
        principal: Who.
        thing: A secret, a bucket or a table.
        asked: What reads it.
    """
    for declaring, document in own_policies(graph, thing):
        for statement in document.statements:
            if statement.effect.text == "Deny" or statement.principals is None:
                continue
            if leaves_it_to_accounts(statement) or _is_for_others(graph, statement):
                continue
            request = _request(document, principal, asked)
            answer = statement.allows & applies(statement, request)
            if answer.truth is not False:
                refused = is_denied(principal, asked.action, asked.resource, asked.identity)
                yield OwnStatement(statement, declaring, answer & ~refused)


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
    """Whether the policy of a thing denies a principal what reads it."""
    return any_of(
        statement.denies & applies(statement, _request(document, principal, asked))
        for _, document in own_policies(graph, thing)
        for statement in document.statements
        if statement.effect.text != "Allow"
    )


def _request(document: PolicyDocument, principal: Principal, asked: ActionRequest) -> Request:
    about = None if asked.resource is None else in_the_terms((document,), asked.resource)
    return Request(asked.action, about, as_caller(principal, document), _CHOSEN, asked.identity)
