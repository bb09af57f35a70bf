"""Which hosts are known to run containers."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.containers import is_container_host
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.resources.part import Resource


def runs_containers(host: Resource, *others: Resource) -> bool | None:
    graph = graph_of(host, *others)
    (launch,) = launches_of(graph, host)
    return is_container_host(graph, launch).truth


def looked_up(name: str) -> Resource:
    return tf("data.aws_ami.a", {"filter": [{"name": "name", "values": [name]}]})


@pytest.mark.parametrize(
    ("name", "truth"),
    [
        ("amzn2-ami-ecs-hvm-*-x86_64-ebs", True),
        ("amzn-ami-*-amazon-ecs-optimized", False),
        ("al2023-ami-ecs-hvm-*", True),
        ("amazon-eks-node-1.29-v*", True),
        ("bottlerocket-aws-ecs-1-x86_64-*", True),
        ("al2023-ami-2023.*-x86_64", False),
        ("amzn2-ami-hvm-*", False),
    ],
)
def test_by_the_name_of_the_image(name: str, truth: bool) -> None:
    host = tf("aws_instance.i", {"ami": ref("data.aws_ami.a")})
    assert runs_containers(host, looked_up(name)) is truth


@pytest.mark.parametrize(
    ("parameter", "truth"),
    [
        ("/aws/service/ecs/optimized-ami/amazon-linux-2023/recommended/image_id", True),
        ("/aws/service/eks/optimized-ami/1.29/amazon-linux-2/recommended/image_id", True),
        ("/aws/service/bottlerocket/aws-ecs-1/x86_64/latest/image_id", True),
        ("/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64", False),
    ],
)
def test_by_the_parameter_of_the_image(parameter: str, truth: bool) -> None:
    by_data_source = tf("aws_instance.i", {"ami": ref("data.aws_ssm_parameter.p", "value")})
    source = tf("data.aws_ssm_parameter.p", {"name": parameter})
    by_text = tf("aws_instance.i", {"ami": f"resolve:ssm:{parameter}"})
    assert runs_containers(by_data_source, source) is truth
    assert runs_containers(by_text) is truth


@pytest.mark.parametrize(
    ("script", "truth"),
    [
        ("echo ECS_CLUSTER=main >> /etc/ecs/ecs.config", True),
        ("/etc/eks/bootstrap.sh cluster", True),
        ("yum install -y docker", True),
        ("apt-get install -y curl docker.io", True),
        ("docker run -d nginx", True),
        ("yum install -y httpd", False),
        ("echo https://docs.docker.com", False),
    ],
)
def test_by_the_boot_script(script: str, truth: bool) -> None:
    assert runs_containers(tf("aws_instance.i", {"user_data": script})) is truth


WITH_ECS = "echo ECS_CLUSTER=main"
EKS = "amazon-eks-node-1.29-v*"


@pytest.mark.parametrize(
    ("body", "truth"),
    [
        ({"user_data": unknown()}, None),
        ({"user_data": unknown("b", "condition", WITH_ECS, "yum install -y httpd")}, None),
        ({"user_data": unknown("b", "condition", WITH_ECS, f"{WITH_ECS} && reboot")}, True),
        ({"user_data": unknown("b", "condition", "reboot", "yum install -y httpd")}, False),
        ({"user_data": unknown("b", "condition", WITH_ECS, unset=True)}, None),
        ({"user_data": unknown(parts=(f"{WITH_ECS} ", unknown()))}, True),
        ({"user_data": unknown(parts=("echo ", unknown()))}, None),
        ({"user_data": unknown(parts=("echo ", ref("aws_s3_bucket.b")))}, False),
        ({"user_data": unknown(parts=("export DB_PASSWORD=", unknown()))}, False),
        ({"ami": unknown()}, None),
        ({"ami": unknown(), "user_data": WITH_ECS}, True),
        ({"ami": "ami-1"}, False),
        ({"ami": unknown("b", "condition", "ami-1", "ami-2")}, False),
        ({"ami": unknown("b", "condition", "ami-1", "resolve:ssm:/aws/service/ecs/a")}, None),
        ({"ami": unknown(parts=("resolve:ssm:/aws/service/ecs/", unknown()))}, True),
        ({"ami": ref("ssm:/aws/service/ecs/a", "")}, True),
        ({}, False),
    ],
)
def test_what_is_not_known_is_undecided(body: dict[str, Plain], truth: bool | None) -> None:
    assert runs_containers(tf("aws_instance.i", body)) is truth


@pytest.mark.parametrize(
    ("filters", "truth"),
    [
        ([{"name": "name", "values": [unknown()]}], None),
        ([{"name": "name", "values": [unknown(), EKS]}], True),
        ([{"name": unknown(), "values": [EKS]}], None),
        ([{"name": "name", "values": unknown()}], None),
        ([{"name": "owner-id", "values": [unknown()]}], False),
    ],
)
def test_an_image_that_is_looked_up_by_what_is_not_known(
    filters: list[Plain], truth: bool | None
) -> None:
    host = tf("aws_instance.i", {"ami": ref("data.aws_ami.a")})
    assert runs_containers(host, tf("data.aws_ami.a", {"filter": filters})) is truth


@pytest.mark.parametrize("kind", ["aws_eks_node_group", "AWS::EKS::Nodegroup"])
def test_node_groups_run_containers(kind: str) -> None:
    body: dict[str, Plain] = {}
    assert runs_containers(declare(kind, "aws_eks_node_group.g", body))
