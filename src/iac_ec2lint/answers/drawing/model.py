"""The graph as data: the nodes and edges of each unit, and who comes in from the internet."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.network.sets.ports import ALL, PortSet, describe_ports

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iac_ec2lint.answers.drawing.picture import Picture
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span

INTERNET = "the internet"
"""The address of the node that stands for the internet; no resource has a space in its own."""

REACHES = "reaches"
"""The relation of the edges that are verdicts: clients reach the target."""

Kind = Literal["declared", "implicit", "external"]


class DrawnNode(NamedTuple):
    """A resource.

    Attributes:
        address: Its address; what an external one is known by.
        type: The type that it is declared with; of others the name of the class it stands for.
        label: What pictures call it.
        kind: ``declared``; ``implicit``: AWS makes it; ``external``: declared elsewhere.
        path: The file that declares it, or first mentions it; empty where none does.
        line: The line there, from 1; 0 where there is none.
    """

    address: str
    type: str
    label: str
    kind: Kind
    path: str = ""
    line: int = 0

    def redacted(self, redactor: Redactor) -> DrawnNode:
        """See ``source.concealment.Redacted``: literals name external things alone."""
        if self.kind != "external" or self.address == INTERNET:
            return self
        return redactor.fields_of(self)


class DrawnEdge(NamedTuple):
    """A reference from one resource to another, or a verdict (``REACHES``).

    Attributes:
        source: The address of the resource that refers; of a verdict who comes in.
        target: The address of the resource referred to; of a verdict what is reached.
        relation: The name of the field; ``REACHES``.
        path: Where it is written.
        line: The line there, from 1.
        certain: False where it is one of several candidates, may be absent, or is undecided.
        ports: Of a verdict the ports in words, by protocol: ``tcp 22, 443``.
        confidence: Of a verdict what it rests on.
        through: Of a verdict the addresses of the resources that say so, in order.
    """

    source: str
    target: str
    relation: str
    path: str
    line: int
    certain: bool
    ports: tuple[str, ...] = ()
    confidence: str = ""
    through: tuple[str, ...] = ()

    def redacted(self, redactor: Redactor) -> DrawnEdge:
        """See ``source.concealment.Redacted``: what is declared keeps the name that nodes have."""
        return self._replace(
            source=redactor.address(self.source),
            target=redactor.address(self.target),
            through=tuple(map(redactor.address, self.through)),
        )


class DrawnSection(NamedTuple):
    """The graph of one unit.

    Attributes:
        unit: The root module's folder, or the template's or plan's file, as messages name it.
        kind: ``root-module``, ``stack`` or ``plan``.
        nodes: The resources, by address.
        edges: The references and verdicts, by source, target and relation.
    """

    unit: str
    kind: str
    nodes: tuple[DrawnNode, ...]
    edges: tuple[DrawnEdge, ...]

    def redacted(self, redactor: Redactor) -> DrawnSection:
        """See ``source.concealment.Redacted``: what has one name afterwards is one."""
        hidden = redactor.fields_of(self)
        nodes = {node.address: node for node in hidden.nodes}
        return hidden._replace(
            nodes=tuple(nodes.values()), edges=tuple(dict.fromkeys(hidden.edges))
        )


class Drawn(NamedTuple):
    """All that a command has to show.

    Attributes:
        sections: The graphs, unit by unit.
        pictures: What is drawn of each, in the same order.
        errors: What kept something from being read or evaluated.
        addresses: The addresses that could be asked for.
        unmatched: The addresses that were asked for and name nothing.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
    """

    sections: tuple[DrawnSection, ...]
    pictures: tuple[Picture, ...]
    errors: tuple[Diagnostic, ...] = ()
    addresses: tuple[str, ...] = ()
    unmatched: tuple[str, ...] = ()
    stated: tuple[tuple[str, Span], ...] = ()


def identities(sections: Iterable[DrawnSection]) -> tuple[str, ...]:
    """What the ids of each section's nodes begin with: nothing where there is one section."""
    units = [section.unit for section in sections]
    return tuple(f"{unit}#" if len(units) > 1 else "" for unit in units)


def port_words(ports: Mapping[int, PortSet]) -> tuple[str, ...]:
    """Ports in words, protocol by protocol: ``tcp 22, 443``; all of all are ``all ports``."""
    if ALL in ports:
        every = ports[ALL]
        return ("all ports",) if every.is_everything else (f"ports {every.describe()}",)
    return tuple(describe_ports(protocol, ports[protocol]) for protocol in sorted(ports))
