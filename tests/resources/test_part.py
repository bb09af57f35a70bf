"""How fields are read: from several layers, through blocks that may be absent."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, ref, tf, unknown

from iac_ec2lint.resources.account_default import MetadataDefaults
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.metadata_options import MetadataOptions
from iac_ec2lint.resources.part import view
from iac_ec2lint.resources.security_group import SecurityGroup, SeparateSecurityGroupRule
from iac_ec2lint.resources.subnet import Subnet
from iac_ec2lint.values import Unknown, Value


def instance(body: dict[str, Plain]) -> Instance:
    made = tf("aws_instance.i", body)
    assert isinstance(made, Instance)
    return made


def template(body: dict[str, Plain]) -> LaunchTemplate:
    made = tf("aws_launch_template.t", body)
    assert isinstance(made, LaunchTemplate)
    return made


def options(**said: Plain) -> MetadataOptions:
    return instance({"metadata_options": [dict(said)]}).metadata_options


def test_an_absent_field_is_what_aws_does_by_default() -> None:
    made = tf("aws_subnet.s")
    assert isinstance(made, Subnet)
    assert made.map_public_ip_on_launch.boolean is False
    assert made.map_public_ip_on_launch.implied
    assert made.cidr_block is None


def test_a_default_can_hang_on_the_type() -> None:
    made = tf("aws_default_subnet.s")
    assert isinstance(made, Subnet)
    assert made.map_public_ip_on_launch.boolean is True


def test_a_required_field_that_is_absent_is_unknown() -> None:
    made = tf("aws_security_group_rule.r")
    assert isinstance(made, SeparateSecurityGroupRule)
    assert isinstance(made.direction, Unknown)


def test_the_nearer_layer_wins_field_by_field() -> None:
    near, far = options(http_tokens="optional"), options(http_tokens="required", http_endpoint="x")
    merged = near.over(far)
    assert merged.http_tokens is not None
    assert merged.http_endpoint is not None
    assert (merged.http_tokens.text, merged.http_endpoint.text) == ("optional", "x")
    assert merged.http_put_response_hop_limit is None


def test_a_field_of_an_optional_block_may_be_what_lies_below() -> None:
    block = unknown("var.b has no value", "variable", {"http_tokens": "required"}, None)
    near = instance({"metadata_options": block}).metadata_options
    assert near.http_tokens is not None
    assert near.http_tokens.equals("required").truth is None
    below = near.over(options(http_tokens="required"))
    assert below.http_tokens is not None
    assert below.http_tokens.equals("required").truth is True
    other = near.over(options(http_tokens="optional"))
    assert other.http_tokens is not None
    assert other.http_tokens.equals("required").truth is None


def test_a_block_that_is_one_of_two_is_certain_where_they_agree() -> None:
    arms = unknown(
        'condition "C" is not decided',
        "condition",
        {"HttpTokens": "required", "HttpEndpoint": "enabled"},
        {"HttpTokens": "required", "HttpEndpoint": "disabled"},
    )
    made = declare("AWS::EC2::Instance", "I", {"MetadataOptions": arms})
    assert isinstance(made, Instance)
    found = made.metadata_options
    assert found.http_tokens is not None
    assert found.http_tokens.equals("required").truth is True
    assert found.http_endpoint is not None
    assert found.http_endpoint.equals("enabled").truth is None
    assert found.http_endpoint.equals("enabled", "disabled").truth is True


def test_a_field_that_only_one_of_two_arms_has_may_be_unset() -> None:
    arms = unknown("c", "condition", {"HttpTokens": "required"}, {"HttpEndpoint": "enabled"})
    made = declare("AWS::EC2::Instance", "I", {"MetadataOptions": arms})
    assert isinstance(made, Instance)
    tokens = made.metadata_options.http_tokens
    assert isinstance(tokens, Unknown)
    assert tokens.unset
    assert tokens.equals("required").truth is None


def test_fields_of_a_rule_that_may_be_absent_are_what_they_are_where_it_is_there() -> None:
    rule = unknown(
        "var.b has no value", "variable", {"from_port": 22, "cidr_blocks": ["::/0"]}, None
    )
    made = tf("aws_security_group.g", {"ingress": rule})
    assert isinstance(made, SecurityGroup)
    (found,) = made.ingress
    assert not found.presence.certain
    assert found.from_port is not None
    assert found.from_port.number == 22
    assert [block.text for block in found.cidr_blocks] == ["::/0"]


def test_of_two_spellings_the_first_that_is_written_counts() -> None:
    by_name = instance({"launch_template": [{"name": "n"}]}).launch_template
    assert by_name.launch_template is not None
    assert by_name.launch_template.text == "n"
    assert by_name.spelling("launch_template") == "launch_template[0].name"
    by_id = instance({"launch_template": [{"id": "lt-1"}]}).launch_template
    assert by_id.spelling("launch_template") == "launch_template[0].id"


def test_lists_of_two_spellings_add_up() -> None:
    made = instance({"vpc_security_group_ids": ["sg-1"], "security_groups": ["web"]})
    assert [group.text for group in made.security_groups] == ["sg-1", "web"]


def test_a_list_goes_through_lists_on_its_way() -> None:
    made = declare(
        "AWS::EC2::NetworkInterface",
        "E",
        {"Ipv6Addresses": [{"Ipv6Address": "fd00::1"}, {"Ipv6Address": "fd00::2"}]},
    )
    assert [one.text for one in made.ipv6_addresses] == ["fd00::1", "fd00::2"]  # type: ignore[attr-defined]  # of NetworkInterface


def test_a_list_of_which_nothing_is_known_is_one_unknown_element() -> None:
    (one,) = instance({"vpc_security_group_ids": unknown()}).security_groups
    assert isinstance(one, Unknown)


@pytest.mark.parametrize(
    ("type_", "body", "attribute"),
    [
        ("aws_instance", {}, "metadata_options.http_tokens"),
        ("aws_instance", {"metadata_options": [{}]}, "metadata_options[0].http_tokens"),
        (
            "AWS::EC2::LaunchTemplate",
            {},
            "LaunchTemplateData.MetadataOptions.HttpTokens",
        ),
    ],
)
def test_the_place_of_what_is_absent_is_where_it_would_be(
    type_: str, body: dict[str, Plain], attribute: str
) -> None:
    made = declare(type_, "x", body)
    assert isinstance(made, Instance | LaunchTemplate)
    place = made.metadata_options.place("http_tokens")
    assert place.attribute == attribute
    assert place.value is None
    if not body:
        assert place.span == made.span


def test_the_place_of_a_value_is_where_it_was_written() -> None:
    made = options(http_tokens="optional")
    place = made.place("http_tokens")
    assert isinstance(place.value, Value)
    assert place.span == place.value.span


def test_tags_are_read_in_every_shape() -> None:
    shapes = [
        tf("aws_instance.i", {"tags": {"Name": "web"}}),
        declare("AWS::EC2::Instance", "I", {"Tags": [{"Key": "Name", "Value": "web"}]}),
        tf("aws_autoscaling_group.g", {"tag": [{"key": "Name", "value": "web"}]}),
    ]
    for made in shapes:
        assert {key: said.text for key, said in made.tags.items()} == {"Name": "web"}


def test_a_resource_that_has_the_fields_of_a_part_reads_them_in_its_body() -> None:
    made = tf("aws_ec2_instance_metadata_defaults.d", {"http_tokens": "required"})
    assert isinstance(made, MetadataDefaults)
    assert made.http_tokens is not None
    assert made.http_tokens.text == "required"


def test_an_instance_lies_over_a_template_whose_fields_are_spelled_otherwise() -> None:
    one = instance({"vpc_security_group_ids": [ref("a")]})
    other = template({"image_id": "ami-1", "vpc_security_group_ids": [ref("b")]})
    merged = view(LaunchSettings, one.layers + other.layers, one.span)
    assert merged.image is not None
    assert merged.image.text == "ami-1"
    assert [
        group.references[0].target for group in merged.security_groups if isinstance(group, Unknown)
    ] == ["a"]


def test_a_reference_that_is_an_empty_text_is_none() -> None:
    one = instance({"ami": "", "vpc_security_group_ids": [""], "user_data": ""})
    assert one.image is None
    assert one.security_groups == ()
    assert one.user_data is not None
    merged = view(LaunchSettings, (*one.layers, *template({"image_id": "ami-1"}).layers), one.span)
    assert merged.image is not None
    assert merged.image.text == "ami-1"
