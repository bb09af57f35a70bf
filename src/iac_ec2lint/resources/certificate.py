"""Certificates: those that AWS keeps, and those that Terraform makes itself."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import DataSource, Resource


class Certificate(Auxiliary):
    """A certificate or a request for one, signed with a private key (TLS provider)."""

    terraform = ("tls_self_signed_cert", "tls_cert_request", "tls_locally_signed_cert")

    private_key = text(
        {"tls_locally_signed_cert": "ca_private_key_pem", "": "private_key_pem"}, None
    )


class AcmCertificate(Resource):
    """A certificate in AWS Certificate Manager, issued or imported there."""

    terraform = ("aws_acm_certificate",)
    cloudformation = ("AWS::CertificateManager::Certificate",)

    domain = text("domain_name", "DomainName")


class AcmCertificateDataSource(DataSource):
    """A certificate in AWS Certificate Manager, looked up."""

    terraform = ("data.aws_acm_certificate",)
    finds = "AcmCertificate"

    domain = text("domain", None)


class ServerCertificate(Resource):
    """A certificate that was uploaded to IAM, which renews none."""

    terraform = ("aws_iam_server_certificate",)
    cloudformation = ("AWS::IAM::ServerCertificate",)

    name = text("name", "ServerCertificateName")


class ServerCertificateDataSource(DataSource):
    """A certificate that was uploaded to IAM, looked up."""

    terraform = ("data.aws_iam_server_certificate",)
    finds = "ServerCertificate"

    name = text("name", None)
