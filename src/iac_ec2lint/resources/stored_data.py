"""What holds data outside of hosts and databases: secrets, buckets, tables."""

from iac_ec2lint.resources.field import anything, boolean, parts, reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Part, Resource

_RULE = "rule.apply_server_side_encryption_by_default.kms_master_key_id"


class SecretReplica(Part):
    """A copy of a secret in another Region; it has the policy of the secret.

    Source: AWS Secrets Manager User Guide, "Replicate secrets across Regions".
    """

    region = text("region", "Region")
    replica_key = reference("kms_key_id", "KmsKeyId", to=KEY_NAMES)


class Secret(Resource):
    """A secret of Secrets Manager."""

    terraform = ("aws_secretsmanager_secret",)
    cloudformation = ("AWS::SecretsManager::Secret",)
    names = ("name",)

    key = reference("kms_key_id", "KmsKeyId", to=KEY_NAMES)
    name = text(("name", "name_prefix"), "Name")
    policy = anything("policy", None)
    replicas = parts(SecretReplica, "replica", "ReplicaRegions")


class Bucket(Resource):
    """A bucket of S3."""

    terraform = ("aws_s3_bucket",)
    cloudformation = ("AWS::S3::Bucket",)
    names = ("name",)

    acl = text("acl", "AccessControl", implied="private")
    key = reference(
        f"server_side_encryption_configuration.{_RULE}",
        "BucketEncryption.ServerSideEncryptionConfiguration"
        ".ServerSideEncryptionByDefault.KMSMasterKeyID",
        to=KEY_NAMES,
    )
    name = text(("bucket", "bucket_prefix"), "BucketName")
    policy = anything("policy", None)


class BucketEncryption(Resource):
    """How a bucket encrypts what is written to it, declared apart from it."""

    terraform = ("aws_s3_bucket_server_side_encryption_configuration",)

    bucket = reference("bucket", None, to=("Bucket",))
    key = reference(_RULE, None, to=KEY_NAMES)


_RECOVERY = "PointInTimeRecovery"


class TableReplica(Part):
    """A table in one Region, of a global one; its policy is about itself alone.

    Source: Amazon DynamoDB Developer Guide, "DynamoDB resource-based policy considerations".
    """

    keeps_backups = boolean(None, f"{_RECOVERY}Specification.{_RECOVERY}Enabled", implied=False)
    policy = anything(None, "ResourcePolicy.PolicyDocument")


class Table(Resource):
    """A table of DynamoDB.

    Attributes:
        data_key: The account's key that it is under. Whoever reads it is taken to be let in by it.
        keeps_backups: Whether it can be had as it was at any time; of a global one, see its parts.
    """

    terraform = ("aws_dynamodb_table",)
    cloudformation = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
    names = ("name",)

    data_key = reference(
        "server_side_encryption.kms_key_arn",
        {
            "AWS::DynamoDB::Table": "SSESpecification.KMSMasterKeyId",
            "AWS::DynamoDB::GlobalTable": None,
        },
        to=KEY_NAMES,
    )
    keeps_backups = boolean(
        "point_in_time_recovery.enabled",
        {
            "AWS::DynamoDB::Table": f"{_RECOVERY}Specification.{_RECOVERY}Enabled",
            "AWS::DynamoDB::GlobalTable": None,
        },
        implied=False,
    )
    name = text("name", "TableName")
    policy = anything(
        None,
        {
            "AWS::DynamoDB::Table": "ResourcePolicy.PolicyDocument",
            "AWS::DynamoDB::GlobalTable": None,
        },
    )
    replicas = parts(
        TableReplica,
        None,
        {"AWS::DynamoDB::Table": None, "AWS::DynamoDB::GlobalTable": "Replicas"},
    )


class StoredDataPolicy(Resource):
    """The policy of a secret, a bucket or a table, declared apart from it."""

    terraform = (
        "aws_secretsmanager_secret_policy",
        "aws_s3_bucket_policy",
        "aws_dynamodb_resource_policy",
    )
    cloudformation = ("AWS::SecretsManager::ResourcePolicy", "AWS::S3::BucketPolicy")

    holder = reference(
        {
            "aws_secretsmanager_secret_policy": "secret_arn",
            "aws_s3_bucket_policy": "bucket",
            "aws_dynamodb_resource_policy": "resource_arn",
        },
        {"AWS::SecretsManager::ResourcePolicy": "SecretId", "AWS::S3::BucketPolicy": "Bucket"},
        to=("Secret", "Bucket", "Table"),
    )
    policy = anything(
        "policy",
        {
            "AWS::SecretsManager::ResourcePolicy": "ResourcePolicy",
            "AWS::S3::BucketPolicy": "PolicyDocument",
        },
    )
