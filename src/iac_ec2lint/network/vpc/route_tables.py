"""Which route table a subnet has, and why.

Source: VPC User Guide, "Route table concepts"; semantics.md, B4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import External, Implicit, implicit
from iac_ec2lint.graph.other_units import filling_unit, is_of_another_unit, kind_of_unit
from iac_ec2lint.network.verdicts.conditional_presence import condition, conditions, doubts
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.subnets import (
    as_created,
    certain_vpc,
    is_default_vpc,
    perhaps_of,
    same_vpc,
    vpc_of,
)
from iac_ec2lint.resources.data_source import VpcDataSource
from iac_ec2lint.resources.route import (
    MainRouteTableAssociation,
    RouteTable,
    RouteTableAssociation,
    SeparateRoute,
)
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Input, Unknown, plain_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Resource

_KIND = "route table"
_MAIN = "main route table"
_MAIN_OF = (MainRouteTableAssociation, "aws_default_route_table")
"""What gives a VPC another main table."""
_OF_ROUTING = (SeparateRoute, RouteTable, RouteTableAssociation, MainRouteTableAssociation)


class TableChoice(NamedTuple):
    """A route table that a subnet may have.

    Attributes:
        table: A ``RouteTable``, the VPC's implicit main one, or one declared elsewhere; ``None``
            where it is unknown.
        certain: Whether it is the only candidate.
        why: The evidence: an association, the main table, ...
    """

    table: Resource | None
    certain: bool
    why: Hop


@remembered
def tables_of(graph: Graph, subnet: Resource) -> tuple[TableChoice, ...]:
    """The route tables that a subnet may have: one if certain, never empty."""
    return _tables_of(graph, subnet)


def may_have_more_routes(graph: Graph, table: Resource) -> bool:
    """Whether a table is declared elsewhere, so that it may have routes that are not here.

    One that another unit declares, and leaves empty, has those of a third one.
    """
    if isinstance(table, Implicit):
        return not (isinstance(table.owner, Vpc) or is_default_vpc(table.owner))
    if not isinstance(table, RouteTable):
        return True
    return is_of_another_unit(graph, table) and not (
        table.routes
        or any(isinstance(e.source, SeparateRoute) for e in graph.sources(table, "route_table"))
    )


@remembered
def main_table(graph: Graph, vpc: Resource) -> Resource | None:
    """A VPC's main route table, or the resource that adopts it; ``None`` where unknown."""
    nodes = [node for node in same_vpc(graph, vpc) if isinstance(node, Vpc | VpcDataSource)]
    # In CloudFormation nothing names it, so that nothing can change it either.
    named = [node for node in nodes if not node.declared.of_cloudformation]
    tables = [graph.implicit(node, _MAIN) for node in named]
    if tables:
        return next((table for table in tables if isinstance(table, RouteTable)), tables[0])
    if not nodes and not is_default_vpc(vpc):
        return None
    return implicit(f"the main route table of {vpc.address}", vpc, _MAIN, "RouteTable")


def _tables_of(graph: Graph, subnet: Resource) -> tuple[TableChoice, ...]:
    certain: list[TableChoice] = []
    possible: list[TableChoice] = []
    for edge in graph.sources(subnet, "subnet"):
        if isinstance(edge.source, RouteTableAssociation):
            causes = doubts(edge, edge.source, given=condition(subnet.presence))
            choices = _named(graph, edge.source, subnet, edge, causes)
            (possible if causes else certain).extend(choices)
    if certain:
        # A subnet has one explicit association: no other can be its own.
        return _settled(certain)
    vpc = vpc_of(graph, subnet)
    possible.extend(_loose(graph, subnet, vpc))
    return _settled([*possible, *_main_choices(graph, subnet, vpc)])


def _settled(choices: list[TableChoice]) -> tuple[TableChoice, ...]:
    if len({choice.table for choice in choices}) == 1:
        sure = next((choice for choice in choices if choice.certain), None)
        if sure is not None:
            return (sure,)
    if len(choices) == 1:
        return tuple(choices)
    return tuple(choice._replace(certain=False) for choice in choices)


def _named(
    graph: Graph,
    association: Resource,
    subject: Resource,
    edge: Edge,
    causes: tuple[Unknown, ...],
) -> Iterator[TableChoice]:
    """The tables that an association names."""
    for named in graph.targets(association, "route_table"):
        more = (*causes, *doubts(named, given=condition(subject.presence)))
        if named.target is None:
            words = f"nobody knows the route table that {association.address} names"
        else:
            words = f"{named.target.address} is associated with {subject.address}"
        yield _choice(association, edge, named, words, more)


def _choice(
    association: Resource,
    edge: Edge,
    named: Edge,
    words: str,
    causes: tuple[Unknown, ...],
) -> TableChoice:
    """The table that an association names, on a condition where there are causes of doubt.

    Args:
        association: The association.
        edge: By which it names the subnet or the VPC.
        named: By which it names the table.
        words: What it does.
        causes: The causes of doubt.
    """
    if causes:
        words = f"{words} on a condition ({conditions(causes)})"
    hop = Hop(
        _KIND,
        association,
        named.value.span,
        words,
        "unknown" if causes else "explicit",
        None if causes else True,
        causes,
        tuple(step for step in (*named.value.via, *edge.value.via) if step.assumed),
    )
    return TableChoice(named.target, not causes, hop)


def _loose(graph: Graph, subnet: Resource, vpc: Resource | None) -> Iterator[TableChoice]:
    """Associations whose subnet is unknown: each may be this subnet's."""
    for edge in graph.unresolved("subnet"):
        association = edge.source
        if not isinstance(association, RouteTableAssociation):
            continue
        for named in graph.targets(association, "route_table"):
            table = named.target
            if table is not None and vpc is not None and not isinstance(table, External):
                other = certain_vpc(graph, table)
                if other is not None and other is not vpc:
                    continue
            yield _may_be_associated(edge, association, subnet, table)


def _may_be_associated(
    edge: Edge, association: Resource, subject: Resource, table: Resource | None
) -> TableChoice:
    name = "a route table" if table is None else table.address
    words = f"{association.address} may associate {name} with {subject.address}"
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its subnet is unknown"
    cause = Unknown(f"{words}: {reason}", "may-attach", edge.value.span, edge.value.via)
    hop = Hop(_KIND, association, edge.value.span, words, "unknown", None, (cause,))
    return TableChoice(table, certain=False, why=hop)


def _main_choices(graph: Graph, subnet: Resource, vpc: Resource | None) -> Iterator[TableChoice]:
    """The main tables that a subnet without an association may have."""
    if not isinstance(subnet, Subnet) and not is_default_vpc(vpc):
        yield _unknown_choice(
            subnet, f"the route table of {subnet.address} is not in the source", asked=True
        )
        return
    if vpc is None:
        yield _unknown_choice(subnet, f"the VPC of {subnet.address} is unknown")
        return
    certain: list[TableChoice] = []
    possible: list[TableChoice] = []
    replaced = _replaced_main_tables(graph)
    for node in same_vpc(graph, vpc):
        for edge in replaced.get(node, ()):
            causes = doubts(edge, edge.source, given=condition(subnet.presence))
            choices = _named_main(graph, edge, subnet, vpc, causes)
            (possible if causes else certain).extend(choices)
    if certain:
        yield from certain
        return
    yield from possible
    for edge in replaced.get(None, ()):
        for named in graph.targets(edge.source, "route_table"):
            yield _may_be_associated(edge, edge.source, vpc, named.target)
    made = _made_with(graph, subnet, vpc)
    if isinstance(made.table, Implicit) and isinstance(made.table.owner, Vpc):
        yield from _perhaps_adopted(graph, vpc)
        by = _routing_unit(graph, subnet, vpc, made.table)
        if by:
            yield _unknown_choice(subnet, f"{by} may say which route table {subnet.address} has")
        elif _is_routed_elsewhere(graph, subnet):
            what = kind_of_unit(graph)
            words = f"what routes {subnet.address} is in another {what} than what it is declared in"
            yield _unknown_choice(subnet, words)
    yield made


def _routing_unit(graph: Graph, subnet: Resource, vpc: Resource, main: Resource) -> str:
    """A third unit that may give a subnet another table than the main one, which has no routes."""
    if any(isinstance(edge.source, SeparateRoute) for edge in graph.sources(main, "route_table")):
        return ""  # what is open by them stays so
    by = filling_unit(graph, subnet, RouteTableAssociation)
    return by or filling_unit(graph, vpc, *_MAIN_OF)


def _is_routed_elsewhere(graph: Graph, subnet: Resource) -> bool:
    """Whether a subnet comes from another unit, which has no routes and no route tables at all.

    Then a third one associates it with a table (``other_units``).
    """
    other = is_of_another_unit(graph, subnet)
    return other and subnet.declared.unit not in _units_with_routes(graph)


@remembered
def _units_with_routes(graph: Graph) -> frozenset[str]:
    return frozenset(one.declared.unit for kind in _OF_ROUTING for one in graph.all(kind))


@remembered
def _perhaps_adopted(graph: Graph, vpc: Resource) -> tuple[TableChoice, ...]:
    """The adopted main tables that may be a VPC's."""
    adopted = [table for table in graph.all(RouteTable) if table.is_default]
    edges = perhaps_of(graph, vpc, RouteTable) if adopted else ()
    return tuple(_may_be_main(edge, vpc) for edge in edges if edge.source in adopted)


def _may_be_main(edge: Edge, vpc: Resource) -> TableChoice:
    """A main table that Terraform adopts, of a VPC that is unknown."""
    table = edge.source
    words = f"{table.address} may be the main route table of {vpc.address}"
    reason = edge.value.reason if isinstance(edge.value, Unknown) else "its VPC is unknown"
    cause = Unknown(f"{words}: {reason}", "may-attach", edge.value.span, edge.value.via)
    hop = Hop(_KIND, table, edge.value.span, words, "unknown", None, (cause,))
    return TableChoice(table, certain=False, why=hop)


@remembered
def _replaced_main_tables(graph: Graph) -> dict[Resource | None, list[Edge]]:
    """The associations that replace main tables, by VPC; those of unknown VPCs by ``None``."""
    by_vpc: dict[Resource | None, list[Edge]] = {}
    for association in graph.all(MainRouteTableAssociation):
        for edge in graph.targets(association, "vpc"):
            by_vpc.setdefault(edge.target, []).append(edge)
    return by_vpc


def _named_main(
    graph: Graph,
    edge: Edge,
    subnet: Resource,
    vpc: Resource,
    causes: tuple[Unknown, ...],
) -> Iterator[TableChoice]:
    association = edge.source
    for named in graph.targets(association, "route_table"):
        more = (*causes, *doubts(named, given=condition(subnet.presence)))
        name = "a table that nobody knows" if named.target is None else named.target.address
        words = (
            f"{subnet.address} has no association of its own, so the main route table of "
            f"{vpc.address} applies, and that is {name}"
        )
        yield _choice(association, edge, named, words, more)


def _made_with(graph: Graph, subnet: Resource, vpc: Resource) -> TableChoice:
    table = main_table(graph, vpc)
    if table is None or may_have_more_routes(graph, table):
        words = f"the main route table of {vpc.address} is not in the source"
        return _unknown_choice(subnet, words, table)
    words = (
        f"{subnet.address} has no route table association, so the main route table of "
        f"{vpc.address} applies"
    )
    if isinstance(table, RouteTable):
        hop = Hop(_KIND, table, table.span, f"{words}, and that is {table.address}")
    elif is_default_vpc(vpc):
        step = as_created(subnet.span)
        hop = Hop(_KIND, subnet, subnet.span, words, "assumed", True, (), (step,))
    else:
        hop = Hop(_KIND, subnet, subnet.span, words, "default")
    return TableChoice(table, certain=True, why=hop)


def _unknown_choice(
    subnet: Resource, words: str, table: Resource | None = None, *, asked: bool = False
) -> TableChoice:
    literal = (subnet.text or subnet.named_by) if isinstance(subnet, External) else None
    named = literal or plain_address(subnet.address)
    inputs = (Input(named, subnet.span, "private-subnets"),) if asked else ()
    cause = Unknown(words, "external-id", subnet.span, inputs=inputs)
    hop = Hop(_KIND, subnet, subnet.span, words, "unknown", None, (cause,))
    return TableChoice(table, certain=False, why=hop)
