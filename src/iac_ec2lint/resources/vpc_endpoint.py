"""VPC endpoints and their policies."""

from iac_ec2lint.resources.field import anything, boolean, reference, references, text
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown, Val, Value


class VpcEndpoint(Resource):
    """A VPC endpoint: private access to a service (VPC User Guide, "AWS PrivateLink").

    Without a policy, one that supports policies allows everything.
    """

    terraform = ("aws_vpc_endpoint",)
    cloudformation = ("AWS::EC2::VPCEndpoint",)

    auto_accept = boolean("auto_accept", None)
    lattice_configuration = reference(
        "resource_configuration_arn", "ResourceConfigurationArn", to=("LatticeResource",)
    )
    policy = anything("policy", "PolicyDocument")
    private_dns_enabled = boolean("private_dns_enabled", "PrivateDnsEnabled")
    route_tables = references("route_table_ids", "RouteTableIds", to=("RouteTable",))
    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    service_name = text("service_name", "ServiceName")
    service_network = reference("service_network_arn", "ServiceNetworkArn")
    subnets = references(
        ("subnet_ids", "subnet_configuration.subnet_id"), "SubnetIds", to=("Subnet",)
    )
    endpoint_type = text("vpc_endpoint_type", "VpcEndpointType", implied="Gateway")
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))

    @property
    def answers_by_private_dns(self) -> Val:
        """Whether it says that it answers by the service's own name, or what absence means.

        Terraform then sends false. Of CloudFormation the reference says false, and the EC2 API, to
        which it sends nothing then, true (CreateVpcEndpoint).
        """
        if self.private_dns_enabled is not None:
            return self.private_dns_enabled
        if "::" not in self.type:
            return Value(False, self.span, implied=True)
        reason = (
            "where PrivateDnsEnabled is absent it is false by CloudFormation's reference and "
            "true by the EC2 API's"
        )
        return Unknown(reason, "limit", self.span)


class VpcEndpointAccepter(Resource):
    """The consent of a service's owner to an endpoint."""

    terraform = ("aws_vpc_endpoint_connection_accepter",)

    endpoint_service = reference("vpc_endpoint_service_id", None, to=("EndpointService",))
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))


class VpcEndpointPolicy(Resource):
    """The policy of an endpoint, declared on its own."""

    terraform = ("aws_vpc_endpoint_policy",)

    policy = anything("policy", None)
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))


class VpcEndpointGroup(Resource):
    """One more security group for an interface endpoint."""

    terraform = ("aws_vpc_endpoint_security_group_association",)

    replace_default = boolean("replace_default_association", None, implied=False)
    security_group = reference("security_group_id", None, to=("SecurityGroup",))
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))


class VpcEndpointSubnet(Resource):
    """One more subnet for an interface endpoint."""

    terraform = ("aws_vpc_endpoint_subnet_association",)

    subnet = reference("subnet_id", None, to=("Subnet",))
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))


class VpcEndpointRouteTable(Resource):
    """One more route table for a gateway endpoint."""

    terraform = ("aws_vpc_endpoint_route_table_association",)

    route_table = reference("route_table_id", None, to=("RouteTable",))
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))


class VpcEndpointPrivateDns(Resource):
    """Whether an interface endpoint answers by the service's own name, declared on its own."""

    terraform = ("aws_vpc_endpoint_private_dns",)

    enabled = boolean("private_dns_enabled", None)
    vpc_endpoint = reference("vpc_endpoint_id", None, to=("VpcEndpoint",))
