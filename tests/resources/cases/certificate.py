"""Cases of the classes in ``resources/certificate.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("tls_self_signed_cert", {"private_key_pem": "k"}, {"private_key": "k"}),
    Single("tls_cert_request", {"private_key_pem": "k"}, {"private_key": "k"}),
    Single("tls_locally_signed_cert", {"ca_private_key_pem": "k"}, {"private_key": "k"}),
]
