"""The graph of what lies below some paths, or part of it: joins front ends and drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.answers.drawing.composition import compose
from iac_ec2lint.answers.drawing.model import Drawn
from iac_ec2lint.answers.drawing.section import section_of
from iac_ec2lint.answers.drawing.selection import Selection, around, matched, narrow
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk

if TYPE_CHECKING:
    from iac_ec2lint.answers.drawing.model import DrawnSection
    from iac_ec2lint.answers.drawing.picture import Picture
    from iac_ec2lint.declaration import Unit
    from iac_ec2lint.engine.finding import Finding

__all__ = ["PictureRequest", "draw"]

_MOST = 150


class PictureRequest(NamedTuple):
    """What a picture is to show; all where neither addresses nor findings are given.

    Attributes:
        addresses: Addresses of resources; of those, what lies around is shown too.
        findings: Findings; ``None``: not asked for any.
        depth: How many references away from these things still count; ``None``: one from an
            address, none from a finding.
        cap: How many nodes a picture may have.
    """

    addresses: tuple[str, ...] = ()
    findings: tuple[Finding, ...] | None = None
    depth: int | None = None
    cap: int = _MOST


def draw(inputs: Inputs, asked: PictureRequest) -> Drawn:
    """The graph of each unit below some paths, and a picture of it.

    Args:
        inputs: What is read, and what it is evaluated with.
        asked: What is shown.

    Raises:
        UsageError: A path lies outside the boundary.
    """
    walk = UnitWalk(inputs)
    sections: list[DrawnSection] = []
    pictures: list[Picture] = []
    addresses: list[str] = []
    met: set[str] = set()
    cap = asked.cap
    for one in walk.graphs():
        unit, graph = one.unit, one.graph
        section = section_of(graph, unit)
        addresses += [node.address for node in section.nodes]
        met |= matched(section, asked.addresses)
        wanted = _wanted(asked, unit)
        chosen = None if wanted is None else around(section, wanted)
        picture = compose(graph, section, chosen, cap)
        cap -= len(picture.items)
        redactor = one.redactor()
        sections.append(redactor.redact(section if chosen is None else narrow(section, chosen)))
        pictures.append(redactor.redact(picture))
    return Drawn(
        tuple(sections),
        tuple(pictures),
        walk.errors,
        tuple(addresses),
        tuple(one for one in asked.addresses if one not in met),
        walk.stated,
    )


def _wanted(asked: PictureRequest, unit: Unit) -> tuple[Selection, ...] | None:
    if not asked.addresses and asked.findings is None:
        return None
    wanted = []
    if asked.addresses:
        wanted.append(Selection(asked.addresses, 1 if asked.depth is None else asked.depth))
    for finding in asked.findings or ():
        files = {finding.span.path, *(hop.span.path for hop in finding.evidence)}
        if files.isdisjoint((*unit.files, *unit.sources, unit.path)):
            continue
        judged = tuple(dict.fromkeys((finding.resource, *finding.resources, finding.subject)))
        proof = tuple(hop.resource for hop in finding.evidence if hop.resource)
        wanted.append(Selection(judged, asked.depth or 0, proof))
    return tuple(wanted)
