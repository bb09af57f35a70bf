"""Cases of the classes in ``resources/elastic_ip.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair("aws_eip", {"instance": ref("i")}, "AWS::EC2::EIP", {"InstanceId": ref("i")}),
    Pair(
        "aws_eip_association",
        {"allocation_id": ref("eip"), "instance_id": ref("i")},
        "AWS::EC2::EIPAssociation",
        {"AllocationId": ref("eip"), "InstanceId": ref("i")},
    ),
]
