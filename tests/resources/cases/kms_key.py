"""Cases of the classes in ``resources/kms_key.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    *(
        Pair(terraform, {"policy": "{}"}, cloudformation, {"KeyPolicy": "{}"})
        for terraform, cloudformation in (
            ("aws_kms_key", "AWS::KMS::Key"),
            ("aws_kms_replica_key", "AWS::KMS::ReplicaKey"),
        )
    ),
    Single("aws_kms_external_key", {"policy": "{}"}, {"policy": "{}"}),
    Single(
        "aws_kms_key_policy",
        {"key_id": ref("k"), "policy": "{}"},
        {"key": ("->", "k"), "policy": "{}"},
    ),
    Single(
        "aws_kms_grant",
        {"key_id": ref("k"), "grantee_principal": ref("r", "arn"), "operations": ["Decrypt"]},
        {"grantee": ("->", "r"), "key": ("->", "k"), "operations": ["Decrypt"]},
    ),
]
