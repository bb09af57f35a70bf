"""Services that watch an account, and root modules or stacks that should declare one and do not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.config_service import ConfigRecorder
from iac_ec2lint.resources.guardduty import Detector, GuardDutyOrganization
from iac_ec2lint.resources.inspector import InspectorEnabler, InspectorOrganization
from iac_ec2lint.resources.security_hub import SecurityHub, SecurityHubOrganization
from iac_ec2lint.resources.trail import Trail
from iac_ec2lint.resources.unread_module import UnreadModule
from iac_ec2lint.values import NO, YES, Answer, any_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

ACCOUNT_SERVICES: tuple[type[Resource], ...] = (
    ConfigRecorder,
    Detector,
    GuardDutyOrganization,
    InspectorEnabler,
    InspectorOrganization,
    SecurityHub,
    SecurityHubOrganization,
    Trail,
)
"""The services that watch an account: whoever declares one manages them for it."""


def omits_service(graph: Graph, *services: type[Resource]) -> Answer:
    """Whether a root module or stack that manages account services declares none of some classes.

    It manages them where it declares any (``ACCOUNT_SERVICES``). Modules that are not on the disk
    may declare the others: undecided.

    Args:
        graph: The graph of the unit.
        services: The classes, of which one is enough.
    """
    if not graph.unit.is_root or not any(graph.all(*ACCOUNT_SERVICES)):
        return NO
    declared = any_of(service.presence.answer for service in graph.all(*services))
    return ~(declared | unread_modules(graph))


def unread_modules(graph: Graph) -> Answer:
    """Whether a module that is not on the disk may declare something: false, or undecided."""
    modules = [*graph.all(UnreadModule)]
    if not modules:
        return NO
    return Answer(None, tuple(one.gap for one in modules))


def there_with(resource: Resource, other: Resource) -> Answer:
    """Whether a resource is there whenever another one is: certainly, or on the same condition."""
    presence = resource.presence
    if presence.when and presence.key == other.presence.key:
        return YES
    return presence.answer
