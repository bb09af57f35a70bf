"""Cases of the classes in ``resources/account_default.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single("aws_ebs_encryption_by_default", {"enabled": False}, {"enabled": False}),
    Single(
        "aws_ebs_default_kms_key",
        {"key_arn": ref("key", "arn")},
        {"kms_key": ("->", "key")},
    ),
    Single(
        "aws_ec2_instance_metadata_defaults",
        {
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": 1,
            "instance_metadata_tags": "disabled",
        },
        {
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": 1,
            "instance_metadata_tags": "disabled",
        },
    ),
]
