"""What single policies say, wherever they are attached; what principals may do is ``api.iam``'s.

When you want to know

- which policies for principals the unit writes, ask ``written_policies``; which of AWS's it
  attaches, ``attached_elsewhere``; whether its boundary keeps everybody who has one from what it
  allows, ``reaches_holders``, or from all of what is too much in it, ``bounds_leave_some`` and
  ``bounds_leave_administrators``; whether a policy may be one of AWS's, ``may_be_of_aws``;
- which statements of a policy make an administrator, change any resource of EC2, pass any role or
  allow all but a list, ask ``administration``, ``unscoped_actions``, ``passing_of_any_role`` or
  ``all_but``; how to say so, see ``breadth_verdict``;
- whom an instance's role trusts without need, ask ``unneeded_trust``;
- whom the policies of keys of EBS data admit, ask ``open_keys``; which keys parents of enclaves use
  without attestation, ``loose_keys``;
- what principals gain by EC2, or whoever has a policy, ask ``ec2_gains``;
- which policies users have of their own that allow something of a service, ask
  ``policies_of_users``;
- which roles instances have, or can be given by a profile, ask ``roles_for_instances``; which
  classes say that, ``INSTANCE_ROLE_TYPES``; how privileged one is by what is known of it alone,
  ``known_privilege``, and where that is said, ``place_of_privilege``; what one policy gives it,
  ``power_of_policy``; which data it reads account-wide, ``data_reads``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.credentials import (
        INSTANCE_ROLE_TYPES,
        RoleForInstances,
        roles_for_instances,
    )
    from iac_ec2lint.attack.disks.key_policies import OpenKey, open_keys
    from iac_ec2lint.attack.enclaves.loose_keys import LooseKey, loose_keys
    from iac_ec2lint.attack.grant_evidence import breadth_verdict, place_of_privilege
    from iac_ec2lint.iam.data_reads import DataRead, data_reads
    from iac_ec2lint.iam.principal import Grant as PolicyGrant
    from iac_ec2lint.iam.privilege import known_privilege, power_of_policy
    from iac_ec2lint.iam.statements.breadth import (
        Breadth,
        administration,
        all_but,
        passing_of_any_role,
        unscoped_actions,
    )
    from iac_ec2lint.iam.statements.combinations import Gains, ec2_gains
    from iac_ec2lint.iam.statements.instance_trust import UnneededTrust, unneeded_trust
    from iac_ec2lint.iam.statements.written import (
        POLICY_TYPES,
        attached_elsewhere,
        bounds_leave_administrators,
        bounds_leave_some,
        may_be_of_aws,
        reaches_holders,
        written_policies,
    )
    from iac_ec2lint.iam.user_policies import UserPolicy, policies_of_users
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "INSTANCE_ROLE_TYPES",
    "POLICY_TYPES",
    "Breadth",
    "DataRead",
    "Gains",
    "LooseKey",
    "OpenKey",
    "PolicyGrant",
    "RoleForInstances",
    "UnneededTrust",
    "UserPolicy",
    "administration",
    "all_but",
    "attached_elsewhere",
    "bounds_leave_administrators",
    "bounds_leave_some",
    "breadth_verdict",
    "data_reads",
    "ec2_gains",
    "known_privilege",
    "loose_keys",
    "may_be_of_aws",
    "open_keys",
    "passing_of_any_role",
    "place_of_privilege",
    "policies_of_users",
    "power_of_policy",
    "reaches_holders",
    "roles_for_instances",
    "unneeded_trust",
    "unscoped_actions",
    "written_policies",
]
