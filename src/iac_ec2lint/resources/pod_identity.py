"""What gives the pods of a cluster of EKS a role, and lets a principal in to the cluster."""

from iac_ec2lint.resources.field import reference
from iac_ec2lint.resources.part import Resource


class PodIdentityAssociation(Resource):
    """A role for the pods of a service account (Amazon EKS User Guide, "EKS Pod Identity")."""

    terraform = ("aws_eks_pod_identity_association",)
    cloudformation = ("AWS::EKS::PodIdentityAssociation",)

    cluster = reference("cluster_name", "ClusterName", to=("EksCluster",))
    pod_role = reference("role_arn", "RoleArn", to=("Role",))


class AccessEntry(Resource):
    """A principal that a cluster lets in (Amazon EKS User Guide, "Create access entries")."""

    terraform = ("aws_eks_access_entry",)
    cloudformation = ("AWS::EKS::AccessEntry",)

    cluster = reference("cluster_name", "ClusterName", to=("EksCluster",))
    principal = reference("principal_arn", "PrincipalArn", to=("IamUser", "Role"))
