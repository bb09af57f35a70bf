"""Which hosts run containers, by their image, their kind or their boot script."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from iac_ec2lint.graph.boot_scripts import read_script
from iac_ec2lint.graph.images import image_of, names_looked_up
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import Image, ImageDataSource

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.graph.images import ImageFacts
    from iac_ec2lint.graph.launch import Launch
    from iac_ec2lint.values import Val

_IMAGE: Final = re.compile(
    r"amzn2?-ami-ecs|al2023-ami-ecs|amazon-eks|/service/(ecs|eks)/|bottlerocket"
)
_SCRIPT: Final = re.compile(
    r"ECS_CLUSTER|/etc/eks/bootstrap|\bnodeadm\b|\b(dockerd|containerd|kubelet|podman)\b"
    r"|\bdocker\s+(run|compose|start)\b|\binstall\b[^\n]*\bdocker\b"
)


def is_container_host(graph: Graph, launch: Launch) -> bool:
    """Whether the instances of a launch are known to run containers."""
    if isinstance(launch.host, EksNodeGroup):
        return True
    if any(_IMAGE.search(name) for name in _names(image_of(graph, launch))):
        return True
    for name in ("user_data", "user_data_base64"):
        value: Val | None = getattr(launch.settings, name)
        text = read_script(value)[0] if value is not None else None
        if text is not None and _SCRIPT.search(text):
            return True
    return False


def _names(facts: ImageFacts) -> list[str]:
    """What an image is called: by its parameter, by how it is looked up, or by itself."""
    found = [facts.words]
    image = facts.resource
    if isinstance(image, ImageDataSource):
        found.extend(name.text for name in names_looked_up(image) if name.text is not None)
    elif isinstance(image, Image) and image.name is not None and image.name.text is not None:
        found.append(image.name.text)
    return found
