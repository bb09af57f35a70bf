"""Associations of Systems Manager: documents that it runs on instances, on a schedule."""

from iac_ec2lint.resources.field import anything, parts, references, text, texts
from iac_ec2lint.resources.part import Part, Resource


class SsmTarget(Part):
    """What something is run on (Systems Manager API Reference, ``Target``).

    Attributes:
        key: ``InstanceIds``, ``tag:NAME``, ``tag-key``, ``resource-groups:Name``,
            ``WindowTargetIds`` and others.
    """

    key = text("key", "Key")
    values = texts("values", "Values")


class SsmAssociation(Resource):
    """An association: without targets it is of the one instance that it names.

    Attributes:
        document: The name of the document that it runs.
        document_version: Which version: a number, ``$LATEST``, ``$DEFAULT``.
        parameters: What the document is given.
    """

    terraform = ("aws_ssm_association",)
    cloudformation = ("AWS::SSM::Association",)

    document = text("name", "Name")
    document_version = text("document_version", "DocumentVersion")
    instances = references("instance_id", "InstanceId", to=("Instance",))
    parameters = anything("parameters", "Parameters")
    schedule = text("schedule_expression", "ScheduleExpression")
    targets = parts(SsmTarget, "targets", "Targets")
