"""Whether two resources are deployed to different Regions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.values import NO, YES, Answer, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Resource


def apart(one: Resource, other: Resource) -> Answer:
    """Whether two resources are in different Regions; undecided where one's is not known.

    What has one configuration of a provider, or one stack, is in one Region, whichever that is,
    unless it sets a Region of its own.
    """
    regions = one.declared.region, other.declared.region
    if all(regions):
        return YES if regions[0] != regions[1] else NO
    own = [each for each in (one, other) if each.declared.body.get("region") is not None]
    if one.scope == other.scope and not own:
        return NO
    unknown = one if regions[1] or one in own else other
    words = f"the Region of {unknown.address} is not known"
    return Answer(None, (Unknown(words, "external-id", unknown.span),))
