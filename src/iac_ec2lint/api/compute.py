"""What is in effect on hosts, disks and images.

When you want to know

- how instances are launched, their own settings over those of their template, ask ``launches``;
- whether a host can have instances at all, ask ``runs``; what that hangs on, ``running``;
- which metadata options are in effect, and what decides them, ask ``decisions`` or ``hosts``;
- whether a root module leaves out a setting of the whole account, ask ``omits``;
- who declares a setting of a launch, the host or its template, and where, ask ``launch.place``;
- whether a host runs containers, ask ``is_container_host``;
- which network interfaces a host has, with their groups and subnets, ask ``interfaces``; whether
  what launches from a template brings groups of its own, ``groups_are_brought``;
- which provisioners a resource has, ask ``provisioners``; what they log in with, ``connections``;
- which tasks patch instances, ask ``patch_tasks``; which instances one selects, ``selects``; which
  hosts are there to patch, ``patched_hosts``; whether anything updates any of them, ``updates``;
- which security patches baselines approve, ask ``patch_baselines``;
- which algorithm a public key is of, and how long it is, ask ``read_public_key``;
- which private keys Terraform makes for key pairs, ask ``generated_keys``; where private keys go,
  ``key_flows``;
- what sessions of Session Manager are logged to, ask ``session_preferences``;
- which access keys of users go to instances, ask ``access_key_flows``;
- which credentials providers and backends have written in them, ask ``static_credentials``;
- whose images a lookup may find, ask ``image_owners``; whose an account allows,
  ``allowed_providers``;
- whether disks are encrypted, and why, ask ``encryption_of_volumes``,
  ``encryption_of_snapshots`` or ``encryption_of_images``.
"""

from iac_ec2lint.compute.account_settings import omits
from iac_ec2lint.compute.audit.session_preferences import SessionPreferences, session_preferences
from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.encryption import Encryption
from iac_ec2lint.compute.encryption import images as encryption_of_images
from iac_ec2lint.compute.encryption import snapshots as encryption_of_snapshots
from iac_ec2lint.compute.encryption import volumes as encryption_of_volumes
from iac_ec2lint.compute.image_owners import ImageOwner, allowed_providers, image_owners
from iac_ec2lint.compute.interfaces import HostInterface, groups_are_brought, interfaces
from iac_ec2lint.compute.keys.access_key_flows import access_key_flows
from iac_ec2lint.compute.keys.key_flows import KeyFlow, key_flows
from iac_ec2lint.compute.keys.private_keys import GeneratedKey, generated_keys
from iac_ec2lint.compute.keys.public_keys import PublicKey, read_public_key
from iac_ec2lint.compute.launch import HOST_TYPES, Launch, launches, running, runs
from iac_ec2lint.compute.metadata import Decision, HostMetadata, Setting, decisions, hosts
from iac_ec2lint.compute.static_credentials import static_credentials
from iac_ec2lint.compute.upkeep.patch_baselines import BaselineCoverage, patch_baselines
from iac_ec2lint.compute.upkeep.patch_tasks import (
    PatchTask,
    patch_tasks,
    patched_hosts,
    selects,
    updates,
)
from iac_ec2lint.resources.provisioner import connections, provisioners

__all__ = [
    "HOST_TYPES",
    "BaselineCoverage",
    "Decision",
    "Encryption",
    "GeneratedKey",
    "HostInterface",
    "HostMetadata",
    "ImageOwner",
    "KeyFlow",
    "Launch",
    "PatchTask",
    "PublicKey",
    "SessionPreferences",
    "Setting",
    "access_key_flows",
    "allowed_providers",
    "connections",
    "decisions",
    "encryption_of_images",
    "encryption_of_snapshots",
    "encryption_of_volumes",
    "generated_keys",
    "groups_are_brought",
    "hosts",
    "image_owners",
    "interfaces",
    "is_container_host",
    "key_flows",
    "launches",
    "omits",
    "patch_baselines",
    "patch_tasks",
    "patched_hosts",
    "provisioners",
    "read_public_key",
    "running",
    "runs",
    "selects",
    "session_preferences",
    "static_credentials",
    "updates",
]
