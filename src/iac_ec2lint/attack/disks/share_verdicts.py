"""What is said of those that images and snapshots are shared with."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Literal

from iac_ec2lint.attack.disks.shares import Share, public_sharing_blocked, shares, sharing_settings
from iac_ec2lint.engine.check import Verdict
from iac_ec2lint.engine.finding import Evidence, Severity

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph


def public_shares(graph: Graph, kind: Literal["image", "snapshot"]) -> Iterator[Verdict]:
    """A verdict for each permission that makes an image or a snapshot public, or may."""
    for share in shares(graph):
        audience = share.audience
        if share.kind == kind and audience.account is None and audience.answer.may_be_true:
            yield _verdict(graph, share)


def foreign_shares(graph: Graph, trusted_accounts: Collection[str]) -> Iterator[Verdict]:
    """A verdict for each share with accounts, or low with organisations, that are not trusted.

    Args:
        graph: The graph.
        trusted_accounts: See ``shares``.
    """
    for share in shares(graph, trusted_accounts):
        audience = share.audience
        if audience.account is not None and audience.answer.may_be_true:
            yield _verdict(graph, share, Severity.LOW if audience.organization else None)


def _verdict(graph: Graph, share: Share, severity: Severity | None = None) -> Verdict:
    """The verdict on a permission: medium at most on what AWS surely refuses to make public."""
    answer = share.audience.answer
    undecided = answer.truth is None
    if public_sharing_blocked(graph, share).truth is True:
        severity = Severity.MEDIUM
    return Verdict(
        subject=share.declaring,
        at=share.place,
        message=f"{share.by or share.declaring.address} {'may let' if undecided else 'lets'} "
        f"{share.audience.who} {share.verb} {_name(share)}",
        causes=tuple(dict.fromkeys(answer.causes)) if undecided else (),
        undecided=undecided,
        severity=severity,
        assumptions=answer.assumptions,
        evidence=tuple(_refusals(graph, share)),
        value=" ".join((share.kind, share.audience.who, _name(share))),
    )


def _name(share: Share) -> str:
    """What is shared, in words."""
    named = dict.fromkeys(e.target.address for e in share.edges if e.target is not None)
    if named:
        return " or ".join(named)
    if share.distribution is not None:
        return "the images that it distributes"
    many = "the snapshots that it takes"
    return "an image" if share.kind == "image" else "a snapshot" if share.edges else many


def _refusals(graph: Graph, share: Share) -> Iterator[Evidence]:
    """The settings by which AWS refuses to make it public."""
    if public_sharing_blocked(graph, share).truth is not True:
        return
    for setting in sharing_settings(graph, share.located, share.kind, share.region):
        words = f"{setting.address} blocks public sharing, so that AWS refuses it"
        yield Evidence(setting.place("state").span, words, setting.address)
