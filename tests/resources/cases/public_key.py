"""Cases of the classes in ``resources/public_key.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("data.tls_public_key", {"private_key_pem": "k"}, {"private_key": "k"}),
    Single("data.tls_public_key", {"private_key_openssh": "k"}, {"private_key": "k"}),
]
