"""Which private disks those get at who are let at images and snapshots by permissions.

An organisation is not foreign here. Source: EBS User Guide, "Share an Amazon EBS snapshot".
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce
from typing import Final, NamedTuple

from iac_ec2lint.attack.disks.private_data import Privacy, privacy
from iac_ec2lint.attack.disks.shares import Audience, Share, public_sharing_blocked, shares
from iac_ec2lint.compute.derivation import Link, Origin, made_at, origins, origins_at
from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine.finding import Evidence, assumption
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.resources.image_builder import Distribution, ImageBuild
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import DataSource, Place, Resource
from iac_ec2lint.resources.volume import VolumeAttachment
from iac_ec2lint.values import NO, YES, Answer, Unknown, Val, any_of

_OF_AWS: Final = "alias/aws/ebs"
"""The key that AWS manages: what is encrypted with it cannot be shared."""

_NOT_MADE: Final = (Instance, LifecyclePolicy, VolumeAttachment)
"""What says of a disk whose it is, or that it is copied, and makes nothing of it."""


class Publication(NamedTuple):
    """A permission by which others use an image or a snapshot.

    Attributes:
        audience: Whom it lets in.
        declaring: The resource that says so.
        place: Where.
        made: What makes the image or snapshot, where it is of the unit.
        name: What messages call that.
        verb: What others do with it.
        origins: What its disks are made from.
        blocked: Whether the account refuses to make it public.
        encrypted: Whether the permission comes with a copy that is encrypted.
        key: The key of that copy.
        by: What messages call what lets them in, where that is not the resource.
    """

    audience: Audience
    declaring: Resource
    place: Place
    made: Resource | None
    name: str
    verb: str
    origins: tuple[Origin, ...]
    blocked: Answer = NO
    encrypted: Answer = NO
    key: Val | None = None
    by: str = ""


class PublishedDisk(NamedTuple):
    """A private disk of the unit of which others get a copy.

    Attributes:
        publication: The permission that lets them.
        origin: The disk.
        answer: Whether all of it holds.
        private: What says that the disk holds private data.
    """

    publication: Publication
    origin: Origin
    answer: Answer
    private: tuple[Evidence, ...]

    @property
    def place(self) -> Place:
        """The permission, which is there only where all that it leads to is."""
        publication, origin = self.publication, self.origin
        place = publication.place
        passed = [link.resource for link in origin.links]
        passed += [one for one in (origin.volume, *origin.instances) if one is not None]
        others = dict.fromkeys(one.presence for one in passed if not one.presence.certain)
        return place._replace(presence=reduce(_within, others, place.presence))

    @property
    def lets(self) -> Evidence:
        """The hop that says whom the permission lets in."""
        shared = self.publication
        verb = "may let" if isinstance(shared.place.value, Unknown) else "lets"
        by = shared.by or shared.declaring.address
        words = f"{by} {verb} {shared.audience.who} {shared.verb} {shared.name}"
        return Evidence(shared.place.span, words, shared.declaring.address)

    @property
    def copied(self) -> tuple[Evidence, ...]:
        """The way from the permission to the disk, link by link."""
        return (
            *map(assumption, self.publication.audience.answer.assumptions),
            *(Evidence(o.place.span, o.words, o.resource.address) for o in self.origin.links),
        )

    @property
    def made(self) -> Link | None:
        """What the copy is made by, the last on the way to the disk."""
        links = [o for o in self.origin.links if not isinstance(o.resource, _NOT_MADE)]
        return links[-1] if links else None

    @property
    def identity(self) -> str:
        """What tells the path from others, wherever it is written."""
        names = {link.resource.address for link in self.origin.links}
        names |= {host.address for host in self.origin.instances}
        if self.origin.volume is not None:
            names.add(self.origin.volume.address)
        account = self.publication.audience.account
        who = "all" if account is None else account or "?"
        return " ".join((self.publication.declaring.address, who, *sorted(names)))


def _within(inner: Presence, outer: Presence) -> Presence:
    return inner if inner.key and inner.key == outer.key else inner.within(outer)


def published_disks(graph: Graph, trusted_accounts: Collection[str]) -> Iterator[PublishedDisk]:
    """The permissions that let others at private disks of the unit.

    There is one for each permission and each instance, or volume that no instance has.

    Args:
        graph: The graph.
        trusted_accounts: See ``publications``.
    """
    for publication in publications(graph, trusted_accounts):
        if publication.audience.answer.truth is False:
            continue
        allowed = publication.audience.answer & _public(publication)
        found: dict[object, tuple[Answer, Origin, Privacy]] = {}
        for origin in publication.origins:
            if origin.kind in ("blank", "public"):
                continue
            held = _held(graph, origin)
            answer = allowed & origin.answer & held.answer & _usable(publication, origin)
            key = origin.instances or origin.volume
            known = found.get(key)
            surer = known is None or (known[0].truth is None and answer.truth is True)
            if answer.may_be_true and surer:
                found[key] = answer, origin, held
        # What else it may be made from says nothing more where a disk of it is known.
        of_disks = [one for one in found.values() if one[1].disk is not None]
        for answer, origin, held in of_disks or found.values():
            yield PublishedDisk(publication, origin, answer, held.hops)


def _held(graph: Graph, origin: Origin) -> Privacy:
    """Whether what a copy holds is private; of what is not of the unit nobody knows."""
    found = privacy(graph, origin)
    if origin.gap is not None:
        return Privacy(found.answer | Answer(None, (origin.gap,)), found.hops)
    return found


def _public(publication: Publication) -> Answer:
    """Whether AWS lets it be public where that is asked for: nothing of it may be encrypted."""
    if publication.audience.account is not None:
        return YES
    encrypted = any_of(origin.encrypted & origin.answer for origin in publication.origins)
    return ~publication.blocked & ~(publication.encrypted | encrypted)


def _usable(publication: Publication, origin: Origin) -> Answer:
    """Whether a single account can read what it gets: the key must be one that can be shared."""
    if publication.audience.account is None:
        return YES
    encrypted = publication.encrypted | origin.encrypted
    key = publication.key if publication.key is not None else origin.key
    if key is None or (key.text or "").endswith(_OF_AWS):
        return ~encrypted
    reason = f"whether {publication.audience.who} may use the key is not known"
    return ~encrypted | Answer(None, (Unknown(reason, "external-id", key.span),))


def publications(graph: Graph, trusted_accounts: Collection[str] = ()) -> Iterator[Publication]:
    """The shares of a unit with everyone or foreign accounts, and what their disks are made from.

    Args:
        graph: The graph.
        trusted_accounts: The accounts that are one's own or trusted. Without any, an account that
            is named by its number is taken to be another's.
    """
    for share in shares(graph, trusted_accounts):
        if share.audience.organization:
            continue
        if share.distribution is not None:
            yield from _distributed(graph, share, share.distribution)
        elif isinstance(share.declaring, LifecyclePolicy):
            policy = share.declaring
            name = f"the snapshots of {policy.address}"
            disks = origins(graph, policy)
            yield Publication(share.audience, policy, share.place, policy, name, share.verb, disks)
        else:
            yield from (_shared(graph, share, edge) for edge in share.edges)


def _shared(graph: Graph, share: Share, edge: Edge) -> Publication:
    made = made_at(graph, edge)
    known = made or edge.target
    name = (
        known.address
        if known is not None
        else "an image"
        if share.kind == "image"
        else "a snapshot"
    )
    made = None if isinstance(made, DataSource) else made
    return Publication(
        share.audience,
        share.declaring,
        share.place,
        made,
        name,
        share.verb,
        origins_at(graph, (edge,)),
        public_sharing_blocked(graph, share),
        by=share.by,
    )


def _distributed(graph: Graph, share: Share, distribution: Distribution) -> Iterator[Publication]:
    """The permissions of the images that Image Builder puts out by a configuration."""
    configuration = share.declaring
    builds: list[ImageBuild | None] = [
        edge.source
        for edge in graph.sources(configuration, "distribution_configuration")
        if isinstance(edge.source, ImageBuild) and edge.certain
    ]
    key = distribution.kms_key
    blocked = public_sharing_blocked(graph, share)
    for build in builds or [None]:
        reason = f"no image that {configuration.address} distributes is declared here"
        gap = Unknown(reason, "external-id", configuration.span)
        outside = Origin("outside", encrypted=Answer(None, (gap,)), gap=gap)
        yield Publication(
            share.audience,
            configuration,
            share.place,
            build,
            f"what {configuration.address} distributes" if build is None else build.address,
            share.verb,
            (outside,) if build is None else origins(graph, build),
            blocked,
            NO if key is None else YES,
            key,
        )
