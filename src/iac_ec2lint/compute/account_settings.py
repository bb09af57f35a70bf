"""Settings of a whole account and Region, and root modules that should declare one and do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.upkeep.regions import apart, region_gap
from iac_ec2lint.resources.account_default import DefaultKey, EncryptionByDefault, MetadataDefaults
from iac_ec2lint.resources.block_public_access import BlockPublicAccess
from iac_ec2lint.resources.image_block_public_access import ImageBlockPublicAccess
from iac_ec2lint.resources.serial_console import SerialConsoleAccess
from iac_ec2lint.resources.snapshot_block_public_access import SnapshotBlockPublicAccess
from iac_ec2lint.values import NO, YES, Answer

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

ACCOUNT_SETTINGS: tuple[type[Resource], ...] = (
    BlockPublicAccess,
    DefaultKey,
    EncryptionByDefault,
    ImageBlockPublicAccess,
    MetadataDefaults,
    SerialConsoleAccess,
    SnapshotBlockPublicAccess,
)
"""The classes of which there is one for each account and Region, whoever declares it."""


def governs(setting: Resource, one: Resource) -> Answer:
    """Whether a setting of an account and a Region is that of what a resource is deployed to.

    Undecided where the Region of one of them is not known, whose provider is the other's.
    """
    if setting.scope == one.scope:
        return YES
    if setting.configuration != one.configuration:
        return NO
    gap = region_gap(setting)
    if gap is None:
        gap = region_gap(one)
    return ~apart(setting, one) if gap is None else Answer(None, (gap,))


def omits(graph: Graph, setting: type[Resource]) -> bool:
    """Whether a root module that manages account settings does not declare one of them.

    A root module manages them where it declares any. A module that others call does not: they may
    declare the setting themselves. Nor does a template, where the setting has no type there.

    Args:
        graph: The graph of the unit.
        setting: The class of the setting.
    """
    unit = graph.unit
    spelled = setting.cloudformation if unit.kind == "stack" else setting.terraform
    if not unit.is_root or not spelled or any(graph.all(setting)):
        return False
    # What people know of the account belongs to no unit.
    return any(one.declared.unit for one in graph.all(*ACCOUNT_SETTINGS))
