"""Cases of the classes in ``resources/stored_data.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_secretsmanager_secret",
        {"name": "db", "kms_key_id": ref("k")},
        "AWS::SecretsManager::Secret",
        {"Name": "db", "KmsKeyId": ref("k")},
    ),
    Single("aws_secretsmanager_secret", {"name_prefix": "db-"}, {"name": "db-"}),
    Pair("aws_s3_bucket", {"bucket": "b"}, "AWS::S3::Bucket", {"BucketName": "b"}),
    Single("aws_s3_bucket", {"bucket_prefix": "b-"}, {"name": "b-"}),
    Pair("aws_dynamodb_table", {"name": "t"}, "AWS::DynamoDB::Table", {"TableName": "t"}),
    Single("AWS::DynamoDB::GlobalTable", {"TableName": "t"}, {"name": "t"}),
]
