"""Answers about attack paths; a check words the verdict.

When you want to know

- where the internet gets in, ask ``entries`` and ``ways_in``; into managed data stores,
  ``store_entries``;
- which roles are behind a way in, ask ``roles_behind``; how their credentials can be had,
  ``by_login``, ``by_forged_request``, ``by_container``;
- who takes control of which instances, ask ``takeovers``; which roles can be had through others,
  ``escalations`` and ``assumptions``;
- what says that a principal may do something, as evidence, ask ``allowed_by`` or ``allowance``;
- how to word and place the verdict on a path, use ``path_verdict``.
"""

from iac_ec2lint.attack.bypass import bypasses
from iac_ec2lint.attack.credentials import (
    CredentialAccess,
    InstanceRole,
    beginnings,
    by_container,
    by_forged_container,
    by_forged_request,
    by_login,
    improves,
    leads_to,
    path_verdict,
    preferred,
    roles_behind,
    via_words,
    ways_in,
)
from iac_ec2lint.attack.disk_access import Readable, readable_disk
from iac_ec2lint.attack.enclaves import exposed_enclaves
from iac_ec2lint.attack.entries import (
    AttackEntry,
    entries,
    evidence_of,
    reached,
    services_in,
    store_entries,
)
from iac_ec2lint.attack.entries import describe as describe_open_ports
from iac_ec2lint.attack.escalations import Assumption, Escalation, assumptions, escalations
from iac_ec2lint.attack.grant_evidence import (
    allowance,
    allowance_of,
    allowed,
    allowed_by,
    conditional,
    limited_to_less,
    place_of_allowance,
    privileged_by,
    trusted_by,
    whole_resource,
)
from iac_ec2lint.attack.open_ports import (
    every_port_of,
    exposed,
    join_words,
    ports_open_to_internet,
    services_open_to_internet,
)
from iac_ec2lint.attack.open_services import open_services
from iac_ec2lint.attack.pivots import pivots
from iac_ec2lint.attack.published_disks import published_disks
from iac_ec2lint.attack.script_secrets import ScriptSecret, script_secrets
from iac_ec2lint.attack.shared_keys import shared_keys
from iac_ec2lint.attack.takeover import Exposable, Takeover, exposable, takeovers

__all__ = [
    "Assumption",
    "AttackEntry",
    "CredentialAccess",
    "Escalation",
    "Exposable",
    "InstanceRole",
    "Readable",
    "ScriptSecret",
    "Takeover",
    "allowance",
    "allowance_of",
    "allowed",
    "allowed_by",
    "assumptions",
    "beginnings",
    "by_container",
    "by_forged_container",
    "by_forged_request",
    "by_login",
    "bypasses",
    "conditional",
    "describe_open_ports",
    "entries",
    "escalations",
    "every_port_of",
    "evidence_of",
    "exposable",
    "exposed",
    "exposed_enclaves",
    "improves",
    "join_words",
    "leads_to",
    "limited_to_less",
    "open_services",
    "path_verdict",
    "pivots",
    "place_of_allowance",
    "ports_open_to_internet",
    "preferred",
    "privileged_by",
    "published_disks",
    "reached",
    "readable_disk",
    "roles_behind",
    "script_secrets",
    "services_in",
    "services_open_to_internet",
    "shared_keys",
    "store_entries",
    "takeovers",
    "trusted_by",
    "via_words",
    "ways_in",
    "whole_resource",
]
