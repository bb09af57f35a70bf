"""Stacks that Terraform makes of a template."""

from iac_ec2lint.resources.auxiliary import Auxiliary
from iac_ec2lint.resources.field import anything, text


class TemplateStack(Auxiliary):
    """A stack, or stack set, of CloudFormation; what its template declares is judged by itself."""

    terraform = ("aws_cloudformation_stack", "aws_cloudformation_stack_set")

    template_body = text("template_body", None)
    template_url = text("template_url", None)
    parameters = anything("parameters", None)
