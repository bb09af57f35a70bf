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
        "aws_ssoadmin_permission_set_inline_policy",
        {"permission_set_arn": ref("s", "arn")},
        {"permission_set": ("->", "s")},
    ),
    Single(
        "aws_ssoadmin_customer_managed_policy_attachment",
        {"customer_managed_policy_reference": {"name": "p", "path": "/a/"}},
        {"named_policies": [{"name": "p", "iam_path": "/a/"}]},
    ),
    Single(
        "aws_ssoadmin_permissions_boundary_attachment",
        {"permissions_boundary": {"customer_managed_policy_reference": {"name": "p"}}},
        {"boundary": {"named_policy": {"name": "p"}}},
    ),
    Single("aws_ssoadmin_permission_set", {"name": "s"}, {"name": "s"}),
    Single(
        "aws_ssoadmin_account_assignment",
        {
            "permission_set_arn": ref("s", "arn"),
            "principal_id": "a",
            "principal_type": "USER",
            "target_id": "111122223333",
        },
        {
            "permission_set": ("->", "s"),
            "principal": "a",
            "principal_kind": "USER",
            "account": "111122223333",
        },
    ),
    Single(
        "AWS::SSO::Assignment",
        {"PrincipalId": "a", "PrincipalType": "USER", "TargetId": "111122223333"},
        {"principal": "a", "principal_kind": "USER", "account": "111122223333"},
    ),
    Single(
        "AWS::SSO::PermissionSet",
        {"InlinePolicy": "{}", "ManagedPolicies": ["p"]},
        {"document": "{}", "managed_policies": ["p"]},
    ),
]
