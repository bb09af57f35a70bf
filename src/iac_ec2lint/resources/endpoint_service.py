"""Endpoint services: what one account offers to others through PrivateLink."""

from iac_ec2lint.resources.field import boolean, reference, references, texts
from iac_ec2lint.resources.part import Resource


class EndpointService(Resource):
    """An endpoint service (AWS PrivateLink Guide, "Share your services").

    Attributes:
        allowed_principals: Who may make endpoints to it: ARNs, or ``*`` for anyone.
    """

    terraform = ("aws_vpc_endpoint_service",)
    cloudformation = ("AWS::EC2::VPCEndpointService",)

    acceptance_required = boolean("acceptance_required", "AcceptanceRequired")
    allowed_principals = texts("allowed_principals", None)
    gateway_load_balancers = references(
        "gateway_load_balancer_arns", "GatewayLoadBalancerArns", to=("LoadBalancer",)
    )
    load_balancers = references(
        "network_load_balancer_arns", "NetworkLoadBalancerArns", to=("LoadBalancer",)
    )


class EndpointServicePrincipal(Resource):
    """Who may make endpoints to a service, declared on its own."""

    terraform = ("aws_vpc_endpoint_service_allowed_principal",)
    cloudformation = ("AWS::EC2::VPCEndpointServicePermissions",)

    endpoint_service = reference("vpc_endpoint_service_id", "ServiceId", to=("EndpointService",))
    principals = texts("principal_arn", "AllowedPrincipals")
