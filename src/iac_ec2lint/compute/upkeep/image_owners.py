"""Whose images a lookup may find, and whose an account allows.

Sources: Amazon EC2 API Reference, ``DescribeImages``; EC2 User Guide, "Allowed AMIs".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.facts import facts
from iac_ec2lint.resources.image import ImageDataSource
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import Reference, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.resources.allowed_images import ImageCriterion
    from iac_ec2lint.resources.part import Part
    from iac_ec2lint.values import Val

OwnerKind = Literal["trusted", "anyone", "other", "unknown"]

_OWN_ACCOUNT: Final = regular_expression(r"(?:^|\.)data\.aws_caller_identity\.")
_OWNER_FILTERS: Final = ("owner-id", "owner-alias")
_PSEUDO: Final = "AWS::AccountId"


class ImageOwner(NamedTuple):
    """An owner that a lookup accepts.

    Attributes:
        kind: Whether it is ``trusted``, ``anyone``, an ``other`` account; or it is not known.
        part: The part that names it, and ``name`` the field there.
        value: Its value; ``None`` where no owner is named at all.
    """

    kind: OwnerKind
    part: Part
    name: str
    value: Val | None


def image_owners(lookup: ImageDataSource, trusted: frozenset[str]) -> tuple[ImageOwner, ...]:
    """The owners that a lookup accepts; none where it names the images themselves.

    Owners and filters hold together: it is as good as the better one of them.

    Args:
        lookup: The lookup.
        trusted: Accounts and aliases that are trusted, beside the vendors that are known.
    """
    choices = list(_named(lookup, trusted))
    if any(not owners or all(one.kind == "trusted" for one in owners) for owners in choices):
        return ()
    # Of several that bound it the one of which the least is open.
    return min(choices, key=_openness) if choices else (_nobody(lookup),)


def _nobody(lookup: ImageDataSource) -> ImageOwner:
    return ImageOwner("anyone", lookup, "owners", None)


def _openness(owners: tuple[ImageOwner, ...]) -> int:
    order = ("trusted", "other", "unknown", "anyone")
    return max(order.index(one.kind) for one in owners)


def _named(lookup: ImageDataSource, trusted: frozenset[str]) -> Iterator[tuple[ImageOwner, ...]]:
    """The owners that each of the arguments accepts; of an image's id none."""
    if lookup.owners:
        yield tuple(
            ImageOwner(owner_kind(value, trusted), lookup, "owners", value)
            for value in lookup.owners
        )
    for one in lookup.filters:
        name = None if one.name is None else one.name.text
        if name is None and one.name is not None:
            yield (ImageOwner("unknown", one, "name", one.name),)
        elif name in _OWNER_FILTERS and one.values:
            yield tuple(
                ImageOwner(owner_kind(value, trusted), one, "values", value) for value in one.values
            )
        elif name == "image-id" and not any("*" in (v.text or "") for v in one.values):
            yield ()


def owner_kind(value: Val, trusted: frozenset[str]) -> OwnerKind:
    """What an owner is: an account, an alias, or everybody."""
    text = value.text
    if text is None:
        references = () if isinstance(value, Value) else value.references
        own = any(_OWN_ACCOUNT.search(one.target) or one.target == _PSEUDO for one in references)
        candidates = () if isinstance(value, Value) else value.candidates
        if candidates and all(owner_kind(one, trusted) == "trusted" for one in candidates):
            return "trusted"
        return "trusted" if own and isinstance(value, Reference) else "unknown"
    if "*" in text or "?" in text or not text:
        return "anyone"
    return "trusted" if text in trusted or text in facts("image_owners")["accounts"] else "other"


def allowed_providers(criterion: ImageCriterion, trusted: frozenset[str]) -> OwnerKind:
    """Whose images a criterion of Allowed AMIs lets through."""
    if criterion.marketplace_product_codes:
        return "trusted"
    kinds = {owner_kind(value, trusted | {"none"}) for value in criterion.image_providers}
    if not kinds or "anyone" in kinds:
        return "anyone"
    return next((kind for kind in ("unknown", "other") if kind in kinds), "trusted")
