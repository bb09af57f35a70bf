"""Stacks that Terraform makes of a template."""

from iac_ec2lint.resources.field import anything, reference, text
from iac_ec2lint.resources.part import Resource


class TemplateStack(Resource):
    """A stack, or stack set, of CloudFormation; what its template declares is judged by itself."""

    terraform = ("aws_cloudformation_stack", "aws_cloudformation_stack_set")
    names = ("name",)

    name = text("name", None)
    role = reference(
        {"aws_cloudformation_stack": "iam_role_arn", "": "administration_role_arn"},
        None,
        to=("Role",),
    )
    template_body = text("template_body", None)
    template_url = text("template_url", None)
    parameters = anything("parameters", None)


class StackSetInstance(Resource):
    """A stack of a stack set, in one account and Region, or those of several."""

    terraform = ("aws_cloudformation_stack_instances", "aws_cloudformation_stack_set_instance")

    stack_set = reference("stack_set_name", None, to=("TemplateStack",))
    parameter_overrides = anything("parameter_overrides", None)
