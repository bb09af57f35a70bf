"""Which VPC something is in, and what a VPC has.

When you want to know

- which VPC a subnet is in, ask ``vpc_of``; which addresses a VPC has, ``vpc_addresses``;
- which of AWS's services a VPC endpoint leads to, ask ``aws_service_of``.
"""

from iac_ec2lint.network.hosts.endpoints import service_of as aws_service_of
from iac_ec2lint.network.vpc.subnets import vpc_addresses, vpc_of

__all__ = [
    "aws_service_of",
    "vpc_addresses",
    "vpc_of",
]
