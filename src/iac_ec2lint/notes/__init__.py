"""Notes: what is remarkable about a unit, whichever checks run (semantics.md, "diagnostic").

A note states a fact that is certain, and what AWS or Terraform does about it. It is shown on
request and never fails a run. A module has one family of facts; a note that falls out of a check's
own work is made by that check, and is there where the check runs.

The whole report is made before anybody says what is shown of it, so that all of this runs on each
scan: a family looks at what is written, or at answers that the graph remembers.
"""

from iac_ec2lint.notes import (
    address_ranges,
    deliveries,
    policies,
    port_ranges,
    routes,
    security_groups,
    volume_keys,
)

__all__ = ["FAMILIES"]

FAMILIES = (
    address_ranges.remarks,
    deliveries.remarks,
    policies.remarks,
    port_ranges.remarks,
    routes.remarks,
    security_groups.remarks,
    volume_keys.remarks,
)
"""Where notes come from.

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
