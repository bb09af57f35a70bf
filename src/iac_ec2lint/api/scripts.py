"""What boot scripts say and do, wherever they are written.

When you want to know

- what runs at boot, ask ``boot_scripts``; whether that needs IMDSv1, ``request_without_token``;
  which user data of launches holds secrets, ``script_secrets``; which weaken logins,
  ``ssh_weakenings``;
- which secrets a script holds, ask ``held_secrets``; whether what is put into it is a dynamic
  reference, ``is_dynamic``; how secret a parameter's value is, ``parameter_secrecy``; which
  credentials cfn-init is given, ``init_credentials``.
"""

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

__all__ = [
    "BootScript",
    "HeldSecret",
    "InitCredential",
    "MetadataRequest",
    "ScriptSecret",
    "SshWeakening",
    "WeakeningScript",
    "boot_scripts",
    "held_secrets",
    "init_credentials",
    "is_dynamic",
    "parameter_secrecy",
    "request_without_token",
    "script_secrets",
    "ssh_weakenings",
]
