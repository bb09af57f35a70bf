"""Cases of the classes in ``resources/image.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

CASES: list[Case] = [
    Single(
        "aws_ami",
        {
            "name": "web",
            "imds_support": "v2.0",
            "root_device_name": "/dev/xvda",
            "deprecation_time": "2026-01-01T00:00:00.000Z",
            "virtualization_type": "hvm",
            "ebs_block_device": [{"device_name": "/dev/xvda", "snapshot_id": ref("snap")}],
        },
        {
            "name": "web",
            "imds_support": "v2.0",
            "root_device_name": "/dev/xvda",
            "deprecation_time": "2026-01-01T00:00:00.000Z",
            "virtualization_type": "hvm",
        },
    ),
    Single(
        "aws_ami_copy",
        {
            "name": "web",
            "encrypted": True,
            "kms_key_id": ref("key", "arn"),
            "source_ami_id": ref("ami"),
            "source_ami_region": "eu-west-1",
        },
        {
            "name": "web",
            "encrypted": True,
            "kms_key": ("->", "key"),
            "source_image": ("->", "ami"),
            "source_region": "eu-west-1",
        },
    ),
    Single(
        "aws_ami_from_instance",
        {"name": "web", "source_instance_id": ref("i")},
        {"name": "web", "source_instance": ("->", "i")},
    ),
    Single(
        "data.aws_ami",
        {
            "most_recent": True,
            "name": "web-1",
            "deprecation_time": "2026-01-01T00:00:00.000Z",
            "name_regex": "^web-",
            "owners": ["self"],
            "filter": [{"name": "name", "values": ["web-*"]}],
        },
        {
            "most_recent": True,
            "found_name": "web-1",
            "deprecation_time": "2026-01-01T00:00:00.000Z",
            "name_regex": "^web-",
            "owners": ["self"],
            "filters": [{"name": "name", "values": ["web-*"]}],
        },
    ),
    Single(
        "aws_ami_launch_permission",
        {
            "account_id": "111122223333",
            "group": "all",
            "image_id": ref("ami"),
            "organization_arn": "arn:aws:organizations::111122223333:organization/o-1",
            "organizational_unit_arn": "arn:aws:organizations::111122223333:ou/o-1/ou-1",
        },
        {
            "account": "111122223333",
            "group": "all",
            "image": ("->", "ami"),
            "organization": "arn:aws:organizations::111122223333:organization/o-1",
            "organizational_unit": "arn:aws:organizations::111122223333:ou/o-1/ou-1",
        },
    ),
    Single(
        "aws_snapshot_create_volume_permission",
        {"account_id": "111122223333", "snapshot_id": ref("snap")},
        {"account": "111122223333", "snapshot": ("->", "snap")},
    ),
]
