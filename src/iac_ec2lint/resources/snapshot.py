"""EBS snapshots: of a volume, of another snapshot, of an imported disk."""

from iac_ec2lint.resources.field import boolean, reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Resource


class Snapshot(Resource):
    """What all EBS snapshots are, however they came to be."""

    kms_key = reference("kms_key_id", None, to=KEY_NAMES)


class VolumeSnapshot(Snapshot):
    """A snapshot of a volume: as encrypted as the volume is."""

    terraform = ("aws_ebs_snapshot",)

    kms_key = reference(None, None)
    volume = reference("volume_id", None, to=("Volume",))


class SnapshotCopy(Snapshot):
    """A copy of a snapshot, possibly from another Region."""

    terraform = ("aws_ebs_snapshot_copy",)

    encrypted = boolean("encrypted", None)
    source_region = text("source_region", None)
    source_snapshot = reference("source_snapshot_id", None, to=("Snapshot",))


class SnapshotImport(Snapshot):
    """A snapshot made of a disk image in S3."""

    terraform = ("aws_ebs_snapshot_import",)

    encrypted = boolean("encrypted", None)
