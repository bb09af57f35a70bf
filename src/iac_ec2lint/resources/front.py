"""Services that lead clients into a VPC: Global Accelerator, CloudFront, API Gateway."""

from iac_ec2lint.resources.field import boolean, number, parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource

_ENDPOINTS = ("Instance", "LoadBalancer", "ElasticIp")


class PortRange(Part):
    """Consecutive ports."""

    from_port = number("from_port", "FromPort")
    to_port = number("to_port", "ToPort")


class Accelerator(Resource):
    """Two addresses of AWS's edge, in front of what its listeners lead to."""

    terraform = ("aws_globalaccelerator_accelerator",)
    cloudformation = ("AWS::GlobalAccelerator::Accelerator",)

    enabled = boolean("enabled", "Enabled", implied=True)


class AcceleratorListener(Resource):
    """Ports of an accelerator (Global Accelerator Guide, "Listeners")."""

    terraform = ("aws_globalaccelerator_listener",)
    cloudformation = ("AWS::GlobalAccelerator::Listener",)

    accelerator = reference("accelerator_arn", "AcceleratorArn", to=("Accelerator",))
    port_ranges = parts(PortRange, "port_range", "PortRanges")
    protocol = text("protocol", "Protocol")


class AcceleratorEndpoint(Part):
    """An instance, a load balancer or an address behind an accelerator."""

    endpoint = reference("endpoint_id", "EndpointId", to=_ENDPOINTS)
    preserves_client_ip = boolean("client_ip_preservation_enabled", "ClientIPPreservationEnabled")
    weight = number("weight", "Weight", implied=128)


class PortOverride(Part):
    """A listener's port that comes out as another one."""

    endpoint_port = number("endpoint_port", "EndpointPort")
    listener_port = number("listener_port", "ListenerPort")


class AcceleratorEndpointGroup(Resource):
    """Endpoints of one Region behind an accelerator: reached without a public address."""

    terraform = ("aws_globalaccelerator_endpoint_group",)
    cloudformation = ("AWS::GlobalAccelerator::EndpointGroup",)

    endpoints = parts(AcceleratorEndpoint, "endpoint_configuration", "EndpointConfigurations")
    listener = reference("listener_arn", "ListenerArn", to=("AcceleratorListener",))
    port_overrides = parts(PortOverride, "port_override", "PortOverrides")
    traffic_dial = number("traffic_dial_percentage", "TrafficDialPercentage", implied=100)


class CrossAccountAttachment(Resource):
    """What accelerators of other accounts may lead to (CreateCrossAccountAttachment)."""

    terraform = ("aws_globalaccelerator_cross_account_attachment",)
    cloudformation = ("AWS::GlobalAccelerator::CrossAccountAttachment",)

    endpoint = references("resource.endpoint_id", "Resources.EndpointId", to=_ENDPOINTS)


class CustomRoutingEndpointGroup(Resource):
    """Subnets behind a custom routing accelerator: whoever in them it is told to let be reached.

    That is told by calls alone (Global Accelerator API Reference, ``AllowCustomRoutingTraffic``).
    """

    terraform = ("aws_globalaccelerator_custom_routing_endpoint_group",)

    endpoints = references("endpoint_configuration.endpoint_id", None, to=("Subnet",))
    listener = reference("listener_arn", None)


class CloudFrontVpcOrigin(Resource):
    """A private load balancer or instance that a CloudFront distribution fetches from."""

    terraform = ("aws_cloudfront_vpc_origin",)
    cloudformation = ("AWS::CloudFront::VpcOrigin",)

    endpoint = reference(
        "vpc_origin_endpoint_config.arn", "VpcOriginEndpointConfig.Arn", to=_ENDPOINTS
    )
    http_port = number("vpc_origin_endpoint_config.http_port", "VpcOriginEndpointConfig.HTTPPort")
    https_port = number(
        "vpc_origin_endpoint_config.https_port", "VpcOriginEndpointConfig.HTTPSPort"
    )


class ApiGatewayVpcLink(Resource):
    """Network Load Balancers that a REST API leads to."""

    terraform = ("aws_api_gateway_vpc_link",)
    cloudformation = ("AWS::ApiGateway::VpcLink",)

    targets = references("target_arns", "TargetArns", to=("LoadBalancer",))


class ApiGatewayV2VpcLink(Resource):
    """Interfaces in subnets from which an HTTP API leads on."""

    terraform = ("aws_apigatewayv2_vpc_link",)
    cloudformation = ("AWS::ApiGatewayV2::VpcLink",)

    security_groups = references("security_group_ids", "SecurityGroupIds", to=("SecurityGroup",))
    subnets = references("subnet_ids", "SubnetIds", to=("Subnet",))


class ApiGatewayIntegration(Resource):
    """What an API hands requests to; through a VPC link, a listener or a service of Cloud Map.

    Source: API Gateway Developer Guide, "Create private integrations" for HTTP APIs, and "Private
    integrations" with links of the second version for REST APIs.
    """

    terraform = ("aws_apigatewayv2_integration", "aws_api_gateway_integration")
    cloudformation = ("AWS::ApiGatewayV2::Integration", "AWS::ApiGateway::Method")

    connection = text(
        "connection_type",
        {"AWS::ApiGateway::Method": "Integration.ConnectionType", "": "ConnectionType"},
    )
    endpoint = reference(
        {"aws_apigatewayv2_integration": "integration_uri", "": "integration_target"},
        {"AWS::ApiGatewayV2::Integration": "IntegrationUri", "": "Integration.IntegrationTarget"},
        to=("Listener", "LoadBalancer", "DiscoveryService"),
    )


class DiscoveryService(Resource):
    """A service of Cloud Map, whose instances an API may look up."""

    terraform = ("aws_service_discovery_service",)
    cloudformation = ("AWS::ServiceDiscovery::Service",)


class DiscoveredInstance(Resource):
    """What is registered with a service of Cloud Map (Cloud Map API, ``RegisterInstance``)."""

    terraform = ("aws_service_discovery_instance",)
    cloudformation = ("AWS::ServiceDiscovery::Instance",)

    registered = references(
        ("attributes.AWS_INSTANCE_IPV4", "attributes.AWS_EC2_INSTANCE_ID"),
        ("InstanceAttributes.AWS_INSTANCE_IPV4", "InstanceAttributes.AWS_EC2_INSTANCE_ID"),
        to=("Instance", "NetworkInterface"),
    )
    service = reference("service_id", "ServiceId", to=("DiscoveryService",))
