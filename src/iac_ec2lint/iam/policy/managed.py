"""AWS managed policies by name: what they allow, on the day of the facts (semantics.md, D5).

Sources: the facts ``managed_policies``; AWS Managed Policy Reference Guide; Amazon EC2 User Guide,
"AWS managed policies for Amazon EC2".
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from iac_ec2lint.facts import fact, facts
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.glob import pieces_of
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.values import NO, Answer, Reference, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

_OWNER: Final = ":iam::aws:policy/"
_FACTS: Final = "managed_policies"
_PARTITION: Final = re.compile(r"(.*[./])?(data\.aws_partition\..*\.partition|AWS::Partition\.Ref)")

EXPECTED: Final = frozenset(
    {
        "AWSElasticBeanstalkWebTier",
        "AWSElasticBeanstalkWorkerTier",
        "AWSXRayDaemonWriteAccess",
        "AmazonEC2ContainerRegistryPullOnly",
        "AmazonEC2ContainerRegistryReadOnly",
        "AmazonEC2ContainerServiceforEC2Role",
        "AmazonEC2RoleforAWSCodeDeploy",
        "AmazonEKSWorkerNodeMinimalPolicy",
        "AmazonEKSWorkerNodePolicy",
        "AmazonEKS_CNI_Policy",
        "AmazonSSMDirectoryServiceAccess",
        "AmazonSSMManagedInstanceCore",
        "AmazonSSMPatchAssociation",
        "CloudWatchAgentServerPolicy",
    }
)
"""The policies that AWS has instances carry for a service to work on them."""


class KnownManagedPolicy(NamedTuple):
    """An AWS managed policy.

    Attributes:
        name: The last part of its ARN's path (``AmazonEC2FullAccess``).
        known: Whether the facts say what it allows.
    """

    name: str
    known: bool

    @property
    def expected(self) -> bool:
        """Whether instances are expected to have it, so that it is never flagged."""
        return self.name in EXPECTED


def managed_policy(arn: Val) -> KnownManagedPolicy | None:
    """The AWS managed policy that an ARN names, whatever its partition and path.

    Args:
        arn: ``arn:aws:iam::aws:policy/service-role/AmazonEC2RoleforSSM``; the partition may be
            unknown.

    Returns:
        ``None`` where it is known to name none of AWS's, or where its name is not known.
    """
    last = _known_end(arn)
    if _OWNER not in last and not _is_of_the_partition(arn):
        return None
    name = last.rpartition("/")[2]
    name = _by_lower_case().get(name.lower(), name)
    return KnownManagedPolicy(name, name != "about" and fact(_FACTS, name) is not None)


@cache
def _by_lower_case() -> dict[str, str]:
    """The names of AWS's policies: names in IAM are not distinguished by case.

    Source: IAM API Reference, CreatePolicy, PolicyName.
    """
    return {name.lower(): name for name in facts(_FACTS)}


def _is_of_the_partition(arn: Val) -> bool:
    """Whether the partition stands for the account: ``arn:${P}:iam::${P}:policy/...``.

    That is ``aws`` where it names a policy at all; in other partitions AWS's own are of the account
    ``aws`` too, and nothing can be attached by such an ARN (IAM User Guide, "Managed policies").
    """
    *_, scope, account, path = ("", "", "", *(pieces_of(arn) or ()))
    return (
        isinstance(scope, str)
        and scope.endswith(":iam::")
        and isinstance(account, Reference)
        and _PARTITION.fullmatch(f"{account.target}.{account.attribute}") is not None
        and isinstance(path, str)
        and path.startswith(":policy/")
    )


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
        elif not pending:
            # An ARN begins with something, so that an alternative of nothing is none.
            ends = {_known_end(c) for c in piece.candidates if not c.is_null and c.text != ""}
            return ends.pop() + end if len(ends) == 1 else end
        else:
            break
    return end


def document_of(policy: KnownManagedPolicy, arn: Val) -> PolicyDocument:
    """What a managed policy says, at the span of the ARN that names it.

    AWS changes its policies, so that what rests on one is assumed; but for what allows everything,
    which can be no more. Of one that the facts do not have nothing is known.
    """
    if not policy.known:
        why = Unknown(
            f"the document of the AWS managed policy {policy.name} is not in the source",
            "external-id",
            arn.span,
            arn.via,
        )
        return PolicyDocument((Statement.unknown(why),), arn.span)
    known = fact(_FACTS, policy.name) or {}
    words = f"{policy.name} says what it said on {(fact(_FACTS, 'about') or {})['on']}"
    dated = Step(arn.span, words, assumed=True)
    listed = [part for one in known["statements"] for part in _by_service(one)]
    return PolicyDocument(tuple(_statement(one, arn, dated) for one in listed), arn.span)


def is_expected_copy(statement: Statement) -> Answer:
    """Whether a statement says what one of the expected policies says, and nothing else of its own.

    It has all actions of one of its statements on every resource, and no action that the policy
    does not have: whoever may not attach AWS's own copies it.
    """
    actions = {action.text.lower() for action in statement.actions or () if action.text}
    unknown = [action for action in statement.actions or () if isinstance(action, Unknown)]
    resources = [resource.text for resource in statement.resources or ()]
    if resources != ["*"] or statement.effect.text != "Allow" or statement.conditions:
        return NO
    fits = any(
        actions <= frozenset().union(*listed)
        and any(len(one - actions) <= len(unknown) for one in listed)
        for listed in _expected_actions()
    )
    return Answer(None, tuple(unknown)) if fits and unknown else Answer(fits)


@cache
def _expected_actions() -> tuple[tuple[frozenset[str], ...], ...]:
    """The actions of each statement of each expected policy, in lower case."""
    known = (fact(_FACTS, name) for name in sorted(EXPECTED))
    return tuple(
        tuple(_lower(statement.get("Action", ())) for statement in one["statements"])
        for one in known
        if one is not None
    )


def _lower(actions: str | list[str]) -> frozenset[str]:
    listed = [actions] if isinstance(actions, str) else actions
    return frozenset(action.lower() for action in listed)


def _by_service(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A statement as one for each service, so that questions about others pass it by."""
    actions = statement.get("Action")
    if not isinstance(actions, list):
        yield statement
        return
    grouped: dict[str, list[str]] = {}
    for action in actions:
        grouped.setdefault(action.partition(":")[0].lower(), []).append(action)
    for group in grouped.values():
        yield statement | {"Action": group}


def _statement(written: dict[str, Any], arn: Val, dated: Step) -> Statement:
    members: dict[str, Val] = {name: _value(part, arn) for name, part in written.items()}
    effect = members["Effect"]
    if (written.get("Action"), written.get("Resource")) != ("*", "*"):
        effect = effect.after(dated)
    return Statement.read(Value(members | {"Effect": effect}, arn.span, arn.via))


def _value(data: Any, arn: Val) -> Value:
    if isinstance(data, dict):
        data = {name: _value(part, arn) for name, part in data.items()}
    elif isinstance(data, list):
        data = tuple([_value(part, arn) for part in data])
    return Value(data, arn.span, arn.via)
