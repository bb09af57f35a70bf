"""Defaults of Terraform's AWS provider that are others since one of its major versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.resources.database import Warehouse
from iac_ec2lint.resources.provider import LockedProvider, Provider, RequiredProviders, side_of
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.auxiliary import Auxiliary
    from iac_ec2lint.resources.part import Resource

_PRIVATE_SINCE: Final = 6
"""The version of the AWS provider that makes clusters of Redshift private by default."""


def public_by_provider(graph: Graph, cluster: Resource) -> Hop | None:
    """Whether a cluster of Redshift has a public address that does not say so; ``None`` for others.

    Args:
        graph: The graph.
        cluster: The data store.

    Source: AWS provider, "Terraform AWS Provider Version 6 Upgrade Guide": ``publicly_accessible``
    is false by default since, and was true.
    """
    if not isinstance(cluster, Warehouse) or cluster.type != "aws_redshift_cluster":
        return None
    flag, name = cluster.publicly_accessible, cluster.address
    left_open = isinstance(flag, Unknown) and flag.unset
    if not flag.implied and not left_open:
        return None
    for one, constraint, chosen in _versions(graph):
        side = side_of(constraint, _PRIVATE_SINCE)
        if side and (side == "from" or not left_open):
            public = side == "before"
            words = "publicly accessible" if public else "not publicly accessible"
            fact = f"{name} is {words} by default of the version of the provider that is {chosen}"
            if not left_open:
                return Hop("address", cluster, one.span, fact, "default", public)
            return None
    fact = f"{name} may be publicly accessible"
    words = f"{name} is public by default before version {_PRIVATE_SINCE} of its provider"
    gap = Unknown(f"{words}, and which is used is not known", "computed", cluster.span)
    causes = (flag,) if isinstance(flag, Unknown) else (gap,)
    return Hop("address", cluster, cluster.span, fact, "unknown", None, causes)


def _versions(graph: Graph) -> Iterator[tuple[Auxiliary, str, str]]:
    """What says which version of the AWS provider is used: where, its constraint, and how."""
    for lock in graph.all(LockedProvider):
        if lock.provider == "aws" and lock.version is not None and lock.version.text:
            yield lock, lock.version.text, "selected"
    for required in graph.all(RequiredProviders):
        yield required, required.version_of("aws"), "required"
    for provider in graph.all(Provider):
        if provider.type == "provider.aws" and provider.version is not None:
            yield provider, provider.version.text or "", "required"
