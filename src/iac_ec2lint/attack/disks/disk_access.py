"""Which disks of the unit a principal gets at, by what it may do to snapshots and volumes.

A disk without encryption is open to whoever has a copy. One under AWS's own key cannot be shared,
but keeps out nobody of the account who works through EC2; one under a key of the account's asks for
permissions on that key (Amazon EBS User Guide, "Share an Amazon EBS snapshot" and "Requirements for
Amazon EBS encryption"; semantics.md, D6).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from iac_ec2lint.attack.disks.key_access import (
    BY_ITSELF,
    gives_itself_key,
    key_admissions,
    refused_by_key,
)
from iac_ec2lint.compute.encryption import Encryption, images, snapshots, volumes
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.arns import arn_in
from iac_ec2lint.iam.escalation.instances.control import exfiltration_edges
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind
from iac_ec2lint.iam.escalation.steps import ActionRequest, PrivilegeStep, allowed_to, has_instance
from iac_ec2lint.iam.policy.operators import Keys
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.volume import Volume, VolumeAttachment
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Confidence,
    Reference,
    Unknown,
    address_in_module,
    all_of,
)

_OF_AWS = "alias/aws/ebs"
_USES = ("kms:CreateGrant", "kms:Decrypt", "kms:ReEncryptFrom")
"""What a key's policy refuses to whom it lets do nothing with a disk."""
_BY_EC2: Keys = {"kms:grantisforawsresource": ("true",)}


class ReadableDisk(NamedTuple):
    """A disk that a principal gets at.

    Attributes:
        disk: The disk.
        answer: Whether it does.
        words: Why encryption does not keep it out.
        asked: What the principal must be allowed beyond the step itself.
    """

    disk: Encryption
    answer: Answer
    words: str
    asked: tuple[ActionRequest, ...] = ()


class DiskCopy(NamedTuple):
    """A disk that a principal copies, or has attached to an instance of its own.

    Attributes:
        step: How: a row of ``EXFILTRATION``.
        goal: The disk.
        answer: Whether it does.
    """

    step: PrivilegeStep
    goal: ReadableDisk
    answer: Answer


def disk_copies(
    graph: Graph, principal: Principal, host: Resource, *, inside: bool
) -> Iterator[DiskCopy]:
    """The disks that a principal copies: for each way one, if possible one that it surely does.

    Args:
        graph: The graph.
        principal: Who.
        host: Where its credentials are from; a disk that only this host has is no gain there.
        inside: Whether somebody is on that host; else an instance is needed to read disks there.
    """
    for step in _exfiltrations(principal):
        attached = step.kind.needs == "instance"
        for goal in _candidates(graph, principal, step.kind, step.actions):
            if attached and _owners(graph, goal.disk) == {host}:
                continue
            answer = step.answer & goal.answer
            if attached and not inside:
                answer = answer & has_instance(principal)
            if answer.may_be_true:
                yield DiskCopy(step, goal, answer)
            break


@remembered
def _exfiltrations(principal: Principal) -> tuple[PrivilegeStep, ...]:
    return tuple(exfiltration_edges(principal))


@remembered
def _candidates(
    graph: Graph, principal: Principal, kind: EdgeKind, actions: tuple[str, ...]
) -> tuple[ReadableDisk, ...]:
    """The disks that speak for all, those that a step surely gives first.

    Two of each kind are enough, where they are of different hosts.
    """
    kept: dict[bool | None, list[ReadableDisk]] = {True: [], None: []}
    # To take a disk from another host, it must be a volume.
    for disk in _volumes(graph) if kind.name == "disk-read" else _disks(graph):
        one = _readable(graph, principal, kind, actions, disk)
        same = kept.get(one.answer.truth)
        if same is None or len(same) > 1:
            continue
        if not same or _owners(graph, same[0].disk) != _owners(graph, disk):
            same.append(one)
        if len(kept[True]) > 1:
            break
    return (*kept[True], *kept[None])


@remembered
def _volumes(graph: Graph) -> tuple[Encryption, ...]:
    """The volumes that speak for all."""
    return _representatives(graph, volumes(graph))


@remembered
def _disks(graph: Graph) -> tuple[Encryption, ...]:
    """The volumes, snapshots and images that speak for all."""
    return _representatives(graph, (*volumes(graph), *snapshots(graph), *images(graph)))


def _representatives(graph: Graph, every: Iterable[Encryption]) -> tuple[Encryption, ...]:
    """Of disks that are encrypted alike two are enough, where they are of different hosts."""
    alike: dict[object, list[Encryption]] = {}
    for disk in every:
        same = alike.setdefault(_mark(disk), [])
        if not same or (len(same) == 1 and _owners(graph, same[0]) != _owners(graph, disk)):
            same.append(disk)
    return tuple(disk for same in alike.values() for disk in same)


def _mark(disk: Encryption) -> object:
    """What disks that are encrypted alike have in common."""
    key = disk.key
    name: object = None if key is None else key.text or key
    if isinstance(key, Reference):
        name = (key.target, key.attribute)
    return disk.encrypted.truth, disk.confidence, name, _is_made_from_nothing(disk)


def _owners(graph: Graph, disk: Encryption) -> set[Resource]:
    """The hosts that have a disk, as far as that is known."""
    hosts = {*disk.hosts}
    if isinstance(disk.subject, Volume):
        for edge in graph.sources(disk.subject, "volume"):
            if isinstance(edge.source, VolumeAttachment):
                targets = graph.targets(edge.source, "instance")
                hosts.update(to.target for to in targets if to.target is not None)
    return hosts


def _readable(
    graph: Graph, principal: Principal, kind: EdgeKind, actions: tuple[str, ...], disk: Encryption
) -> ReadableDisk:
    """Whether encryption keeps a principal from a disk."""
    name = disk.subject.address
    plain = ~disk.encrypted
    if disk.confidence is Confidence.POSSIBLE and plain.truth:
        plain = Answer(None, disk.encrypted.causes)
    if plain.truth:
        return ReadableDisk(disk, plain, f"{name} is not encrypted: {disk.words}")
    known = disk.encrypted.truth is True
    keyed, words, asked = _by_key(principal, kind, actions, disk)
    key = graph.get(disk.key.target) if isinstance(disk.key, Reference) else None
    given = _given_by_key(graph, principal, key) if keyed.truth is False else NO
    if isinstance(key, KmsKey) and not given.may_be_true:
        keyed = keyed & ~all_of(refused_by_key(graph, principal, key, one) for one in _USES)
    if isinstance(key, KmsKey) and keyed.truth is not True:
        itself = gives_itself_key(graph, principal, key)
        if itself.truth:
            keyed, given, asked = itself, NO, ()
            words = "is encrypted with a key that it may give itself"
        elif not given.may_be_true:
            keyed = keyed | itself
    if given.may_be_true:
        keyed, words = given, "is encrypted with a key that it may be let use"
    if not known:
        words = f"{name} may not be encrypted: {disk.words}" if keyed.truth is not True else words
    return ReadableDisk(disk, plain | keyed, f"{name} {words}" if known else words, asked)


def _given_by_key(graph: Graph, principal: Principal, key: Resource | None) -> Answer:
    """Whether a key itself may let a principal do some of what a disk asks for, which is undecided.

    A service asks in the principal's name, and for other things than are worked out here.
    """
    if not isinstance(key, KmsKey):
        return NO
    found = (key_admissions(graph, principal, key, action, by_itself=False) for action in _USES)
    one = next(chain.from_iterable(found), None)
    if one is None:
        return NO
    words = f"what {one.declaring.address} allows is not worked out"
    return Answer(None, (Unknown(words, "expression", one.span),))


def _by_key(
    principal: Principal, kind: EdgeKind, actions: tuple[str, ...], disk: Encryption
) -> tuple[Answer, str, tuple[ActionRequest, ...]]:
    """Whether a principal gets at an encrypted disk, why, and what it must be allowed for it."""
    own = _is_own(disk)
    if kind.needs == "instance":
        if own.truth is False:
            return YES, "is encrypted with AWS's own key, which keeps out nobody here", ()
        asked = (
            _on_key(disk, "kms:CreateGrant", _BY_EC2),
            _on_key(disk, "kms:Decrypt"),
        )
        given = allowed_to(principal, asked)
        return (
            given if own.truth else given | ~own,
            "is encrypted with a key that it may use",
            asked,
        )
    if "ebs:GetSnapshotBlock" in actions:
        decrypts = (_on_key(disk, "kms:Decrypt"),)
        return allowed_to(principal, decrypts), "is encrypted with a key that it may use", decrypts
    shared = (_on_key(disk, "kms:CreateGrant", BY_ITSELF),)
    granted = own & allowed_to(principal, shared) if own.may_be_true else NO
    if granted.truth:
        return granted, "is encrypted with a key that it may share", shared
    copies = "ec2:CopyImage" if kind.name == "image-exfil" else "ec2:CopySnapshot"
    again: tuple[ActionRequest, ...] = (
        ActionRequest(copies),
        ActionRequest("kms:CreateGrant", None, None, _BY_EC2),
        ActionRequest("kms:ReEncryptTo"),
    )
    if own.may_be_true:
        again = (*again, _on_key(disk, "kms:ReEncryptFrom"))
    words = "is encrypted, and it may encrypt a copy with another key"
    return granted | allowed_to(principal, again), words, again


def _is_own(disk: Encryption) -> Answer:
    """Whether a disk is encrypted with a key of the account's, and not with AWS's own."""
    key = disk.key
    if key is None:
        if _is_made_from_nothing(disk):
            return NO
        words = f"which key encrypts {disk.subject.address} is not written"
        return Answer(None, (Unknown(words, "external-id", disk.place.span),))
    if key.text is not None:
        return NO if key.text.endswith(_OF_AWS) else YES
    if isinstance(key, Reference) and not address_in_module(key.target).startswith("data."):
        return YES
    return Answer(None, (key,) if isinstance(key, Unknown) else ())


def _is_made_from_nothing(disk: Encryption) -> bool:
    """Whether nothing that a disk is made from can bring a key along: then AWS's own is used."""
    if disk.device is not None:
        public = disk.device.image.origin in {"public", "external"}
        return disk.device.part.snapshot is None and (public or not disk.device.root)
    return isinstance(disk.subject, Volume) and disk.subject.snapshot is None


def _on_key(disk: Encryption, action: str, context: Keys | None = None) -> ActionRequest:
    """An action on the key of a disk, as far as that is known."""
    key = disk.key
    span = disk.place.span
    if isinstance(key, Reference):
        name = Reference(key.target, key.attribute, key.span)
        identity = Reference(key.target, "arn", key.span)
        return ActionRequest(action, arn_in(span, "kms", "key/", name), identity, context)
    if key is not None and key.text is not None and key.text.startswith("arn:"):
        return ActionRequest(action, key, None, context)
    return ActionRequest(action, arn_in(span, "kms", "key/"), None, context)
