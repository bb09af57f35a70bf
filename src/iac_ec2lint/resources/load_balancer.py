"""Load balancers, their listeners, and the targets that these forward to."""

from __future__ import annotations

from iac_ec2lint.resources.field import (
    boolean,
    number,
    part,
    parts,
    reference,
    references,
    text,
    texts,
)
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.spelling import Keyed
from iac_ec2lint.values import Answer

_CERTIFICATES = ("AcmCertificate", "ServerCertificate")
_TARGETS = ("Instance", "NetworkInterface", "LoadBalancer")


class _Facing(Resource):
    """What stands between clients and targets, on the internet's side or inside.

    Attributes:
        internal: Terraform's word for it.
        scheme: CloudFormation's word for it.
    """

    internal = boolean("internal", None, implied=False)
    scheme = text(None, "Scheme", implied="internet-facing")

    @property
    def facing(self) -> str:
        """The field that says whether it is internal, in its language."""
        return "internal" if not self.declared.of_cloudformation else "scheme"

    @property
    def is_internal(self) -> Answer:
        """Whether its addresses are private ones."""
        if self.facing == "internal":
            return self.internal.is_true()
        return self.scheme.equals("internal")


class LoadBalancer(_Facing):
    """An Application, Network or Gateway Load Balancer (Elastic Load Balancing User Guide).

    Without groups an Application Load Balancer has its VPC's default one, a Network Load Balancer
    none at all, which filters nothing.
    """

    terraform = ("aws_lb", "aws_alb")
    cloudformation = ("AWS::ElasticLoadBalancingV2::LoadBalancer",)
    names = ("name",)

    access_logs = boolean(
        "access_logs.enabled",
        Keyed("LoadBalancerAttributes", "access_logs.s3.enabled"),
        implied=False,
    )
    cross_zone = boolean(
        "enable_cross_zone_load_balancing",
        Keyed("LoadBalancerAttributes", "load_balancing.cross_zone.enabled"),
        implied=False,
    )
    deletion_protection = boolean(
        "enable_deletion_protection",
        Keyed("LoadBalancerAttributes", "deletion_protection.enabled"),
        implied=False,
    )
    desync_mitigation = text(
        "desync_mitigation_mode",
        Keyed("LoadBalancerAttributes", "routing.http.desync_mitigation_mode"),
        implied="defensive",
    )
    drops_invalid_headers = boolean(
        "drop_invalid_header_fields",
        Keyed("LoadBalancerAttributes", "routing.http.drop_invalid_header_fields.enabled"),
        implied=False,
    )
    elastic_ips = references(
        "subnet_mapping.allocation_id", "SubnetMappings.AllocationId", to=("ElasticIp",)
    )
    enforces_groups_on_private_link = text(
        "enforce_security_group_inbound_rules_on_private_link_traffic",
        "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic",
    )
    ip_address_type = text("ip_address_type", "IpAddressType", implied="ipv4")
    kind = text("load_balancer_type", "Type", implied="application")
    name = text("name", "Name")
    private_ips = texts("subnet_mapping.private_ipv4_address", "SubnetMappings.PrivateIPv4Address")
    security_groups = references("security_groups", "SecurityGroups", to=("SecurityGroup",))
    subnets = references(
        ("subnets", "subnet_mapping.subnet_id"),
        ("Subnets", "SubnetMappings.SubnetId"),
        to=("Subnet",),
    )

    @property
    def is_application(self) -> Answer:
        """Whether it is an Application Load Balancer."""
        return self.kind.equals("application")


class ClassicListener(Part):
    """A port of a Classic Load Balancer, and the port of the instances that it leads to.

    Attributes:
        certificate: The ARN of its certificate, of ACM or IAM.
        policy_names: The policies among the load balancer's that apply to it.
    """

    certificate = reference("ssl_certificate_id", "SSLCertificateId", to=_CERTIFICATES)
    instance_port = number("instance_port", "InstancePort")
    instance_protocol = text("instance_protocol", "InstanceProtocol")
    policy_names = texts(None, "PolicyNames")
    port = number("lb_port", "LoadBalancerPort")
    protocol = text("lb_protocol", "Protocol")


class PolicyAttribute(Part):
    """A protocol or cipher of a policy of a Classic Load Balancer, or a policy that it is like."""

    name = text("name", "Name")
    value = text("value", "Value")


class InlinePolicy(Part):
    """A policy that CloudFormation declares in the load balancer itself."""

    attributes = parts(PolicyAttribute, None, "Attributes")
    kind = text(None, "PolicyType")
    name = text(None, "PolicyName")
    ports = texts(None, "LoadBalancerPorts")


class ClassicAccessLogs(Part):
    """The access log of a Classic Load Balancer; a block without a flag turns it on."""

    enabled = boolean("enabled", "Enabled", implied=True)


class ClassicLoadBalancer(_Facing):
    """A Classic Load Balancer."""

    terraform = ("aws_elb",)
    cloudformation = ("AWS::ElasticLoadBalancing::LoadBalancer",)
    names = ("name",)

    access_logs = part(ClassicAccessLogs, "access_logs", "AccessLoggingPolicy")
    availability_zones = texts("availability_zones", "AvailabilityZones")
    connection_draining = boolean(
        "connection_draining", "ConnectionDrainingPolicy.Enabled", implied=False
    )
    cross_zone = boolean(
        "cross_zone_load_balancing", "CrossZone", implied={"aws_elb": True, "": False}
    )
    desync_mitigation = text("desync_mitigation_mode", None, implied="defensive")
    instances = references("instances", "Instances", to=("Instance",))
    listeners = parts(ClassicListener, "listener", "Listeners")
    name = text("name", "LoadBalancerName")
    policies = parts(InlinePolicy, None, "Policies")
    security_groups = references("security_groups", "SecurityGroups", to=("SecurityGroup",))
    subnets = references("subnets", "Subnets", to=("Subnet",))


class ClassicLoadBalancerAttachment(Resource):
    """An instance behind a Classic Load Balancer."""

    terraform = ("aws_elb_attachment",)

    instance = reference("instance", None, to=("Instance",))
    load_balancer = reference("elb", None, to=("ClassicLoadBalancer",))


class ClassicPolicy(Resource):
    """A policy that a Classic Load Balancer may use; see ``ClassicListenerPolicy``."""

    terraform = ("aws_load_balancer_policy",)
    names = ("name",)

    attributes = parts(PolicyAttribute, "policy_attribute", None)
    kind = text("policy_type_name", None)
    load_balancer = reference("load_balancer_name", None, to=("ClassicLoadBalancer",))
    name = text("policy_name", None)


class ClassicListenerPolicy(Resource):
    """The policies that apply to one listener of a Classic Load Balancer, by name."""

    terraform = ("aws_load_balancer_listener_policy",)

    load_balancer = reference("load_balancer_name", None, to=("ClassicLoadBalancer",))
    policies = references("policy_names", None, to=("ClassicPolicy",))
    port = number("load_balancer_port", None)


class ClassicNegotiationPolicy(Resource):
    """The protocols and ciphers of one listener of a Classic Load Balancer."""

    terraform = ("aws_lb_ssl_negotiation_policy",)

    attributes = parts(PolicyAttribute, "attribute", None)
    load_balancer = reference("load_balancer", None, to=("ClassicLoadBalancer",))
    port = number("lb_port", None)


class WeightedTargetGroup(Part):
    """One of several target groups that an action forwards to, and its share."""

    target_group = reference("arn", "TargetGroupArn", to=("TargetGroup",))
    weight = number("weight", "Weight")


class ListenerAction(Part):
    """What is done with a request: forward, redirect, fixed-response, authenticate-*.

    Attributes:
        redirect_protocol: The protocol that a ``redirect`` leads to; by default, and where it is
            ``#{protocol}``, that of the request.
        on_unauthenticated: What an ``authenticate-*`` action does with a request of somebody who
            has not signed in: ``authenticate`` (the default), ``deny`` or ``allow``.
    """

    kind = text("type", "Type")
    on_unauthenticated = text(
        (
            "authenticate_cognito.on_unauthenticated_request",
            "authenticate_oidc.on_unauthenticated_request",
        ),
        (
            "AuthenticateCognitoConfig.OnUnauthenticatedRequest",
            "AuthenticateOidcConfig.OnUnauthenticatedRequest",
        ),
    )
    order = number("order", "Order")
    redirect_protocol = text("redirect.protocol", "RedirectConfig.Protocol")
    target_group = reference("target_group_arn", "TargetGroupArn", to=("TargetGroup",))
    weighted = parts(WeightedTargetGroup, "forward.target_group", "ForwardConfig.TargetGroups")


class QueryPair(Part):
    """A key and a value of a query that a rule compares."""

    key = text("key", "Key")
    value = text("value", "Value")


class ListenerCondition(Part):
    """What a rule of a listener compares with requests: one kind of thing, with some values.

    Attributes:
        field: CloudFormation's name for what it compares; Terraform has a block for each.
        values: Its values, where CloudFormation does not put them in a block of their own.
        regexes: The same as regular expressions.
    """

    field = text(None, "Field")
    header = text("http_header.http_header_name", "HttpHeaderConfig.HttpHeaderName")
    header_regexes = texts("http_header.regex_values", "HttpHeaderConfig.RegexValues")
    headers = texts("http_header.values", "HttpHeaderConfig.Values")
    host_regexes = texts("host_header.regex_values", "HostHeaderConfig.RegexValues")
    hosts = texts("host_header.values", "HostHeaderConfig.Values")
    methods = texts("http_request_method.values", "HttpRequestMethodConfig.Values")
    path_regexes = texts("path_pattern.regex_values", "PathPatternConfig.RegexValues")
    paths = texts("path_pattern.values", "PathPatternConfig.Values")
    query = parts(QueryPair, "query_string", "QueryStringConfig.Values")
    regexes = texts(None, "RegexValues")
    source_ips = texts("source_ip.values", "SourceIpConfig.Values")
    values = texts(None, "Values")


class Listener(Resource):
    """A listener of an Application, Network or Gateway Load Balancer, and its default action."""

    terraform = ("aws_lb_listener", "aws_alb_listener")
    cloudformation = ("AWS::ElasticLoadBalancingV2::Listener",)

    actions = parts(ListenerAction, "default_action", "DefaultActions")
    certificates = references("certificate_arn", "Certificates.CertificateArn", to=_CERTIFICATES)
    load_balancer = reference("load_balancer_arn", "LoadBalancerArn", to=("LoadBalancer",))
    mutual_tls = text("mutual_authentication.mode", "MutualAuthentication.Mode")
    port = number("port", "Port")
    protocol = text("protocol", "Protocol")
    security_policy = text("ssl_policy", "SslPolicy", implied="ELBSecurityPolicy-2016-08")


class ListenerCertificate(Resource):
    """More certificates of a listener, which clients choose among by name."""

    terraform = ("aws_lb_listener_certificate", "aws_alb_listener_certificate")
    cloudformation = ("AWS::ElasticLoadBalancingV2::ListenerCertificate",)

    certificates = references("certificate_arn", "Certificates.CertificateArn", to=_CERTIFICATES)
    listener = reference("listener_arn", "ListenerArn", to=("Listener",))


class ListenerRule(Resource):
    """What a listener does with some requests."""

    terraform = ("aws_lb_listener_rule", "aws_alb_listener_rule")
    cloudformation = ("AWS::ElasticLoadBalancingV2::ListenerRule",)

    actions = parts(ListenerAction, "action", "Actions")
    conditions = parts(ListenerCondition, "condition", "Conditions")
    listener = reference("listener_arn", "ListenerArn", to=("Listener",))
    priority = number("priority", "Priority")


class InlineTarget(Part):
    """A target that CloudFormation registers in the target group's own properties."""

    availability_zone = text(None, "AvailabilityZone")
    port = number(None, "Port")
    target = reference(None, "Id", to=_TARGETS)


class TargetGroup(Resource):
    """A target group: instances, addresses, a function or a load balancer, and a port."""

    terraform = ("aws_lb_target_group", "aws_alb_target_group")
    cloudformation = ("AWS::ElasticLoadBalancingV2::TargetGroup",)
    names = ("name",)

    checks_health = boolean("health_check.enabled", "HealthCheckEnabled", implied=True)
    cross_zone = text(
        "load_balancing_cross_zone_enabled",
        Keyed("TargetGroupAttributes", "load_balancing.cross_zone.enabled"),
        implied="use_load_balancer_configuration",
    )
    ip_address_type = text("ip_address_type", "IpAddressType", implied="ipv4")
    name = text("name", "Name")
    port = number("port", "Port")
    preserves_client_ip = boolean(
        "preserve_client_ip", Keyed("TargetGroupAttributes", "preserve_client_ip.enabled")
    )
    protocol = text("protocol", "Protocol")
    target_type = text("target_type", "TargetType", implied="instance")
    targets = parts(InlineTarget, None, "Targets")
    vpc = reference("vpc_id", "VpcId", to=("Vpc",))


class TargetGroupAttachment(Resource):
    """A target in a target group, on the group's port or one of its own."""

    terraform = ("aws_lb_target_group_attachment", "aws_alb_target_group_attachment")

    availability_zone = text("availability_zone", None)
    port = number("port", None)
    target = reference("target_id", None, to=_TARGETS)
    target_group = reference("target_group_arn", None, to=("TargetGroup",))


class AutoScalingAttachment(Resource):
    """An Auto Scaling group behind a load balancer."""

    terraform = ("aws_autoscaling_attachment", "aws_autoscaling_traffic_source_attachment")

    auto_scaling_group = reference("autoscaling_group_name", None, to=("AutoScalingGroup",))
    load_balancer = reference(
        {"aws_autoscaling_attachment": "elb", "": None}, None, to=("ClassicLoadBalancer",)
    )
    target_group = reference(
        {
            "aws_autoscaling_attachment": ("lb_target_group_arn", "alb_target_group_arn"),
            "": "traffic_source.identifier",
        },
        None,
        to=("TargetGroup", "ClassicLoadBalancer"),
    )
