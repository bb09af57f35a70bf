"""What holds data outside of hosts and databases: secrets, buckets, tables."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Resource


class Secret(Resource):
    """A secret of Secrets Manager."""

    terraform = ("aws_secretsmanager_secret",)
    cloudformation = ("AWS::SecretsManager::Secret",)
    names = ("name",)

    key = reference("kms_key_id", "KmsKeyId", to=KEY_NAMES)
    name = text(("name", "name_prefix"), "Name")


class Bucket(Resource):
    """A bucket of S3."""

    terraform = ("aws_s3_bucket",)
    cloudformation = ("AWS::S3::Bucket",)
    names = ("name",)

    name = text(("bucket", "bucket_prefix"), "BucketName")


class Table(Resource):
    """A table of DynamoDB."""

    terraform = ("aws_dynamodb_table",)
    cloudformation = ("AWS::DynamoDB::Table", "AWS::DynamoDB::GlobalTable")
    names = ("name",)

    name = text("name", "TableName")
