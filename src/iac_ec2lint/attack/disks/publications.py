"""Who is let at images and snapshots by permissions, and at which private disks by that.

Those who are let in are everyone, or accounts by their numbers.

An organisation, and what the unit's own account or organisation is read from, is not foreign.
Sources: EC2 User Guide, "Make your AMI publicly available for use in Amazon EC2" and "Share an AMI
with specific AWS accounts"; EBS User Guide, "Share an Amazon EBS snapshot"; EC2 Image Builder API
Reference, LaunchPermissionConfiguration.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce
from typing import Final, Literal, NamedTuple

from iac_ec2lint.attack.disks.private_data import Privacy, privacy
from iac_ec2lint.compute.derivation import Link, Origin, made_at, origins, origins_at
from iac_ec2lint.compute.launch import launches, runs
from iac_ec2lint.compute.scripts.sharing_commands import sharing_commands
from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine.finding import Evidence, assumption
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.resources.image import ImageLaunchPermission, SnapshotPermission
from iac_ec2lint.resources.image_block_public_access import ImageBlockPublicAccess
from iac_ec2lint.resources.image_builder import (
    Distribution,
    DistributionConfiguration,
    ImageBuild,
)
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import DataSource, Place, Resource
from iac_ec2lint.resources.snapshot_block_public_access import SnapshotBlockPublicAccess
from iac_ec2lint.resources.volume import VolumeAttachment
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import (
    NO,
    YES,
    Answer,
    Reference,
    Step,
    Unknown,
    Val,
    any_of,
)

_ANYONE: Final = "any AWS account"
_RESTORE: Final = "make volumes of"
_BLOCKS: Final = ("block-all-sharing", "block-new-sharing")
_ACCOUNT: Final = regular_expression(r"\d{12}")
_OWN: Final = regular_expression(
    r"(.*\.)?data\.aws_caller_identity\..*|(.*\.)?aws_organizations_\w+\..*|AWS::AccountId"
)
"""The targets of references that mean one's own account, or those of one's organisation."""
_OF_AWS: Final = "alias/aws/ebs"
"""The key that AWS manages: what is encrypted with it cannot be shared."""

_NOT_MADE: Final = (Instance, LifecyclePolicy, VolumeAttachment)
"""What says of a disk whose it is, or that it is copied, and makes nothing of it."""
_REGION: Final = regular_expression(r"(.*\.)?data\.aws_region\..*|AWS::Region")


class Audience(NamedTuple):
    """Whom a permission lets in.

    Attributes:
        who: In words: ``any AWS account``, ``account 123456789012``.
        account: The account's number where it is one, empty where that is unknown; ``None``: all.
        answer: Whether it does, and is foreign.
    """

    who: str
    account: str | None
    answer: Answer


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
    """The permissions of a unit that let others in, or may.

    Args:
        graph: The graph.
        trusted_accounts: The accounts that are one's own or trusted. Without any, an account that
            is named by its number is taken to be another's.
    """
    for permission in graph.all(ImageLaunchPermission):
        for name, audience in _of_permission(permission, trusted_accounts):
            for edge in graph.targets(permission, "image"):
                found = _shared(graph, permission, name, audience, edge, "launch")
                blocked = _blocked(graph, permission.scope, "image")
                yield found._replace(blocked=blocked if audience.account is None else NO)
    for grant in graph.all(SnapshotPermission):
        for audience in _account(grant.account, trusted_accounts):
            for edge in graph.targets(grant, "snapshot"):
                yield _shared(graph, grant, "account", audience, edge, _RESTORE)
    yield from _by_commands(graph)
    for configuration in graph.all(DistributionConfiguration):
        for distribution in configuration.distributions:
            yield from _distributed(graph, configuration, distribution, trusted_accounts)
    for policy in graph.all(LifecyclePolicy):
        for schedule in policy.schedules:
            for value in schedule.target_accounts:
                for audience in _account(value, trusted_accounts):
                    yield Publication(
                        audience,
                        policy,
                        schedule.place("target_accounts", value),
                        policy,
                        f"the snapshots of {policy.address}",
                        _RESTORE,
                        origins(graph, policy),
                    )


def _of_permission(
    permission: ImageLaunchPermission, trusted: Collection[str]
) -> Iterator[tuple[str, Audience]]:
    group = permission.group
    if group is not None and group.equals("all").may_be_true:
        yield "group", Audience(_ANYONE, None, group.equals("all"))
    yield from (("account", audience) for audience in _account(permission.account, trusted))


def _shared(
    graph: Graph, declaring: Resource, field: str, audience: Audience, edge: Edge, verb: str
) -> Publication:
    made = made_at(graph, edge)
    known = made or edge.target
    name = "an image" if verb == "launch" else "a snapshot"
    name = known.address if known is not None else name
    made = None if isinstance(made, DataSource) else made
    return Publication(
        audience,
        declaring,
        declaring.place(field),
        made,
        name,
        verb,
        origins_at(graph, (edge,)),
    )


def _distributed(
    graph: Graph,
    configuration: DistributionConfiguration,
    distribution: Distribution,
    trusted: Collection[str],
) -> Iterator[Publication]:
    """The permissions of the images that Image Builder puts out by a configuration."""
    audiences: list[tuple[str, Val, Audience]] = []
    for value in distribution.user_groups:
        everyone = value.equals("all")
        if everyone.may_be_true:
            audiences.append(("user_groups", value, Audience(_ANYONE, None, everyone)))
    for value in distribution.user_ids:
        if value.equals("all").truth is True:
            audiences.append(("user_ids", value, Audience(_ANYONE, None, YES)))
        audiences += [("user_ids", value, one) for one in _account(value, trusted)]
    for value in distribution.target_accounts:
        audiences += [("target_accounts", value, one) for one in _account(value, trusted)]
    if not audiences:
        return
    builds: list[ImageBuild | None] = [
        edge.source
        for edge in graph.sources(configuration, "distribution_configuration")
        if isinstance(edge.source, ImageBuild) and edge.certain
    ]
    key = distribution.kms_key
    for name, value, audience in audiences:
        public = audience.account is None
        blocked = (
            _blocked(graph, configuration.scope, "image", distribution.region) if public else NO
        )
        for build in builds or [None]:
            reason = f"no image that {configuration.address} distributes is declared here"
            gap = Unknown(reason, "external-id", configuration.span)
            outside = Origin("outside", encrypted=Answer(None, (gap,)), gap=gap)
            yield Publication(
                audience,
                configuration,
                distribution.place(name, value),
                build,
                f"what {configuration.address} distributes" if build is None else build.address,
                "launch",
                (outside,) if build is None else origins(graph, build),
                blocked,
                NO if key is None else YES,
                key,
            )


def _account(value: Val | None, trusted: Collection[str]) -> Iterator[Audience]:
    """The account that a value names, if it may be foreign."""
    if value is None or value.of is not None or _is_own(value):
        return
    if isinstance(value, Unknown):
        foreign = value.test(lambda data: data not in trusted)
        if foreign.may_be_true:
            words = "an account that is not known"
            yield Audience(words, "", foreign & Answer(None, (value,)))
        return
    text = value.text or ""
    if not _ACCOUNT.fullmatch(text) or text in trusted:
        return
    answer = value.test(lambda _: True)
    if not trusted:
        # Nobody shares with the account that has it already.
        words = f"account {text} is taken to be another's than your own"
        answer &= Answer(True, (), (Step(value.span, words, assumed=True),))
    yield Audience(f"account {text}", text, answer)


def _is_own(value: Val) -> bool:
    references = value.references if isinstance(value, Unknown) else ()
    return bool(references) and all(_OWN.fullmatch(one.target) for one in references)


def _by_commands(graph: Graph) -> Iterator[Publication]:
    """What boot scripts make public."""
    for command in sharing_commands(graph):
        resource, place = command.script.resource, command.script.place
        kind = "Image" if command.kind == "image" else "Snapshot"
        for node in graph.resolve(command.id, (kind,)) or (None,):
            edge = Edge(resource, node, command.kind, command.id, resource, node is not None)
            audience = Audience(_ANYONE, None, _runs(graph, resource))
            verb = "launch" if command.kind == "image" else _RESTORE
            found = _shared(graph, resource, "user_data", audience, edge, verb)
            blocked = _blocked(graph, resource.scope, command.kind)
            place = place._replace(span=command.span, value=None)
            by = f"the boot script of {resource.address}"
            yield found._replace(place=place, blocked=blocked, by=by)


def _runs(graph: Graph, resource: Resource) -> Answer:
    """Whether anything that has a script starts; of a template that nobody uses it is taken so."""
    hosts = [x.host for x in launches(graph) if resource in (x.host, x.template) and not x.unused]
    return any_of(map(runs, hosts)) if hosts else YES


def _blocked(
    graph: Graph, scope: str, kind: Literal["image", "snapshot"], region: Val | None = None
) -> Answer:
    """Whether the account refuses to make images or snapshots public in the Region of a scope.

    What was public before may stay so: a permission is taken to be as young as the setting.

    Args:
        graph: The graph.
        scope: The scope.
        kind: Which of them.
        region: The Region itself, where it may be another than that of the scope.
    """
    found: list[Answer] = []
    for setting in sharing_settings(graph, scope, kind):
        on = setting.state.equals(*_BLOCKS) if setting.state is not None else NO
        found.append(on & setting.presence.answer)
    blocked = any_of(found)
    if region is None or _is_of_scope(region) or not blocked.may_be_true:
        return blocked
    reason = f"whether public sharing is blocked in {region.text or 'that Region'} is not known"
    return blocked & Answer(None, (Unknown(reason, "external-id", region.span),))


def sharing_settings(
    graph: Graph, scope: str, kind: Literal["image", "snapshot"]
) -> Iterator[ImageBlockPublicAccess | SnapshotBlockPublicAccess]:
    """The settings of a scope that say whether images or snapshots may be public."""
    if kind == "image":
        yield from (one for one in graph.all(ImageBlockPublicAccess) if one.scope == scope)
    else:
        yield from (one for one in graph.all(SnapshotBlockPublicAccess) if one.scope == scope)


def _is_of_scope(region: Val) -> bool:
    """Whether a Region is read from the configuration that a resource uses."""
    identity = region if isinstance(region, Reference) else region.of
    return identity is not None and _REGION.fullmatch(identity.target) is not None
