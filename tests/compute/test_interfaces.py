"""Network interfaces of hosts, their groups and subnets (semantics.md, B7 and B8)."""

from __future__ import annotations

from tests.graph.declarations import declare, graph_of, ref, tf

from iac_ec2lint.compute.interfaces import HostInterface, interfaces
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.graph.graph import Edge, Graph

GROUP, OTHER = ref("aws_security_group.a"), ref("aws_security_group.b")


def of(graph: Graph, host: str) -> tuple[HostInterface, ...]:
    resource = graph.get(host)
    assert resource is not None
    (launch,) = launches_of(graph, resource)
    return interfaces(graph, launch)


def names(edges: tuple[Edge, ...]) -> list[str]:
    return [edge.target.address if edge.target else "?" for edge in edges]


def test_an_instance_has_one_interface_of_its_own() -> None:
    graph = graph_of(
        tf("aws_security_group.a"),
        tf("aws_subnet.s"),
        tf(
            "aws_instance.i",
            {
                "vpc_security_group_ids": [GROUP],
                "subnet_id": ref("aws_subnet.s"),
                "associate_public_ip_address": True,
            },
        ),
    )
    (one,) = of(graph, "aws_instance.i")
    assert one.primary.truth is True
    assert names(one.security_groups) == ["aws_security_group.a"]
    assert names(one.subnets) == ["aws_subnet.s"]
    assert one.associate_public_ip_address is not None
    assert one.associate_public_ip_address.boolean is True


def test_an_instance_without_groups_has_the_default_one_of_its_vpc() -> None:
    graph = graph_of(
        tf("aws_vpc.v"),
        tf("aws_subnet.s", {"vpc_id": ref("aws_vpc.v")}),
        tf("aws_instance.i", {"subnet_id": ref("aws_subnet.s")}),
    )
    (one,) = of(graph, "aws_instance.i")
    assert one.security_groups == ()


def test_interfaces_of_a_template_have_their_own_groups() -> None:
    graph = graph_of(
        tf("aws_security_group.a"),
        tf("aws_security_group.b"),
        tf("aws_subnet.s"),
        tf(
            "aws_launch_template.t",
            {
                "network_interfaces": [
                    {"device_index": 0, "security_groups": [GROUP]},
                    {"device_index": 1, "security_groups": [OTHER]},
                ]
            },
        ),
        tf(
            "aws_autoscaling_group.g",
            {
                "launch_template": [{"id": ref("aws_launch_template.t")}],
                "vpc_zone_identifier": [ref("aws_subnet.s")],
            },
        ),
    )
    first, second = of(graph, "aws_autoscaling_group.g")
    assert (first.primary.truth, second.primary.truth) == (True, False)
    assert names(first.security_groups) == ["aws_security_group.a"]
    assert names(second.security_groups) == ["aws_security_group.b"]
    assert names(first.subnets) == ["aws_subnet.s"]


def test_an_interface_declared_on_its_own_brings_its_own_groups_and_subnet() -> None:
    graph = graph_of(
        declare("AWS::EC2::Subnet", "Subnet"),
        declare("AWS::EC2::SecurityGroup", "Group"),
        declare(
            "AWS::EC2::NetworkInterface",
            "Eni",
            {"SubnetId": ref("Subnet"), "GroupSet": [ref("Group", "GroupId")]},
        ),
        declare(
            "AWS::EC2::Instance",
            "Host",
            {"NetworkInterfaces": [{"NetworkInterfaceId": ref("Eni"), "DeviceIndex": "0"}]},
        ),
    )
    (one,) = of(graph, "Host")
    assert one.primary.truth is True
    assert one.declared is graph.get("Eni")
    assert names(one.security_groups) == ["Group"]
    assert names(one.subnets) == ["Subnet"]


def test_interfaces_are_attached_from_either_side() -> None:
    graph = graph_of(
        tf("aws_security_group.a"),
        tf("aws_security_group.b"),
        tf("aws_network_interface.one", {"security_groups": [GROUP]}),
        tf(
            "aws_network_interface_attachment.x",
            {
                "instance_id": ref("aws_instance.i"),
                "network_interface_id": ref("aws_network_interface.one"),
                "device_index": 1,
            },
        ),
        tf(
            "aws_network_interface.two",
            {
                "security_groups": [OTHER],
                "attachment": [{"instance": ref("aws_instance.i"), "device_index": 2}],
            },
        ),
        tf("aws_instance.i"),
    )
    found = {
        one.declared.address if one.declared else "": names(one.security_groups)
        for one in of(graph, "aws_instance.i")
    }
    assert found == {
        "": [],
        "aws_network_interface.one": ["aws_security_group.a"],
        "aws_network_interface.two": ["aws_security_group.b"],
    }


def test_a_group_can_be_added_to_the_first_interface_from_outside() -> None:
    graph = graph_of(
        tf("aws_security_group.a"),
        tf("aws_instance.i"),
        tf(
            "aws_network_interface_sg_attachment.x",
            {
                "security_group_id": GROUP,
                "network_interface_id": ref("aws_instance.i", "primary_network_interface_id"),
            },
        ),
    )
    (one,) = of(graph, "aws_instance.i")
    assert names(one.security_groups) == ["aws_security_group.a"]
