"""Cases of the classes in ``resources/volume.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ebs_volume",
        {
            "encrypted": True,
            "kms_key_id": ref("key", "arn"),
            "snapshot_id": "snap-1",
            "availability_zone": "eu-west-1a",
        },
        "AWS::EC2::Volume",
        {
            "Encrypted": True,
            "KmsKeyId": ref("key", "Arn"),
            "SnapshotId": "snap-1",
            "AvailabilityZone": "eu-west-1a",
        },
    ),
    Single("AWS::EC2::Volume", {"SourceVolumeId": ref("vol")}, {"source_volume": ("->", "vol")}),
    Pair(
        "aws_volume_attachment",
        {"volume_id": ref("vol"), "instance_id": ref("i"), "device_name": "/dev/sdf"},
        "AWS::EC2::VolumeAttachment",
        {"VolumeId": ref("vol"), "InstanceId": ref("i"), "Device": "/dev/sdf"},
    ),
]
