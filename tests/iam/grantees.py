"""Roles, users and groups as configurations, for tests of what leads from one to another."""

from __future__ import annotations

from collections.abc import Iterable

from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals

EC2 = '{ Service = "ec2.amazonaws.com" }'
ELSEWHERE = '"arn:aws:sqs:*:*:elsewhere"'
"""A resource that nothing in the table is about."""
TAGGED = '{ StringEquals = { "aws:ResourceTag/team" = "x" } }'


def role(name: str, *statements: str, trust: str = EC2, extra: str = "") -> str:
    """A role with an instance profile and an inline policy."""
    listed = ", ".join(statements)
    inline = (
        f"""inline_policy {{
    name   = "own"
    policy = jsonencode({{ Statement = [{listed}] }})
  }}"""
        if statements
        else ""
    )
    return f"""
resource "aws_iam_role" "{name}" {{
  name = "{name}"
  assume_role_policy = jsonencode({{
    Statement = [{{ Effect = "Allow", Action = "sts:AssumeRole", Principal = {trust} }}]
  }})
  {inline}
  {extra}
}}
resource "aws_iam_instance_profile" "{name}" {{ role = aws_iam_role.{name}.name }}
"""


def user(name: str, *statements: str) -> str:
    """A user with an inline policy, where it has statements."""
    text = f'resource "aws_iam_user" "{name}" {{ name = "{name}" }}\n'
    if statements:
        text += f"""resource "aws_iam_user_policy" "{name}" {{
  user   = aws_iam_user.{name}.name
  policy = jsonencode({{ Statement = [{", ".join(statements)}] }})
}}
"""
    return text


def group(name: str, *statements: str) -> str:
    """A group with an inline policy, where it has statements."""
    return (
        user(name, *statements).replace("aws_iam_user", "aws_iam_group").replace("user ", "group ")
    )


def allow(actions: str, resource: str = '"*"', condition: str = "") -> str:
    more = f", Condition = {condition}" if condition else ""
    return f'{{ Effect = "Allow", Action = {actions}, Resource = {resource}{more} }}'


def each(actions: Iterable[str], resource: str = '"*"', condition: str = "") -> list[str]:
    """A statement for each action."""
    return [allow(f'"{action}"', resource, condition) for action in actions]


def by_name(made: Graph, name: str) -> Principal:
    return next(one for one in principals(made) if one.resource.address.endswith(f".{name}"))


def best(truths: Iterable[bool | None]) -> str:
    """``yes``, ``maybe`` or ``no``: the best of some edges."""
    found = list(truths)
    if True in found:
        return "yes"
    return "maybe" if None in found else "no"
