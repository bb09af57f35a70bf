"""Who reaches what, as ``iac-ec2lint reach`` tells it, and its JSON.

``reach.schema.json`` beside this file describes the JSON. The text is ``reach_text``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.network.entry.group_hops import port_words
from iac_ec2lint.network.sets.ports import (
    ALL,
    ICMP,
    ICMPV6,
    PortSet,
    describe_ports,
    protocol_name,
)
from iac_ec2lint.report.escape import place
from iac_ec2lint.report.serialisation import serialise, stated_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from iac_ec2lint.network.reachability.reach import Reach
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step, Unknown


class ReachRow(NamedTuple):
    """An answer, and the unit that it is about.

    Attributes:
        unit: The root module's folder, or the template's file, as messages name it.
        reach: The answer.
        asked: The port that was asked for, of ICMP the type; ``None`` where none was.
        ports: The ports that it is about, as text.
        ports_in_words: The same with the protocol: ``tcp 22``.
        clients: The blocks of addresses of who surely gets in, of each family.
        clients_in_words: The same for people.
    """

    unit: str
    reach: Reach
    asked: int | None
    ports: str
    ports_in_words: str
    clients: tuple[str, ...]
    clients_in_words: tuple[str, ...]

    @classmethod
    def of(cls, unit: str, reach: Reach, asked: int | None = None) -> ReachRow:
        """The row of an answer, in texts: what is secret can be taken out of those."""
        return cls(
            unit,
            reach,
            asked,
            port_text(reach.protocol, reach.ports),
            _ports_in_words(reach, asked),
            tuple(cidr for clients in reach.clients for cidr in clients.cidrs()),
            tuple(clients.describe() for clients in reach.clients),
        )


class Reachability(NamedTuple):
    """All answers.

    Attributes:
        rows: Unit by unit, workload by workload.
        errors: What kept something from being read or evaluated.
        addresses: The workloads and load balancers that there are.
        unmatched: The addresses that were asked for and name none of them.
        stated: What rests on the word of a configuration alone; see ``Summary.stated``.
    """

    rows: tuple[ReachRow, ...]
    errors: tuple[Diagnostic, ...]
    addresses: tuple[str, ...]
    unmatched: tuple[str, ...] = ()
    stated: tuple[tuple[str, Span], ...] = ()


def render(found: Reachability) -> str:
    """The JSON."""
    # One row after another: all of them as dictionaries take more room than the text.
    rows = map(_row, found.rows)
    return serialise({"version": 1, "workloads": rows, "stated": stated_rows(found.stated)})


def port_text(protocol: int, ports: PortSet) -> str:
    """Ports as text: ``22, 80-443``; of ICMP types, with a code where not all are meant."""
    if protocol not in (ICMP, ICMPV6):
        return ports.describe()
    return ", ".join(_types(ports))


def protocol_text(protocol: int) -> str:
    """A protocol as text: ``tcp``, ``all``, a number where it has no name."""
    if protocol == ALL:
        return "all"
    return protocol_name(protocol).removeprefix("protocol ")


def missing_texts(missing: Iterable[Unknown]) -> list[str]:
    """What is missing, each once, with where it is asked for."""
    found: dict[str, str] = {}
    for gap in missing:
        where = place(gap.span.path, gap.span.line)
        found.setdefault(gap.reason, f"{gap.reason} ({where})")
    return list(found.values())


def assumption_texts(assumptions: Iterable[Step]) -> list[str]:
    """What an answer rests on, each once, with where it is written."""
    found: dict[str, str] = {}
    for step in assumptions:
        found.setdefault(step.words, f"{step.words} ({place(step.span.path, step.span.line)})")
    return list(found.values())


def _row(row: ReachRow) -> dict[str, object]:
    reach = row.reach
    port: dict[str, object] = {"port": row.asked} if row.asked is not None else {"ports": row.ports}
    return {
        "unit": row.unit,
        "resource": reach.resource.address,
        "protocol": protocol_text(reach.protocol),
        **port,
        "family": [family.value for family in reach.families],
        "verdict": reach.verdict,
        "confidence": reach.confidence,
        "via": reach.via,
        "evidence": [_hop(hop) for hop in reach.evidence],
        "blocked_by": [_hop(hop) for hop in reach.blocked_by],
        "missing": missing_texts(reach.missing),
        "assumptions": assumption_texts(reach.assumptions),
        "authenticated": list(reach.authenticated),
        "reachable_from": list(row.clients),
    }


def _ports_in_words(reach: Reach, asked: int | None) -> str:
    if asked is not None and reach.protocol in (ICMP, ICMPV6):
        return port_words((reach.protocol, asked * 256))
    if reach.protocol == ALL:
        return "all ports" if reach.ports.is_everything else f"ports {reach.ports.describe()}"
    return describe_ports(reach.protocol, reach.ports)


def _hop(hop: Hop) -> dict[str, object]:
    span = hop.span
    return {
        "kind": hop.kind,
        "resource": hop.resource.address,
        "path": span.path,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "message": hop.fact,
        "origin": hop.origin,
    }


def _types(ports: PortSet) -> Iterator[str]:
    for first, last in ports.ranges:
        at = first
        while at <= last:
            kind, code = divmod(at, 256)
            whole = (last + 1) // 256 - 1
            if code or whole < kind:
                end = min(last, kind * 256 + 255)
                codes = f"{code}" if end == at else f"{code}-{end % 256}"
                yield f"{kind} code {codes}"
            else:
                end = whole * 256 + 255
                yield f"{kind}" if whole == kind else f"{kind}-{whole}"
            at = end + 1
