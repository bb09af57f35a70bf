"""Cases of the classes in ``resources/auto_scaling_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_autoscaling_group",
        {
            "tag": [{"key": "Owner", "propagate_at_launch": True}],
            "name": "asg",
            "max_size": 3,
            "max_instance_lifetime": 604800,
            "min_size": 1,
            "vpc_zone_identifier": [ref("subnet")],
            "capacity_rebalance": True,
            "mixed_instances_policy": [
                {
                    "instances_distribution": [{"on_demand_percentage_above_base_capacity": 20}],
                    "launch_template": [
                        {
                            "launch_template_specification": [{"launch_template_id": ref("lt")}],
                            "override": [
                                {
                                    "instance_requirements": [
                                        {
                                            "allowed_instance_types": ["m5.*"],
                                            "excluded_instance_types": ["m5.metal"],
                                            "instance_generations": ["current"],
                                        }
                                    ],
                                    "instance_type": "t3.micro",
                                    "launch_template_specification": [
                                        {"launch_template_name": "arm", "version": "1"}
                                    ],
                                }
                            ],
                        }
                    ],
                }
            ],
        },
        "AWS::AutoScaling::AutoScalingGroup",
        {
            "Tags": [{"Key": "Owner", "PropagateAtLaunch": True}],
            "AutoScalingGroupName": "asg",
            "MaxSize": "3",
            "MaxInstanceLifetime": 604800,
            "MinSize": "1",
            "VPCZoneIdentifier": [ref("subnet")],
            "CapacityRebalance": True,
            "MixedInstancesPolicy": {
                "InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 20},
                "LaunchTemplate": {
                    "LaunchTemplateSpecification": {"LaunchTemplateId": ref("lt")},
                    "Overrides": [
                        {
                            "InstanceRequirements": {
                                "AllowedInstanceTypes": ["m5.*"],
                                "ExcludedInstanceTypes": ["m5.metal"],
                                "InstanceGenerations": ["current"],
                            },
                            "InstanceType": "t3.micro",
                            "LaunchTemplateSpecification": {
                                "LaunchTemplateName": "arm",
                                "Version": "1",
                            },
                        }
                    ],
                },
            },
        },
    ),
]
