"""Inline policies that a list of them all names, and that nothing here declares.

Source: the provider's aws_iam_role_policies_exclusive: it removes policies, and makes none.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.resources.iam_principal import PrincipalPolicy
from iac_ec2lint.resources.iam_role import InlinePoliciesExclusive, RolePolicy
from iac_ec2lint.values import Unknown, Val

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.iam.principal import Grantee
    from iac_ec2lint.resources.part import Place, Resource


class ListedPolicy(NamedTuple):
    """A policy that is written elsewhere, or may be.

    Attributes:
        listing: The resource that names it.
        place: Where that does.
        gap: Why nobody knows what it says.
    """

    listing: Resource
    place: Place
    gap: Unknown


def policies_listed(graph: Graph, resource: Grantee, relation: str) -> Iterator[ListedPolicy]:
    """The policies that lists name and that are not in the source.

    Args:
        graph: The graph.
        resource: The role, user or group.
        relation: The relation by which its policies lead to it: ``roles``.
    """
    edges = graph.sources(resource, relation)
    own = {e.source for e in edges if isinstance(e.source, RolePolicy | PrincipalPolicy)}
    names = {part.name.text for part in resource.inline_policies if part.name is not None}
    for edge in graph.sources(resource, "listed_for"):
        listing = edge.source
        if not isinstance(listing, InlinePoliciesExclusive):
            continue
        listed = graph.targets(listing, "listed_policies")
        known = {id(one.value) for one in listed if one.target in own}
        for value in {id(one.value): one.value for one in listed}.values():
            if id(value) in known or (value.text is not None and value.text in names):
                continue
            yield ListedPolicy(
                listing, listing.place("listed_policies", value), _gap(listing, value)
            )


def _gap(listing: Resource, value: Val) -> Unknown:
    if isinstance(value, Unknown):
        reason = f"{listing.address} may list policies that are not in the source: {value.reason}"
        inputs = value.inputs
    else:
        reason = f"{listing.address} lists a policy that is not in the source: {value.text}"
        inputs = ()
    return Unknown(reason, "external-id", value.span, value.via, inputs=inputs)
