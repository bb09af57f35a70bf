"""Cases of the classes in ``resources/backend.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain
from tests.resources.case import Case, Single
from tests.resources.cases.provider import COMMON_FIELDS, COMMON_TF

S3_TF: dict[str, Plain] = {
    **COMMON_TF,
    "acl": "private",
    "bucket": "states",
    "dynamodb_table": "locks",
    "encrypt": True,
    "external_id": "x",
    "key": "network.tfstate",
    "kms_key_id": "alias/states",
    "role_arn": "arn:aws:iam::111122223333:role/states",
    "skip_s3_checksum": True,
    "sse_customer_key": "k",
    "use_lockfile": True,
    "workspace_key_prefix": "env",
}
S3_FIELDS: dict[str, object] = {
    **COMMON_FIELDS,
    **{name: value for name, value in S3_TF.items() if name not in {*COMMON_TF, "kms_key_id"}},
    "kms_key": "alias/states",
}

CASES: list[Case] = [
    Single("terraform.backend.s3", S3_TF, S3_FIELDS),
    Single(
        "data.terraform_remote_state",
        {"backend": "s3", "workspace": "a", "defaults": {"x": "y"}, "config": S3_TF},
        {"backend": "s3", "workspace": "a", "defaults": {"x": "y"}, "config": S3_FIELDS},
    ),
]
