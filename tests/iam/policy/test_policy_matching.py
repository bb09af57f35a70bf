from __future__ import annotations

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
    val,
    variable,
)

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.matching import PrincipalKind, Request, RequestPrincipal, allows
from iac_ec2lint.values import Val

OBJECT = "arn:aws:s3:::b/k"
ROLE = "arn:aws:iam::111122223333:role/app"


def ask(
    *statements: Any,
    context: dict[str, tuple[str, ...]] | None = None,
) -> bool | None:
    request = Request("s3:GetObject", val(OBJECT), None, context)
    return allows([document(*statements)], request).truth


@pytest.mark.parametrize(
    ("statements", "truth"),
    [
        ([], False),
        ([allow("s3:*")], True),
        ([allow("s3:GetObject", "arn:aws:s3:::b/*")], True),
        ([allow("s3:GetObject", "arn:aws:s3:::c/*")], False),
        ([allow(["ec2:*", "s3:Get*"], ["arn:aws:s3:::c/*", "*"])], True),
        ([allow(), deny("s3:*")], False),
        ([deny("s3:*"), allow()], False),
        ([allow(), deny("s3:*", "arn:aws:s3:::c/*")], True),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], True),
        ([{"Effect": "Allow", "NotAction": ["S3:get*"], "Resource": "*"}], False),
        ([{"Effect": "Allow", "NotAction": [], "Resource": "*"}], True),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::b/*"}], False),
        ([{"Effect": "Allow", "Action": "*", "NotResource": "arn:aws:s3:::c/*"}], True),
        ([allow(), {"Effect": "Deny", "NotAction": "s3:*", "Resource": "*"}], True),
        ([allow(), {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*"}], False),
        ([allow(resource="arn:aws:s3:::${aws:username}/*")], None),
        ([allow(), deny(resource="arn:aws:s3:::${aws:username}/*")], None),
        ([allow(resource="arn:aws:s3:*")], None),
        ([allow(), deny(resource="arn:aws:s3:*")], None),
        ([allow(variable())], None),
        ([allow(["s3:GetObject", variable()])], True),
        ([allow(joined("ec2:", variable()))], False),
        ([allow(joined("s3:", variable()))], None),
        ([allow(either("s3:Get*", ["ec2:*", "s3:*"]))], True),
        ([allow(either("s3:Get*", ["ec2:*"]))], None),
        ([allow(), deny(variable())], None),
        ([{"Effect": variable(), "Action": "*", "Resource": "*"}], None),
        ([{"Effect": either("Allow", "Deny"), "Action": "ec2:*", "Resource": "*"}], False),
        ([{"Effect": "Allow", "NotAction": variable(), "Resource": "*"}], None),
        ([allow(Condition={"Bool": {"aws:SecureTransport": "true"}})], None),
        ([allow(Condition=variable())], None),
        ([allow(), deny(Condition={"Bool": {"aws:SecureTransport": "false"}})], None),
        ([allow(), deny("ec2:*", Condition={"Bool": {"aws:SecureTransport": "false"}})], True),
        ([allow(), deny(), variable()], False),
        ([{"Effect": "Allow", "Resource": "*"}], False),
    ],
)
def test_statements_come_to_an_answer(statements: list[Any], truth: bool | None) -> None:
    assert ask(*statements) is truth


CONDITIONS: list[tuple[str, str, Any, dict[str, tuple[str, ...]], bool | None]] = [
    ("StringEquals", "k", "a", {"k": ("a",)}, True),
    ("StringEquals", "K", ["b", "a"], {"k": ("a",)}, True),
    ("StringEquals", "k", "A", {"k": ("a",)}, False),
    ("StringEquals", "k", "a*", {"k": ("ab",)}, False),
    ("StringEquals", "k", "a", {"k": ()}, False),
    ("StringEquals", "k", "a", {}, None),
    ("StringEquals", "k", "${aws:username}", {"k": ("a",)}, None),
    ("StringEquals", "k", variable(), {"k": ("a",)}, None),
    ("StringEquals", "k", ["a", variable()], {"k": ("a",)}, True),
    ("StringEquals", "k", either("a", ["a", "b"]), {"k": ("a",)}, True),
    ("StringEquals", "k", [], {"k": ("a",)}, False),
    ("StringNotEquals", "k", "a", {"k": ("b",)}, True),
    ("StringNotEquals", "k", ["a", "b"], {"k": ("b",)}, False),
    ("StringNotEquals", "k", "a", {"k": ()}, True),
    ("StringNotEquals", "k", [], {"k": ("a",)}, True),
    ("StringNotEquals", "k", variable(), {"k": ("b",)}, None),
    ("StringEqualsIgnoreCase", "k", "A", {"k": ("a",)}, True),
    ("StringNotEqualsIgnoreCase", "k", "A", {"k": ("a",)}, False),
    ("StringEqualsIfExists", "k", "a", {"k": ()}, True),
    ("StringEqualsIfExists", "k", "a", {"k": ("b",)}, False),
    ("StringNotEqualsIfExists", "k", "a", {"k": ()}, True),
    ("StringLike", "k", "a*", {"k": ("ab",)}, True),
    ("StringNotLike", "k", "a*", {"k": ("ab",)}, False),
    ("ForAllValues:StringEquals", "k", ["a", "b"], {"k": ("a", "b")}, True),
    ("ForAllValues:StringEquals", "k", ["a", "b"], {"k": ("a", "c")}, False),
    ("ForAllValues:StringEquals", "k", "a", {"k": ()}, True),
    ("ForAnyValue:StringEquals", "k", "a", {"k": ("c", "a")}, True),
    ("ForAnyValue:StringEquals", "k", "a", {"k": ()}, False),
    ("ForAnyValue:StringNotEquals", "k", "a", {"k": ("a", "b")}, True),
    ("ForAnyValue:StringNotEquals", "k", "a", {"k": ()}, False),
    ("ForAllValues:StringNotEquals", "k", "a", {"k": ("a", "b")}, False),
    ("Bool", "k", "true", {"k": ("True",)}, True),
    ("Bool", "k", True, {"k": ("true",)}, True),
    ("Bool", "k", "false", {"k": ("true",)}, False),
    ("Bool", "k", "false", {"k": ()}, False),
    ("BoolIfExists", "k", "false", {"k": ()}, True),
    ("Null", "k", "true", {"k": ()}, True),
    ("Null", "k", "true", {"k": ("a",)}, False),
    ("Null", "k", "false", {"k": ("a",)}, True),
    ("Null", "k", False, {"k": ()}, False),
    ("NumericEquals", "k", "3", {"k": ("3.0",)}, True),
    ("NumericNotEquals", "k", 3, {"k": ("3",)}, False),
    ("NumericLessThan", "k", "10", {"k": ("9",)}, True),
    ("NumericLessThanEquals", "k", "10", {"k": ("10",)}, True),
    ("NumericGreaterThan", "k", "10", {"k": ("9",)}, False),
    ("NumericGreaterThanEquals", "k", "x", {"k": ("9",)}, False),
    ("NumericGreaterThan", "k", variable(), {"k": ("9",)}, None),
    *(
        (f"{kind}{operator}", "k", bound, {"k": present[at : at + 1]}, order in holds)
        for operator, holds in (
            ("Equals", {0}),
            ("NotEquals", {-1, 1}),
            ("LessThan", {-1}),
            ("LessThanEquals", {-1, 0}),
            ("GreaterThan", {1}),
            ("GreaterThanEquals", {0, 1}),
        )
        for kind, bound, present in (
            ("Numeric", "10", ("9.5", "10.0", "11")),
            ("Date", "2020-01-01T00:00:00Z", ("1500000000", "1577836800", "2021-01-01")),
        )
        for at, order in enumerate((-1, 0, 1))
    ),
    ("DateGreaterThan", "k", "2020-01-01T00:00:00Z", {"k": ("2021-01-01T00:00:00Z",)}, True),
    ("DateLessThan", "k", "2020-01-01", {"k": ("1500000000",)}, True),
    ("DateEquals", "k", "2020-01-01T00:00:00Z", {"k": ("1577836800",)}, True),
    ("DateNotEquals", "k", "2020-01-01T00:00:00+01:00", {"k": ("1577836800",)}, True),
    ("IpAddress", "k", "203.0.113.0/24", {"k": ("203.0.113.7",)}, True),
    ("IpAddress", "k", ["10.0.0.0/8", "2001:db8::/32"], {"k": ("2001:db8::1",)}, True),
    ("IpAddress", "k", "203.0.113.0/24", {"k": ("203.0.114.7",)}, False),
    ("NotIpAddress", "k", "203.0.113.0/24", {"k": ("203.0.114.7",)}, True),
    ("IpAddress", "k", "office", {"k": ("203.0.114.7",)}, False),
    ("ArnLike", "k", "arn:aws:iam::*:role/a*", {"k": ("arn:aws:iam::1:role/ab",)}, True),
    ("ArnEquals", "k", "arn:aws:iam::*:role/a*", {"k": ("arn:aws:iam::1:role/ab",)}, True),
    ("ArnNotLike", "k", "arn:aws:iam::*:role/a*", {"k": ("arn:aws:iam::1:role/ab",)}, False),
    ("Whatever", "k", "a", {"k": ("a",)}, None),
]


@pytest.mark.parametrize(("operator", "key", "values", "context", "truth"), CONDITIONS)
def test_conditions_hold(
    operator: str,
    key: str,
    values: Any,
    context: dict[str, tuple[str, ...]],
    truth: bool | None,
) -> None:
    assert ask(allow(Condition={operator: {key: values}}), context=context) is truth


def test_all_conditions_must_hold() -> None:
    both = allow(Condition={"StringEquals": {"a": "1", "b": "1"}, "Bool": {"c": "true"}})
    assert ask(both, context={"a": ("1",), "b": ("1",), "c": ("true",)}) is True
    assert ask(both, context={"a": ("1",), "b": ("2",)}) is False
    assert ask(both, context={"a": ("1",), "b": ("1",)}) is None


PRINCIPALS: list[tuple[Any, PrincipalKind, str, bool | None]] = [
    ("*", "AWS", ROLE, True),
    ({"AWS": "*"}, "AWS", ROLE, True),
    ({"AWS": ["*"]}, "Service", "ec2.amazonaws.com", True),
    ({"AWS": ROLE}, "AWS", ROLE, True),
    ({"AWS": ["111122223333"]}, "AWS", ROLE, True),
    ({"AWS": "arn:aws:iam::111122223333:root"}, "AWS", ROLE, True),
    ({"AWS": "arn:aws:iam::444455556666:root"}, "AWS", ROLE, False),
    ({"AWS": "444455556666"}, "AWS", ROLE, False),
    ({"AWS": "arn:aws:iam::111122223333:role/*"}, "AWS", ROLE, False),
    ({"AWS": "arn:aws:iam::111122223333:role/other"}, "AWS", ROLE, False),
    ({"AWS": "AROAEXAMPLEEXAMPLEEX"}, "AWS", ROLE, None),
    ({"AWS": variable()}, "AWS", ROLE, None),
    ({"AWS": variable()}, "Service", "ec2.amazonaws.com", None),
    ({"AWS": joined("arn:aws:iam::", variable(), ":root")}, "AWS", ROLE, None),
    ({"AWS": joined("arn:aws:iam::444455556666:role/", variable())}, "AWS", ROLE, False),
    ({"AWS": either(ROLE, ["111122223333"])}, "AWS", ROLE, True),
    ({"Service": "ec2.amazonaws.com"}, "AWS", ROLE, False),
    ({"Service": ["ssm.amazonaws.com", "ec2.amazonaws.com"]}, "Service", "ec2.amazonaws.com", True),
    ({"Service": "lambda.amazonaws.com"}, "Service", "ec2.amazonaws.com", False),
    ({"Federated": "cognito-identity.amazonaws.com"}, "AWS", ROLE, False),
    ({"CanonicalUser": "79a5"}, "CanonicalUser", "79a5", True),
    ({"AWS": 111122223333}, "AWS", ROLE, True),
    ({"AWS": [999999999999, 111122223333]}, "AWS", ROLE, True),
    ({"AWS": 999999999999}, "AWS", ROLE, False),
    ({"AWS": either(111122223333, "111122223333")}, "AWS", ROLE, True),
    ({"AWS": either(111122223333, 999999999999)}, "AWS", ROLE, None),
    ({"AWS": either(888888888888, 999999999999)}, "AWS", ROLE, False),
    (variable(), "AWS", ROLE, None),
    (either("*", {"AWS": "111122223333"}), "AWS", ROLE, True),
    (either("*", {"Service": "ec2.amazonaws.com"}), "AWS", ROLE, None),
]


@pytest.mark.parametrize(("element", "kind", "who", "truth"), PRINCIPALS)
def test_principals_match(element: Any, kind: PrincipalKind, who: str, truth: bool | None) -> None:
    request = Request("sts:AssumeRole", None, RequestPrincipal(kind, val(who)))
    policy = document({"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": element})
    inverse = document({"Effect": "Allow", "Action": "sts:AssumeRole", "NotPrincipal": element})
    assert allows([policy], request).truth is truth
    assert allows([inverse], request).truth is (None if truth is None else not truth)


def test_a_declared_principal_matches_by_identity() -> None:
    arn = reference("aws_iam_role.a")
    who = RequestPrincipal("AWS", joined("arn:aws:iam::", variable("account"), ":role/app"), arn)

    def trusts(principal: Val) -> bool | None:
        trust = document({"Effect": "Allow", "Action": "sts:*", "Principal": {"AWS": principal}})
        return allows([trust], Request("sts:AssumeRole", None, who)).truth

    assert trusts(reference("aws_iam_role.a")) is True
    assert trusts(reference("aws_iam_role.b")) is False
    assert trusts(val("arn:aws:iam::111122223333:root")) is None


def test_documents_are_joined_and_a_boundary_limits_them() -> None:
    request = Request("s3:GetObject", val(OBJECT))
    one, other = document(allow("s3:*")), document(deny("s3:Get*"))
    assert allows([one], request).truth is True
    assert allows([one, other], request).truth is False
    assert allows([], request).truth is False
    assert allows([one], request, [document(allow("ec2:*"))]).truth is False
    assert allows([one], request, [document(allow())]).truth is True
    assert allows([one], request, [PolicyDocument.read(variable("boundary"))]).truth is None


def test_what_is_undecided_says_why() -> None:
    answer = allows([document(allow(variable("action")))], Request("s3:GetObject", val(OBJECT)))
    assert [cause.reason for cause in answer.causes] == ["var.action has no value"]
    asked = document(to_all(StringEquals={"aws:PrincipalOrgID": "o-1"}))
    reasons = [c.reason for c in allows([asked], Request("s3:GetObject", val(OBJECT))).causes]
    assert reasons == ["the condition on aws:PrincipalOrgID depends on the request"]


ACTIONS = st.sampled_from(["*", "s3:*", "s3:Get*", "ec2:*", "s3:GetObject", "iam:PassRole"])
ARNS = st.sampled_from(["*", "arn:aws:s3:::b/*", "arn:aws:s3:::c/*", "arn:aws:s3:*"])
CONDITION = st.sampled_from([None, {"Bool": {"k": "true"}}, {"StringEquals": {"x": "y"}}])


@st.composite
def statements(draw: st.DrawFn) -> dict[str, Any]:
    found: dict[str, Any] = {
        "Effect": draw(st.sampled_from(["Allow", "Allow", "Deny"])),
        "Action": draw(st.lists(ACTIONS, min_size=1, max_size=3)),
        "Resource": draw(st.lists(ARNS, min_size=1, max_size=2)),
    }
    condition = draw(CONDITION)
    return found if condition is None else {**found, "Condition": condition}


REQUESTS = st.builds(
    lambda action, arn, context: Request(action, val(arn), None, context),
    st.sampled_from(["s3:GetObject", "s3:PutObject", "ec2:RunInstances"]),
    st.sampled_from(["arn:aws:s3:::b/k", "arn:aws:s3:::d/k"]),
    st.sampled_from([{}, {"k": ("true",)}, {"k": ("false",), "x": ()}]),
)
POLICIES = st.lists(statements(), max_size=5)


def _model(policy: list[dict[str, Any]], request: Request) -> bool | None:
    """The decision set as D1 has it: of one statement at a time."""
    each = [
        (one["Effect"], allows([document({**one, "Effect": "Allow"})], request).truth)
        for one in policy
    ]
    if any(effect == "Deny" and truth for effect, truth in each):
        return False
    lower = any(effect == "Allow" and truth for effect, truth in each)
    upper = any(effect == "Allow" and truth is not False for effect, truth in each)
    may_be_denied = any(effect == "Deny" and truth is None for effect, truth in each)
    if lower and not may_be_denied:
        return True
    return None if upper else False


@given(POLICIES, REQUESTS)
def test_a_deny_wins_over_every_allow(policy: list[dict[str, Any]], request: Request) -> None:
    assert allows([document(*policy)], request).truth is _model(policy, request)


@given(POLICIES, REQUESTS, st.randoms(use_true_random=False))
def test_order_and_number_of_documents_do_not_matter(
    policy: list[dict[str, Any]], request: Request, random: Any
) -> None:
    expected = allows([document(*policy)], request).truth
    shuffled = list(policy)
    random.shuffle(shuffled)
    assert allows([document(*shuffled)], request).truth is expected
    assert allows([document(one) for one in shuffled], request).truth is expected


@given(POLICIES, REQUESTS)
def test_splitting_the_actions_of_a_statement_changes_nothing(
    policy: list[dict[str, Any]], request: Request
) -> None:
    split = [
        {**one, "Action": action, "Resource": arn}
        for one in policy
        for action in one["Action"]
        for arn in one["Resource"]
    ]
    expected = allows([document(*policy)], request).truth
    assert allows([document(*split)], request).truth is expected


@given(POLICIES, REQUESTS, st.integers(0, 4), st.sampled_from(["Action", "Resource", "Effect"]))
def test_what_is_undecided_with_an_unknown_is_decided_by_nothing_that_it_may_be(
    policy: list[dict[str, Any]], request: Request, at: int, element: str
) -> None:
    if at >= len(policy):
        return
    hidden = [dict(one) for one in policy]
    hidden[at][element] = variable()
    known = allows([document(*policy)], request).truth
    partly = allows([document(*hidden)], request).truth
    assert partly in {None, known}


def test_a_deny_of_everything_is_decided_whatever_is_unknown() -> None:
    assert (
        allows([PolicyDocument.read(variable()), document(deny())], Request("a:B")).truth is False
    )
