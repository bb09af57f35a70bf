"""What an input without a value chooses among what is written: see ``engine.written_arms``."""

from __future__ import annotations

from pathlib import Path

from tests.cli.program import Run, scan, write

from iac_ec2lint.engine.written_arms import ARMS

GROUP = """
variable "{name}" {{
  type = bool
}}
resource "aws_security_group" "{name}" {{
  ingress {{
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = [var.{name} ? "0.0.0.0/0" : "10.0.0.0/8"]
  }}
}}
"""
TEMPLATE = """\
Parameters:
  Stage: {Type: String}
Conditions:
  IsOpen: !Equals [!Ref Stage, dev]
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: open in one stage
      SecurityGroupIngress:
        - IpProtocol: tcp
          FromPort: 22
          ToPort: 22
          CidrIp: !If [IsOpen, 0.0.0.0/0, 10.0.0.0/8]
"""


def found(folder: Path, *arguments: str) -> list[tuple[str, str, str | None]]:
    ended: Run = scan(".", "--select", "SG001", *arguments, cwd=folder)
    assert ended.errors == []
    findings = ended.report["findings"]
    return [(one["subject"], one["status"], one["when"]) for one in findings]


def test_what_is_beyond_the_bound_stays_undecided(tmp_path: Path) -> None:
    names = [f"g{number}" for number in range(ARMS // 2 + 1)]
    write(tmp_path, {"main.tf": "".join(GROUP.format(name=name) for name in names)})
    *decided, (_, status, when) = sorted(found(tmp_path))
    assert (status, when) == ("undecided", None)
    assert decided == [
        (f"aws_security_group.{name}", "fail", f"var.{name} is true") for name in names[:-1]
    ]


def test_the_value_that_is_given_decides(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": GROUP.format(name="open")})
    group = "aws_security_group.open"
    assert found(tmp_path) == [(group, "fail", "var.open is true")]
    assert found(tmp_path, "--var", "open=true") == [(group, "fail", None)]
    assert found(tmp_path, "--var", "open=false") == []


def test_the_condition_is_said_in_the_evidence_at_its_place(tmp_path: Path) -> None:
    write(tmp_path, {"main.yaml": TEMPLATE})
    (finding,) = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    when = 'parameter "Stage" is "dev"'
    assert finding["when"] == when
    assert (4, f"only when {when}") in [
        (hop["line"], hop["message"]) for hop in finding["evidence"]
    ]
    assert finding["missing"] == []


def test_a_suppression_accepts_what_an_arm_comes_to(tmp_path: Path) -> None:
    comment = "# ec2lint:ignore=SG001 open in tests\n          CidrIp"
    write(tmp_path, {"main.yaml": TEMPLATE.replace("CidrIp", comment)})
    assert found(tmp_path) == [("Group", "suppressed", 'parameter "Stage" is "dev"')]


def test_a_condition_on_a_secret_does_not_say_it(tmp_path: Path) -> None:
    hidden = "staple-of-correct-horses"
    text = GROUP.format(name="open").replace("= bool", "= string\n  sensitive = true")
    text = text.replace("var.open ?", f'var.open == sensitive("{hidden}") ?')
    write(tmp_path, {"main.tf": text})
    ended = scan(".", "--select", "SG001", cwd=tmp_path)
    assert [finding["status"] for finding in ended.report["findings"]] != []
    assert hidden not in ended.out
