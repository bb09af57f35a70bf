"""What policies grant, and to whom.

When you want to know

- which principals there are, ask ``principals``; the principal of a resource, ``principal_of``;
- whether a principal is allowed an action, ask ``is_allowed``; which statement allows it,
  ``statement_allowing`` and ``place_of_statement``; what says so, as hops, ``grant_evidence``; what
  takes it away, ``limiting_edits``;
- how a principal can become another, ask ``launch_edges``, ``exfiltration_edges`` and ``assumes``;
- whom outside the account a role trusts, ask ``foreign_trust``; whom by tokens of an identity
  provider that others can have, ``federated_trust``;
- which policies users have of their own that allow something of a service, ask
  ``policies_of_users``;
- which roles instances have, ask ``instance_roles``; which they can be given by a profile as well,
  ``roles_for_instances``; which that nobody declares here, ``roles_elsewhere``;
- how privileged a principal is, ask ``privilege``, or by what is known alone, ``known_privilege``;
  what says so, ``privilege_evidence`` and ``place_of_privilege``; what one policy gives it,
  ``power_of_policy``; what it may beyond some managed policies, ``grants_beyond``; whether it reads
  data, ``reads_data``; which data it reads account-wide, ``data_reads``;
- whom an instance's role trusts without need, ask ``unneeded_trust``;
- which instances Systems Manager can manage, ask ``ssm_management``;
- what a VPC endpoint's policy lets strangers do, ask ``endpoint_access``; whether a policy lets
  volumes be made without encryption, ``lets_unencrypted_volumes``.
"""

from iac_ec2lint.attack.credentials import (
    InstanceRole,
    RoleForInstances,
    instance_roles,
    roles_elsewhere,
    roles_for_instances,
)
from iac_ec2lint.attack.grant_evidence import (
    grant_evidence,
    limiting_edits,
    place_of_privilege,
    place_of_statement,
    privilege_evidence,
    statement_allowing,
)
from iac_ec2lint.attack.ssm_management import HostManagement, ssm_management
from iac_ec2lint.iam.access import OutsideAccess, endpoint_access, endpoint_access_of_any
from iac_ec2lint.iam.escalation import PrivilegeStep as EscalationStep
from iac_ec2lint.iam.escalation import assumes, exfiltration_edges, has_instance, launch_edges
from iac_ec2lint.iam.federation import FederatedTrust, federated_trust
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.probes import service_of_endpoint
from iac_ec2lint.iam.principals import Principal as IamPrincipal
from iac_ec2lint.iam.principals import principal_of, principals
from iac_ec2lint.iam.privilege import (
    DataRead,
    Privilege,
    data_reads,
    grants_beyond,
    known_privilege,
    power_of_policy,
    privilege,
    reads_data,
)
from iac_ec2lint.iam.request_guards import lets_unencrypted_volumes
from iac_ec2lint.iam.statements.instance_trust import UnneededTrust, unneeded_trust
from iac_ec2lint.iam.steps import ActionRequest
from iac_ec2lint.iam.trust import ForeignTrust, foreign_trust
from iac_ec2lint.iam.user_policies import UserPolicy, policies_of_users

__all__ = [
    "ActionRequest",
    "DataRead",
    "EscalationStep",
    "FederatedTrust",
    "ForeignTrust",
    "HostManagement",
    "IamPrincipal",
    "InstanceRole",
    "OutsideAccess",
    "PolicyDocument",
    "Privilege",
    "RoleForInstances",
    "UnneededTrust",
    "UserPolicy",
    "assumes",
    "data_reads",
    "endpoint_access",
    "endpoint_access_of_any",
    "exfiltration_edges",
    "federated_trust",
    "foreign_trust",
    "grant_evidence",
    "grants_beyond",
    "has_instance",
    "instance_roles",
    "is_allowed",
    "known_privilege",
    "launch_edges",
    "lets_unencrypted_volumes",
    "limiting_edits",
    "place_of_privilege",
    "place_of_statement",
    "policies_of_users",
    "power_of_policy",
    "principal_of",
    "principals",
    "privilege",
    "privilege_evidence",
    "reads_data",
    "roles_elsewhere",
    "roles_for_instances",
    "service_of_endpoint",
    "ssm_management",
    "statement_allowing",
    "unneeded_trust",
]
