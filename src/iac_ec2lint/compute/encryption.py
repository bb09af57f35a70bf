"""Whether EBS volumes, snapshots and images are encrypted (semantics.md, G).

What is said, the account's default for the Region and what a disk is made from each can encrypt it;
none can undo another ("Amazon EBS encryption" in the EBS User Guide). Each answer comes with its
reason in words, so that a check needs to know none of this.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.devices import devices
from iac_ec2lint.compute.launch.launches import launches, launches_of
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.account_default import EncryptionByDefault
from iac_ec2lint.resources.image import Image
from iac_ec2lint.resources.image_builder import (
    ImageRecipe,
)
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.snapshot import (
    Snapshot,
)
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import NO, Answer, Confidence

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.values import Val

from iac_ec2lint.compute.disk_encryption import Encryption
from iac_ec2lint.compute.disks import EncryptionResolver

__all__ = [
    "Confidence",
    "Encryption",
    "devices_of",
    "images",
    "judge",
    "snapshots",
    "volume",
    "volumes",
]


def volumes(graph: Graph, *, on_by_default: bool = False) -> tuple[Encryption, ...]:
    """Every volume of the unit: those declared on their own, and those that launches make.

    A mapping in a launch template that several hosts use is there once, as it is for the host that
    is worst off. Groups and fleets that can have no instance are left out.

    Args:
        graph: The graph.
        on_by_default: Whether the account is known to encrypt by default where the unit does not
            say (configuration may say so).
    """
    return _volumes(graph, on_by_default)


@remembered
def _volumes(graph: Graph, on_by_default: bool) -> tuple[Encryption, ...]:
    answers = judge(graph, on_by_default=on_by_default)
    found = [answers.volume(volume) for volume in graph.all(Volume)]
    for launch in launches(graph):
        host = launch.host
        own = isinstance(host, ManagedHost) and not any(one.written for one in host.templates)
        if runs(graph, host).truth is not False and not own:
            found.extend(answers.device(device) for device in devices(graph, launch))
    return _once(found)


def volume(graph: Graph, one: Volume, *, on_by_default: bool = False) -> Encryption:
    """Whether a volume declared on its own is encrypted."""
    return judge(graph, on_by_default=on_by_default).volume(one)


def devices_of(
    graph: Graph, host: Resource, *, on_by_default: bool = False
) -> tuple[Encryption, ...]:
    """The volumes that a host's instances are launched with, in all ways they are launched."""
    answers = judge(graph, on_by_default=on_by_default)
    return tuple(
        answers.device(device)
        for launch in launches_of(graph, host)
        for device in devices(graph, launch)
    )


def snapshots(graph: Graph, *, on_by_default: bool = False) -> tuple[Encryption, ...]:
    """Every snapshot that is declared, by address."""
    answers = judge(graph, on_by_default=on_by_default)
    return tuple(one for snapshot in graph.all(Snapshot) for one in answers.disks(snapshot))


def images(graph: Graph, *, on_by_default: bool = False) -> tuple[Encryption, ...]:
    """Every disk of every image that is registered, copied or built, by address.

    A copy, and an image of an instance, are one answer each.
    """
    answers = judge(graph, on_by_default=on_by_default)
    made = (*graph.all(Image), *graph.all(ImageRecipe))
    return tuple(one for image in made for one in answers.disks(image))


def encrypts_by_default_in(graph: Graph, region: Val | None) -> Answer:
    """Whether the unit turns encryption by default on in a Region; false where it does not say.

    Args:
        graph: The graph.
        region: The name of the Region. That of a setting is its provider's, or its own.
    """
    found = NO
    for setting in graph.all(EncryptionByDefault):
        own = setting.declared.region
        if own and region is not None:
            found |= region.equals(own) & setting.enabled.is_true() & setting.presence.answer
    return found


def judge(graph: Graph, *, on_by_default: bool = False) -> EncryptionResolver:
    """What answers for each disk, snapshot and image of a graph; see ``volumes``."""
    return _resolver(graph, on_by_default)


@remembered
def _resolver(graph: Graph, on_by_default: bool) -> EncryptionResolver:
    return EncryptionResolver(graph, on_by_default=on_by_default)


def _once(found: list[Encryption]) -> tuple[Encryption, ...]:
    """One answer for each place, the worst of those that there are, with all hosts."""
    by_place: dict[tuple[object, ...], list[Encryption]] = {}
    for one in found:
        name = one.device.name if one.device is not None and not one.implicit else None
        key = (one.subject, one.place.span, one.place.attribute, name)
        by_place.setdefault(key, []).append(one)
    return tuple(_worst(same) for same in by_place.values())


def _worst(same: list[Encryption]) -> Encryption:
    """The worst of the answers for one place; of several, the one that hangs on least."""
    if len(same) == 1:
        return same[0]
    order = {False: 0, None: 1, True: 2}
    worst = min(
        same,
        key=lambda one: (order[one.encrypted.truth], not one.place.presence.certain, one.words),
    )
    hosts = {host.address: host for one in same for host in one.hosts}
    return worst._replace(hosts=tuple(hosts[address] for address in sorted(hosts)))
