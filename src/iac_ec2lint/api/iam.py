"""What policies grant, and to whom.

When you want to know

- which principals there are, ask ``principals``; the principal of a resource, ``principal_of``;
- whether a principal is allowed an action, ask ``is_allowed``; which statement allows it,
  ``statement_allowing`` and ``place_of_statement``; what says so, as hops, ``grant_evidence``; what
  takes it away, ``limiting_edits``;
- how a principal can become another, ask ``launch_edges``, ``exfiltration_edges`` and ``assumes``;
- whether services alone act with a role, ask ``is_kept_by_services``; whether pipelines do,
  ``is_kept_by_pipelines``;
- whether what is read is the number of an account, ask ``is_account_number``;
- whom outside the account a role trusts, ask ``foreign_trust``; whom by tokens of an identity
  provider that others can have, ``federated_trust``;
- which roles instances have, ask ``instance_roles``; which that nobody declares here,
  ``roles_elsewhere``; whether one host's instances alone have one, ``is_kept_by_host``;
- how privileged a principal is, ask ``privilege``; what says so, ``privilege_evidence`` and
  ``actions_of_privilege``; what it
  may beyond some managed policies, ``grants_beyond``; whether it reads data, ``reads_data``.
"""

from typing import TYPE_CHECKING

from iac_ec2lint.api._on_demand import on_demand

if TYPE_CHECKING:
    from iac_ec2lint.attack.credentials import (
        InstanceRole,
        instance_roles,
        is_kept_by_host,
        roles_elsewhere,
    )
    from iac_ec2lint.attack.grant_evidence import (
        actions_of_privilege,
        grant_evidence,
        limiting_edits,
        place_of_statement,
        privilege_evidence,
        statement_allowing,
    )
    from iac_ec2lint.iam.data_reads import grants_beyond, reads_data
    from iac_ec2lint.iam.escalation.assuming_roles import assumes
    from iac_ec2lint.iam.escalation.instances.control import exfiltration_edges
    from iac_ec2lint.iam.escalation.launch_ways import launch_edges
    from iac_ec2lint.iam.escalation.steps import ActionRequest, has_instance
    from iac_ec2lint.iam.escalation.steps import PrivilegeStep as EscalationStep
    from iac_ec2lint.iam.grants import Allowance, is_allowed
    from iac_ec2lint.iam.policy.document import PolicyDocument
    from iac_ec2lint.iam.principal import Principal as IamPrincipal
    from iac_ec2lint.iam.principals import principal_of, principals
    from iac_ec2lint.iam.privilege import Privilege, privilege
    from iac_ec2lint.iam.trust.federation import FederatedTrust, federated_trust
    from iac_ec2lint.iam.trust.own_accounts import is_account_number
    from iac_ec2lint.iam.trust.role_trust import is_kept_by_pipelines, is_kept_by_services
    from iac_ec2lint.iam.trust.strangers import ForeignTrust, foreign_trust
else:
    __getattr__, __dir__ = on_demand(__name__)

__all__ = [
    "ActionRequest",
    "Allowance",
    "EscalationStep",
    "FederatedTrust",
    "ForeignTrust",
    "IamPrincipal",
    "InstanceRole",
    "PolicyDocument",
    "Privilege",
    "actions_of_privilege",
    "assumes",
    "exfiltration_edges",
    "federated_trust",
    "foreign_trust",
    "grant_evidence",
    "grants_beyond",
    "has_instance",
    "instance_roles",
    "is_account_number",
    "is_allowed",
    "is_kept_by_host",
    "is_kept_by_pipelines",
    "is_kept_by_services",
    "launch_edges",
    "limiting_edits",
    "place_of_statement",
    "principal_of",
    "principals",
    "privilege",
    "privilege_evidence",
    "reads_data",
    "roles_elsewhere",
    "statement_allowing",
]
