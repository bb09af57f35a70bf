"""Cases of the classes in ``resources/network_interface.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_network_interface",
        {"subnet_id": ref("subnet"), "security_groups": [GROUP], "ipv6_address_count": 1},
        "AWS::EC2::NetworkInterface",
        {"SubnetId": ref("subnet"), "GroupSet": [GROUP], "Ipv6AddressCount": 1},
    ),
    Pair(
        "aws_network_interface",
        {"ipv6_addresses": ["fd00::1"], "private_ips": ["10.0.0.1"]},
        "AWS::EC2::NetworkInterface",
        {"Ipv6Addresses": [{"Ipv6Address": "fd00::1"}], "PrivateIpAddress": "10.0.0.1"},
    ),
    Pair(
        "aws_network_interface_attachment",
        {"instance_id": ref("i"), "network_interface_id": ref("eni"), "device_index": 1},
        "AWS::EC2::NetworkInterfaceAttachment",
        {"InstanceId": ref("i"), "NetworkInterfaceId": ref("eni"), "DeviceIndex": "1"},
    ),
    Single(
        "aws_network_interface_sg_attachment",
        {"network_interface_id": ref("eni"), "security_group_id": ref("sg")},
        {"network_interface": ("->", "eni"), "security_group": ("->", "sg")},
    ),
]
