"""Networks of instances as rows of arguments that know no language: what shapes are made of.

What the arguments are called is Terraform's; ``terraform_spelling.py`` and ``stack_spelling.py``
write them down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

INSTANCES_PER_VPC = 200
INSTANCES_PER_GROUP = 5
WORLD = "0.0.0.0/0"

IMAGE = "ami-0123456789abcdef0"
_ENVIRONMENTS = ("dev", "test", "prod")

Arguments = dict[str, object]
MAPS = frozenset({"tags"})
"""Arguments that are maps, where others with keys are blocks or properties."""


class Ref(NamedTuple):
    """An attribute of a resource: of one row of a family."""

    family: str
    key: str
    attribute: str = "id"


class Document(NamedTuple):
    """A policy document."""

    content: Mapping[str, object]


class Script(NamedTuple):
    """A boot script, in plain text or in Base64."""

    text: str
    encoded: bool = False


@dataclass(slots=True)
class Family:
    """Resources of one type with the same arguments.

    Attributes:
        type: Terraform's name of the type.
        name: Its name, which no other family of its network has, whatever its type.
        rows: The arguments of each resource, by key.
        indexed: Whether it is repeated by ``count`` where it is repeated.
    """

    type: str
    name: str
    rows: dict[str, Arguments] = field(default_factory=dict)
    indexed: bool = False


@dataclass(slots=True)
class Network:
    """A VPC with all that is in it.

    Attributes:
        number: Its number, from 0.
        instances: How many instances it is to have.
        families: What it has, in order.
    """

    number: int
    instances: int
    families: dict[str, Family] = field(default_factory=dict)

    @property
    def cidr_block(self) -> str:
        """The block of the VPC."""
        return f"10.{self.number}.0.0/16"

    @property
    def groups(self) -> int:
        """How many groups it is to have."""
        return max(4, self.instances // INSTANCES_PER_GROUP)

    def add(self, type_: str, name: str, key: str = "main", /, **arguments: object) -> Ref:
        """Add a resource to a family, which begins with it if there is none."""
        indexed = type_ == "aws_instance" and self.number % 2 == 1
        family = self.families.setdefault(name, Family(type_, name, {}, indexed))
        family.rows[key] = arguments
        return Ref(name, key)


def add_place(network: Network, public: int, private: int) -> tuple[list[Ref], list[Ref]]:
    """A VPC, an internet gateway, public and private subnets and their route tables."""
    vpc = network.add("aws_vpc", "vpc", cidr_block=network.cidr_block, enable_dns_hostnames=True)
    gateway = network.add("aws_internet_gateway", "gateway", vpc_id=vpc)
    tables = [network.add("aws_route_table", "tables", key, vpc_id=vpc) for key in ("out", "in")]
    network.add(
        "aws_route",
        "out",
        route_table_id=tables[0],
        destination_cidr_block=WORLD,
        gateway_id=gateway,
    )
    found: tuple[list[Ref], list[Ref]] = ([], [])
    for number in range(public + private):
        inside = number >= public
        key = f"s{number}"
        subnet = network.add(
            "aws_subnet",
            "subnets",
            key,
            vpc_id=vpc,
            cidr_block=f"10.{network.number}.{number * 4}.0/22",
            availability_zone=f"eu-west-1{'abc'[number % 3]}",
            map_public_ip_on_launch=not inside,
        )
        network.add(
            "aws_route_table_association",
            "associations",
            key,
            subnet_id=subnet,
            route_table_id=tables[inside],
        )
        found[inside].append(subnet)
    return found


def add_group(network: Network, name: str, number: int, *rules: tuple[int, str]) -> Ref:
    """A group that lets addresses in on ports, and everything out."""
    return network.add(
        "aws_security_group",
        name,
        f"g{number}",
        name=f"n{network.number}-{name}-{number}",
        description=f"Group {number} of {name}",
        vpc_id=Ref("vpc", "main"),
        ingress=[
            {"from_port": port, "to_port": port, "protocol": "tcp", "cidr_blocks": [source]}
            for port, source in rules
        ],
        egress=[{"from_port": 0, "to_port": 0, "protocol": "-1", "cidr_blocks": [WORLD]}],
    )


def add_instance(
    network: Network, name: str, number: int, subnet: Ref, groups: list[Ref], **more: object
) -> Ref:
    """An instance in a subnet with groups, and whatever else it is to have."""
    environment = _ENVIRONMENTS[number % len(_ENVIRONMENTS)]
    return network.add(
        "aws_instance",
        name,
        f"i{number}",
        ami=IMAGE,
        instance_type="m7g.large",
        subnet_id=subnet,
        vpc_security_group_ids=groups,
        tags={"Name": f"{name}-{network.number}-{number}", "Environment": environment},
        **more,
    )
