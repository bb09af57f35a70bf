"""The graph as GraphML, written by networkx (graphml.graphdrawing.org)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.model import identities
from iac_ec2lint.report.escape import visible

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.answers.drawing.model import DrawnSection


def render(sections: Sequence[DrawnSection]) -> str:
    """The document: all nodes and edges, with what is known of each as data."""
    # Heavy, and imported where a graph is there already.
    import networkx as nx

    made: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for section, start in zip(sections, identities(sections), strict=True):
        for node in section.nodes:
            made.add_node(
                visible(f"{start}{node.address}"),
                unit=visible(section.unit),
                address=visible(node.address),
                type=visible(node.type),
                label=visible(node.label),
                kind=node.kind,
                path=visible(node.path),
                line=node.line,
            )
        for number, edge in enumerate(section.edges):
            made.add_edge(
                visible(f"{start}{edge.source}"),
                visible(f"{start}{edge.target}"),
                key=visible(f"{start}e{number}"),
                relation=edge.relation,
                path=visible(edge.path),
                line=edge.line,
                certain=edge.certain,
                ports=visible("; ".join(edge.ports)),
                confidence=str(edge.confidence),
            )
    return "\n".join(nx.generate_graphml(made, encoding="utf-8", named_key_ids=True)) + "\n"
