"""Cases of the class in ``resources/container_service.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_ecs_service",
        {"cluster": ref("cluster", "arn")},
        "AWS::ECS::Service",
        {"Cluster": ref("cluster", "arn")},
    ),
    Pair(
        "aws_ecs_service",
        {
            "load_balancer": [
                {"target_group_arn": ref("targets", "arn")},
                {"elb_name": ref("classic", "name")},
                {
                    "target_group_arn": ref("blue", "arn"),
                    "advanced_configuration": [{"alternate_target_group_arn": ref("green", "arn")}],
                },
            ],
            "network_configuration": [{"security_groups": [GROUP]}],
            "enable_execute_command": True,
            "task_definition": ref("definition", "arn"),
        },
        "AWS::ECS::Service",
        {
            "EnableExecuteCommand": True,
            "TaskDefinition": ref("definition", "Ref"),
            "LoadBalancers": [
                {"TargetGroupArn": ref("targets", "Ref")},
                {"LoadBalancerName": ref("classic", "Ref")},
                {
                    "TargetGroupArn": ref("blue", "Ref"),
                    "AdvancedConfiguration": {"AlternateTargetGroupArn": ref("green", "Ref")},
                },
            ],
            "NetworkConfiguration": {"AwsvpcConfiguration": {"SecurityGroups": [GROUP]}},
        },
    ),
    Pair(
        "aws_ecs_task_set",
        {
            "load_balancer": [{"target_group_arn": ref("targets", "arn")}],
            "network_configuration": [{"security_groups": [GROUP]}],
        },
        "AWS::ECS::TaskSet",
        {
            "LoadBalancers": [{"TargetGroupArn": ref("targets", "Ref")}],
            "NetworkConfiguration": {"AwsVpcConfiguration": {"SecurityGroups": [GROUP]}},
        },
    ),
]
