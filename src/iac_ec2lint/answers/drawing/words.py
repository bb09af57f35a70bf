"""Names of kinds of things, for people."""

from __future__ import annotations

import re

_NAMES = {
    "AutoScalingGroup": "Auto Scaling group",
    "BatchComputeEnvironment": "AWS Batch compute environment",
    "BeanstalkEnvironment": "Elastic Beanstalk environment",
    "Cache": "cache",
    "ClassicLoadBalancer": "Classic Load Balancer",
    "Cloud9Environment": "Cloud9 environment",
    "Database": "database instance",
    "DatabaseCluster": "database cluster",
    "DatabaseProxy": "database proxy",
    "Ec2Fleet": "EC2 fleet",
    "EksNodeGroup": "EKS node group",
    "ElasticIp": "Elastic IP address",
    "EmrCluster": "EMR cluster",
    "External": "declared elsewhere",
    "InstanceConnectEndpoint": "Instance Connect endpoint",
    "NatGateway": "NAT gateway",
    "NetworkAcl": "network ACL",
    "NetworkAclAssociation": "network ACL association",
    "Role": "IAM role",
    "SearchDomain": "search domain",
    "SeparateRoute": "route",
    "SeparateNetworkAclEntry": "network ACL rule",
    "SeparateSecurityGroupRule": "security group rule",
    "Vpc": "VPC",
    "Warehouse": "data warehouse",
}


def kind_words(kind: str) -> str:
    """The name of a class of resources in words: ``security group``, ``NAT gateway``."""
    if kind in _NAMES:
        return _NAMES[kind]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()
    return re.sub(
        r"\b(cidr|ebs|eks|iam|ssm|vpc|vpn)\b", lambda found: found.group().upper(), spaced
    )


def counted(number: int, words: str) -> str:
    """A number of things: ``1 volume``, ``3 security groups``, ``2 policies``."""
    if number == 1 or words == "declared elsewhere":
        return f"{number} {words}"
    if words.endswith("y") and words[-2] not in "aeiou":
        return f"{number} {words[:-1]}ies"
    if words.endswith(("s", "x")):
        return f"{number} {words}es"
    return f"{number} {words}s"
