"""Documents of Systems Manager: what it runs on instances."""

from iac_ec2lint.resources.field import anything, text
from iac_ec2lint.resources.part import Resource


class SsmDocument(Resource):
    """A document of Systems Manager: of commands, or of other things that it does.

    Attributes:
        content: JSON or YAML text; in CloudFormation also the structure itself.
        document_format: ``YAML`` or ``JSON``.
        kind: What it is: ``Command``, ``Automation``, ``Policy``, ``Session`` and others.
        shared_with: Accounts, with commas between them, or ``All``.
    """

    terraform = ("aws_ssm_document",)
    cloudformation = ("AWS::SSM::Document",)
    names = ("name",)

    content = anything("content", "Content")
    document_format = text("document_format", "DocumentFormat", implied="JSON")
    kind = text("document_type", "DocumentType")
    name = text("name", "Name")
    shared_with = text("permissions.account_ids", None)
