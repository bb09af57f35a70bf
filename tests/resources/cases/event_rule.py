"""Cases of the classes in ``resources/event_rule.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_cloudwatch_event_rule",
        {"name": "changes", "event_pattern": "{}", "event_bus_name": "audit", "state": "DISABLED"},
        "AWS::Events::Rule",
        {"Name": "changes", "EventPattern": "{}", "EventBusName": "audit", "State": "DISABLED"},
    ),
    Single("aws_cloudwatch_event_rule", {"is_enabled": False}, {"is_enabled": False}),
    Single(
        "AWS::Events::Rule",
        {"Targets": [{"Arn": "arn:aws:sns:eu-west-1:111122223333:alarms"}]},
        {"targets": [{"arn": "arn:aws:sns:eu-west-1:111122223333:alarms"}]},
    ),
    Single(
        "AWS::Events::Rule",
        {
            "Targets": [
                {
                    "Arn": ref("cluster", "Arn"),
                    "EcsParameters": {
                        "EnableExecuteCommand": True,
                        "TaskDefinitionArn": ref("definition"),
                    },
                }
            ]
        },
        {
            "targets": [
                {
                    "arn": ("->", "cluster"),
                    "runs_commands": True,
                    "task_definition": ("->", "definition"),
                }
            ]
        },
    ),
    Single(
        "aws_cloudwatch_event_target",
        {
            "ecs_target": [
                {"enable_execute_command": True, "task_definition_arn": ref("definition", "arn")}
            ]
        },
        {"runs_commands": True, "task_definition": ("->", "definition")},
    ),
    Pair(
        "aws_scheduler_schedule",
        {
            "target": [
                {"ecs_parameters": [{"network_configuration": [{"security_groups": [GROUP]}]}]}
            ]
        },
        "AWS::Scheduler::Schedule",
        {
            "Target": {
                "EcsParameters": {
                    "NetworkConfiguration": {"AwsvpcConfiguration": {"SecurityGroups": [GROUP]}}
                }
            }
        },
    ),
    Single(
        "aws_cloudwatch_event_target",
        {"ecs_target": [{"network_configuration": [{"security_groups": [GROUP]}]}]},
        {"security_groups": [("->", "sg")]},
    ),
    Pair(
        "aws_scheduler_schedule",
        {
            "state": "DISABLED",
            "target": [
                {
                    "ecs_parameters": [
                        {
                            "enable_execute_command": True,
                            "task_definition_arn": ref("definition", "arn"),
                        }
                    ]
                }
            ],
        },
        "AWS::Scheduler::Schedule",
        {
            "State": "DISABLED",
            "Target": {
                "EcsParameters": {
                    "EnableExecuteCommand": True,
                    "TaskDefinitionArn": ref("definition"),
                }
            },
        },
    ),
    Single(
        "aws_cloudwatch_event_target",
        {"rule": ref("rule", "name"), "arn": "arn:aws:sns:eu-west-1:111122223333:alarms"},
        {"rule": ("->", "rule"), "arn": "arn:aws:sns:eu-west-1:111122223333:alarms"},
    ),
]
