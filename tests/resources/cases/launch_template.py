"""Cases of the classes in ``resources/launch_template.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import EBS_TF, GROUP, MAPPING_CFN, OPTIONS_CFN, OPTIONS_TF

CASES: list[Case] = [
    Pair(
        "aws_launch_template",
        {
            "name": "lt",
            "image_id": "ami-1",
            "vpc_security_group_ids": [GROUP],
            "iam_instance_profile": [{"name": ref("profile", "name")}],
            "metadata_options": [OPTIONS_TF],
            "block_device_mappings": [{"device_name": "/dev/sdb", "ebs": [EBS_TF]}],
            "network_interfaces": [
                {
                    "associate_public_ip_address": "true",
                    "interface_type": "efa",
                    "security_groups": [GROUP],
                }
            ],
            "user_data": "IyE=",
            "maintenance_options": [{"auto_recovery": "disabled"}],
            "instance_market_options": [{"market_type": "spot"}],
            "monitoring": [{"enabled": True}],
            "placement": [{"host_resource_group_arn": "arn:group"}],
            "tag_specifications": [{"resource_type": "instance"}],
        },
        "AWS::EC2::LaunchTemplate",
        {
            "LaunchTemplateName": "lt",
            "LaunchTemplateData": {
                "ImageId": "ami-1",
                "SecurityGroupIds": [GROUP],
                "IamInstanceProfile": {"Name": ref("profile", "Ref")},
                "MetadataOptions": OPTIONS_CFN,
                "BlockDeviceMappings": MAPPING_CFN,
                "NetworkInterfaces": [
                    {"AssociatePublicIpAddress": True, "InterfaceType": "efa", "Groups": [GROUP]}
                ],
                "UserData": "IyE=",
                "MaintenanceOptions": {"AutoRecovery": "disabled"},
                "InstanceMarketOptions": {"MarketType": "spot"},
                "Monitoring": {"Enabled": True},
                "Placement": {"HostResourceGroupArn": "arn:group"},
                "TagSpecifications": [{"ResourceType": "instance"}],
            },
        },
    ),
    Single(
        "aws_launch_template",
        {"tag_specifications": [{"tags": {"Owner": "web"}}]},
        {"tag_specifications": [{"tags": {"Owner": "web"}}]},
    ),
    Single(
        "AWS::EC2::LaunchTemplate",
        {"TagSpecifications": [{"ResourceType": "launch-template", "Tags": []}]},
        {"tag_specifications": [{"kind": "launch-template", "tags": []}]},
    ),
]
