"""How things of each kind that may be sensitive are read."""

from __future__ import annotations

from typing import Final, NamedTuple

from iac_ec2lint.attack.chains.databases import Store
from iac_ec2lint.attack.disks.key_access import DECRYPT, OPENING_KEYS
from iac_ec2lint.resources.kms_key import KmsKey
from iac_ec2lint.resources.lambda_function import LambdaFunction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.ssm_parameter import SsmParameter
from iac_ec2lint.resources.stored_data import Bucket, Secret, Table

Vault = Secret | SsmParameter | Bucket | Table | LambdaFunction
"""What holds data that a permission of IAM alone reads."""

Sensitive = Vault | KmsKey | Store
"""What may be sensitive; a key is what it guards."""

MOST: Final = 400
"""How many things of a unit a wildcard is compared with."""

BY_PATH: Final = "ssm:GetParametersByPath"
"""Who may do it to a path reads every level below it."""


class Kind(NamedTuple):
    """How things of one kind are read.

    Attributes:
        actions: What reads one: each action alone does.
        service: The service in its ARN.
        before: What stands before its name there.
        after: What follows its name, of which something is read.
        home: Whether its ARN has Region and account.
        words: What it is called where it is not declared here.
        opens: What changes its own policy, or does as much: who may do one of these lets whom it
            likes read it, itself too.
        verb: What is done with it.
        exports: What copies it into a bucket of whoever asks.
    """

    actions: tuple[str, ...]
    service: str
    before: str
    after: str
    home: bool
    words: str
    opens: tuple[str, ...] = ()
    verb: str = "read"
    exports: tuple[str, ...] = ()

    def after_of(self, action: str) -> str:
        """What follows its name in the ARN that an action is about: an object, or the bucket."""
        return "" if action in self.opens and not self.home else self.after


KINDS: Final[dict[type[Resource], Kind]] = {
    Secret: Kind(
        ("secretsmanager:GetSecretValue",),
        "secretsmanager",
        "secret:",
        "-xxxxxx",
        True,
        "secret",
        ("secretsmanager:PutResourcePolicy",),
    ),
    SsmParameter: Kind(
        ("ssm:GetParameter", "ssm:GetParameters", BY_PATH, "ssm:GetParameterHistory"),
        "ssm",
        "parameter/",
        "",
        True,
        "parameter",
    ),
    Bucket: Kind(
        ("s3:GetObject", "s3:GetObjectVersion"),
        "s3",
        "",
        "/x",
        False,
        "bucket",
        ("s3:PutBucketPolicy",),
    ),
    Table: Kind(
        (
            "dynamodb:GetItem",
            "dynamodb:BatchGetItem",
            "dynamodb:Query",
            "dynamodb:Scan",
            "dynamodb:PartiQLSelect",
        ),
        "dynamodb",
        "table/",
        "",
        True,
        "table",
        ("dynamodb:PutResourcePolicy",),
        exports=("dynamodb:ExportTableToPointInTime",),
    ),
    LambdaFunction: Kind(
        ("lambda:InvokeFunction",),
        "lambda",
        "function:",
        "",
        True,
        "function",
        ("lambda:AddPermission",),
        "call",
    ),
    KmsKey: Kind((DECRYPT,), "kms", "key/", "", True, "key", OPENING_KEYS, "decrypt with"),
}
OPENING: Final = frozenset(action for kind in KINDS.values() for action in kind.opens)
"""What changes the policies of things."""
