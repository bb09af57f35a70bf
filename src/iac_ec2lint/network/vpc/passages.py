"""What carries a flow out of one VPC into another, and says whether it does.

A passage is one direction of one flow: from a subnet to some addresses of another VPC's subnet.
What lies on it, a peering connection or a transit gateway, is judged in modules of its own.
"""

from __future__ import annotations

from typing import NamedTuple

from iac_ec2lint.network.sets.addresses import AddressSet
from iac_ec2lint.network.verdicts.evidence import Fact, Hop
from iac_ec2lint.network.verdicts.ways import Truth, conjunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown


class SubnetEnd(NamedTuple):
    """One end of a flow inside.

    Attributes:
        subnet: Its subnet.
        vpc: The VPC of that.
        addresses: The addresses that it may have, of the flow's family.
    """

    subnet: Resource
    vpc: Resource
    addresses: AddressSet


class NetworkLink(NamedTuple):
    """One direction of a flow between VPCs.

    Attributes:
        hops: What says whether it gets through, in order.
        inward: Whether rules of the far end that let in may refer to groups of the near end.
        outward: Whether rules of the near end that let out may refer to groups of the far end.
        leaving: Of a transit gateway the subnets that it may take the traffic in at.
        arriving: Those that it may hand it over at; none where that is the receiver's own.
        bypasses: Whether the receiver's network ACL is not asked, because of that.
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
    """Why nobody knows which of some addresses is meant."""
    where = "" if addresses.is_everything else f" in {addresses.describe()}"
    reason = f"which address{where} is meant is known after creation"
    return Unknown(reason, "computed", resource.span)
