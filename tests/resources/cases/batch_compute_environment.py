"""Cases of the classes in ``resources/batch_compute_environment.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_batch_compute_environment",
        {
            "compute_resources": [
                {"launch_template": [{"launch_template_id": ref("lt"), "version": "1"}]}
            ]
        },
        "AWS::Batch::ComputeEnvironment",
        {
            "ComputeResources": {
                "LaunchTemplate": {"LaunchTemplateId": ref("lt"), "Version": "1"},
            }
        },
    ),
]
