"""Access to the EC2 serial console."""

from iac_ec2lint.resources.field import boolean
from iac_ec2lint.resources.part import Resource


class SerialConsoleAccess(Resource):
    """Whether the account lets anybody use the serial console; by default it does not.

    Source: EC2 User Guide, "Configure access to the EC2 Serial Console".
    """

    terraform = ("aws_ec2_serial_console_access",)

    enabled = boolean("enabled", None, implied=True)
