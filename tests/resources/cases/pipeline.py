"""Cases of the classes in ``resources/pipeline.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_codepipeline",
        {
            "role_arn": ref("role", "arn"),
            "stage": [
                {"action": [{"provider": "CodeBuild"}], "on_failure": [{"result": "ROLLBACK"}]}
            ],
        },
        "AWS::CodePipeline::Pipeline",
        {
            "RoleArn": ref("role", "Arn"),
            "Stages": [
                {
                    "Actions": [{"ActionTypeId": {"Provider": "CodeBuild"}}],
                    "OnFailure": {"Result": "ROLLBACK"},
                }
            ],
        },
    ),
]
