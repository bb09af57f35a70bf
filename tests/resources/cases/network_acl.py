"""Cases of the classes in ``resources/network_acl.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair

ACL_PORTS_TF: dict[str, Plain] = {
    "rule_number": 100,
    "protocol": "6",
    "rule_action": "allow",
    "egress": True,
    "cidr_block": "10.0.0.0/8",
    "from_port": 1,
    "to_port": 2,
    "icmp_type": 3,
    "icmp_code": 4,
    "network_acl_id": ref("acl"),
}
ACL_PORTS_CFN: dict[str, Plain] = {
    "RuleNumber": 100,
    "Protocol": 6,
    "RuleAction": "allow",
    "Egress": True,
    "CidrBlock": "10.0.0.0/8",
    "PortRange": {"From": 1, "To": 2},
    "Icmp": {"Type": 3, "Code": 4},
    "NetworkAclId": ref("acl"),
}

CASES: list[Case] = [
    Pair("aws_network_acl_rule", ACL_PORTS_TF, "AWS::EC2::NetworkAclEntry", ACL_PORTS_CFN),
    Pair(
        "aws_network_acl_association",
        {"network_acl_id": ref("acl"), "subnet_id": ref("subnet")},
        "AWS::EC2::SubnetNetworkAclAssociation",
        {"NetworkAclId": ref("acl"), "SubnetId": ref("subnet")},
    ),
    Pair(
        "aws_network_acl",
        {"vpc_id": ref("vpc")},
        "AWS::EC2::NetworkAcl",
        {"VpcId": ref("vpc")},
    ),
]
