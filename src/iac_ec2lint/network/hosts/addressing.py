"""Whether an interface has a public IPv4 address, or an IPv6 address.

Source: EC2 User Guide, "Amazon EC2 instance IP addressing"; semantics.md, B8 and B9 (condition
N1 of C1).
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.graph.nodes import Edge
from iac_ec2lint.network.hosts.workloads import Eni
from iac_ec2lint.network.hosts.written_addresses import written_of
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.verdicts.conditional_presence import condition, doubts
from iac_ec2lint.network.verdicts.evidence import Hop, Origin
from iac_ec2lint.network.verdicts.said_elsewhere import said_elsewhere
from iac_ec2lint.network.verdicts.unknown_modules import handed_by_id
from iac_ec2lint.network.vpc.subnets import is_default_vpc, vpc_of
from iac_ec2lint.resources.beanstalk_environment import BeanstalkSettings
from iac_ec2lint.resources.elastic_ip import ElasticIp, ElasticIpAssociation
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.subnet import Subnet, SubnetCidrBlock
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import NO, YES, Answer, Step, Unknown, Val, any_of, is_given
from iac_ec2lint.values.known import NO_ADDRESS_ELSEWHERE


@remembered
def public_address(graph: Graph, eni: Eni, family: Family) -> Hop:
    """Whether an interface has an address of a family that the internet can send to (N1).

    For IPv4 an Elastic IP address decides first. Without one, only an interface that is made as the
    only one of a launch can get an address: what the launch says goes before what its subnet does.
    """
    return _ipv4(graph, eni) if family is Family.IPV4 else _ipv6(graph, eni)


def elastic_addresses(graph: Graph, eni: Eni) -> Iterator[ElasticIp]:
    """The Elastic IP addresses that an interface surely has."""
    for edge, means_it in _associations(graph, eni):
        if not edge.certain or means_it.truth is not True:
            continue
        if isinstance(edge.source, ElasticIp):
            yield edge.source
            continue
        found = graph.only(edge.source, "elastic_ip", ElasticIp)
        if found is not None:
            yield found


def uses_ipv6(graph: Graph, eni: Eni) -> bool:
    """Whether the subnet of an interface may have IPv6 addresses."""
    return _ipv6_block(graph, eni).verdict is not False


def may_have_ipv6(graph: Graph, subnet: Resource | None) -> bool:
    """Whether a subnet may have IPv6 addresses; one that is not known may."""
    return not isinstance(subnet, Subnet) or _ipv6_of_subnet(graph, subnet).verdict is not False


def looks_public(value: Val | None) -> bool:
    """Whether the reference to a subnet has "public" in its name: a hint, no proof (B0)."""
    if not isinstance(value, Unknown):
        return False
    return "public" in f"{value.reason} {value.span.code}".lower()


def _hop(
    answer: Answer, resource: Resource, span: Span, fact: str, origin: Origin = "explicit"
) -> Hop:
    if answer.truth is None:
        origin = "unknown"
    return Hop(
        "address", resource, span, fact, origin, answer.truth, answer.causes, answer.assumptions
    )


def _ipv4(graph: Graph, eni: Eni) -> Hop:
    subnet = eni.placement.subnet
    if isinstance(subnet, Subnet) and subnet.ipv6_native.is_true().truth is True:
        span = subnet.place("ipv6_native").span
        return _hop(NO, subnet, span, f"{subnet.address} has no IPv4 addresses")
    elastic = _elastic(graph, eni)
    if elastic is not None and elastic.verdict is True:
        return elastic
    own = _given_to_single_instance(eni) or _at_launch(graph, eni)
    if elastic is None or own.verdict is True:
        return own
    return elastic._replace(causes=(*elastic.causes, *own.causes))


def _elastic(graph: Graph, eni: Eni) -> Hop | None:
    """The Elastic IP address of an interface, if it has one or may have one."""
    possible: Hop | None = None
    given = condition(eni.host.presence)
    for edge, means_it in _associations(graph, eni):
        holder = edge.source
        causes = (*doubts(edge, holder, given=given), *means_it.causes)
        if not causes:
            fact = f"{holder.address} gives {eni.name} an Elastic IP address"
            return _hop(YES, holder, holder.span, fact)
        fact = f"{holder.address} may give {eni.name} an Elastic IP address"
        possible = possible or _hop(Answer(None, causes), holder, holder.span, fact)
    if possible is not None:
        return possible
    for holder in _of_unknown_interfaces(graph):
        fact = f"{holder.address} may be associated with {eni.name}"
        gap = Unknown(
            f"{holder.address} is associated with something unknown", "may-attach", holder.span
        )
        return _hop(Answer(None, (gap,)), holder, holder.span, fact)
    handed = address_elsewhere(graph, eni)
    if handed is not None:
        fact = f"{eni.name} may be given an Elastic IP address by what it is handed to"
        return _hop(Answer(None, (handed,)), eni.host, eni.host.span, fact)
    return None


@remembered
def address_elsewhere(graph: Graph, eni: Eni) -> Unknown | None:
    """Why what is not in the unit may give an interface an Elastic IP address (B0, escape)."""
    if not graph.escaped:
        return None
    handed = (handed_by_id(graph, named) for named, _ in _named(graph, eni))
    return next((cause for cause in handed if cause is not None), None)


def _associations(graph: Graph, eni: Eni) -> Iterator[tuple[Edge, Answer]]:
    """The Elastic IP addresses, or their associations, that name an interface or its instance.

    One that may name another one instead is among them. Each comes with whether what it names is
    that interface: an instance stands for its first one.
    """
    if not graph.has(ElasticIp, ElasticIpAssociation):
        return
    for target, means_it in _named(graph, eni):
        for edge in graph.sources(target, "instance", "network_interface"):
            if isinstance(edge.source, ElasticIp | ElasticIpAssociation):
                yield edge, means_it


def _named(graph: Graph, eni: Eni) -> Iterator[tuple[Resource, Answer]]:
    """What an interface may be named as, and whether that is this interface."""
    interface, host = eni.interface, eni.host
    if interface.declared is not None:
        yield interface.declared, YES
    if interface.primary.may_be_true and isinstance(host, Instance):
        yield host, interface.primary
        if interface.declared is None and not host.declared.of_cloudformation:
            yield graph.implicit(host, "primary network interface"), interface.primary


@remembered
def _of_unknown_interfaces(graph: Graph) -> tuple[Resource, ...]:
    """Elastic IP addresses and associations whose instance or interface is unknown."""
    kinds = ElasticIp | ElasticIpAssociation
    edges = graph.unresolved("instance", "network_interface")
    holders = dict.fromkeys(edge.source for edge in edges if isinstance(edge.source, kinds))
    return tuple(holders)


def _given_to_single_instance(eni: Eni) -> Hop | None:
    """The Elastic IP address that Elastic Beanstalk gives to the one instance of an environment.

    Source: AWS Elastic Beanstalk Developer Guide, "General options", ``aws:ec2:vpc``.
    """
    settings = eni.launch.settings
    if not isinstance(settings, BeanstalkSettings):
        return None
    single = settings.environment_type.equals("SingleInstance")
    if single.truth is False:
        return None
    span = settings.place("environment_type").span
    verb = "gives" if single.truth else "may give"
    fact = f"Elastic Beanstalk {verb} the single instance of {eni.name} an Elastic IP address"
    return _hop(single, eni.host, span, fact)


def _at_launch(graph: Graph, eni: Eni) -> Hop:
    declared = eni.interface.declared
    if declared is not None:
        fact = f"{declared.address} has no Elastic IP address, and gets no other public address"
        return _hop(NO, declared, declared.span, fact, "default")
    if eni.first.truth is False:
        fact = "an interface that is not the first gets no public address at launch"
        return _hop(NO, eni.resource, eni.part.span, fact)
    if eni.several.truth is True:
        fact = "instances with several interfaces get no public address at launch"
        return _hop(NO, eni.resource, eni.part.span, fact)
    found = _of_the_only_one(graph, eni)
    only = eni.first & ~eni.several
    if found.verdict is False or only.truth is True:
        return found
    fact = f"whether {eni.name} is launched with this interface alone, and as the first, is unknown"
    causes = (*only.causes, *found.causes)
    return _hop(Answer(None, causes), eni.resource, eni.part.span, fact)


def _of_the_only_one(graph: Graph, eni: Eni) -> Hop:
    """Whether an interface that an instance is launched with, as its only one, gets an address."""
    flag = eni.interface.associate_public_ip_address
    if flag is None:
        return _by_subnet(graph, eni)
    if isinstance(flag, Unknown) and flag.unset:
        below = _by_subnet(graph, eni)
        agree = (
            below.verdict is not None
            and flag.candidates
            and all(c.is_null or c.is_true().truth is below.verdict for c in flag.candidates)
        )
        return below if agree else _flag(eni, flag, Answer(None, (flag,)))
    return _flag(eni, flag, flag.is_true())


def _flag(eni: Eni, flag: Val, answer: Answer) -> Hop:
    name = eni.part.place("associate_public_ip_address").attribute.rpartition(".")[2]
    if isinstance(eni.part, BeanstalkSettings):
        name = "AssociatePublicIpAddress"
    if answer.truth is None:
        reason = flag.reason if isinstance(flag, Unknown) else "it is no bool"
        fact = f"{name} of {eni.name} is undecided: {reason}"
    else:
        fact = f"{name} of {eni.name} is {str(answer.truth).lower()}"
        if not answer.truth:
            fact += ", and it has no Elastic IP address"
    return _hop(answer, eni.resource, flag.span, fact)


def _by_subnet(graph: Graph, eni: Eni) -> Hop:
    subnet = eni.placement.subnet
    if isinstance(subnet, Subnet):
        place = subnet.place("map_public_ip_on_launch")
        flag = subnet.map_public_ip_on_launch
        answer = flag.is_true()
        if flag.implied and subnet.is_default:
            answer = _assuming(answer, subnet, "default subnet")
            fact = f"{subnet.address} is a default subnet, which gives instances public addresses"
            return _hop(answer, subnet, place.span, fact, "assumed")
        if (
            answer.truth is False
        ):  # the same whether written or AWS's default, which plans write out
            fact = f"{subnet.address} gives no public addresses, and {eni.name} has none of its own"
        else:
            said = "unknown" if answer.truth is None else "true"
            fact = f"{subnet.address} has {place.attribute} {said}"
        return _hop(answer, subnet, place.span, fact, "default" if flag.implied else "explicit")
    if is_default_vpc(vpc_of(graph, subnet)):
        answer = _assuming(YES, eni.host, "default VPC")
        fact = f"{eni.name} stands in a default subnet, which gives instances public addresses"
        return _hop(answer, eni.resource, eni.placement.span, fact, "assumed")
    gap = _gap(eni)
    none = said_elsewhere(graph, NO_ADDRESS_ELSEWHERE, eni.host, gap, gap.span)
    if none.truth is True:
        fact = f"{eni.name} asks for no public address, and its subnet gives none"
        return _hop(~none, eni.resource, gap.span, fact, "assumed")
    fact = f"{eni.name} asks for no public address, and its subnet is unknown: {gap.reason}"
    return _hop(~none, eni.resource, gap.span, fact)


def _assuming(answer: Answer, resource: Resource, what: str) -> Answer:
    step = Step(resource.span, f"the {what} is as AWS created it", assumed=True)
    return Answer(answer.truth, answer.causes, (*answer.assumptions, step))


def _ipv6(graph: Graph, eni: Eni) -> Hop:
    blocks = _ipv6_block(graph, eni)
    if blocks.verdict is False:
        return blocks
    given = _ipv6_given(eni)
    if blocks.verdict is True or given.verdict is False:
        return given
    return blocks


def _ipv6_block(graph: Graph, eni: Eni) -> Hop:
    """Whether an interface's subnet has IPv6 addresses."""
    subnet = eni.placement.subnet
    if isinstance(subnet, Subnet):
        return _ipv6_of_subnet(graph, subnet)
    if is_default_vpc(vpc_of(graph, subnet)):
        answer = _assuming(NO, eni.resource, "default VPC")
        fact = "default subnets have no IPv6 addresses"
        return _hop(answer, eni.resource, eni.placement.span, fact, "assumed")
    gap = _gap(eni)
    fact = f"whether the subnet of {eni.name} has IPv6 addresses is unknown: {gap.reason}"
    return _hop(Answer(None, (gap,)), eni.resource, gap.span, fact)


@remembered
def _ipv6_of_subnet(graph: Graph, subnet: Subnet) -> Hop:
    blocks = list(_blocks(graph, subnet))
    found = any_of(answer for _, _, answer in blocks)
    if found.truth is False:
        fact = f"{subnet.address} has no IPv6 addresses"
        return _hop(NO, subnet, subnet.span, fact, "default")
    span, resource, _ = next(block for block in blocks if block[2].truth is found.truth)
    return _hop(found, resource, span, f"{subnet.address} has IPv6 addresses")


def _blocks(graph: Graph, subnet: Subnet) -> Iterator[tuple[Span, Resource, Answer]]:
    """The IPv6 ranges of a subnet: where each is given, by what, and whether it is."""
    native = subnet.ipv6_native
    yield native.span, subnet, native.is_true()
    for block in (subnet.ipv6_cidr_block, subnet.ipv6_ipam_pool):
        if block is not None:
            yield block.span, subnet, is_given(block)
    for edge in graph.sources(subnet, "subnet"):
        if isinstance(edge.source, SubnetCidrBlock):
            yield edge.value.span, edge.source, edge.source.presence.answer


def _ipv6_given(eni: Eni) -> Hop:
    """Whether an interface is given an IPv6 address where its subnet has some."""
    requested = list(_ipv6_requested(eni))
    own = any_of(answer for _, answer in requested)
    if own.truth is True:
        span = next(span for span, answer in requested if answer.truth is True)
        return _hop(own, eni.resource, span, f"{eni.name} asks for an IPv6 address")
    subnet = eni.placement.subnet
    if not isinstance(subnet, Subnet):
        gap = _gap(eni)
        fact = f"whether {eni.name} gets an IPv6 address is up to its subnet: {gap.reason}"
        return _hop(Answer(None, (gap,)), eni.resource, gap.span, fact)
    flag = subnet.assign_ipv6_address_on_creation
    place = subnet.place("assign_ipv6_address_on_creation")
    answer = own | flag.is_true() | subnet.ipv6_native.is_true()
    if answer.truth is True:
        return _hop(answer, subnet, place.span, f"{subnet.address} assigns IPv6 addresses")
    if answer.truth is None and own.truth is None:
        fact = f"whether {eni.name} asks for an IPv6 address is unknown"
        return _hop(answer, eni.resource, requested[0][0], fact)
    if answer.truth is None:
        return _hop(answer, subnet, place.span, f"{place.attribute} of {subnet.address} is unknown")
    fact = f"{subnet.address} assigns no IPv6 addresses, and {eni.name} asks for none"
    return _hop(answer, subnet, place.span, fact, "default" if flag.implied else "explicit")


def _ipv6_requested(eni: Eni) -> Iterator[tuple[Span, Answer]]:
    """Where an interface asks for IPv6 addresses, and whether it does."""
    for written in written_of(eni):
        for count in (written.address_count, written.prefix_count):
            if count is not None:
                yield count.span, ~count.equals(0)
        for element in (*written.ipv6, *written.prefixes):
            yield element.span, is_given(element)
        primary = written.primary_ipv6
        if primary is not None:
            yield primary.span, primary.is_true()


def _gap(eni: Eni) -> Unknown:
    """Why the subnet of an interface is unknown."""
    if isinstance(eni.placement.value, Unknown) and eni.placement.unknown:
        return eni.placement.value
    return Unknown(
        f"{eni.placement.subnet.address} is declared elsewhere", "external-id", eni.placement.span
    )
