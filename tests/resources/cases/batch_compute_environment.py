"""Cases of the classes in ``resources/batch_compute_environment.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_batch_compute_environment",
        {
            "type": "MANAGED",
            "compute_resources": [
                {
                    "type": "SPOT",
                    "max_vcpus": 4,
                    "instance_type": ["optimal"],
                    "ec2_configuration": [{"image_type": "ECS_AL2023"}],
                    "security_group_ids": [GROUP],
                    "subnets": [ref("subnet")],
                    "launch_template": [{"launch_template_id": ref("lt"), "version": "1"}],
                }
            ],
        },
        "AWS::Batch::ComputeEnvironment",
        {
            "Type": "MANAGED",
            "ComputeResources": {
                "Type": "SPOT",
                "MaxvCpus": 4,
                "InstanceTypes": ["optimal"],
                "Ec2Configuration": [{"ImageType": "ECS_AL2023"}],
                "SecurityGroupIds": [GROUP],
                "Subnets": [ref("subnet")],
                "LaunchTemplate": {"LaunchTemplateId": ref("lt"), "Version": "1"},
            },
        },
    ),
]
