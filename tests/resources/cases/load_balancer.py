"""Cases of the classes in ``resources/load_balancer.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair, Single
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_lb",
        {
            "name": "lb",
            "internal": True,
            "load_balancer_type": "network",
            "ip_address_type": "dualstack",
            "enable_cross_zone_load_balancing": True,
            "enable_deletion_protection": True,
            "drop_invalid_header_fields": True,
            "desync_mitigation_mode": "strictest",
            "access_logs": [{"enabled": True}],
            "security_groups": [GROUP],
            "subnets": [ref("subnet")],
            "subnet_mapping": [
                {
                    "subnet_id": ref("other"),
                    "allocation_id": ref("eip"),
                    "private_ipv4_address": "10.0.0.5",
                }
            ],
            "enforce_security_group_inbound_rules_on_private_link_traffic": "off",
        },
        "AWS::ElasticLoadBalancingV2::LoadBalancer",
        {
            "Name": "lb",
            "Scheme": "internal",
            "Type": "network",
            "IpAddressType": "dualstack",
            "LoadBalancerAttributes": [
                {"Key": "load_balancing.cross_zone.enabled", "Value": "true"},
                {"Key": "deletion_protection.enabled", "Value": "true"},
                {"Key": "routing.http.drop_invalid_header_fields.enabled", "Value": "true"},
                {"Key": "routing.http.desync_mitigation_mode", "Value": "strictest"},
                {"Key": "access_logs.s3.enabled", "Value": "true"},
            ],
            "SecurityGroups": [GROUP],
            "Subnets": [ref("subnet")],
            "SubnetMappings": [
                {
                    "SubnetId": ref("other"),
                    "AllocationId": ref("eip"),
                    "PrivateIPv4Address": "10.0.0.5",
                }
            ],
            "EnforceSecurityGroupInboundRulesOnPrivateLinkTraffic": "off",
        },
    ),
    Pair(
        "aws_alb_listener",
        {
            "load_balancer_arn": ref("lb", "arn"),
            "port": 443,
            "protocol": "TLS",
            "ssl_policy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "certificate_arn": ref("cert", "arn"),
            "mutual_authentication": [{"mode": "verify"}],
            "default_action": [
                {"type": "redirect", "redirect": [{"protocol": "HTTPS"}]},
                {
                    "type": "forward",
                    "order": 1,
                    "target_group_arn": ref("tg", "arn"),
                    "forward": [{"target_group": [{"arn": ref("tg", "arn"), "weight": 3}]}],
                },
            ],
        },
        "AWS::ElasticLoadBalancingV2::Listener",
        {
            "LoadBalancerArn": ref("lb", "Ref"),
            "Port": 443,
            "Protocol": "TLS",
            "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06",
            "Certificates": [{"CertificateArn": ref("cert", "Ref")}],
            "MutualAuthentication": {"Mode": "verify"},
            "DefaultActions": [
                {"Type": "redirect", "RedirectConfig": {"Protocol": "HTTPS"}},
                {
                    "Type": "forward",
                    "Order": 1,
                    "TargetGroupArn": ref("tg", "Ref"),
                    "ForwardConfig": {
                        "TargetGroups": [{"TargetGroupArn": ref("tg", "Ref"), "Weight": 3}]
                    },
                },
            ],
        },
    ),
    Pair(
        "aws_lb_listener_certificate",
        {"listener_arn": ref("listener", "arn"), "certificate_arn": ref("cert", "arn")},
        "AWS::ElasticLoadBalancingV2::ListenerCertificate",
        {
            "ListenerArn": ref("listener", "Ref"),
            "Certificates": [{"CertificateArn": ref("cert", "Ref")}],
        },
    ),
    Pair(
        "aws_lb_listener_rule",
        {
            "listener_arn": ref("listener", "arn"),
            "priority": 5,
            "action": [{"type": "redirect"}],
            "condition": [
                {"host_header": [{"values": ["*.example.com"], "regex_values": ["^a"]}]},
                {
                    "http_header": [
                        {
                            "http_header_name": "X-A",
                            "values": ["a"],
                            "regex_values": ["^b"],
                        }
                    ]
                },
                {"http_request_method": [{"values": ["GET"]}]},
                {"path_pattern": [{"values": ["/a/*"], "regex_values": ["^/b"]}]},
                {"query_string": [{"key": "a", "value": "b"}]},
                {"source_ip": [{"values": ["192.0.2.0/24"]}]},
            ],
        },
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {
            "ListenerArn": ref("listener", "Ref"),
            "Priority": 5,
            "Actions": [{"Type": "redirect"}],
            "Conditions": [
                {"HostHeaderConfig": {"Values": ["*.example.com"], "RegexValues": ["^a"]}},
                {
                    "HttpHeaderConfig": {
                        "HttpHeaderName": "X-A",
                        "Values": ["a"],
                        "RegexValues": ["^b"],
                    }
                },
                {"HttpRequestMethodConfig": {"Values": ["GET"]}},
                {"PathPatternConfig": {"Values": ["/a/*"], "RegexValues": ["^/b"]}},
                {"QueryStringConfig": {"Values": [{"Key": "a", "Value": "b"}]}},
                {"SourceIpConfig": {"Values": ["192.0.2.0/24"]}},
            ],
        },
    ),
    Single(
        "AWS::ElasticLoadBalancingV2::ListenerRule",
        {"Conditions": [{"Field": "path-pattern", "Values": ["/a"], "RegexValues": ["^/b"]}]},
        {"conditions": [{"field": "path-pattern", "values": ["/a"], "regexes": ["^/b"]}]},
    ),
    Pair(
        "aws_lb_target_group",
        {
            "name": "tg",
            "port": 22,
            "protocol": "TCP",
            "target_type": "ip",
            "vpc_id": ref("vpc"),
            "health_check": [{"enabled": False}],
            "preserve_client_ip": "true",
            "load_balancing_cross_zone_enabled": "false",
            "ip_address_type": "ipv6",
        },
        "AWS::ElasticLoadBalancingV2::TargetGroup",
        {
            "Name": "tg",
            "Port": 22,
            "Protocol": "TCP",
            "TargetType": "ip",
            "VpcId": ref("vpc"),
            "HealthCheckEnabled": False,
            "Targets": [{"Id": ref("i"), "Port": 23, "AvailabilityZone": "all"}],
            "TargetGroupAttributes": [
                {"Key": "preserve_client_ip.enabled", "Value": "true"},
                {"Key": "load_balancing.cross_zone.enabled", "Value": "false"},
            ],
            "IpAddressType": "ipv6",
        },
    ),
    Pair(
        "aws_elb",
        {
            "name": "lb",
            "internal": True,
            "cross_zone_load_balancing": False,
            "subnets": [ref("subnet")],
            "availability_zones": ["eu-west-1a"],
            "security_groups": [GROUP],
            "instances": [ref("i")],
            "access_logs": [{"enabled": False}],
            "connection_draining": True,
            "listener": [
                {
                    "lb_port": 22,
                    "lb_protocol": "tcp",
                    "instance_port": 23,
                    "instance_protocol": "tcp",
                    "ssl_certificate_id": ref("cert", "arn"),
                }
            ],
        },
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {
            "LoadBalancerName": "lb",
            "Scheme": "internal",
            "Subnets": [ref("subnet")],
            "AvailabilityZones": ["eu-west-1a"],
            "SecurityGroups": [GROUP],
            "Instances": [ref("i")],
            "AccessLoggingPolicy": {"Enabled": False},
            "ConnectionDrainingPolicy": {"Enabled": True},
            "Listeners": [
                {
                    "LoadBalancerPort": 22,
                    "Protocol": "tcp",
                    "InstancePort": 23,
                    "InstanceProtocol": "tcp",
                    "SSLCertificateId": ref("cert", "Ref"),
                }
            ],
        },
    ),
    Single(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {"CrossZone": True},
        {"cross_zone": True},
    ),
    Single(
        "AWS::ElasticLoadBalancing::LoadBalancer",
        {
            "Listeners": [{"PolicyNames": ["tls"]}],
            "Policies": [
                {
                    "PolicyName": "tls",
                    "PolicyType": "SSLNegotiationPolicyType",
                    "LoadBalancerPorts": ["443"],
                    "Attributes": [{"Name": "Protocol-TLSv1.2", "Value": "true"}],
                }
            ],
        },
        {
            "listeners": [{"policy_names": ["tls"]}],
            "policies": [
                {
                    "name": "tls",
                    "kind": "SSLNegotiationPolicyType",
                    "ports": ["443"],
                    "attributes": [{"name": "Protocol-TLSv1.2", "value": "true"}],
                }
            ],
        },
    ),
    Single(
        "aws_elb",
        {"desync_mitigation_mode": "monitor"},
        {"desync_mitigation": "monitor"},
    ),
    Single(
        "aws_load_balancer_policy",
        {
            "load_balancer_name": ref("lb", "name"),
            "policy_name": "tls",
            "policy_type_name": "SSLNegotiationPolicyType",
            "policy_attribute": [{"name": "Protocol-TLSv1.2", "value": "true"}],
        },
        {
            "load_balancer": ("->", "lb"),
            "name": "tls",
            "kind": "SSLNegotiationPolicyType",
            "attributes": [{"name": "Protocol-TLSv1.2", "value": "true"}],
        },
    ),
    Single(
        "aws_load_balancer_listener_policy",
        {
            "load_balancer_name": ref("lb", "name"),
            "load_balancer_port": 443,
            "policy_names": [ref("policy", "policy_name")],
        },
        {"load_balancer": ("->", "lb"), "port": 443, "policies": [("->", "policy")]},
    ),
    Single(
        "aws_lb_ssl_negotiation_policy",
        {
            "load_balancer": ref("lb"),
            "lb_port": 443,
            "attribute": [{"name": "Protocol-TLSv1.2", "value": "true"}],
        },
        {
            "load_balancer": ("->", "lb"),
            "port": 443,
            "attributes": [{"name": "Protocol-TLSv1.2", "value": "true"}],
        },
    ),
    Single(
        "aws_elb_attachment",
        {"elb": ref("lb"), "instance": ref("i")},
        {"load_balancer": ("->", "lb"), "instance": ("->", "i")},
    ),
    Single(
        "aws_lb_target_group_attachment",
        {
            "target_group_arn": ref("tg", "arn"),
            "target_id": ref("i"),
            "port": 8080,
            "availability_zone": "all",
        },
        {
            "target_group": ("->", "tg"),
            "target": ("->", "i"),
            "port": 8080,
            "availability_zone": "all",
        },
    ),
    Single(
        "aws_autoscaling_attachment",
        {
            "autoscaling_group_name": ref("asg", "name"),
            "elb": ref("lb"),
            "lb_target_group_arn": ref("tg", "arn"),
        },
        {
            "auto_scaling_group": ("->", "asg"),
            "load_balancer": ("->", "lb"),
            "target_group": ("->", "tg"),
        },
    ),
    Single(
        "aws_autoscaling_traffic_source_attachment",
        {
            "autoscaling_group_name": ref("asg", "name"),
            "traffic_source": [{"identifier": ref("tg", "arn")}],
        },
        {"auto_scaling_group": ("->", "asg"), "target_group": ("->", "tg")},
    ),
]
