"""The key pairs that instances are launched with, and which of them are the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.resources.key_pair import KeyPair
from iac_ec2lint.values import NO, YES, Answer, Reference, Unknown, Val
from iac_ec2lint.values.inputs import input_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource


class LaunchKey(NamedTuple):
    """The key pair that instances are launched with, as far as it is known.

    Attributes:
        launch: The launch.
        value: The value that names it, where it is written.
        candidates: For each key pair that it may be what identifies it: its address, its public
            key, the input that names it. Two that share an identity are the same.
        unknown: What is not known of it; ``None`` where it is one known key pair.
    """

    launch: Launch
    value: Val
    candidates: tuple[frozenset[str], ...]
    unknown: Unknown | None

    @property
    def identity(self) -> frozenset[str]:
        """What identifies it; empty where it may be one of several, or none is known."""
        return self.candidates[0] if len(self.candidates) == 1 else frozenset()

    def is_same(self, other: LaunchKey) -> Answer:
        """Whether two launches are given the same key pair (EC2 User Guide, "Key pairs").

        Key pairs are the same where they are one resource, have one name in one Region, or one
        public key. The same input that is not set on both sides is the same key pair.
        """
        if self.identity & other.identity:
            return YES
        gaps = tuple(gap for gap in (self.unknown, other.unknown) if gap is not None)
        return Answer(None, gaps) if gaps else NO


def launch_keys(graph: Graph, launch: Launch) -> Iterator[LaunchKey]:
    """The key pair of a launch; none where it is given none."""
    value = launch.settings.key_pair
    if value is None:
        return
    candidates: list[frozenset[str]] = []
    unknown: Unknown | None = None
    for edge in graph.follow(launch.host, launch.settings, "key_pair"):
        if edge.target is None:
            written = input_of(edge.value)
            candidates.append(frozenset() if written is None else frozenset((written,)))
            unknown = edge.value if isinstance(edge.value, Unknown) else unknown
        else:
            identity, gap = _of_pair(launch.host, edge.target)
            candidates.append(identity)
            unknown = gap if isinstance(gap, Unknown) else unknown
    if len(candidates) > 1 and unknown is None and isinstance(value, Unknown):
        unknown = value
    if candidates:
        yield LaunchKey(launch, value, tuple(candidates), unknown)


def _of_pair(host: Resource, pair: Resource) -> tuple[frozenset[str], Val | None]:
    """What identifies a key pair, and its public key where that leaves something open."""
    # A name names another key pair in another Region.
    address = f"{pair.address} {host.scope}"
    public: Val | None = pair.public_key if isinstance(pair, KeyPair) else None
    named = pair.name if isinstance(pair, KeyPair) else None
    # By a name that is not known it may be what others are given by name.
    gap = named if isinstance(named, Unknown) and not isinstance(named, Reference) else None
    if public is None:
        return frozenset((address,)), gap
    if isinstance(public, Unknown):
        written = input_of(public)
        generated = isinstance(public, Reference) and public.target.split(".")[-2:-1] == [
            "tls_private_key"
        ]
        identity = frozenset((address,) if written is None else (address, written))
        return identity, gap if generated else public
    # The comment at its end is no part of the key.
    material = " ".join((public.text or "").split()[:2])
    return frozenset((address, material) if material else (address,)), gap
