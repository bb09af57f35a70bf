"""EC2 instances, requested on demand or at the spot price."""

from typing import ClassVar

from iac_ec2lint.resources.field import anything, boolean, number, part, parts, reference, texts
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplateReference
from iac_ec2lint.resources.part import Part, Resource


class InlineVolume(Part):
    """A volume that CloudFormation attaches to an instance in the instance's own properties."""

    device = texts(None, "Device")
    volume = reference(None, "VolumeId", to=("Volume",))


class Instance(Resource, LaunchSettings):
    """An instance; what it does not say, its launch template says: see ``graph.launch``.

    A spot request is the instance that it asks for.
    """

    terraform = ("aws_instance", "aws_spot_instance_request")
    cloudformation = ("AWS::EC2::Instance",)
    implicit: ClassVar = {
        "primary_network_interface_id": ("primary network interface", "NetworkInterface")
    }

    get_password_data = boolean("get_password_data", None, implied=False)
    ipv6_address_count = number("ipv6_address_count", "Ipv6AddressCount")
    ipv6_addresses = texts("ipv6_addresses", "Ipv6Addresses.Ipv6Address")
    launch_template = part(LaunchTemplateReference, "launch_template", "LaunchTemplate")
    private_ip = texts(("private_ip", "secondary_private_ips"), "PrivateIpAddress")
    source_dest_check = boolean("source_dest_check", "SourceDestCheck")
    volume_tags = anything("volume_tags", None)
    volumes = parts(InlineVolume, None, "Volumes")
