"""What is in a VPC: its subnets, routes, addresses.

When you want to know

- whether a subnet is public, ask ``is_public_subnet``; whether its routes lead to an internet
  gateway over one address family, and by which hops, ``public_route``; whether it is in the default
  VPC, ``in_default_vpc``; whether a list has all subnets of that, ``all_of_default_vpc``; which one
  is there for what names none, ``default_subnet``;
- whether anything uses an Elastic IP address, ask ``is_address_used``;
- what is routed to peering connections, and whether it is more than the peer has, ask
  ``peering_routes``;
- what flow logs record of a VPC's traffic, ask ``recording``; of one that is declared elsewhere,
  ``said_to_be_recorded``;
- whether a host forwards traffic for others, ask ``forwards_traffic``; which routes lead to hosts,
  ``host_routes``;
- which VPC a subnet is in, ask ``vpc_of``; whether those that are declared elsewhere are in
  one VPC, ``vpc_elsewhere``; which addresses a VPC has, ``vpc_addresses``;
- which interfaces hosts have in which subnets, ask ``workloads``; whether one has a public address,
  ``public_address``; whether what is not in the unit may give it one, ``address_elsewhere``;
- which subnets are a VPC's, ask ``subnets_of``; which may be, ``perhaps_of``; what stands in each,
  and of which tier it is, ``occupants``; whether its name says that it is private,
  ``called_private_in``;
- which route tables a subnet may have, ask ``tables_of``; which default routes lead to an internet
  gateway, ``gateway_routes``; which tables are main ones, ``main_tables``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.network.entry.occupants import Occupant, occupants
    from iac_ec2lint.network.hosts.addressing import address_elsewhere, public_address
    from iac_ec2lint.network.hosts.networks_elsewhere import vpc_elsewhere
    from iac_ec2lint.network.hosts.usage import is_address_used
    from iac_ec2lint.network.hosts.workloads import Eni, Workload, is_unused, workloads
    from iac_ec2lint.network.routing.forwarders import HostRoute, forwards_traffic, host_routes
    from iac_ec2lint.network.routing.gateway_routes import GatewayRoute, gateway_routes, main_tables
    from iac_ec2lint.network.routing.peering_routes import PeeringRoute, peering_routes
    from iac_ec2lint.network.routing.public_subnets import is_public_subnet, public_route
    from iac_ec2lint.network.sets.addresses import Family
    from iac_ec2lint.network.verdicts.evidence import Hop
    from iac_ec2lint.network.vpc.flow_logs import Recording, recording, said_to_be_recorded
    from iac_ec2lint.network.vpc.route_tables import tables_of
    from iac_ec2lint.network.vpc.subnets import (
        all_of_default_vpc,
        default_subnet,
        in_default_vpc,
        perhaps_of,
        subnets_of,
        vpc_addresses,
        vpc_of,
    )
    from iac_ec2lint.network.vpc.tier_names import called_private_in
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "Eni",
    "Family",
    "GatewayRoute",
    "Hop",
    "HostRoute",
    "Occupant",
    "PeeringRoute",
    "Recording",
    "Workload",
    "address_elsewhere",
    "all_of_default_vpc",
    "called_private_in",
    "default_subnet",
    "forwards_traffic",
    "gateway_routes",
    "host_routes",
    "in_default_vpc",
    "is_address_used",
    "is_public_subnet",
    "is_unused",
    "main_tables",
    "occupants",
    "peering_routes",
    "perhaps_of",
    "public_address",
    "public_route",
    "recording",
    "said_to_be_recorded",
    "subnets_of",
    "tables_of",
    "vpc_addresses",
    "vpc_elsewhere",
    "vpc_of",
    "workloads",
]
