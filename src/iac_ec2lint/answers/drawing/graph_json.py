"""The graph as JSON; ``graph.schema.json`` beside this file describes it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.answers.drawing.model import REACHES, identities
from iac_ec2lint.report.serialisation import serialise, stated_rows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from iac_ec2lint.answers.drawing.model import DrawnEdge, DrawnNode, DrawnSection
    from iac_ec2lint.source.span import Span


def render(sections: Sequence[DrawnSection], stated: Sequence[tuple[str, Span]] = ()) -> str:
    """The JSON."""
    return serialise(document(sections, stated))


def document(
    sections: Sequence[DrawnSection], stated: Sequence[tuple[str, Span]] = ()
) -> dict[str, object]:
    """The JSON's structure.

    Args:
        sections: The graphs.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
    """
    started = list(zip(sections, identities(sections), strict=True))
    return {
        "version": 1,
        "units": [{"path": section.unit, "kind": section.kind} for section in sections],
        "nodes": [
            _node(node, section.unit, start) for section, start in started for node in section.nodes
        ],
        "edges": [_edge(edge, start) for section, start in started for edge in section.edges],
        "stated": stated_rows(stated),
    }


def _node(node: DrawnNode, unit: str, start: str) -> dict[str, object]:
    return {
        "id": f"{start}{node.address}",
        "unit": unit,
        "address": node.address,
        "type": node.type,
        "label": node.label,
        "kind": node.kind,
        "path": node.path or None,
        "line": node.line or None,
    }


def _edge(edge: DrawnEdge, start: str) -> dict[str, object]:
    found: dict[str, object] = {
        "source": f"{start}{edge.source}",
        "target": f"{start}{edge.target}",
        "relation": edge.relation,
        "path": edge.path,
        "line": edge.line,
        "certain": edge.certain,
    }
    if edge.relation == REACHES:
        found["ports"] = list(edge.ports)
        found["confidence"] = edge.confidence
    return found
