"""What IAM Identity Center gives to those who sign in with a permission set."""

from iac_ec2lint.resources.field import anything, references
from iac_ec2lint.resources.part import Resource


class PermissionSetPolicy(Resource):
    """A permission set with its policies, or one policy of it that is declared apart."""

    terraform = (
        "aws_ssoadmin_permission_set_inline_policy",
        "aws_ssoadmin_managed_policy_attachment",
    )
    cloudformation = ("AWS::SSO::PermissionSet",)

    document = anything(
        {"aws_ssoadmin_permission_set_inline_policy": "inline_policy", "": None}, "InlinePolicy"
    )
    managed_policies = references(
        {"aws_ssoadmin_managed_policy_attachment": "managed_policy_arn", "": None},
        "ManagedPolicies",
        to=("ManagedPolicy",),
    )
