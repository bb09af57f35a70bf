"""What has instances that a service of AWS launches, and replaces, from settings of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from iac_ec2lint.resources.field import number, references
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.spelling import Field, Path
from iac_ec2lint.values import YES, Answer


def besides(setting: Field[Any], own: Mapping[str, Path | None]) -> Mapping[str, Path | None]:
    """How a launch setting is spelled by all that has it, and by a service.

    Args:
        setting: The setting, of ``LaunchSettings``.
        own: The service's spelling in one language, by its types.
    """
    known = setting.cloudformation if any("::" in name for name in own) else setting.terraform
    return {**(known if isinstance(known, Mapping) else {"": known}), **own}


class ManagedHost(Resource):
    """A host whose instances a service launches.

    Attributes:
        max_size: 0 where it never has any.
        own_group: What the group lets in that the service gives instances for which none is named,
            in words, with the host for ``{}``; empty where it gives them none.
        settings: How what the instances are launched with is spelled, for each kind of them.
        subnets: Those that the instances may stand in.
    """

    own_group: ClassVar[str] = ""
    settings: ClassVar[tuple[type[LaunchSettings], ...]] = (LaunchSettings,)

    max_size = number(None, None)
    subnets = references(None, None, to=("Subnet",))

    @property
    def has_instances(self) -> Answer:
        """Whether the service launches any for it, whatever its size."""
        return YES

    @property
    def templates(self) -> tuple[LaunchTemplateReference, ...]:
        """The launch templates that it may name."""
        return ()
