"""Private disks of which others get copies, by images and snapshots that are shared: PATH010."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce
from typing import Final, Literal

from iac_ec2lint.attack.private_data import Privacy, privacy
from iac_ec2lint.attack.publications import Publication, publications, settings_of
from iac_ec2lint.compute.derivation import Origin
from iac_ec2lint.declaration import Presence
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.lifecycle_policy import LifecyclePolicy
from iac_ec2lint.resources.part import Place
from iac_ec2lint.resources.volume import VolumeAttachment
from iac_ec2lint.values import YES, Answer, Unknown, any_of

_OF_AWS: Final = "alias/aws/ebs"
"""The key that AWS manages: what is encrypted with it cannot be shared."""

_NOT_MADE: Final = (Instance, LifecyclePolicy, VolumeAttachment)
"""What says of a disk whose it is, or that it is copied, and makes nothing of it."""


def published_disks(
    graph: Graph, severity: Severity, trusted_accounts: Collection[str]
) -> Iterator[Verdict]:
    """The permissions that let others at private disks of the unit.

    One verdict speaks of one permission and one instance, or one volume that no instance has.

    Args:
        graph: The graph.
        severity: Where everyone is let in; a single account is medium.
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
            yield _verdict(graph, publication, origin, held, answer, severity)


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


def _verdict(
    graph: Graph,
    publication: Publication,
    origin: Origin,
    held: Privacy,
    answer: Answer,
    severity: Severity,
) -> Verdict:
    undecided = answer.truth is None
    verb = "may be able to" if undecided else "can"
    return Verdict(
        subject=publication.made or publication.declaring,
        resource=publication.declaring,
        at=_place(publication, origin),
        message=f"{publication.audience.who} {verb} {publication.verb} {publication.name},"
        f" {_what(origin, undecided=undecided)}",
        causes=tuple(dict.fromkeys(answer.causes)) if undecided else (),
        undecided=undecided,
        severity=severity if publication.audience.account is None else Severity.MEDIUM,
        assumed=bool(answer.assumptions),
        evidence=(
            *_hops(publication, origin),
            *held.hops,
            *_breaking(graph, publication, origin),
        ),
        value=_identity(publication, origin),
        in_full=True,
    )


def _hops(publication: Publication, origin: Origin) -> Iterator[Evidence]:
    """The way from those who are let in to the disk."""
    declaring, who = publication.declaring, publication.audience
    verb = "may let" if isinstance(publication.place.value, Unknown) else "lets"
    by = publication.by or declaring.address
    words = f"{by} {verb} {who.who} {publication.verb} {publication.name}"
    yield Evidence(publication.place.span, words, declaring.address)
    for step in who.answer.assumptions:
        yield Evidence(step.span, step.words)
    for link in origin.links:
        yield Evidence(link.place.span, link.words, link.resource.address)


def _what(origin: Origin, *, undecided: bool) -> str:
    """What the copy holds, for the message."""
    verb = "may hold" if undecided else "holds"
    if origin.disk is None:
        return "and what it is made from is not declared here"
    if not origin.instances:
        return f"which {verb} the volume {origin.disk.subject.address}"
    hosts = " and ".join(host.address for host in origin.instances)
    return f"which {verb} the disk of {hosts}"


def _place(publication: Publication, origin: Origin) -> Place:
    """The permission, which is there only where all that it leads to is."""
    place = publication.place
    passed = [link.resource for link in origin.links]
    passed += [one for one in (origin.volume, *origin.instances) if one is not None]
    others = dict.fromkeys(
        one.presence
        for one in passed
        if one not in (publication.declaring, publication.made) and not one.presence.certain
    )
    return place._replace(presence=reduce(_within, others, place.presence))


def _within(inner: Presence, outer: Presence) -> Presence:
    return inner if inner.when and inner.when == outer.when else inner.within(outer)


def _breaking(graph: Graph, publication: Publication, origin: Origin) -> Iterator[Evidence]:
    """The cheapest changes that keep the data in, the most specific first."""
    where, who = publication.declaring, publication.audience
    public = who.account is None
    first = "take the permission back"
    if public:
        first = "share it with named accounts or the organisation only"
    yield Evidence(publication.place.span, f"to break it: {first}", where.address)
    made = [link for link in origin.links if not isinstance(link.resource, _NOT_MADE)]
    if made:
        words = "or: make it from a clean volume"
        yield Evidence(made[-1].place.span, words, made[-1].resource.address)
    disk = origin.disk
    if disk is not None and disk.encrypted.truth is not True:
        how = "what is encrypted cannot be public"
        if not public:
            how = f"a key keeps out who may not use it, as {who.who}"
        yield Evidence(disk.place.span, f"or: encrypt it: {how}", disk.subject.address)
    kind: Literal["image", "snapshot"] = "image" if publication.verb == "launch" else "snapshot"
    for setting in settings_of(graph, where.scope, kind) if public else ():
        words = "or: block public sharing"
        yield Evidence(setting.place("state").span, words, setting.address)


def _identity(publication: Publication, origin: Origin) -> str:
    """What tells the path from others, wherever it is written."""
    names = {link.resource.address for link in origin.links}
    names |= {host.address for host in origin.instances}
    if origin.volume is not None:
        names.add(origin.volume.address)
    account = publication.audience.account
    who = "all" if account is None else account or "?"
    return " ".join((publication.declaring.address, who, *sorted(names)))
