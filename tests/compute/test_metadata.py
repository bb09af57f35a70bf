"""What metadata options come to (semantics.md, F)."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown

from iac_ec2lint.compute.metadata.hosts import HostMetadata, decisions, hosts, of_host
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.part import Resource

HOST = "aws_instance.i"
TEMPLATE = "aws_launch_template.t"
FROM_TEMPLATE: dict[str, Plain] = {"launch_template": [{"id": ref(TEMPLATE)}]}


def tokens(said: Plain) -> list[Plain]:
    return [{"http_tokens": said}]


def instance(**body: Plain) -> Resource:
    return tf(HOST, dict(body))


def template(**body: Plain) -> Resource:
    return tf(TEMPLATE, dict(body))


def account(scope: str = "aws", **body: Plain) -> Resource:
    return tf("aws_ec2_instance_metadata_defaults.d", dict(body), scope=scope)


def image(**body: Plain) -> Resource:
    return tf("aws_ami.a", dict(body))


def lookup(name: str, *owners: str) -> Resource:
    return tf(
        "data.aws_ami.a",
        {"filter": [{"name": "name", "values": [name]}], "owners": list(owners or ("amazon",))},
    )


def of(graph: Graph, address: str = HOST) -> HostMetadata:
    host = graph.get(address)
    assert host is not None
    (found,) = of_host(graph, host)
    return found


AMI = ref("aws_ami.a")
LOOKED_UP = ref("data.aws_ami.a")
EXPLICIT, SILENT, ASSUMED = "explicit", "silent", "assumed"

# name, resources, IMDSv1 usable, IMDSv2 enforced, source of http_tokens, whether assumed
TABLE: list[tuple[str, list[Resource], bool | None, bool | None, str, bool]] = [
    ("nothing said", [instance()], None, False, "platform", True),
    ("optional", [instance(metadata_options=tokens("optional"))], True, False, "host", False),
    ("required", [instance(metadata_options=tokens("required"))], False, True, "host", False),
    ("only a hop limit", [instance(metadata_options=[{"http_put_response_hop_limit": 2}])],
     None, False, "platform", True),
    ("an empty block", [instance(metadata_options=[{}])], None, False, "platform", True),
    ("disabled", [instance(metadata_options=[{"http_endpoint": "disabled"}])],
     False, True, "platform", False),
    ("disabled and required",
     [instance(metadata_options=[{"http_endpoint": "disabled", "http_tokens": "required"}])],
     False, True, "host", False),
    ("disabled and optional",
     [instance(metadata_options=[{"http_endpoint": "disabled", "http_tokens": "optional"}])],
     False, True, "host", False),
    ("an unknown value", [instance(metadata_options=tokens(unknown()))], None, None, "host", False),
    ("either of two, both required",
     [instance(metadata_options=tokens(unknown("b", "variable", "required", "required")))],
     False, True, "host", False),
    # Worked example 39.
    ("39: required by the template, endpoint by the instance",
     [template(metadata_options=tokens("required")),
      instance(**FROM_TEMPLATE, metadata_options=[{"http_endpoint": "enabled"}])],
     False, True, "template", False),
    ("the instance over the template",
     [template(metadata_options=tokens("optional")),
      instance(**FROM_TEMPLATE, metadata_options=tokens("required"))],
     False, True, "host", False),
    ("a template that says nothing", [template(), instance(**FROM_TEMPLATE)],
     None, False, "platform", True),
    ("a template declared elsewhere", [instance(launch_template=[{"id": "lt-1"}])],
     None, None, "host", False),
    ("required over a template declared elsewhere",
     [instance(launch_template=[{"id": "lt-1"}], metadata_options=tokens("required"))],
     False, True, "host", False),
    # Worked example 40.
    ("40: required by the account", [account(http_tokens="required"), instance()],
     False, True, "account", False),
    ("40: by the account in another Region",
     [account("aws.west", http_tokens="required"), instance()], None, False, "platform", True),
    ("optional by the account", [account(http_tokens="optional"), instance()],
     True, False, "account", False),
    ("no preference of the account", [account(http_tokens="no-preference"), instance()],
     None, False, "platform", True),
    ("unknown by the account", [account(http_tokens=unknown()), instance()],
     None, None, "account", False),
    ("the instance over the account",
     [account(http_tokens="required"), instance(metadata_options=tokens("optional"))],
     True, False, "host", False),
    ("an image of the unit with v2.0", [image(imds_support="v2.0"), instance(ami=AMI)],
     False, True, "image", False),
    ("an image of the unit without", [image(), instance(ami=AMI)], True, False, "platform", True),
    ("an image of the unit, support unknown", [image(imds_support=unknown()), instance(ami=AMI)],
     None, None, "image", False),
    ("a copy keeps v2.0",
     [image(imds_support="v2.0"), tf("aws_ami_copy.c", {"source_ami_id": AMI}),
      instance(ami=ref("aws_ami_copy.c"))],
     False, True, "image", False),
    ("an image of an instance keeps v2.0",
     [image(imds_support="v2.0"), tf("aws_instance.source", {"ami": AMI}),
      tf("aws_ami_from_instance.c", {"source_instance_id": ref("aws_instance.source")}),
      instance(ami=ref("aws_ami_from_instance.c"))],
     False, True, "image", False),
    ("the account's optional over v2.0",
     [account(http_tokens="optional"), image(imds_support="v2.0"), instance(ami=AMI)],
     True, False, "account", False),
    ("Amazon Linux 2023 by name", [lookup("al2023-ami-2023.*-x86_64"), instance(ami=LOOKED_UP)],
     False, False, "image", True),
    ("Amazon Linux 2 by name", [lookup("amzn2-ami-hvm-*"), instance(ami=LOOKED_UP)],
     True, False, "platform", True),
    ("Amazon Linux by name", [lookup("amzn-ami-hvm-*"), instance(ami=LOOKED_UP)],
     True, False, "platform", True),
    ("Amazon Linux 2023, and the account says optional",
     [account(http_tokens="optional"), lookup("al2023-ami-*"), instance(ami=LOOKED_UP)],
     True, False, "account", False),
    ("another image by name", [lookup("ubuntu/images/*", "099720109477"), instance(ami=LOOKED_UP)],
     None, False, "platform", True),
    ("Amazon Linux 2023 by parameter",
     [tf("data.aws_ssm_parameter.p", {
         "name": "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"}),
      instance(ami=ref("data.aws_ssm_parameter.p", "value"))],
     False, False, "image", True),
    ("Amazon Linux 2 by parameter of a template",
     [declare("AWS::EC2::Instance", HOST, {"ImageId": ref(
         "ssm:/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2", "Value")})],
     True, False, "platform", True),
    ("Amazon Linux 2 by parameter, resolved at launch",
     [instance(ami="resolve:ssm:/aws/service/ami-amazon-linux-latest/amzn2-ami-hvm-x86_64-gp2")],
     True, False, "platform", True),
]  # fmt: skip


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row[0])
def test_what_the_options_come_to(
    row: tuple[str, list[Resource], bool | None, bool | None, str, bool],
) -> None:
    _, resources, usable, enforced, source, assumed = row
    found = of(graph_of(*resources))
    assert found.imdsv1_usable.truth is usable
    assert found.imdsv2_enforced.truth is enforced
    assert found.http_tokens.source == source
    assert bool(found.imdsv2_enforced.assumptions) is assumed
    assert found.explanation


@pytest.mark.parametrize(
    ("group", "usable", "enforced", "hops"),
    [
        ({"ami_type": "AL2023_x86_64_STANDARD"}, False, True, 1),
        ({"ami_type": "AL2_x86_64"}, True, False, 2),
        ({"ami_type": "BOTTLEROCKET_x86_64"}, None, None, None),
        ({}, None, None, None),
    ],
    ids=["AL2023", "AL2", "another", "none"],
)
def test_a_node_group_without_a_template_has_that_of_eks(
    group: dict[str, Plain], usable: bool | None, enforced: bool | None, hops: int | None
) -> None:
    graph = graph_of(tf("aws_eks_node_group.n", group))
    found = of(graph, "aws_eks_node_group.n")
    assert found.imdsv1_usable.truth is usable
    assert found.imdsv2_enforced.truth is enforced
    assert found.hop_limit.value.number == hops
    assert [one.resource.address for one in decisions(graph)] == ["aws_eks_node_group.n"]
    assert decisions(graph, "http_put_response_hop_limit") == ()


@pytest.mark.parametrize(
    ("resources", "hops"),
    [
        ([instance()], 1),
        ([instance(metadata_options=[{"http_put_response_hop_limit": 3}])], 3),
        ([account(http_put_response_hop_limit=2), instance()], 2),
        ([account(http_put_response_hop_limit=-1), instance()], 1),
        ([image(imds_support="v2.0"), instance(ami=AMI)], 2),
        (
            [account(http_put_response_hop_limit=1), image(imds_support="v2.0"), instance(ami=AMI)],
            1,
        ),
        ([lookup("al2023-ami-*"), instance(ami=LOOKED_UP)], 2),
    ],
)
def test_the_hop_limit_is_decided_by_itself(resources: list[Resource], hops: int) -> None:
    assert of(graph_of(*resources)).hop_limit.value.number == hops


def test_a_template_that_decides_for_many_is_one_decision() -> None:
    made = [
        template(metadata_options=tokens("optional")),
        *(tf(f"aws_instance.{name}", FROM_TEMPLATE) for name in "abc"),
        tf("aws_instance.d", {**FROM_TEMPLATE, "metadata_options": tokens("required")}),
    ]
    found = decisions(graph_of(*made))
    assert [(one.resource.address, [h.host.address for h in one.hosts]) for one in found] == [
        ("aws_instance.d", ["aws_instance.d"]),
        (TEMPLATE, ["aws_instance.a", "aws_instance.b", "aws_instance.c"]),
    ]
    assert found[1].place.attribute == "metadata_options[0].http_tokens"


def test_a_silent_template_is_where_it_would_be_said() -> None:
    graph = graph_of(template(), *(tf(f"aws_instance.{name}", FROM_TEMPLATE) for name in "ab"))
    (found,) = decisions(graph)
    assert found.resource.address == TEMPLATE
    assert found.place.attribute == "metadata_options.http_tokens"
    assert found.place.value is None


def test_the_worst_host_of_a_decision_comes_first() -> None:
    graph = graph_of(
        template(),
        image(imds_support="v2.0"),
        tf("aws_instance.a", {**FROM_TEMPLATE, "ami": AMI}),
        tf("aws_instance.b", FROM_TEMPLATE),
    )
    (found,) = decisions(graph)
    assert found.worst.host.address == "aws_instance.b"


def test_a_template_that_nobody_uses_is_judged_by_itself() -> None:
    graph = graph_of(template(metadata_options=tokens("optional")))
    (found,) = hosts(graph)
    assert found.host.address == TEMPLATE
    assert found.imdsv1_usable.truth is True


def test_a_group_that_runs_nothing_decides_nothing() -> None:
    body: dict[str, Plain] = {"max_size": 0, **FROM_TEMPLATE}
    assert hosts(graph_of(template(), tf("aws_autoscaling_group.g", body))) == ()


def test_a_configuration_and_an_infrastructure_have_options_too() -> None:
    graph = graph_of(
        tf("aws_launch_configuration.c", {"metadata_options": tokens("required")}),
        tf(
            "aws_imagebuilder_infrastructure_configuration.b",
            {"instance_metadata_options": tokens("optional")},
        ),
    )
    found = {one.host.address: one.imdsv2_enforced.truth for one in hosts(graph)}
    assert found == {
        "aws_launch_configuration.c": True,
        "aws_imagebuilder_infrastructure_configuration.b": False,
    }


def test_required_by_its_family_alone_is_told_apart() -> None:
    by_name = of(graph_of(lookup("al2023-ami-*"), instance(ami=LOOKED_UP)))
    assert by_name.required_by_family
    assert not of(graph_of(image(imds_support="v2.0"), instance(ami=AMI))).required_by_family


def test_an_optional_block_leaves_it_to_what_lies_below() -> None:
    block = unknown("var.b has no value", "variable", {"http_tokens": "required"}, None)
    below = [template(metadata_options=tokens("required")), account(http_tokens="required")]
    for resources in (
        [below[0], instance(**FROM_TEMPLATE, metadata_options=block)],
        [below[1], instance(metadata_options=block)],
    ):
        assert of(graph_of(*resources)).imdsv2_enforced.truth is True
    assert of(graph_of(instance(metadata_options=block))).imdsv2_enforced.truth is None


def test_what_the_account_says_is_told_with_its_place() -> None:
    found = of(graph_of(account(http_tokens="required"), instance())).http_tokens
    assert found.resource.address == HOST
    assert found.origin is not None
    assert found.origin.attribute == "http_tokens"
