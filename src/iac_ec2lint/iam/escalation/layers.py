"""Layers that a principal fills with its own code, and gives a function.

One of an account of its own, where it may read that account's; else one of the unit's account,
where it may make versions of it. Source: AWS Lambda Developer Guide, "Granting users access to a
Lambda layer" and "Control access to layer versions".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.iam.arns import arn_in, joined, own_region
from iac_ec2lint.iam.escalation.chosen_names import chosen_arns
from iac_ec2lint.iam.escalation.steps import ActionRequest, most_allowed
from iac_ec2lint.iam.policy import probes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.principals import Principal
    from iac_ec2lint.values import Answer

_PUBLISHES: Final = "lambda:PublishLayerVersion"
_READS: Final = "lambda:GetLayerVersion"


def of_its_own(
    principal: Principal, actions: tuple[str, ...]
) -> tuple[tuple[ActionRequest, ...], Answer]:
    """Whether a principal may use a layer of its own by some actions, and what it asks for.

    Args:
        principal: Who.
        actions: To read one, or to publish one and to read it.
    """
    return most_allowed(principal, _ways(principal, actions))


def _ways(principal: Principal, actions: tuple[str, ...]) -> Iterator[tuple[ActionRequest, ...]]:
    span = principal.resource.span
    if _PUBLISHES not in actions:
        foreign = f":{probes.foreign_account()}:layer:anything:1"
        yield (ActionRequest(_READS, joined(["arn:aws:lambda:", own_region(span), foreign], span)),)
        return
    for layer in (
        arn_in(span, "lambda", "layer:"),
        *chosen_arns(principal, (_PUBLISHES,)),
    ):
        version = joined((*layer.parts, ":1"), span)
        yield ActionRequest(_PUBLISHES, layer), ActionRequest(_READS, version)
