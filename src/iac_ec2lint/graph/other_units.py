"""What other units declare, of which a third one may declare more (semantics.md, B4).

Where each kind of resource has a root module of its own, as deployments of Terragrunt have it, one
declares a route table or a group, another its routes or rules. Who reads of the first does not name
the second, so that it is not joined.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from iac_ec2lint.declaration import Named
from iac_ec2lint.graph.nodes import Implicit
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Val


def is_of_another_unit(graph: Graph, resource: Resource) -> bool:
    """Whether a resource comes from another unit than the one that is judged.

    What AWS makes along with something is of that one's unit.
    """
    if isinstance(resource, Implicit):
        resource = resource.owner
    home, own = resource.declared.unit, graph.unit.declared.unit
    return bool(own and home) and home != own


def kind_of_unit(graph: Graph) -> str:
    """What people call a unit of the language: ``root module`` or ``stack``."""
    return "stack" if graph.unit.kind == "stack" else "root module"


def filling_unit(
    graph: Graph,
    resource: Resource,
    *kinds: type[Resource] | str,
    arguments: frozenset[str] = frozenset(),
    name: Val | None = None,
) -> str:
    """A third unit of the scan that may add something to a resource of another unit.

    It reads of the unit that declares the resource, and declares something of some types itself.

    Args:
        graph: The graph.
        resource: The route table, the group, the network ACL, the VPC, the role.
        kinds: What may be added to it: classes, or types of one language.
        arguments: The arguments by which these name it, where what names it neither by an output of
            its unit nor by its name is not meant.
        name: Its name, by which another unit may name one of the unit that is judged, too.

    Returns:
        The unit's path; empty where there is none.
    """
    known = (name.text if name is not None else None) or ""
    if not known and not is_of_another_unit(graph, resource):
        return ""
    names = (
        (kind,) if isinstance(kind, str) else (*kind.terraform, *kind.cloudformation)
        for kind in kinds
    )
    home = resource.owner if isinstance(resource, Implicit) else resource
    types = frozenset(chain.from_iterable(names))
    named = Named(home.address, arguments, known, home.declared.type) if arguments else None
    return graph.unit.added_to(home.declared.unit, types, named)


def filled_elsewhere(graph: Graph, resource: Resource, what: str, by: str = "") -> Unknown:
    """Why a resource of another unit may be filled by a third one: it is empty, or one is there.

    Args:
        graph: The graph.
        resource: The route table, the group, the network ACL.
        what: What it may be filled with: ``routes``.
        by: The third unit; empty where nobody knows which.
    """
    unit = kind_of_unit(graph)
    reason = f"{resource.address} has no {what} in its {unit}; another {unit} may add them"
    if by:
        reason = f"{by} may add {what} to {resource.address}"
    return Unknown(reason, "external-id", resource.span)
