"""Answers about attack paths: who gets where, by which way, and what ends there.

Each answer is a tuple with its hops and with what keeps it undecided; a check words the verdict on
it, for which ``api.verdicts`` has what several checks share.

When you want to know

- where the internet gets in to hosts, ask ``entries``; launch by launch, ``entries_by_launch``; to
  managed data stores, ``store_entries``;
- which roles are behind such an entry, ask ``roles_behind``; how their credentials can be had,
  ``by_forged_request`` or ``by_container``; all of it from
  the internet to a role, ``credential_paths``;
- who takes control of which instances, ask ``takeovers``; who may open a host to the internet,
  ``openable_host``;
- which principals another gains by other ways, ask ``escalations``; what a role gains whichever
  way, ``gains``; who makes itself administrator, ``self_escalation``;
- whom a function's own policy lets change its code, and whom a cluster of EKS lets run pods, ask
  ``openings``;
- which disks it reads, ask ``disk_copies``; of which ones others get copies,
  ``published_disks``; what forbids that, ``sharing_settings``;
- what an exposed host gets on to, ask ``pivots``; which hosts its key pair opens, ``shared_keys``;
  which key pairs open several tiers, ``keys_across_tiers``;
- which ways lead around load balancers, ask ``balancer_bypasses``; which ones in through endpoint
  services, ``open_services``; what exposes parents of enclaves, ``exposed_enclaves``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.credentials import (
        CredentialPath,
        InstanceRole,
        by_container,
        by_forged_request,
        credential_paths,
        roles_behind,
    )
    from iac_ec2lint.attack.disks.disk_access import DiskCopy, disk_copies
    from iac_ec2lint.attack.disks.publications import PublishedDisk, published_disks
    from iac_ec2lint.attack.disks.shares import sharing_settings
    from iac_ec2lint.attack.enclaves.exposed_parents import ExposedEnclave, exposed_enclaves
    from iac_ec2lint.attack.entry.balancer_bypass import (
        DirectEntry,
        OpenTargetRule,
        balancer_bypasses,
    )
    from iac_ec2lint.attack.entry.endpoint_services import open_services
    from iac_ec2lint.attack.entry.entries import (
        AttackEntry,
        entries,
        entries_by_launch,
        store_entries,
        tcp_entries,
    )
    from iac_ec2lint.attack.gains.escalations import Gain, escalations, self_escalation
    from iac_ec2lint.attack.gains.openings import Opening, openings
    from iac_ec2lint.attack.hosts.openable_hosts import OpenableHost, openable_host
    from iac_ec2lint.attack.hosts.takeover import gains, takeovers
    from iac_ec2lint.attack.inside.keys_across_tiers import KeyAcrossTiers, keys_across_tiers
    from iac_ec2lint.attack.inside.pivots import Pivot, pivots
    from iac_ec2lint.attack.inside.shared_keys import SharedKey, shared_keys
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "AttackEntry",
    "CredentialPath",
    "DirectEntry",
    "DiskCopy",
    "ExposedEnclave",
    "Gain",
    "InstanceRole",
    "KeyAcrossTiers",
    "OpenTargetRule",
    "OpenableHost",
    "Opening",
    "Pivot",
    "PublishedDisk",
    "SharedKey",
    "balancer_bypasses",
    "by_container",
    "by_forged_request",
    "credential_paths",
    "disk_copies",
    "entries",
    "entries_by_launch",
    "escalations",
    "exposed_enclaves",
    "gains",
    "keys_across_tiers",
    "open_services",
    "openable_host",
    "openings",
    "pivots",
    "published_disks",
    "roles_behind",
    "self_escalation",
    "shared_keys",
    "sharing_settings",
    "store_entries",
    "takeovers",
    "tcp_entries",
]
