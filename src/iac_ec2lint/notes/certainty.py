"""Whether something is there for sure: notes are made of nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Part, Resource


def surely_there(resource: Resource, part: Part | None = None) -> bool:
    """Whether a resource is there for sure, and a part of it with it."""
    return resource.presence.certain and (part is None or part.presence.certain)
