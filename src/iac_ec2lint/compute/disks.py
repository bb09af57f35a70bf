"""Each disk, snapshot and image: what is said of it, and what it is made from."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from iac_ec2lint.compute.devices import (
    Device,
    devices,
    devices_referred_to,
    is_volume,
    may_be_named,
)
from iac_ec2lint.compute.disk_encryption import (
    NOTHING,
    PLAIN_SOURCE,
    UNDECLARED,
    Encryption,
    State,
    cut,
    if_volume,
    of_unread,
    unless_by_default,
    verb_of,
    volumes,
)
from iac_ec2lint.compute.images import ImageFacts, image_at, image_of_snapshot
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.compute.launch.running import running
from iac_ec2lint.compute.lineage import Lineage
from iac_ec2lint.compute.upkeep.regions import region_gap
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.account_default import DefaultKey, EncryptionByDefault
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.image import Image, ImageCopy, InstanceImage, RegisteredImage
from iac_ec2lint.resources.image_builder import (
    DistributionConfiguration,
    ImageBuild,
    ImageRecipe,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.resources.snapshot import (
    Snapshot,
    SnapshotCopy,
    SnapshotImport,
    VolumeSnapshot,
)
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Confidence,
    Step,
    Unknown,
    Val,
    all_of,
    any_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.graph.memo import Answers


class EncryptionResolver:
    """Answers for one graph, each remembered."""

    def __init__(self, graph: Graph, *, on_by_default: bool) -> None:
        self._graph = graph
        self._assumed = on_by_default
        self.answers: Answers = defaultdict(dict)
        self._lineage = Lineage(self._made, cut)
        every = [*graph.all(EncryptionByDefault)]
        self._defaults = {one.scope: one for one in every if region_gap(one) is None}
        self._on = [one for one in every if one.enabled.is_true().may_be_true]
        self._copied: set[Volume] = set()
        self._keys = {one.scope: one for one in graph.all(DefaultKey)}

    @remembered
    def volume(self, volume: Volume) -> Encryption:
        """The answer for a volume declared on its own."""
        if volume.source_volume is not None and not volume.source_volume.is_null:
            source = self._source_volume_state(volume)
        else:
            edges = self._graph.targets(volume, "snapshot")
            source = self._snapshot_state(edges, volume.encrypted)
        return self._flagged(volume, volume.encrypted, source, volume.kms_key)

    def _source_volume_state(self, volume: Volume) -> State:
        """Whether the volume is encrypted that one copies, which is what the copy is then.

        Source: Amazon EC2 API Reference, ``CopyVolumes``, ``Encrypted``.
        """
        if volume in self._copied:
            words = f"{volume.address} is a copy of itself"
            return State(Answer(None, (Unknown(words, "error", volume.span),)), words)
        self._copied.add(volume)
        state = self._volume_state(volume, "source_volume")
        self._copied.discard(volume)
        return state

    def device(self, device: Device) -> Encryption:
        """The answer for a volume that instances are launched with."""
        host = device.launch.host
        found = self._said(device) if device.own else self._of_image_alone(device)
        if found.encrypted.truth is False:
            found = if_volume(found, device.volume)
        if found.encrypted.truth is False:
            found = self._unless_instead(found, device)
        there = running(self._graph, host)
        place = found.place._replace(presence=found.place.presence.within(there))
        return found._replace(place=place, device=device, hosts=(host,))

    def _said(self, device: Device) -> Encryption:
        """A volume of which the host or its template says something."""
        launch, part = device.launch, device.part
        edges = self._graph.follow(launch.host, part, "snapshot")
        source = self._snapshot_state(edges, part.encrypted)
        if not edges:
            source = self._image_state(device)
        place = part.place("encrypted")
        found = self._judged(
            device.resource, place, part.encrypted, source, part.kms_key, launch.host
        )
        there = part.presence
        cause = there.cause if there is not device.resource.declared.body.presence else None
        if device.root and cause is not None and found.encrypted.truth is True:
            # Where the mapping is absent, the image alone decides.
            alone = self._of_image_alone(device)
            if alone.encrypted.truth is not True:
                found = found._replace(encrypted=Answer(None, (cause,)), words=cause.reason)
        return found

    def _unless_instead(self, found: Encryption, device: Device) -> Encryption:
        """Undecided where a device may be another, or another may be it, that is encrypted."""
        for cause, part, root in device.instead:
            other = device._replace(part=part, root=root, own=True)
            is_none = is_volume(part).truth is False
            # What nothing is said of is the image's, and may have a mapping after all.
            if is_none or not device.own or self._said(other).encrypted.may_be_true:
                words = f"which device is mapped is not known, because {cause.reason}"
                return found._replace(encrypted=Answer(None, (cause,)), words=words)
        return found

    def disks(self, made: Resource) -> tuple[Encryption, ...]:
        """The answers for the disks of a snapshot, an image or an image recipe.

        A snapshot, a copy of an image and an image of an instance are one answer each; a registered
        image and a recipe are one for each volume that they map.
        """
        return self._lineage.of(made)

    def _made(self, one: Resource) -> tuple[Encryption, ...]:
        if isinstance(one, VolumeSnapshot):
            return (self._inherited(one, "volume", self._volume_state(one)),)
        if isinstance(one, SnapshotCopy):
            edges = self._graph.targets(one, "source_snapshot")
            source = self._snapshot_state(edges, None)
            return (self._flagged(one, one.encrypted, source, one.kms_key),)
        if isinstance(one, SnapshotImport):
            return (self._flagged(one, one.encrypted, NOTHING, one.kms_key),)
        if isinstance(one, RegisteredImage):
            return tuple(
                if_volume(self._registered(one, part), is_volume(part))
                for part in volumes(one.block_devices)
            )
        if isinstance(one, ImageCopy):
            facts = image_at(self._graph.targets(one, "source_image"))
            source = self._of_facts(facts, alone=True)
            return (self._flagged(one, one.encrypted, source, one.kms_key),)
        if isinstance(one, InstanceImage):
            return (self._inherited(one, "source_instance", self._instance_state(one)),)
        if isinstance(one, ImageRecipe):
            return self._recipe(one)
        return ()

    def _recipe(self, recipe: ImageRecipe) -> tuple[Encryption, ...]:
        """The answers for the mappings of an image recipe."""
        found: list[Encryption] = []
        again = self._encrypted_again(recipe)
        for part in volumes(recipe.block_devices):
            said = part.encrypted
            edges = self._graph.follow(recipe, part, "snapshot")
            source = self._snapshot_state(edges, said)
            judged = self._judged(recipe, part.place("encrypted"), said, source, part.kms_key)
            judged = judged._replace(encrypted=judged.encrypted | again)
            found.append(if_volume(judged, is_volume(part)))
        return tuple(found)

    def _flagged(
        self, one: Resource, said: Val | None, source: State, key: Val | None
    ) -> Encryption:
        return self._judged(one, one.place("encrypted"), said, source, key)

    def _inherited(self, one: Resource, relation: str, source: State) -> Encryption:
        """What is just as encrypted as what it is made from."""
        confidence: Confidence = Confidence.PROVEN if source.certain else Confidence.ASSUMED
        words = "" if source.encrypted.truth is True else source.words
        place, encrypted = one.place(relation), source.encrypted
        if not source.certain and encrypted.truth is False and not encrypted.assumptions:
            encrypted = Answer(False, (), (Step(place.span, words, assumed=True),))
        return Encryption(one, place, encrypted, words, confidence)

    def _registered(self, image: RegisteredImage, part: BlockDevice) -> Encryption:
        edges = self._graph.follow(image, part, "snapshot")
        if not edges:
            place = part.place("encrypted")
            return self._judged(image, place, part.encrypted, NOTHING, None)
        # A snapshot stays what it is: nothing is encrypted by registering it.
        source = self._snapshot_state(edges, part.encrypted)
        said = part.encrypted.is_true() if part.encrypted is not None else NO
        encrypted = said | source.encrypted
        words = source.words or "its snapshot is not encrypted"
        words = "" if encrypted.truth is True else words
        return Encryption(image, part.place("snapshot"), encrypted, words)

    def _judged(
        self,
        subject: Resource,
        place: Place,
        said: Val | None,
        source: State,
        key: Val | None,
        host: Resource | None = None,
    ) -> Encryption:
        """What is said, what the account does by default and what the disk is made from together.

        Args:
            subject: Whose it is.
            place: Where it is said.
            said: What is said.
            source: What the disk is made from.
            key: The key that is named.
            host: Whose account it is, where that is not the subject's.
        """
        flag = "Encrypted" if "::" in subject.type else "encrypted"
        flag = subject.declared.body.spelled(flag)
        explicit = said.is_true() if said is not None else NO
        owner = subject if host is None else host
        default = self._default(owner)
        encrypted = any_of((explicit, NO if default is None else default, source.encrypted))
        if key is None:
            key = self._key(owner)
        if encrypted.truth is True:
            overruled = explicit.truth is False and said is not None
            return Encryption(subject, place, encrypted, "", overruled=overruled, key=key)
        if encrypted.truth is None:
            if explicit.truth is None:
                words = f"{flag} is not known, because {explicit.causes[0].reason}"
            elif default is not None and default.truth is None:
                words = f"encryption by default is not known, because {default.causes[0].reason}"
            else:
                words = source.words
                if default is None:
                    encrypted = unless_by_default(encrypted, place)
            return Encryption(subject, place, encrypted, words, key=key)
        if said is not None:
            words = f"{flag} is false"
        elif key is not None and key is not self._key(owner):
            words = f"a key is named, but {flag} is not set"
        elif default is None:
            words = f"{flag} is not set, and nothing here turns on encryption by default"
        else:
            words = f"{flag} is not set, and encryption by default is off"
        if source.words:
            words = f"{words}; {source.words}"
        confidence: Confidence = Confidence.PROVEN
        if (said is None and default is None) or not source.certain:
            confidence = Confidence.ASSUMED
            taken = [UNDECLARED] if said is None and default is None else []
            if not source.certain:
                taken.append(source.words or PLAIN_SOURCE)
            steps = (Step(place.span, one, assumed=True) for one in taken)
            encrypted = Answer(False, (), (*encrypted.assumptions, *steps))
        return Encryption(subject, place, encrypted, words, confidence, key=key)

    def _key(self, one: Resource) -> Val | None:
        """The Region's default key, where the unit sets one."""
        found = self._keys.get(one.scope)
        return found.kms_key if found is not None else None

    def _default(self, one: Resource) -> Answer | None:
        """Whether the account encrypts by default; ``None`` where the unit does not say."""
        gap = region_gap(one)
        found = self._defaults.get(one.scope) if gap is None else None
        if found is None:
            # Which configurations of a provider are of one account, their names do not say.
            gaps = [gap] if gap is not None and self._on else [*map(region_gap, self._on)]
            gap = next((each for each in gaps if each is not None), None)
            if self._assumed or gap is None:
                return YES if self._assumed else None
            return Answer(None, (gap,))
        there = found.presence.cause
        enabled = found.enabled.is_true()
        if there is not None and enabled.truth is True:
            return YES if self._assumed else Answer(None, (there,))
        return enabled

    def _of_image_alone(self, device: Device) -> Encryption:
        """The root volume of which neither the host nor its template says anything."""
        subject = device.resource
        place = Place(subject.span, "", None, subject.presence)
        facts = device.image
        state = self._of_facts(facts, alone=True)
        default = self._default(device.launch.host)
        encrypted = (NO if default is None else default) | state.encrypted
        words = f"nothing is said of the root volume, and {state.words}"
        if encrypted.truth is True:
            words = ""
        elif encrypted.truth is False:
            steps = [Step(place.span, state.words or words, assumed=True)]
            if default is None:
                steps.append(Step(place.span, UNDECLARED, assumed=True))
            encrypted = Answer(False, (), tuple(steps))
        elif default is None:
            encrypted = unless_by_default(encrypted, place)
        public = facts.origin in {"public", "external"}
        return Encryption(
            subject,
            place,
            encrypted,
            words,
            Confidence.POSSIBLE if public else Confidence.ASSUMED,
            implicit=True,
        )

    def _image_state(self, device: Device) -> State:
        """What the volume of a mapping without a snapshot is made from."""
        facts = device.image
        base = self._of_facts(facts) if device.root else NOTHING
        if facts.origin != "unit" or not isinstance(facts.resource, RegisteredImage):
            return base
        address = facts.resource.address
        name = device.device_name
        parts = volumes(facts.resource.block_devices)
        for found, part in zip(self.disks(facts.resource), parts, strict=False):
            said = part.device_name
            if name is not None and said is not None and said.text == name.text is not None:
                words = f"the image {address} {verb_of(found.encrypted)} encrypted"
                return State(found.encrypted, words)
            cause = may_be_named(name, said)
            if cause is not None and found.encrypted.may_be_true and not base.encrypted.may_be_true:
                words = f"whether it is a disk of the image {address} is not known"
                base = State(Answer(None, (cause,)), words)
        return base

    def _of_facts(self, facts: ImageFacts, *, alone: bool = False) -> State:
        """Whether the disks of an image are encrypted; see ``of_unread``."""
        if facts.origin == "unit" and isinstance(facts.resource, Image):
            found = self.disks(facts.resource)
            address = facts.resource.address
            if not found:
                words = f"the image {address} describes no volume"
                return State(NO, words, certain=False)
            encrypted = all_of(one.encrypted for one in found)
            return State(encrypted, f"the image {address} {verb_of(encrypted)} encrypted")
        return of_unread(facts, alone=alone)

    def _snapshot_state(self, edges: Iterable[Edge], said: Val | None) -> State:
        """Whether the snapshot that a disk is made from is encrypted."""
        states = [self._of_snapshot(edge, said) for edge in edges]
        if not states:
            return NOTHING
        if len(states) == 1:
            return states[0]
        truths = {state.encrypted.truth for state in states}
        if len(truths) == 1:
            return states[0]
        causes = tuple(cause for state in states for cause in state.encrypted.causes)
        return State(Answer(None, causes), "it is made from one of several snapshots")

    def _of_snapshot(self, edge: Edge, said: Val | None) -> State:
        target = edge.target
        if isinstance(target, Snapshot):
            found = self.disks(target)[0]
            words = f"the snapshot {target.address} {verb_of(found.encrypted)} encrypted"
            return State(found.encrypted, words)
        image = image_of_snapshot(self._graph, edge.value)
        if image is not None:
            encrypted = all_of(one.encrypted for one in self.disks(image))
            words = f"the image {image.address} {verb_of(encrypted)} encrypted"
            return State(encrypted, words)
        if said is not None and said.equals(False).truth is True:
            return State(NO, certain=False)
        name = target.address if target is not None else "the snapshot"
        words = f"whether {name} is encrypted is not known"
        cause = edge.value if isinstance(edge.value, Unknown) else None
        gap = cause if cause is not None else Unknown(words, "external-id", edge.value.span)
        return State(Answer(None, (gap,)), words)

    def _volume_state(self, snapshot: VolumeSnapshot | Volume, relation: str = "volume") -> State:
        for edge in self._graph.targets(snapshot, relation):
            if isinstance(edge.target, Volume) and edge.certain:
                found = self.volume(edge.target)
                verb = verb_of(found.encrypted)
                words = f"the volume {edge.target.address} {verb} encrypted: {found.words}"
                return State(found.encrypted, words, certain=found.confidence is Confidence.PROVEN)
            named = [self.device(one) for one in devices_referred_to(self._graph, edge.value)]
            if len(named) == 1:
                host, disk = named[0].hosts[0], named[0]
                words = (
                    f"the disk of {host.address} {verb_of(disk.encrypted)} encrypted: {disk.words}"
                )
                return State(disk.encrypted, words, certain=disk.confidence is Confidence.PROVEN)
        words = "the volume is declared elsewhere"
        return State(Answer(None, (Unknown(words, "external-id", snapshot.span),)), words)

    def _instance_state(self, image: InstanceImage) -> State:
        instance = self._graph.only(image, "source_instance", Instance)
        if instance is None:
            words = "the instance is declared elsewhere"
            return State(Answer(None, (Unknown(words, "external-id", image.span),)), words)
        found = [
            self.device(device)
            for launch in launches_of(self._graph, instance)
            for device in devices(self._graph, launch)
        ]
        worst = [one for one in found if one.encrypted.truth is False] or [
            one for one in found if one.encrypted.truth is None
        ]
        words = f"{instance.address}: {worst[0].words}" if worst else ""
        certain = bool(worst) and worst[0].confidence is Confidence.PROVEN
        return State(all_of(one.encrypted for one in found), words, certain)

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
