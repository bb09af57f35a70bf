"""What a changed policy of a key, an endpoint, a bucket or a secret newly lets in."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from iac_ec2lint.answers.changes.resource_policies import policy_changes
from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitWalk
from iac_ec2lint.graph.graph import Graph

ROOT = "arn:aws:iam::111122223333:root"
OTHER = "arn:aws:iam::444455556666:role/other"
APP = "${aws_iam_role.app.arn}"
TOLD = {"Service": "logs.amazonaws.com"}
ROLE = """\
resource "aws_iam_role" "app" {
  assume_role_policy = "{\\"Statement\\": []}"
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.id
  policy = POLICY
}
"""
HOLDERS = {
    "key": 'resource "aws_kms_key" "it" {\n  policy = POLICY\n}\n',
    "endpoint": (
        'resource "aws_vpc_endpoint" "it" {\n  service_name = "com.amazonaws.eu-west-1.s3"\n'
        "  policy = POLICY\n}\n"
    ),
    "bucket": (
        'resource "aws_s3_bucket" "it" {}\nresource "aws_s3_bucket_policy" "it" {\n'
        "  bucket = aws_s3_bucket.it.id\n  policy = POLICY\n}\n"
    ),
}


def allow(who: Any, *actions: str, **more: Any) -> dict[str, Any]:
    principal = {"AWS": who} if isinstance(who, str) and who != "*" else who
    return {
        "Effect": "Allow",
        "Principal": principal,
        "Action": [*actions],
        "Resource": "*",
        **more,
    }


def hcl(statements: list[dict[str, Any]]) -> str:
    return f"jsonencode({json.dumps({'Statement': statements})})"


def graph(folder: Path, text: str) -> Graph:
    folder.mkdir(exist_ok=True)
    (folder / "main.tf").write_text(text, "utf-8")
    [one] = UnitWalk(Inputs(paths=(folder,), working=folder)).graphs()
    assert not one.unit.diagnostics
    return one.graph


class Told:
    """What a change of one policy comes to."""

    def __init__(self, folder: Path, before: str, after: str) -> None:
        graphs = [graph(folder, one) for one in (before, after)]
        new, undecided = policy_changes(".", graphs[0], graphs[1])
        self.state = "new" if new else "undecided" if undecided else "none"
        self.who, self.action = (new[0].principal, new[0].action) if new else ("", "")
        self.why = undecided


def told(folder: Path, kind: str, before: list[Any] | None, after: list[Any] | None) -> Told:
    def text(statements: list[Any] | None) -> str:
        if statements is None:
            return (
                HOLDERS[kind].split('resource "aws_s3_bucket_policy"')[0].replace("POLICY", "null")
            )
        return HOLDERS[kind].replace("POLICY", hcl(statements))

    own = ROLE.replace("POLICY", hcl([]))
    return Told(folder, own + text(before), own + text(after))


DENY = allow("*", "s3:*", Effect="Deny")
TLS = allow("*", "s3:*", Effect="Deny", Condition={"Bool": {"aws:SecureTransport": "false"}})
KEY = allow(ROOT, "kms:*")


@pytest.mark.parametrize(
    ("kind", "before", "after", "state", "who"),
    [
        ("key", [KEY, allow("*", "kms:*")], [KEY], "none", ""),
        ("key", [KEY], [KEY, allow("*", "kms:Decrypt")], "new", "anybody"),
        ("key", [KEY], [KEY, allow(TOLD, "kms:Encrypt")], "new", "Service logs.amazonaws.com"),
        # It was not let in by policies of its own, and the key is in its account.
        ("key", [KEY], [KEY, allow(APP, "kms:Decrypt")], "new", "AWS aws_iam_role.app.arn"),
        # The account's own policies may have let it in: whose account that is, nobody says.
        ("key", [KEY], [KEY, allow(OTHER, "kms:Decrypt")], "undecided", ""),
        (
            "key",
            [allow(f"{OTHER}s", "kms:*")],
            [allow(OTHER, "kms:Encrypt")],
            "new",
            f"AWS {OTHER}",
        ),
        (
            "key",
            [KEY],
            [KEY, allow("*", "kms:*", Condition={"Bool": {"a:b": "1"}})],
            "undecided",
            "",
        ),
        ("key", [KEY], None, "undecided", ""),
        ("key", None, [KEY], "undecided", ""),
        ("endpoint", [allow("*", "s3:GetObject")], [allow("*", "s3:*")], "new", "anybody"),
        ("endpoint", [allow("*", "*")], [allow("*", "s3:*")], "none", ""),
        ("endpoint", None, [allow("*", "s3:*")], "none", ""),
        ("endpoint", [allow("*", "s3:GetObject")], None, "undecided", ""),
        ("bucket", [], [allow(TOLD, "s3:PutObject")], "new", "Service logs.amazonaws.com"),
        ("bucket", [allow(OTHER, "s3:*")], [allow(OTHER, "s3:GetObject")], "none", ""),
        # A public access block may refuse it, and a principal of the account needs no such policy.
        ("bucket", [], [allow("*", "s3:GetObject")], "undecided", ""),
        ("bucket", [], [allow(OTHER, "s3:GetObject")], "undecided", ""),
        ("bucket", [], [allow(APP, "s3:GetObject")], "new", "AWS aws_iam_role.app.arn"),
        ("bucket", [TLS], [TLS, allow(TOLD, "s3:*")], "new", "Service logs.amazonaws.com"),
        ("bucket", [TLS, allow(TOLD, "s3:*")], [allow(TOLD, "s3:*")], "undecided", ""),
        ("bucket", [DENY], [], "undecided", ""),
        ("bucket", [DENY], None, "undecided", ""),
        ("bucket", None, [DENY], "none", ""),
        ("bucket", None, [allow(TOLD, "s3:PutObject")], "undecided", ""),
        ("bucket", [allow(TOLD, "s3:PutObject")], None, "none", ""),
    ],
)
def test_a_change_of_a_policy_is_told(
    tmp_path: Path, kind: str, before: list[Any], after: list[Any], state: str, who: str
) -> None:
    found = told(tmp_path / "unit", kind, before, after)
    assert (found.state, found.who.partition(", through")[0]) == (state, who), found.why


def test_what_an_own_policy_allowed_before_is_not_new(tmp_path: Path) -> None:
    before, after = ([KEY], [KEY, allow(APP, "kms:Decrypt")])
    own = ROLE.replace("POLICY", hcl([{"Effect": "Allow", "Action": "kms:*", "Resource": "*"}]))
    texts = [own + HOLDERS["key"].replace("POLICY", hcl(one)) for one in (before, after)]
    assert Told(tmp_path / "unit", *texts).state == "undecided"


def test_a_policy_beside_another_one_lets_nothing_surely_in(tmp_path: Path) -> None:
    beside = (
        'resource "aws_kms_key_policy" "it" {\n  key_id = aws_kms_key.it.id\n  policy = "{}"\n}\n'
    )
    texts = [
        ROLE.replace("POLICY", hcl([])) + HOLDERS["key"].replace("POLICY", hcl(one)) + beside
        for one in ([KEY], [KEY, allow("*", "kms:Decrypt")])
    ]
    assert Told(tmp_path / "unit", *texts).state == "undecided"
    gone = Told(tmp_path / "unit", texts[0], texts[0].replace(beside, ""))
    assert gone.why == ["what aws_kms_key_policy.it, which goes, kept out"]


def test_a_policy_that_is_of_something_else_now_is_told(tmp_path: Path) -> None:
    text = HOLDERS["bucket"].replace("POLICY", hcl([TLS, allow(TOLD, "s3:*")]))
    text += 'resource "aws_s3_bucket" "other" {}\n'
    moved = text.replace("aws_s3_bucket.it.id", "aws_s3_bucket.other.id")
    assert Told(tmp_path / "unit", text, moved).state == "undecided"
    assert Told(tmp_path / "unit", text, text).state == "none"
    service = HOLDERS["endpoint"].replace("POLICY", hcl([allow("*", "*")]))
    assert Told(tmp_path / "unit", service, service.replace(".s3", ".kms")).state == "undecided"


def test_an_access_control_list_that_changes_is_told(tmp_path: Path) -> None:
    def text(acl: str) -> str:
        return f'resource "aws_s3_bucket" "it" {{\n  acl = "{acl}"\n}}\n'

    unit = tmp_path / "unit"
    assert Told(unit, text("private"), text("public-read")).state == "undecided"
    assert Told(unit, text("public-read"), text("private")).state == "none"
    assert Told(unit, text("public-read"), text("public-read")).state == "none"


KEYS = ("aws_kms_key.it.arn", "null", '"arn:aws:kms:eu-west-1:111122223333:key/other"')


def test_what_is_under_another_key_is_told(tmp_path: Path) -> None:
    key = HOLDERS["key"].replace("POLICY", hcl([allow(APP, "kms:*")]))
    under = 'resource "aws_secretsmanager_secret" "it" {\n  kms_key_id = KEY\n}\n'
    key += ROLE.replace("POLICY", hcl([]))
    texts = [key + under.replace("KEY", one) for one in KEYS]
    unit = tmp_path / "unit"
    locked, default, elsewhere = texts
    assert Told(unit, locked, default).state == Told(unit, locked, elsewhere).state == "undecided"
    assert Told(unit, locked, locked).state == Told(unit, default, locked).state == "none"
    assert Told(unit, locked, key).state == "none"
    # Its own policy may let others in, who need the key that AWS has for it.
    shared = under.replace("  kms", f"  policy = {hcl([allow(OTHER, 'secretsmanager:*')])}\n  kms")
    texts = [key + shared.replace("KEY", one) for one in KEYS]
    assert [Told(unit, texts[1], one).state for one in texts] == ["undecided", "none", "undecided"]
    table = 'resource "aws_dynamodb_table" "it" {\n  server_side_encryption {\n    INNER\n  }\n}\n'
    own = key + table.replace("INNER", "kms_key_arn = aws_kms_key.it.arn")
    assert Told(unit, own, key + table.replace("INNER", "enabled = false")).state == "undecided"


ACTIONS = ("kms:Encrypt", "kms:Decrypt")
CALLERS: dict[str, Any] = {
    "AWS aws_iam_role.app.arn": {"AWS": APP},
    f"AWS {OTHER}": {"AWS": OTHER},
    "Service logs.amazonaws.com": TOLD,
    "anybody": "*",
}


def drawn(chance: random.Random) -> list[dict[str, Any]]:
    return [
        allow(
            CALLERS[chance.choice([*CALLERS])],
            chance.choice([*ACTIONS, "kms:*"]),
            Effect=chance.choice(["Allow", "Allow", "Deny"]),
        )
        for _ in range(chance.randint(1, 3))
    ]


def lets(statements: list[dict[str, Any]], who: str, action: str) -> bool:
    effects = {
        one["Effect"]
        for one in statements
        if one["Principal"] in ("*", CALLERS[who]) and one["Action"][0] in (action, "kms:*")
    }
    return effects == {"Allow"}


def test_the_verdict_agrees_with_brute_force_over_requests(tmp_path: Path) -> None:
    chance = random.Random(5)  # noqa: S311 - nothing is kept secret by it
    states: dict[str, int] = {}
    for _ in range(60):
        before, after = drawn(chance), drawn(chance)
        if chance.random() < 0.4:
            after = [*before, *after][: chance.randint(1, 4)]
        found = told(tmp_path / "unit", "key", before, after)
        new = {
            (who, action)
            for who in CALLERS
            for action in ACTIONS
            if lets(after, who, action) and not lets(before, who, action)
        }
        if found.state == "none":
            assert not new, (before, after)
        elif found.state == "new" and found.action in ACTIONS:
            assert (found.who, found.action) in new, (before, after)
        states[found.state] = states.get(found.state, 0) + 1
    assert states["new"] > 15
    assert states["none"] > 10
