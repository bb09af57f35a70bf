"""What single policies say, wherever they are attached; what principals may do is ``api.iam``'s.

When you want to know

- which policies for principals the unit writes, ask ``written_policies``; which of AWS's it
  attaches, ``attached_elsewhere``;
- which statements of a policy make an administrator, change any resource of EC2, pass any role or
  allow all but a list, ask ``administration``, ``unscoped_actions``, ``passing_of_any_role`` or
  ``all_but``; how to say so, see ``breadth_verdict``.
"""

from iac_ec2lint.attack.grant_evidence import breadth_verdict
from iac_ec2lint.iam.statements.breadth import (
    Breadth,
    administration,
    all_but,
    passing_of_any_role,
    unscoped_actions,
)
from iac_ec2lint.iam.statements.written import POLICY_TYPES, attached_elsewhere, written_policies

__all__ = [
    "POLICY_TYPES",
    "Breadth",
    "administration",
    "all_but",
    "attached_elsewhere",
    "breadth_verdict",
    "passing_of_any_role",
    "unscoped_actions",
    "written_policies",
]
