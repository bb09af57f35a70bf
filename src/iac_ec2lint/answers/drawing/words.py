"""Names of kinds of things, for people."""

from __future__ import annotations

import re

_NAMES = {
    "AutoScalingGroup": "Auto Scaling group",
    "BatchComputeEnvironment": "AWS Batch compute environment",
    "BeanstalkEnvironment": "Elastic Beanstalk environment",
    "Cache": "cache",
    "ClassicLoadBalancer": "Classic Load Balancer",
    "ClientVpnAssociation": "Client VPN association",
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
    "InstanceImage": "image of an instance",
    "ManagedHost": "host of a managed service",
    "MetadataDefaults": "metadata default of the account",
    "NatGateway": "NAT gateway",
    "NetworkAcl": "network ACL",
    "NetworkAclAssociation": "network ACL association",
    "Role": "IAM role",
    "SearchDomain": "search domain",
    "SeparateNetworkAclEntry": "network ACL rule",
    "SeparatePrefixListEntry": "prefix list entry",
    "SeparateRoute": "route",
    "SeparateSecurityGroupRule": "security group rule",
    "SeparateTag": "tag",
    "ServiceInterfaces": "set of a service's interfaces",
    "ServiceWithRole": "service with a role",
    "UnreadModule": "module that is not read",
    "Vpc": "VPC",
    "Warehouse": "data warehouse",
}


def kind_words(kind: str) -> str:
    """The name of a class of resources in words: ``security group``, ``NAT gateway``."""
    if kind in _NAMES:
        return _NAMES[kind]
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", kind).lower()
    return re.sub(
        r"\b(acl|acm|api|cidr|dns|ebs|ec2|eks|emr|iam|kms|pcs|saml|sns|sqs|ssm|vpc|vpn)\b",
        lambda found: found.group().upper(),
        spaced,
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
