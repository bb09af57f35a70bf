"""Job definitions of AWS Batch: what jobs run, and with which role."""

from __future__ import annotations

import json

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.spelling import Field, Relation
from iac_ec2lint.values import Val, Value


def _read_role(part: Part, field: Field[Val | None]) -> Val | None:
    """The role in ``container_properties``, which is JSON in Terraform."""
    written = part.read(field)
    if written is None:
        return None
    if written.decoded is not None:
        return written.decoded.items().get("jobRoleArn")
    if written.text is None or not written.text.lstrip().startswith("{"):
        return written
    try:
        read = json.loads(written.text)
    except ValueError:
        return None
    arn = read.get("jobRoleArn")
    return Value(arn, written.span, written.via) if isinstance(arn, str) else None


class BatchJobDefinition(Resource):
    """What jobs run; whoever submits one may give it another command (SubmitJob)."""

    terraform = ("aws_batch_job_definition",)
    cloudformation = ("AWS::Batch::JobDefinition",)
    names = ("name",)

    name = text("name", "JobDefinitionName")
    role = Relation(
        "container_properties", "ContainerProperties.JobRoleArn", _read_role, to=("Role",)
    )
