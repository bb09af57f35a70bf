"""What hosts that are alike have in common: then they are judged once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.resources.subnet import Subnet

if TYPE_CHECKING:
    from iac_ec2lint.network.filters.admission import AttachedGroup
    from iac_ec2lint.network.hosts.workloads import Eni, Workload
    from iac_ec2lint.resources.part import Part


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
    parts: list[Part] = [eni.part]
    if eni.first and eni.host is not eni.part:
        parts.append(eni.host)
    listed = [one for part in parts for name in _LISTED for one in getattr(part, name, ())]
    if any(value.text is not None for value in listed):
        return (eni.name,)
    subnet = eni.site.subnet
    if isinstance(subnet, Subnet) and subnet.declared.language == "terraform":
        blocks = (subnet.ipv6_cidr_block, subnet.ipv6_ipam_pool)
        if blocks == (None, None) and subnet.ipv6_native.implied:
            return ()
    return tuple(repr(getattr(part, name, None)) for part in parts for name in _ASKS)


_LISTED = ("private_ips", "private_ip", "ipv6_addresses")
_ASKS = (
    "ipv6_address_count",
    "ipv6_prefix_count",
    "ipv6_addresses",
    "ipv6_prefixes",
    "primary_ipv6",
)
