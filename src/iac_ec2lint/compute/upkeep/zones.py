"""In how many Availability Zones hosts run, as far as the unit says.

Zones are compared by what they mean: ``names[0]`` and ``names[1]`` of a lookup are two zones, and
so are ``${region}a`` and ``${region}b``, whichever Region that is. A Local Zone beside a zone of
its Region may have that as its parent, so that whether they fail together is not known (AWS Local
Zones User Guide, "Concepts").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch.launches import HOST_TYPES, launches_of
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.data_source import SubnetDataSource
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.source.regular_expression import regular_expression
from iac_ec2lint.values import NO, Answer, Reference, Step, Unknown, Val, Value
from iac_ec2lint.values.inputs import input_of, is_one_id, named_by
from iac_ec2lint.values.unfilled import to_fill_in

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Edge, Graph
    from iac_ec2lint.resources.part import Place, Resource
    from iac_ec2lint.resources.vpc import Vpc

_LISTS: Final = ("names[", "zone_ids[")
"""What a lookup of zones lists, each once."""
_EVERY: Final = "Fn::GetAZs"
"""What lists all zones of a Region, which are three, or two for some accounts (EC2 User Guide,
"Regions and Zones"; CloudFormation template reference, "Fn::GetAZs")."""
_ID: Final = regular_expression(r"[a-z]+\d+(?:-[a-z0-9]+)*-az\d+")
"""The id of a zone: ``euw1-az1``, of a Local Zone ``usw2-lax1-az1``."""


_MARKUP: Final = regular_expression(r"\$\{|\{\{|<%")
"""What a program that renders templates replaces, perhaps by several subnets: no id has it."""


class Placement(NamedTuple):
    """Where a host's instances run.

    Attributes:
        spread: Whether they run in two zones at least.
        place: Where the host says so.
        words: What confines them to one zone, where something does.
    """

    spread: Answer
    place: Place
    words: str


class _Spot(NamedTuple):
    """One subnet or zone that instances are launched into.

    Attributes:
        name: What it is called: one spot may be said several times.
        zone: Its zone.
        certain: Whether it is there for certain.
        doubt: Why it is not, where that is known.
    """

    name: str
    zone: Val
    certain: bool = True
    doubt: Unknown | None = None


@remembered
def placement(graph: Graph, host: Resource) -> Placement | None:
    """Where a group's or a fleet's instances run; ``None`` where nothing says it.

    Args:
        graph: The graph.
        host: An ``AutoScalingGroup``, ``Ec2Fleet`` or ``SpotFleet``.
    """
    if isinstance(host, AutoScalingGroup):
        name = "subnets" if host.subnets else "availability_zones"
        edges = graph.targets(host, "subnets")
        found = [*_spots(edges), *_named(() if edges else host.availability_zones)]
        if edges:
            found += _blank_subnets(host)
        place = _at_group(graph, host, host.place(name))
    else:
        found = [spot for launch in launches_of(graph, host) for spot in _of_launch(graph, launch)]
        place = host.place("templates")._replace(span=host.span, attribute="", value=None)
    if not found:
        return None
    spots = [spot for spot in found if isinstance(spot, _Spot)]
    gaps = tuple(gap for gap in found if isinstance(gap, Unknown))
    sure = several(spot.zone for spot in spots if spot.certain)
    if sure.truth is True:
        return Placement(sure, place, "")
    if gaps:
        return Placement(Answer(None, gaps[:1]), place, "")
    names = {spot.name for spot in spots}
    if len(names) == 1 and spots[0].certain:
        return Placement(NO, place, f"{names.pop()} alone")
    spread = several(spot.zone for spot in spots)
    if spread.truth is True:  # only if all are there
        why = Unknown("not all of the subnets are certain to be there", "external-id", place.span)
        told = [spot.doubt for spot in spots if spot.doubt is not None]
        return Placement(Answer(None, tuple(told) or (why,)), place, "")
    zone = next((spot.zone.text for spot in spots if spot.zone.text), "one zone")
    return Placement(spread, place, f"all subnets are in {zone}")


def _at_group(graph: Graph, group: AutoScalingGroup, place: Place) -> Place:
    """Where a group names its subnets: what a module puts out is for whoever takes it."""
    outputs = (one.declared.extent for one in graph.all(Output))
    return group.here(place) if any(one.contains(place.span) for one in outputs) else place


def several(zones: Iterable[Val]) -> Answer:
    """Whether zones are two different ones at least; false where there is none."""
    picks: dict[Hashable, set[str]] = {}
    inputs: dict[str, Unknown] = {}
    unknown: list[Unknown] = []
    steps: dict[Step, None] = {}
    for zone in zones:
        if _lists_every(zone):
            words = "a Region has two Availability Zones at least"
            return Answer(True, (), (Step(zone.span, words, assumed=True),))
        key = _key(zone)
        if key is None:
            named = None if isinstance(zone, Reference) else input_of(zone)
            if named is not None and isinstance(zone, Unknown):
                inputs[named] = zone  # whatever it is, it is the same wherever it stands
            elif isinstance(zone, Unknown):
                unknown.append(zone)
            continue
        base, pick = key
        picks.setdefault(base, set()).add(pick)
        if len(picks) > 1:
            words = "whether the zones are different ones is not known"
            unknown.append(Unknown(words, "expression", zone.span))
        steps.update((step, None) for step in zone.via if step.assumed)
    if any(len(same) > 1 for same in picks.values()):
        return Answer(True, (), tuple(steps))
    if len(inputs) + len(picks) > 1:
        unknown.extend(inputs.values())
    return Answer(None, tuple(unknown)) if unknown else Answer(False, (), tuple(steps))


@remembered
def spread_of_vpc(graph: Graph, vpc: Vpc) -> Answer | None:
    """Whether the subnets of a VPC are in two zones at least; ``None`` where nothing runs in them.

    Subnets that nobody declares here are not counted.
    """
    subnets: dict[Subnet, bool] = {}
    for edge in graph.sources(vpc, "vpc"):
        if isinstance(edge.source, Subnet):
            certain = edge.certain and edge.source.presence.certain
            subnets[edge.source] = certain or subnets.get(edge.source, False)
    used = (edge.source for one in subnets for edge in graph.sources(one, "subnet", "subnets"))
    if not any(isinstance(user, (*HOST_TYPES, NetworkInterface)) for user in used):
        return None
    sure = [zone_of(subnet) for subnet, certain in subnets.items() if certain]
    spread = several(sure)
    if spread.truth is True:
        return spread
    may = [edge.value for edge in graph.unresolved("vpc") if isinstance(edge.source, Subnet)]
    if vpc.address in graph.escaped or may or len(sure) < len(subnets):
        words = "which subnets the VPC has is not known"
        return Answer(None, (Unknown(words, "external-id", vpc.span),))
    return NO if len(subnets) == 1 else spread


def zone_of(subnet: Subnet | SubnetDataSource) -> Val:
    """The zone of a subnet; unknown where AWS chooses it."""
    zone = subnet.availability_zone
    if isinstance(subnet, Subnet) and (zone is None or zone.is_null):
        zone = subnet.availability_zone_id
    if zone is not None and not zone.is_null:
        return zone
    words = f"AWS chooses the zone of {subnet.address}"
    return Unknown(words, "computed", subnet.span)


def _spots(edges: Iterable[Edge]) -> Iterator[_Spot | Unknown]:
    """The subnets that edges lead to, and why there may be others."""
    for edge in edges:
        target, value = edge.target, edge.value
        if isinstance(target, Subnet | SubnetDataSource):
            # One for each zone, and a group in each: the group of a zone has that subnet alone.
            there = target.presence.certain or (
                isinstance(value, Reference) and target.presence.key == edge.source.presence.key
            )
            yield _Spot(target.address, zone_of(target), edge.certain and there)
        elif value.text is not None and edge.certain and _MARKUP.search(value.text):
            yield Unknown(f'what "{value.text}" becomes is not known', "external-id", value.span)
        elif (left := to_fill_in(value)) is not None and edge.certain:
            words = f"the default of {left.key} names no subnet"
            yield _Spot(left.key, Unknown(words, "external-id", value.span, inputs=(left,)))
        elif isinstance(value, Value) and value.text is not None and edge.certain:
            for name in value.text.split(","):  # a list as one text
                words = f'the zone of "{name.strip()}" is not known'
                yield _Spot(f'"{name.strip()}"', Unknown(words, "external-id", value.span))
        elif is_one_id(value):
            yield _Spot(named_by(value) or "one subnet", value, edge.part.presence.certain)
        elif isinstance(value, Unknown):
            yield value
        else:
            yield Unknown("the subnets are declared elsewhere", "external-id", value.span)


def _blank_subnets(group: AutoScalingGroup) -> Iterator[Unknown]:
    """The empty ids among the subnets of a group of a template, which are to be filled in.

    EC2 finds no subnet of such an id (EC2 API Reference, "Error codes", InvalidSubnetID.NotFound),
    so that whoever deploys the template gives another; Terraform leaves it out.
    """
    if not group.declared.of_cloudformation:
        return
    for section, steps in group.written_at("subnets"):
        value = section.get(str(steps[-1]))
        for one in value.elements() if isinstance(value, Value) else ():
            if one.text == "":
                words = f"an empty text is given for a subnet of {group.address}"
                yield Unknown(words, "external-id", one.span)


def _named(zones: Iterable[Val]) -> Iterator[_Spot | Unknown]:
    for zone in zones:
        if _lists_every(zone):
            yield _Spot("all zones of the Region", zone)
        elif _key(zone) is None and isinstance(zone, Unknown):
            yield zone  # it may be a list of several
        else:
            yield _Spot(f'"{zone.text}"' if zone.text else "one zone", zone)


def _of_launch(graph: Graph, launch: Launch) -> Iterator[_Spot | Unknown]:
    settings = launch.settings
    edges = [*graph.follow(launch.host, settings, "subnet")]
    for interface in settings.network_interfaces:
        edges += graph.follow(launch.host, interface, "subnet")
    zone = settings.availability_zone
    if edges:
        yield from _spots(edges)
    elif zone is not None:
        name = f'"{zone.text}"' if zone.text else "one zone"
        words = f"whether {launch.host.address} launches from all that it names is not known"
        doubt = None if launch.certain else launch.doubt(words)
        yield _Spot(name, zone, launch.certain, doubt)
    else:
        yield Unknown("a launch names neither a subnet nor a zone", "external-id", settings.span)


def _lists_every(zone: Val) -> bool:
    """Whether a value is the list of all zones of a Region."""
    return isinstance(zone, Reference) and (
        zone.attribute == "names" and zone.target.startswith(_EVERY)
    )


def _key(zone: Val) -> tuple[Hashable, str] | None:
    """What a zone is one of, and which of these; ``None`` where that is not known."""
    if isinstance(zone, Value):
        text = (zone.text or "").lower()
        if not text:
            return None
        if _ID.fullmatch(text):  # which name an account has for it is not known
            return ("local id" if text.count("-") > 1 else "id"), text
        return ("local" if _is_local(text) else "zone"), text
    if isinstance(zone, Reference):
        if zone.attribute.startswith(_LISTS):
            return zone.target, zone.attribute
        return None
    last = zone.parts[-1] if zone.parts else None
    if isinstance(last, str) and last:
        return tuple(map(_identity, zone.parts[:-1])), last
    return None


def _identity(part: Unknown | str) -> Hashable:
    if isinstance(part, Reference):
        return part.target, part.attribute
    return part if isinstance(part, str) else part.reason


def _is_local(name: str) -> bool:
    """Whether a zone is a Local or Wavelength Zone: ``us-west-2-lax-1a``."""
    return any(piece.isdigit() for piece in name.split("-")[:-1])
