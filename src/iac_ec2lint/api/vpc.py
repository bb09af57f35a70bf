"""What is in a VPC: its subnets, routes, addresses.

When you want to know

- whether a subnet is public, ask ``is_public_subnet``; whether its routes lead to an internet
  gateway over one address family, and by which hops, ``public_route``; whether it is in the default
  VPC, ``in_default_vpc``;
- whether anything uses an Elastic IP address, ask ``is_address_used``;
- what is routed to peering connections, and whether it is more than the peer has, ask
  ``peering_routes``;
- what flow logs record of a VPC's traffic, ask ``recording``;
- whether a host forwards traffic for others, ask ``forwards_traffic``; which routes lead to hosts,
  ``host_routes``;
- which VPC a subnet is in, ask ``vpc_of``; which addresses a VPC has, ``vpc_addresses``;
- which of AWS's services a VPC endpoint leads to, ask ``aws_service_of``;
- which interfaces hosts have in which subnets, ask ``workloads``; whether one has a public address,
  ``public_address``;
- which subnets are a VPC's, ask ``subnets_of``; which may be, ``perhaps_of``; what stands in each,
  and of which tier it is, ``occupants``; whether its name says that it is private,
  ``called_private``;
- which route tables a subnet may have, ask ``tables_of``; which default routes lead to an internet
  gateway, ``gateway_routes``; which tables are main ones, ``main_tables``;
- whether a VPC has an endpoint for a service, ask ``has_endpoint``; whether others may be made for
  it, ``endpoints_elsewhere``; whether it has a private hosted zone of a service's name,
  ``has_zone``;
- which rules a group has, ask ``rules_of_group``; which of a rule's sources or destinations are
  outside a VPC and its peers, ``reaches_beyond``;
- whether a network ACL is any subnet's, ask ``guards_subnet``; which entries open something to the
  internet, ``openings``; what each entry does, given those before it, ``acl_effects`` of each of
  ``network_acls``; whether two entries are ever there together, ``are_together``.
"""

from iac_ec2lint.network.entry.occupants import Occupant, occupants
from iac_ec2lint.network.filters.network_acl_effects import (
    AclEffect,
    Opening,
    acl_effects,
    are_together,
    network_acls,
    openings,
)
from iac_ec2lint.network.hosts.addressing import public_address
from iac_ec2lint.network.hosts.endpoints import service_of as aws_service_of
from iac_ec2lint.network.hosts.usage import guards_subnet, is_address_used
from iac_ec2lint.network.hosts.workloads import Eni, Workload, is_unused, workloads
from iac_ec2lint.network.inside.beyond_vpc import BeyondVpc, reaches_beyond, rules_of_group
from iac_ec2lint.network.inside.vpc_endpoints import endpoints_elsewhere, has_endpoint, has_zone
from iac_ec2lint.network.routing.forwarders import HostRoute, forwards_traffic, host_routes
from iac_ec2lint.network.routing.gateway_routes import GatewayRoute, gateway_routes, main_tables
from iac_ec2lint.network.routing.peering_routes import PeeringRoute, peering_routes
from iac_ec2lint.network.routing.public_subnets import is_public_subnet, public_route
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet
from iac_ec2lint.network.verdicts.evidence import Hop
from iac_ec2lint.network.vpc.flow_logs import Recording, recording
from iac_ec2lint.network.vpc.route_tables import tables_of
from iac_ec2lint.network.vpc.subnets import (
    in_default_vpc,
    perhaps_of,
    subnets_of,
    vpc_addresses,
    vpc_of,
)
from iac_ec2lint.network.vpc.tier_names import called_private

__all__ = [
    "AclEffect",
    "BeyondVpc",
    "Direction",
    "Eni",
    "Family",
    "GatewayRoute",
    "Hop",
    "HostRoute",
    "Match",
    "Occupant",
    "Opening",
    "PeeringRoute",
    "Recording",
    "TrafficSet",
    "Workload",
    "acl_effects",
    "are_together",
    "aws_service_of",
    "called_private",
    "endpoints_elsewhere",
    "forwards_traffic",
    "gateway_routes",
    "guards_subnet",
    "has_endpoint",
    "has_zone",
    "host_routes",
    "in_default_vpc",
    "is_address_used",
    "is_public_subnet",
    "is_unused",
    "main_tables",
    "network_acls",
    "occupants",
    "openings",
    "peering_routes",
    "perhaps_of",
    "public_address",
    "public_route",
    "reaches_beyond",
    "recording",
    "rules_of_group",
    "subnets_of",
    "tables_of",
    "vpc_addresses",
    "vpc_of",
    "workloads",
]
