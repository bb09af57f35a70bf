"""Block device mappings: parts of instances, templates, configurations, fleets and images."""

from iac_ec2lint.resources.field import anything, boolean, number, reference, text
from iac_ec2lint.resources.kms_key import KEY_NAMES
from iac_ec2lint.resources.part import Part

# Terraform puts the EBS part into a block of its own in these types only.
_NESTED = ("aws_launch_template", "aws_imagebuilder_image_recipe")


def _ebs(name: str) -> dict[str, str | None]:
    return {"": name, **dict.fromkeys(_NESTED, f"ebs.{name}")}


class BlockDevice(Part):
    """A device and what is mapped to it: an EBS volume, an instance store, or nothing.

    Attributes:
        no_device: Written where the mapping takes away the image's device of that name. Each
            language and type has a form of its own for it: see ``removed``.
    """

    delete_on_termination = boolean(_ebs("delete_on_termination"), "Ebs.DeleteOnTermination")
    device_name = text("device_name", "DeviceName")
    encrypted = boolean(_ebs("encrypted"), "Ebs.Encrypted")
    kms_key = reference(_ebs("kms_key_id"), "Ebs.KmsKeyId", to=KEY_NAMES)
    no_device = anything("no_device", "NoDevice")
    snapshot = reference(_ebs("snapshot_id"), "Ebs.SnapshotId", to=("Snapshot",))
    tags = anything("tags", None)
    virtual_name = text("virtual_name", "VirtualName")
    volume_size = number(_ebs("volume_size"), "Ebs.VolumeSize")
    volume_type = text(_ebs("volume_type"), "Ebs.VolumeType")
