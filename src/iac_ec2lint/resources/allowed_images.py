"""Which images an account may use: Allowed AMIs."""

from iac_ec2lint.resources.field import parts, text, texts
from iac_ec2lint.resources.part import Part, Resource


class ImageCriterion(Part):
    """What an image must be to be allowed.

    Attributes:
        image_providers: ``amazon``, ``aws-marketplace``, accounts and the like, or ``none``
            for the account's own images alone.
    """

    image_names = texts("image_names", None)
    image_providers = texts("image_providers", None)
    marketplace_product_codes = texts("marketplace_product_codes", None)


class AllowedImagesSettings(Resource):
    """The setting of an account and Region (EC2 User Guide, "Allowed AMIs")."""

    terraform = ("aws_ec2_allowed_images_settings",)

    criteria = parts(ImageCriterion, "image_criterion", None)
    state = text("state", None)
