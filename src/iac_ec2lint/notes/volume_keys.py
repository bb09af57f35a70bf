"""Keys for volumes that are not said to be encrypted.

Source: EC2 API reference, CreateVolume and EbsBlockDevice ("The parameter KmsKeyId requires the
parameter Encrypted to be set"); semantics.md, G.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.check import Remark
from iac_ec2lint.notes.certainty import surely_there
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import Reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val


def remarks(graph: Graph) -> Iterator[Remark]:
    """A note for each volume that is surely there, with a key and without encryption."""
    for resource, part in _volumes(graph):
        if not surely_there(resource, part) or not _is_given(part.kms_key):
            continue
        said = part.encrypted
        if said is None:
            words = "a key without encrypted = true is refused by AWS"
        elif said.equals(False).truth:
            words = "a key for a volume that is not encrypted is refused by AWS"
        else:
            continue
        yield Remark("key-without-encryption", resource, part.place("kms_key"), words)


def _volumes(graph: Graph) -> Iterator[tuple[Resource, Volume | BlockDevice]]:
    for volume in graph.all(Volume):
        yield volume, volume
    hosts: list[Instance | LaunchTemplate | LaunchConfiguration] = [
        *graph.all(Instance),
        *graph.all(LaunchTemplate),
        *graph.all(LaunchConfiguration),
    ]
    for host in hosts:
        if isinstance(host, Instance) and host.launch_template.written:
            continue  # the template may have the rest of the mapping
        for device in (host.root_block_device, *host.block_devices):
            yield host, device


def _is_given(key: Val | None) -> bool:
    """Whether a key is surely named."""
    if key is None:
        return False
    if isinstance(key, Reference):
        return not key.unset
    return bool(key.text)
