from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iam.policy.policy_values import joined, reference, val, variable

from iac_ec2lint.iam.policy.glob import PATH, match_action, match_arn, match_text, nobody
from iac_ec2lint.values import Reference, Val


@pytest.mark.parametrize(
    ("pattern", "action", "matches"),
    [
        ("*", "ec2:RunInstances", True),
        ("*:*", "ec2:RunInstances", True),
        ("ec2:*", "ec2:RunInstances", True),
        ("EC2:runinstances", "ec2:RunInstances", True),
        ("ec2:Run*", "ec2:RunInstances", True),
        ("ec2:*Instances", "ec2:RunInstances", True),
        ("ec2:Run?nstances", "ec2:RunInstances", True),
        ("ec2:Describe*", "ec2:RunInstances", False),
        ("s3:*", "ec2:RunInstances", False),
        ("RunInstances", "ec2:RunInstances", False),
        ("e*", "ec2:RunInstances", False),
        ("", "ec2:RunInstances", False),
    ],
)
def test_actions_match_in_any_case_and_need_a_service(
    pattern: str, action: str, matches: bool
) -> None:
    assert match_action(val(pattern), action) is matches


@pytest.mark.parametrize(
    ("before", "after", "matches"),
    [
        ("ec2:Run", "", None),
        ("e*Run", "", None),
        ("e*Run", "s", None),
        ("e*Run", "t", False),
        ("S3:", "", False),
        ("EC2:RUN", "instances", None),
    ],
)
def test_actions_with_an_unknown_part(before: str, after: str, matches: bool | None) -> None:
    assert match_action(joined(before, variable(), after), "ec2:RunInstances") is matches


@pytest.mark.parametrize(
    ("pattern", "arn", "matches"),
    [
        ("*", "arn:aws:s3:::b/k", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::b/x/y", True),
        ("arn:aws:s3:::b/*", "arn:aws:s3:::B/x", False),
        ("arn:aws:s3:::b", "arn:aws:s3:::b/x", False),
        ("arn:aws:iam::*:role/x", "arn:aws:iam::123456789012:role/x", True),
        ("arn:aws:iam::1*2:role/x", "arn:aws:iam::123456789012:role/x", True),
        ("arn:aws:iam::1*:role/x", "arn:aws:iam::1:2:role/x", True),
        ("arn:aws:iam::1*3:role/x", "arn:aws:iam::1:3:role/x", False),
        ("arn:aws:logs:*:*:log-group:a*b", "arn:aws:logs:r:1:log-group:a:b", False),
        ("arn:aws:logs:*:*:log-group:a*", "arn:aws:logs:r:1:log-group:a:b", True),
        ("arn:aws:iam::?:role/x", "arn:aws:iam:::role/x", False),
        ("arn:aws:s3:*", "arn:aws:s3:::b", None),
        ("arn:*", "arn:aws:s3:::b", None),
        ("arn:aws:ec2:*", "arn:aws:s3:::b", False),
        ("b", "arn:aws:s3:::b", False),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:s3:::joe/x", None),
        ("arn:aws:s3:::${aws:username}/*", "arn:aws:ec2:::joe/x", False),
        ("arn:aws:s3:::a${*}", "arn:aws:s3:::a*", True),
        ("arn:aws:s3:::a${*}", "arn:aws:s3:::ab", False),
    ],
)
def test_arns_match_by_segments(pattern: str, arn: str, matches: bool | None) -> None:
    assert match_arn(val(pattern), val(arn)) is matches


ROLE = joined("arn:", variable("p"), ":iam::", variable("account"), ":role/", "prod-admin")


@pytest.mark.parametrize(
    ("pattern", "subject", "matches"),
    [
        (val("arn:aws:iam::*:role/prod-*"), ROLE, None),  # the partition may be another
        (val("arn:*:iam::*:role/prod-*"), ROLE, True),
        (val("arn:aws:iam::*:role/dev-*"), ROLE, False),
        (val("arn:aws:iam::123456789012:role/prod-admin"), ROLE, None),
        (val("*"), ROLE, True),
        (variable(), ROLE, None),
        (joined("arn:aws:iam::*:role/", variable()), ROLE, None),
        (joined("arn:aws:s3:::", variable()), ROLE, False),
        (reference("aws_iam_role.a"), reference("aws_iam_role.a"), True),
        (reference("aws_iam_role.a"), reference("aws_iam_role.b"), False),
        (reference("aws_iam_role.a", "id"), reference("aws_iam_role.a"), None),
        (
            joined(reference("aws_s3_bucket.b"), "/*"),
            joined(reference("aws_s3_bucket.b"), "/key"),
            True,
        ),
        (
            joined(reference("aws_s3_bucket.b"), "/*"),
            joined(reference("aws_s3_bucket.c"), "/key"),
            None,
        ),
    ],
)
def test_unknown_pieces_decide_or_stay_undecided(
    pattern: Val, subject: Val, matches: bool | None
) -> None:
    assert match_arn(pattern, subject) is matches


def of_template(target: str, attribute: str = "id", kind: str = "launch-template/") -> Val:
    return joined("arn:aws:ec2:*:*:" + kind, reference(target, attribute))


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (of_template("aws_launch_template.a"), True),
        # Two resources of one kind have two ids.
        (of_template("aws_launch_template.b"), False),
        (of_template("aws_launch_template.a[0]"), None),
        (of_template("aws_launch_template.b", "name"), None),
        (of_template("aws_launch_template.b", kind="*/"), None),
        (of_template("aws_instance.b", kind="instance/"), False),
    ],
)
def test_the_ids_of_two_resources_differ(pattern: Val, matches: bool | None) -> None:
    account = reference("data.aws_caller_identity.c", "account_id")
    named = reference("aws_launch_template.a", "id")
    subject = joined("arn:aws:ec2:", variable("r"), ":", account, ":launch-template/", named)
    assert match_arn(pattern, subject) is matches


def test_of_instances_of_one_block_each_has_its_own_id() -> None:
    first, second = (of_template(f"aws_launch_template.a[{n}]") for n in (0, 1))
    assert match_arn(first, first) is True
    assert match_arn(first, second) is False


def test_an_entry_that_references_the_resource_matches_it_by_identity() -> None:
    role = reference("aws_iam_role.prod")
    assert match_arn(role, ROLE, role) is True
    assert match_arn(reference("aws_iam_role.dev"), ROLE, role) is False


def test_an_entry_that_begins_with_its_arn_and_ends_in_anything_covers_it() -> None:
    role, other = reference("aws_iam_role.prod"), reference("aws_iam_role.dev")
    assert match_arn(joined(role, "*"), ROLE, role) is True
    assert match_arn(joined(other, "*"), ROLE, role) is not True
    assert match_arn(joined(role, "-x*"), ROLE, role) is not True


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (joined(reference("Bucket", "Arn"), "/*"), True),
        (joined("arn:aws:s3:::", reference("Bucket", "Ref"), "/*"), True),
        (
            joined(
                "arn:",
                reference("AWS::Partition", "Ref"),
                ":s3:::",
                reference("Bucket", "Ref"),
                "/*",
            ),
            True,
        ),
        (joined("arn:aws:s3:::", reference("Bucket", "Ref"), "-logs/*"), False),
        (joined("arn:aws:s3:::", reference("AWS::AccountId", "Ref"), "/*"), False),
    ],
)
def test_the_name_of_a_bucket_is_in_its_arn(pattern: Val, matches: bool | None) -> None:
    assert match_arn(pattern, joined(reference("Bucket"), "/x")) is matches


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (joined(reference("aws_s3_bucket.b"), "/*"), False),
        (joined("arn:aws:s3:::", reference("Bucket", "Ref"), "/*"), False),
        (joined("arn:aws:s3:::", reference("aws_s3_bucket.b", "bucket"), "/*"), False),
        (joined(reference("data.aws_s3_bucket.b"), "*"), False),
        (reference("Secret", "Ref"), False),
        (joined(reference("Secret", "Ref"), "*"), False),
        # These may be a star, or begin with one.
        (joined("arn:aws:s3:::", variable(), "*"), None),
        (joined("arn:aws:s3:::", reference("aws_ssm_parameter.p", "value"), "*"), None),
        (joined(reference("data.terraform_remote_state.s", "outputs.arn"), "*"), None),
        # The Region and the account are those of many.
        (joined("arn:aws:s3:", reference("AWS::Region", "Ref"), "::", variable(), "*"), None),
        (joined("arn:aws:s3:::", reference("AWS::AccountId", "Ref"), "*"), None),
        (joined("arn:aws:s3:::", reference("data.aws_region.r", "name"), "*"), None),
        (joined("arn:aws:s3:::", reference("module.m.data.aws_region.r", "id"), "*"), None),
        (joined("arn:aws:s3:", reference("aws_organizations_account.a", "id"), "::*"), None),
    ],
)
def test_what_names_one_resource_is_not_about_nobody_in_particular(
    pattern: Val, matches: bool | None
) -> None:
    anything = val("arn:aws:s3:::anything/anything")
    assert match_arn(pattern, anything, nobody(anything.span)) is matches
    if not isinstance(pattern, Reference):
        assert match_arn(pattern, anything) is None


def _model(pattern: str, *, arn: bool) -> re.Pattern[str]:
    found = ""
    for at, character in enumerate(pattern):
        if character == "*":
            ends = at + 1 == len(pattern) or pattern[at + 1] == ":"
            found += ".*" if ends or not arn else "[^:]*"
        elif character == "?":
            found += "[^:]" if arn else "."
        else:
            found += re.escape(character)
    return re.compile(found, re.DOTALL)


GLOBS = st.text(alphabet="ab:*?", max_size=8)
TEXTS = st.text(alphabet="ab:", max_size=10)


@given(GLOBS, TEXTS)
def test_globs_are_what_a_regular_expression_says(pattern: str, subject: str) -> None:
    expected = _model(pattern, arn=False).fullmatch(subject) is not None
    assert match_text(val(pattern), subject) is expected


@given(GLOBS, TEXTS)
def test_arn_globs_are_what_a_regular_expression_says(pattern: str, subject: str) -> None:
    whole = "arn:a:b:::" + pattern
    expected = _model(whole, arn=True).fullmatch("arn:a:b:::" + subject) is not None
    assert match_arn(val(whole), val("arn:a:b:::" + subject)) is expected


@given(GLOBS, GLOBS, TEXTS, TEXTS)
def test_an_undecided_match_is_decided_by_nothing_that_it_rules_out(
    before: str, after: str, piece: str, subject: str
) -> None:
    known = match_text(val(before + piece + after), subject)
    partly = match_text(joined(before, variable(), after), subject)
    assert partly in {None, known}


@given(GLOBS, st.text(alphabet="ab", max_size=4), TEXTS, TEXTS)
def test_an_undecided_resource_is_decided_by_nothing_that_it_rules_out(
    pattern: str, piece: str, before: str, after: str
) -> None:
    head = "arn:a:b:::"
    known = match_arn(val(head + pattern), val(head + before + piece + after))
    partly = match_arn(val(head + pattern), joined(head + before, variable(), after))
    assert partly in {None, known}


def test_many_stars_take_no_exponential_time() -> None:
    assert match_text(val("*a" * 40 + "b"), "a" * 300) is False
    assert match_arn(val("arn:a:b:::" + "*a" * 40 + "b"), val("arn:a:b:::" + "a" * 300)) is False


@pytest.mark.parametrize("partition", ["aws", "aws-cn"])
@pytest.mark.parametrize("of", [("AWS::Partition", "Ref"), ("data.aws_partition.p", "partition")])
def test_the_own_partition_is_that_of_the_arn(of: tuple[str, str], partition: str) -> None:
    pattern = joined("arn:", reference(*of), ":s3:::b*")
    assert match_arn(pattern, val(f"arn:{partition}:s3:::bucket")) is True
    assert match_arn(pattern, val(f"arn:{partition}:s3:::other")) is False


@pytest.mark.parametrize(
    ("pattern", "matches"),
    [
        (joined(reference("aws_s3_bucket.b"), "/*"), False),
        (joined(reference("aws_s3_bucket.b"), "*"), False),
        (joined(reference("Bucket", "Arn"), "/*"), False),
        (joined(reference("Role", "Arn"), "/*"), False),
        (val("arn:aws:iam::*:role/aws-service-role/spot.amazonaws.com/Spot"), False),
        (val("arn:aws:iam::*:role/*"), True),
        # These may be, or begin with, the role's own.
        (joined(reference("data.aws_iam_role.r"), "*"), None),
        (joined(reference("Thing", "Arn"), "*"), None),
        (joined(variable(), "/*"), None),
        (val("arn:aws:iam::*:role/web-*"), None),
        (val("arn:aws:iam::*:role/${aws:PrincipalTag/a/b}"), None),
    ],
)
def test_what_follows_another_resource_is_no_role(pattern: Val, matches: bool | None) -> None:
    account = reference("AWS::AccountId", "Ref")
    role = joined("arn:aws:iam::", account, ":role/", reference("aws_iam_role.r", "name"))
    assert match_arn(pattern, role, reference("aws_iam_role.r")) is matches


def test_an_unknown_path_or_url_may_hold_any_slash() -> None:
    role = joined("arn:aws:iam::1:role/", reference("Role", PATH), "name")
    assert match_arn(val("arn:aws:iam::1:role/a/b/name"), role) is None
    provider = joined("arn:aws:iam::1:oidc-provider/", variable("host"))
    assert match_arn(val("arn:aws:iam::1:oidc-provider/a/b"), provider) is None
    named = joined("arn:aws:iam::1:role/", variable("a"), "-name")
    assert match_arn(val("arn:aws:iam::1:role/a/b/c-name"), named) is False
