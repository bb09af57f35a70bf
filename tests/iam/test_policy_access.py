from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iam.policy.policy_values import (
    SPAN,
    allow,
    deny,
    document,
    either,
    joined,
    reference,
    to_all,
    unknown,
    val,
    variable,
)

from iac_ec2lint.iam.access import (
    endpoint_access,
    endpoint_access_of_any,
    is_admin,
    is_admin_equivalent,
    is_full_access,
    stranger_access,
)
from iac_ec2lint.iam.outside_access import Policy, Stranger
from iac_ec2lint.iam.policy import probes
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import Request
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Answer, Value

ORG = {"aws:PrincipalOrgID": "o-a1b2c3d4e5"}
RESOURCE_ORG = {"aws:ResourceOrgID": "o-a1b2c3d4e5"}
UNENCRYPTED = {"Bool": {"ec2:Encrypted": "false"}}
ACCOUNT = {"aws:PrincipalAccount": "111122223333"}


@pytest.mark.parametrize(
    ("statements", "truth"),
    [
        ([allow()], True),
        ([allow("*:*")], True),
        ([allow(["*"], ["*"])], True),
        ([{"Effect": "Allow", "NotAction": ["organizations:*"], "Resource": "*"}], True),  # H29
        (
            [
                allow(["iam:*", "sts:*", "kms:*"]),
                allow(["ec2:*", "s3:*", "lambda:*", "cloudformation:*"]),
            ],
            True,
        ),  # H30
        ([allow("*:*"), deny("iam:*")], False),  # H31
        ([allow(), deny()], False),
        ([allow(), deny(resource="arn:aws:s3:::secret/*")], True),
        ([allow(["iam:*", "ec2:*"])], False),
        ([allow(resource="arn:aws:s3:::b/*")], False),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], False),
        ([allow(Condition={"StringEquals": {"aws:RequestedRegion": "eu-west-1"}})], None),
        ([allow(variable())], None),
        ([allow(), variable()], None),
        ([allow("s3:*"), deny(variable())], False),
        ([], False),
    ],
)
def test_an_administrator_is_known_by_probes(statements: list[Any], truth: bool | None) -> None:
    assert is_admin([document(*statements)]).truth is truth


def test_documents_make_an_administrator_together_unless_a_boundary_limits_them() -> None:
    halves = [
        document(allow(["iam:*", "sts:*", "kms:*", "s3:*"])),
        document(allow(["ec2:*", "lambda:*", "cloud*:*"])),
    ]
    assert is_admin(halves).truth is True
    assert is_admin(halves[:1]).truth is False
    assert is_admin([]).truth is False
    assert is_admin(halves, [document(allow("s3:*"))]).truth is False
    answer = is_admin(halves, [PolicyDocument.read(variable())])
    assert (answer.truth, len(answer.causes)) == (None, 1)


def test_one_action_of_iam_is_as_good_as_all() -> None:
    me = "arn:aws:iam::111122223333:role/me"
    own = [document(allow("iam:PutRolePolicy", me))]
    written = [Request("iam:PutRolePolicy", val(me))]
    assert is_admin_equivalent([document(allow("iam:AttachUserPolicy"))]).truth is True
    assert is_admin_equivalent([document(allow(["iam:Get*", "iam:PassRole"]))]).truth is False
    assert is_admin_equivalent(own).truth is False
    assert is_admin_equivalent(own, own=written).truth is True
    assert is_admin_equivalent([document(allow("iam:*"), deny("iam:*"))]).truth is False


@pytest.mark.parametrize(
    ("statements", "service", "truth"),
    [
        ([allow("ec2:*")], "ec2", True),
        ([allow()], "ec2", True),
        ([allow("ec2:*"), deny("ec2:DeleteVpc")], "ec2", True),
        ([allow("ec2:*"), deny(["ec2:Delete*", "ec2:Terminate*", "ec2:Modify*"])], "ec2", False),
        ([allow("ec2:Describe*")], "ec2", False),
        ([allow("ec2:*", "arn:aws:ec2:*:111122223333:*")], "ec2", False),
        ([allow("ec2:*", Condition=variable())], "ec2", None),
        ([allow("s3:*")], "s3", True),
        ([allow("s3:*")], "ec2", False),
        ([allow("glue:*")], "glue", True),
        ([allow("glue:Get*")], "glue", False),
    ],
)
def test_full_access_to_a_service_is_nine_probes_of_ten(
    statements: list[Any], service: str, truth: bool | None
) -> None:
    assert is_full_access([document(*statements)], service).truth is truth


def test_ec2_has_probes_enough() -> None:
    listed = probes.service_probes("ec2")
    assert len({probe.action for probe in listed}) == len(listed) >= 25


ENDPOINTS: list[tuple[str, list[Any], str, str | None]] = [
    ("everything", [to_all()], "full", None),
    ("its service", [to_all("ec2:*")], "full", None),
    ("no principal", [allow()], "full", None),
    ("aws star", [allow(Principal={"AWS": ["*"]})], "full", None),
    ("one action", [to_all("ec2:RunInstances")], "full", None),
    ("another service", [to_all("s3:*")], "restricted", None),
    ("in two statements", [to_all("ec2:A*"), to_all("ec2:R*")], "full", None),
    (
        "its own endpoint",
        [to_all(StringEquals={"aws:SourceVpce": "vpce-1", "aws:SourceVpc": "vpc-1"})],
        "full",
        None,
    ),  # H32
    ("both organisations", [to_all(StringEquals={**ORG, **RESOURCE_ORG})], "restricted", None),
    ("organisation", [to_all(StringEquals=ORG)], "half", "principal"),  # H33
    ("account", [to_all(StringEquals=ACCOUNT)], "half", "principal"),
    ("resource organisation", [to_all(StringEquals=RESOURCE_ORG)], "half", "resource"),
    ("one table", [to_all("*", "arn:aws:dynamodb:*:111122223333:table/t")], "half", "resource"),
    ("any account's", [to_all("*", "arn:aws:ec2:us-east-1:*:instance/*")], "full", None),
    ("NotResource", [allow(Principal="*") | {"NotResource": "x"}], "full", None),
    (
        "named principal",
        [allow(Principal={"AWS": "arn:aws:iam::111122223333:root"})],
        "half",
        "principal",
    ),
    (
        "named both",
        [allow("*", "arn:aws:ec2:*:111122223333:*", Principal={"AWS": "111122223333"})],
        "restricted",
        None,
    ),
    ("NotPrincipal", [allow() | {"NotPrincipal": {"AWS": "111122223333"}}], "full", None),
    (
        "the page's example",
        [
            to_all(),
            deny("ec2:CreateVolume", Principal="*", Condition=UNENCRYPTED),
            deny("ec2:RunInstances", Principal="*", Condition=UNENCRYPTED),
        ],
        "full",
        None,
    ),
    (
        "deny to others",
        [to_all(), deny(Principal="*", Condition={"StringNotEquals": ORG})],
        "half",
        "principal",
    ),
    (
        "deny to others, if exists",
        [
            to_all(),
            deny(
                Principal="*",
                Condition={
                    "StringNotEqualsIfExists": ORG,
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            ),
        ],
        "half",
        "principal",
    ),
    (
        "deny both",
        [
            to_all(),
            deny(Principal="*", Condition={"StringNotEquals": ORG}),
            deny(Principal="*", Condition={"StringNotEquals": RESOURCE_ORG}),
        ],
        "restricted",
        None,
    ),
    (
        "deny only both together",
        [to_all(), deny(Principal="*", Condition={"StringNotEquals": {**ORG, **RESOURCE_ORG}})],
        "half",
        "resource",
    ),
    (
        "deny other actions",
        [to_all(), deny("s3:*", Principal="*", Condition={"StringNotEquals": ORG})],
        "full",
        None,
    ),
    (
        "deny other endpoints",
        [
            to_all(),
            deny(Principal="*", Condition={"StringNotEquals": {"aws:SourceVpce": "vpce-1"}}),
        ],
        "full",
        None,
    ),
    (
        "deny without tls",
        [to_all(), deny(Principal="*", Condition={"Bool": {"aws:SecureTransport": "false"}})],
        "full",
        None,
    ),
    ("deny to one", [to_all(), deny(Principal={"AWS": "111122223333"})], "full", None),
    (
        "deny but to one",
        [to_all(), deny() | {"NotPrincipal": {"AWS": "111122223333"}}],
        "half",
        "principal",
    ),
    ("deny all", [to_all(), deny(Principal="*")], "restricted", None),
    (
        "deny all but own resources",
        [
            to_all(),
            {
                "Effect": "Deny",
                "Principal": "*",
                "Action": "*",
                "NotResource": "arn:aws:ec2:*:111122223333:*",
            },
        ],
        "half",
        "resource",
    ),
    ("nothing", [], "restricted", None),
    ("variable", [variable()], "undecided", None),
    ("variable principal", [allow(Principal={"AWS": variable()})], "undecided", None),
    (
        "variable organisation",
        [to_all(StringEquals={"aws:PrincipalOrgID": variable()})],
        "undecided",
        None,
    ),
    (
        "organisation of the account",
        [
            to_all(
                StringEquals={
                    "aws:PrincipalOrgID": unknown(
                        "data.aws_organizations_organization.o", "data-source"
                    )
                }
            )
        ],
        "half",
        "principal",
    ),
    ("unknown condition", [to_all() | {"Condition": variable()}], "undecided", None),
    (
        "a sure and an unknown one",
        [to_all(StringEquals=ORG), allow(Principal={"AWS": "111122223333"}, action=variable())],
        "half",
        "principal",
    ),
    ("one or the other", [either(to_all(), to_all("ec2:*"))], "full", None),
    ("one or none", [either(to_all(), None)], "undecided", None),
]


@pytest.mark.parametrize(
    ("statements", "verdict", "limited_by"),
    [case[1:] for case in ENDPOINTS],
    ids=[case[0] for case in ENDPOINTS],
)
def test_endpoint_policies_are_judged_by_strangers(
    statements: list[Any], verdict: str, limited_by: str | None
) -> None:
    access = endpoint_access(document(*statements), "ec2")
    assert (access.verdict, access.limited_by) == (verdict, limited_by)
    assert bool(access.causes) is (verdict == "undecided")
    if verdict in {"full", "half"}:
        assert access.statements
        assert access.actions


S3_ENDPOINTS: list[tuple[list[Any], str, str | None]] = [
    ([to_all()], "full", None),
    ([to_all("s3:*", "arn:aws:s3:::*")], "full", None),
    ([to_all("s3:*", ["arn:aws:s3:::b", "arn:aws:s3:::b/*"])], "half", "resource"),
    ([to_all("s3:GetObject", "arn:aws:s3:::prod-us-east-1-layers/*")], "half", "resource"),
    ([to_all("s3:*", joined(reference("aws_s3_bucket.b"), "/*"))], "half", "resource"),
    ([to_all("s3:*", reference("aws_s3_bucket.b"))], "half", "resource"),
    ([to_all("s3:*", variable())], "undecided", None),
    ([to_all(StringEquals={"s3:ResourceAccount": "111122223333"})], "half", "resource"),
    ([to_all("ec2:*")], "restricted", None),
]


@pytest.mark.parametrize(("statements", "verdict", "limited_by"), S3_ENDPOINTS)
def test_s3_endpoints_are_probed_with_buckets(
    statements: list[Any], verdict: str, limited_by: str | None
) -> None:
    access = endpoint_access(document(*statements), "s3")
    assert (access.verdict, access.limited_by) == (verdict, limited_by)


def test_any_service_is_probed_where_the_endpoint_is_unknown() -> None:
    assert endpoint_access(document(to_all("s3:*"))).verdict == "full"
    assert endpoint_access(document(to_all("glue:*"))).verdict == "full"
    assert endpoint_access(document(to_all("glue:*")), "glue").verdict == "full"
    assert endpoint_access(document(to_all("s3:*")), "glue").verdict == "restricted"
    assert endpoint_access(document(to_all()), "glue").verdict == "full"


def test_the_default_policy_is_full() -> None:
    assert endpoint_access(PolicyDocument.full_access(SPAN), "ec2").verdict == "full"


@pytest.mark.parametrize(
    ("statement", "verdict"),
    [
        (allow(Principal={"AWS": "999988887777"}), "full"),
        (allow(Principal={"AWS": "arn:aws:iam::999988887777:role/x"}), "full"),
        (allow(Principal={"AWS": "111122223333"}), "half"),
        (allow(Principal={"AWS": ["111122223333", "999988887777"]}), "full"),
        (to_all(StringEquals={"aws:PrincipalAccount": "999988887777"}), "full"),
        (to_all(StringEquals=ACCOUNT), "half"),
        (to_all(StringEquals={"aws:PrincipalAccount": variable()}), "undecided"),
        (to_all(ArnLike={"aws:PrincipalArn": "arn:aws:iam::999988887777:role/*"}), "full"),
        (to_all(ArnLike={"aws:PrincipalArn": "arn:aws:iam::111122223333:role/*"}), "half"),
        (allow(Principal={"AWS": joined("arn:aws:iam::", variable(), ":root")}), "undecided"),
        (
            allow(
                Principal={
                    "AWS": joined(
                        "arn:aws:iam::",
                        reference("data.aws_caller_identity.me", "account_id"),
                        ":root",
                    )
                }
            ),
            "half",
        ),
        # What stands in the place of the account is no account.
        (
            allow(
                Principal={
                    "AWS": joined("arn:aws:iam:::user/", reference("aws_iam_user.a", "name"))
                }
            ),
            "undecided",
        ),
    ],
)
def test_named_accounts_that_are_not_trusted_are_strangers(
    statement: dict[str, Any], verdict: str
) -> None:
    access = endpoint_access(document(statement), "ec2", {"111122223333"})
    assert access.verdict == verdict


def test_a_stranger_that_is_sure_is_told_from_one_that_may_reach_more() -> None:
    access = endpoint_access(document(to_all("*", ["arn:aws:s3:::b/*", variable()])), "s3")
    assert access.verdict == "undecided"
    assert access.foreign_principal.truth is True


def test_the_deciding_statements_are_shown() -> None:
    first = json.dumps(to_all())
    written = f'{{"Statement": [{first}, {json.dumps(deny("iam:*", Principal="*"))}]}}'
    span = Span(SourceText("p.json", written), 0, len(written))
    access = endpoint_access(PolicyDocument.read(Value(written, span)), "ec2")
    assert [found.text for found in access.spans] == [first]
    assert "ec2:RunInstances" in access.actions


@pytest.mark.parametrize(
    ("condition", "truth"),
    [
        ({"StringEquals": {"aws:PrincipalTag/team": "x"}}, True),  # H35
        ({"ForAllValues:StringEquals": {"aws:PrincipalOrgPaths": "o-1/r-1/"}}, True),  # H35
        ({"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/r-1/*"}}, False),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1"}}, False),
        ({"StringEquals": {"sts:ExternalId": "x"}}, True),
        ({}, True),
    ],
)
def test_a_resource_policy_is_public(condition: dict[str, Any], truth: bool) -> None:
    bucket = document(to_all("s3:*", "arn:aws:s3:::b/*", **condition))
    assert stranger_access(bucket, "resource-policy").foreign_principal.truth is truth


@pytest.mark.parametrize(
    ("principal", "condition", "truth"),
    [
        ("*", {}, True),
        ({"AWS": "*"}, {"StringEquals": {"sts:ExternalId": "x"}}, True),
        ({"AWS": "*"}, {"StringEquals": ORG}, False),
        ({"AWS": "111122223333"}, {}, False),
        ({"Service": "ec2.amazonaws.com"}, {}, False),
        ({"AWS": variable()}, {}, None),
    ],
)
def test_a_trust_policy_is_public(
    principal: Any, condition: dict[str, Any], truth: bool | None
) -> None:
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": principal}
    found = stranger_access(document({**trust, "Condition": condition}), "trust-policy", "sts")
    assert found.foreign_principal.truth is truth


VOLUME = "arn:aws:ec2:*:*:volume/*"


STATEMENTS = st.lists(
    st.sampled_from(
        [
            to_all(),
            to_all("ec2:*"),
            to_all(StringEquals=ORG),
            to_all(StringEquals=RESOURCE_ORG),
            to_all("*", "arn:aws:ec2:*:111122223333:*"),
            deny("ec2:Run*", Principal="*"),
            deny(Principal="*", Condition={"StringNotEquals": ORG}),
            deny(Principal="*", Condition={"StringNotEquals": RESOURCE_ORG}),
            deny(Principal="*", Condition=UNENCRYPTED),
        ]
    ),
    max_size=5,
)


@pytest.mark.slow
@given(STATEMENTS, st.randoms(use_true_random=False))
def test_the_order_of_statements_does_not_matter(policy: list[Any], random: Any) -> None:
    shuffled = list(policy)
    random.shuffle(shuffled)
    one, other = (endpoint_access(document(*p), "ec2") for p in (policy, shuffled))
    assert (one.verdict, one.limited_by) == (other.verdict, other.limited_by)


@pytest.mark.slow
@given(STATEMENTS, st.sampled_from([0, 1, 2, 3]))
def test_hiding_a_statement_never_turns_a_verdict_into_another(policy: list[Any], at: int) -> None:
    if at >= len(policy):
        return
    hidden = [variable() if index == at else one for index, one in enumerate(policy)]
    known = endpoint_access(document(*policy), "ec2")
    partly = endpoint_access(document(*hidden), "ec2")
    assert partly.full.truth in {None, known.full.truth}
    assert partly.foreign_principal.truth in {None, known.foreign_principal.truth}
    assert partly.foreign_resource.truth in {None, known.foreign_resource.truth}


@pytest.mark.parametrize(
    ("name", "service"),
    [
        (val("com.amazonaws.us-east-1.ec2"), "ec2"),
        (val("com.amazonaws.eu-west-1.ecr.api"), "ecr"),
        (val("com.amazonaws.eu-west-1.monitoring"), "cloudwatch"),
        (val("cn.com.amazonaws.cn-north-1.ebs"), "ebs"),
        (val("com.amazonaws.s3-global.accesspoint"), "s3"),
        (val("com.amazonaws.us-east-1.kms-fips"), "kms"),
        (joined("com.amazonaws.", variable("region"), ".s3"), "s3"),
        (joined("com.amazonaws.us-east-1.", variable("service")), None),
        (val("com.amazonaws.vpce.us-east-1.vpce-svc-0123456789abcdef0"), None),
        (variable(), None),
        (val(None), None),
    ],
)
def test_an_endpoint_leads_to_a_service(name: Any, service: str | None) -> None:
    assert probes.service_of_endpoint(name) == service


@pytest.mark.parametrize(
    ("statements", "truth"),
    [
        ([to_all()], True),
        ([to_all("s3:*")], None),
        ([to_all("s*:*")], None),
        ([to_all("s3:*"), to_all("sqs:*")], None),
        ([to_all(), deny("s3:*", Principal="*")], None),
        ([{"Effect": "Allow", "NotAction": "s3:*", "Resource": "*", "Principal": "*"}], None),
        ([to_all(), deny(Principal="*")], False),
        ([to_all(StringEquals=ORG)], False),
        ([], False),
    ],
)
def test_an_endpoint_whose_service_nobody_knows(
    statements: list[dict[str, Any]], truth: bool | None
) -> None:
    access = endpoint_access_of_any(document(*statements), variable())
    assert access.foreign_principal.truth is truth
    if truth is None:
        assert "var.x has no value" in {c.reason for c in access.foreign_principal.causes}


@pytest.mark.parametrize(
    ("services", "truth"),
    [(("s3", "sqs"), None), (("sqs", "ec2"), False), (("s3", "s3"), True)],
)
def test_an_endpoint_for_one_of_several_services(
    services: tuple[str, ...], truth: bool | None
) -> None:
    name = either(*(f"com.amazonaws.eu-west-1.{service}" for service in services))
    access = endpoint_access_of_any(document(to_all("s3:*")), name)
    assert access.foreign_principal.truth is truth


def test_each_deny_is_asked_once_for_all_allows(monkeypatch: pytest.MonkeyPatch) -> None:
    """So that a policy of twice as many pairs takes twice the time."""
    asked: list[object] = []
    stops = Policy._stops

    def counting(self: Policy, deny: Statement, *rest: Any) -> Answer:
        asked.append(deny)
        return stops(self, deny, *rest)

    monkeypatch.setattr(Policy, "_stops", counting)
    counts = []
    for pairs in (20, 40):
        asked.clear()
        written: list[Any] = []
        for number in range(pairs):
            condition = {"StringNotEquals": {"sts:ExternalId": str(number)}}
            allow = {"Effect": "Allow", "Principal": "*", "Action": "sts:AssumeRole"}
            written += [allow, {**allow, "Effect": "Deny", "Condition": condition}]
        policy = document(*written)
        assert [*Policy(policy.statements, "trust-policy").grants(Stranger.PRINCIPAL)]
        counts.append(len(asked))
    assert counts[1] == 2 * counts[0]
