"""Cases of the classes in ``resources/endpoint_service.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair

CASES: list[Case] = [
    Pair(
        "aws_vpc_endpoint_service",
        {
            "acceptance_required": False,
            "network_load_balancer_arns": [ref("lb", "arn")],
            "gateway_load_balancer_arns": [ref("gwlb", "arn")],
        },
        "AWS::EC2::VPCEndpointService",
        {
            "AcceptanceRequired": False,
            "NetworkLoadBalancerArns": [ref("lb", "Ref")],
            "GatewayLoadBalancerArns": [ref("gwlb", "Ref")],
        },
    ),
    Pair(
        "aws_vpc_endpoint_service_allowed_principal",
        {"vpc_endpoint_service_id": ref("service"), "principal_arn": "*"},
        "AWS::EC2::VPCEndpointServicePermissions",
        {"ServiceId": ref("service"), "AllowedPrincipals": ["*"]},
    ),
]
