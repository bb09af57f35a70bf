"""Cases of the classes in ``resources/notebook_instance.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_sagemaker_notebook_instance",
        {
            "role_arn": ref("role", "arn"),
            "security_groups": [GROUP],
            "instance_metadata_service_configuration": [
                {"minimum_instance_metadata_service_version": "2"}
            ],
        },
        "AWS::SageMaker::NotebookInstance",
        {
            "RoleArn": ref("role", "Arn"),
            "SecurityGroupIds": [GROUP],
            "InstanceMetadataServiceConfiguration": {"MinimumInstanceMetadataServiceVersion": "2"},
        },
    ),
]
