"""Cases of the classes in ``resources/kms_key.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_kms_key",
        {"policy": "{}", "enable_key_rotation": True, "customer_master_key_spec": "HMAC_256"},
        "AWS::KMS::Key",
        {"KeyPolicy": "{}", "EnableKeyRotation": True, "KeySpec": "HMAC_256"},
    ),
    Single(
        "aws_kms_key",
        {"custom_key_store_id": "cks-1"},
        {
            "custom_store": "cks-1",
            "key_spec": "SYMMETRIC_DEFAULT",
            "origin": "AWS_KMS",
            "rotation": False,
        },
    ),
    Single(
        "AWS::KMS::Key",
        {"Origin": "EXTERNAL"},
        {"key_spec": "SYMMETRIC_DEFAULT", "origin": "EXTERNAL", "rotation": False},
    ),
    Pair("aws_kms_replica_key", {"policy": "{}"}, "AWS::KMS::ReplicaKey", {"KeyPolicy": "{}"}),
    Pair(
        "aws_kms_alias",
        {"name": "alias/data", "target_key_id": ref("k")},
        "AWS::KMS::Alias",
        {"AliasName": "alias/data", "TargetKeyId": ref("k")},
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
