"""What load balancers are made of, and how they speak.

When you want to know

- what names a resource in a relation of its own, such as a load balancer's listeners, ask
  ``attached``; why something that is not in the unit may do so, ``attached_elsewhere``;
- whether a load balancer has nodes in several zones, ask ``balancer_zones``; which target groups
  are behind it, ``target_groups``; behind one listener, ``forwarded_groups``.
"""

from iac_ec2lint.network.hosts.attached import attached, attached_elsewhere
from iac_ec2lint.network.load_balancers.front import (
    BALANCER_TYPES,
    BalancerZones,
    balancer_zones,
    forwarded_groups,
    target_groups,
)

__all__ = [
    "BALANCER_TYPES",
    "BalancerZones",
    "attached",
    "attached_elsewhere",
    "balancer_zones",
    "forwarded_groups",
    "target_groups",
]
