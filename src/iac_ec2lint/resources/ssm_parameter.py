"""Parameters of Systems Manager."""

from iac_ec2lint.resources.field import text
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
    name = text("name", "Name")
    value = text(("value", "insecure_value"), "Value")
