"""Cases of the classes in ``resources/fleet.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import EBS_TF, GROUP, MAPPING_CFN

CASES: list[Case] = [
    Pair(
        "aws_ec2_fleet",
        {
            "launch_template_config": [
                {
                    "launch_template_specification": [
                        {"launch_template_id": ref("lt"), "version": "1"}
                    ],
                    "override": [{"subnet_id": ref("subnet"), "instance_type": "t3.micro"}],
                }
            ],
            "target_capacity_specification": [{"total_target_capacity": 2}],
            "on_demand_options": [{"single_availability_zone": True}],
            "spot_options": [{"single_availability_zone": True}],
        },
        "AWS::EC2::EC2Fleet",
        {
            "LaunchTemplateConfigs": [
                {
                    "LaunchTemplateSpecification": {
                        "LaunchTemplateId": ref("lt"),
                        "Version": "1",
                    },
                    "Overrides": [{"SubnetId": ref("subnet"), "InstanceType": "t3.micro"}],
                }
            ],
            "TargetCapacitySpecification": {"TotalTargetCapacity": 2},
            "OnDemandOptions": {"SingleAvailabilityZone": True},
            "SpotOptions": {"SingleAvailabilityZone": True},
        },
    ),
    Pair(
        "aws_spot_fleet_request",
        {
            "target_capacity": 2,
            "launch_specification": [
                {
                    "ami": "ami-1",
                    "instance_type": "t3.micro",
                    "vpc_security_group_ids": [GROUP],
                    "iam_instance_profile_arn": ref("profile", "arn"),
                    "subnet_id": ref("subnet"),
                    "ebs_block_device": [{"device_name": "/dev/sdb", **EBS_TF}],
                }
            ],
        },
        "AWS::EC2::SpotFleet",
        {
            "SpotFleetRequestConfigData": {
                "TargetCapacity": 2,
                "LaunchSpecifications": [
                    {
                        "ImageId": "ami-1",
                        "InstanceType": "t3.micro",
                        "SecurityGroups": [{"GroupId": GROUP}],
                        "IamInstanceProfile": {"Arn": ref("profile", "Arn")},
                        "SubnetId": ref("subnet"),
                        "BlockDeviceMappings": MAPPING_CFN,
                    }
                ],
            }
        },
    ),
    Single(
        "AWS::EC2::EC2Fleet",
        {
            "LaunchTemplateConfigs": [
                {
                    "Overrides": [
                        {"Placement": {"AvailabilityZone": "eu-west-1a", "Tenancy": "dedicated"}}
                    ]
                }
            ]
        },
        {
            "templates": [
                {
                    "overrides": [
                        {"availability_zone": "eu-west-1a", "placement_tenancy": "dedicated"}
                    ]
                }
            ]
        },
    ),
    Pair(
        "aws_ec2_fleet",
        {"launch_template_config": [{"override": [{"availability_zone": "eu-west-1a"}]}]},
        "AWS::EC2::EC2Fleet",
        {"LaunchTemplateConfigs": [{"Overrides": [{"AvailabilityZone": "eu-west-1a"}]}]},
    ),
    Pair(
        "aws_spot_fleet_request",
        {"launch_template_config": [{"overrides": [{"availability_zone": "eu-west-1a"}]}]},
        "AWS::EC2::SpotFleet",
        {
            "SpotFleetRequestConfigData": {
                "LaunchTemplateConfigs": [{"Overrides": [{"AvailabilityZone": "eu-west-1a"}]}]
            }
        },
    ),
]
