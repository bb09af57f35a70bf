"""Public keys that Terraform reads out of private ones."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import text


class PublicKeyDataSource(Auxiliary):
    """The public half of a private key (TLS provider, ``data.tls_public_key``)."""

    terraform = ("data.tls_public_key",)

    private_key = text(("private_key_openssh", "private_key_pem"), None)
