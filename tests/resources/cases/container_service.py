"""Cases of the class in ``resources/container_service.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
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
            "network_configuration": [{"security_groups": [GROUP], "subnets": [ref("subnet")]}],
            "desired_count": 2,
            "launch_type": "FARGATE",
            "enable_execute_command": True,
            "task_definition": ref("definition", "arn"),
        },
        "AWS::ECS::Service",
        {
            "DesiredCount": 2,
            "LaunchType": "FARGATE",
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
            "NetworkConfiguration": {
                "AwsvpcConfiguration": {"SecurityGroups": [GROUP], "Subnets": [ref("subnet")]}
            },
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
    Single(
        "aws_ecs_service",
        {"network_configuration": [{"assign_public_ip": True}]},
        {"assigns_public_address": True},
    ),
    Single(
        "AWS::ECS::Service",
        {"NetworkConfiguration": {"AwsvpcConfiguration": {"AssignPublicIp": "ENABLED"}}},
        {"assigns_public_address": "ENABLED"},
    ),
]
