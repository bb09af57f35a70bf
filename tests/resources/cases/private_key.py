"""Cases of the classes in ``resources/private_key.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("tls_private_key", {"algorithm": "ED25519"}, {"algorithm": "ED25519", "rsa_bits": 2048}),
    Single(
        "tls_private_key",
        {"algorithm": "RSA", "rsa_bits": 4096},
        {"algorithm": "RSA", "rsa_bits": 4096},
    ),
]
