"""What a policy lets through whatever else a request says: guards on one condition key.

Source: IAM User Guide, "Policy evaluation logic"; Service Authorization Reference, "Condition keys
for Amazon EC2".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.iam.arns import arn_in
from iac_ec2lint.iam.policy.document import worlds
from iac_ec2lint.iam.policy.matching import covers_action, covers_resource, over_worlds
from iac_ec2lint.iam.policy.operators import evaluate
from iac_ec2lint.iam.policy.outsiders import stops_strangers
from iac_ec2lint.values import NO, Answer, all_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.policy.statement import Statement
    from iac_ec2lint.values import Val

_UNENCRYPTED = {"ec2:encrypted": ("false",)}


def lets_unencrypted_volumes(document: PolicyDocument, action: str) -> Answer:
    """Whether a policy lets some request through that makes a volume without encryption.

    Args:
        document: The policy, of a VPC endpoint say.
        action: ``ec2:CreateVolume`` or ``ec2:RunInstances``.
    """
    volume = arn_in(document.span, "ec2", "volume/")
    answers = [
        _lets_through(statements, action, volume, _UNENCRYPTED) for statements in worlds([document])
    ]
    return over_worlds(answers, [document])


def _lets_through(
    statements: Iterable[Statement],
    action: str,
    resource: Val,
    context: Mapping[str, tuple[str, ...]],
) -> Answer:
    """Whether some request is allowed whose condition keys are ``context``, and any others."""
    allowed = denied = NO
    for statement in statements:
        covered = covers_action(statement, action)
        if covered.truth is False:
            continue
        covered = covered & covers_resource(statement, resource)
        # There is a request that meets the other conditions of an Allow; not each meets a Deny's.
        own = [
            evaluate(condition, context)
            for condition in statement.conditions
            if condition.unknown is not None or condition.key.lower() in context
        ]
        every = [evaluate(condition, context) for condition in statement.conditions]
        allowed = allowed | (statement.allows & covered & all_of(own))
        denied = denied | (statement.denies & covered & all_of(every) & _of_all(statement))
    return allowed & ~denied


def _of_all(deny: Statement) -> Answer:
    """Whether a Deny is for whoever asks."""
    return NO if deny.not_principals is not None else stops_strangers(deny)
