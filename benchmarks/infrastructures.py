"""Infrastructures of any size in several shapes.

An infrastructure of so many instances has a VPC for each 200 of them, and a group for each five.
The same size gives the same infrastructure.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from networks import (
    INSTANCES_PER_VPC,
    WORLD,
    Arguments,
    Network,
    Ref,
    add_group,
    add_instance,
    add_place,
)
from roles import roles
from services import services, tokens


class Peering(NamedTuple):
    """Two networks that are peered."""

    near: int
    far: int


class Infrastructure(NamedTuple):
    """All of it."""

    networks: tuple[Network, ...]
    peerings: tuple[Peering, ...]


def infrastructure(shape: str, instances: int) -> Infrastructure:
    """An infrastructure of one shape.

    Args:
        shape: A name of ``SHAPES``, or ``mixed``: its VPCs have those shapes in turn, but for
            ``roles``, which have no instances.
        instances: How many instances there are.
    """
    networks = []
    names = [name for name in SHAPES if name != "roles"]
    for number in range(max(1, -(-instances // INSTANCES_PER_VPC))):
        rest = instances - number * INSTANCES_PER_VPC
        network = Network(number, min(INSTANCES_PER_VPC, rest))
        SHAPES[names[number % len(names)] if shape == "mixed" else shape](network)
        networks.append(network)
    peered = [n for n in networks if shape == "peered" or names[n.number % len(names)] == "peered"]
    pairs = (
        zip(peered, peered[1:] + peered[:1], strict=True) if shape in {"peered", "mixed"} else ()
    )
    either = (sorted((near.number, far.number)) for near, far in pairs if near is not far)
    peerings = dict.fromkeys(Peering(*numbers) for numbers in either)
    return Infrastructure(tuple(networks), tuple(peerings))


def _closed(network: Network) -> None:
    """Mostly closed: one instance in fifty is open to the internet."""
    public, private = add_place(network, 2, 4)
    groups = [
        add_group(network, "services", i, (443, network.cidr_block), (8000 + i, "192.0.2.0/24"))
        for i in range(network.groups - 1)
    ]
    edge = add_group(network, "edge", 0, (443, WORLD), (22, "198.51.100.0/24"))
    for i in range(network.instances):
        subnet = [*public, *private][i % 6]
        own = edge if i % 50 == 0 else groups[i % len(groups)]
        add_instance(network, "hosts", i, subnet, [own], metadata_options=tokens("required"))


def _exposed(network: Network) -> None:
    """All of it open to the internet on 22, 443 or 5432, by many distinct groups."""
    public, _ = add_place(network, 3, 0)
    ports = ((22,), (443,), (5432,), (22, 443), (443, 5432))
    groups = [
        add_group(
            network,
            "services",
            i,
            *((port, WORLD) for port in ports[i % len(ports)]),
            (9000 + i, network.cidr_block),
        )
        for i in range(network.groups)
    ]
    for i in range(network.instances):
        add_instance(network, "hosts", i, public[i % 3], [groups[i % len(groups)]])


def _tiers(network: Network) -> None:
    """Web servers that are open, applications for these, databases for those: by groups."""
    public, private = add_place(network, 2, 4)
    each = network.groups // 4
    sizes = {"web": each, "app": 2 * each, "db": network.groups - 3 * each}
    named: dict[str, list[Ref]] = {}
    for name, size in sizes.items():
        for i in range(size):
            own = network.add(
                "aws_security_group",
                name,
                f"g{i}",
                name=f"n{network.number}-{name}-{i}",
                description=f"Group {i} of {name}",
                vpc_id=Ref("vpc", "main"),
            )
            named.setdefault(name, []).append(own)
            for side in ("egress", "ingress"):
                rule: Arguments = {"security_group_id": own, "ip_protocol": "-1"}
                if side == "ingress":
                    port = {"web": 443, "app": 8080, "db": 5432}[name]
                    rule = {**rule, "ip_protocol": "tcp", "from_port": port, "to_port": port}
                before = {"app": "web", "db": "app"}.get(name)
                if side == "egress" or before is None:
                    rule["cidr_ipv4"] = WORLD
                else:
                    other = named[before]
                    rule["referenced_security_group_id"] = other[i % len(other)]
                type_ = f"aws_vpc_security_group_{side}_rule"
                network.add(type_, f"{name}_{side}", f"g{i}", **rule)
                if side == "ingress" and name == "app" and i % 4 == 0:
                    rule = {**rule, "from_port": 22, "to_port": 22}
                    network.add(type_, "administration", f"g{i}", **rule)
    for i in range(network.instances):
        name = ("web", "app", "app", "db")[i % 4]
        groups = named[name]
        subnets = public if name == "web" else private
        group = groups[i // 4 % len(groups)]
        add_instance(network, f"{name}_hosts", i, subnets[i // 4 % len(subnets)], [group])


def _peered(network: Network) -> None:
    """Hosts that let each other in by the ranges of all networks; one in ten is open."""
    public, private = add_place(network, 2, 2)
    groups = [
        add_group(
            network,
            "services",
            i,
            (22, "10.0.0.0/8"),
            (5432 if i % 2 else 8080, "10.0.0.0/8"),
            *(((443, WORLD),) if i % 10 == 0 else ()),
        )
        for i in range(network.groups)
    ]
    for i in range(network.instances):
        add_instance(network, "hosts", i, [*public, *private][i % 4], [groups[i % len(groups)]])


SHAPES: dict[str, Callable[[Network], None]] = {
    "closed": _closed,
    "exposed": _exposed,
    "tiers": _tiers,
    "services": services,
    "peered": _peered,
    "roles": roles,
}
"""What a VPC is filled with, by the name of the shape."""
