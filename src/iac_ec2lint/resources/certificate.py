"""Certificates that Terraform makes, and requests for them."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import text


class Certificate(Auxiliary):
    """A certificate or a request for one, signed with a private key (TLS provider)."""

    terraform = ("tls_self_signed_cert", "tls_cert_request", "tls_locally_signed_cert")

    private_key = text(
        {"tls_locally_signed_cert": "ca_private_key_pem", "": "private_key_pem"}, None
    )
