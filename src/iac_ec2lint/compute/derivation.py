"""What images and snapshots are made from: the way from a copy back to the disks of instances.

Sources: EC2 User Guide, "Create an Amazon EBS-backed AMI" and "Copy an Amazon EC2 AMI"; EBS User
Guide, "Create Amazon EBS snapshots" and "Copy an Amazon EBS snapshot"; EC2 Image Builder User
Guide, "Manage recipes".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.compute.devices import Device, devices, devices_referred_to, is_volume
from iac_ec2lint.compute.encryption import judge
from iac_ec2lint.compute.images import image_at, image_of_snapshot
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.compute.lineage import Lineage
from iac_ec2lint.compute.upkeep.lifecycle_policy_targets import targets_of
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External
from iac_ec2lint.resources.image import Image, ImageCopy, InstanceImage, RegisteredImage
from iac_ec2lint.resources.image_builder import ImageBuild, ImageRecipe
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.snapshot import (
    Snapshot,
    SnapshotCopy,
    SnapshotImport,
    VolumeSnapshot,
)
from iac_ec2lint.resources.volume import Volume, VolumeAttachment
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.compute.disk_encryption import Encryption
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.values import Val

Kind = Literal["disk", "blank", "public", "outside"]
"""What the data is that something is made from: a disk's of the unit, none, a published image's,
or nobody here knows."""


class Link(NamedTuple):
    """One step of the way: a resource, and what it says that something is made from.

    Attributes:
        resource: The resource that says it.
        place: Where.
        words: What it says, as a fact.
    """

    resource: Resource
    place: Place
    words: str


class Origin(NamedTuple):
    """Where the data of one disk of an image or a snapshot comes from, and the way there.

    Attributes:
        kind: What it is.
        links: The way, from the image or snapshot to the instances.
        answer: Whether it surely is made from it.
        encrypted: Whether the copy is encrypted: what is encrypted once stays so.
        disk: The disk, where it is one of the unit.
        volume: The same, where it is declared on its own.
        instances: The instances that surely have it.
        key: The key nearest to the copy that is named; ``None``: AWS's own, if any.
        gap: Why nobody here knows what it is.
    """

    kind: Kind
    links: tuple[Link, ...] = ()
    answer: Answer = YES
    encrypted: Answer = NO
    disk: Encryption | None = None
    volume: Volume | None = None
    instances: tuple[Resource, ...] = ()
    key: Val | None = None
    gap: Unknown | None = None

    def through(self, link: Link, made: Encryption | None = None) -> Origin:
        """The same as it is seen from what is made from it.

        Args:
            link: What says so.
            made: Whether that is encrypted, where it says something about it.
        """
        links = (link, *self.links)
        if made is None:
            return self._replace(links=links)
        key = made.key if made.key is not None else self.key
        return self._replace(links=links, encrypted=made.encrypted | self.encrypted, key=key)


def origins(graph: Graph, made: Resource) -> tuple[Origin, ...]:
    """What each disk of an image, a snapshot or something that makes them comes from.

    Args:
        graph: The graph.
        made: A ``Snapshot``, an ``Image``, an ``ImageRecipe``, an ``ImageBuild`` or a
            ``LifecyclePolicy``.
    """
    return _walk(graph).of(made)


def origins_at(graph: Graph, edges: Iterable[Edge]) -> tuple[Origin, ...]:
    """The origins of the image or snapshot that a relation leads to, or may lead to."""
    return tuple(origin for edge in edges for origin in _walk(graph).at(edge))


def made_at(graph: Graph, edge: Edge) -> Resource | None:
    """The resource that makes the image or snapshot that a reference means, if it is of the unit.

    The snapshot of an image, and what Image Builder puts out, have no resources of their own.
    """
    target = edge.target
    if target is not None and not isinstance(target, External):
        return target
    image = image_of_snapshot(graph, edge.value)
    if image is not None:
        return image
    references = edge.value.references if isinstance(edge.value, Unknown) else ()
    named = {reference.target for reference in references}
    built = graph.get(named.pop()) if len(named) == 1 else None
    return built if isinstance(built, ImageBuild) else None


@remembered
def _walk(graph: Graph) -> _Walk:
    return _Walk(graph)


class _Walk:
    """Origins in one graph, each remembered."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._judge = judge(graph)
        self._lineage = Lineage(
            lambda made: _once(self._made(made)), lambda _, gap: (_outside(gap),)
        )

    def of(self, made: Resource) -> tuple[Origin, ...]:
        """See ``origins``."""
        return self._lineage.of(made)

    def at(self, edge: Edge) -> Iterator[Origin]:
        """The origins of what a reference leads to."""
        made = made_at(self._graph, edge)
        sure = edge.answer if made is None or made is edge.target else YES
        if isinstance(made, Snapshot | Image | ImageBuild):
            every = self.of(made)
            whole = made is edge.target or isinstance(made, ImageBuild) or len(every) == 1
            if not whole:  # one disk of an image, nobody knows which
                sure = Answer(None, (_unknown(edge, f"one of the disks of {made.address}"),))
            for origin in every:
                yield origin._replace(answer=origin.answer & sure)
            return
        if edge.relation in ("image", "source_image", "parent_image"):
            facts = image_at((edge._replace(certain=True),))
            if facts.origin == "public":
                yield Origin("public", answer=sure)
                return
        name = edge.target.address if edge.target is not None else ""
        yield _outside(_unknown(edge, name))._replace(answer=sure)

    def _made(self, made: Resource) -> Iterator[Origin]:
        if isinstance(made, VolumeSnapshot):
            for edge in self._graph.targets(made, "volume"):
                link = Link(made, made.place("volume", edge.value), "")
                for origin in self._volume_at(edge):
                    words = f"{made.address} is a snapshot of {_name(origin, edge)}"
                    yield origin.through(link._replace(words=words))
        elif isinstance(made, SnapshotCopy):
            yield from self._copied(made, "source_snapshot")
        elif isinstance(made, ImageCopy):
            yield from self._copied(made, "source_image")
        elif isinstance(made, SnapshotImport):
            words = f"what the disk image holds that {made.address} imports is not known"
            gap = _outside(Unknown(words, "external-id", made.span))
            yield gap._replace(encrypted=self._judge.disks(made)[0].encrypted)
        elif isinstance(made, RegisteredImage):
            yield from self._mapped(made)
        elif isinstance(made, InstanceImage):
            yield from self._of_instance(made)
        elif isinstance(made, ImageRecipe):
            yield from self._mapped(made)
            yield from self._parent(made)
        elif isinstance(made, ImageBuild):
            yield from self._built(made)
        elif isinstance(made, LifecyclePolicy):
            yield from self._targeted(made)

    def _copied(self, copy: Resource, relation: str) -> Iterator[Origin]:
        said = self._judge.disks(copy)[0]
        for edge in self._graph.targets(copy, relation):
            words = f"{copy.address} is a copy of {_named(edge)}"
            link = Link(copy, copy.place(relation, edge.value), words)
            yield from (origin.through(link, said) for origin in self.at(edge))

    def _mapped(self, image: RegisteredImage | ImageRecipe) -> Iterator[Origin]:
        """The disks that an image maps, each made from a snapshot or blank."""
        kept = [part for part in image.block_devices if is_volume(part).may_be_true]
        for part, encryption in zip(kept, self._judge.disks(image), strict=True):
            edges = self._graph.follow(image, part, "snapshot")
            there = is_volume(part) & part.presence.answer
            if not edges:
                blank = Origin("blank", answer=there, encrypted=encryption.encrypted)
                yield blank._replace(key=encryption.key)
            for edge in edges:
                words = f"{image.address} has a disk made from {_named(edge)}"
                link = Link(image, part.place("snapshot"), words)
                for origin in self.at(edge):
                    found = origin.through(link, encryption)
                    yield found._replace(answer=found.answer & is_volume(part))

    def _parent(self, recipe: ImageRecipe) -> Iterator[Origin]:
        """The disks of the image that a recipe starts from."""
        mapped = _once(self._mapped(recipe))
        again = any_of(one.encrypted for one in mapped if one.kind == "blank")
        for edge in self._graph.targets(recipe, "parent_image"):
            words = f"{recipe.address} starts from {_named(edge)}"
            link = Link(recipe, recipe.place("parent_image"), words)
            reason = f"a mapping of {recipe.address} may encrypt a disk of {_named(edge)}"
            gap = Answer(None, (Unknown(reason, "expression", recipe.span),))
            for origin in self.at(edge):
                encrypted = origin.encrypted | (gap if again.may_be_true else NO)
                yield origin._replace(encrypted=encrypted).through(link)

    def _built(self, build: ImageBuild) -> Iterator[Origin]:
        for edge in self._graph.targets(build, "image_recipe"):
            if not isinstance(edge.target, ImageRecipe):
                yield _outside(_unknown(edge, _named(edge)))
                continue
            words = f"{build.address} is built from {_named(edge)}"
            link = Link(build, build.place("image_recipe"), words)
            for origin in self.of(edge.target):
                yield origin.through(link)._replace(answer=origin.answer & edge.answer)

    def _of_instance(self, image: InstanceImage) -> Iterator[Origin]:
        """All disks of the instance: those that it starts with, and those attached to it."""
        for edge in self._graph.targets(image, "source_instance"):
            host = edge.target
            words = f"{image.address} is made of all disks of {_named(edge)}"
            link = Link(image, image.place("source_instance"), words)
            if not isinstance(host, Instance):
                yield _outside(_unknown(edge, _named(edge))).through(link)
                continue
            sure = edge.answer
            for launch in launches_of(self._graph, host):
                for device in devices(self._graph, launch):
                    answer = sure if launch.certain else sure & launch.part.presence.answer
                    yield self._device(device)._replace(answer=answer).through(link)
            for origin in self._attached(host):
                # Nothing makes the image wait for the attachment.
                name = origin.volume.address if origin.volume is not None else "a volume"
                reason = f"{name} may be attached after {image.address} is made"
                late = Answer(None, (Unknown(reason, "computed", image.span),))
                yield origin._replace(answer=origin.answer & sure & late).through(link)

    def _attached(self, host: Instance) -> Iterator[Origin]:
        """The volumes that are attached to an instance and declared on their own."""
        for edge in self._graph.targets(host, "volume"):
            if isinstance(edge.target, Volume):
                yield self._volume(edge.target)
        for edge in self._graph.sources(host, "instance"):
            if isinstance(edge.source, VolumeAttachment) and edge.certain:
                for to in self._graph.targets(edge.source, "volume"):
                    if isinstance(to.target, Volume):
                        yield self._volume(to.target)

    def _volume_at(self, edge: Edge) -> Iterator[Origin]:
        """The disk that a reference to a volume means."""
        if isinstance(edge.target, Volume):
            yield self._volume(edge.target)._replace(answer=edge.answer)
            return
        named = devices_referred_to(self._graph, edge.value)
        gap = _unknown(edge, edge.target.address if edge.target is not None else "")
        for device in named:
            sure = YES if len(named) == 1 else Answer(None, (gap,))
            yield self._device(device)._replace(answer=sure)
        if not named:
            yield _outside(gap)

    def _volume(self, volume: Volume) -> Origin:
        disk = self._judge.volume(volume)
        links: list[Link] = []
        hosts: list[Resource] = []
        for edge in self._graph.sources(volume, "volume"):
            if isinstance(edge.source, Instance) and edge.certain:
                words = f"{edge.source.address} has {volume.address} attached"
                links.append(Link(edge.source, edge.part.place("volume"), words))
                hosts.append(edge.source)
            elif isinstance(edge.source, VolumeAttachment) and edge.certain:
                attachment = edge.source
                host = self._graph.only(attachment, "instance", Instance)
                if host is not None:
                    words = f"{attachment.address} attaches {volume.address} to {host.address}"
                    links.append(Link(attachment, attachment.place("instance"), words))
                    hosts.append(host)
        return Origin(
            "disk",
            tuple(links),
            encrypted=disk.encrypted,
            disk=disk,
            volume=volume,
            instances=tuple(dict.fromkeys(hosts)),
            key=disk.key,
        )

    def _device(self, device: Device) -> Origin:
        disk = self._judge.device(device)
        return Origin(
            "disk",
            encrypted=disk.encrypted,
            disk=disk,
            instances=(device.launch.host,),
            key=disk.key,
        )

    def _targeted(self, policy: LifecyclePolicy) -> Iterator[Origin]:
        """The disks of which a lifecycle policy takes snapshots."""
        if policy.unknown_targets is not None:
            yield _outside(policy.unknown_targets)
        for target, tag, answer in targets_of(self._graph, policy):
            words = f"{policy.address} takes snapshots of {target.address}: it is tagged {tag}"
            link = Link(policy, policy.place("target_tags"), words)
            found: list[Origin] = []
            if isinstance(target, Volume):
                found.append(self._volume(target))
            else:
                for launch in launches_of(self._graph, target):
                    found += [self._device(device) for device in devices(self._graph, launch)]
                found += self._attached(target)
            for origin in found:
                yield origin._replace(answer=origin.answer & answer).through(link)


def _once(found: Iterable[Origin]) -> tuple[Origin, ...]:
    """One origin for each disk of what is made and each end of its ways, the one that is surest."""
    kept: dict[object, Origin] = {}
    for origin in found:
        disk = origin.disk
        end = None if disk is None else (disk.subject, disk.place.span.key, disk.device)
        at = origin.links[0].place.span.key if origin.links else None
        key = origin.kind, at, end, origin.encrypted.truth
        known = kept.get(key)
        if known is None or (known.answer.truth is None and origin.answer.truth is True):
            kept[key] = origin
    return tuple(kept.values())


def _outside(gap: Unknown) -> Origin:
    return Origin("outside", encrypted=Answer(None, (gap,)), gap=gap)


def _unknown(edge: Edge, name: str) -> Unknown:
    """Why nobody here knows what a reference leads to."""
    if isinstance(edge.value, Unknown) and edge.target is None:
        return edge.value
    return Unknown(f"{name} is declared elsewhere", "external-id", edge.value.span)


def _named(edge: Edge) -> str:
    """What a reference leads to, for messages."""
    return edge.target.address if edge.target is not None else "what nobody knows"


def _name(origin: Origin, edge: Edge) -> str:
    """What a snapshot is of, for messages."""
    if origin.volume is None and origin.disk is not None:
        return f"a disk of {origin.disk.hosts[0].address}"
    return _named(edge)
