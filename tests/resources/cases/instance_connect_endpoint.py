"""Cases of the classes in ``resources/instance_connect_endpoint.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_ec2_instance_connect_endpoint",
        {
            "subnet_id": ref("subnet"),
            "security_group_ids": [GROUP],
            "preserve_client_ip": False,
        },
        "AWS::EC2::InstanceConnectEndpoint",
        {"SubnetId": ref("subnet"), "SecurityGroupIds": [GROUP], "PreserveClientIp": False},
    ),
]
