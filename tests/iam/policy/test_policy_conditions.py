from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iam.policy.policy_values import (
    allow,
    deny,
    document,
    either,
    joined,
    reference,
    to_all,
    unknown,
    variable,
)

from iac_ec2lint.iam.policy.outsiders import (
    Setting,
    holds_for_strangers,
    is_fixed,
    names_principals,
    narrows,
    stops_strangers,
)
from iac_ec2lint.iam.policy.source_addresses import address_range, are_wide
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.network.sets.addresses import AddressSet, Family, Openness, openness, parse_cidr
from iac_ec2lint.values import NO, Answer, all_of, any_of

ORG = "o-a1b2c3d4e5"
ARN = "arn:aws:sns:us-east-1:111122223333:topic"


@pytest.mark.parametrize(
    ("operator", "key", "values", "restricts"),
    [
        ("StringEquals", "aws:PrincipalOrgID", ORG, True),
        ("StringEquals", "AWS:principalorgid", [ORG, "o-2"], True),
        ("StringLike", "aws:PrincipalOrgID", ORG, True),
        ("StringLike", "aws:PrincipalOrgID", "*", False),
        ("StringLike", "aws:PrincipalOrgID", [ORG, "*"], False),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", ORG, False),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", ORG, False),
        ("StringNotEquals", "aws:PrincipalOrgID", ORG, False),
        ("Null", "aws:PrincipalOrgID", "false", False),
        ("StringEquals", "aws:PrincipalOrgID", variable(), None),
        ("StringEquals", "aws:PrincipalOrgID", unknown("data.o", "data-source"), True),
        ("StringEquals", "aws:PrincipalOrgID", either("o-1", "o-2"), True),
        ("StringEquals", "aws:PrincipalOrgID", reference("aws_organizations_organization.o"), True),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", f"{ORG}/r-1/*", True),
        ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-*/r-1/*", False),
        ("StringEquals", "aws:PrincipalAccount", "111122223333", True),
        ("StringLike", "aws:PrincipalAccount", "*", False),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/*", True),
        ("ArnLike", "aws:PrincipalArn", "arn:aws:iam::*:role/admin", False),
        ("ArnLike", "aws:PrincipalArn", "*", False),
        ("StringEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/x", True),
        ("ArnLike", "aws:PrincipalArn", joined("arn:aws:iam::", variable(), ":role/*"), None),
        ("ArnLike", "aws:SourceArn", ARN, True),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::bucket", True),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*", False),
        ("ArnEquals", "aws:SourceArn", reference("aws_sns_topic.t"), True),
        ("StringEquals", "aws:SourceAccount", "111122223333", True),
        ("StringEquals", "aws:SourceOwner", "111122223333", True),
        ("StringEquals", "aws:SourceOrgID", ORG, True),
        ("StringEquals", "aws:SourceVpc", "vpc-1", True),
        ("StringEquals", "aws:SourceVpce", "vpce-1", True),
        ("StringLike", "aws:SourceVpce", "vpce-*", False),
        ("StringEquals", "aws:VpceAccount", "111122223333", True),
        ("StringEquals", "aws:VpceOrgID", ORG, True),
        ("StringEquals", "kms:CallerAccount", "111122223333", True),
        ("StringLike", "aws:userid", "AROAEXAMPLE:*", True),
        ("StringLike", "aws:userid", "*:i-1", False),
        ("IpAddress", "aws:SourceIp", "203.0.113.0/24", True),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", True),
        ("IpAddress", "aws:SourceIp", "0.0.0.0/0", False),
        ("IpAddress", "aws:SourceIp", ["0.0.0.0/1", "128.0.0.0/1"], False),
        ("IpAddress", "aws:SourceIp", ["3.0.0.0/8"], False),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", "::/0"], False),
        ("IpAddress", "aws:SourceIp", ["203.0.113.0/24", variable()], None),
        ("NotIpAddress", "aws:SourceIp", "203.0.113.0/24", False),
        ("Bool", "aws:SecureTransport", "true", False),
        ("StringLike", "aws:UserAgent", "mine", False),
        ("StringLike", "aws:Referer", "https://example.com/*", False),
        ("StringEquals", "aws:RequestedRegion", "eu-west-1", False),
        ("DateLessThan", "aws:CurrentTime", "2030-01-01T00:00:00Z", False),
        ("DateLessThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", True),
        ("DateLessThanEquals", "aws:EpochTime", "1577836800", True),
        ("DateGreaterThan", "aws:CurrentTime", "2020-01-01T00:00:00Z", False),
        ("Bool", "aws:PrincipalIsAWSService", "true", True),
        ("Bool", "aws:PrincipalIsAWSService", ["true", "false"], False),
        ("StringEquals", "aws:PrincipalServiceName", "cloudtrail.amazonaws.com", True),
        ("StringEquals", "aws:ResourceOrgID", "${aws:PrincipalOrgID}", True),
        ("StringEquals", "aws:PrincipalAccount", "${aws:ResourceAccount}", True),
        ("StringEqualsIfExists", "aws:ResourceOrgID", "${aws:PrincipalOrgID}", False),
        ("StringEquals", "aws:PrincipalType", "User", False),
        ("Bool", "aws:MultiFactorAuthPresent", "true", False),
        ("StringEquals", "aws:PrincipalTag/team", "x", False),
        ("Bool", "aws:ViaAWSService", "true", False),
        ("StringEquals", "sts:ExternalId", "x", False),
        ("StringEquals", "kms:ViaService", "ec2.us-east-1.amazonaws.com", False),
    ],
)
def test_a_condition_restricts_everyone(
    operator: str, key: str, values: Any, restricts: bool | None
) -> None:
    statement = document(to_all(**{operator: {key: values}})).statements[0]
    assert restricts_principal(statement).truth is restricts


@pytest.mark.parametrize(
    ("principal", "restricts"),
    [
        ("*", False),
        ({"AWS": "*"}, False),
        ({"AWS": ["111122223333", "*"]}, False),
        ({"AWS": "111122223333"}, True),
        ({"AWS": variable()}, None),
        ({"AWS": joined("arn:aws:iam::", variable(), ":root")}, True),
        ({"AWS": reference("aws_iam_role.r")}, True),
        ({"AWS": either("111122223333", ["444455556666"])}, True),
        ({"AWS": either("111122223333", "*")}, None),
        ({"Service": "ec2.amazonaws.com"}, True),
        (variable(), None),
    ],
)
def test_naming_principals_restricts(principal: Any, restricts: bool | None) -> None:
    named = document(allow(Principal=principal)).statements[0]
    assert restricts_principal(named).truth is restricts
    stopped = document(deny() | {"NotPrincipal": principal}).statements[0]
    assert restricts_principal(stopped).truth is restricts


def test_all_but_some_principals_are_everyone() -> None:
    statement = document(allow() | {"NotPrincipal": {"AWS": "111122223333"}}).statements[0]
    assert restricts_principal(statement).truth is False


@pytest.mark.parametrize("key", ["aws:SourceVpc", "aws:SourceVpce", "aws:VpceAccount"])
def test_in_the_policy_of_an_endpoint_its_own_keys_restrict_nothing(key: str) -> None:
    statement = document(to_all(StringEquals={key: "111122223333"})).statements[0]
    settings: list[Setting] = ["resource-policy", "trust-policy", "endpoint-policy"]
    found = [restricts_principal(statement, setting).truth for setting in settings]
    assert found == [True, True, False]


@pytest.mark.parametrize(
    ("condition", "restricts"),
    [
        ({"StringNotEquals": {"aws:PrincipalOrgID": ORG}}, True),
        ({"StringNotEqualsIfExists": {"aws:PrincipalOrgID": ORG}}, True),
        ({"StringNotLike": {"aws:PrincipalOrgID": "*"}}, False),
        ({"ForAnyValue:StringNotEquals": {"aws:PrincipalOrgID": ORG}}, False),
        ({"ForAllValues:StringNotLike": {"aws:PrincipalOrgPaths": f"{ORG}/*"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        ({"NotIpAddress": {"aws:SourceIp": "0.0.0.0/0"}}, False),
        ({"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}, True),
        ({"StringNotEquals": {"aws:PrincipalOrgID": variable()}}, None),
        ({"StringEquals": {"aws:PrincipalAccount": "444455556666"}}, False),
        ({"Bool": {"aws:SecureTransport": "false"}}, False),
        (
            {
                "StringNotEquals": {"aws:PrincipalOrgID": ORG},
                "Bool": {"aws:PrincipalIsAWSService": "false"},
            },
            True,
        ),
        (
            {
                "StringNotEquals": {"aws:PrincipalOrgID": ORG},
                "Bool": {"aws:SecureTransport": "false"},
            },
            False,
        ),
        ({}, True),
    ],
)
def test_a_deny_to_all_others_restricts_equally(
    condition: dict[str, Any], restricts: bool | None
) -> None:
    statement = document(deny(Principal="*", Condition=condition)).statements[0]
    assert restricts_principal(statement).truth is restricts


@pytest.mark.parametrize(
    ("resource", "restricts"),
    [
        ("*", False),
        ("arn:aws:s3:::b/*", True),
        ("arn:aws:s3:::*", False),
        ("arn:aws:s3:::*/*", False),
        ("arn:aws:s3:::logs-*", True),
        ("arn:aws:ec2:*:111122223333:*", True),
        ("arn:aws:ec2:us-east-1:*:volume/*", False),
        ("arn:aws:ec2:us-east-1::image/*", False),
        ("arn:aws:ec2:us-east-1::image/ami-1", True),
        ("arn:aws:ec2:*", None),
        ("arn:aws:ec2:*:${aws:PrincipalAccount}:*", None),
        (["arn:aws:s3:::b/*", "*"], False),
        (variable(), None),
        (reference("aws_s3_bucket.b"), True),
        (joined(reference("aws_s3_bucket.b"), "/*"), True),
        (joined("arn:aws:s3:::", variable(), "/*"), None),
        (joined("arn:aws:ec2:us-east-1:111122223333:volume/", variable()), True),
        (either("arn:aws:s3:::a/*", ["arn:aws:s3:::b/*"]), True),
    ],
)
def test_naming_resources_restricts(resource: Any, restricts: bool | None) -> None:
    statement = document(to_all("*", resource)).statements[0]
    assert restricts_resource(statement).truth is restricts


@pytest.mark.parametrize(
    ("condition", "restricts"),
    [
        ({"StringEquals": {"aws:ResourceOrgID": ORG}}, True),
        ({"StringEquals": {"aws:ResourceAccount": "111122223333"}}, True),
        ({"StringEquals": {"s3:ResourceAccount": ["111122223333"]}}, True),
        ({"StringEqualsIfExists": {"aws:ResourceAccount": "111122223333"}}, False),
        ({"StringEquals": {"aws:PrincipalOrgID": ORG}}, False),
    ],
)
def test_a_condition_on_the_owner_restricts_resources(
    condition: dict[str, Any], restricts: bool
) -> None:
    statement = document(to_all(**condition)).statements[0]
    assert restricts_resource(statement, "endpoint-policy").truth is restricts
    others = {"StringNotEquals": dict(next(iter(condition.values())))}
    stopped = document(deny(Principal="*", Condition=others)).statements[0]
    about_resources = "Resource" in next(iter(others["StringNotEquals"]))
    assert restricts_resource(stopped, "endpoint-policy").truth is about_resources


@st.composite
def cidrs(draw: st.DrawFn) -> str:
    if draw(st.booleans()):
        octets = draw(st.tuples(*[st.integers(0, 255)] * 4))
        return ".".join(map(str, octets)) + f"/{draw(st.integers(0, 12))}"
    return f"{draw(st.integers(0, 0xFFFF)):x}::/{draw(st.integers(0, 24))}"


@given(st.lists(cidrs(), max_size=5))
def test_wide_addresses_are_what_the_network_calls_world_or_broad(blocks: list[str]) -> None:
    parsed = [block for block in map(parse_cidr, blocks) if block is not None]
    assert len(parsed) == len(blocks)
    unions = (
        AddressSet.union(family, [b.addresses for b in parsed if b.family is family])
        for family in Family
    )
    expected = any(openness(union) in {Openness.WORLD, Openness.BROAD} for union in unions)
    ranges = [found for found in map(address_range, blocks) if found is not None]
    assert are_wide(ranges) is expected


def restricts_principal(
    statement: Statement,
    setting: Setting = "resource-policy",
    trusted_accounts: Collection[str] = (),
) -> Answer:
    """Whether a statement keeps strangers out, by its principals or its conditions."""
    if statement.effect.text == "Deny":
        return stops_strangers(statement, trusted_accounts) & all_of(
            holds_for_strangers(condition, {"principal"}, setting, trusted_accounts)
            for condition in statement.conditions
        )
    return names_principals(statement, trusted_accounts) | any_of(
        narrows(condition, "principal", setting, trusted_accounts)
        for condition in statement.conditions
    )


def restricts_resource(statement: Statement, setting: Setting = "resource-policy") -> Answer:
    """Whether a statement is limited to specific resources, or a Deny stops all others."""
    if statement.effect.text == "Deny":
        return all_of(
            holds_for_strangers(condition, {"resource"}, setting)
            for condition in statement.conditions
        )
    named = NO
    if statement.resources is not None:
        named = all_of(is_fixed(entry) for entry in statement.resources)
    return named | any_of(
        narrows(condition, "resource", setting) for condition in statement.conditions
    )
