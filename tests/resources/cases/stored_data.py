"""Cases of the classes in ``resources/stored_data.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

BY_DEFAULT = "apply_server_side_encryption_by_default"
KEY = "kms_master_key_id"

CASES: list[Case] = [
    Pair(
        "aws_secretsmanager_secret",
        {"name": "db", "kms_key_id": ref("k")},
        "AWS::SecretsManager::Secret",
        {"Name": "db", "KmsKeyId": ref("k")},
    ),
    Single("aws_secretsmanager_secret", {"name_prefix": "db-"}, {"name": "db-"}),
    Pair(
        "aws_s3_bucket",
        {"bucket": "b", "acl": "public-read"},
        "AWS::S3::Bucket",
        {"BucketName": "b", "AccessControl": "public-read"},
    ),
    Pair(
        "aws_s3_bucket",
        {"server_side_encryption_configuration": [{"rule": [{BY_DEFAULT: [{KEY: ref("k")}]}]}]},
        "AWS::S3::Bucket",
        {
            "BucketEncryption": {
                "ServerSideEncryptionConfiguration": [
                    {"ServerSideEncryptionByDefault": {"KMSMasterKeyID": ref("k")}}
                ]
            }
        },
    ),
    Single(
        "aws_s3_bucket_server_side_encryption_configuration",
        {"bucket": ref("b"), "rule": [{BY_DEFAULT: [{KEY: ref("k")}]}]},
        {"bucket": ("->", "b"), "key": ("->", "k")},
    ),
    Single("aws_s3_bucket", {"bucket_prefix": "b-"}, {"name": "b-"}),
    Pair(
        "aws_dynamodb_table",
        {
            "name": "t",
            "point_in_time_recovery": {"enabled": True},
            "server_side_encryption": {"kms_key_arn": ref("k")},
        },
        "AWS::DynamoDB::Table",
        {
            "TableName": "t",
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
            "SSESpecification": {"KMSMasterKeyId": ref("k")},
        },
    ),
    Single("aws_secretsmanager_secret", {"policy": "{}"}, {"policy": "{}"}),
    Single("aws_s3_bucket", {"policy": "{}"}, {"policy": "{}"}),
    Pair(
        "aws_secretsmanager_secret_policy",
        {"secret_arn": ref("s"), "policy": "{}"},
        "AWS::SecretsManager::ResourcePolicy",
        {"SecretId": ref("s"), "ResourcePolicy": "{}"},
    ),
    Pair(
        "aws_s3_bucket_policy",
        {"bucket": ref("b"), "policy": "{}"},
        "AWS::S3::BucketPolicy",
        {"Bucket": ref("b"), "PolicyDocument": "{}"},
    ),
    Single(
        "aws_dynamodb_resource_policy",
        {"resource_arn": ref("t"), "policy": "{}"},
        {"holder": ("->", "t"), "policy": "{}"},
    ),
    Single(
        "AWS::DynamoDB::Table",
        {"ResourcePolicy": {"PolicyDocument": "{}"}},
        {"policy": "{}"},
    ),
    Single("AWS::DynamoDB::GlobalTable", {"TableName": "t"}, {"name": "t"}),
    Single(
        "AWS::DynamoDB::GlobalTable",
        {"Replicas": [{"PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True}}]},
        {"replicas": [{"keeps_backups": True}]},
    ),
    Single(
        "AWS::DynamoDB::GlobalTable",
        {"Replicas": [{"ResourcePolicy": {"PolicyDocument": "{}"}}]},
        {"replicas": [{"policy": "{}"}]},
    ),
    Pair(
        "aws_secretsmanager_secret",
        {"replica": [{"region": "eu-west-2", "kms_key_id": ref("k")}]},
        "AWS::SecretsManager::Secret",
        {"ReplicaRegions": [{"Region": "eu-west-2", "KmsKeyId": ref("k")}]},
    ),
]
