"""What is in effect on hosts, disks and images.

When you want to know

- how instances are launched, their own settings over those of their template, ask ``launches``;
- whether a host can have instances at all, ask ``runs``; what that hangs on, ``running``;
  a place whose finding holds then, ``where_it_runs``;
- which metadata options are in effect, and what decides them, ask ``decisions`` or ``hosts``;
- whether a root module leaves out a setting of the whole account, ask ``omits``;
- who declares a setting of a launch, the host or its template, and where, ask ``launch.place``;
- whether a host runs containers, ask ``is_container_host``;
- which network interfaces a host has, with their groups and subnets, ask ``interfaces``; why a
  group without subnets is in none that is known, ``unplaced``; whether
  what launches from a template brings groups of its own, ``groups_are_brought``, or a
  role, ``role_is_brought``;
- which provisioners a resource has, ask ``provisioners``; what they log in with, ``connections``;
- which algorithm a public key is of, and how long it is, ask ``read_public_key``;
- which private keys Terraform makes for key pairs, ask ``generated_keys``; where private keys go,
  ``key_flows``;
- which access keys of users go to instances, ask ``access_key_flows``;
- which credentials providers and backends have written in them, ask ``static_credentials``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.compute.account_settings import omits
    from iac_ec2lint.compute.containers import is_container_host
    from iac_ec2lint.compute.interfaces import HostInterface, interfaces, unplaced
    from iac_ec2lint.compute.keys.access_key_flows import access_key_flows
    from iac_ec2lint.compute.keys.key_flows import KeyFlow, key_flows
    from iac_ec2lint.compute.keys.private_keys import GeneratedKey, generated_keys
    from iac_ec2lint.compute.keys.public_keys import PublicKey, read_public_key
    from iac_ec2lint.compute.launch.launches import (
        HOST_TYPES,
        Launch,
        groups_are_brought,
        launches,
        role_is_brought,
    )
    from iac_ec2lint.compute.launch.running import running, runs, where_it_runs
    from iac_ec2lint.compute.metadata.hosts import Decision, HostMetadata, decisions, hosts
    from iac_ec2lint.compute.metadata.settings import Setting
    from iac_ec2lint.compute.static_credentials import static_credentials
    from iac_ec2lint.resources.provisioner import connections, provisioners
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "HOST_TYPES",
    "Decision",
    "GeneratedKey",
    "HostInterface",
    "HostMetadata",
    "KeyFlow",
    "Launch",
    "PublicKey",
    "Setting",
    "access_key_flows",
    "connections",
    "decisions",
    "generated_keys",
    "groups_are_brought",
    "hosts",
    "interfaces",
    "is_container_host",
    "key_flows",
    "launches",
    "omits",
    "provisioners",
    "read_public_key",
    "role_is_brought",
    "running",
    "runs",
    "static_credentials",
    "unplaced",
    "where_it_runs",
]
