"""Compares the verdict of ``diff`` on flows with brute force over packets.

    python benchmarks/flow_differences.py [--pairs 10000] [--seed 0]

A pair is a small network and the same with a few changes. Brute force knows nothing of the
program: it takes packets one by one, of a few addresses and ports that stand for all others, and
asks routes, groups and network ACLs about each. A packet that is new and not told, one that is told
and not new, and an answer that is left open without need are disagreements; the first is written
out.
"""

from __future__ import annotations

import argparse
import copy
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import NamedTuple

from iac_ec2lint.answers.changes.flows import UnitFlows, flow_change
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.graph.graph import Graph

BLOCKS = (
    *("0.0.0.0/0", "0.0.0.0/1", "128.0.0.0/1", "203.0.113.0/24", "203.0.113.0/25"),
    *("198.51.100.0/24", "10.0.0.0/16", "10.0.0.0/24", "10.0.1.0/24", "10.0.1.8/29"),
)
CLIENTS = ("203.0.113.5", "203.0.113.200", "198.51.100.1", "8.8.8.8", "150.0.0.1")
"""One address of the internet for each way in which ``BLOCKS`` treat them."""
RANGES = ((22, 22), (0, 65535), (80, 443), (443, 443), (1024, 65535), (32768, 65535), (0, 1023))
PORTS = (0, 1, 22, 23, 80, 100, 443, 444, 1024, 32768)
"""One port for each way in which ``RANGES`` treat them."""
PROTOCOLS = ("tcp", "udp", "47")


class Rule(NamedTuple):
    """A rule of a group: a block, or another group by its number, as the other side."""

    protocol: str
    ports: tuple[int, int]
    block: str = ""
    group: int = -1


class Entry(NamedTuple):
    """An entry of a network ACL."""

    number: int
    allow: bool
    protocol: str
    ports: tuple[int, int]
    block: str


@dataclass
class Subnet:
    """A subnet: where routes lead to the internet, public addresses, and the network ACL."""

    routes: list[str]
    is_public: bool
    acl: dict[bool, list[Entry]] | None = None


@dataclass
class Host:
    """An instance."""

    subnet: int
    address: str
    groups: list[int]


@dataclass
class Network:
    """A VPC."""

    has_gateway: bool
    subnets: list[Subnet]
    ingress: list[list[Rule]]
    egress: list[list[Rule]]
    hosts: list[Host] = field(default_factory=list)


class Packet(NamedTuple):
    """The first packet of a connection; its source is an address, or the number of a host."""

    source: str | int
    target: int
    protocol: str
    port: int


def network(chance: random.Random) -> Network:
    """A network."""
    subnets = [_subnet(chance) for _ in range(chance.choice((1, 2)))]
    groups = chance.choice((1, 2, 3))
    made = Network(
        chance.random() < 0.85,
        subnets,
        [_rules(chance, groups) for _ in range(groups)],
        [
            [Rule("-1", (0, 65535), "0.0.0.0/0")]
            if chance.random() < 0.6
            else _rules(chance, groups)
            for _ in range(groups)
        ],
    )
    for number in range(chance.choice((1, 2, 3))):
        made.hosts.append(_host(chance, made, number))
    return made


def changed(chance: random.Random, old: Network) -> Network:
    """A network after a few changes."""
    new = copy.deepcopy(old)
    for _ in range(chance.choice((1, 1, 2, 3))):
        _change(chance, new)
    return new


def _change(chance: random.Random, new: Network) -> None:
    match chance.randrange(9):
        case 0 | 1 | 2:
            rules = chance.choice(chance.choice((new.ingress, new.ingress, new.egress)))
            if rules and chance.random() < 0.5:
                rules.pop(chance.randrange(len(rules)))
            else:
                rules.append(_rule(chance, len(new.ingress)))
        case 3:
            chance.choice(new.subnets).routes = _routes(chance)
        case 4:
            subnet = chance.choice(new.subnets)
            subnet.is_public = not subnet.is_public
        case 5 | 6:
            chance.choice(new.subnets).acl = _acl(chance)
        case 7:
            host = chance.choice(new.hosts)
            host.groups = _groups(chance, len(new.ingress))
        case _:
            if chance.random() < 0.5:
                new.has_gateway = not new.has_gateway
            else:
                new.hosts.append(_host(chance, new, len(new.hosts)))


def _routes(chance: random.Random) -> list[str]:
    return chance.choice(([], ["0.0.0.0/0"], ["0.0.0.0/0"], ["203.0.113.0/24"], ["128.0.0.0/1"]))


def _subnet(chance: random.Random) -> Subnet:
    acl = _acl(chance) if chance.random() < 0.5 else None
    return Subnet(_routes(chance), chance.random() < 0.75, acl)


def _host(chance: random.Random, made: Network, number: int) -> Host:
    subnet = chance.randrange(len(made.subnets))
    address = f"10.0.{subnet}.{10 + number}"
    return Host(subnet, address, _groups(chance, len(made.ingress)))


def _groups(chance: random.Random, count: int) -> list[int]:
    return sorted(chance.sample(range(count), chance.randint(1, min(2, count))))


def _rules(chance: random.Random, groups: int) -> list[Rule]:
    return [_rule(chance, groups) for _ in range(chance.choice((0, 1, 2, 3)))]


def _rule(chance: random.Random, groups: int) -> Rule:
    protocol = chance.choice(("tcp", "tcp", "tcp", "udp", "-1"))
    ports = (0, 65535) if protocol == "-1" else chance.choice(RANGES)
    if chance.random() < 0.25:
        return Rule(protocol, ports, group=chance.randrange(groups))
    return Rule(protocol, ports, chance.choice(BLOCKS))


def _acl(chance: random.Random) -> dict[bool, list[Entry]] | None:
    if chance.random() < 0.3:
        return None
    return {inward: list(_entries(chance)) for inward in (True, False)}


def _entries(chance: random.Random) -> Iterator[Entry]:
    for number in range(chance.choice((0, 1, 2, 2))):
        protocol = chance.choice(("tcp", "-1", "udp"))
        ports = (0, 65535) if protocol == "-1" else chance.choice(RANGES)
        yield Entry(100 + number, chance.random() < 0.6, protocol, ports, chance.choice(BLOCKS))
    if chance.random() < 0.8:
        yield Entry(200, True, "-1", (0, 65535), "0.0.0.0/0")


def packets(net: Network, hosts: int) -> frozenset[Packet]:
    """The packets that get through to the first hosts, from the internet or from one another."""
    found = set()
    for target in range(hosts):
        for protocol in PROTOCOLS:
            for port in PORTS if protocol != "47" else (0,):
                for client in CLIENTS:
                    if _from_the_internet(net, client, target, protocol, port):
                        found.add(Packet(client, target, protocol, port))
                for source in range(hosts):
                    if source != target and _from_a_host(net, source, target, protocol, port):
                        found.add(Packet(source, target, protocol, port))
    return frozenset(found)


def exits(net: Network, source: int) -> frozenset[tuple[str, str, int]]:
    """What a host can send to the internet: addresses, protocols and ports."""
    host = net.hosts[source]
    subnet = net.subnets[host.subnet]
    return frozenset(
        (server, protocol, port)
        for server in CLIENTS
        for protocol in PROTOCOLS
        for port in (PORTS if protocol != "47" else (0,))
        if net.has_gateway
        and subnet.is_public
        and _routed(subnet, server)
        and _group_admits(net.egress, host, server, (), protocol, port)
        and _acl_admits(subnet, False, server, protocol, port)
        and _is_answered(subnet, True, server, protocol)
    )


def _from_the_internet(net: Network, client: str, target: int, protocol: str, port: int) -> bool:
    host = net.hosts[target]
    subnet = net.subnets[host.subnet]
    return (
        net.has_gateway
        and subnet.is_public
        and _routed(subnet, client)
        and _acl_admits(subnet, True, client, protocol, port)
        and _group_admits(net.ingress, host, client, (), protocol, port)
        and _is_answered(subnet, False, client, protocol)
    )


def _from_a_host(net: Network, source: int, target: int, protocol: str, port: int) -> bool:
    one, other = net.hosts[source], net.hosts[target]
    if not _group_admits(net.egress, one, other.address, other.groups, protocol, port):
        return False
    if not _group_admits(net.ingress, other, one.address, one.groups, protocol, port):
        return False
    if one.subnet == other.subnet:
        return True
    here, there = net.subnets[one.subnet], net.subnets[other.subnet]
    if not _acl_admits(here, False, other.address, protocol, port):
        return False
    if not _acl_admits(there, True, one.address, protocol, port):
        return False
    # The client takes a port of its own choice, the same for both network ACLs.
    return any(
        _acl_admits(there, False, one.address, protocol, own)
        and _acl_admits(here, True, other.address, protocol, own)
        for own in _own_ports(protocol)
    )


def _own_ports(protocol: str) -> tuple[int, ...]:
    return (0,) if protocol == "47" else tuple(port for port in PORTS if port)


def _is_answered(subnet: Subnet, inward: bool, other: str, protocol: str) -> bool:
    return any(_acl_admits(subnet, inward, other, protocol, own) for own in _own_ports(protocol))


def _routed(subnet: Subnet, address: str) -> bool:
    return any(ip_address(address) in ip_network(block) for block in subnet.routes)


def _acl_admits(subnet: Subnet, inward: bool, other: str, protocol: str, port: int) -> bool:
    if subnet.acl is None:
        return True
    for entry in sorted(subnet.acl[inward]):
        if ip_address(other) in ip_network(entry.block) and _is_in(entry, protocol, port):
            return entry.allow
    return False


def _group_admits(
    rules: list[list[Rule]],
    host: Host,
    other: str,
    groups: tuple[int, ...] | list[int],
    protocol: str,
    port: int,
) -> bool:
    return any(
        _is_in(rule, protocol, port)
        and (
            rule.group in groups if not rule.block else ip_address(other) in ip_network(rule.block)
        )
        for group in host.groups
        for rule in rules[group]
    )


def _is_in(rule: Rule | Entry, protocol: str, port: int) -> bool:
    if rule.protocol == "-1":
        return True
    return rule.protocol == protocol and rule.ports[0] <= port <= rule.ports[1]


def spelled(net: Network) -> str:
    """A network as Terraform."""
    lines = ['resource "aws_vpc" "main" {', '  cidr_block = "10.0.0.0/16"', "}"]
    if net.has_gateway:
        lines += ['resource "aws_internet_gateway" "main" {', "  vpc_id = aws_vpc.main.id", "}"]
    for number, subnet in enumerate(net.subnets):
        lines += _spelled_subnet(number, subnet, has_gateway=net.has_gateway)
    for number, (ingress, egress) in enumerate(zip(net.ingress, net.egress, strict=True)):
        lines += [
            f'resource "aws_security_group" "g{number}" {{',
            "  vpc_id = aws_vpc.main.id",
            "}",
        ]
        for kind, rules in (("ingress", ingress), ("egress", egress)):
            for at, rule in enumerate(rules):
                lines += _spelled_rule(f"{kind}{number}_{at}", kind, number, rule)
    for number, host in enumerate(net.hosts):
        names = ", ".join(f"aws_security_group.g{group}.id" for group in host.groups)
        lines += [
            f'resource "aws_instance" "h{number}" {{',
            f"  subnet_id = aws_subnet.s{host.subnet}.id",
            f'  private_ip = "{host.address}"',
            f"  vpc_security_group_ids = [{names}]",
            "}",
        ]
    return "".join(f"{line}\n" for line in lines)


def _spelled_subnet(number: int, subnet: Subnet, *, has_gateway: bool) -> Iterator[str]:
    yield f'resource "aws_subnet" "s{number}" {{'
    yield "  vpc_id = aws_vpc.main.id"
    yield f'  cidr_block = "10.0.{number}.0/24"'
    yield f"  map_public_ip_on_launch = {str(subnet.is_public).lower()}"
    yield "}"
    yield f'resource "aws_route_table" "s{number}" {{'
    yield "  vpc_id = aws_vpc.main.id"
    for block in subnet.routes if has_gateway else ():
        yield "  route {"
        yield f'    cidr_block = "{block}"'
        yield "    gateway_id = aws_internet_gateway.main.id"
        yield "  }"
    yield "}"
    yield f'resource "aws_route_table_association" "s{number}" {{'
    yield f"  subnet_id = aws_subnet.s{number}.id"
    yield f"  route_table_id = aws_route_table.s{number}.id"
    yield "}"
    if subnet.acl is None:
        return
    yield f'resource "aws_network_acl" "s{number}" {{'
    yield "  vpc_id = aws_vpc.main.id"
    yield f"  subnet_ids = [aws_subnet.s{number}.id]"
    for inward, entries in subnet.acl.items():
        for entry in entries:
            lo, hi = entry.ports if entry.protocol != "-1" else (0, 0)
            yield f"  {'ingress' if inward else 'egress'} {{"
            yield f"    rule_no = {entry.number}"
            yield f'    action = "{"allow" if entry.allow else "deny"}"'
            yield f'    protocol = "{entry.protocol}"'
            yield f"    from_port = {lo}"
            yield f"    to_port = {hi}"
            yield f'    cidr_block = "{entry.block}"'
            yield "  }"
    yield "}"


def _spelled_rule(name: str, kind: str, group: int, rule: Rule) -> Iterator[str]:
    yield f'resource "aws_vpc_security_group_{kind}_rule" "{name}" {{'
    yield f"  security_group_id = aws_security_group.g{group}.id"
    yield f'  ip_protocol = "{rule.protocol}"'
    if rule.protocol != "-1":
        yield f"  from_port = {rule.ports[0]}"
        yield f"  to_port = {rule.ports[1]}"
    if rule.block:
        yield f'  cidr_ipv4 = "{rule.block}"'
    else:
        yield f"  referenced_security_group_id = aws_security_group.g{rule.group}.id"
    yield "}"


def told(folder: Path, before: Network, after: Network) -> UnitFlows:
    """The program's answer; it reads both networks from a folder."""
    return flow_change(".", _graph(folder, before), _graph(folder, after))


def _graph(folder: Path, net: Network) -> Graph:
    (folder / "main.tf").write_text(spelled(net), encoding="utf-8")
    walk = UnitWalk(Inputs(paths=(folder,), working=folder, boundary=folder))
    return next(walk.graphs()).graph


def disagreement(before: Network, after: Network, flows: UnitFlows) -> str:
    """Where the program's answer and brute force part; empty where they agree."""
    hosts = len(before.hosts)
    then, now = packets(before, hosts), packets(after, hosts)
    new = now - then
    if new and not flows.new:
        first = min(new, key=str)
        if flows.undecided:
            return f"{first} is new, and it is left open: {flows.undecided[0]}"
        return f"{first} is new, and not told"
    for flow in flows.new:
        target = int(flow.target.rpartition(".h")[2])
        is_host = flow.source.startswith("aws_instance.h")
        port = int(flow.port) if flow.port else 0
        if not is_host:
            protocol = flow.protocol if flow.protocol in PROTOCOLS else "47"
            through = [
                _from_the_internet(net, flow.source, target, protocol, port)
                for net in (before, after)
            ]
            if through != [False, True]:
                return f"{flow.words}: it is not new"
        else:
            source = int(flow.source.rpartition(".h")[2])
            if not _is_new_between(before, after, source, target, flow.protocol, port):
                return f"{flow.words}: it is not new"
    if flows.undecided and not new and not _may_be_open(before, after):
        return f"it is left open: {flows.undecided[0]}"
    return ""


def _is_new_between(
    before: Network, after: Network, source: int, target: int, protocol: str, port: int
) -> bool:
    protocol = protocol if protocol in PROTOCOLS else "47"
    inside = [_from_a_host(net, source, target, protocol, port) for net in (before, after)]
    if inside == [False, True]:
        return True
    # By way of the internet: the host gets there now, and whoever comes from there gets in.
    return exits(before, source) != exits(after, source) and any(
        _from_the_internet(after, client, target, protocol, port) for client in CLIENTS
    )


def _may_be_open(before: Network, after: Network) -> bool:
    """Whether what a host sends to the internet may arrive otherwise: its address is unknown.

    Or a group has changed that no host has: something elsewhere may.
    """
    used = {group for host in after.hosts for group in host.groups}
    for group in set(range(len(after.ingress))) - used:
        rules = [(net.ingress[group], net.egress[group]) for net in (before, after)]
        if rules[0] != rules[1]:
            return True
    for host in range(len(before.hosts)):
        if exits(before, host) != exits(after, host):
            return True
        for net in (before, after):
            sent = exits(net, host)
            if any(
                (client, *port) not in sent for port in _may_leave(net, host) for client in CLIENTS
            ):
                return True
    return False


def _may_leave(net: Network, source: int) -> Iterator[tuple[str, int]]:
    """The protocols and ports of which each filter alone lets something out to the internet."""
    host = net.hosts[source]
    subnet = net.subnets[host.subnet]
    if not (net.has_gateway and subnet.is_public and subnet.routes):
        return
    for protocol in PROTOCOLS:
        for port in PORTS if protocol != "47" else (0,):
            if (
                any(_group_admits(net.egress, host, c, (), protocol, port) for c in CLIENTS)
                and any(_acl_admits(subnet, False, c, protocol, port) for c in CLIENTS)
                and any(_is_answered(subnet, True, c, protocol) for c in CLIENTS)
            ):
                yield protocol, port


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--pairs", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    counts: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as made:
        for number in range(options.seed, options.seed + options.pairs):
            before, after = pair(number)
            flows = told(Path(made), before, after)
            parted = disagreement(before, after, flows)
            counts["new" if flows.new else "undecided" if flows.undecided else "none"] += 1
            if parted:
                counts["disagreements"] += 1
                print(f"pair {number}: {parted}")
                if counts["disagreements"] == 1:
                    print(spelled(before), "-" * 40, spelled(after), sep="\n")
    print(f"{options.pairs} pairs: {dict(counts)}")
    return 1 if counts["disagreements"] else 0


def pair(seed: int) -> tuple[Network, Network]:
    """A network, and the same after a few changes; the same seed gives the same two."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    before = network(chance)
    return before, changed(chance, before)


if __name__ == "__main__":
    sys.exit(main())
