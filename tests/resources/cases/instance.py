"""Cases of the classes in ``resources/instance.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair
from tests.resources.settings import EBS_TF, GROUP, MAPPING_CFN, OPTIONS_CFN, OPTIONS_TF

TEMPLATE_TF: list[Plain] = [{"id": ref("lt"), "version": "3"}]
TEMPLATE_CFN: dict[str, Plain] = {"LaunchTemplateId": ref("lt"), "Version": "3"}

CASES: list[Case] = [
    Pair(
        "aws_instance",
        {
            "ami": "ami-1",
            "instance_type": "t3.micro",
            "subnet_id": ref("subnet"),
            "vpc_security_group_ids": [GROUP],
            "iam_instance_profile": ref("profile", "name"),
            "key_name": "k",
            "metadata_options": [OPTIONS_TF],
            "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
            "launch_template": TEMPLATE_TF,
            "monitoring": True,
            "tenancy": "host",
            "host_id": "h-1",
        },
        "AWS::EC2::Instance",
        {
            "ImageId": "ami-1",
            "InstanceType": "t3.micro",
            "SubnetId": ref("subnet"),
            "SecurityGroupIds": [GROUP],
            "IamInstanceProfile": ref("profile", "Ref"),
            "KeyName": "k",
            "MetadataOptions": OPTIONS_CFN,
            "BlockDeviceMappings": MAPPING_CFN,
            "LaunchTemplate": TEMPLATE_CFN,
            "Monitoring": True,
            "Tenancy": "host",
            "HostId": "h-1",
        },
    ),
    Pair(
        "aws_instance",
        {"security_groups": ["web"]},
        "AWS::EC2::Instance",
        {"SecurityGroups": ["web"]},
    ),
]
