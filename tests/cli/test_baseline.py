"""``iac-ec2lint baseline`` and ``scan --baseline``: only what is new is dealt with."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.checks.test_path_findings import ANY, PRIVATE, PUBLIC, group, host
from tests.checks.test_rule_findings import NETWORK
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, Run, run, scan, write

SELECT = ("--select", "SG001,DATA001")
FILE = ".iac-ec2lint-baseline.json"
HOSTS = """\
resource "aws_launch_template" "web" {{
  network_interfaces {{
    associate_public_ip_address = true
  }}
}}
{hosts}"""
HOST = """
resource "aws_instance" "{name}" {{
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
  launch_template {{
    id = aws_launch_template.web.id
  }}
}}
"""


def hosts(*names: str) -> str:
    return HOSTS.format(hosts="".join(HOST.format(name=name) for name in names))


def failing(folder: Path, *arguments: str) -> list[tuple[str, str]]:
    report = scan(".", "--baseline", FILE, *(arguments or SELECT), cwd=folder).report
    return sorted(
        (finding["check"], subject["resource"])
        for finding in report["findings"]
        if finding["status"] == "fail"
        for subject in finding["subjects"]
    )


def begin(folder: Path, files: dict[str, str], *arguments: str) -> Run:
    return run("baseline", "write", ".", *(arguments or SELECT), cwd=write(folder, files))


def test_what_is_known_is_suppressed_with_its_day_and_reason(tmp_path: Path) -> None:
    ended = begin(tmp_path, {"main.tf": OPEN_SSH}, *SELECT, "--reason", "as found")
    assert (ended.status, ended.out) == (
        0,
        f"1 written to {FILE}, one for each check and resource: 1 failing, 0 undecided\n",
    )
    [finding] = scan(".", "--baseline", FILE, *SELECT, cwd=tmp_path).report["findings"]
    assert finding["status"] == "suppressed"
    assert finding["suppression"]["reason"].startswith("in the baseline since 20")
    assert finding["suppression"]["reason"].endswith(": as found")


def test_what_is_new_is_found(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH})
    write(tmp_path, {"disk.tf": PLAIN_VOLUME})
    assert failing(tmp_path) == [("DATA001", "aws_ebs_volume.plain")]


def test_reformatted_code_is_the_same(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH + PLAIN_VOLUME})
    text = PLAIN_VOLUME + "\n\n# moved\n" + OPEN_SSH.replace("   = ", " = ")
    write(tmp_path, {"main.tf": "", "other.tf": text})
    assert failing(tmp_path) == []


def test_a_worse_value_is_new(tmp_path: Path) -> None:
    narrow = OPEN_SSH.replace("0.0.0.0/0", "52.0.0.0/8")
    begin(tmp_path, {"main.tf": narrow}, "--select", "SG")
    write(tmp_path, {"main.tf": OPEN_SSH})
    assert ("SG001", "aws_security_group.open") in failing(tmp_path, "--select", "SG")


def test_a_new_host_behind_an_old_fault_is_new(tmp_path: Path) -> None:
    only = ("--select", "NET001")
    begin(tmp_path, {"main.tf": hosts("a", "b")}, *only)
    write(tmp_path, {"main.tf": hosts("a", "b", "c")})
    assert failing(tmp_path, *only) == [("NET001", "aws_instance.c")]


def test_a_unit_that_moved_is_the_same(tmp_path: Path) -> None:
    begin(tmp_path, {"old/main.tf": OPEN_SSH})
    (tmp_path / "old").rename(tmp_path / "new")
    assert failing(tmp_path) == []


def test_a_unit_that_was_copied_is_new(tmp_path: Path) -> None:
    begin(tmp_path, {"old/main.tf": OPEN_SSH})
    write(tmp_path, {"copy/main.tf": OPEN_SSH})
    assert failing(tmp_path) == [("SG001", "aws_security_group.open")]


def test_one_of_two_copies_of_what_moved_is_not_guessed(tmp_path: Path) -> None:
    begin(tmp_path, {"old/main.tf": OPEN_SSH})
    (tmp_path / "old").rename(tmp_path / "a")
    write(tmp_path, {"b/main.tf": OPEN_SSH})
    assert len(failing(tmp_path)) == 2


def test_what_was_undecided_and_fails_now_is_new(tmp_path: Path) -> None:
    unset = 'variable "range" {}\n' + OPEN_SSH.replace('"0.0.0.0/0"', "var.range")
    begin(tmp_path, {"main.tf": unset})
    assert scan(".", "--baseline", FILE, *SELECT, cwd=tmp_path).report["summary"]["undecided"] == 0
    write(tmp_path, {"main.tf": OPEN_SSH})
    assert len(failing(tmp_path)) == 1


def test_an_entry_ends(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH}, *SELECT, "--until", "2001-12-31")
    assert len(failing(tmp_path)) == 1


def test_check_lists_what_is_new_and_fixed(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH, "disk.tf": PLAIN_VOLUME})
    assert run("baseline", "check", ".", *SELECT, cwd=tmp_path).status == 0
    write(tmp_path, {"main.tf": "", "new.tf": OPEN_SSH.replace('"open"', '"new"')})
    ended = run("baseline", "check", ".", *SELECT, cwd=tmp_path)
    assert ended.status == 1
    assert "new.tf:8:20" in ended.out
    assert "1 known, 1 fixed since the baseline" in ended.out
    assert "fixed main.tf: high SG001 aws_security_group.open, since 20" in ended.out


def test_what_is_worse_is_not_fixed(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH.replace("0.0.0.0/0", "0.0.0.0/1")})
    write(tmp_path, {"main.tf": OPEN_SSH})
    ended = run("baseline", "check", ".", *SELECT, cwd=tmp_path)
    assert ended.status == 1
    assert "0 known, 0 fixed since the baseline" in ended.out
    assert "changed, and new as it is now: main.tf: " in ended.out
    ended = run("baseline", "update", ".", *SELECT, cwd=tmp_path)
    assert ended.out == f"0 kept, 1 new, 0 fixed and taken out of {FILE}\n"
    assert len(json.loads((tmp_path / FILE).read_text())["entries"]) == 1


def test_update_takes_out_and_adds_and_keeps_days(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH, "disk.tf": PLAIN_VOLUME}, *SELECT, "--reason", "old")
    text = (tmp_path / FILE).read_text().replace('"on": "20', '"on": "19')
    write(tmp_path, {FILE: text, "main.tf": "", "n.tf": OPEN_SSH.replace('"open"', '"new"')})
    ended = run("baseline", "update", ".", *SELECT, cwd=tmp_path)
    assert ended.out == f"1 kept, 1 new, 1 fixed and taken out of {FILE}\n"
    entries = {e["check"]: e for e in json.loads((tmp_path / FILE).read_text())["entries"]}
    assert entries["DATA001"]["on"].startswith("19")
    assert entries["DATA001"]["reason"] == "old"
    assert entries["SG001"]["resource"] == "aws_security_group.new"


def test_a_deleted_unit_is_fixed(tmp_path: Path) -> None:
    begin(tmp_path, {"old/main.tf": OPEN_SSH, "disk.tf": PLAIN_VOLUME})
    (tmp_path / "old" / "main.tf").unlink()
    (tmp_path / "old").rmdir()
    assert "1 fixed" in run("baseline", "check", ".", *SELECT, cwd=tmp_path).out


def test_what_was_not_looked_at_is_not_fixed(tmp_path: Path) -> None:
    begin(tmp_path, {"a/main.tf": OPEN_SSH, "b/main.tf": PLAIN_VOLUME})
    assert "0 fixed" in run("baseline", "check", "a", *SELECT, cwd=tmp_path).out
    assert "0 fixed" in run("baseline", "check", ".", "--select", "DATA001", cwd=tmp_path).out
    write(tmp_path, {"a/main.tf": "resource {"})
    assert "0 fixed" in run("baseline", "check", ".", *SELECT, cwd=tmp_path).out


def test_show_lists_the_entries(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH}, *SELECT, "--reason", "as found", "--until", "2031-01-31")
    out = run("baseline", "show", cwd=tmp_path).out
    assert out.startswith("main.tf: high SG001 aws_security_group.open, since 20")
    assert out.endswith(" until 2031-01-31 (as found)\n")


def test_the_configuration_names_one(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH})
    write(tmp_path, {".iac-ec2lint.yaml": f"baseline: {FILE}\n"})
    report = scan(".", *SELECT, cwd=tmp_path).report
    assert [finding["status"] for finding in report["findings"]] == ["suppressed"]


def test_a_policy_keeps_checks_out_of_it(tmp_path: Path) -> None:
    begin(tmp_path, {"main.tf": OPEN_SSH})
    write(tmp_path, {"policy.yaml": "forbid: {suppress: [SG001]}\n"})
    assert len(failing(tmp_path, *SELECT, "--policy-config", "policy.yaml")) == 1


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{", "line 1, column 2"),
        ("[]", "it is no baseline of version 1"),
        ('{"version": 1, "entries": [{}]}', "entry 1 lacks one of check"),
        ("[" * 100_000, ""),
    ],
)
def test_what_is_no_baseline_is_refused_in_one_line(tmp_path: Path, text: str, words: str) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH, FILE: text})
    for arguments in (("scan", ".", "--baseline", FILE), ("baseline", "show")):
        ended = run(*arguments, cwd=tmp_path)
        assert ended.status == 2
        assert words in ended.err
        assert FILE in ended.err


PATHS = (
    NETWORK
    + PRIVATE
    + group("web", (22, ANY))
    + host("web", "true", PUBLIC).replace(
        "{\n",
        '{\n  key_name = "ops"\n  iam_instance_profile = aws_iam_instance_profile.web.name\n',
        1,
    )
    + group("inside", (22, "10.0.0.0/8"), (5432, "10.0.0.0/8"))
    + """resource "aws_db_subnet_group" "inside" {
  name       = "inside"
  subnet_ids = [aws_subnet.inside.id]
}
resource "aws_iam_role" "web" {
  assume_role_policy = jsonencode({
    Statement = [{
      Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" }
    }]
  })
}
resource "aws_iam_instance_profile" "web" {
  role = aws_iam_role.web.name
}
"""
)
END = """resource "aws_secretsmanager_secret" "{name}" {{
  name = "{name}"
}}
resource "aws_iam_role_policy" "{name}" {{
  role = aws_iam_role.web.name
  policy = jsonencode({{
    Statement = [{{
      Effect = "Allow", Action = "secretsmanager:GetSecretValue"
      Resource = aws_secretsmanager_secret.{name}.arn
    }}]
  }})
}}
resource "aws_db_instance" "{name}" {{
  vpc_security_group_ids = [aws_security_group.inside.id]
  db_subnet_group_name   = aws_db_subnet_group.inside.name
  engine                 = "postgres"
}}
resource "aws_instance" "{name}" {{
  key_name               = "ops"
  subnet_id              = aws_subnet.inside.id
  vpc_security_group_ids = [aws_security_group.inside.id]
  tags                   = {{ Name = "{name}" }}
}}
"""


def test_one_more_end_of_an_accepted_path_is_new_alone(tmp_path: Path) -> None:
    select = ("--select", "PATH007,PATH011,PATH019")
    begin(tmp_path, {"main.tf": PATHS + END.format(name="one")}, *select)
    write(tmp_path, {"more.tf": END.format(name="two")})
    report = scan(".", "--baseline", FILE, *select, cwd=tmp_path).report
    new = {
        finding["check"]: [
            hop["message"] for hop in finding["evidence"] if "baseline" in hop["message"]
        ]
        for finding in report["findings"]
        if finding["status"] != "suppressed"
    }
    assert new == {
        "PATH007": [
            "new since the baseline: tcp 22 of aws_instance.two and tcp 5432 of aws_db_instance.two"
        ],
        "PATH011": ["new since the baseline: aws_instance.two"],
        "PATH019": ["new since the baseline: aws_secretsmanager_secret.two"],
    }
    assert len(failing(tmp_path, *select)) == 4


NESTED = """\
Parameters: {Vpc: {Type: String}}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      VpcId: !Ref Vpc
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
Outputs:
  Id: {Value: !Ref Group}
"""
NESTING = """\
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
  Nested:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ./nested.yaml, Parameters: {Vpc: !Ref Vpc}}
  Host:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      NetworkInterfaces:
        - {DeviceIndex: "0", GroupSet: [GROUP], AssociatePublicIpAddress: PUBLIC}
Outputs:
  Id: {Value: !GetAtt Nested.Outputs.Id, Export: {Name: NAME}}
"""


def test_an_entry_is_as_bad_as_it_is_of_its_own_unit(tmp_path: Path) -> None:
    """Two stacks have one group of a template; a third gives that of the first to a public host."""

    def stack(name: str, group: str, public: str) -> str:
        text = NESTING.replace("NAME", name).replace("GROUP", group)
        return text.replace("PUBLIC", public)

    own = "!GetAtt Nested.Outputs.Id"
    write(
        tmp_path,
        {
            "nested.yaml": NESTED,
            "a.yaml": stack("a", own, "false"),
            "b.yaml": stack("b", own, "false"),
            "host.yaml": stack("c", "!ImportValue a", "true"),
        },
    )
    run("baseline", "write", ".", "--select", "SG001", "--reason", "known", cwd=tmp_path)
    entries = json.loads((tmp_path / ".iac-ec2lint-baseline.json").read_text())["entries"]
    assert {
        entry["unit"]: entry["severity"] for entry in entries if entry["unit"] in "a.yaml b.yaml"
    } == {
        "a.yaml": "high",
        "b.yaml": "low",
    }
