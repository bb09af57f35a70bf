"""What rules, endpoints and addresses come to.

When you want to know

- which ports rules open to the internet, alone or together, ask ``exposures``;
- what a group's rules let through, as sets, ask ``group_rules``;
- whether anything has a group, ask ``is_attached``; whether it is a default one,
  ``is_default_group``;
- how open a set of addresses is, ask ``openness``; what of it is public, ``public_addresses``;
- which ports a kind of service listens on, ask ``port_classes``;
- which policies apply to a VPC endpoint, ask ``endpoint_policies``; whether its service reads any,
  ``supports_endpoint_policies``; which ways lead out through endpoints, ``endpoint_ways``.
"""

from iac_ec2lint.network.filters.exposure import (
    Exposure,
    coexisting,
    exposures,
    is_attached,
    joined,
    public_addresses,
)
from iac_ec2lint.network.filters.group_rules import (
    GroupRules,
    RuleSource,
    RuleTraffic,
    group_rules,
    is_default_group,
)
from iac_ec2lint.network.hosts.endpoints import carries_data
from iac_ec2lint.network.hosts.endpoints import may_be_unset as may_be_unset_endpoint_policy
from iac_ec2lint.network.hosts.endpoints import may_have_policy as may_have_endpoint_policy
from iac_ec2lint.network.hosts.endpoints import policies as endpoint_policies
from iac_ec2lint.network.hosts.endpoints import supports_policies as supports_endpoint_policies
from iac_ec2lint.network.inside.private_ways import EndpointWay, confined, endpoint_ways
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.network.sets.port_classes import PortClass, port_classes
from iac_ec2lint.network.sets.ports import (
    ALL,
    ALL_PORTS,
    ICMP,
    ICMPV6,
    NO_PORTS,
    TCP,
    UDP,
    PortSet,
    describe_ports,
    parse_protocol,
    protocol_name,
)

__all__ = [
    "ALL",
    "ALL_PORTS",
    "ICMP",
    "ICMPV6",
    "NO_PORTS",
    "TCP",
    "UDP",
    "AddressSet",
    "EndpointWay",
    "Exposure",
    "Family",
    "GroupRules",
    "Openness",
    "PortClass",
    "PortSet",
    "RuleSource",
    "RuleTraffic",
    "carries_data",
    "coexisting",
    "confined",
    "describe_ports",
    "endpoint_policies",
    "endpoint_ways",
    "exposures",
    "group_rules",
    "is_attached",
    "is_default_group",
    "joined",
    "may_be_unset_endpoint_policy",
    "may_have_endpoint_policy",
    "openness",
    "parse_cidr",
    "parse_protocol",
    "port_classes",
    "protocol_name",
    "public_addresses",
    "supports_endpoint_policies",
]
