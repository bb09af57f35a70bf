"""Cases of the classes in ``resources/iam_principal.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import POLICY

CASES: list[Case] = [
    Pair(
        "aws_iam_user",
        {"name": "alice", "path": "/people/", "permissions_boundary": ref("policy", "arn")},
        "AWS::IAM::User",
        {"UserName": "alice", "Path": "/people/", "PermissionsBoundary": ref("policy", "Ref")},
    ),
    Single(
        "AWS::IAM::User",
        {
            "Groups": [ref("group", "Ref")],
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "Policies": [{"PolicyName": "p", "PolicyDocument": POLICY}],
        },
        {
            "groups": [("->", "group")],
            "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "inline_policies": [
                {"name": "p", "document": {"Version": "2012-10-17", "Statement": []}}
            ],
        },
    ),
    Pair(
        "aws_iam_group",
        {"name": "admins", "path": "/people/"},
        "AWS::IAM::Group",
        {"GroupName": "admins", "Path": "/people/"},
    ),
    Single(
        "AWS::IAM::Group",
        {
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "Policies": [{"PolicyName": "p", "PolicyDocument": POLICY}],
        },
        {
            "managed_policies": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "inline_policies": [
                {"name": "p", "document": {"Version": "2012-10-17", "Statement": []}}
            ],
        },
    ),
    Pair(
        "aws_iam_group_membership",
        {"group": ref("group", "name"), "users": [ref("user", "name")]},
        "AWS::IAM::UserToGroupAddition",
        {"GroupName": ref("group", "Ref"), "Users": [ref("user", "Ref")]},
    ),
    Pair(
        "aws_iam_user_group_membership",
        {"groups": [ref("group", "name")], "user": ref("user", "name")},
        "AWS::IAM::UserToGroupAddition",
        {"GroupName": ref("group", "Ref"), "Users": [ref("user", "Ref")]},
    ),
    Pair(
        "aws_iam_user_policy",
        {"name": "p", "policy": POLICY, "user": ref("user", "name")},
        "AWS::IAM::UserPolicy",
        {"PolicyName": "p", "PolicyDocument": POLICY, "UserName": ref("user", "Ref")},
    ),
    Pair(
        "aws_iam_group_policy",
        {"name": "p", "policy": POLICY, "group": ref("group", "name")},
        "AWS::IAM::GroupPolicy",
        {"PolicyName": "p", "PolicyDocument": POLICY, "GroupName": ref("group", "Ref")},
    ),
    Single(
        "aws_iam_user_policy_attachment",
        {"user": ref("user", "name"), "policy_arn": ref("policy", "arn")},
        {"users": [("->", "user")], "groups": [], "policies": [("->", "policy")]},
    ),
    Single(
        "aws_iam_group_policy_attachment",
        {"group": ref("group", "name"), "policy_arn": ref("policy", "arn")},
        {"users": [], "groups": [("->", "group")], "policies": [("->", "policy")]},
    ),
    Single(
        "aws_iam_user_policy_attachments_exclusive",
        {"user_name": ref("user", "name"), "policy_arns": [ref("policy", "arn")]},
        {"users": [("->", "user")], "groups": [], "policies": [("->", "policy")]},
    ),
    Single(
        "aws_iam_group_policy_attachments_exclusive",
        {"group_name": ref("group", "name"), "policy_arns": [ref("policy", "arn")]},
        {"users": [], "groups": [("->", "group")], "policies": [("->", "policy")]},
    ),
]
