"""Cases of the classes in ``resources/iam_access_key.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_iam_access_key",
        {"user": ref("user", "name"), "status": "Inactive"},
        "AWS::IAM::AccessKey",
        {"UserName": ref("user", "Ref"), "Status": "Inactive"},
    ),
    Single(
        "aws_iam_access_key",
        {"user": ref("user", "name"), "pgp_key": "keybase:operator"},
        {"pgp_key": "keybase:operator", "user": ("->", "user")},
    ),
]
