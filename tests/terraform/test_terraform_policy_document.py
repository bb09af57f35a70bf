"""``data.aws_iam_policy_document`` as the provider makes it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.values import Unknown, Value


def document(workspace: Workspace, body: str, extra: str = "") -> Any:
    workspace.evaluate(
        f'data "aws_iam_policy_document" "d" {{\n{body}\n}}\n{extra}\n'
        "locals { json = data.aws_iam_policy_document.d.json }"
    )
    return workspace.local("json")


def test_a_document_is_written_as_the_provider_writes_it(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  statement {
    sid       = "Read"
    actions   = ["s3:Get*"]
    resources = ["arn:aws:s3:::b/&{aws:username}", "arn:aws:s3:::a"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-2"]
    }
  }
  statement {
    effect      = "Deny"
    not_actions = ["ec2:*"]
    resources   = ["*"]
  }
""",
    )
    assert workspace.messages() == []
    assert json.loads(plain(value)) == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "Read",
                "Effect": "Allow",
                "Action": "s3:Get*",
                "Resource": ["arn:aws:s3:::b/${aws:username}", "arn:aws:s3:::a"],
                "Principal": {"AWS": "*"},
                "Condition": {"StringEquals": {"aws:PrincipalOrgID": ["o-1", "o-2"]}},
            },
            {"Effect": "Deny", "NotAction": "ec2:*", "Resource": "*"},
        ],
    }
    assert value.of is not None
    assert value.of.target == "data.aws_iam_policy_document.d"


def test_its_structure_knows_where_each_part_is_written(workspace: Workspace) -> None:
    value = document(
        workspace,
        '  statement {\n    actions   = ["*"]\n    resources = [var.r]\n  }',
        'variable "r" {}',
    )
    assert isinstance(value, Unknown)
    assert isinstance(value.decoded, Value)
    (statement,) = value.decoded.items()["Statement"].elements()
    assert isinstance(statement, Value)
    (action,) = statement.items()["Action"].elements()
    assert (action.span.line, action.span.text) == (3, '"*"')
    (resource,) = statement.items()["Resource"].elements()
    assert unknown(resource).reason == "var.r has no value"
    assert statement.items()["Effect"].implied


def test_statements_of_sources_and_overrides_are_merged_by_sid(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  source_policy_documents   = [jsonencode({ Statement = [
    { Sid = "A", Effect = "Allow", Action = "a:a", Resource = "*" },
    { Effect = "Allow", Action = "a:blank", Resource = "*" },
  ] })]
  statement {
    sid       = "A"
    actions   = ["b:b"]
    resources = ["*"]
  }
  statement {
    sid       = "B"
    actions   = ["b:c"]
    resources = ["*"]
  }
  override_policy_documents = [data.aws_iam_policy_document.over.json]
""",
        """data "aws_iam_policy_document" "over" {
          statement {
            sid       = "B"
            effect    = "Deny"
            actions   = ["o:o"]
            resources = ["*"]
          }
        }""",
    )
    statements = json.loads(plain(value))["Statement"]
    assert [(s.get("Sid"), s["Effect"], s["Action"]) for s in statements] == [
        ("A", "Allow", "b:b"),
        (None, "Allow", "a:blank"),
        ("B", "Deny", "o:o"),
    ]


def test_dynamic_statements_of_an_unknown_number_may_be_there(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  dynamic "statement" {
    for_each = var.buckets
    content {
      actions   = ["s3:*"]
      resources = [statement.value]
    }
  }
  statement {
    actions   = ["ec2:*"]
    resources = ["*"]
  }
""",
        'variable "buckets" { type = list(string) }',
    )
    decoded = unknown(value).decoded
    assert isinstance(decoded, Value)
    maybe, certain = decoded.items()["Statement"].elements()
    assert unknown(maybe).reason == "var.buckets has no value"
    assert plain(certain)["Action"] == ["ec2:*"]


def test_principals_of_everyone(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  statement {
    actions = ["s3:*"]
    principals {
      type        = "*"
      identifiers = ["*"]
    }
  }
""",
    )
    assert json.loads(plain(value))["Statement"][0]["Principal"] == "*"


def test_a_source_that_is_no_json_is_an_error(workspace: Workspace) -> None:
    document(workspace, 'source_policy_documents = ["{"]')
    assert workspace.messages() == [
        "data.aws_iam_policy_document.d: a policy document that is no JSON"
    ]


def test_a_condition_without_a_variable_leaves_the_others(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  statement {
    actions = ["s3:*"]
    condition {
      test   = "StringEquals"
      values = ["x"]
    }
    condition {
      test     = "StringEquals"
      variable = "aws:PrincipalOrgID"
      values   = ["o-1"]
    }
  }
""",
    )
    (statement,) = json.loads(plain(value))["Statement"]
    assert statement["Condition"] == {"StringEquals": {"aws:PrincipalOrgID": "o-1"}}


@pytest.mark.parametrize(
    ("below", "above"),
    [
        ("source_policy_documents = [{}]", "override_policy_documents = [{}]"),
        ("source_json = {}", "override_json = {}"),
    ],
)
def test_the_arguments_of_old_mean_the_same(workspace: Workspace, below: str, above: str) -> None:
    source = 'jsonencode({ Statement = [{ Sid = "A", Action = "a:a" }, { Action = "a:b" }] })'
    over = 'jsonencode({ Statement = [{ Sid = "B", Action = "o:o" }] })'
    value = document(
        workspace,
        f"""
  {below.format(source)}
  statement {{
    sid     = "A"
    actions = ["b:a"]
  }}
  statement {{
    sid     = "B"
    actions = ["b:b"]
  }}
  {above.format(over)}
""",
    )
    statements = json.loads(plain(value))["Statement"]
    assert [(s.get("Sid"), s["Action"]) for s in statements] == [
        ("A", "b:a"),
        (None, "a:b"),
        ("B", "o:o"),
    ]
    assert workspace.messages() == []


def merged(workspace: Workspace, below: str, above: str) -> list[tuple[str, bool]]:
    """Statements of a document and of one that is laid over it: actions, and whether certain.

    Args:
        workspace: Where it is evaluated.
        below: The sid of the one as it is written, if it has one.
        above: That of the other.
    """

    def statement(sid: str, action: str) -> str:
        written = f"sid = {sid}" if sid else ""
        return f'statement {{\n {written}\n actions = ["{action}"]\n resources = ["*"]\n }}'

    over = "override_policy_documents = [data.aws_iam_policy_document.over.json]"
    value = document(
        workspace,
        f"{statement(below, 'a:below')}\n{over}",
        f'data "aws_iam_policy_document" "over" {{\n{statement(above, "a:above")}\n}}\n'
        'variable "x" { type = string }',
    )
    found: list[tuple[str, bool]] = []
    for one in value.decoded.items()["Statement"].elements():
        known = one.candidates[0] if isinstance(one, Unknown) else one
        (action,) = known.items()["Action"].elements()
        found.append((action.text or "", isinstance(one, Value)))
    return found


@pytest.mark.parametrize(
    ("below", "above", "expected"),
    [
        ('"A"', '"A"', [("a:above", True)]),
        ('"A"', '"B"', [("a:below", True), ("a:above", True)]),
        ("var.x", '"B"', [("a:below", False), ("a:above", True)]),
        ('"A"', "var.x", [("a:below", False), ("a:above", True)]),
        ("var.x", "var.x", [("a:below", False), ("a:above", True)]),
        ("var.x", "", [("a:below", True), ("a:above", True)]),
        ("", "var.x", [("a:below", True), ("a:above", True)]),
    ],
)
def test_a_statement_whose_sid_is_not_known_may_be_another(
    workspace: Workspace, below: str, above: str, expected: list[tuple[str, bool]]
) -> None:
    assert merged(workspace, below, above) == expected


def test_a_document_of_which_nothing_is_known_may_override(workspace: Workspace) -> None:
    value = document(
        workspace,
        """
  statement {
    sid     = "A"
    actions = ["a:a"]
  }
  statement {
    actions = ["a:b"]
  }
  override_policy_documents = [var.x]
""",
        'variable "x" { type = string }',
    )
    found = value.decoded.items()["Statement"].elements()
    assert [isinstance(one, Value) for one in found] == [False, True, False]
