"""The addresses that interfaces are written with, and those that they ask for.

An interface is written as a block, as settings of the instance or as a resource of its own; each
has some of these attributes, and none has all.
"""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.network.hosts.workloads import Eni
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_settings import LaunchInterface
from iac_ec2lint.resources.network_interface import NetworkInterface
from iac_ec2lint.resources.part import Part
from iac_ec2lint.values import Val


class WrittenAddresses(NamedTuple):
    """The attributes of one part for the addresses of an interface.

    Attributes:
        ipv4: Its private addresses.
        ipv6: Its IPv6 addresses.
        prefixes: The IPv6 prefixes that it is given.
        address_count: How many IPv6 addresses it asks for.
        prefix_count: How many IPv6 prefixes it asks for.
        primary_ipv6: Whether its first IPv6 address is to stay.
    """

    ipv4: tuple[Val, ...] = ()
    ipv6: tuple[Val, ...] = ()
    prefixes: tuple[Val, ...] = ()
    address_count: Val | None = None
    prefix_count: Val | None = None
    primary_ipv6: Val | None = None


def written_in(part: Part) -> WrittenAddresses:
    """The addresses in a part; empty for a part that is not an interface."""
    if isinstance(part, LaunchInterface):
        count, prefixes = part.ipv6_address_count, part.ipv6_prefix_count
        ipv4, ipv6 = part.private_ips, part.ipv6_addresses
        return WrittenAddresses(ipv4, ipv6, (), count, prefixes, part.primary_ipv6)
    if isinstance(part, NetworkInterface):
        count, prefixes = part.ipv6_address_count, part.ipv6_prefix_count
        ipv4, ipv6 = part.private_ips, part.ipv6_addresses
        return WrittenAddresses(ipv4, ipv6, part.ipv6_prefixes, count, prefixes)
    if isinstance(part, Instance):
        return WrittenAddresses(part.private_ip, part.ipv6_addresses, (), part.ipv6_address_count)
    return WrittenAddresses()


def written_of(eni: Eni) -> tuple[WrittenAddresses, ...]:
    """The addresses written for an interface: by itself, and by its instance if it is the first.

    EC2 takes addresses of the instance only where it writes no interfaces, and that one is first.
    """
    if eni.first.truth is True and isinstance(eni.host, Instance) and eni.host is not eni.part:
        return written_in(eni.part), written_in(eni.host)
    return (written_in(eni.part),)
