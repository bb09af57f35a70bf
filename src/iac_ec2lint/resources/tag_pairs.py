"""Tags that are written for something else than the resource itself: a map, or a list of pairs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.values import Val


def tag_pairs(tags: Val | None) -> tuple[tuple[tuple[str, Val], ...], Unknown | None]:
    """The tags whose keys are known, and why there may be more of them.

    Args:
        tags: A map, as Terraform has it, or CloudFormation's list of ``Key`` and ``Value``.
    """
    if tags is None:
        return (), None
    if isinstance(tags, Unknown):
        return tuple(tags.certain_members().items()), tags
    if isinstance(tags.data, dict):
        return tuple(tags.items().items()), None
    found: list[tuple[str, Val]] = []
    gap: Unknown | None = None
    for pair in tags.elements():
        said = pair.items()
        key, value = said.get("Key"), said.get("Value")
        if key is not None and key.text is not None and value is not None:
            found.append((key.text, value))
        else:
            gap = next((one for one in (pair, key) if isinstance(one, Unknown)), gap)
    return tuple(found), gap
