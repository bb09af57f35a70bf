"""Machine images (AMIs): registered, copied, made from an instance, or looked up."""

from iac_ec2lint.resources.block_device import BlockDevice
from iac_ec2lint.resources.data_source import Filter
from iac_ec2lint.resources.field import boolean, parts, reference, text, texts
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import DataSource, Resource


class Image(Resource):
    """What all images of the unit are, however they came to be."""

    names = ("name",)

    deprecation_time = text("deprecation_time", None)
    name = text("name", None)


class RegisteredImage(Image):
    """An image registered from snapshots."""

    terraform = ("aws_ami",)

    block_devices = parts(BlockDevice, ("ebs_block_device", "ephemeral_block_device"), None)
    imds_support = text("imds_support", None)
    root_device_name = text("root_device_name", None)
    virtualization_type = text("virtualization_type", None, implied="paravirtual")


class ImageCopy(Image):
    """A copy of an image, possibly from another Region."""

    terraform = ("aws_ami_copy",)

    encrypted = boolean("encrypted", None)
    kms_key = reference("kms_key_id", None, to=KEY_NAMES)
    source_image = reference("source_ami_id", None, to=("Image",))
    source_region = text("source_ami_region", None)


class InstanceImage(Image):
    """An image made from an instance: of its disks, as encrypted as they are."""

    terraform = ("aws_ami_from_instance",)

    source_instance = reference("source_instance_id", None, to=("Instance",))


class ImageDataSource(DataSource):
    """An image looked up; a plan has what was found.

    Attributes:
        deprecation_time: When the image that was found is no longer to be used.
        found_name: Its name.
    """

    terraform = ("data.aws_ami", "data.aws_ami_ids")
    finds = "Image"

    deprecation_time = text({"data.aws_ami": "deprecation_time", "": None}, None)
    filters = parts(Filter, "filter", None)
    found_name = text({"data.aws_ami": "name", "": None}, None)
    most_recent = boolean({"data.aws_ami": "most_recent", "": None}, None, implied=False)
    name_regex = text("name_regex", None)
    owners = texts("owners", None)


class ImageLaunchPermission(Resource):
    """A permission for others to launch an image."""

    terraform = ("aws_ami_launch_permission",)

    account = text("account_id", None)
    group = text("group", None)
    image = reference("image_id", None, to=("Image",))
    organization = text("organization_arn", None)
    organizational_unit = text("organizational_unit_arn", None)


class SnapshotPermission(Resource):
    """A permission for another account to make volumes of a snapshot."""

    terraform = ("aws_snapshot_create_volume_permission",)

    account = text("account_id", None)
    snapshot = reference("snapshot_id", None, to=("Snapshot",))
