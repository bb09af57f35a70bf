"""Cases of the classes in ``resources/maintenance_window.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ssm_maintenance_window",
        {"name": "sunday", "schedule": "cron(0 2 ? * SUN *)"},
        "AWS::SSM::MaintenanceWindow",
        {"Name": "sunday", "Schedule": "cron(0 2 ? * SUN *)"},
    ),
    Single("aws_ssm_maintenance_window", {"enabled": False}, {"enabled": False}),
    Pair(
        "aws_ssm_maintenance_window_target",
        {
            "resource_type": "INSTANCE",
            "targets": [{"key": "tag:Patch", "values": ["yes"]}],
            "window_id": ref("window", "id"),
        },
        "AWS::SSM::MaintenanceWindowTarget",
        {
            "ResourceType": "INSTANCE",
            "Targets": [{"Key": "tag:Patch", "Values": ["yes"]}],
            "WindowId": ref("window", "Ref"),
        },
    ),
    Pair(
        "aws_ssm_maintenance_window_task",
        {
            "task_arn": "AWS-RunPatchBaseline",
            "task_type": "RUN_COMMAND",
            "task_invocation_parameters": [{"run_command_parameters": [{"document_version": "2"}]}],
            "targets": [{"key": "WindowTargetIds", "values": ["target"]}],
            "window_id": ref("window", "id"),
        },
        "AWS::SSM::MaintenanceWindowTask",
        {
            "TaskArn": "AWS-RunPatchBaseline",
            "TaskType": "RUN_COMMAND",
            "TaskInvocationParameters": {
                "MaintenanceWindowRunCommandParameters": {"DocumentVersion": "2"}
            },
            "Targets": [{"Key": "WindowTargetIds", "Values": ["target"]}],
            "WindowId": ref("window", "Ref"),
        },
    ),
    Single(
        "aws_ssm_maintenance_window_task",
        {
            "task_invocation_parameters": [
                {
                    "run_command_parameters": [
                        {"parameter": [{"name": "Operation", "values": ["Install"]}]}
                    ]
                }
            ]
        },
        {"parameters": [{"name": "Operation", "values": ["Install"]}]},
    ),
    Single(
        "AWS::SSM::MaintenanceWindowTask",
        {
            "TaskInvocationParameters": {
                "MaintenanceWindowRunCommandParameters": {"Parameters": {"Operation": ["Install"]}}
            }
        },
        {"parameter_map": {"Operation": ["Install"]}},
    ),
]
