"""Each disk, snapshot and image: what is said of it, and what it is made from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.graph.devices import Device, devices, is_volume
from iac_ec2lint.graph.images import ImageFacts, image_at
from iac_ec2lint.graph.launch import launches_of
from iac_ec2lint.resources.account_default import DefaultKey, EncryptionByDefault
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.image import Image, ImageCopy, InstanceImage, RegisteredImage
from iac_ec2lint.resources.image_builder import (
    DistributionConfiguration,
    ImageBuild,
    ImageRecipe,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.resources.snapshot import (
    Snapshot,
    SnapshotCopy,
    SnapshotImport,
    VolumeSnapshot,
)
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import NO, YES, Answer, Step, Unknown, Val, all_of, any_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Edge, Graph

Confidence = Literal["proven", "assumed", "possible"]
"""What a false answer rests on: what is written, what AWS does by default, or also on what an image
declared elsewhere is like."""

_CHAIN: Final = 64
"""Disks that are followed, one made from the other."""


class Encryption(NamedTuple):
    """Whether one disk, snapshot or image is encrypted.

    Attributes:
        subject: Whose it is: the volume, snapshot or image, or the host that is launched with it.
        resource: The resource to report: the subject, or its launch template.
        place: The place in that resource: the ``encrypted`` that decides or is missing.
        encrypted: Whether it is.
        words: Why it is not, or why that is not known.
        confidence: What it rests on where it is not.
        implicit: Whether nothing is said of the disk at all: the root volume of an image.
        overruled: Whether it says ``false`` and is encrypted all the same by default.
        key: The key that it names, or the Region's default one; ``None``: AWS's own.
        device: The device of a launch that it is, if it is one.
    """

    subject: Resource
    resource: Resource
    place: Place
    encrypted: Answer
    words: str
    confidence: Confidence = "proven"
    implicit: bool = False
    overruled: bool = False
    key: Val | None = None
    device: Device | None = None


class _State(NamedTuple):
    """What a disk is made from."""

    encrypted: Answer
    words: str = ""
    certain: bool = True
    """Whether a false answer is known, and not only taken to be so."""


_NOTHING = _State(NO)


class Judge:
    """Answers for one graph, each remembered."""

    def __init__(self, graph: Graph, *, on_by_default: bool) -> None:
        self._graph = graph
        self._assumed = on_by_default
        self._memory: dict[Resource, tuple[Encryption, ...]] = {}
        self._open: set[Resource] = set()
        self._defaults = {one.scope: one for one in graph.all(EncryptionByDefault)}
        self._keys = {one.scope: one for one in graph.all(DefaultKey)}

    def volume(self, volume: Volume) -> Encryption:
        """The answer for a volume declared on its own."""
        if volume not in self._memory:
            source = self._snapshot_state(self._graph.targets(volume, "snapshot"), volume.encrypted)
            place = volume.place("encrypted")
            self._memory[volume] = (
                self._judged(volume, volume, place, volume.encrypted, source, volume.kms_key),
            )
        return self._memory[volume][0]

    def device(self, device: Device) -> Encryption:
        """The answer for a volume that instances are launched with."""
        launch, part = device.launch, device.part
        if not device.own:
            return self._of_image_alone(device)
        edges = self._graph.follow(launch.host, part, "snapshot")
        source = self._snapshot_state(edges, part.encrypted)
        if not edges:
            source = self._image_state(device)
        found = self._judged(
            launch.host,
            device.resource,
            part.place("encrypted"),
            part.encrypted,
            source,
            part.kms_key,
        )
        cause = part.presence.cause
        if device.root and cause is not None and found.encrypted.truth is True:
            # Where the mapping is absent, the image alone decides.
            alone = self._of_image_alone(device)
            if alone.encrypted.truth is not True:
                found = found._replace(encrypted=Answer(None, (cause,)), words=cause.reason)
        return found._replace(device=device)

    def snapshot(self, snapshot: Snapshot) -> Encryption:
        """The answer for a snapshot."""
        return self._follow(snapshot)[0]

    def image(self, image: Image) -> tuple[Encryption, ...]:
        """The answers for the disks of an image; of a copy, one."""
        return self._follow(image)

    def recipe(self, recipe: ImageRecipe) -> tuple[Encryption, ...]:
        """The answers for the mappings of an image recipe."""
        found: list[Encryption] = []
        again = self._encrypted_again(recipe)
        for part in filter(is_volume, recipe.block_devices):
            said = part.encrypted
            edges = self._graph.follow(recipe, part, "snapshot")
            source = self._snapshot_state(edges, said)
            judged = self._judged(
                recipe, recipe, part.place("encrypted"), said, source, part.kms_key
            )
            found.append(judged._replace(encrypted=judged.encrypted | again))
        return tuple(found)

    def _follow(self, one: Resource) -> tuple[Encryption, ...]:
        """The answers for a snapshot or image, which may be made from another, and so on."""
        found = self._memory.get(one)
        if found is not None:
            return found
        if one in self._open or len(self._open) >= _CHAIN:
            words = f"what {one.address} is made from is not followed further"
            gap = Answer(None, (Unknown(words, "limit", one.span),))
            return (Encryption(one, one, Place(one.span, "", None, one.presence), gap, words),)
        self._open.add(one)
        try:
            found = self._made(one)
        finally:
            self._open.discard(one)
        self._memory[one] = found
        return found

    def _made(self, one: Resource) -> tuple[Encryption, ...]:
        if isinstance(one, VolumeSnapshot):
            return (self._inherited(one, "volume", self._volume_state(one)),)
        if isinstance(one, SnapshotCopy):
            edges = self._graph.targets(one, "source_snapshot")
            source = self._snapshot_state(edges, None)
            return (self._flagged(one, one.encrypted, source, one.kms_key),)
        if isinstance(one, SnapshotImport):
            return (self._flagged(one, one.encrypted, _NOTHING, one.kms_key),)
        if isinstance(one, RegisteredImage):
            return tuple(self._registered(one, part) for part in _volumes(one))
        if isinstance(one, ImageCopy):
            facts = image_at(self._graph.targets(one, "source_image"))
            source = self._of_facts(facts, alone=True)
            return (self._flagged(one, one.encrypted, source, one.kms_key),)
        if isinstance(one, InstanceImage):
            return (self._inherited(one, "source_instance", self._instance_state(one)),)
        return ()

    def _flagged(
        self, one: Resource, said: Val | None, source: _State, key: Val | None
    ) -> Encryption:
        return self._judged(one, one, one.place("encrypted"), said, source, key)

    def _inherited(self, one: Resource, relation: str, source: _State) -> Encryption:
        """What is just as encrypted as what it is made from."""
        confidence: Confidence = "proven" if source.certain else "assumed"
        words = "" if source.encrypted.truth is True else source.words
        return Encryption(one, one, one.place(relation), source.encrypted, words, confidence)

    def _registered(self, image: RegisteredImage, part: BlockDevice) -> Encryption:
        edges = self._graph.follow(image, part, "snapshot")
        if not edges:
            place = part.place("encrypted")
            return self._judged(image, image, place, part.encrypted, _NOTHING, None)
        # A snapshot stays what it is: nothing is encrypted by registering it.
        source = self._snapshot_state(edges, part.encrypted)
        said = part.encrypted.is_true() if part.encrypted is not None else NO
        encrypted = said | source.encrypted
        words = source.words or "its snapshot is not encrypted"
        words = "" if encrypted.truth is True else words
        return Encryption(image, image, part.place("snapshot"), encrypted, words)

    def _judged(
        self,
        subject: Resource,
        resource: Resource,
        place: Place,
        said: Val | None,
        source: _State,
        key: Val | None,
    ) -> Encryption:
        flag = "Encrypted" if "::" in resource.type else "encrypted"
        explicit = said.is_true() if said is not None else NO
        default = self._default(subject)
        encrypted = any_of((explicit, NO if default is None else default, source.encrypted))
        if key is None:
            key = self._key(subject)
        if encrypted.truth is True:
            overruled = explicit.truth is False and said is not None
            return Encryption(subject, resource, place, encrypted, "", overruled=overruled, key=key)
        if encrypted.truth is None:
            if explicit.truth is None:
                words = f"{flag} is not known, because {explicit.causes[0].reason}"
            elif default is not None and default.truth is None:
                words = f"encryption by default is not known, because {default.causes[0].reason}"
            else:
                words = source.words
            return Encryption(subject, resource, place, encrypted, words, key=key)
        if said is not None:
            words = f"{flag} is false"
        elif key is not None and key is not self._key(subject):
            words = f"a key is named, but {flag} is not set"
        elif default is None:
            words = f"{flag} is not set, and nothing here turns on encryption by default"
        else:
            words = f"{flag} is not set, and encryption by default is off"
        if source.words:
            words = f"{words}; {source.words}"
        confidence: Confidence = "proven"
        if (said is None and default is None) or not source.certain:
            confidence = "assumed"
            step = Step(place.span, words, assumed=True)
            encrypted = Answer(False, (), (*encrypted.assumptions, step))
        return Encryption(subject, resource, place, encrypted, words, confidence, key=key)

    def _key(self, one: Resource) -> Val | None:
        """The Region's default key, where the unit sets one."""
        found = self._keys.get(one.scope)
        return found.kms_key if found is not None else None

    def _default(self, one: Resource) -> Answer | None:
        """Whether the account encrypts by default; ``None`` where the unit does not say."""
        found = self._defaults.get(one.scope)
        if found is None:
            return YES if self._assumed else None
        there = found.presence.cause
        enabled = found.enabled.is_true()
        if there is not None and enabled.truth is True:
            return YES if self._assumed else Answer(None, (there,))
        return enabled

    def _of_image_alone(self, device: Device) -> Encryption:
        """The root volume of which neither the host nor its template says anything."""
        subject, resource = device.launch.host, device.resource
        place = Place(resource.span, "", None, resource.presence)
        facts = device.image
        if device.doubt is not None:
            state = _State(Answer(None, (device.doubt,)), device.doubt.reason)
        else:
            state = self._of_facts(facts, alone=True)
        default = self._default(subject)
        encrypted = (NO if default is None else default) | state.encrypted
        words = f"nothing is said of the root volume, and {state.words}"
        if encrypted.truth is True:
            words = ""
        elif encrypted.truth is False and facts.origin in {"public", "external"}:
            encrypted = Answer(False, (), (Step(place.span, words, assumed=True),))
        public = facts.origin in {"public", "external"}
        return Encryption(
            subject,
            resource,
            place,
            encrypted,
            words,
            "possible" if public else "assumed",
            implicit=True,
            device=device,
        )

    def _image_state(self, device: Device) -> _State:
        """What the volume of a mapping without a snapshot is made from."""
        facts = device.image
        if facts.origin == "unit" and isinstance(facts.resource, RegisteredImage):
            parts = _volumes(facts.resource)
            same = [
                found
                for found, part in zip(self._follow(facts.resource), parts, strict=True)
                if device.name is not None
                and part.device_name is not None
                and part.device_name.text == device.name
            ]
            if same:
                encrypted = same[0].encrypted
                words = f"the image {facts.resource.address} {_verb(encrypted)} encrypted"
                return _State(encrypted, words)
            return self._of_facts(facts) if device.root else _NOTHING
        return self._of_facts(facts) if device.root else _NOTHING

    def _of_facts(self, facts: ImageFacts, *, alone: bool = False) -> _State:
        """Whether the disks of an image are encrypted.

        Args:
            facts: What is known of the image.
            alone: Whether nothing else decides, so that an image that nobody knows leaves it open.
        """
        if facts.origin == "unit" and isinstance(facts.resource, Image):
            found = self._follow(facts.resource)
            address = facts.resource.address
            if not found:
                words = f"the image {address} describes no volume"
                return _State(NO, words, certain=False)
            encrypted = all_of(one.encrypted for one in found)
            return _State(encrypted, f"the image {address} {_verb(encrypted)} encrypted")
        if facts.origin in {"public", "external"}:
            kind = "a public one is" if facts.origin == "external" else "public images are"
            return _State(NO, f"the image is {facts.words}; {kind} not encrypted", certain=False)
        if facts.origin == "own" or alone or facts.resource is not None:
            words = f"whether the image is encrypted is not known: {facts.words}"
            where = facts.causes or (_gap(words, facts.resource),)
            return _State(Answer(None, tuple(c for c in where if c is not None)), words)
        return _State(NO, certain=False)

    def _snapshot_state(self, edges: Iterable[Edge], said: Val | None) -> _State:
        """Whether the snapshot that a disk is made from is encrypted."""
        states = [self._of_snapshot(edge, said) for edge in edges]
        if not states:
            return _NOTHING
        if len(states) == 1:
            return states[0]
        truths = {state.encrypted.truth for state in states}
        if len(truths) == 1:
            return states[0]
        causes = tuple(cause for state in states for cause in state.encrypted.causes)
        return _State(Answer(None, causes), "it is made from one of several snapshots")

    def _of_snapshot(self, edge: Edge, said: Val | None) -> _State:
        target = edge.target
        if isinstance(target, Snapshot):
            found = self._follow(target)[0]
            words = f"the snapshot {target.address} {_verb(found.encrypted)} encrypted"
            return _State(found.encrypted, words)
        if said is not None and said.equals(False).truth is True:
            return _State(NO, certain=False)
        name = target.address if target is not None else "the snapshot"
        words = f"whether {name} is encrypted is not known"
        cause = edge.value if isinstance(edge.value, Unknown) else None
        gap = cause if cause is not None else Unknown(words, "external-id", edge.value.span)
        return _State(Answer(None, (gap,)), words)

    def _volume_state(self, snapshot: VolumeSnapshot) -> _State:
        for edge in self._graph.targets(snapshot, "volume"):
            if isinstance(edge.target, Volume) and edge.certain:
                found = self.volume(edge.target)
                verb = _verb(found.encrypted)
                words = f"the volume {edge.target.address} {verb} encrypted: {found.words}"
                return _State(found.encrypted, words, certain=found.confidence == "proven")
        words = "the volume is declared elsewhere"
        return _State(Answer(None, (Unknown(words, "external-id", snapshot.span),)), words)

    def _instance_state(self, image: InstanceImage) -> _State:
        instance = self._graph.only(image, "source_instance", Instance)
        if instance is None:
            words = "the instance is declared elsewhere"
            return _State(Answer(None, (Unknown(words, "external-id", image.span),)), words)
        found = [
            self.device(device)
            for launch in launches_of(self._graph, instance)
            for device in devices(self._graph, launch)
        ]
        worst = [one for one in found if one.encrypted.truth is False] or [
            one for one in found if one.encrypted.truth is None
        ]
        words = f"{instance.address}: {worst[0].words}" if worst else ""
        certain = bool(worst) and worst[0].confidence == "proven"
        return _State(all_of(one.encrypted for one in found), words, certain)

    def _encrypted_again(self, recipe: ImageRecipe) -> Answer:
        """Whether every distribution of what a recipe builds encrypts it with a key."""
        answers: list[Answer] = []
        for edge in self._graph.sources(recipe, "image_recipe"):
            if not isinstance(edge.source, ImageBuild):
                continue
            targets = self._graph.targets(edge.source, "distribution_configuration")
            configuration = targets[0].target if targets else None
            if isinstance(configuration, DistributionConfiguration):
                keys = [one.kms_key for one in configuration.distributions]
                answers.append(YES if keys and None not in keys else NO)
            elif targets:
                words = "the distribution is declared elsewhere"
                gap = Unknown(words, "external-id", targets[0].value.span)
                answers.append(Answer(None, (gap,)))
            else:
                answers.append(NO)
        return all_of(answers) if answers else NO


def _volumes(image: RegisteredImage) -> tuple[BlockDevice, ...]:
    return tuple(filter(is_volume, image.block_devices))


def _verb(encrypted: Answer) -> str:
    return "is not" if encrypted.truth is False else "may not be"


def _gap(words: str, resource: Part | None) -> Unknown | None:
    return Unknown(words, "external-id", resource.span) if resource is not None else None
