"""VPC Lattice, which leads clients in associated VPCs to targets in others."""

from iac_ec2lint.resources.field import reference, references
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces


class LatticeTargets(Resource):
    """What services of VPC Lattice send requests to (VPC Lattice User Guide, "Target groups")."""

    terraform = ("aws_vpclattice_target_group_attachment",)
    cloudformation = ("AWS::VpcLattice::TargetGroup",)

    lattice_targets = references("target.id", "Targets.Id", to=("Instance", "LoadBalancer"))


class LatticeAssociation(ServiceInterfaces):
    """A VPC whose clients may use the services of a network (the same guide, "Associations")."""

    terraform = ("aws_vpclattice_service_network_vpc_association",)
    cloudformation = ("AWS::VpcLattice::ServiceNetworkVpcAssociation",)

    elastic_ips = references(None, None, to=("ElasticIp",))
    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    vpc = reference("vpc_identifier", "VpcIdentifier", to=("Vpc",))
