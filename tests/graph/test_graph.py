"""The graph links what refers to one another, however it is named."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, span, tf, unknown

from iac_ec2lint.declaration import Presence
from iac_ec2lint.graph.graph import External, Graph, Implicit
from iac_ec2lint.resources.data_source import SubnetsDataSource
from iac_ec2lint.resources.image import Image
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.security_group import SecurityGroup
from iac_ec2lint.resources.snapshot import Snapshot
from iac_ec2lint.resources.vpc import Vpc
from iac_ec2lint.values import Value


def targets(graph: Graph, address: str, *relations: str) -> list[str | None]:
    source = graph.get(address)
    assert source is not None
    return [e.target.address if e.target else None for e in graph.targets(source, *relations)]


def target(graph: Graph, address: str, relation: str) -> Resource:
    source = graph.get(address)
    assert source is not None
    (edge,) = graph.targets(source, relation)
    assert edge.target is not None
    return edge.target


def test_resources_come_by_address_with_their_subclasses() -> None:
    graph = graph_of(tf("aws_vpc.b"), tf("aws_vpc.a"), tf("aws_subnet.a"), tf("aws_ami_copy.c"))
    assert [one.address for one in graph.all(Vpc)] == ["aws_vpc.a", "aws_vpc.b"]
    assert [one.address for one in graph.all(Image)] == ["aws_ami_copy.c"]


def test_a_reference_is_an_edge_both_ways() -> None:
    graph = graph_of(tf("aws_vpc.a"), tf("aws_subnet.a", {"vpc_id": ref("aws_vpc.a")}))
    assert targets(graph, "aws_subnet.a", "vpc") == ["aws_vpc.a"]
    vpc = graph.get("aws_vpc.a")
    assert vpc is not None
    (edge,) = graph.sources(vpc)
    assert (edge.source.address, edge.relation, edge.certain) == ("aws_subnet.a", "vpc", True)


def test_a_value_keeps_the_identity_of_what_it_was_read_from() -> None:
    name = Value("web", span(), of=ref("aws_security_group.web", "name"))
    graph = graph_of(
        tf("aws_security_group.web", {"name": "web"}),
        tf("aws_security_group.other", {"name": "web"}),
        tf("aws_instance.i", {"security_groups": [name]}),
    )
    assert targets(graph, "aws_instance.i", "security_groups") == ["aws_security_group.web"]


@pytest.mark.parametrize(
    ("named", "name", "naming", "relation"),
    [
        ("aws_iam_instance_profile.p", "name", {"iam_instance_profile": "x"}, None),
        ("aws_key_pair.k", "key_name", {"key_name": "x"}, "key_pair"),
        ("aws_security_group.g", "name", {"security_groups": ["x"]}, "security_groups"),
        ("aws_launch_template.t", "name", {"launch_template": [{"name": "x"}]}, "launch_template"),
    ],
)
def test_a_literal_name_leads_to_the_resource_that_has_it(
    named: str, name: str, naming: dict[str, Plain], relation: str | None
) -> None:
    graph = graph_of(tf(named, {name: "x"}), tf("aws_instance.i", naming))
    found = targets(graph, "aws_instance.i", relation or "iam_instance_profile")
    assert found == [named]


def test_a_literal_name_that_two_resources_have_is_certain_of_neither() -> None:
    graph = graph_of(
        tf("aws_security_group.a", {"name": "web"}),
        tf("aws_security_group.b", {"name": "web"}),
        tf("aws_instance.i", {"security_groups": ["web"]}),
    )
    instance = next(graph.all(Instance))
    edges = graph.targets(instance, "security_groups")
    assert [edge.certain for edge in edges] == [False, False]
    assert graph.only(instance, "security_groups", SecurityGroup) is None


def test_a_name_of_one_kind_is_no_name_of_another() -> None:
    graph = graph_of(
        tf("aws_key_pair.k", {"key_name": "web"}),
        tf("aws_instance.i", {"security_groups": ["web"], "key_name": "web"}),
    )
    assert targets(graph, "aws_instance.i", "key_pair") == ["aws_key_pair.k"]
    assert isinstance(target(graph, "aws_instance.i", "security_groups"), External)


def test_a_literal_id_is_one_external_for_all_who_name_it() -> None:
    graph = graph_of(
        tf("aws_subnet.a", {"vpc_id": "vpc-0abc"}), tf("aws_subnet.b", {"vpc_id": "vpc-0abc"})
    )
    assert target(graph, "aws_subnet.a", "vpc") is target(graph, "aws_subnet.b", "vpc")
    assert [one.text for one in graph.all(External)] == ["vpc-0abc"]


def test_an_arn_that_ends_with_a_reference_leads_to_it() -> None:
    arn = unknown(
        "the account is not known",
        "data-source",
        parts=("arn:aws:iam::", unknown(), ":instance-profile/", ref("Profile", "Ref")),
    )
    graph = graph_of(
        declare("AWS::IAM::InstanceProfile", "Profile"),
        declare(
            "AWS::EC2::LaunchTemplate",
            "Template",
            {"LaunchTemplateData": {"IamInstanceProfile": {"Arn": arn}}},
        ),
    )
    assert targets(graph, "Template", "iam_instance_profile") == ["Profile"]


@pytest.mark.parametrize(
    "account", [("111122223333/",), (unknown(), "/")], ids=["literal", "unknown"]
)
def test_an_account_and_an_id_lead_to_the_group(account: tuple[str, ...]) -> None:
    named = unknown(parts=(*account, ref("aws_security_group.g")))
    graph = graph_of(
        tf("aws_security_group.g"),
        tf("aws_security_group_rule.r", {"source_security_group_id": named}),
        tf(
            "aws_security_group_rule.other",
            {"source_security_group_id": unknown(parts=("x/", ref("aws_security_group.g")))},
        ),
    )
    assert targets(graph, "aws_security_group_rule.r", "groups") == ["aws_security_group.g"]
    assert targets(graph, "aws_security_group_rule.other", "groups") == [None]


def test_an_attribute_of_another_kind_is_not_the_resource_itself() -> None:
    graph = graph_of(
        tf("data.aws_subnet.x"),
        tf("aws_security_group.g", {"vpc_id": ref("data.aws_subnet.x", "vpc_id")}),
        tf("aws_instance.i", {"subnet_id": ref("data.aws_subnet.x")}),
    )
    assert targets(graph, "aws_security_group.g", "vpc") == ["data.aws_subnet.x.vpc_id"]
    assert targets(graph, "aws_instance.i", "subnet") == ["data.aws_subnet.x"]


def test_different_outputs_of_a_state_are_different_externals() -> None:
    graph = graph_of(
        tf("aws_instance.i", {"subnet_id": ref("data.terraform_remote_state.n", "outputs.a")}),
        tf("aws_instance.j", {"subnet_id": ref("data.terraform_remote_state.n", "outputs.b")}),
    )
    one, other = (
        target(graph, "aws_instance.i", "subnet"),
        target(graph, "aws_instance.j", "subnet"),
    )
    assert one is not other


def test_data_sources_keep_their_filters() -> None:
    graph = graph_of(
        tf("data.aws_subnets.s", {"filter": [{"name": "tag:Tier", "values": ["public"]}]}),
        tf("aws_autoscaling_group.g", {"vpc_zone_identifier": ref("data.aws_subnets.s", "ids")}),
    )
    found = target(graph, "aws_autoscaling_group.g", "subnets")
    assert isinstance(found, SubnetsDataSource)
    assert [value.text for value in found.filters[0].values] == ["public"]


def test_implicit_objects_are_nodes_of_their_own() -> None:
    graph = graph_of(
        tf("aws_vpc.v"),
        tf(
            "aws_security_group_rule.r",
            {"security_group_id": ref("aws_vpc.v", "default_security_group_id")},
        ),
        tf(
            "aws_network_acl_rule.r",
            {"network_acl_id": ref("aws_vpc.v", "default_network_acl_id")},
        ),
        tf("aws_route.r", {"route_table_id": ref("aws_vpc.v", "main_route_table_id")}),
        tf("aws_route.s", {"route_table_id": ref("aws_vpc.v", "default_route_table_id")}),
    )
    group = target(graph, "aws_security_group_rule.r", "security_group")
    assert isinstance(group, Implicit)
    assert (group.words, group.kind) == ("default security group", "SecurityGroup")
    assert group.owner is graph.get("aws_vpc.v")
    assert isinstance(target(graph, "aws_network_acl_rule.r", "network_acl"), Implicit)
    table = target(graph, "aws_route.r", "route_table")
    assert table is target(graph, "aws_route.s", "route_table")
    assert graph.implicit(group.owner, "main route table") is table


def test_what_adopts_an_implicit_object_is_that_object() -> None:
    graph = graph_of(
        tf("aws_vpc.v"),
        tf("aws_default_security_group.d", {"vpc_id": ref("aws_vpc.v")}),
        tf(
            "aws_default_network_acl.d",
            {"default_network_acl_id": ref("aws_vpc.v", "default_network_acl_id")},
        ),
        tf(
            "aws_default_route_table.d",
            {"default_route_table_id": ref("aws_vpc.v", "default_route_table_id")},
        ),
        tf(
            "aws_security_group_rule.r",
            {"security_group_id": ref("aws_vpc.v", "default_security_group_id")},
        ),
        tf("aws_route.r", {"route_table_id": ref("aws_vpc.v", "main_route_table_id")}),
    )
    rule = "aws_security_group_rule.r"
    assert targets(graph, rule, "security_group") == ["aws_default_security_group.d"]
    assert targets(graph, "aws_route.r", "route_table") == ["aws_default_route_table.d"]
    for adopter in ("network_acl", "route_table", "security_group"):
        assert targets(graph, f"aws_default_{adopter}.d", "vpc") == ["aws_vpc.v"]


def test_cloudformation_names_the_default_group_in_its_own_way() -> None:
    graph = graph_of(
        declare("AWS::EC2::VPC", "Vpc"),
        declare(
            "AWS::EC2::SecurityGroupIngress",
            "Rule",
            {"GroupId": ref("Vpc", "DefaultSecurityGroup")},
        ),
    )
    group = target(graph, "Rule", "security_group")
    assert group is graph.implicit(next(graph.all(Vpc)), "default security group")


def test_an_unknown_reference_may_lead_anywhere() -> None:
    graph = graph_of(tf("aws_security_group_rule.r", {"security_group_id": unknown()}))
    (edge,) = graph.unresolved("security_group")
    assert edge.target is None
    assert not edge.certain
    assert graph.unresolved("subnet") == ()


def test_candidates_are_edges_that_are_not_certain() -> None:
    one_of = unknown("var.b has no value", "variable", ref("aws_subnet.a"), ref("aws_subnet.b"))
    graph = graph_of(
        tf("aws_subnet.a"), tf("aws_subnet.b"), tf("aws_instance.i", {"subnet_id": one_of})
    )
    edges = graph.targets(next(graph.all(Instance)), "subnet")
    assert [edge.target and edge.target.address for edge in edges] == [
        "aws_subnet.a",
        "aws_subnet.b",
    ]
    assert not any(edge.certain for edge in edges)


def test_what_stands_in_an_optional_block_is_not_certain() -> None:
    block = unknown(
        "var.b has no value", "variable", {"security_groups": [ref("aws_security_group.a")]}, None
    )
    graph = graph_of(tf("aws_security_group.a"), tf("aws_security_group.b", {"ingress": block}))
    group = graph.get("aws_security_group.b")
    assert group is not None
    (edge,) = graph.targets(group, "groups")
    assert edge.target is graph.get("aws_security_group.a")
    assert not edge.certain


def test_a_resource_that_is_only_possible_has_certain_edges() -> None:
    # Its own presence is judged once, and not again at each of its edges.
    graph = graph_of(
        tf("aws_vpc.v"),
        tf("aws_subnet.s", {"vpc_id": ref("aws_vpc.v")}, presence=Presence(unknown())),
    )
    subnet = graph.get("aws_subnet.s")
    assert subnet is not None
    assert graph.only(subnet, "vpc", Vpc) is graph.get("aws_vpc.v")


def test_rules_of_a_group_are_reached_from_the_group() -> None:
    graph = graph_of(
        tf("aws_security_group.g"),
        tf("aws_security_group_rule.a", {"security_group_id": ref("aws_security_group.g")}),
        tf(
            "aws_vpc_security_group_ingress_rule.b",
            {"security_group_id": ref("aws_security_group.g")},
        ),
        tf("aws_instance.i", {"vpc_security_group_ids": [ref("aws_security_group.g")]}),
    )
    group = next(graph.all(SecurityGroup))
    rules = [edge.source.address for edge in graph.sources(group, "security_group")]
    assert rules == ["aws_security_group_rule.a", "aws_vpc_security_group_ingress_rule.b"]
    members = [edge.source.address for edge in graph.sources(group, "security_groups")]
    assert members == ["aws_instance.i"]


def test_the_network_has_all_nodes_and_edges() -> None:
    graph = graph_of(
        tf("aws_vpc.v"), tf("aws_subnet.s", {"vpc_id": ref("aws_vpc.v"), "outpost_arn": "arn:x"})
    )
    assert sorted(graph.network.nodes) == ["arn:x", "aws_subnet.s", "aws_vpc.v"]
    assert sorted(graph.network.edges(data="relation")) == [
        ("aws_subnet.s", "arn:x", "outpost"),
        ("aws_subnet.s", "aws_vpc.v", "vpc"),
    ]
    assert graph.network.nodes["aws_vpc.v"]["resource"] is graph.get("aws_vpc.v")


def test_the_order_of_declarations_changes_nothing() -> None:
    made = [
        tf("aws_vpc.v"),
        tf("aws_subnet.b", {"vpc_id": ref("aws_vpc.v")}),
        tf("aws_subnet.a", {"vpc_id": ref("aws_vpc.v")}),
        tf("aws_instance.i", {"subnet_id": ref("aws_subnet.a"), "ami": "ami-1"}),
    ]
    graphs = [Graph(made), Graph(reversed(made))]
    edges = [[(u, v, k) for u, v, k in graph.network.edges(keys=True)] for graph in graphs]
    assert edges[0] == edges[1]


def test_an_unknown_relation_is_a_mistake_of_the_caller() -> None:
    instance = tf("aws_instance.i")
    with pytest.raises(TypeError):
        graph_of(instance).follow(instance, instance, "instance_type")


def test_a_volume_of_an_instance_is_not_the_instance() -> None:
    volume = ref("aws_instance.i", "root_block_device[0].volume_id")
    graph = graph_of(tf("aws_instance.i"), tf("aws_ebs_snapshot.s", {"volume_id": volume}))
    snapshot = next(graph.all(Snapshot))
    (edge,) = graph.targets(snapshot, "volume")
    assert isinstance(edge.target, External)


def test_two_references_to_the_same_thing_elsewhere_lead_to_one_node() -> None:
    parameter = "ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-x"
    graph = graph_of(
        tf("aws_instance.i", {"ami": ref(parameter, "Value"), "subnet_id": ref("aws_x.y")}),
        tf("aws_instance.j", {"ami": ref(parameter, "Value"), "subnet_id": ref("aws_x.y")}),
    )
    assert [one.address for one in graph.all(External)] == ["aws_x.y", parameter]
