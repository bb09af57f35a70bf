"""No command and no format quotes a sensitive value, wherever a message may carry it."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import run, scan, write

SECRET = "subnet-0123456789hunter2"  # noqa: S105 - it is what must not be shown
BLOCK = "198.51.100.64/26"
PORT = "3389"
HIDDEN = "(sensitive value)"

CHECK = '''\
from collections.abc import Iterator

from iac_ec2lint.api import Check, Evidence, Graph, Remark, Severity, Unknown, Verdict
from iac_ec2lint.api.resources import Instance


class Quoting(Check):
    """A check that quotes whatever it meets.

    ## Why it matters
    Checks of one's own do.
    """

    code = "CORP001"
    name = "quoting"
    severity = Severity.MEDIUM
    since = "1.0"

    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        for instance in graph.all(Instance):
            place = instance.place("key_pair")
            if place.value is None:
                continue
            text = place.value.text or str(place.value)
            gap = Unknown(f"a reason: {text}", "variable", place.span)
            hops = (Evidence(place.span, f"a hop: {text}", text),)
            yield Verdict(
                subject=instance,
                at=place,
                message=f"a message: {text}",
                causes=(gap,),
                undecided=True,
                evidence=hops,
                missing=(f"missing: {text}",),
                value=text,
            )
            yield Verdict(subject=instance, at=instance, message=f"failing: {text}", evidence=hops)
            yield Remark("quoting", instance, place, f"a note: {text}")
        raise RuntimeError(f"an error: {text}")
'''

TERRAFORM = f"""\
variable "subnet" {{
  sensitive = true
  default   = "{SECRET}"
}}
variable "range" {{
  sensitive = true
  default   = "{BLOCK}"
}}
variable "port" {{
  sensitive = true
  default   = {PORT}
}}
resource "aws_security_group" "web" {{
  vpc_id = var.subnet
  ingress {{
    protocol    = "tcp"
    from_port   = var.port
    to_port     = var.port
    cidr_blocks = [var.range, "0.0.0.0/0"]
  }}
}}
resource "aws_instance" "web" {{ # ec2lint:ignore=SG999 as in {SECRET}
  ami                         = "ami-0123456789abcdef0"
  associate_public_ip_address = true
  subnet_id                   = var.subnet
  key_name                    = var.subnet
  vpc_security_group_ids      = [aws_security_group.web.id]
  tags                        = {{ Name = var.subnet, (var.subnet) = "x" }}
  user_data                   = "export SUBNET=${{var.subnet}}"
}}
resource "aws_instance" "broken" {{
  ami           = file("${{var.subnet}}.txt")
  instance_type = tonumber(var.subnet)
}}
output "subnet" {{
  value     = var.subnet
  sensitive = true
}}
"""
TEMPLATE = f"""\
Parameters:
  Subnet: {{Type: String, NoEcho: true, Default: {SECRET}}}
  Range: {{Type: String, NoEcho: true, Default: {BLOCK}}}
  Port: {{Type: Number, NoEcho: true, Default: {PORT}}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: !Ref Subnet
      SecurityGroupIngress:
        - {{IpProtocol: tcp, FromPort: !Ref Port, ToPort: !Ref Port, CidrIp: !Ref Range}}
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      KeyName: !Ref Subnet
      NetworkInterfaces:
        - DeviceIndex: "0"
          AssociatePublicIpAddress: true
          SubnetId: !Ref Subnet
          GroupSet: [!Ref Group]
      UserData: {{Fn::Base64: !Sub "export SUBNET=${{Subnet}}"}}
      Tags: [{{Key: !Ref Subnet, Value: !Ref Subnet}}]
Outputs:
  Subnet: {{Value: !Ref Subnet, Description: !Ref Subnet}}
"""
PROJECTS = {"terraform": {"infra/main.tf": TERRAFORM}, "template": {"infra/web.yaml": TEMPLATE}}
OWN = ("--checks", "own")
COMMANDS = [
    *(
        ("scan", "infra", *OWN, "--show-undecided", "--show-notes", "--format", form)
        for form in ("text", "json", "sarif", "github")
    ),
    ("scan", "infra", *OWN, "--quiet"),
    *(("graph", "infra", "--format", form) for form in ("mermaid", "dot", "svg", "graphml")),
    ("graph", "infra", "--format", "json"),
    ("graph", "infra", *OWN, "--finding", "CORP001"),
    *(("reach", "infra", "--format", form) for form in ("text", "json")),
    ("reach", "infra", "--from", "192.0.2.0/24"),
    ("reach", "infra", "--from", "192.0.2.0/24", "--format", "json"),
    ("reach", "infra", "--port", "tcp/443", "--format", "json"),
    *(("values", "infra", "--all", "--format", form) for form in ("text", "json")),
    *(("ask", "infra", *OWN, "--format", form) for form in ("text", "json")),
]


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("project", PROJECTS.values(), ids=PROJECTS)
def test_no_command_quotes_a_sensitive_value(
    project: dict[str, str], command: tuple[str, ...], tmp_path: Path
) -> None:
    write(tmp_path, {"own/quoting.py": CHECK, **project})
    summary = tmp_path / "summary.md"
    summary.touch()
    done = run(*command, cwd=tmp_path, env={"GITHUB_STEP_SUMMARY": str(summary)})
    said = done.out + done.err + summary.read_text("utf-8")
    assert done.out
    for secret in (SECRET, BLOCK):
        assert secret not in said
    # What a parameter with NoEcho is given is not even read.
    if project is PROJECTS["terraform"] and command[0] != "values" and "--port" not in command:
        assert HIDDEN in said


def test_all_that_a_check_says_is_covered(tmp_path: Path) -> None:
    write(tmp_path, {"own/quoting.py": CHECK, **PROJECTS["terraform"]})
    done = scan("infra", *OWN, "--select", "CORP001", cwd=tmp_path)
    [error] = [one for one in done.errors if one["path"].endswith("quoting.py")]
    assert error["message"].endswith(f"RuntimeError: an error: {HIDDEN}")
    [note] = [one for one in done.report["notes"] if one["name"] == "quoting"]
    assert note["message"] == f"a note: {HIDDEN}"
    failing, undecided = sorted(done.report["findings"], key=lambda one: str(one["status"]))
    assert failing["message"] == f"failing: {HIDDEN}"
    assert undecided["message"] == f"a message: {HIDDEN}"
    assert undecided["missing"] == [f"a reason: {HIDDEN}", f"missing: {HIDDEN}"]
    hop = failing["evidence"][-1]
    assert (hop["message"], hop["resource"]) == (f"a hop: {HIDDEN}", HIDDEN)
    assert undecided["subject"] == "aws_instance.web", "declared addresses are no secret"


@pytest.mark.parametrize("form", ["text", "json"])
def test_clients_and_ports_of_a_sensitive_rule_are_not_shown(form: str, tmp_path: Path) -> None:
    text = TERRAFORM.replace(', "0.0.0.0/0"', "")
    write(tmp_path, {"infra/main.tf": text})
    done = run("reach", "infra", "--format", form, cwd=tmp_path)
    for secret in (BLOCK, PORT):
        assert secret not in done.out + done.err
