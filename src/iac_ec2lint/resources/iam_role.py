"""IAM roles, instance profiles, and the policies of roles."""

from collections import defaultdict
from functools import cached_property

from iac_ec2lint.resources.field import anything, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource


class InlinePolicy(Part):
    """A policy written in a role."""

    document = anything("policy", "PolicyDocument")
    name = text("name", "PolicyName")


class Role(Resource):
    """An IAM role: who may assume it, and what it may do then."""

    terraform = ("aws_iam_role",)
    cloudformation = ("AWS::IAM::Role",)
    names = ("name",)

    inline_policies = parts(InlinePolicy, "inline_policy", "Policies")
    managed_policies = references("managed_policy_arns", "ManagedPolicyArns", to=("ManagedPolicy",))
    name = text("name", "RoleName")
    name_prefix = text("name_prefix", None)
    iam_path = text("path", "Path", implied="/")
    permissions_boundary = reference(
        "permissions_boundary", "PermissionsBoundary", to=("ManagedPolicy",)
    )
    trust_policy = anything("assume_role_policy", "AssumeRolePolicyDocument")

    @cached_property
    def answers(self) -> defaultdict[object, dict[tuple[object, ...], object]]:
        """Answers to questions about it; see ``graph.memo.remembered``."""
        return defaultdict(dict)


class InstanceProfile(Resource):
    """An instance profile: what gives an instance its role."""

    terraform = ("aws_iam_instance_profile",)
    cloudformation = ("AWS::IAM::InstanceProfile",)
    names = ("name",)

    name = text("name", "InstanceProfileName")
    roles = references("role", "Roles", to=("Role",))


class ManagedPolicy(Resource):
    """A customer-managed policy; CloudFormation can attach it in the same resource."""

    terraform = ("aws_iam_policy",)
    cloudformation = ("AWS::IAM::ManagedPolicy",)
    names = ("name",)

    document = anything("policy", "PolicyDocument")
    groups = references(None, "Groups", to=("IamGroup",))
    name = text("name", "ManagedPolicyName")
    name_prefix = text("name_prefix", None)
    iam_path = text("path", "Path", implied="/")
    roles = references(None, "Roles", to=("Role",))
    users = references(None, "Users", to=("IamUser",))


class RolePolicy(Resource):
    """An inline policy, declared apart from the roles that it belongs to.

    ``AWS::IAM::Policy`` belongs to users and groups too.
    """

    terraform = ("aws_iam_role_policy",)
    cloudformation = ("AWS::IAM::Policy", "AWS::IAM::RolePolicy")
    names = ("name",)

    document = anything("policy", "PolicyDocument")
    groups = references(None, {"AWS::IAM::Policy": "Groups", "": None}, to=("IamGroup",))
    name = text("name", "PolicyName")
    roles = references("role", {"AWS::IAM::Policy": "Roles", "": "RoleName"}, to=("Role",))
    users = references(None, {"AWS::IAM::Policy": "Users", "": None}, to=("IamUser",))


class InlinePoliciesExclusive(Resource):
    """The whole list of the inline policies of a role, a user or a group.

    Terraform takes away those that are not on it, and adds none: those that it names are written
    apart, here or elsewhere.
    """

    terraform = (
        "aws_iam_role_policies_exclusive",
        "aws_iam_user_policies_exclusive",
        "aws_iam_group_policies_exclusive",
    )

    listed_for = reference(
        {
            "aws_iam_role_policies_exclusive": "role_name",
            "aws_iam_user_policies_exclusive": "user_name",
            "aws_iam_group_policies_exclusive": "group_name",
        },
        None,
        to=("Role", "IamUser", "IamGroup"),
    )
    listed_policies = references("policy_names", None, to=("RolePolicy", "PrincipalPolicy"))


class PolicyAttachment(Resource):
    """A managed policy for a role; ``aws_iam_policy_attachment`` names users and groups too."""

    terraform = (
        "aws_iam_role_policy_attachment",
        "aws_iam_policy_attachment",
        "aws_iam_role_policy_attachments_exclusive",
    )

    groups = references({"aws_iam_policy_attachment": "groups", "": None}, None, to=("IamGroup",))
    policies = references(
        {"aws_iam_role_policy_attachments_exclusive": "policy_arns", "": "policy_arn"},
        None,
        to=("ManagedPolicy",),
    )
    roles = references(
        {
            "aws_iam_role_policy_attachment": "role",
            "aws_iam_policy_attachment": "roles",
            "aws_iam_role_policy_attachments_exclusive": "role_name",
        },
        None,
        to=("Role",),
    )
    users = references({"aws_iam_policy_attachment": "users", "": None}, None, to=("IamUser",))
