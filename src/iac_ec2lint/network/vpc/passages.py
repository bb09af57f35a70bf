"""Links that carry a flow from one VPC to another: peering connections and transit gateways.

A link is one direction of one flow: from a subnet to some addresses of another VPC's subnet.
Peering connections and transit gateways are evaluated in modules of their own.
"""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.network.sets.addresses import AddressSet
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.ways import Truth, conjunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown


class SubnetEnd(NamedTuple):
    """The subnet at one end of a flow over private addresses.

    Attributes:
        subnet: Its subnet.
        vpc: The VPC of the subnet.
        addresses: The addresses that it may have, of the flow's family.
    """

    subnet: Resource
    vpc: Resource
    addresses: AddressSet


class NetworkLink(NamedTuple):
    """One direction of a flow between VPCs.

    Attributes:
        hops: The evidence whether the flow gets through, in order.
        inward: Whether ingress rules of the far end may refer to groups of the near end.
        outward: Whether egress rules of the near end may refer to groups of the far end.
        leaving: For a transit gateway: the attachment's subnets where traffic may enter it.
        arriving: The attachment's subnets where traffic may leave it; empty if the receiver's own.
        bypasses: Whether the receiver's network ACL does not apply, because they share a subnet.
    """

    hops: tuple[Hop, ...]
    inward: Fact = Fact(True)
    outward: Fact = Fact(True)
    leaving: tuple[Resource, ...] = ()
    arriving: tuple[Resource, ...] = ()
    bypasses: bool = False

    @property
    def truth(self) -> Truth:
        """Whether the flow gets through."""
        return conjunction(hop.verdict for hop in self.hops)


def somewhere(addresses: AddressSet, resource: Resource) -> Unknown:
    """The unknown for which of some addresses a resource will have."""
    where = "" if addresses.is_everything else f" in {addresses.describe()}"
    reason = f"which address{where} is meant is known after creation"
    return Unknown(reason, "computed", resource.span)
