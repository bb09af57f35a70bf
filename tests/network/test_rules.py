"""The rules of security groups as traffic, read from graphs that are made by hand."""

from __future__ import annotations

import pytest
from tests.graph.declarations import Plain, declare, graph_of, ref, tf, unknown, value

from iac_ec2lint.declaration import Presence
from iac_ec2lint.network.filters.exposure import exposures, is_attached, public_addresses
from iac_ec2lint.network.filters.group_rules import GroupRules, RuleTraffic, group_rules
from iac_ec2lint.network.sets.addresses import Family
from iac_ec2lint.network.sets.ports import ALL, ALL_PORTS, NO_PORTS, TCP, UDP, PortSet
from iac_ec2lint.network.sets.traffic import Direction
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import Unknown

SSH = PortSet.of([(22, 22)])


def rule(**more: Plain) -> dict[str, Plain]:
    """An inline rule for SSH, with other attributes laid over it."""
    return {"protocol": "tcp", "from_port": 22, "to_port": 22, **more}


def read(**more: Plain) -> RuleTraffic:
    """What one inline rule of one group comes to."""
    group = tf("aws_security_group.web", {"ingress": [rule(**more)]})
    return group_rules(graph_of(group), "ingress")[0].rules[0]


def rules_of(address: str, direction: Direction, *resources: Resource) -> tuple[RuleTraffic, ...]:
    found = group_rules(graph_of(*resources), direction)
    return next(group.rules for group in found if group.group.address == address)


# Ports.


def test_known_ports_are_certain() -> None:
    found = read()
    assert (found.lower, found.upper, found.causes) == ({TCP: SSH}, {TCP: SSH}, ())


def test_a_rule_without_a_protocol_covers_nothing() -> None:
    assert not read(protocol=None).upper


def test_an_unknown_port_may_be_any_on_its_side_of_the_other() -> None:
    found = read(from_port=unknown("var.port has no value"))
    assert (found.lower, found.upper) == ({TCP: NO_PORTS}, {TCP: PortSet.of([(0, 22)])})
    assert [cause.reason for cause in found.causes] == ["var.port has no value"]


def test_of_two_ports_what_both_cover_is_certain() -> None:
    found = read(from_port=unknown("var.low", "variable", 20, 22), to_port=25)
    assert found.lower == {TCP: PortSet.of([(22, 25)])}
    assert found.upper == {TCP: PortSet.of([(20, 25)])}


def test_of_two_protocols_what_both_cover_is_certain() -> None:
    found = read(protocol=unknown("var.all", "variable", "tcp", "-1"))
    assert found.lower == {TCP: SSH, ALL: NO_PORTS}
    assert found.upper == {TCP: SSH, ALL: ALL_PORTS}
    assert found.causes


def test_tcp_or_udp_is_certain_of_neither() -> None:
    found = read(protocol=unknown("var.protocol", "variable", "tcp", "udp"))
    assert found.lower == {TCP: NO_PORTS, UDP: NO_PORTS}
    assert found.upper == {TCP: SSH, UDP: SSH}


def test_unknown_ports_do_not_matter_where_aws_ignores_them() -> None:
    found = read(protocol="-1", from_port=unknown())
    assert (found.lower, found.causes) == ({ALL: ALL_PORTS}, ())


@pytest.mark.parametrize("written", ["tpc", "", "256", "-2"])
def test_a_protocol_that_there_is_not_may_be_any(written: str) -> None:
    found = read(protocol=written)
    assert (found.lower, found.upper) == ({}, {ALL: ALL_PORTS})
    assert [cause.cause for cause in found.causes] == ["error"]


# Sources.


def test_a_known_range_is_certain() -> None:
    source = read(cidr_blocks=["10.1.2.3/8"]).sources[0]
    assert source.lower == source.upper
    assert source.lower[0].cidrs() == ["10.0.0.0/8"]


def test_an_unknown_range_may_be_anything_of_its_family() -> None:
    source = read(ipv6_cidr_blocks=unknown()).sources[0]
    assert not source.lower
    assert [a.cidrs() for a in source.upper] == [["::/0"]]


def test_text_of_the_other_family_is_no_range() -> None:
    source = read(cidr_blocks=["::/0"]).sources[0]
    assert not source.lower
    assert [cause.reason for cause in source.causes] == ['"::/0" is not an IPv4 range']


def test_of_two_ranges_what_both_hold_is_certain() -> None:
    element = unknown("var.wide", "variable", "10.0.0.0/8", "10.1.0.0/16")
    source = read(cidr_blocks=[element]).sources[0]
    assert source.lower[0].cidrs() == ["10.1.0.0/16"]
    assert source.upper[0].cidrs() == ["10.0.0.0/8"]


@pytest.mark.parametrize(
    ("name", "parts", "most"),
    [
        ("cidr_blocks", ("/32",), 1),
        ("cidr_blocks", (".0.0.0/8",), 1 << 24),
        ("ipv6_cidr_blocks", ("::/64",), 1 << 64),
        ("cidr_blocks", ("/33",), None),
        ("cidr_blocks", ("/",), None),
        ("cidr_blocks", (".0",), None),
    ],
)
def test_the_size_of_an_unknown_block_is_its_prefix_lengths(
    name: str, parts: tuple[str, ...], most: int | None
) -> None:
    ip = unknown("var.ip has no value")
    assert isinstance(ip, Unknown)
    element = unknown("var.ip has no value", parts=(ip, *parts))
    assert read(**{name: [element]}).sources[0].most == most


@pytest.mark.parametrize(
    ("target", "attribute", "name", "most"),
    [
        ("module.a.aws_vpc.this[0]", "cidr_block", "cidr_blocks", 1 << 16),
        ("data.aws_vpc.default", "cidr_block", "cidr_blocks", 1 << 16),
        ("aws_default_subnet.a", "ipv6_cidr_block", "ipv6_cidr_blocks", 1 << 84),
        ("Network/Vpc", "CidrBlock", "cidr_blocks", 1 << 16),
        ("aws_vpc.a", "tags", "cidr_blocks", None),
        ("aws_network_acl_rule.a", "cidr_block", "cidr_blocks", None),
    ],
)
def test_the_block_of_a_vpc_or_subnet_is_never_the_internet(
    target: str, attribute: str, name: str, most: int | None
) -> None:
    assert read(**{name: [ref(target, attribute)]}).sources[0].most == most


def prefix_list(**more: Plain) -> Resource:
    return tf("aws_ec2_managed_prefix_list.l", {"address_family": "IPv4", **more})


def test_a_prefix_list_is_read_once_for_all_rules() -> None:
    name = ref("aws_ec2_managed_prefix_list.l")
    groups = [
        tf(f"aws_security_group.g{number}", {"ingress": [rule(prefix_list_ids=[name])]})
        for number in range(2)
    ]
    listed = prefix_list(entry=[{"cidr": "192.0.2.0/24"}])
    graph = graph_of(*groups, listed)
    first, second = (group.rules[0].sources[0] for group in group_rules(graph, "ingress"))
    assert first.lower is second.lower


def test_a_prefix_list_is_its_entries_wherever_they_are_declared() -> None:
    group = tf(
        "aws_security_group.web",
        {"ingress": [rule(prefix_list_ids=[ref("aws_ec2_managed_prefix_list.l")])]},
    )
    more = tf(
        "aws_ec2_managed_prefix_list_entry.e",
        {"prefix_list_id": ref("aws_ec2_managed_prefix_list.l"), "cidr": "0.0.0.0/1"},
    )
    listed = prefix_list(entry=[{"cidr": "128.0.0.0/1"}, {"cidr": "192.0.2.0/24"}])
    source = rules_of("aws_security_group.web", "ingress", group, listed, more)[0].sources[0]
    assert [a.cidrs() for a in source.lower] == [["128.0.0.0/1"], ["192.0.2.0/24"], ["0.0.0.0/1"]]
    words = [hop.words for hop in source.hops]
    assert words == [
        f"{c} is in aws_ec2_managed_prefix_list.l" for c in ("128.0.0.0/1", "0.0.0.0/1")
    ]


def test_an_unknown_entry_is_of_its_lists_family() -> None:
    group = tf(
        "aws_security_group.web",
        {"ingress": [rule(prefix_list_ids=[ref("aws_ec2_managed_prefix_list.l")])]},
    )
    listed = prefix_list(address_family="IPv6", entry=[{"cidr": unknown()}])
    source = rules_of("aws_security_group.web", "ingress", group, listed)[0].sources[0]
    assert [a.family for a in source.upper] == [Family.IPV6]


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("com.amazonaws.global.cloudfront.origin-facing", 0),
        ("com.amazonaws.eu-central-1.s3", 0),
        ("company-networks", 2),
    ],
)
def test_a_list_of_awss_own_holds_no_internet(name: str, possible: int) -> None:
    group = tf(
        "aws_security_group.web",
        {"ingress": [rule(prefix_list_ids=[ref("data.aws_ec2_managed_prefix_list.l")])]},
    )
    found = tf("data.aws_ec2_managed_prefix_list.l", {"name": name})
    source = rules_of("aws_security_group.web", "ingress", group, found)[0].sources[0]
    assert len(source.upper) == possible


# Whose rules they are.


def separate(name: str, group: Plain, type_: Plain = "ingress", **more: Plain) -> Resource:
    body = rule(security_group_id=group, type=type_, cidr_blocks=["0.0.0.0/0"])
    return tf(f"aws_security_group_rule.{name}", {**body, **more})


def test_separate_rules_are_their_groups() -> None:
    group = tf("aws_security_group.web", {"ingress": [rule(cidr_blocks=["10.0.0.0/8"])]})
    one = separate("one", ref("aws_security_group.web"))
    out = separate("out", ref("aws_security_group.web"), "egress")
    found = rules_of("aws_security_group.web", "ingress", group, one, out)
    assert [each.resource.address for each in found] == [
        "aws_security_group.web",
        "aws_security_group_rule.one",
    ]


def test_rules_of_a_group_declared_elsewhere_are_one_group() -> None:
    found = group_rules(graph_of(separate("a", "sg-0abc"), separate("b", "sg-0abc")), "ingress")
    assert [(g.group.address, len(g.rules)) for g in found] == [("sg-0abc", 2)]


def test_a_rule_of_an_unknown_group_stands_alone() -> None:
    found = group_rules(graph_of(separate("a", unknown()), separate("b", unknown())), "ingress")
    assert [(g.group.address, len(g.rules)) for g in found] == [
        ("aws_security_group_rule.a", 1),
        ("aws_security_group_rule.b", 1),
    ]


def test_a_rule_of_unknown_direction_may_be_either() -> None:
    graph = graph_of(separate("a", "sg-0abc", unknown("var.type has no value")))
    for direction in ("ingress", "egress"):
        (group,) = group_rules(graph, direction)
        assert not group.rules[0].lower
        assert group.rules[0].upper == {TCP: SSH}
        assert [cause.reason for cause in group.rules[0].causes] == ["var.type has no value"]


# AWS's own egress rule.


def egress(*resources: Resource) -> GroupRules:
    return group_rules(graph_of(*resources), "egress")[0]


def stack_group(**more: Plain) -> Resource:
    return declare("AWS::EC2::SecurityGroup", "Web", {"GroupDescription": "web", **more})


EGRESS: dict[str, Plain] = {
    "IpProtocol": "tcp",
    "FromPort": 443,
    "ToPort": 443,
    "CidrIp": "10.0.0.0/8",
}


def test_cloudformation_keeps_the_rule_where_no_other_is() -> None:
    for group in (stack_group(), stack_group(SecurityGroupEgress=[])):
        (found,) = egress(group).rules
        assert found.lower == {ALL: ALL_PORTS}
        assert [a.cidrs() for a in found.sources[0].lower] == [["0.0.0.0/0"], ["::/0"]]


def test_another_rule_takes_it_away() -> None:
    inline = egress(stack_group(SecurityGroupEgress=[EGRESS]))
    own = declare(
        "AWS::EC2::SecurityGroupEgress", "Out", {"GroupId": ref("Web", "GroupId"), **EGRESS}
    )
    for found in (inline, egress(stack_group(), own)):
        assert [each.lower for each in found.rules] == [{TCP: PortSet.of([(443, 443)])}]


def test_terraform_removes_it() -> None:
    assert not egress(tf("aws_security_group.web")).rules


def test_where_the_only_other_is_conditional_it_may_be_there() -> None:
    switched = declare(
        "AWS::EC2::SecurityGroupEgress",
        "Out",
        {"GroupId": ref("Web", "GroupId"), **EGRESS},
        presence=Presence(Unknown("Stage has no value", "condition", value(0).span), "IsProd"),
    )
    every = egress(stack_group(), switched).rules
    found = next(each for each in every if each.resource.address == "Web")
    assert (found.lower, found.upper) == ({}, {ALL: ALL_PORTS})
    assert [cause.reason for cause in found.causes] == ["Stage has no value"]


# What they open, beyond what every spelling is asked.


def test_rules_of_two_conditions_are_not_put_together() -> None:
    halves = [
        separate(
            name,
            ref("aws_security_group.web"),
            cidr_blocks=[cidr],
        )
        for name, cidr in (("a", "64.0.0.0/2"), ("b", "128.0.0.0/2"))
    ]
    both = graph_of(tf("aws_security_group.web"), *halves)
    assert len(exposures(both)) == 1

    def switched(name: str, cidr: str, when: str) -> Resource:
        cause = Unknown(when, "condition", value(0).span)
        body = rule(
            security_group_id=ref("aws_security_group.web"), type="ingress", cidr_blocks=[cidr]
        )
        return tf(f"aws_security_group_rule.{name}", body, presence=Presence(cause, when))

    one = (switched("a", "64.0.0.0/2", "x is true"), switched("b", "128.0.0.0/2", "x is true"))
    (found,) = exposures(graph_of(tf("aws_security_group.web"), *one))
    assert found.when == "x is true"
    two = (switched("a", "64.0.0.0/2", "x is true"), switched("b", "128.0.0.0/2", "x is false"))
    assert not exposures(graph_of(tf("aws_security_group.web"), *two))


def test_a_known_rule_does_not_silence_an_unknown_one() -> None:
    group = tf(
        "aws_security_group.web",
        {"ingress": [rule(cidr_blocks=["0.0.0.0/0"]), rule(cidr_blocks=[unknown()])]},
    )
    assert [bool(e.causes) for e in exposures(graph_of(group))] == [False, True]


def test_a_group_is_attached_by_what_carries_it_not_by_rules() -> None:
    web = tf("aws_security_group.web")
    other = tf(
        "aws_security_group.other",
        {"ingress": [rule(security_groups=[ref("aws_security_group.web")])]},
    )
    assert not is_attached(graph_of(web, other, separate("a", ref(web.address))), web)
    host = tf("aws_instance.a", {"vpc_security_group_ids": [ref("aws_security_group.web")]})
    assert is_attached(graph_of(web, host), web)


def test_a_vpcs_own_public_addresses_are_no_internet() -> None:
    vpc = tf("aws_vpc.main", {"cidr_block": "3.0.0.0/16"})
    more = tf(
        "aws_vpc_ipv4_cidr_block_association.more",
        {"vpc_id": ref("aws_vpc.main"), "cidr_block": "3.1.0.0/16"},
    )
    group = tf("aws_security_group.web", {"vpc_id": ref("aws_vpc.main")})
    public = public_addresses(graph_of(vpc, more, group), group, Family.IPV4)
    own = public_addresses(graph_of(group), group, Family.IPV4) - public
    assert own.cidrs() == ["3.0.0.0/15"]
