"""Who reaches what below some paths: joins the front ends, the graph and the network's verdicts."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach_arms import Asked, Told, with_arms
from iac_ec2lint.answers.reach_joined import View, with_choices, with_joined
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.declaration import address_matches
from iac_ec2lint.network.entry.internet_paths import INTERNET, ClientQuery
from iac_ec2lint.network.entry.listeners import listened
from iac_ec2lint.network.hosts.balancers import balancers
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.inside.interfaces import balancer_ends
from iac_ec2lint.network.inside.outbound import Sender, senders_of
from iac_ec2lint.network.reachability.inside import inside, open_inside
from iac_ec2lint.network.reachability.reach import (
    Reach,
    open_ports,
    reach_balancer,
    reach_port,
)
from iac_ec2lint.report.answers.reach_report import Reachability, ReachRow
from iac_ec2lint.values import without_keys

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from iac_ec2lint.answers.units import Survey, UnitGraph
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.values import Guard

__all__ = ["ClientQuery", "connect"]

_Answers: TypeAlias = "tuple[list[str], list[str], list[ReachRow]]"
"""The addresses that a unit has, those that are asked about, and the answers."""


def connect(
    inputs: Inputs,
    ports: Sequence[tuple[int, int]] = (),
    to: Sequence[str] = (),
    asked: ClientQuery | str = INTERNET,
) -> Reachability:
    """Whether clients reach each workload and each load balancer below some paths.

    Args:
        inputs: What is read, and what it is evaluated with.
        ports: Protocols and ports, of ICMP types; none for the ranges that are open.
        to: Addresses of workloads and load balancers, without a key all instances; none for all.
        asked: Who wants to get in; the address of a workload or load balancer for what is inside.

    Raises:
        UsageError: A path lies outside the boundary.
    """
    walk = UnitWalk(inputs)
    asking = _Asking(walk.survey, ports, to, asked)
    rows: list[ReachRow] = []
    addresses: list[str] = []
    matched: set[str] = set()
    for one in walk.graphs():
        answers = asking.with_others(one)
        if inputs.branches == "all":
            for condition, told in walk.survey.other_branches(one, asking.alone):
                answers = told if condition is None else answers
        there, wanted, found = answers
        addresses += there
        matched.update(t for t in to if any(address_matches(t, a) for a in wanted))
        rows += found
    if isinstance(asked, str):
        to = (*to, asked)
        matched.update(a for a in (asked,) if any(address_matches(asked, one) for one in addresses))
    unmatched = tuple(one for one in to if one not in matched)
    return Reachability(tuple(rows), walk.errors, tuple(addresses), unmatched, walk.stated)


class _Asking:
    """Asks one question about units."""

    def __init__(
        self,
        survey: Survey,
        ports: Sequence[tuple[int, int]],
        to: Sequence[str],
        asked: ClientQuery | str,
    ) -> None:
        self._survey = survey
        self._ports = ports
        self._to = to
        self._asked = asked

    def alone(self, one: UnitGraph) -> _Answers:
        """The answers about a unit that hold whatever other units say."""
        here, wanted, told = self._told_of(one)
        return here, wanted, _rows_of(one, told)

    def with_others(self, one: UnitGraph) -> _Answers:
        """The answers about a unit with what other units say of its values."""
        here, wanted, told = self._told_of(one)
        survey, joins = self._survey, one.unit.joins
        redactors: list[Redactor] = []

        def seen(chosen: Mapping[str, Path] | None = None) -> View:
            with survey.half_the_rest() as budget:
                other = survey.graph(one.job, chosen=chosen)
                _, _, more = self._told_of(other)
            redactors.append(other.redactor())
            whole = not (budget.refused or other.unit.diagnostics)
            files = tuple(map(survey.files.display, (chosen or {}).values()))
            return View(more, other.unit.joins.found, whole, files)

        if _is_open(told) and joins.found:
            told = with_joined(told, seen())
        if _is_open(told) and joins.choices:
            told = with_choices(told, [seen(chosen) for chosen in joins.choices])
        rows = _rows_of(one, told)
        for redactor in redactors:
            rows = redactor.redact(rows)
        return here, wanted, rows

    def _told_of(self, one: UnitGraph) -> tuple[list[str], list[str], Told]:
        here = _Unit(one.unit.path, one.graph, self._ports, self._asked)
        to = self._to
        wanted = [a for a in here.addresses if not to or any(address_matches(t, a) for t in to)]
        told = with_arms(here.answers(frozenset(wanted)), partial(self._take_arm, one))
        return here.addresses, wanted, told

    def _take_arm(self, one: UnitGraph, taken: Guard, wanted: frozenset[str]) -> Told | None:
        if one.job.kind == "plan":
            return None
        unit, survey = one.unit, self._survey
        joins, others = unit.joins, unit.branches.others
        with survey.half_the_rest() as budget:
            arm = survey.graph(one.job, others, taken, joined=joins.taken, chosen=joins.chosen)
            found = _Unit(unit.path, arm.graph, self._ports, self._asked).answers(wanted)
        unit.secrets |= arm.unit.secrets
        return None if budget.refused else found


def _rows_of(one: UnitGraph, told: Told) -> list[ReachRow]:
    path = one.unit.path
    found = [ReachRow.of(path, each.reach, each.port) for a in told for each in told[a]]
    return one.redactor().redact(found)


def _is_open(told: Told) -> bool:
    return any(each.reach.truth is None for rows in told.values() for each in rows)


class _Unit:
    """The answers about one unit."""

    def __init__(
        self, path: str, graph: Graph, ports: Sequence[tuple[int, int]], asked: ClientQuery | str
    ) -> None:
        self._graph = graph
        self._ports = ports
        self._workloads = {w.resource.address: w for w in workloads(graph)}
        self._balancers = {b.resource.address: b for b in balancers(graph)}
        # What an exporting stack declares is answered in its own unit.
        every = [workload.resource for workload in self._workloads.values()]
        every += [balancer.resource for balancer in self._balancers.values()]
        self.addresses = sorted(one.address for one in every if one.declared.unit == path)
        self._asked = INTERNET if isinstance(asked, str) else asked
        self._sources: list[Sender] | None = None
        if isinstance(asked, str):
            named = (address for address in self.addresses if address_matches(asked, address))
            self._sources = [stand for address in named for stand in self._stands(address)]

    def answers(self, wanted: frozenset[str]) -> Told:
        """The answers about some addresses, in order."""
        asked = [a for a in self.addresses if a in wanted or without_keys(a) in wanted]
        if self._sources == []:
            return {}
        return {address: [*self._about(address)] for address in asked}

    def _about(self, address: str) -> Iterator[Asked]:
        for port in self._ports:
            yield Asked(self._answer(address, port), port[1])
        if self._ports:
            return
        if address in self._balancers:
            for protocol, ports in listened(self._graph, self._balancers[address]):
                answer = self._answer(address, (protocol, ports.ranges[0][0]))
                yield Asked(answer._replace(ports=ports))
        else:
            yield from map(Asked, self._open(self._workloads[address]))

    def _answer(self, address: str, port: tuple[int, int]) -> Reach:
        graph, workload = self._graph, self._workloads.get(address)
        if self._sources is not None:
            return inside(graph, self._sources, workload or self._balancers[address], port)
        if workload is None:
            return reach_balancer(graph, self._balancers[address], port, self._asked)
        return reach_port(graph, workload, port, self._asked)

    def _open(self, workload: Workload) -> tuple[Reach, ...]:
        if self._sources is None:
            return open_ports(self._graph, workload, self._asked)
        return open_inside(self._graph, self._sources, workload)

    def _stands(self, address: str) -> tuple[Sender, ...]:
        workload = self._workloads.get(address)
        if workload is not None:
            return senders_of(self._graph, workload)
        return tuple(map(Sender, balancer_ends(self._graph, self._balancers[address])))
