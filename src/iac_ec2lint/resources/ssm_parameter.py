"""Parameters of Systems Manager."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Resource


class SsmParameter(Resource):
    """A parameter of Systems Manager's Parameter Store.

    CloudFormation makes none of the type ``SecureString``. What is write-only (``value_wo``) is
    kept in no state.
    """

    terraform = ("aws_ssm_parameter",)
    cloudformation = ("AWS::SSM::Parameter",)
    names = ("name",)

    kind = text("type", "Type")
    key = reference("key_id", None, to=KEY_NAMES)
    name = text("name", "Name")
    value = text(("value", "insecure_value"), "Value")
