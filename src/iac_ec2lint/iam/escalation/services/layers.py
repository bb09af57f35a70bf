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
from iac_ec2lint.iam.policy.operators import NamedArn
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.iam.policy.operators import Keys
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


def key_of_layer(asked: tuple[ActionRequest, ...]) -> Keys:
    """The condition key of a call that names the layer which is read at last.

    Source: Service Authorization Reference, "Condition keys for AWS Lambda", ``lambda:Layer``.

    Args:
        asked: What ``of_its_own`` found.
    """
    layer = asked[-1].resource if asked else None
    return {} if layer is None else {"lambda:layer": (NamedArn(layer),)}


def _ways(principal: Principal, actions: tuple[str, ...]) -> Iterator[tuple[ActionRequest, ...]]:
    span = principal.resource.span
    if _PUBLISHES not in actions:
        foreign = f":{probes.foreign_account()}:layer:"
        name = Unknown("the layer is called as the principal likes", "computed", span)
        layer = joined(["arn:aws:lambda:", own_region(span), foreign, name, ":1"], span)
        yield (ActionRequest(_READS, layer),)
        return
    for layer in (
        arn_in(span, "lambda", "layer:"),
        *chosen_arns(principal, (_PUBLISHES,)),
    ):
        version = joined((*layer.parts, ":1"), span)
        yield ActionRequest(_PUBLISHES, layer), ActionRequest(_READS, version)
