"""Cases of the classes in ``resources/pod_identity.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single

POLICY = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy"

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
    Single(
        "AWS::EKS::AccessEntry",
        {"AccessPolicies": [{"PolicyArn": POLICY, "AccessScope": {"Type": "cluster"}}]},
        {"policies": [{"policy_arn": POLICY, "scope_type": "cluster"}]},
    ),
    Single(
        "aws_eks_access_policy_association",
        {
            "cluster_name": ref("cluster", "name"),
            "policy_arn": POLICY,
            "principal_arn": ref("role", "arn"),
            "access_scope": [{"type": "cluster"}],
        },
        {
            "cluster": ("->", "cluster"),
            "policy_arn": POLICY,
            "principal": ("->", "role"),
            "scope_type": "cluster",
        },
    ),
]
