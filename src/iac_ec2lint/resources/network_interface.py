"""Elastic network interfaces, and the instances that they are attached to."""

from iac_ec2lint.resources.field import boolean, number, parts, reference, references, text, texts
from iac_ec2lint.resources.part import Part, Resource


class InterfaceAttachment(Part):
    """An attachment written in the interface itself."""

    device_index = number("device_index", None)
    instance = reference("instance", None, to=("Instance",))


class NetworkInterface(Resource):
    """A network interface declared on its own (EC2 User Guide, "Elastic network interfaces")."""

    terraform = ("aws_network_interface",)
    cloudformation = ("AWS::EC2::NetworkInterface",)

    attachments = parts(InterfaceAttachment, "attachment", None)
    interface_type = text("interface_type", "InterfaceType", implied="interface")
    ipv4_prefixes = texts("ipv4_prefixes", "Ipv4Prefixes.Ipv4Prefix")
    ipv6_address_count = number("ipv6_address_count", "Ipv6AddressCount")
    ipv6_addresses = texts(("ipv6_addresses", "ipv6_address_list"), "Ipv6Addresses.Ipv6Address")
    ipv6_prefix_count = number("ipv6_prefix_count", "Ipv6PrefixCount")
    ipv6_prefixes = texts("ipv6_prefixes", "Ipv6Prefixes.Ipv6Prefix")
    private_ips = texts(
        ("private_ips", "private_ip_list"),
        ("PrivateIpAddress", "PrivateIpAddresses.PrivateIpAddress"),
    )
    security_groups = references("security_groups", "GroupSet", to=("SecurityGroup",))
    source_dest_check = boolean("source_dest_check", "SourceDestCheck", implied=True)
    subnet = reference("subnet_id", "SubnetId", to=("Subnet",))


class NetworkInterfaceAttachment(Resource):
    """An attachment of an interface to an instance."""

    terraform = ("aws_network_interface_attachment",)
    cloudformation = ("AWS::EC2::NetworkInterfaceAttachment",)

    device_index = number("device_index", "DeviceIndex")
    instance = reference("instance_id", "InstanceId", to=("Instance",))
    network_interface = reference(
        "network_interface_id", "NetworkInterfaceId", to=("NetworkInterface",)
    )


class NetworkInterfaceGroup(Resource):
    """One more security group for an interface."""

    terraform = ("aws_network_interface_sg_attachment",)

    network_interface = reference("network_interface_id", None, to=("NetworkInterface",))
    security_group = reference("security_group_id", None, to=("SecurityGroup",))
