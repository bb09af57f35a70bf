"""What is attached to a resource by others that name it: listeners, web ACLs, policies.

Much of a load balancer is declared beside it. What is there wherever the resource is counts as
surely attached; what another unit may attach is undecided (semantics.md, A4 and B0).
"""

from __future__ import annotations

from typing import TypeVar

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.verdicts.conditional_presence import condition, doubts
from iac_ec2lint.network.verdicts.unknown_modules import unknown_module_cause
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer, Unknown, references_of, walk_possible

R = TypeVar("R", bound=Resource)

_IDENTITIES = frozenset({"", "arn", "id", "Ref", "Arn", "LoadBalancerArn"})
"""The attributes by which others attach something to a resource."""


def attached(
    graph: Graph, resource: Resource, relation: str, kind: type[R], *, judged: bool = False
) -> tuple[tuple[R, Answer], ...]:
    """What names a resource in one of its relations, and whether it surely does.

    Args:
        graph: The graph.
        resource: The resource.
        relation: The relation of what is attached: ``load_balancer``.
        kind: The class of what is attached. One of which nobody knows what it names may be.
        judged: Whether it is what is attached that is judged, and so taken to exist, not the
            resource.
    """
    found: list[tuple[R, Answer]] = []
    for edge in (*graph.sources(resource, relation), *graph.unresolved(relation)):
        if isinstance(edge.source, kind):
            given, other = (edge.source, resource) if judged else (resource, edge.source)
            causes = doubts(edge, other, given=condition(given.presence))
            answer = Answer(None, causes) if causes else other.presence.answer
            found.append((edge.source, YES if answer.truth is None and not causes else answer))
    return tuple(found)


def attached_elsewhere(graph: Graph, resource: Resource) -> Unknown | None:
    """Why something that is not in the unit may be attached to a resource.

    It is handed to a module or stack that is not on the disk, or its ARN leaves the unit by an
    output.
    """
    handed = unknown_module_cause(graph, resource)
    return _put_out(graph).get(resource.address) if handed is None else handed


@remembered
def _put_out(graph: Graph) -> dict[str, Unknown]:
    """The resources whose ARNs are in outputs of the unit itself, by address."""
    found: dict[str, Unknown] = {}
    for output in graph.all(Output):
        value = output.value
        if value is None or not output.address.startswith(("output.", "Outputs.")):
            continue
        for one in walk_possible(value):
            for reference in references_of(one):
                if reference.attribute in _IDENTITIES:
                    words = f"{reference.target} leaves by {output.address}"
                    found.setdefault(reference.target, Unknown(words, "external-id", output.span))
    return found
