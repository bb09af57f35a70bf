"""Which principals of the unit conditions on ``aws:PrincipalArn`` are about."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.iam.grantees import by_name
from tests.network.infrastructure import graph

from iac_ec2lint.attack.disks.key_access import refused_by_key
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.trust.role_trust import trusts
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.kms_key import KmsKey

UNIT = """
variable "text" {{}}
data "aws_caller_identity" "me" {{}}
resource "aws_iam_role" "web" {{
  name               = "web"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role" "other" {{
  name               = "other"
  assume_role_policy = "{{}}"
}}
resource "aws_iam_role" "target" {{
  name               = "target"
  assume_role_policy = jsonencode({{ Statement = [{statements}] }})
}}
resource "aws_kms_key" "k" {{
  policy = jsonencode({{ Statement = [{statements}] }})
}}
"""
OWN = "arn:aws:iam::${data.aws_caller_identity.me.account_id}:"
ROOT = f'{{ AWS = "{OWN}root" }}'
EVERYBODY = '"*"'


def statement(
    condition: str = "", effect: str = "Allow", who: str = ROOT, action: str = "sts:AssumeRole"
) -> str:
    """A statement of a trust policy or of a key's, as HCL."""
    limit = f", Condition = {{ {condition} }}" if condition else ""
    asked = f'Effect = "{effect}", Action = "{action}", Resource = "*"'
    return f"{{ {asked}, Principal = {who}{limit} }}"


def on_arn(operator: str, value: str) -> str:
    """A condition on who asks, as HCL."""
    return f'{operator} = {{ "aws:PrincipalArn" = {value} }}'


def admitted(folder: Path, *statements: str) -> bool | None:
    """Whether the role ``web`` is admitted to the role ``target``."""
    made = graph(UNIT.format(statements=", ".join(statements)), folder)
    target = next(one for one in made.all(Role) if one.address.endswith(".target"))
    trust = trusts(target, by_name(made, "web"))
    return (trust.by_name | trust.with_account).truth


CONDITIONS = [
    # By reference, by name in the unit's own account, by pattern.
    ("ArnEquals", "aws_iam_role.web.arn", True),
    ("ArnEquals", "aws_iam_role.other.arn", False),
    ("ArnEquals", "[aws_iam_role.other.arn, aws_iam_role.web.arn]", True),
    ("ArnLike", f'"{OWN}role/web"', True),
    ("ArnLike", f'"{OWN}role/w*"', True),
    ("ArnLike", f'"{OWN}role/other"', False),
    ("ArnLike", '"arn:aws:iam::*:role/web"', True),
    ("ArnLike", '"arn:aws:iam::*:user/*"', False),
    ("ArnLike", '"*"', True),
    ("StringEquals", "aws_iam_role.web.arn", True),
    ("StringEquals", '"arn:aws:iam::*:role/web"', False),
    ("StringLike", '"arn:aws:iam::*:role/web"', True),
    ("StringLike", '"arn:*/web"', True),
    ("StringLike", '"arn:*/other"', False),
    ("StringLike", "aws_iam_role.other.arn", False),
    ("ArnLikeIfExists", '"arn:aws:iam::*:role/other"', False),
    # The session of a role has the ARN of the role.
    ("ArnLike", '"arn:aws:sts::*:assumed-role/web/*"', False),
    # Whose number an account is, and what a variable holds, is not known; a name may be.
    ("ArnEquals", '"arn:aws:iam::111122223333:role/web"', None),
    ("ArnEquals", '"arn:aws:iam::111122223333:role/other"', False),
    ("ArnLike", "var.text", None),
    ("ArnLike", f'"{OWN}role/${{var.text}}"', None),
    ("StringLike", "var.text", None),
    ("StringEquals", "var.text", None),
    ("StringEqualsIgnoreCase", f'"{OWN}role/WEB"', None),
    # Each signed request has it.
    ("Null", '"false"', True),
    ("Null", '"true"', False),
    ("Null", "var.text", None),
]


@pytest.mark.parametrize("who", [ROOT, EVERYBODY])
@pytest.mark.parametrize(("operator", "value", "truth"), CONDITIONS)
def test_whom_a_trust_policy_admits_by_its_arn(
    who: str, operator: str, value: str, truth: bool | None, tmp_path: Path
) -> None:
    assert admitted(tmp_path, statement(on_arn(operator, value), who=who)) is truth


@pytest.mark.parametrize(
    ("operator", "value", "truth"),
    [
        ("ArnNotEquals", "aws_iam_role.web.arn", True),
        ("ArnNotLike", f'["{OWN}role/other", "{OWN}role/web"]', True),
        ("ArnNotLike", "aws_iam_role.other.arn", False),
        ("ArnNotLike", "var.text", None),
        ("StringNotLike", '"arn:aws:iam::*:role/web"', True),
        ("ArnEquals", "aws_iam_role.web.arn", False),
        ("ArnEquals", "aws_iam_role.other.arn", True),
        ("ArnEquals", '"arn:aws:iam::111122223333:role/web"', None),
        ("Null", "true", True),
        ("Null", "false", False),
    ],
)
def test_whom_a_deny_stops_by_its_arn(
    operator: str, value: str, truth: bool | None, tmp_path: Path
) -> None:
    deny = statement(on_arn(operator, value), "Deny", EVERYBODY)
    assert admitted(tmp_path, statement(), deny) is truth


@pytest.mark.parametrize(
    ("operator", "value", "refused"),
    [
        ("ArnNotEquals", "aws_iam_role.web.arn", False),
        ("ArnNotLike", f'"{OWN}role/other"', True),
        ("ArnNotLike", "var.text", None),
    ],
)
def test_whom_the_policy_of_a_key_stops_by_its_arn(
    operator: str, value: str, refused: bool | None, tmp_path: Path
) -> None:
    deny = statement(on_arn(operator, value), "Deny", EVERYBODY, "kms:*")
    text = UNIT.format(statements=f"{statement(action='kms:*')}, {deny}")
    made = graph(text, tmp_path)
    (key,) = made.all(KmsKey)
    assert refused_by_key(made, by_name(made, "web"), key, "kms:Decrypt").truth is refused


@pytest.mark.parametrize(
    ("value", "truth"),
    [
        ("!GetAtt Web.Arn", True),
        ("!GetAtt Other.Arn", False),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/${Web}'", True),
        ("!Sub 'arn:${AWS::Partition}:iam::${AWS::AccountId}:role/admin'", False),
        ("!Sub 'arn:aws:iam::${AWS::AccountId}:role/${AWS::StackName}-*'", None),
    ],
)
def test_whom_the_trust_policy_of_a_template_admits_by_its_arn(
    value: str, truth: bool | None, tmp_path: Path
) -> None:
    trusted = f"""{{Statement: [{{
      Effect: Allow, Action: "sts:AssumeRole",
      Principal: {{AWS: !Sub "arn:aws:iam::${{AWS::AccountId}}:root"}},
      Condition: {{ArnLike: {{"aws:PrincipalArn": {value}}}}}}}]}}"""
    made = graph(
        f"""
Resources:
  Web: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}}}}}
  Other: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {{}}}}}}
  Target: {{Type: AWS::IAM::Role, Properties: {{AssumeRolePolicyDocument: {trusted}}}}}
""",
        tmp_path,
    )
    named = {one.resource.address: one for one in principals(made)}
    target = next(one for one in made.all(Role) if one.address == "Target")
    trust = trusts(target, named["Web"])
    assert (trust.by_name | trust.with_account).truth is truth
