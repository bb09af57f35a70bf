"""What rules and addresses come to.

When you want to know

- which ports rules open to the internet, alone or together, ask ``exposures``; which of these open
  all that you ask for, alone or with others, ``exposures_of_all``;
- what a group's rules let through, as sets, ask ``group_rules``;
- whether anything has a group, ask ``is_attached``; what has it, ``attached_to``; on which
  ports that listens, where it is known, ``heard_ports``; on which of them HTTP is spoken, and no
  service that they are known for, ``misnamed_ports``; whether it is a default group,
  ``is_default_group``;
- how open a set of addresses is, ask ``openness``; what of it is public, ``public_addresses``, and
  who may be a stranger there, ``strangers``;
- which ports a kind of service listens on, ask ``port_classes``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.network.filters.exposure import (
        Exposure,
        attached_to,
        exposures,
        exposures_of_all,
        is_attached,
        public_addresses,
        strangers,
    )
    from iac_ec2lint.network.filters.group_rules import (
        GroupRules,
        RuleTraffic,
        group_rules,
        is_default_group,
    )
    from iac_ec2lint.network.filters.own_blocks import at_rule
    from iac_ec2lint.network.filters.rule_sources import RuleSource
    from iac_ec2lint.network.reachability.open_rules import heard_ports, misnamed_ports
    from iac_ec2lint.network.sets.addresses import (
        AddressSet,
        Family,
        Openness,
        openness,
        parse_cidr,
    )
    from iac_ec2lint.network.sets.port_classes import PortClass, port_classes
    from iac_ec2lint.network.sets.ports import (
        ALL,
        ALL_PORTS,
        ICMP,
        ICMPV6,
        NO_PORTS,
        TCP,
        UDP,
        USABLE_PORTS,
        PortSet,
        describe_ports,
        parse_protocol,
        protocol_name,
    )
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "ALL",
    "ALL_PORTS",
    "ICMP",
    "ICMPV6",
    "NO_PORTS",
    "TCP",
    "UDP",
    "USABLE_PORTS",
    "AddressSet",
    "Exposure",
    "Family",
    "GroupRules",
    "Openness",
    "PortClass",
    "PortSet",
    "RuleSource",
    "RuleTraffic",
    "at_rule",
    "attached_to",
    "describe_ports",
    "exposures",
    "exposures_of_all",
    "group_rules",
    "heard_ports",
    "is_attached",
    "is_default_group",
    "misnamed_ports",
    "openness",
    "parse_cidr",
    "parse_protocol",
    "port_classes",
    "protocol_name",
    "public_addresses",
    "strangers",
]
