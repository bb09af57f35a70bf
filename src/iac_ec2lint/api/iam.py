"""What policies grant, and to whom.

When you want to know

- which principals there are, ask ``principals``; the principal of a resource, ``principal_of``;
- whether a principal is allowed an action, ask ``is_allowed``;
- how privileged a principal is, ask ``privilege``; what it may beyond some managed policies,
  ``grants_beyond``; which data it reads, ``reads_data``;
- how a principal can become another, ask ``launch_edges``, ``exfiltration_edges`` and ``assumes``;
- whom outside the account a role trusts, ask ``foreign_trust``;
- what a VPC endpoint's policy lets strangers do, ask ``endpoint_access``.
"""

from iac_ec2lint.iam.access import OutsideAccess, endpoint_access, endpoint_access_of_any
from iac_ec2lint.iam.escalation import PrivilegeStep as EscalationStep
from iac_ec2lint.iam.escalation import assumes, exfiltration_edges, has_instance, launch_edges
from iac_ec2lint.iam.grants import is_allowed
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.probes import service_of_endpoint
from iac_ec2lint.iam.principals import Principal as IamPrincipal
from iac_ec2lint.iam.principals import principal_of, principals
from iac_ec2lint.iam.privilege import Privilege, grants_beyond, privilege, reads_data
from iac_ec2lint.iam.trust import ForeignTrust, foreign_trust

__all__ = [
    "EscalationStep",
    "ForeignTrust",
    "IamPrincipal",
    "OutsideAccess",
    "PolicyDocument",
    "Privilege",
    "assumes",
    "endpoint_access",
    "endpoint_access_of_any",
    "exfiltration_edges",
    "foreign_trust",
    "grants_beyond",
    "has_instance",
    "is_allowed",
    "launch_edges",
    "principal_of",
    "principals",
    "privilege",
    "reads_data",
    "service_of_endpoint",
]
