"""The block devices of instances: their own mappings over those of their template and image.

Mappings are merged by device name; one that is suppressed takes the image's away; an instance store
is no volume (semantics.md, G). The first mapping need not be the root device.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.graph.images import ImageFacts, image_of
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.image import RegisteredImage
from iac_ec2lint.resources.part import view
from iac_ec2lint.values import NO, Answer, Unknown, Val, Value

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.graph.launch import Launch
    from iac_ec2lint.resources.part import Resource

_ROOTS: Final = ("/dev/xvda", "/dev/sda1", "/dev/sda")
"""What images call their root device, almost all of them."""


class Device(NamedTuple):
    """An EBS volume that each instance of a launch has.

    Attributes:
        launch: The launch that it belongs to.
        name: Its device name, where it is known.
        part: What is said of it, the nearest first; not written where nothing is.
        root: Whether the instance starts from it.
        own: Whether anything is said of it by the host or its template; else the image decides.
        resource: The resource that says the nearest of it; the one to say it if none does.
        image: What is known of the image of the launch.
        doubt: Why it is not known whether more is said of it, where that is so.
    """

    launch: Launch
    name: str | None
    part: BlockDevice
    root: bool
    own: bool
    resource: Resource
    image: ImageFacts
    doubt: Unknown | None = None


def devices(graph: Graph, launch: Launch) -> tuple[Device, ...]:
    """The EBS volumes that a launch gives each instance, the root volume first.

    There is always a root volume: where nothing is said of it, it is the image's.
    """
    facts = image_of(graph, launch)
    root_name = _root_name(facts)
    merged: dict[str, BlockDevice] = {}
    nameless: list[BlockDevice] = []
    for part in _mappings(launch):
        said = part.device_name
        if isinstance(said, Value) and said.text:
            above = merged.get(said.text)
            merged[said.text] = part if above is None else above.over(part)
        else:
            nameless.append(part)
    root = _root(launch, facts, root_name, merged, nameless)
    found = [root] if root is not None else []
    others = [*merged.items(), *((None, part) for part in nameless)]
    found.extend(
        _device(launch, facts, other, part, root=False) for other, part in others if is_volume(part)
    )
    return tuple(found)


def removed(part: BlockDevice) -> Answer:
    """Whether a mapping takes the image's device of that name away.

    Terraform's templates take any text for that but the empty one, which means unset; in
    CloudFormation the empty text, and an empty object, suppress too. A bool says what it says.
    """
    said = part.no_device
    if said is None:
        return NO
    stack = any("::" in layer.type for layer in part.layers)
    if isinstance(said, Value) and said.data == "" and not stack:
        return NO
    return ~said.equals(False, "false")


def _mappings(launch: Launch) -> list[BlockDevice]:
    """All mappings, those of the host before those of its template."""
    found: list[BlockDevice] = []
    for layer in launch.settings.layers:
        found.extend(view(type(launch.settings), (layer,), launch.settings.span).block_devices)
    return found


def _root(
    launch: Launch,
    facts: ImageFacts,
    root_name: str | None,
    merged: dict[str, BlockDevice],
    nameless: list[BlockDevice],
) -> Device | None:
    """The root volume; its mapping is taken out of ``merged``."""
    own = launch.settings.root_block_device
    name = root_name or next((name for name in _ROOTS if name in merged), None)
    mapping = merged.pop(name, None) if name is not None else None
    if own.written:
        part = own.over(mapping) if mapping is not None else own
    elif mapping is not None:
        if not is_volume(mapping):
            return None
        part = mapping
    elif len(nameless) == 1 and is_volume(nameless[0]):
        # A lone mapping whose name nobody knows is the root's: there is hardly another reason.
        part = nameless.pop()
    else:
        blueprint = launch.blueprint
        part = view(BlockDevice, (), blueprint.span, resource_type=blueprint.type)
        doubt = nameless[0].device_name if nameless else None
        return Device(
            launch=launch,
            name=name,
            part=part,
            root=True,
            own=False,
            resource=blueprint,
            image=facts,
            doubt=doubt if isinstance(doubt, Unknown) else None,
        )
    return _device(launch, facts, name, part, root=True)


def _device(
    launch: Launch, facts: ImageFacts, name: str | None, part: BlockDevice, *, root: bool
) -> Device:
    layer = part.decides("encrypted") or part.layers[0]
    return Device(
        launch=launch,
        name=name,
        part=part,
        root=root,
        own=True,
        resource=launch.resource_of(layer),
        image=facts,
    )


def is_volume(part: BlockDevice) -> bool:
    """Whether a mapping is, or may be, an EBS volume."""
    if removed(part).truth is True:
        return False
    virtual: Val | None = part.virtual_name
    return not (isinstance(virtual, Value) and virtual.text)


def _root_name(facts: ImageFacts) -> str | None:
    image = facts.resource
    if not isinstance(image, RegisteredImage):
        return None
    name = image.root_device_name
    return name.text if isinstance(name, Value) else None
