"""EBS volumes, and the instances that they are attached to."""

from iac_ec2lint.resources.field import boolean, reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Resource


class Volume(Resource):
    """An EBS volume declared on its own (EBS User Guide, "Create an Amazon EBS volume")."""

    terraform = ("aws_ebs_volume",)
    cloudformation = ("AWS::EC2::Volume",)

    availability_zone = text("availability_zone", "AvailabilityZone")
    encrypted = boolean("encrypted", "Encrypted")
    kms_key = reference("kms_key_id", "KmsKeyId", to=KEY_NAMES)
    snapshot = reference("snapshot_id", "SnapshotId", to=("Snapshot",))
    source_volume = reference(None, "SourceVolumeId", to=("Volume",))


class VolumeAttachment(Resource):
    """An attachment of a volume to an instance."""

    terraform = ("aws_volume_attachment",)
    cloudformation = ("AWS::EC2::VolumeAttachment",)

    device_name = text("device_name", "Device")
    instance = reference("instance_id", "InstanceId", to=("Instance",))
    volume = reference("volume_id", "VolumeId", to=("Volume",))
