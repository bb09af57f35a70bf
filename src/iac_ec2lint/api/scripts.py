"""What boot scripts say and do, wherever they are written.

When you want to know

- what runs at boot, and of resources of which classes, ask ``boot_scripts`` and ``SCRIPT_TYPES``;
  what documents are given to run, ``given_scripts``; which scripts one is chosen from,
  ``variants``; whether that needs IMDSv1, ``request_without_token``,
  and whether what is put into it is no more than a name, ``is_name``;
  which user data of launches holds secrets, ``script_secrets``; which permissions read that by
  describing what it is written in, ``describing_actions``; which weaken logins,
  ``ssh_weakenings``;
- which secrets a script holds, ask ``held_secrets``; whether what is put into it is a dynamic
  reference, ``is_dynamic``; how secret a parameter's value is, ``parameter_secrecy``; which
  credentials cfn-init is given, ``init_credentials``;
- what a script does, command by command, ask ``script_actions``; what it downloads without
  protection, ``insecure_downloads``; which updates it switches off, ``update_switches``; where it
  looks up images whoever owns them, ``image_lookups``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.compute.scripts.boot_script import BootScript, variants
    from iac_ec2lint.compute.scripts.boot_scripts import SCRIPT_TYPES, boot_scripts
    from iac_ec2lint.compute.scripts.image_lookups import image_lookups
    from iac_ec2lint.compute.scripts.init_credentials import InitCredential, init_credentials
    from iac_ec2lint.compute.scripts.insecure_downloads import InsecureDownload, insecure_downloads
    from iac_ec2lint.compute.scripts.metadata_requests import (
        MetadataRequest,
        is_name,
        request_without_token,
    )
    from iac_ec2lint.compute.scripts.script_actions import ScriptAction, script_actions
    from iac_ec2lint.compute.scripts.secrets.pieces import is_dynamic, parameter_secrecy
    from iac_ec2lint.compute.scripts.secrets.scripts import (
        HeldSecret,
        ScriptSecret,
        describing_actions,
        held_secrets,
        script_secrets,
    )
    from iac_ec2lint.compute.scripts.ssh_weakenings import (
        SshWeakening,
        WeakeningScript,
        ssh_weakenings,
    )
    from iac_ec2lint.compute.scripts.structured_scripts import given_scripts
    from iac_ec2lint.compute.scripts.update_switches import UpdateSwitch, update_switches
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "SCRIPT_TYPES",
    "BootScript",
    "HeldSecret",
    "InitCredential",
    "InsecureDownload",
    "MetadataRequest",
    "ScriptAction",
    "ScriptSecret",
    "SshWeakening",
    "UpdateSwitch",
    "WeakeningScript",
    "boot_scripts",
    "describing_actions",
    "given_scripts",
    "held_secrets",
    "image_lookups",
    "init_credentials",
    "insecure_downloads",
    "is_dynamic",
    "is_name",
    "parameter_secrecy",
    "request_without_token",
    "script_actions",
    "script_secrets",
    "ssh_weakenings",
    "update_switches",
    "variants",
]
