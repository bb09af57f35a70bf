"""VPC endpoints: their services and the policies that are written for them."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.network.hosts.endpoints import (
    carries_data,
    is_policy_unset,
    policies,
    service_of,
    supports_policies,
)
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint

REGION = unknown("var.region has no value")
IN_A_REGION = unknown("partly", parts=("com.amazonaws.", REGION, ".s3"))
IN_NO_SERVICE = unknown("partly", parts=("com.amazonaws.eu-west-1.", REGION))
PARTNER = "com.amazonaws.vpce.eu-west-1.vpce-svc-0123456789abcdef0"


def endpoint(**body: Plain) -> VpcEndpoint:
    made = tf("aws_vpc_endpoint.e", dict(body))
    assert isinstance(made, VpcEndpoint)
    return made


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("com.amazonaws.eu-west-1.s3", "s3"),
        ("com.amazonaws.us-gov-west-1.ec2messages", "ec2messages"),
        ("com.amazonaws.eu-west-1.ecr.dkr", "ecr.dkr"),
        ("cn.com.amazonaws.cn-north-1.ec2", "ec2"),
        ("com.amazonaws.s3-global.accesspoint", "accesspoint"),
        ("aws.sagemaker.eu-west-1.notebook", "notebook"),
        (PARTNER, None),
        ("com.example.service", None),
        (IN_A_REGION, "s3"),
        (IN_NO_SERVICE, None),
        (unknown(), None),
    ],
)
def test_the_service_is_what_stands_after_the_region(name: Plain, service: str | None) -> None:
    assert service_of(endpoint(service_name=name)) == service


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("com.amazonaws.eu-west-1.sqs", True),
        ("com.amazonaws.eu-west-1.ecr.dkr", True),
        ("com.amazonaws.eu-west-1.ssmmessages", True),
        ("com.amazonaws.eu-west-1.sts", False),
        ("com.amazonaws.us-east-1.kms-fips", False),
        ("com.amazonaws.eu-west-1.textract", None),
        (PARTNER, False),
        (IN_A_REGION, True),
        (IN_NO_SERVICE, None),
        (unknown(), None),
    ],
)
def test_which_services_take_data(name: Plain, truth: bool | None) -> None:
    answer = carries_data(endpoint(service_name=name, vpc_endpoint_type="Interface"))
    assert answer.truth is truth
    assert bool(answer.causes) is (truth is None)


def test_a_gateway_leads_to_a_store_of_data() -> None:
    assert carries_data(endpoint(service_name=unknown())).truth is True


@pytest.mark.parametrize(
    ("body", "truth"),
    [
        ({"service_name": "com.amazonaws.eu-west-1.s3"}, True),
        ({"service_name": "com.amazonaws.eu-west-1.ec2", "vpc_endpoint_type": "Interface"}, True),
        ({"service_name": "com.amazonaws.eu-west-1.eks", "vpc_endpoint_type": "Interface"}, False),
        ({"service_name": PARTNER, "vpc_endpoint_type": "Interface"}, False),
        ({"service_name": PARTNER, "vpc_endpoint_type": "GatewayLoadBalancer"}, False),
        ({"service_name": unknown(), "vpc_endpoint_type": "GatewayLoadBalancer"}, False),
        ({"service_name": unknown(), "vpc_endpoint_type": "Interface"}, None),
        # A gateway endpoint leads to S3 or DynamoDB.
        ({"service_name": unknown()}, True),
        ({"service_name": unknown(), "vpc_endpoint_type": unknown()}, None),
        ({"service_name": PARTNER, "vpc_endpoint_type": unknown()}, False),
        ({"service_name": IN_A_REGION, "vpc_endpoint_type": "Interface"}, True),
    ],
)
def test_which_endpoints_have_policies(body: dict[str, Plain], truth: bool | None) -> None:
    assert supports_policies(endpoint(**body)).truth is truth


def test_policies_are_the_endpoints_own_and_those_beside_it() -> None:
    own = endpoint(policy="{}")
    beside = tf(
        "aws_vpc_endpoint_policy.p", {"vpc_endpoint_id": ref("aws_vpc_endpoint.e"), "policy": "{}"}
    )
    empty = tf("aws_vpc_endpoint_policy.q", {"vpc_endpoint_id": ref("aws_vpc_endpoint.e")})
    graph = graph_of(own, beside, empty)
    assert [policy.resource for policy in policies(graph, own)] == [own, beside]


def test_a_policy_of_nobody_knows_which_endpoint_may_be_anybodys() -> None:
    lost = tf("aws_vpc_endpoint_policy.p", {"vpc_endpoint_id": unknown(), "policy": "{}"})
    one = endpoint()
    unset = is_policy_unset(graph_of(one, lost), one)
    assert unset.truth is None
    assert len(unset.causes) == 1
    literal = tf("aws_vpc_endpoint_policy.p", {"vpc_endpoint_id": "vpce-0123456789abcdef0"})
    assert is_policy_unset(graph_of(one, literal), one).truth is True


@pytest.mark.parametrize(
    ("policy", "truth"),
    [
        ("{}", False),
        ("", True),
        (unknown(), None),
        (unknown("module.m.policy is not known", "module"), None),
        (unknown("data.x.json is read from AWS", "data-source"), False),
        (IN_A_REGION, False),
        (unknown("either", "variable", "{}", unset=True), None),
        (unknown("either", "variable", "{}", '{"Statement":[]}'), False),
    ],
)
def test_a_policy_that_may_come_to_nothing(policy: Plain, truth: bool | None) -> None:
    one = endpoint(policy=policy)
    assert is_policy_unset(graph_of(one), one).truth is truth


def test_a_policy_document_is_a_map_in_a_stack() -> None:
    one = declare("AWS::EC2::VPCEndpoint", "E", {"PolicyDocument": {"Statement": []}})
    assert isinstance(one, VpcEndpoint)
    (found,) = policies(graph_of(one), one)
    assert found.place.attribute == "PolicyDocument"
    assert is_policy_unset(graph_of(one), one).truth is False
