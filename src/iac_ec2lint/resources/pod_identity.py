"""What gives the pods of a cluster of EKS a role, and lets a principal in to the cluster."""

from iac_ec2lint.resources.field import parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class PodIdentityAssociation(Resource):
    """A role for the pods of a service account (Amazon EKS User Guide, "EKS Pod Identity")."""

    terraform = ("aws_eks_pod_identity_association",)
    cloudformation = ("AWS::EKS::PodIdentityAssociation",)

    cluster = reference("cluster_name", "ClusterName", to=("EksCluster",))
    pod_role = reference("role_arn", "RoleArn", to=("Role",))


class AccessPolicy(Part):
    """What an access entry may do in its cluster: everywhere, or in some namespaces."""

    policy_arn = text(None, "PolicyArn")
    scope_type = text(None, "AccessScope.Type")


class AccessEntry(Resource):
    """A principal that a cluster lets in (Amazon EKS User Guide, "Create access entries")."""

    terraform = ("aws_eks_access_entry",)
    cloudformation = ("AWS::EKS::AccessEntry",)

    cluster = reference("cluster_name", "ClusterName", to=("EksCluster",))
    principal = reference("principal_arn", "PrincipalArn", to=("IamUser", "Role"))
    policies = parts(AccessPolicy, None, "AccessPolicies")


class AccessPolicyAssociation(Resource):
    """A policy of an access entry in Terraform (same guide, "Associate access policies")."""

    terraform = ("aws_eks_access_policy_association",)

    cluster = reference("cluster_name", None, to=("EksCluster",))
    policy_arn = text("policy_arn", None)
    principal = reference("principal_arn", None, to=("IamUser", "Role"))
    scope_type = text("access_scope.type", None)
