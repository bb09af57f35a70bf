"""Cases of the classes in ``resources/ssm_association.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

CASES: list[Case] = [
    Pair(
        "aws_ssm_association",
        {
            "name": "AWS-RunPatchBaseline",
            "document_version": "$LATEST",
            "parameters": {"Operation": "Install"},
            "schedule_expression": "cron(0 2 ? * SUN *)",
            "targets": [{"key": "tag:Patch", "values": ["yes"]}],
        },
        "AWS::SSM::Association",
        {
            "Name": "AWS-RunPatchBaseline",
            "DocumentVersion": "$LATEST",
            "Parameters": {"Operation": "Install"},
            "ScheduleExpression": "cron(0 2 ? * SUN *)",
            "Targets": [{"Key": "tag:Patch", "Values": ["yes"]}],
        },
    ),
    Single("aws_ssm_association", {"instance_id": ref("i")}, {"instances": [("->", "i")]}),
    Single("AWS::SSM::Association", {"InstanceId": ref("i", "Ref")}, {"instances": [("->", "i")]}),
]
