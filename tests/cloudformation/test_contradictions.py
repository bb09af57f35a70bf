"""What is made where conditions contradict each other, and what may be (values.guard)."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.checks.test_rule_findings import found
from tests.cli.program import scan, write

TEMPLATE = """Parameters:
  Env: {{Type: String}}
  Size: {{Type: String, AllowedValues: [small, large]}}
Conditions:
  A: !Equals [!Ref Env, production]
  B: !Equals [!Ref Env, test]
  Small: !Equals [!Ref Size, small]
  Large: !Equals [large, !Ref Size]
  Either: !Or [!Condition A, !Condition Small]
  Asked: {condition}
Resources:
  Volume:
    Type: AWS::EC2::Volume
    Condition: Asked
    Properties: {{AvailabilityZone: eu-west-1a, Size: 8}}
"""


@pytest.mark.parametrize(
    ("condition", "made"),
    [
        ("!And [!Condition A, !Not [!Condition A]]", False),
        ("!And [!Condition A, !Condition B]", False),
        ("!And [!Equals [!Ref Env, x], !Equals [!Ref Env, y]]", False),
        ("!And [!Equals [!Ref AWS::Region, eu-west-1], !Equals [!Ref AWS::Region, x]]", False),
        # A Region is of one partition.
        (
            "!And [!Equals [!Ref AWS::Region, us-east-1], !Equals [aws-cn, !Ref AWS::Partition]]",
            False,
        ),
        (
            "!And [!Equals [!Ref AWS::Region, cn-north-1], !Equals [aws-cn, !Ref AWS::Partition]]",
            True,
        ),
        ("!And [!Condition A, !Condition Small]", True),
        ("!And [!Not [!Condition A], !Not [!Condition B]]", True),
        # One of two sizes it must be.
        ("!And [!Not [!Condition Small], !Not [!Condition Large]]", False),
        ("!And [!Condition Small, !Condition Large]", False),
        ("!And [!Condition Either, !Not [!Condition Either]]", False),
        ("!And [!Condition Either, !Not [!Condition A]]", True),
        ("!And [!Or [!Condition A, !Condition B], !Equals [!Ref Env, z]]", False),
        ("!And [!Or [!Condition A, !Condition B], !Not [!Or [!Condition B, !Condition A]]]", False),
        ("!And [!Condition Either, !Equals [!Ref Env, z]]", True),
        ("!And [!Condition Either, !Equals [!Ref Env, z], !Equals [!Ref Size, large]]", False),
        (
            "!And [!Not [!And [!Condition A, !Condition Small]], !Condition A, !Condition Small]",
            False,
        ),
        ("!Not [!Or [!Condition A, !Not [!Condition A]]]", False),
        ("!Or [!And [!Condition A, !Condition B], !Condition Small]", True),
    ],
)
def test_what_contradicts_itself_is_not_made(condition: str, made: bool, tmp_path: Path) -> None:
    text = TEMPLATE.format(condition=condition)
    assert bool(found(tmp_path, text, "DATA001", name="main.yaml")) is made


@pytest.mark.parametrize(
    ("condition", "inner", "made"),
    [("A", "A", True), ("A", "B", False), ("B", "B", True), ("Small", "B", True)],
)
def test_a_part_of_another_case_is_not_there(
    condition: str, inner: str, made: bool, tmp_path: Path
) -> None:
    text = (
        TEMPLATE.format(condition=f"!Condition {condition}")
        + f"""  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: Asked
    Properties:
      GroupDescription: web
      SecurityGroupIngress:
        - !If
          - {inner}
          - {{IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}}
          - !Ref AWS::NoValue
"""
    )
    assert bool(found(tmp_path, text, "SG001", name="main.yaml")) is made


def test_parameters_of_two_stacks_are_two(tmp_path: Path) -> None:
    child = TEMPLATE.format(condition="!Condition B").replace("Volume:", "Inner:")
    (tmp_path / "child.yaml").write_text(child, "utf-8")
    text = (
        TEMPLATE.format(condition="!Condition A")
        + """  Child:
    Type: AWS::CloudFormation::Stack
    Condition: A
    Properties: {TemplateURL: child.yaml, Parameters: {Env: test, Size: small}}
"""
    )
    findings = found(tmp_path, text, "DATA001", name="main.yaml")
    assert {subject.address for one in findings for subject in one.subjects} >= {"Child/Inner"}


PARENT = """Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
Conditions:
  Prod: !Equals [!Ref Env, prod]
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties:
      TemplateURL: child.yaml
      Parameters:
        Env: !Ref Env
        Encrypted: !If [Prod, "true", "false"]
        Made: !If [Prod, "yes", "no"]
"""
CHILD = """Parameters:
  Env: {Type: String}
  Encrypted: {Type: String}
  Made: {Type: String}
Conditions:
  Asked: CONDITION
Resources:
  Volume:
    Type: AWS::EC2::Volume
    Condition: Asked
    Properties: {AvailabilityZone: eu-west-1a, Size: 8, Encrypted: !Ref Encrypted}
"""


@pytest.mark.parametrize(
    ("condition", "status"),
    [
        ('!Equals [!Ref Made, "yes"]', []),
        ('!Not [!Equals [!Ref Made, "no"]]', []),
        ("!Equals [!Ref Env, prod]", []),
        ("!Not [!Equals [!Ref Env, dev]]", []),
        ('!Equals [!Ref Made, "no"]', ["fail"]),
        ("!Not [!Equals [!Ref Env, prod]]", ["fail"]),
        ('!Or [!Equals [!Ref Made, "yes"], !Equals [!Ref Env, dev]]', ["fail"]),
    ],
)
def test_what_a_parent_chooses_is_tied_to_what_it_chooses_by(
    condition: str, status: list[str], tmp_path: Path
) -> None:
    write(tmp_path, {"main.yaml": PARENT, "child.yaml": CHILD.replace("CONDITION", condition)})
    done = scan(".", "--select", "DATA001", "--show-undecided", cwd=tmp_path)
    assert done.report["errors"] == []
    assert [one["status"] for one in done.report["findings"]] == status
