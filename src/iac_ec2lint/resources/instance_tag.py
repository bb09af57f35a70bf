"""Tags that are put on something from outside."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource


class SeparateTag(Resource):
    """One tag of an EC2 resource, beside those that the resource says itself.

    Source: Terraform's AWS provider, "aws_ec2_tag".
    """

    terraform = ("aws_ec2_tag",)

    key = text("key", None)
    tagged = reference("resource_id", None)
    value = text("value", None)
