"""Cases of the classes in ``resources/front.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Single(
        "aws_globalaccelerator_custom_routing_endpoint_group",
        {
            "listener_arn": ref("listener", "arn"),
            "endpoint_configuration": [{"endpoint_id": ref("subnet")}],
        },
        {"endpoints": [("->", "subnet")], "listener": ("->", "listener")},
    ),
    Pair(
        "aws_globalaccelerator_cross_account_attachment",
        {"resource": [{"endpoint_id": ref("i", "arn")}]},
        "AWS::GlobalAccelerator::CrossAccountAttachment",
        {"Resources": [{"EndpointId": ref("i", "Ref")}]},
    ),
    Pair(
        "aws_globalaccelerator_accelerator",
        {"enabled": False},
        "AWS::GlobalAccelerator::Accelerator",
        {"Enabled": False},
    ),
    Pair(
        "aws_globalaccelerator_listener",
        {
            "accelerator_arn": ref("accelerator", "arn"),
            "protocol": "TCP",
            "port_range": [{"from_port": 80, "to_port": 81}],
        },
        "AWS::GlobalAccelerator::Listener",
        {
            "AcceleratorArn": ref("accelerator", "Ref"),
            "Protocol": "TCP",
            "PortRanges": [{"FromPort": 80, "ToPort": 81}],
        },
    ),
    Pair(
        "aws_globalaccelerator_endpoint_group",
        {
            "listener_arn": ref("listener", "arn"),
            "endpoint_configuration": [
                {
                    "endpoint_id": ref("i"),
                    "client_ip_preservation_enabled": True,
                    "weight": 10,
                }
            ],
            "port_override": [{"listener_port": 80, "endpoint_port": 8080}],
            "traffic_dial_percentage": 50,
        },
        "AWS::GlobalAccelerator::EndpointGroup",
        {
            "ListenerArn": ref("listener", "Ref"),
            "EndpointConfigurations": [
                {"EndpointId": ref("i"), "ClientIPPreservationEnabled": True, "Weight": 10}
            ],
            "PortOverrides": [{"ListenerPort": 80, "EndpointPort": 8080}],
            "TrafficDialPercentage": 50,
        },
    ),
    Pair(
        "aws_cloudfront_vpc_origin",
        {
            "vpc_origin_endpoint_config": [
                {"arn": ref("lb", "arn"), "http_port": 80, "https_port": 443}
            ]
        },
        "AWS::CloudFront::VpcOrigin",
        {"VpcOriginEndpointConfig": {"Arn": ref("lb", "Ref"), "HTTPPort": 80, "HTTPSPort": 443}},
    ),
    Pair(
        "aws_api_gateway_vpc_link",
        {"target_arns": [ref("lb", "arn")]},
        "AWS::ApiGateway::VpcLink",
        {"TargetArns": [ref("lb", "Ref")]},
    ),
    Pair(
        "aws_apigatewayv2_vpc_link",
        {"subnet_ids": [ref("subnet")], "security_group_ids": [GROUP]},
        "AWS::ApiGatewayV2::VpcLink",
        {"SubnetIds": [ref("subnet")], "SecurityGroupIds": [GROUP]},
    ),
    Pair(
        "aws_apigatewayv2_integration",
        {"connection_type": "VPC_LINK", "integration_uri": ref("listener", "arn")},
        "AWS::ApiGatewayV2::Integration",
        {"ConnectionType": "VPC_LINK", "IntegrationUri": ref("listener", "Ref")},
    ),
    Pair(
        "aws_api_gateway_integration",
        {"connection_type": "VPC_LINK", "integration_target": ref("listener", "arn")},
        "AWS::ApiGateway::Method",
        {
            "Integration": {
                "ConnectionType": "VPC_LINK",
                "IntegrationTarget": ref("listener", "Ref"),
            }
        },
    ),
    Pair(
        "aws_service_discovery_instance",
        {
            "service_id": ref("service", "id"),
            "attributes": {
                "AWS_INSTANCE_IPV4": ref("host", "private_ip"),
                "AWS_EC2_INSTANCE_ID": ref("host", "id"),
            },
        },
        "AWS::ServiceDiscovery::Instance",
        {
            "ServiceId": ref("service", "Id"),
            "InstanceAttributes": {
                "AWS_INSTANCE_IPV4": ref("host", "PrivateIp"),
                "AWS_EC2_INSTANCE_ID": ref("host", "Ref"),
            },
        },
    ),
    Pair("aws_service_discovery_service", {}, "AWS::ServiceDiscovery::Service", {}),
]
