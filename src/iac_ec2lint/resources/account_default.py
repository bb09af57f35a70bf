"""Account-wide settings for a Region: what applies where a resource says nothing."""

from iac_ec2lint.resources.field import boolean, reference
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.metadata_options import MetadataOptions
from iac_ec2lint.resources.part import Resource


class EncryptionByDefault(Resource):
    """Whether new EBS volumes and snapshot copies are encrypted whatever they say."""

    terraform = ("aws_ebs_encryption_by_default",)

    enabled = boolean("enabled", None, implied=True)


class DefaultKey(Resource):
    """The key that encrypts EBS volumes which name none."""

    terraform = ("aws_ebs_default_kms_key",)

    kms_key = reference("key_arn", None, to=KEY_NAMES)


class MetadataDefaults(Resource, MetadataOptions):
    """The metadata options of new instances; ``no-preference`` and -1 leave an option unset."""

    terraform = ("aws_ec2_instance_metadata_defaults",)
