"""What IAM Identity Center gives to those who sign in with a permission set."""

from iac_ec2lint.resources.field import anything, part, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource


class PolicyByName(Part):
    """A customer-managed policy of whichever account the permission set is assigned in."""

    name = text("name", "Name")
    iam_path = text("path", "Path", implied="/")


class AccessBoundary(Part):
    """The permissions boundary of a permission set."""

    managed_policy = reference("managed_policy_arn", "ManagedPolicyArn", to=("ManagedPolicy",))
    named_policy = part(
        PolicyByName, "customer_managed_policy_reference", "CustomerManagedPolicyReference"
    )


class PermissionSet(Resource):
    """A permission set whose policies are declared apart."""

    terraform = ("aws_ssoadmin_permission_set",)

    name = text("name", None)


class PermissionSetPolicy(Resource):
    """A permission set with its policies, or one policy of it that is declared apart."""

    terraform = (
        "aws_ssoadmin_permission_set_inline_policy",
        "aws_ssoadmin_managed_policy_attachment",
    )
    cloudformation = ("AWS::SSO::PermissionSet",)

    boundary = part(AccessBoundary, None, "PermissionsBoundary")
    document = anything(
        {"aws_ssoadmin_permission_set_inline_policy": "inline_policy", "": None}, "InlinePolicy"
    )
    managed_policies = references(
        {"aws_ssoadmin_managed_policy_attachment": "managed_policy_arn", "": None},
        "ManagedPolicies",
        to=("ManagedPolicy",),
    )
    named_policies = parts(PolicyByName, None, "CustomerManagedPolicyReferences")
    permission_set = reference("permission_set_arn", None, to=("PermissionSet",))


class PermissionSetReference(Resource):
    """What a permission set has of each account: a policy by its name, or its boundary."""

    terraform = (
        "aws_ssoadmin_customer_managed_policy_attachment",
        "aws_ssoadmin_permissions_boundary_attachment",
    )

    boundary = part(
        AccessBoundary,
        {"aws_ssoadmin_permissions_boundary_attachment": "permissions_boundary", "": None},
        None,
    )
    named_policies = parts(
        PolicyByName,
        {
            "aws_ssoadmin_customer_managed_policy_attachment": "customer_managed_policy_reference",
            "": None,
        },
        None,
    )
    permission_set = reference("permission_set_arn", None, to=("PermissionSet",))


class AccountAssignment(Resource):
    """What gives a permission set to a user or a group, in one account."""

    terraform = ("aws_ssoadmin_account_assignment",)
    cloudformation = ("AWS::SSO::Assignment",)

    account = anything("target_id", "TargetId")
    permission_set = reference(
        "permission_set_arn", "PermissionSetArn", to=("PermissionSet", "PermissionSetPolicy")
    )
    principal = anything("principal_id", "PrincipalId")
    principal_kind = text("principal_type", "PrincipalType")
