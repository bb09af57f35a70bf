"""A statement whose effect is an input that nobody has set: it may allow, and it may deny."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.iam.grantees import by_name
from tests.network.infrastructure import graph

from iac_ec2lint.iam.trust.role_trust import trusts
from iac_ec2lint.resources.iam_role import Role

if TYPE_CHECKING:
    from pathlib import Path

UNIT = """
data "aws_caller_identity" "here" {}

variable "effect" {
  type = string
  %s
}

resource "aws_iam_role" "a" {
  name               = "a"
  assume_role_policy = jsonencode({ Statement = [
    { Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } },
  ] })
}

resource "aws_iam_role" "b" {
  name               = "b"
  assume_role_policy = jsonencode({ Statement = [
    %s,
    { Effect = var.effect, Action = "sts:AssumeRole", Principal = { AWS = aws_iam_role.a.arn } },
  ] })
}
"""
ACCOUNT = """{ Effect = "Allow", Action = "sts:AssumeRole",
      Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.here.account_id}:root" } }"""
NOBODY = """{ Effect = "Allow", Action = "sts:AssumeRole",
      Principal = { Service = "lambda.amazonaws.com" } }"""


@pytest.mark.parametrize("first", [ACCOUNT, NOBODY], ids=["account", "nobody"])
def test_a_trust_with_an_unknown_effect_is_not_decided_where_the_effects_differ(
    tmp_path: Path, first: str
) -> None:
    said = []
    for folder, default in enumerate(['default = "Allow"', 'default = "Deny"', ""]):
        there = tmp_path / str(folder)
        there.mkdir()
        unit = graph(UNIT % (default, first), there)
        role = by_name(unit, "b").resource
        assert isinstance(role, Role)
        trust = trusts(role, by_name(unit, "a"))
        said.append((trust.by_name.truth, trust.with_account.truth))
    for allowed, denied, unknown in zip(*said, strict=True):
        assert unknown is None or unknown == allowed == denied
