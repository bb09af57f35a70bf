"""Cases of the classes in ``resources/snapshot.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("aws_ebs_snapshot", {"volume_id": ref("vol")}, {"volume": ("->", "vol")}),
    Single(
        "aws_ebs_snapshot_copy",
        {
            "encrypted": True,
            "kms_key_id": ref("key", "arn"),
            "source_region": "eu-west-1",
            "source_snapshot_id": ref("snap"),
        },
        {
            "encrypted": True,
            "kms_key": ("->", "key"),
            "source_region": "eu-west-1",
            "source_snapshot": ("->", "snap"),
        },
    ),
    Single(
        "aws_ebs_snapshot_import",
        {"encrypted": True, "kms_key_id": ref("key", "arn")},
        {"encrypted": True, "kms_key": ("->", "key")},
    ),
]
