"""Elastic IP addresses, and what they are associated with."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource


class ElasticIp(Resource):
    """An Elastic IP address (EC2 User Guide, "Elastic IP addresses")."""

    terraform = ("aws_eip",)
    cloudformation = ("AWS::EC2::EIP",)

    domain = text("domain", "Domain")
    instance = reference("instance", "InstanceId", to=("Instance",))
    network_interface = reference("network_interface", None, to=("NetworkInterface",))


class ElasticIpAssociation(Resource):
    """An Elastic IP address for an instance or an interface."""

    terraform = ("aws_eip_association",)
    cloudformation = ("AWS::EC2::EIPAssociation",)

    elastic_ip = reference(
        ("allocation_id", "public_ip"), ("AllocationId", "EIP"), to=("ElasticIp",)
    )
    instance = reference("instance_id", "InstanceId", to=("Instance",))
    network_interface = reference(
        "network_interface_id", "NetworkInterfaceId", to=("NetworkInterface",)
    )
