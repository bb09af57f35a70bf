"""What is in a VPC: its subnets, routes, network ACLs, addresses.

When you want to know

- whether a subnet is public, ask ``is_public_subnet``; whether its routes lead to an internet
  gateway over one address family, and by which hops, ``public_route``; whether it is in the default
  VPC, ``in_default_vpc``;
- whether a network ACL is any subnet's, ask ``guards_subnet``;
- whether anything uses an Elastic IP address, ask ``is_address_used``.
"""

from iac_ec2lint.network.hosts.usage import guards_subnet, is_address_used
from iac_ec2lint.network.routing.public_subnets import is_public_subnet, public_route
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.vpc.subnets import in_default_vpc

__all__ = [
    "Family",
    "guards_subnet",
    "in_default_vpc",
    "is_address_used",
    "is_public_subnet",
    "public_route",
]
