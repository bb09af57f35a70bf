"""Cases of the classes in ``resources/pod_identity.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_eks_pod_identity_association",
        {"cluster_name": ref("cluster", "name"), "role_arn": ref("role", "arn")},
        "AWS::EKS::PodIdentityAssociation",
        {"ClusterName": ref("cluster"), "RoleArn": ref("role", "Arn")},
    ),
    Pair(
        "aws_eks_access_entry",
        {"cluster_name": ref("cluster", "name"), "principal_arn": ref("role", "arn")},
        "AWS::EKS::AccessEntry",
        {"ClusterName": ref("cluster"), "PrincipalArn": ref("role", "Arn")},
    ),
]
