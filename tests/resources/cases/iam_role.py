"""Cases of the classes in ``resources/iam_role.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import POLICY

CASES: list[Case] = [
    Pair(
        "aws_iam_role",
        {
            "name": "r",
            "assume_role_policy": POLICY,
            "managed_policy_arns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "inline_policy": [{"name": "p", "policy": POLICY}],
        },
        "AWS::IAM::Role",
        {
            "RoleName": "r",
            "AssumeRolePolicyDocument": POLICY,
            "ManagedPolicyArns": ["arn:aws:iam::aws:policy/ReadOnlyAccess"],
            "Policies": [{"PolicyName": "p", "PolicyDocument": POLICY}],
        },
    ),
    Pair(
        "aws_iam_instance_profile",
        {"name": "p", "role": ref("role", "name")},
        "AWS::IAM::InstanceProfile",
        {"InstanceProfileName": "p", "Roles": [ref("role", "Ref")]},
    ),
    Pair(
        "aws_iam_policy",
        {"name": "p", "policy": POLICY},
        "AWS::IAM::ManagedPolicy",
        {"ManagedPolicyName": "p", "PolicyDocument": POLICY},
    ),
    Pair(
        "aws_iam_role_policy",
        {"name": "p", "role": ref("role"), "policy": POLICY},
        "AWS::IAM::RolePolicy",
        {"PolicyName": "p", "RoleName": ref("role", "Ref"), "PolicyDocument": POLICY},
    ),
    Pair(
        "aws_iam_role_policy",
        {"name": "p", "role": ref("role"), "policy": POLICY},
        "AWS::IAM::Policy",
        {"PolicyName": "p", "Roles": [ref("role", "Ref")], "PolicyDocument": POLICY},
    ),
    Single(
        "aws_iam_role_policy_attachment",
        {"role": ref("role", "name"), "policy_arn": ref("policy", "arn")},
        {"roles": [("->", "role")], "policies": [("->", "policy")]},
    ),
    Single(
        "aws_iam_policy_attachment",
        {
            "roles": [ref("role", "name")],
            "users": [ref("user", "name")],
            "groups": [ref("group", "name")],
            "policy_arn": ref("policy", "arn"),
        },
        {
            "roles": [("->", "role")],
            "users": [("->", "user")],
            "groups": [("->", "group")],
            "policies": [("->", "policy")],
        },
    ),
    Single(
        "aws_iam_role_policy_attachments_exclusive",
        {"role_name": ref("role", "name"), "policy_arns": [ref("policy", "arn")]},
        {"roles": [("->", "role")], "policies": [("->", "policy")]},
    ),
    Single(
        "aws_iam_role_policies_exclusive",
        {"role_name": ref("role", "name"), "policy_names": [ref("inline", "name"), "app"]},
        {"listed_for": ("->", "role"), "listed_policies": [("->", "inline"), "app"]},
    ),
    Single(
        "aws_iam_user_policies_exclusive",
        {"user_name": ref("user", "name"), "policy_names": ["app"]},
        {"listed_for": ("->", "user"), "listed_policies": ["app"]},
    ),
    Single(
        "aws_iam_group_policies_exclusive",
        {"group_name": ref("group", "name"), "policy_names": ["app"]},
        {"listed_for": ("->", "group"), "listed_policies": ["app"]},
    ),
]
