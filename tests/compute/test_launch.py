"""What instances are launched with (semantics.md, B10)."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.launch.launches import Launch, launches, launches_of, unused
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.values import Reference, Unknown, Val

TEMPLATE = "aws_launch_template.t"


def template(**more: Plain) -> dict[str, Plain]:
    return {"name": "t", "image_id": "ami-1", "instance_type": "t3.micro", **more}


def only(graph: Graph, host: str) -> Launch:
    resource = graph.get(host)
    assert resource is not None
    (launch,) = launches_of(graph, resource)
    return launch


def shown(value: Val | None) -> str | None:
    if isinstance(value, Reference):
        return value.target
    return None if value is None else value.text or ("?" if isinstance(value, Unknown) else "")


def test_an_instance_wins_over_its_template_option_by_option() -> None:
    graph = graph_of(
        tf(TEMPLATE, template(key_name="k", vpc_security_group_ids=["sg-1"])),
        tf(
            "aws_instance.i",
            {"launch_template": [{"id": ref(TEMPLATE)}], "instance_type": "m5.large"},
        ),
    )
    launch = only(graph, "aws_instance.i")
    assert launch.template is graph.get(TEMPLATE)
    assert launch.certain
    assert shown(launch.settings.instance_type) == "m5.large"
    assert shown(launch.settings.image) == "ami-1"
    assert shown(launch.settings.key_pair) == "k"
    assert [shown(group) for group in launch.settings.security_groups] == ["sg-1"]


@pytest.mark.parametrize(
    "named",
    [
        {"id": ref(TEMPLATE)},
        {"name": "t"},
        {"name": ref(TEMPLATE, "name")},
        {"id": ref(TEMPLATE), "version": "$Latest"},
        {"id": ref(TEMPLATE), "version": "7"},
    ],
    ids=["id", "literal name", "name", "latest", "number"],
)
def test_a_template_is_found_by_id_and_by_name(named: dict[str, Plain]) -> None:
    graph = graph_of(tf(TEMPLATE, template()), tf("aws_instance.i", {"launch_template": [named]}))
    assert only(graph, "aws_instance.i").template is graph.get(TEMPLATE)


def test_what_an_unknown_template_might_set_is_unknown() -> None:
    graph = graph_of(tf("aws_instance.i", {"launch_template": [{"id": "lt-0abc"}], "ami": "ami-1"}))
    launch = only(graph, "aws_instance.i")
    assert launch.template is None
    assert not launch.certain
    assert shown(launch.settings.image) == "ami-1"
    tokens = launch.settings.metadata_options.http_tokens
    assert isinstance(tokens, Unknown)
    assert tokens.unset
    assert "lt-0abc" in tokens.reason


def test_a_group_launches_from_its_template() -> None:
    graph = graph_of(
        tf(TEMPLATE, template()),
        tf("aws_autoscaling_group.g", {"launch_template": [{"id": ref(TEMPLATE)}]}),
    )
    assert shown(only(graph, "aws_autoscaling_group.g").settings.image) == "ami-1"


def test_a_group_launches_from_its_configuration() -> None:
    graph = graph_of(
        tf("aws_launch_configuration.c", {"name": "c", "image_id": "ami-1"}),
        tf("aws_autoscaling_group.g", {"launch_configuration": "c"}),
    )
    launch = only(graph, "aws_autoscaling_group.g")
    assert launch.template is graph.get("aws_launch_configuration.c")
    assert shown(launch.settings.image) == "ami-1"


def test_an_override_with_its_own_template_is_a_launch_of_its_own() -> None:
    policy: list[Plain] = [
        {
            "launch_template": [
                {
                    "launch_template_specification": [{"launch_template_id": ref(TEMPLATE)}],
                    "override": [
                        {"instance_type": "t3.large"},
                        {
                            "instance_type": "t4g.large",
                            "launch_template_specification": [{"launch_template_name": "arm"}],
                        },
                    ],
                }
            ]
        }
    ]
    graph = graph_of(
        tf(TEMPLATE, template()),
        tf("aws_launch_template.arm", {"name": "arm", "image_id": "ami-2"}),
        tf("aws_autoscaling_group.g", {"mixed_instances_policy": policy}),
    )
    found = [
        (shown(one.settings.image), shown(one.settings.instance_type)) for one in launches(graph)
    ]
    assert found == [("ami-1", "t3.micro"), ("ami-2", "t4g.large")]
    assert unused(graph) == ()


def test_a_fleet_launches_once_for_each_override() -> None:
    graph = graph_of(
        declare(
            "AWS::EC2::LaunchTemplate",
            "Template",
            {"LaunchTemplateData": {"ImageId": "ami-1", "InstanceType": "t3.micro"}},
        ),
        declare(
            "AWS::EC2::EC2Fleet",
            "Fleet",
            {
                "LaunchTemplateConfigs": [
                    {
                        "LaunchTemplateSpecification": {"LaunchTemplateId": ref("Template")},
                        "Overrides": [{"SubnetId": "subnet-1"}, {"SubnetId": "subnet-2"}],
                    }
                ]
            },
        ),
    )
    found = [(shown(one.settings.subnet), shown(one.settings.image)) for one in launches(graph)]
    assert found == [("subnet-1", "ami-1"), ("subnet-2", "ami-1")]


def test_a_spot_fleet_launches_from_its_own_specifications() -> None:
    graph = graph_of(
        tf(
            "aws_spot_fleet_request.f",
            {"launch_specification": [{"ami": "ami-1"}, {"ami": "ami-2"}]},
        )
    )
    assert [shown(one.settings.image) for one in launches(graph)] == ["ami-1", "ami-2"]


def test_a_node_group_without_a_template_says_nothing_itself() -> None:
    graph = graph_of(tf("aws_eks_node_group.n", {"ami_type": "AL2_x86_64"}))
    launch = only(graph, "aws_eks_node_group.n")
    assert launch.template is None
    assert launch.settings.metadata_options.http_tokens is None


def test_an_optional_template_may_not_count() -> None:
    block = unknown("var.b has no value", "variable", {"id": ref(TEMPLATE)}, None)
    graph = graph_of(
        tf(TEMPLATE, template()), tf("aws_instance.i", {"launch_template": block, "ami": "ami-1"})
    )
    launch = only(graph, "aws_instance.i")
    kind = launch.settings.instance_type
    assert isinstance(kind, Unknown)
    assert kind.unset


def test_what_nothing_is_launched_from() -> None:
    graph = graph_of(
        tf(TEMPLATE, template()),
        tf("aws_launch_template.alone", {"image_id": "ami-2"}),
        tf("aws_launch_configuration.alone", {"image_id": "ami-3"}),
        tf("aws_instance.i", {"launch_template": [{"id": ref(TEMPLATE)}]}),
        tf("aws_instance.j", {"launch_template": [{"id": ref(TEMPLATE)}]}),
    )
    hosts = [launch.host.address for launch in unused(graph)]
    assert hosts == ["aws_launch_configuration.alone", "aws_launch_template.alone"]


def test_a_default_version_that_does_not_follow_is_an_assumption() -> None:
    graph = graph_of(
        tf(TEMPLATE, template(update_default_version=False)),
        tf("aws_instance.i", {"launch_template": [{"id": ref(TEMPLATE)}]}),
        tf("aws_instance.j", {"launch_template": [{"id": ref(TEMPLATE), "version": "$Latest"}]}),
    )
    assert len(only(graph, "aws_instance.i").assumptions) == 1
    assert only(graph, "aws_instance.j").assumptions == ()


_OF_DEFAULT = f"the default version of {TEMPLATE} is what is written now"


@pytest.mark.parametrize(
    ("version", "moves", "words"),
    [
        ("3", None, f"version 3 of {TEMPLATE} is what is written now"),
        ("$Default", None, _OF_DEFAULT),
        (
            ref(TEMPLATE, "default_version"),
            None,
            f"the default version of {TEMPLATE} is what is written now",
        ),
        (unknown(), True, f"the version of {TEMPLATE} is what is written now"),
        ("$Default", True, None),
        (ref(TEMPLATE, "latest_version"), None, None),
    ],
)
def test_a_version_that_may_be_an_older_one_is_an_assumption(
    version: Plain, moves: Plain, words: str | None
) -> None:
    settings: dict[str, Plain] = {"metadata_options": [{"http_tokens": "required"}]}
    if moves is not None:
        settings["update_default_version"] = moves
    graph = graph_of(
        tf(TEMPLATE, template(**settings)),
        tf("aws_instance.i", {"launch_template": [{"id": ref(TEMPLATE), "version": version}]}),
    )
    launch = only(graph, "aws_instance.i")
    assert [step.words for step in launch.assumptions] == ([] if words is None else [words])
    tokens = launch.settings.metadata_options.http_tokens
    assert tokens is not None
    assert tokens.equals("required").assumptions == launch.assumptions


@pytest.mark.parametrize(
    ("size", "truth"), [(0, False), ("0", False), (3, True), (unknown(), None)]
)
def test_a_group_of_greatest_size_0_runs_nothing(size: Plain, truth: bool | None) -> None:
    graph = graph_of(tf("aws_autoscaling_group.g", {"max_size": size}))
    assert runs(graph, next(graph.all(AutoScalingGroup))).truth is truth


def test_what_decides_an_option_is_known() -> None:
    graph = graph_of(
        tf(TEMPLATE, template(metadata_options=[{"http_tokens": "optional"}])),
        tf(
            "aws_instance.i",
            {
                "launch_template": [{"id": ref(TEMPLATE)}],
                "metadata_options": [{"http_endpoint": "enabled"}],
            },
        ),
    )
    launch = only(graph, "aws_instance.i")
    options = launch.settings.metadata_options
    tokens, endpoint = options.decides("http_tokens"), options.decides("http_endpoint")
    assert tokens is not None
    assert endpoint is not None
    assert launch.resource_of(tokens).address == TEMPLATE
    assert launch.resource_of(endpoint).address == "aws_instance.i"
