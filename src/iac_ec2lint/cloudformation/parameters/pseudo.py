"""Pseudo parameters ("Get AWS values using pseudo parameters", CloudFormation User Guide)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from iac_ec2lint.values import Input, Reference, Step, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.cloudformation.options import StackOptions
    from iac_ec2lint.source.span import Span

NAMES = frozenset(
    {
        "AWS::AccountId",
        "AWS::NoValue",
        "AWS::NotificationARNs",
        "AWS::Partition",
        "AWS::Region",
        "AWS::StackId",
        "AWS::StackName",
        "AWS::URLSuffix",
    }
)

_REGION = re.compile(r"[a-z]{2}(?:-[a-z]+)+-[0-9]+")
"""A Region's name: a pattern of inputs may be for others."""
_OF_REGION = frozenset({"AWS::Partition", "AWS::Region", "AWS::URLSuffix"})
"""Those that the Region decides."""


_OF_STACK = frozenset({"AWS::StackId", "AWS::StackName"})
"""Those that each stack has of its own, nested ones too."""


def value_of(name: str, options: StackOptions, span: Span, prefix: str = "") -> Val:
    """The value of a pseudo parameter other than ``AWS::NoValue``.

    An unknown one is a reference whose target is its name, so that two uses of ``AWS::AccountId``
    are known to be the same account.

    Args:
        name: Its name.
        options: The inputs of the deployment.
        span: Where it is referred to.
        prefix: What the addresses of the stack's resources begin with.
    """
    known = options.parameters.get(name)
    if known is None:
        known = _from_region(name, given_region(options))
    if known is None and name in _OF_REGION:
        stated = options.stated.value("AWS::Region", span)
        said = "" if stated is None else stated.text or ""
        text = _from_region(name, said) if _REGION.fullmatch(said) else None
        if stated is not None and text is not None:
            return stated.but(data=text)
    if known is None:
        return Reference(
            prefix + name if name in _OF_STACK else name,
            "Ref",
            span,
            reason=f"{name} depends on the deployment",
            cause="parameter",
            inputs=(Input("AWS::Region", span),) if name in _OF_REGION else (),
        )
    step = Step(span, f"value given to {name}")
    if not isinstance(known, str):
        return known.after(step)
    if name == "AWS::NotificationARNs":
        members = tuple(Value(part.strip(), span) for part in known.split(","))
        return Value(members, span, (step,))
    return Value(known, span, (step,))


def given_region(options: StackOptions) -> str | None:
    """The Region that a stack is deployed to, where that is given."""
    given = options.parameters.get("AWS::Region")
    text = given if given is None or isinstance(given, str) else given.text
    return options.region if text is None else text


def decided_by_region(region: str) -> dict[str, str]:
    """The other pseudo parameters whose values a Region decides; empty of what is none."""
    if not _REGION.fullmatch(region):
        return {}
    found = {name: _from_region(name, region) for name in _OF_REGION - {"AWS::Region"}}
    return {name: text for name, text in found.items() if text is not None}


def _from_region(name: str, region: str | None) -> str | None:
    # "AWS::Partition", "AWS::URLSuffix": aws-cn and amazonaws.com.cn in the China Regions,
    # aws-us-gov in the GovCloud Regions.
    if region is None:
        return None
    china = region.startswith("cn-")
    if name == "AWS::Region":
        return region
    if name == "AWS::Partition":
        return "aws-cn" if china else "aws-us-gov" if region.startswith("us-gov-") else "aws"
    if name == "AWS::URLSuffix" and (china or _is_commercial(region)):
        return "amazonaws.com.cn" if china else "amazonaws.com"
    return None


def _is_commercial(region: str) -> bool:
    return region[:3] in ("us-", "eu-", "ap-", "sa-", "ca-", "me-", "af-", "il-", "mx-")
