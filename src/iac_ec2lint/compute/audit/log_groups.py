"""Which log group something writes to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.log_group import LogGroup
from iac_ec2lint.values import Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource


def log_groups_of(graph: Graph, resource: Resource, relation: str) -> Iterator[LogGroup]:
    """The declared log groups that a field names, or may name.

    An ARN is often written with ``:*`` behind it, which is all streams of the group.
    """
    for edge in graph.targets(resource, relation):
        if isinstance(edge.target, LogGroup):
            yield edge.target
        elif edge.target is None:
            yield from _mentioned(graph, edge)


def _mentioned(graph: Graph, edge: Edge) -> Iterator[LogGroup]:
    for reference in edge.value.references if isinstance(edge.value, Unknown) else ():
        found = graph.get(reference.target)
        if isinstance(found, LogGroup):
            yield found
