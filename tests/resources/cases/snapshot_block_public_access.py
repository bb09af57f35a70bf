"""Cases of the classes in ``resources/snapshot_block_public_access.py``."""

from __future__ import annotations

from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_ebs_snapshot_block_public_access",
        {"state": "block-all-sharing"},
        "AWS::EC2::SnapshotBlockPublicAccess",
        {"State": "block-all-sharing"},
    ),
]
