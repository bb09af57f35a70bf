"""Cases of the classes in ``resources/eks_node_group.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_eks_node_group",
        {
            "cluster_name": ref("cluster"),
            "ami_type": "AL2023_x86_64_STANDARD",
            "instance_types": ["m6i.large"],
            "subnet_ids": [ref("subnet")],
            "node_role_arn": ref("role", "arn"),
            "remote_access": [{"ec2_ssh_key": "k", "source_security_group_ids": [GROUP]}],
            "launch_template": [{"id": ref("lt"), "version": "1"}],
            "scaling_config": [{"max_size": 3}],
        },
        "AWS::EKS::Nodegroup",
        {
            "ClusterName": ref("cluster"),
            "AmiType": "AL2023_x86_64_STANDARD",
            "InstanceTypes": ["m6i.large"],
            "Subnets": [ref("subnet")],
            "NodeRole": ref("role", "Arn"),
            "RemoteAccess": {"Ec2SshKey": "k", "SourceSecurityGroups": [GROUP]},
            "LaunchTemplate": {"Id": ref("lt"), "Version": "1"},
            "ScalingConfig": {"MaxSize": 3},
        },
    ),
]
