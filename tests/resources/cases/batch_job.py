"""Cases of the class in ``resources/batch_job.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Single

ROLE = "arn:aws:iam::111122223333:role/job"

CASES: list[Case] = [
    Single(
        "aws_batch_job_definition",
        {"name": "j", "container_properties": f'{{"image": "busybox", "jobRoleArn": "{ROLE}"}}'},
        {"name": "j", "role": ROLE},
    ),
    Single(
        "AWS::Batch::JobDefinition",
        {"JobDefinitionName": "j", "ContainerProperties": {"JobRoleArn": ref("role", "Arn")}},
        {"name": "j", "role": ("->", "role")},
    ),
]
