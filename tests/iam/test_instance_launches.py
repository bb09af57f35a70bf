"""A launch needs each kind of resource that it uses (Service Authorization Reference, EC2)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import TAGGED, allow, by_name, role
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.launches import KINDS
from iac_ec2lint.iam.escalation.steps import allowed_somewhere, asked_somewhere
from iac_ec2lint.iam.privilege import privilege

LAUNCH = "ec2:RunInstances"
SUBNET = """
variable "subnet_arn" {}
resource "aws_subnet" "own" {
  cidr_block = "10.0.0.0/24"
}
"""


def arns(region: str = "*", account: str = "*", **names: str) -> str:
    """The ARN of each kind, or of the names that are given for some; none for an empty name."""
    chosen = {kind: names.get(kind.replace("-", "_"), "*") for kind in KINDS}
    listed = (
        f'"arn:aws:ec2:{region}:{"" if kind == "image" else account}:{kind}/{name}"'
        for kind, name in chosen.items()
        if name
    )
    return f"[{', '.join(listed)}]"


def launches(arn: str, condition: str = "", *more: str) -> list[str]:
    """Statements that allow a launch."""
    return [allow(f'"{LAUNCH}"', arn, condition), *more]


def besides(arn: str, condition: str = "") -> list[str]:
    """Statements that allow a launch on everything but the subnet, and on a subnet."""
    return launches(arns(subnet=""), "", allow(f'"{LAUNCH}"', arn, condition))


def denied(arn: str) -> list[str]:
    """Statements that allow a launch on everything, and deny it on something."""
    deny = f'{{ Effect = "Deny", Action = "ec2:*", Resource = "{arn}" }}'
    return launches('"*"', "", deny)


@pytest.mark.parametrize(
    ("statements", "truth"),
    [
        (launches('"*"'), True),
        (launches('"arn:aws:ec2:*:*:*"'), True),
        (launches(arns()), True),
        (launches(arns("eu-west-1")), True),
        *((launches(arns(**{kind.replace("-", "_"): ""})), False) for kind in KINDS),
        (launches('"arn:aws:ec2:*:*:instance/*"'), False),
        # Whatever there is of a name is enough.
        (launches(arns(subnet="subnet-0123456789abcdef0", image="ami-*")), True),
        (besides('"arn:aws:ec2:*:*:*/*"'), True),
        (besides("aws_subnet.own.arn"), True),
        # All of one Region.
        (besides('"arn:aws:ec2:us-east-1:*:subnet/*"'), True),
        (
            launches(
                arns("eu-west-1", subnet=""),
                "",
                allow(f'"{LAUNCH}"', '"arn:aws:ec2:us-east-1:*:subnet/*"'),
            ),
            False,
        ),
        # Not known: whose account it is, what a variable names, what a condition asks for.
        (launches(arns(account="123456789012")), None),
        (besides("var.subnet_arn"), None),
        (launches('"*"', TAGGED), None),
        (besides('"arn:aws:ec2:*:*:subnet/*"', TAGGED), None),
        # Denied on one kind; where it is on one of many, that one may be all there is.
        (denied("arn:aws:ec2:*:*:volume/*"), False),
        (denied("arn:aws:ec2:*:*:subnet/subnet-1"), None),
        ([allow('"ec2:StartInstances"')], False),
    ],
)
def test_a_launch_needs_all_that_it_uses(
    statements: list[str], truth: bool | None, tmp_path: Path
) -> None:
    made = graph(SUBNET + role("a", *statements), tmp_path)
    one = by_name(made, "a")
    assert allowed_somewhere(one, (LAUNCH,)).truth is truth
    assert len([*asked_somewhere(one, (LAUNCH,))]) == (0 if truth is False else len(KINDS))


@pytest.mark.parametrize(
    ("arn", "broad"),
    [('"*"', True), ('"arn:aws:ec2:*:*:instance/*"', False), (arns(), True)],
)
def test_passing_any_role_takes_a_launch(arn: str, broad: bool, tmp_path: Path) -> None:
    statements = [allow('"iam:PassRole"'), allow(f'"{LAUNCH}"', arn)]
    made = graph(role("a", *statements), tmp_path)
    found = [one.words for one in privilege(made, by_name(made, "a")).powers]
    assert found == (["passes any role to an instance"] if broad else [])
