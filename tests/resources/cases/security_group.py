"""Cases of the classes in ``resources/security_group.py``."""

from __future__ import annotations

from tests.graph.declarations import Plain, ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

RULE_TF: dict[str, Plain] = {
    "from_port": 22,
    "to_port": 23,
    "protocol": "tcp",
    "cidr_blocks": ["10.0.0.0/8"],
    "ipv6_cidr_blocks": ["fd00::/8"],
    "prefix_list_ids": [ref("pl")],
    "security_groups": [GROUP],
    "description": "d",
}
RULE_CFN: dict[str, Plain] = {
    "FromPort": 22,
    "ToPort": "23",
    "IpProtocol": "tcp",
    "CidrIp": "10.0.0.0/8",
    "CidrIpv6": "fd00::/8",
    "SourcePrefixListId": ref("pl"),
    "SourceSecurityGroupId": GROUP,
    "Description": "d",
}
EGRESS_CFN: dict[str, Plain] = {
    **{k: v for k, v in RULE_CFN.items() if not k.startswith("Source")},
    "DestinationPrefixListId": ref("pl"),
    "DestinationSecurityGroupId": GROUP,
}
SEPARATE_TF: dict[str, Plain] = {
    "security_group_id": GROUP,
    "from_port": 22,
    "to_port": 23,
    "ip_protocol": "tcp",
    "cidr_ipv4": "10.0.0.0/8",
    "cidr_ipv6": "fd00::/8",
    "prefix_list_id": ref("pl"),
    "referenced_security_group_id": GROUP,
    "description": "d",
}

CASES: list[Case] = [
    Pair(
        "aws_security_group",
        {"name": "web", "vpc_id": ref("vpc"), "ingress": [RULE_TF], "egress": RULE_TF},
        "AWS::EC2::SecurityGroup",
        {
            "GroupName": "web",
            "VpcId": ref("vpc"),
            "SecurityGroupIngress": RULE_CFN,
            "SecurityGroupEgress": [EGRESS_CFN],
        },
    ),
    Pair(
        "aws_vpc_security_group_ingress_rule",
        SEPARATE_TF,
        "AWS::EC2::SecurityGroupIngress",
        {**RULE_CFN, "GroupId": GROUP},
    ),
    Pair(
        "aws_vpc_security_group_egress_rule",
        SEPARATE_TF,
        "AWS::EC2::SecurityGroupEgress",
        {**EGRESS_CFN, "GroupId": GROUP},
    ),
    Pair(
        "aws_security_group_rule",
        {
            **{k: v for k, v in RULE_TF.items() if k != "security_groups"},
            "type": "ingress",
            "security_group_id": GROUP,
            "source_security_group_id": GROUP,
        },
        "AWS::EC2::SecurityGroupIngress",
        {**RULE_CFN, "GroupId": GROUP},
    ),
    Pair(
        "aws_vpc_security_group_vpc_association",
        {"security_group_id": GROUP, "vpc_id": ref("vpc")},
        "AWS::EC2::SecurityGroupVpcAssociation",
        {"GroupId": GROUP, "VpcId": ref("vpc")},
    ),
    Single(
        "aws_vpc_security_group_rules_exclusive",
        {
            "security_group_id": GROUP,
            "ingress_rule_ids": [ref("ssh", "id")],
            "egress_rule_ids": ["sgr-0123456789abcdef0"],
        },
        {
            "listed_for": ("->", "sg"),
            "ingress_rules": [("->", "ssh")],
            "egress_rules": ["sgr-0123456789abcdef0"],
        },
    ),
]
