"""VPC Lattice, which leads clients in associated VPCs to targets in others."""

from iac_ec2lint.resources.field import reference, references
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.service_interfaces import ServiceInterfaces

_DEFINITION = "resource_configuration_definition"
_STACK_DEFINITION = "ResourceConfigurationDefinition"


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
    service_network = reference("service_network_identifier", "ServiceNetworkIdentifier")
    vpc = reference("vpc_identifier", "VpcIdentifier", to=("Vpc",))


class LatticeGateway(ServiceInterfaces):
    """Where VPC Lattice gets into a VPC to resources (the same guide, "Resource gateways")."""

    terraform = ("aws_vpclattice_resource_gateway",)
    cloudformation = ("AWS::VpcLattice::ResourceGateway",)

    elastic_ips = references(None, None, to=("ElasticIp",))
    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    vpc = reference("vpc_id", "VpcIdentifier", to=("Vpc",))


class LatticeResource(Resource):
    """What a gateway leads to: a database, a name, an address, or a range of them.

    Source: the same guide, "Resource configurations".
    """

    terraform = ("aws_vpclattice_resource_configuration",)
    cloudformation = ("AWS::VpcLattice::ResourceConfiguration",)

    gateway = reference("resource_gateway_identifier", "ResourceGatewayId", to=("LatticeGateway",))
    lattice_resource = references(
        (
            f"{_DEFINITION}.arn_resource.arn",
            f"{_DEFINITION}.dns_resource.domain_name",
            f"{_DEFINITION}.ip_resource.ip_address",
        ),
        (
            f"{_STACK_DEFINITION}.ArnResource",
            f"{_STACK_DEFINITION}.DnsResource.DomainName",
            f"{_STACK_DEFINITION}.IpResource",
        ),
        to=(
            *("Cache", "Database", "DatabaseCluster", "DatabaseProxy", "Instance", "LoadBalancer"),
            *("MessageBroker", "NetworkInterface", "SearchDomain", "Warehouse"),
        ),
    )


class LatticeResourceAssociation(Resource):
    """A resource that the clients of a network of services may use."""

    terraform = ("aws_vpclattice_service_network_resource_association",)
    cloudformation = ("AWS::VpcLattice::ServiceNetworkResourceAssociation",)

    lattice_configuration = reference(
        "resource_configuration_identifier", "ResourceConfigurationId", to=("LatticeResource",)
    )
    service_network = reference("service_network_identifier", "ServiceNetworkId")
