"""The place of a stack among others, and what is certain of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.declaration import Presence
from iac_ec2lint.values import Step

if TYPE_CHECKING:
    from pathlib import Path

    from iac_ec2lint.cloudformation.template.template import Template


class StackPlace(NamedTuple):
    """The place of a stack among others.

    Attributes:
        unit: The file of the root stack that it belongs to, as messages name it.
        account: Identifies the account and the Region that it is deployed to.
        files: Its template's file and those of the stacks around it, the outermost first.
    """

    unit: str
    account: str
    files: tuple[Path, ...]


def as_macros_leave_it(template: Template, presence: Presence) -> Presence:
    """The presence of what a template declares, which its macros may change or take away.

    Source: CloudFormation User Guide, "Perform custom processing with template macros".
    """
    steps = tuple(
        Step(node.span, f'the macro "{name}" leaves what is written here as it is', assumed=True)
        for name, node in template.macros.items()
    )
    return Presence(None, "", steps).within(presence) if steps else presence
