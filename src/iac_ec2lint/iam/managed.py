"""AWS managed policies by name: what is known of them without their text (semantics.md, D5).

The table is data (``managed_policies.json``), loaded when it is first asked for. Sources: AWS
Managed Policy Reference Guide; Amazon EC2 User Guide, "AWS managed policies for Amazon EC2".
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.iam import probes
from iac_ec2lint.iam.document import PolicyDocument
from iac_ec2lint.iam.glob import pieces_of
from iac_ec2lint.iam.statement import Statement
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterable

Standing = Literal["admin", "admin-equivalent", "broad", "expected", "unknown"]

_OWNER = ":iam::aws:policy/"


class ManagedPolicy(NamedTuple):
    """An AWS managed policy.

    Attributes:
        name: The last part of its ARN's path (``AmazonEC2FullAccess``).
        standing: ``admin``; ``admin-equivalent``; ``broad``; ``expected`` on instances, and never
            flagged; ``unknown``: what it allows is not known here.
    """

    name: str
    standing: Standing


@cache
def _table() -> dict[str, dict[str, dict[str, list[str]]]]:
    text = Path(__file__).with_name("managed_policies.json").read_text(encoding="utf-8")
    table: dict[str, dict[str, dict[str, list[str]]]] = json.loads(text)
    return table


@cache
def _standings() -> dict[str, Standing]:
    standings: tuple[Standing, ...] = ("admin", "admin-equivalent", "broad", "expected")
    return {name: standing for standing in standings for name in _table()[standing]}


def managed_policy(arn: Val) -> ManagedPolicy | None:
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
    return ManagedPolicy(name, _standings().get(name, "unknown"))


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


def document_of(policy: ManagedPolicy, arn: Val) -> PolicyDocument:
    """What is known of a managed policy's document, at the span of the ARN that names it.

    An expected policy allows what the table says and, as far as anything here asks, nothing else.
    A broad one allows that for sure, and perhaps more, but none of the actions that make an
    administrator of its holder; of some the table has all that anything here asks about. Of an
    unknown one nothing is known.
    """
    why = Unknown(
        f"the document of the AWS managed policy {policy.name} is not in the source",
        "external-id",
        arn.span,
        arn.via,
    )
    if policy.standing == "unknown":
        return PolicyDocument((Statement.unknown(why),), arn.span)
    known = _table()[policy.standing][policy.name]
    statements: list[Statement] = []
    if "allow" in known:
        statements.append(_allow(arn, actions=known["allow"]))
    if "allow_except" in known:
        statements.append(_allow(arn, not_actions=known["allow_except"]))
    if policy.standing == "broad" and policy.name not in _table()["whole"]:
        refused = [probe.action for probe in probes.admin_equivalent_probes()]
        statements.append(_allow(arn, not_actions=refused).possible(why))
    return PolicyDocument(tuple(statements), arn.span)


def _allow(
    arn: Val, actions: Iterable[str] | None = None, not_actions: Iterable[str] | None = None
) -> Statement:
    def entries(texts: Iterable[str] | None) -> tuple[Val, ...] | None:
        return None if texts is None else tuple(Value(t, arn.span, arn.via) for t in texts)

    return Statement(
        arn.span,
        Value("Allow", arn.span, arn.via),
        actions=entries(actions),
        not_actions=entries(not_actions),
        resources=(Value("*", arn.span),),
    )
