"""The block devices of instances: their own mappings over those of their template and image.

Mappings are merged by device name; one that is suppressed takes the image's away; an instance store
is no volume (semantics.md, G). The first mapping need not be the root device. A mapping whose name
nobody knows may be any device, the root one too, so that others may be what it says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.images import ImageFacts, image_of
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.declaration import UnknownSection
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.image import RegisteredImage
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import view
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_ROOTS: Final = ("/dev/xvda", "/dev/sda1", "/dev/sda")
"""What images call their root device, almost all of them."""

_BLOCKS: Final = frozenset({"root_block_device", "ebs_block_device"})
"""The attributes of an instance that have its devices."""


class Instead(NamedTuple):
    """What a device may come to instead, as its name, or that of another mapping, is not known.

    Attributes:
        cause: The name.
        part: What would be said of it.
        root: Whether it would be the root volume.
    """

    cause: Unknown
    part: BlockDevice
    root: bool


class Device(NamedTuple):
    """An EBS volume that each instance of a launch has.

    Attributes:
        launch: The launch that it belongs to.
        device_name: Its device name, if it is said; of the root volume, the image's.
        part: What is said of it, the nearest first; not written where nothing is.
        root: Whether the instance starts from it.
        own: Whether anything is said of it by the host or its template; else the image decides.
        resource: The resource that says the nearest of it; the one to say it if none does.
        image: What is known of the image of the launch.
        volume: Whether it is a volume at all, and not an instance store or taken away.
        instead: What it may come to instead.
    """

    launch: Launch
    device_name: Val | None
    part: BlockDevice
    root: bool
    own: bool
    resource: Resource
    image: ImageFacts
    volume: Answer = YES
    instead: tuple[Instead, ...] = ()

    @property
    def name(self) -> str | None:
        """Its device name, where it is known."""
        return self.device_name.text if self.device_name is not None else None


class _Mapping(NamedTuple):
    """What is said of one device: the parts, each with the layer that it stands in."""

    name: Val | None
    stack: tuple[tuple[int, BlockDevice], ...]

    @property
    def part(self) -> BlockDevice:
        """All of it, the nearest over the others."""
        first, *below = (part for _, part in self.stack)
        return first.over(*below) if below else first

    def with_other(self, other: _Mapping) -> _Mapping:
        """What is said where both are one device."""
        return _Mapping(self.name, tuple(sorted(self.stack + other.stack, key=lambda at: at[0])))

    def may_be_with(self, other: _Mapping) -> bool:
        """Whether both can be one device: a layer maps each device once."""
        levels = {level for level, _ in self.stack}
        return not any(level in levels for level, _ in other.stack)


@remembered
def devices(graph: Graph, launch: Launch) -> tuple[Device, ...]:
    """The EBS volumes that a launch gives each instance, the root volume first.

    There is always a root volume: where nothing is said of it, it is the image's.
    """
    facts = image_of(graph, launch)
    known: dict[str, _Mapping] = {}
    nameless: list[_Mapping] = []
    for mapping in _mappings(launch):
        text = mapping.name.text if mapping.name is not None else None
        if text:
            above = known.get(text)
            known[text] = mapping if above is None else above.with_other(mapping)
        else:
            nameless.append(mapping)
    root = _root(launch, facts, known, nameless)
    others = [*known.values(), *nameless]
    found = [_root_device(launch, facts, root, others)]
    for mapping in others:
        instead = tuple(_instead(mapping, root, others))
        found.append(_device(launch, facts, mapping, instead, is_volume(mapping.part), root=False))
    return tuple(device for device in found if device.volume.truth is not False)


def devices_referred_to(graph: Graph, value: Val) -> tuple[Device, ...]:
    """The devices that a reference to a part of an instance may mean.

    ``aws_instance.web.root_block_device[0].volume_id`` is the root volume; the other devices are a
    set, so that of several each may be meant. Empty where it refers to nothing of the kind.
    """
    references = value.references if isinstance(value, Unknown) else ()
    found: list[Device] = []
    for reference in references:
        block = reference.attribute.partition("[")[0]
        host = graph.get(reference.target) if block in _BLOCKS else None
        for launch in launches_of(graph, host) if isinstance(host, Instance) else ():
            root = block == "root_block_device"
            found += [device for device in devices(graph, launch) if device.root is root]
    return tuple(found)


def removed(part: BlockDevice) -> Answer:
    """Whether a mapping takes the image's device of that name away.

    Terraform's templates take any text for that but the empty one, which means unset; in
    CloudFormation the empty text, and an empty object, suppress too. A bool says what it says.
    """
    said = part.no_device
    if said is None:
        return NO
    unsaid: tuple[object, ...] = (None, "false")
    if not any("::" in layer.type for layer in part.layers):
        unsaid = (*unsaid, "")
    return said.test(lambda data: data is not False and data not in unsaid)


def is_volume(part: BlockDevice) -> Answer:
    """Whether a mapping is an EBS volume."""
    virtual: Val | None = part.virtual_name
    store = virtual.test(lambda data: data not in (None, "")) if virtual is not None else NO
    return ~removed(part) & ~store


def may_be_named(name: Val | None, other: Val | None) -> Unknown | None:
    """The unknown that hides whether two device names are one; ``None`` where that is known."""
    if isinstance(name, Unknown) and isinstance(other, Unknown):
        return name
    for unknown, known in ((name, other), (other, name)):
        if isinstance(unknown, Unknown) and isinstance(known, Value):
            return unknown if unknown.equals(known.data).truth is None else None
    return None


def _mappings(launch: Launch) -> Iterator[_Mapping]:
    """All mappings, those of the host before those of its template."""
    for level, layer in enumerate(launch.settings.layers):
        settings = view(type(launch.settings), (layer,), launch.settings.span)
        for part in settings.block_devices:
            yield _Mapping(part.device_name, ((level, part),))


def _root(
    launch: Launch, facts: ImageFacts, known: dict[str, _Mapping], nameless: list[_Mapping]
) -> _Mapping:
    """What is said of the root volume, if anything; it is taken out of the other mappings."""
    name = _root_name(facts)
    text = name.text if name is not None else None
    if name is None:
        text = next((usual for usual in _ROOTS if usual in known), None)
    root = known.pop(text, None) if text is not None else None
    if root is None:
        same = next((one for one in nameless if _is_root_of(one, facts)), None)
        if same is not None:
            nameless.remove(same)
        root = same or _Mapping(name, ())
    own = launch.settings.root_block_device
    if own.written:
        root = _Mapping(root.name, ((0, own),)).with_other(root)
    return root


def _root_device(
    launch: Launch, facts: ImageFacts, root: _Mapping, others: list[_Mapping]
) -> Device:
    instead = tuple(
        Instead(cause, root.with_other(mapping).part, root=True)
        for mapping in others
        if (cause := _may_be_root(mapping, root)) is not None
    )
    if root.stack:
        volume = YES if launch.settings.root_block_device.written else is_volume(root.part)
        return _device(launch, facts, root, instead, volume, root=True)
    blueprint = launch.blueprint
    part = view(BlockDevice, (), blueprint.span, resource_type=blueprint.type)
    return Device(
        launch=launch,
        device_name=root.name,
        part=part,
        root=True,
        own=False,
        resource=blueprint,
        image=facts,
        instead=instead,
    )


def _device(
    launch: Launch,
    facts: ImageFacts,
    mapping: _Mapping,
    instead: tuple[Instead, ...],
    volume: Answer,
    *,
    root: bool,
) -> Device:
    part = mapping.part
    layer = part.decides("encrypted") or part.layers[0]
    return Device(
        launch=launch,
        device_name=mapping.name,
        part=part,
        root=root,
        own=True,
        resource=launch.resource_of(layer),
        image=facts,
        volume=volume,
        instead=instead,
    )


def _instead(mapping: _Mapping, root: _Mapping, others: list[_Mapping]) -> Iterator[Instead]:
    """What a device that is not the root's, as far as is known, may come to instead."""
    cause = _may_be_root(mapping, root)
    if cause is not None:
        yield Instead(cause, root.with_other(mapping).part, root=True)
    for other in others:
        cause = may_be_named(mapping.name, other.name)
        if cause is not None and mapping.may_be_with(other):
            yield Instead(cause, mapping.with_other(other).part, root=False)


def _may_be_root(mapping: _Mapping, root: _Mapping) -> Unknown | None:
    """The unknown that hides whether a mapping is the root's."""
    if not mapping.may_be_with(root):
        return None
    if root.name is not None:
        return may_be_named(mapping.name, root.name)
    name = mapping.name
    return name if isinstance(name, Unknown) and name.equals(*_ROOTS).may_be_true else None


def _root_name(facts: ImageFacts) -> Val | None:
    image = facts.resource
    return image.root_device_name if isinstance(image, RegisteredImage) else None


def _is_root_of(mapping: _Mapping, facts: ImageFacts) -> bool:
    """Whether a nameless mapping is the root's: its name is read off the image, or is all of it.

    Of what is wholly unknown the root volume alone is spoken of.
    """
    if isinstance(mapping.stack[0][1].layers[0].section, UnknownSection):
        return True
    name = mapping.name
    return (
        isinstance(name, Reference)
        and name.attribute == "root_device_name"
        and facts.resource is not None
        and facts.resource.address == name.target
    )
