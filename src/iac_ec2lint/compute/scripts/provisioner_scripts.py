"""The commands of provisioners, which Terraform runs once something is created."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.compute.scripts.boot_script import BootScript, read_script
from iac_ec2lint.resources.image import Image, ImageLaunchPermission
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.provisioner import NullResource, provisioners
from iac_ec2lint.resources.snapshot import Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_PROVISIONED: Final[tuple[type[Resource], ...]] = (
    Image,
    ImageLaunchPermission,
    Instance,
    NullResource,
    Snapshot,
)
"""What people write the commands at that have to do with instances and images."""


def provisioner_scripts(graph: Graph) -> Iterator[BootScript]:
    """The commands of provisioners, by resource: read as boot scripts are, and run elsewhere."""
    for resource in graph.all(*_PROVISIONED):
        for provisioner in provisioners(resource):
            for name in ("command", "inline"):
                written = getattr(provisioner, name)
                for value in written if isinstance(written, tuple) else (written,):
                    if value is not None:
                        place = provisioner.place(name, value)
                        spans = tuple(dict.fromkeys(step.span for step in value.via))
                        yield BootScript(resource, place, *read_script(value), spans)
