"""Key pairs."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Resource


class KeyPair(Resource):
    """A key pair (EC2 User Guide, "Amazon EC2 key pairs and Amazon EC2 instances")."""

    terraform = ("aws_key_pair",)
    cloudformation = ("AWS::EC2::KeyPair",)
    names = ("name",)

    key_type = text(None, "KeyType")
    name = text("key_name", "KeyName")
    public_key = text("public_key", "PublicKeyMaterial")
