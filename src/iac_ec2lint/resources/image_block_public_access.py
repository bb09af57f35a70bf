"""Block public access for machine images: an account's setting for a Region."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Resource


class ImageBlockPublicAccess(Resource):
    """The setting (EC2 User Guide, "Block public access for AMIs").

    CloudFormation cannot say it.

    Attributes:
        state: ``block-new-sharing`` or ``unblocked``.
    """

    terraform = ("aws_ec2_image_block_public_access",)

    state = text("state", None)
