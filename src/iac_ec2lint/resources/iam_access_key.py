"""Access keys of IAM users."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource


class IamAccessKey(Resource):
    """A long-lived key of a user (IAM User Guide, "Manage access keys for IAM users").

    Attributes:
        pgp_key: What the secret is encrypted for, so that it is not in the state.
        status: ``Active`` or ``Inactive``.
    """

    terraform = ("aws_iam_access_key",)
    cloudformation = ("AWS::IAM::AccessKey",)

    pgp_key = text("pgp_key", None)
    status = text("status", "Status", implied="Active")
    user = reference("user", "UserName", to=("IamUser",))
