"""AWS managed policies by name: what is known of them without their text (semantics.md, D5).

The table is data (``managed_policies.json``), loaded when it is first asked for. It has what the
policies allowed on the day that it names (``read``), in the versions that it names, of the services
that anything here asks about (``services``), but for service-linked roles and for what a tag
decides. Sources: AWS Managed Policy Reference Guide; Amazon EC2 User Guide, "AWS managed policies
for Amazon EC2".
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple, TypedDict

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.statement import Condition, Statement
from iac_ec2lint.values import Unknown, Val, Value

Standing = Literal["admin", "admin-equivalent", "broad", "known", "expected", "unknown"]

_OWNER = ":iam::aws:policy/"


class KnownManagedPolicy(NamedTuple):
    """An AWS managed policy.

    Attributes:
        name: The last part of its ARN's path (``AmazonEC2FullAccess``).
        standing: ``admin``; ``admin-equivalent``; ``broad``; ``known``: judged by what it allows
            alone; ``expected`` on instances, and never flagged; ``unknown``: what it allows is not
            known here.
    """

    name: str
    standing: Standing


class _Allow(TypedDict, total=False):
    """A statement: actions, or all but some; on which ARNs, by default all; passing to whom."""

    allow: list[str]
    allow_except: list[str]
    on: list[str]
    passed_to: list[str]


class _Policy(TypedDict, total=False):
    version: str
    statements: list[_Allow]


class _Table(TypedDict):
    read: str
    services: list[str]
    policies: dict[Standing, dict[str, _Policy]]


@cache
def _table() -> _Table:
    text = Path(__file__).with_name("managed_policies.json").read_text(encoding="utf-8")
    table: _Table = json.loads(text)
    return table


def services() -> frozenset[str]:
    """The prefixes of the services of which the table has all that the policies allow."""
    return frozenset(_table()["services"])


@cache
def _standings() -> dict[str, Standing]:
    policies = _table()["policies"]
    return {name: standing for standing, named in policies.items() for name in named}


def managed_policy(arn: Val) -> KnownManagedPolicy | None:
    """The AWS managed policy that an ARN names, whatever its partition and path.

    Args:
        arn: ``arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM``; the partition may be
            unknown.

    Returns:
        ``None`` where it is known to name none of AWS's, or where its name is not known.
    """
    last = _known_end(arn)
    if _OWNER not in last:
        return None
    name = last.rpartition("/")[2]
    return KnownManagedPolicy(name, _standings().get(name, "unknown"))


def _known_end(value: Val) -> str:
    """The end of a text as far as it is known, through pieces that are partly known themselves."""
    end = ""
    pending = list(pieces_of(value) or ())
    while pending:
        piece = pending.pop()
        if isinstance(piece, str):
            end = piece + end
        elif piece.parts:
            pending.extend(piece.parts)
        else:
            break
    return end


def document_of(policy: KnownManagedPolicy, arn: Val) -> PolicyDocument:
    """What is known of a managed policy's document, at the span of the ARN that names it.

    A policy of the table allows what the table says and, as far as anything here asks, nothing
    else. Of an unknown one nothing is known.
    """
    if policy.standing == "unknown":
        why = Unknown(
            f"the document of the AWS managed policy {policy.name} is not in the source",
            "external-id",
            arn.span,
            arn.via,
        )
        return PolicyDocument((Statement.unknown(why),), arn.span)
    known = _table()["policies"][policy.standing][policy.name]
    statements = tuple(_statement(one, arn) for one in known.get("statements", ()))
    return PolicyDocument(statements, arn.span)


def _statement(allow: _Allow, arn: Val) -> Statement:
    def entries(texts: list[str]) -> tuple[Val, ...]:
        return tuple(Value(text, arn.span, arn.via) for text in texts)

    conditions: tuple[Condition, ...] = ()
    if "passed_to" in allow:
        named = entries(allow["passed_to"])
        conditions = (Condition("StringLike", "iam:PassedToService", named, arn.span),)
    return Statement(
        arn.span,
        Value("Allow", arn.span, arn.via),
        actions=entries(allow["allow"]) if "allow" in allow else None,
        not_actions=entries(allow["allow_except"]) if "allow_except" in allow else None,
        resources=entries(allow["on"]) if "on" in allow else (Value("*", arn.span),),
        conditions=conditions,
    )
