"""What a template demands of its parameters decides what it leaves open without their values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.cli.program import scan, write

TEMPLATE = """\
Parameters:
  Port: {Type: Number}
  Env: {Type: String, AllowedValues: [dev, prod]}
  Source: {Type: String}
Rules:
  Values:
    Assertions:
      - Assert: !Not [!Equals [!Ref Other, dev]]
Conditions:
  IsDev: !Equals [!Ref Env, dev]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for tests
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: FIRST, ToPort: LAST, CidrIp: RANGE}
"""


def found(folder: Path, template: str, *given: str) -> list[tuple[str, str]]:
    write(folder, {"t.yaml": template})
    parameters = [part for one in given for part in ("--parameters", one)]
    done = scan("t.yaml", "--select", "SG001", "--show-undecided", *parameters, cwd=folder)
    findings: list[dict[str, Any]] = done.report["findings"]
    return [("SG001", one["status"]) for one in findings] + [
        ("error", one["message"]) for one in done.report["errors"]
    ]


def group(first: str = "22", last: str = "22", source: str = "0.0.0.0/0") -> str:
    return TEMPLATE.replace("FIRST", first).replace("LAST", last).replace("RANGE", source)


@pytest.mark.parametrize(
    ("bounds", "first", "last", "status"),
    [
        ("MinValue: 1150, MaxValue: 65535", "!Ref Port", "!Ref Port", []),
        ("MinValue: 1150", "!Ref Port", "!Ref Port", []),
        ("MinValue: 0, MaxValue: 21", "!Ref Port", "!Ref Port", []),
        ("MinValue: 0, MaxValue: 21", "0", "!Ref Port", []),
        ("MinValue: 23", "!Ref Port", "65535", []),
        ("MinValue: 23", "0", "!Ref Port", ["undecided"]),
        ("MinValue: 22", "!Ref Port", "!Ref Port", ["undecided"]),
        ("MaxValue: 21", "!Ref Port", "!Ref Port", ["undecided"]),  # it may be -1
        ("MinValue: -1, MaxValue: 21", "!Ref Port", "!Ref Port", ["undecided"]),
    ],
)
def test_ports_that_a_number_can_be(
    tmp_path: Path, bounds: str, first: str, last: str, status: list[str]
) -> None:
    text = group(first, last).replace("Type: Number", f"Type: Number, {bounds}")
    assert [one for _, one in found(tmp_path, text)] == status


def test_bounds_of_a_number_in_terraform(tmp_path: Path) -> None:
    text = """\
variable "port" {
  type = number
  validation {
    condition     = var.port >= 1024 && 65535 >= var.port
    error_message = "No."
  }
}

resource "aws_security_group" "main" {
  ingress {
    from_port   = var.port
    to_port     = var.port
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
"""
    for name, condition, expected in (
        ("closed", "var.port >= 1024 && 65535 >= var.port", 0),
        ("strict", "var.port > 22 && var.port < 65536", 0),
        ("open", "var.port >= 22 && 65535 >= var.port", 1),
        ("either", "var.port >= 1024 || var.port == 22", 1),
    ):
        changed = text.replace("var.port >= 1024 && 65535 >= var.port", condition)
        write(tmp_path / name, {"main.tf": changed})
        done = scan(".", "--select", "SG001", "--show-undecided", cwd=tmp_path / name)
        assert [one["status"] for one in done.report["findings"]] == ["undecided"] * expected


@pytest.mark.parametrize(
    ("assertion", "status"),
    [
        ("!Contains [[10.0.0.0/8, 192.168.0.0/16], !Ref Source]", []),
        ("!Equals [10.0.0.0/8, !Ref Source]", []),
        ("!And [!Equals [!Ref Env, dev], !Equals [!Ref Source, 10.0.0.0/8]]", []),
        ("!Or [!Equals [!Ref Source, 10.1.0.0/16], !Equals [!Ref Source, 10.0.0.0/8]]", []),
        ("!Or [!Equals [!Ref Env, dev], !Equals [!Ref Source, 10.0.0.0/8]]", ["undecided"]),
        ("!Contains [[10.0.0.0/8, 0.0.0.0/0], !Ref Source]", ["undecided"]),
        ("!Not [!Equals [!Ref Source, 0.0.0.0/0]]", ["undecided"]),  # 1.0.0.0/0 is the same
        ("!Equals [!Ref Source, !Ref Env]", ["undecided"]),
    ],
)
def test_ranges_that_a_rule_accepts(tmp_path: Path, assertion: str, status: list[str]) -> None:
    text = group(source="!Ref Source").replace("!Not [!Equals [!Ref Other, dev]]", assertion)
    assert [one for _, one in found(tmp_path, text)] == status
    for holds, expected in (("[a, a]", status), ("[a, b]", ["undecided"])):
        condition = f"RuleCondition: !Equals {holds}\n    Assertions:"
        conditional = text.replace("Assertions:", condition)
        assert [one for _, one in found(tmp_path, conditional)] == expected


RULED = """
Parameters:
  Env: {Type: String, AllowedValues: [dev, prod]}
  Source: {Type: String}
Conditions:
  IsProd: !Equals [!Ref Env, prod]
Rules:
  Prod:
    RuleCondition: !Equals [!Ref Env, prod]
    Assertions:
      - Assert: !Equals [!Ref Source, 10.0.0.0/8]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: SSH
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Source}
"""


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        pytest.param({}, ["undecided"], id="dev-may-have-any"),
        pytest.param({"[dev, prod]}": "[dev, prod], Default: prod}"}, [], id="by-default"),
        pytest.param(
            {"    Properties": "    Condition: IsProd\n    Properties"}, [], id="prod-only"
        ),
        pytest.param(
            {
                "Resources:": """
  Dev:
    RuleCondition: !Not [!Equals [!Ref Env, prod]]
    Assertions:
      - Assert: !Contains [[10.0.0.0/8, 192.168.0.0/16], !Ref Source]
Resources:"""
            },
            [],
            id="each-environment-has-a-rule",
        ),
        pytest.param(
            {
                "Resources:": """
  Dev:
    RuleCondition: !Contains [[dev, test], !Ref Env]
    Assertions:
      - Assert: !Contains [[10.0.0.0/8, 0.0.0.0/0], !Ref Source]
Resources:"""
            },
            ["undecided"],
            id="one-of-them-lets-the-internet-in",
        ),
        pytest.param(
            {"!Equals [!Ref Env, prod]\n    A": "!Contains [[dev, prod], !Ref Env]\n    A"},
            [],
            id="whatever-it-is",
        ),
        pytest.param(
            {"Source: {Type: String}": "Source: {Type: String, Default: 0.0.0.0/0}"},
            ["fail"],
            id="a-default-that-dev-accepts",
        ),
        pytest.param(
            {
                "[dev, prod]}": "[dev, prod], Default: prod}",
                "Source: {Type: String}": "Source: {Type: String, Default: 0.0.0.0/0}",
            },
            [],
            id="a-default-that-the-deployment-refuses",
        ),
        pytest.param(
            {"!Equals [!Ref Env, prod]\n    A": "!Equals [!Ref Source, 10.0.0.0/8]\n    A"},
            ["undecided"],
            id="of-itself",
        ),
    ],
)
def test_rules_with_conditions(tmp_path: Path, changes: dict[str, str], status: list[str]) -> None:
    text = RULED
    for old, new in changes.items():
        assert old in text
        text = text.replace(old, new, 1)
    assert [one for _, one in found(tmp_path, text)] == status


def test_a_value_that_a_rule_excludes_is_none_of_those_that_are_allowed(tmp_path: Path) -> None:
    text = group().replace("Group:\n", "Group:\n    Condition: IsDev\n")
    assert found(tmp_path, text) == [("SG001", "fail")]
    assert found(tmp_path, text.replace("!Ref Other", "!Ref Env")) == []


def test_what_a_deployment_refuses_is_an_error_where_it_is_given(tmp_path: Path) -> None:
    text = group().replace("Type: Number", "Type: Number, MinValue: 1150")
    text = text.replace("!Ref Other", "!Ref Env")
    assert found(tmp_path, text, "Port=80", "Env=dev", "Source=10.0.0.0/8") == [
        ("SG001", "fail"),
        ("error", '"80" does not meet the bounds of parameter "Port"'),
        ("error", '"dev" does not meet the bounds of parameter "Env"'),
    ]


def test_a_default_that_a_rule_excludes_is_no_value(tmp_path: Path) -> None:
    text = group(source="!Ref Source").replace("Source: {Type: String}", "Source: {Default: RANGE}")
    open_to_all = text.replace("RANGE", "0.0.0.0/0")
    assert found(tmp_path, open_to_all) == [("SG001", "fail")]
    excluded = open_to_all.replace("!Ref Other, dev", "!Ref Source, 0.0.0.0/0")
    assert found(tmp_path, excluded) == [("SG001", "undecided")]


@pytest.mark.parametrize(
    ("kind", "taken", "allowed", "status"),
    [
        ("String", "!Ref Source", "[10.0.0.0/8, 172.16.0.0/12]", []),
        ("String", "!Ref Source", "[10.0.0.0/8, 0.0.0.0/0]", ["undecided"]),
        ("CommaDelimitedList", "!Select [1, !Ref Source]", "[10.0.0.0/8, 172.16.0.0/12]", []),
    ],
)
def test_what_a_parent_gives_is_one_of_the_values_that_the_child_allows(
    tmp_path: Path, kind: str, taken: str, allowed: str, status: list[str]
) -> None:
    parent = """\
Parameters: {Source: {Type: String}}
Resources:
  Child:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: child.yaml, Parameters: {Source: !Ref Source}}
"""
    child = group(source=taken).replace(
        "Source: {Type: String}", f"Source: {{Type: {kind}, AllowedValues: {allowed}}}"
    )
    write(tmp_path, {"t.yaml": parent, "child.yaml": child})
    done = scan("t.yaml", "--select", "SG001", "--show-undecided", cwd=tmp_path)
    assert [one["status"] for one in done.report["findings"]] == status


@pytest.mark.parametrize(
    ("assertion", "status"),
    [
        ("{'Fn::EachMemberIn': [!Ref Source, [10.0.0.0/8, 172.16.0.0/12]]}", []),
        ("{'Fn::EachMemberEquals': [!Ref Source, 10.0.0.0/8]}", []),
        ("{'Fn::EachMemberIn': [!Ref Source, [10.0.0.0/8, 0.0.0.0/0]]}", ["undecided"]),
        ("!Not [{'Fn::EachMemberIn': [!Ref Source, [0.0.0.0/0]]}]", ["undecided"]),
    ],
)
def test_what_a_rule_says_of_each_value_of_a_list(
    tmp_path: Path, assertion: str, status: list[str]
) -> None:
    text = group(source="!Select [0, !Ref Source]").replace(
        "Source: {Type: String}", "Source: {Type: CommaDelimitedList}"
    )
    text = text.replace("!Not [!Equals [!Ref Other, dev]]", assertion)
    assert [one for _, one in found(tmp_path, text)] == status


@pytest.mark.parametrize(
    ("default", "values", "asked", "open_"),
    [
        ("True", "[True, False]", "True", True),
        ("True", "[True, False]", '"true"', True),
        ('"true"', "[True, False]", "true", True),
        ("yes", "[yes, no]", "yes", True),
        ("False", '["true", "false"]', "true", False),
        ('"True"', '["True", "False"]', '"True"', True),
    ],
)
def test_a_default_among_allowed_values_that_are_bools(
    tmp_path: Path, default: str, values: str, asked: str, open_: bool
) -> None:
    """A bool of YAML is ``true`` or ``false`` as text, however it is written."""
    text = group().replace(
        "  Source: {Type: String}",
        f"  Public: {{Type: String, Default: {default}, AllowedValues: {values}}}",
    )
    text = text.replace("IsDev: !Equals [!Ref Env, dev]", f"Opens: !Equals [!Ref Public, {asked}]")
    text = text.replace("  Group:\n", "  Group:\n    Condition: Opens\n")
    text = text[: text.index("Rules:")] + text[text.index("Conditions:") :]
    assert found(tmp_path, text) == ([("SG001", "fail")] if open_ else [])


@pytest.mark.parametrize("listed", ["[True, False]", "[true, false]", '["true", "false"]'])
def test_rules_compare_bools_as_text(tmp_path: Path, listed: str) -> None:
    text = group().replace("  Source: {Type: String}", "  Public: {Type: String, Default: True}")
    text = text.replace("!Not [!Equals [!Ref Other, dev]]", f"!Contains [{listed}, !Ref Public]")
    text = text.replace("IsDev: !Equals [!Ref Env, dev]", "Opens: !Equals [!Ref Public, True]")
    text = text.replace("  Group:\n", "  Group:\n    Condition: Opens\n")
    assert found(tmp_path, text) == [("SG001", "fail")]
