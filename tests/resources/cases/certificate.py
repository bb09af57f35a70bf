"""Cases of the classes in ``resources/certificate.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_acm_certificate",
        {"domain_name": "example.com"},
        "AWS::CertificateManager::Certificate",
        {"DomainName": "example.com"},
    ),
    Single("data.aws_acm_certificate", {"domain": "example.com"}, {"domain": "example.com"}),
    Pair(
        "aws_iam_server_certificate",
        {"name": "web"},
        "AWS::IAM::ServerCertificate",
        {"ServerCertificateName": "web"},
    ),
    Single("data.aws_iam_server_certificate", {"name": "web"}, {"name": "web"}),
    Single("tls_self_signed_cert", {"private_key_pem": "k"}, {"private_key": "k"}),
    Single("tls_cert_request", {"private_key_pem": "k"}, {"private_key": "k"}),
    Single("tls_locally_signed_cert", {"ca_private_key_pem": "k"}, {"private_key": "k"}),
]
