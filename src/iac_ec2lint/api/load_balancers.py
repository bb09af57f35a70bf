"""What load balancers are made of, and how they speak.

When you want to know

- what names a resource in a relation of its own, such as a load balancer's listeners, ask
  ``attached``; whether a part of one, such as an action, is there wherever it is, ``stands_with``;
  why something that is not in the unit may do so, ``attached_elsewhere``;
- whether a load balancer has nodes in several zones, ask ``balancer_zones``; which target groups
  are behind it, ``target_groups``; behind one listener, ``forwarded_groups``; whether it surely
  answers by itself, and has none, ``forwards_nothing``;
- whether a listener speaks TLS with clients, ask ``ends_tls``; whether it is of some other
  protocol, ``has_protocol``; which old versions and weak ciphers listeners may negotiate,
  ``negotiations``; which of AWS's policies are outdated, ``outdated_policies``; whether ACM keeps a
  certificate, ``is_of_acm``;
- whether load balancers alone carry a security group, ask ``is_of_balancers_only``; whether the
  groups of a load balancer surely admit no internet, ``is_closed``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.network.hosts.attached import attached, attached_elsewhere
    from iac_ec2lint.network.load_balancers.front import (
        BALANCER_TYPES,
        BalancerZones,
        balancer_zones,
        forwarded_groups,
        forwards_nothing,
        is_closed,
        is_of_balancers_only,
        target_groups,
    )
    from iac_ec2lint.network.load_balancers.tls import (
        Negotiation,
        ends_tls,
        has_protocol,
        is_of_acm,
        negotiations,
        outdated_policies,
    )
    from iac_ec2lint.network.verdicts.conditional_presence import stands_with
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "BALANCER_TYPES",
    "BalancerZones",
    "Negotiation",
    "attached",
    "attached_elsewhere",
    "balancer_zones",
    "ends_tls",
    "forwarded_groups",
    "forwards_nothing",
    "has_protocol",
    "is_closed",
    "is_of_acm",
    "is_of_balancers_only",
    "negotiations",
    "outdated_policies",
    "stands_with",
    "target_groups",
]
