"""IAM users and groups, their memberships, and the policies that they alone can have."""

from iac_ec2lint.resources.field import anything, parts, reference, references, text
from iac_ec2lint.resources.iam_role import InlinePolicy
from iac_ec2lint.resources.part import Resource


class IamUser(Resource):
    """An IAM user."""

    terraform = ("aws_iam_user",)
    cloudformation = ("AWS::IAM::User",)
    names = ("name",)

    groups = references(None, "Groups", to=("IamGroup",))
    iam_path = text("path", "Path", implied="/")
    inline_policies = parts(InlinePolicy, None, "Policies")
    managed_policies = references(None, "ManagedPolicyArns", to=("ManagedPolicy",))
    name = text("name", "UserName")
    permissions_boundary = reference(
        "permissions_boundary", "PermissionsBoundary", to=("ManagedPolicy",)
    )


class IamGroup(Resource):
    """An IAM group: its policies are those of each of its users."""

    terraform = ("aws_iam_group",)
    cloudformation = ("AWS::IAM::Group",)
    names = ("name",)

    iam_path = text("path", "Path", implied="/")
    inline_policies = parts(InlinePolicy, None, "Policies")
    managed_policies = references(None, "ManagedPolicyArns", to=("ManagedPolicy",))
    name = text("name", "GroupName")


class GroupMembership(Resource):
    """Users in groups, declared apart from both."""

    terraform = ("aws_iam_group_membership", "aws_iam_user_group_membership")
    cloudformation = ("AWS::IAM::UserToGroupAddition",)

    groups = references(
        {"aws_iam_group_membership": "group", "": "groups"}, "GroupName", to=("IamGroup",)
    )
    users = references({"aws_iam_group_membership": "users", "": "user"}, "Users", to=("IamUser",))


class PrincipalPolicy(Resource):
    """An inline policy of a user or a group, declared apart from it."""

    terraform = ("aws_iam_user_policy", "aws_iam_group_policy")
    cloudformation = ("AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy")
    names = ("name",)

    document = anything("policy", "PolicyDocument")
    groups = references(
        {"aws_iam_group_policy": "group", "": None},
        {"AWS::IAM::GroupPolicy": "GroupName", "": None},
        to=("IamGroup",),
    )
    name = text("name", "PolicyName")
    users = references(
        {"aws_iam_user_policy": "user", "": None},
        {"AWS::IAM::UserPolicy": "UserName", "": None},
        to=("IamUser",),
    )


class PrincipalPolicyAttachment(Resource):
    """Managed policies for a user or a group."""

    terraform = (
        "aws_iam_user_policy_attachment",
        "aws_iam_group_policy_attachment",
        "aws_iam_user_policy_attachments_exclusive",
        "aws_iam_group_policy_attachments_exclusive",
    )

    groups = references(
        {
            "aws_iam_group_policy_attachment": "group",
            "aws_iam_group_policy_attachments_exclusive": "group_name",
            "": None,
        },
        None,
        to=("IamGroup",),
    )
    policies = references(
        {
            "aws_iam_user_policy_attachment": "policy_arn",
            "aws_iam_group_policy_attachment": "policy_arn",
            "": "policy_arns",
        },
        None,
        to=("ManagedPolicy",),
    )
    users = references(
        {
            "aws_iam_user_policy_attachment": "user",
            "aws_iam_user_policy_attachments_exclusive": "user_name",
            "": None,
        },
        None,
        to=("IamUser",),
    )
