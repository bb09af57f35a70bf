"""Cases of the classes in ``resources/permission_set.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ssoadmin_permission_set_inline_policy", {"inline_policy": "{}"}, {"document": "{}"}
    ),
    Single(
        "aws_ssoadmin_managed_policy_attachment",
        {"managed_policy_arn": ref("p", "arn")},
        {"managed_policies": [("->", "p")]},
    ),
    Single(
        "AWS::SSO::PermissionSet",
        {"InlinePolicy": "{}", "ManagedPolicies": ["p"]},
        {"document": "{}", "managed_policies": ["p"]},
    ),
]
