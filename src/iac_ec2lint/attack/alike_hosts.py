"""What hosts that are alike have in common: then they are judged once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.network.hosts.written_addresses import WrittenAddresses, written_of
from iac_ec2lint.resources.subnet import Subnet

if TYPE_CHECKING:
    from iac_ec2lint.network.filters.admission import AttachedGroup
    from iac_ec2lint.network.hosts.workloads import Eni, Workload


def signature(workload: Workload) -> object:
    """What hosts that are alike have in common."""
    enis = tuple(
        (tuple(map(_carried, eni.groups)), eni.site.subnet, eni.site.certain, _written(eni))
        for eni in workload.enis
    )
    return enis, workload.exists.truth, workload.resource.presence.when


def _carried(carried: AttachedGroup) -> object:
    if carried.group is not None:
        return carried.group, carried.certain
    return carried.value.span.key if carried.value is not None else ()


def _written(eni: Eni) -> tuple[object, ...]:
    """The addresses that are written for an interface: then it is like no other.

    And whether it asks for an IPv6 address, which those of its subnet may do or not.
    """
    written = written_of(eni)
    if any(address.text is not None for one in written for address in (*one.ipv4, *one.ipv6)):
        return (eni.name,)
    subnet = eni.site.subnet
    if isinstance(subnet, Subnet) and subnet.declared.language == "terraform":
        blocks = (subnet.ipv6_cidr_block, subnet.ipv6_ipam_pool)
        if blocks == (None, None) and subnet.ipv6_native.implied:
            return ()
    asked = (one._replace(ipv4=()) for one in written)
    return tuple(repr(one) for one in asked if one != WrittenAddresses())
