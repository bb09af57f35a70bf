"""Private keys that Terraform makes."""

from iac_ec2lint.resources.field import number, text
from iac_ec2lint.resources.part import Resource


class PrivateKey(Resource):
    """A private key that stands in Terraform's state (TLS provider, ``tls_private_key``)."""

    terraform = ("tls_private_key",)

    algorithm = text("algorithm", None)
    rsa_bits = number("rsa_bits", None, implied=2048)
