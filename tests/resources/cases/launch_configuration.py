"""Cases of the classes in ``resources/launch_configuration.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import EBS_TF, GROUP, MAPPING_CFN, OPTIONS_CFN, OPTIONS_TF

CASES: list[Case] = [
    Pair(
        "aws_launch_configuration",
        {
            "name": "lc",
            "image_id": "ami-1",
            "associate_public_ip_address": True,
            "spot_price": "0.01",
            "security_groups": [GROUP],
            "metadata_options": [OPTIONS_TF],
            "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
        },
        "AWS::AutoScaling::LaunchConfiguration",
        {
            "LaunchConfigurationName": "lc",
            "ImageId": "ami-1",
            "AssociatePublicIpAddress": True,
            "SpotPrice": "0.01",
            "SecurityGroups": [GROUP],
            "MetadataOptions": OPTIONS_CFN,
            "BlockDeviceMappings": MAPPING_CFN,
        },
    ),
    Single(
        "AWS::AutoScaling::LaunchConfiguration",
        {"InstanceId": ref("seed", "Ref")},
        {"source_instance": ("->", "seed")},
    ),
]
