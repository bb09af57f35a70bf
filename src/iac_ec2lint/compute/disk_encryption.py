"""Whether a disk is encrypted, as an answer about it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.compute.devices import (
    Device,
    is_volume,
)
from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.values import (
    NO,
    Answer,
    Confidence,
    Input,
    Unknown,
    Val,
)
from iac_ec2lint.values.known import ENCRYPTED_BY_DEFAULT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.compute.images import ImageFacts


class Encryption(NamedTuple):
    """Whether one disk, snapshot or image is encrypted.

    Attributes:
        subject: Whose it is: the volume, snapshot or image; of a device, the host or the launch
            template that says the nearest of it.
        place: The place in it: the ``encrypted`` that decides or is missing.
        encrypted: Whether it is.
        words: Why it is not, or why that is not known.
        confidence: What it rests on where it is not: what is written (``proven``), what AWS does by
            default (``assumed``), or also what an image declared elsewhere is like (``possible``).
        implicit: Whether nothing is said of the disk at all: the root volume of an image.
        overruled: Whether it says ``false`` and is encrypted all the same by default.
        key: The key that it names, or the Region's default one; ``None``: AWS's own.
        device: The device of a launch that it is, if it is one.
        hosts: The hosts that are launched with that device, by address.
    """

    subject: Resource
    place: Place
    encrypted: Answer
    words: str
    confidence: Confidence = Confidence.PROVEN
    implicit: bool = False
    overruled: bool = False
    key: Val | None = None
    device: Device | None = None
    hosts: tuple[Resource, ...] = ()


class State(NamedTuple):
    """What a disk is made from."""

    encrypted: Answer
    words: str = ""
    certain: bool = True
    """Whether a false answer is known, and not only taken to be so."""


UNDECLARED = "the account does not encrypt new volumes by default"
PLAIN_SOURCE = "the image or the snapshot that it is made from is not encrypted"
"""What is taken to be so where nothing says it."""

NOTHING = State(NO)


def cut(one: Resource, gap: Unknown) -> tuple[Encryption, ...]:
    """The answer for what is not followed further."""
    place = Place(one.span, "", None, one.presence)
    return (Encryption(one, place, Answer(None, (gap,)), gap.reason),)


def volumes(mappings: Iterable[BlockDevice]) -> tuple[BlockDevice, ...]:
    """Those that are, or may be, volumes."""
    return tuple(part for part in mappings if is_volume(part).may_be_true)


def if_volume(found: Encryption, volume: Answer) -> Encryption:
    """The answer for what may be no volume."""
    if volume.truth is not None or found.encrypted.truth is not False:
        return found
    words = f"whether it is a volume is not known, because {volume.causes[0].reason}"
    return found._replace(encrypted=Answer(None, volume.causes), words=words)


def unless_by_default(encrypted: Answer, place: Place) -> Answer:
    """What is undecided, and decided where the account encrypts by default."""
    wanted = Input(ENCRYPTED_BY_DEFAULT, place.span, "account")
    return Answer(None, tuple(one.but(inputs=(*one.inputs, wanted)) for one in encrypted.causes))


def verb_of(encrypted: Answer) -> str:
    """``is not``, or ``may not be``."""
    return "is not" if encrypted.truth is False else "may not be"


def gap_of(words: str, resource: Part | None) -> Unknown | None:
    """What is not known of a part, where there is one."""
    return Unknown(words, "external-id", resource.span) if resource is not None else None


def of_unread(facts: ImageFacts, *, alone: bool) -> State:
    """Whether the disks are encrypted of an image that the unit does not make.

    Args:
        facts: What is known of it.
        alone: Whether nothing else decides, so that an image that nobody knows leaves it open.
    """
    if facts.origin in {"public", "external"}:
        kind = "a public one is" if facts.origin == "external" else "public images are"
        return State(NO, f"the image is {facts.words}; {kind} not encrypted", certain=False)
    if facts.origin == "own" or alone or facts.resource is not None:
        words = f"whether the image is encrypted is not known: {facts.words}"
        where = facts.causes or (gap_of(words, facts.resource),)
        return State(Answer(None, tuple(c for c in where if c is not None)), words)
    return State(NO, certain=False)
