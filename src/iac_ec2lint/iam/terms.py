"""An ARN as policies write the partition, account and Region that are the unit's own.

Source: semantics.md, D1: what a policy writes for them as ``data.aws_caller_identity`` or
``AWS::AccountId`` is the unit's own.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.relations import THIS_ACCOUNT
from iac_ec2lint.iam.arns import OWN_REGION
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.values import Reference, Unknown, Val, Value, inputs_in

if TYPE_CHECKING:
    from iac_ec2lint.iam.policy.document import PolicyDocument

_REGION: Final = re.compile(r"(^|.*[./])(data\.aws_region\..*|AWS::Region)")
"""What is the unit's own, in whatever module or nested stack it is read."""


_OF_ARNS: Final = frozenset(
    {
        "granteeprincipal",
        "instanceprofile",
        "permissionsboundary",
        "policyarn",
        "principalarn",
        "rolearn",
    }
)
"""The condition keys that are ARNs, without what stands before the colon."""


class Terms(NamedTuple):
    """What some policies write for the unit's own partition, account and Region.

    A partition that is written as ``AWS::Partition`` is whatever the ARN has that is asked about.
    """

    partition: str | None = None
    account: Reference | None = None
    region: Reference | None = None


def in_the_terms(documents: tuple[PolicyDocument, ...], arn: Val) -> Val:
    """An ARN with partition, Region and account as some policies write the unit's own."""
    return written(arn, own_terms(documents))


def written(arn: Val, own: Terms) -> Val:
    """An ARN in some terms."""
    pieces = pieces_of(arn)
    if pieces is None or not isinstance(pieces[0], str):
        return arn
    if own.partition is None and own.account is None and own.region is None:
        return arn
    written: list[str | Unknown] = []
    for piece in pieces:
        if isinstance(piece, Unknown) and piece.cause == "external-id" and own.account is not None:
            written.append(own.account)
        elif isinstance(piece, Unknown) and piece.reason == OWN_REGION and own.region is not None:
            written.append(own.region)
        else:
            written.append(piece)
    first = written[0]
    if isinstance(first, str) and first.startswith("arn:aws:") and own.partition is not None:
        written[0] = f"arn:{own.partition}:{first[8:]}"
    unknown = next((piece for piece in written if isinstance(piece, Unknown)), None)
    if unknown is None:
        return Value("".join(piece for piece in written if isinstance(piece, str)), arn.span)
    return Unknown(
        unknown.reason, unknown.cause, arn.span, parts=tuple(written), inputs=inputs_in(written)
    )


def own_terms(documents: tuple[PolicyDocument, ...]) -> Terms:
    """How some policies write what is the unit's own."""
    found = Terms()
    for document in documents:
        for statement in document.statements:
            named = [entry.value for entry in statement.principals or ()]
            compared = [
                value
                for condition in statement.conditions
                if condition.positive == "ArnLike" or condition.claim in _OF_ARNS
                for value in condition.values
            ]
            for entry in (
                *compared,
                *(statement.resources or ()),
                *(statement.not_resources or ()),
                *named,
            ):
                for piece in pieces_of(entry) or ():
                    if isinstance(piece, str):
                        if piece.startswith(("arn:aws-cn:", "arn:aws-us-gov:")):
                            found = found._replace(partition=piece.split(":")[1])
                    elif isinstance(piece, Reference):
                        if THIS_ACCOUNT.fullmatch(piece.target):
                            found = found._replace(account=piece)
                        elif _REGION.fullmatch(piece.target):
                            found = found._replace(region=piece)
    return found
