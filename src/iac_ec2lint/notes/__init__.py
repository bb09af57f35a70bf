"""Notes: what is remarkable about a unit, whichever checks run (semantics.md, "diagnostic").

A note states a fact that is certain, and what AWS or Terraform does about it. It is shown on
request and never fails a run. A module has one family of facts; a note that falls out of a check's
own work is made by that check, and is there where the check runs.

The whole report is made before anybody says what is shown of it, so that all of this runs on each
scan: a family looks at what is written, or at answers that the graph remembers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from iac_ec2lint.engine.check import Remark
    from iac_ec2lint.graph.graph import Graph

__all__ = ["FAMILIES", "families"]


def families(graph: Graph) -> Iterator[Callable[[Graph], Iterator[Remark]]]:
    """What makes the notes of a graph: the families that look at anything in it."""
    for name, kinds in FAMILIES.items():
        if not graph.kinds.isdisjoint(kinds):
            yield import_module(f"{__name__}.{name}").remarks


_RULES: Final = ("SecurityGroup", "SeparateSecurityGroupRule")
_ENTRIES: Final = ("NetworkAcl", "SeparateNetworkAclEntry")
_PREFIXES: Final = ("PrefixList", "SeparatePrefixListEntry")
_ROUTES: Final = ("RouteTable", "SeparateRoute")
_POLICIES: Final = ("VpcEndpoint", "VpcEndpointPolicy", "ManagedPolicy", "RolePolicy")
_PRINCIPALS: Final = ("IamGroup", "IamUser", "PrincipalPolicy", "Role")
_DISKS: Final = ("Instance", "LaunchConfiguration", "LaunchTemplate", "Volume")

FAMILIES: Final[dict[str, tuple[str, ...]]] = {
    "address_ranges": (*_RULES, *_ENTRIES, *_PREFIXES, *_ROUTES),
    "deliveries": _RULES,
    "policies": (*_POLICIES, *_PRINCIPALS),
    "port_ranges": _RULES,
    "routes": _ROUTES,
    "security_groups": _RULES,
    "volume_keys": _DISKS,
}
"""Where notes come from.

These families, with the classes of what each looks at: it is imported where there is any.

- ``address_ranges``: host-bits-in-cidr, range-of-other-family, unreadable-range
- ``deliveries``: delivered-one-way
- ``policies``: policy-refused, principal-with-wildcard
- ``port_ranges``: icmp-code-without-type, port-bound-missing, port-out-of-range,
  port-range-backwards
- ``routes``: gateway-of-no-vpc, gateway-of-other-vpc, route-written-twice, routes-in-two-places
- ``security_groups``: rules-in-two-places
- ``volume_keys``: key-without-encryption

Checks make these: download-run-at-once (DATA015), encrypted-anyway (DATA001), hop-limit-of-image
(IMDS002), key-made-by-aws (KEY003), port-zero-alone (SG023), secret-ends-in-boot-script (DATA007),
stronger-host-can-be-opened (PATH009).
The front ends make these, of the files themselves (``Unit.observations``): alike-instances,
default-to-be-set, input-refused, key-written-twice, several-may-be-meant, source-may-declare,
terragrunt-may-generate. The scan itself makes deployment-not-judged.
"""
