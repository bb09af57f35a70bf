"""Which keys encrypt disks, snapshots and images, and whose these are.

Sources: EC2 API Reference, ``EbsBlockDevice`` and ``CopySnapshot``; EBS User Guide, "How Amazon EBS
encryption works". A new volume of an encrypted snapshot has that one's key, a copy that names none
the Region's default one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute import encryption
from iac_ec2lint.compute.launch.launches import HOST_TYPES
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.account_default import DefaultKey
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.image import ImageCopy
from iac_ec2lint.resources.image_builder import (
    Component,
    DistributionConfiguration,
    ImageRecipe,
)
from iac_ec2lint.resources.kms_key import KEY_NAMES, KmsAlias, KmsKey
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.snapshot import SnapshotCopy, SnapshotImport
from iac_ec2lint.resources.volume import Volume
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val, Value, all_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.encryption import Encryption
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Part, Place, Resource

_OF_AWS: Final = "alias/aws/"
"""How the aliases of AWS's own keys begin; an ARN has it in its middle."""

_NAMING: Final = (Volume, SnapshotCopy, SnapshotImport, ImageCopy, ImageRecipe)
"""What can name a key, beside devices of launches; others have the key of what they are made of."""


KEY_USERS: Final[tuple[type[Resource], ...]] = (
    *HOST_TYPES,
    *_NAMING,
    Component,
    DefaultKey,
    DistributionConfiguration,
    LifecyclePolicy,
)
"""The classes of what names keys for EBS data and what images are built of."""


class KeyUse(NamedTuple):
    """A disk, copy or component that a key encrypts.

    Attributes:
        subject: Whose it is: the host or its template, the volume, the policy.
        place: Where the key is named, or could be.
        words: What it is.
        encrypted: Whether it is encrypted at all.
        key: The key; ``None`` where none is named.
        own: Whether the key is a customer's, and not AWS's.
    """

    subject: Resource
    place: Place
    words: str
    encrypted: Answer
    key: Val | None
    own: Answer


@remembered
def key_uses(graph: Graph) -> tuple[KeyUse, ...]:
    """All that is, or may be, encrypted and could name a key, the Region's default key too."""
    return tuple(_all(graph))


def keys_meant(graph: Graph, key: Val) -> tuple[KmsKey, ...]:
    """The keys of the unit that a key's id, ARN or alias may mean; empty where it is elsewhere."""
    found: dict[KmsKey, None] = {}
    for node in graph.resolve(key, KEY_NAMES):
        if isinstance(node, KmsKey):
            found[node] = None
        elif isinstance(node, KmsAlias):
            targets = (edge.target for edge in graph.targets(node, "key"))
            found.update((target, None) for target in targets if isinstance(target, KmsKey))
    return tuple(found)


def aliases_perhaps_meant(graph: Graph, text: str) -> dict[KmsAlias, Unknown]:
    """The aliases that a text may name since their own names, given here, are not known."""
    if not text.startswith("alias/"):
        return {}
    named = ((alias, alias.name) for alias in graph.all(KmsAlias))
    return {
        alias: name
        for alias, name in named
        if isinstance(name, Unknown) and name.equals(text).may_be_true
    }


def _all(graph: Graph) -> Iterator[KeyUse]:
    disks = (*encryption.volumes(graph), *encryption.snapshots(graph), *encryption.images(graph))
    for disk in disks:
        named = disk.device is not None or isinstance(disk.subject, _NAMING)
        if named and disk.encrypted.may_be_true:
            own = _of_disk(graph, disk)
            yield KeyUse(disk.subject, _place(disk), _words(disk), disk.encrypted, disk.key, own)
    for policy in graph.all(LifecyclePolicy):
        rules = [rule for schedule in policy.schedules for rule in schedule.copy_rules]
        for copy in [*rules, *policy.event_copies]:
            if copy.encrypted.is_true().may_be_true:
                encrypted = copy.encrypted.is_true()
                own = _own(graph, copy.kms_key)
                place = copy.place("kms_key")
                yield KeyUse(policy, place, "the copy", encrypted, copy.kms_key, own)
    for component in graph.all(Component):
        own = _own(graph, component.kms_key)
        place = component.place("kms_key")
        yield KeyUse(component, place, "the component", YES, component.kms_key, own)
    for configuration in graph.all(DistributionConfiguration):
        for one in configuration.distributions:
            own = _own(graph, one.kms_key)
            place = one.place("kms_key")
            yield KeyUse(configuration, place, "the distributed image", YES, one.kms_key, own)
    for default in graph.all(DefaultKey):
        own = _own(graph, default.kms_key)
        place = default.place("kms_key")
        yield KeyUse(default, place, "the default of the Region", YES, default.kms_key, own)


def _place(disk: Encryption) -> Place:
    part: Part | None = disk.place.part
    if isinstance(part, BlockDevice | Volume | SnapshotCopy | SnapshotImport | ImageCopy):
        return part.place("kms_key")
    return disk.place


def _words(disk: Encryption) -> str:
    device = disk.device
    if device is None:
        return "the copy" if isinstance(disk.subject, SnapshotCopy | ImageCopy) else "the volume"
    return f'the device "{device.name}"' if device.name else "the root volume"


def _of_disk(graph: Graph, disk: Encryption) -> Answer:
    """Whether a disk's key is a customer's."""
    if disk.key is not None:
        return _own(graph, disk.key)
    device, part = disk.device, disk.place.part
    made_of = isinstance(part, BlockDevice | Volume) and part.snapshot is not None
    if device is not None and device.root and not made_of:
        # Images that are published for everybody are not encrypted.
        made_of = device.image.origin not in {"public", "external"}
    if not made_of:
        return NO
    words = "the key is that of what the volume is made of, where that is encrypted"
    return Answer(None, (Unknown(words, "external-id", disk.place.span),))


def _own(graph: Graph, key: Val | None) -> Answer:
    if key is None or key.is_null:
        return NO
    if isinstance(key, Value):
        text = key.text or ""
        return Answer(bool(text) and not text.startswith(_OF_AWS) and f":{_OF_AWS}" not in text)
    if keys_meant(graph, key) or any(isinstance(n, KmsAlias) for n in graph.resolve(key)):
        return YES if isinstance(key, Reference) else _of_candidates(graph, key)
    return _of_candidates(graph, key)


def _of_candidates(graph: Graph, key: Unknown) -> Answer:
    if not key.candidates:
        return Answer(None, (key,))
    answer = all_of(_own(graph, candidate) for candidate in key.candidates)
    none = all_of(~_own(graph, candidate) for candidate in key.candidates)
    if none.truth is True:
        return NO
    return answer if answer.truth is True and not key.unset else Answer(None, (key,))
