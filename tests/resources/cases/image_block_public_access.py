"""Cases of the classes in ``resources/image_block_public_access.py``."""

from __future__ import annotations

from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ec2_image_block_public_access",
        {"state": "block-new-sharing"},
        {"state": "block-new-sharing"},
    ),
]
