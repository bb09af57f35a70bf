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


def region_gap(one: Resource) -> Unknown | None:
    """Why the Region is not known that a resource sets for itself; ``None`` where it sets none."""
    own = one.declared.body.get("region")
    if own is None or own.text is not None:
        return None
    words = f"the Region of {one.address} is not known"
    causes = own.inputs if isinstance(own, Unknown) else ()
    return Unknown(words, "external-id", own.span, own.via, inputs=causes)
