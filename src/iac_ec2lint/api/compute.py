"""What is in effect on hosts, disks and images.

When you want to know

- how instances are launched, their own settings over those of their template, ask ``launches``;
- whether a host can have instances at all, ask ``runs``; what that hangs on, ``running``;
- which metadata options are in effect, and what decides them, ask ``decisions`` or ``hosts``;
- whether a root module leaves out a setting of the whole account, ask ``omits``;
- who declares a setting of a launch, the host or its template, and where, ask ``launch.place``;
- what runs at boot, ask ``boot_scripts``; whether that needs IMDSv1, ``request_without_token``;
  which user data of launches holds secrets, ``script_secrets``; which weaken logins,
  ``ssh_weakenings``;
- which secrets a boot script holds, ask ``held_secrets``; whether what is put into it is a dynamic
  reference, ``is_dynamic``; how secret a parameter's value is, ``parameter_secrecy``; which
  credentials cfn-init is given, ``init_credentials``;
- whether a host runs containers, ask ``is_container_host``;
- which network interfaces a host has, with their groups and subnets, ask ``interfaces``; whether
  what launches from a template brings groups of its own, ``groups_are_brought``;
- which provisioners a resource has, ask ``provisioners``; what they log in with, ``connections``;
- which algorithm a public key is of, and how long it is, ask ``read_public_key``;
- which private keys Terraform makes for key pairs, ask ``generated_keys``; where private keys go,
  ``key_flows``.
"""

from iac_ec2lint.compute.account_settings import omits
from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.interfaces import HostInterface, groups_are_brought, interfaces
from iac_ec2lint.compute.keys.key_flows import KeyFlow, key_flows
from iac_ec2lint.compute.keys.private_keys import GeneratedKey, generated_keys
from iac_ec2lint.compute.keys.public_keys import PublicKey, read_public_key
from iac_ec2lint.compute.launch import HOST_TYPES, Launch, launches, running, runs
from iac_ec2lint.compute.metadata import Decision, HostMetadata, Setting, decisions, hosts
from iac_ec2lint.compute.scripts.boot_scripts import BootScript, boot_scripts
from iac_ec2lint.compute.scripts.init_credentials import InitCredential, init_credentials
from iac_ec2lint.compute.scripts.metadata_requests import MetadataRequest, request_without_token
from iac_ec2lint.compute.scripts.script_secrets import (
    HeldSecret,
    ScriptSecret,
    held_secrets,
    is_dynamic,
    parameter_secrecy,
    script_secrets,
)
from iac_ec2lint.compute.scripts.ssh_weakenings import SshWeakening, WeakeningScript, ssh_weakenings
from iac_ec2lint.resources.provisioner import connections, provisioners

__all__ = [
    "HOST_TYPES",
    "BootScript",
    "Decision",
    "GeneratedKey",
    "HeldSecret",
    "HostInterface",
    "HostMetadata",
    "InitCredential",
    "KeyFlow",
    "Launch",
    "MetadataRequest",
    "PublicKey",
    "ScriptSecret",
    "Setting",
    "SshWeakening",
    "WeakeningScript",
    "boot_scripts",
    "connections",
    "decisions",
    "generated_keys",
    "groups_are_brought",
    "held_secrets",
    "hosts",
    "init_credentials",
    "interfaces",
    "is_container_host",
    "is_dynamic",
    "key_flows",
    "launches",
    "omits",
    "parameter_secrecy",
    "provisioners",
    "read_public_key",
    "request_without_token",
    "running",
    "runs",
    "script_secrets",
    "ssh_weakenings",
]
