"""Whether policies allow nothing beyond others, beside requests taken one by one."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest
from tests.iam.policy.policy_values import allow, deny, reference, val, variable

from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.inclusion import beyond

ACTIONS = ("s3:GetObject", "s3:PutObject", "s3:*", "*", "ec2:RunInstances", "ec2:*", "s3:Get*")
RESOURCES = ("*", "arn:aws:s3:::a/*", "arn:aws:s3:::a/k", "arn:aws:s3:::*", "arn:aws:s3:::a*/k")
ASKED = ("s3:GetObject", "s3:PutObject", "s3:GetBucketAcl", "ec2:RunInstances", "iam:PassRole")
ABOUT = ("arn:aws:s3:::a/k", "arn:aws:s3:::a/other", "arn:aws:s3:::ab/k", "arn:aws:ec2:::x")


def included(new: list[Any], old: list[Any]) -> bool:
    documents = [PolicyDocument.read(val({"Statement": one})) for one in (new, old)]
    more, lost = beyond([documents[0]], [documents[1]])
    return not more and not lost


def matches(pattern: str, text: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*"), text) is not None


def allowed(statements: list[dict[str, Any]], action: str, arn: str) -> bool:
    applying = [
        one["Effect"]
        for one in statements
        if any(matches(entry, action) for entry in _listed(one["Action"]))
        and any(matches(entry, arn) for entry in _listed(one["Resource"]))
    ]
    return "Allow" in applying and "Deny" not in applying


def _listed(entries: str | list[str]) -> list[str]:
    return [entries] if isinstance(entries, str) else entries


def policy(chance: random.Random) -> list[dict[str, Any]]:
    return [
        {
            "Effect": chance.choice(("Allow", "Allow", "Allow", "Deny")),
            "Action": chance.sample(ACTIONS, chance.choice((1, 1, 2))),
            "Resource": chance.sample(RESOURCES, chance.choice((1, 1, 2))),
        }
        for _ in range(chance.choice((1, 1, 2, 3)))
    ]


@pytest.mark.slow
def test_what_is_included_allows_no_request_that_the_other_does_not() -> None:
    chance = random.Random(3)  # noqa: S311 - nothing is kept secret by it
    count = 0
    for _ in range(4000):
        old = policy(chance)
        new = [*old] if chance.random() < 0.3 else policy(chance)
        if chance.random() < 0.5:
            new = [*new, *policy(chance)][: chance.choice((1, 2, 3))]
        if included(new, old):
            count += 1
            for action in ASKED:
                for arn in ABOUT:
                    assert allowed(old, action, arn) or not allowed(new, action, arn), (new, old)
    assert count > 400


S3 = allow("s3:GetObject", "arn:aws:s3:::a/*")
MFA = {"Bool": {"aws:MultiFactorAuthPresent": "true"}}


@pytest.mark.parametrize(
    ("new", "old", "expected"),
    [
        ([S3], [S3], True),
        ([S3], [allow("s3:*", "*")], True),
        ([allow("s3:*", "*")], [S3], False),
        ([allow("S3:getobject", "arn:aws:s3:::a/*")], [S3], True),
        ([allow("s3:GetObject", "arn:aws:s3:::A/*")], [S3], False),
        ([S3], [S3, deny("s3:*", "*")], False),
        ([S3, deny("s3:*", "*")], [S3], True),
        ([S3 | {"Condition": MFA}], [S3], True),
        ([S3], [S3 | {"Condition": MFA}], False),
        ([S3 | {"Condition": MFA}], [S3 | {"Condition": MFA}], True),
        ([allow("s3:Get?bject", "*")], [allow("s3:GetObject", "*")], False),
        ([allow("s3:Get*", "*")], [allow("s3:Get?", "*")], False),
        ([allow("s3:*", "*")], [allow(["s3:Get*", "s3:Put*"], "*")], False),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], [S3], False),
        ([{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}], [allow("*", "*")], True),
        (
            [{"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}],
            [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
            True,
        ),
        (
            [{"Effect": "Allow", "NotAction": "iam:*", "Resource": "*"}],
            [{"Effect": "Allow", "NotAction": ["iam:*", "s3:*"], "Resource": "*"}],
            False,
        ),
        (
            [allow("s3:GetObject", "arn:aws:s3:::a*")],
            [allow("s3:GetObject", "arn:aws:s3:::a*/*")],
            False,
        ),
        (
            [allow("ec2:*", "arn:aws:ec2:*:1:instance/i")],
            [allow("ec2:*", "arn:aws:ec2:eu*:1:instance/i")],
            False,
        ),
        ([allow("s3:GetObject", variable())], [allow("s3:GetObject", variable())], False),
        ([allow("s3:GetObject", variable())], [allow("s3:GetObject", "*")], True),
        (
            [allow("s3:GetObject", reference("aws_s3_bucket.a"))],
            [allow("s3:GetObject", reference("aws_s3_bucket.a"))],
            True,
        ),
        (
            [allow("s3:GetObject", reference("aws_s3_bucket.a"))],
            [allow("s3:GetObject", reference("aws_s3_bucket.b"))],
            False,
        ),
    ],
)
def test_one_by_one(new: list[Any], old: list[Any], expected: bool) -> None:
    assert included(new, old) is expected
