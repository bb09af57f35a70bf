"""What network ACLs do.

When you want to know

- whether a network ACL is any subnet's, ask ``guards_subnet``;
- which entries open something to the internet, ask ``openings``;
- what each entry does, given those before it, ask ``acl_effects`` of each of ``network_acls``;
  whether two entries are ever there together, ``are_together``; which input leaves open which
  network ACL an entry is of, ``acl_to_fill_in``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.network.filters.network_acl_effects import (
        AclEffect,
        Opening,
        acl_effects,
        acl_to_fill_in,
        are_together,
        network_acls,
        openings,
    )
    from iac_ec2lint.network.hosts.usage import guards_subnet
    from iac_ec2lint.network.sets.traffic import Direction, Match, TrafficSet
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "AclEffect",
    "Direction",
    "Match",
    "Opening",
    "TrafficSet",
    "acl_effects",
    "acl_to_fill_in",
    "are_together",
    "guards_subnet",
    "network_acls",
    "openings",
]
