"""``iac-ec2lint cut``: what it prints, and how it ends."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from tests.cli.program import REPOSITORY, run, write

import iac_ec2lint.report.answers

FIXTURES = REPOSITORY / "tests/fixtures"
SCHEMA = json.loads(
    (Path(iac_ec2lint.report.answers.__file__).parent / "cut.schema.json").read_text("utf-8")
)


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.slow
@pytest.mark.parametrize("file", ["PATH019/hosts.tf", "PATH019/short.yaml", "PATH009/exposed.tf"])
def test_json_is_as_the_schema_says_and_files_are_as_before(file: str, tmp_path: Path) -> None:
    text = (FIXTURES / file).read_text("utf-8")
    name = Path(file).name
    write(tmp_path, {name: text})
    ended = run("cut", ".", "--format", "json", cwd=tmp_path)
    assert ended.status == 0, ended.err
    Draft202012Validator(SCHEMA).validate(ended.report)
    assert ended.report["verified"]
    assert ended.report["edits"]
    assert (tmp_path / name).read_text("utf-8") == text


def test_the_least_that_breaks_a_chain_is_told_with_its_line(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": (FIXTURES / "PATH019/trusts.tf").read_text("utf-8")})
    out = run("cut", ".", cwd=tmp_path).out
    assert out.startswith("2 attack paths of high or above: 2 changes (the fewest that do)\n")
    assert "   --> main.tf:9:18\n" in out
    assert "verified: analysed again with the changes made, no such path is left" in out
    written = run("cut", ".", "--format", "markdown", cwd=tmp_path).out
    assert "1. name the principals, or add a condition on aws" in written
    assert "PrincipalOrgID: `aws_iam_role.public` (`main.tf:9`)" in written


def test_what_lets_several_decrypt_is_one_change(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": (FIXTURES / "PATH019/one_key.tf").read_text("utf-8")})
    out = run("cut", ".", cwd=tmp_path).out
    assert out.startswith("2 attack paths of high or above: 1 change (the fewest that do)\n")
    assert "1. limit kms:Decrypt by ARN or tag" in out
    assert "no such path is left" in out


@pytest.mark.parametrize("name", ["service.tf", "service.yaml"])
def test_an_open_service_is_closed_to_all_but_some(name: str, tmp_path: Path) -> None:
    write(tmp_path, {name: (FIXTURES / "PATH019" / name).read_text("utf-8")})
    out = run("cut", ".", cwd=tmp_path).out
    assert out.startswith("2 attack paths of high or above: 1 change (the fewest that do)\n")
    assert "1. name the principals" in out or "1. require acceptance" in out
    assert "no such path is left" in out


@pytest.mark.parametrize(
    ("halves", "written"),
    [
        (("0.0.0.0/1", "128.0.0.0/1"), "cidr_ipv4"),
        (("2000::/4", "3000::/4"), "cidr_ipv6"),
    ],
)
def test_two_halves_of_the_internet_are_narrowed_together(
    halves: tuple[str, str], written: str, tmp_path: Path
) -> None:
    """Not all that stands in the subnet is taken off the internet for one rule of a database."""
    text = (REPOSITORY / "docs/stages/public-instance.tf").read_text("utf-8")
    if written == "cidr_ipv6":
        for before, after in (
            ('cidr_block = "10.0.0.0/16"', "assign_generated_ipv6_cidr_block = true"),
            ('cidr_block = "0.0.0.0/0"', 'ipv6_cidr_block = "::/0"'),
            ('instance_type          = "t3.micro"', "ipv6_address_count = 1"),
            (
                'cidr_block              = "10.0.1.0/24"',
                "ipv6_cidr_block = cidrsubnet(aws_vpc.main.ipv6_cidr_block, 8, 1)",
            ),
        ):
            assert before in text
            text = text.replace(before, f"{before}\n  {after}", 1)
    rule = text.index('resource "aws_vpc_security_group_ingress_rule"')
    end = text.index("resource", rule + 1)
    rules = "".join(
        f"""
resource "aws_vpc_security_group_ingress_rule" "half{number}" {{
  security_group_id = aws_security_group.host.id
  {written}         = "{half}"
  ip_protocol       = "tcp"
  from_port         = 5432
  to_port           = 5432
}}
"""
        for number, half in enumerate(halves)
    )
    write(tmp_path, {"main.tf": text[:rule] + rules + text[end:]})
    ended = run("cut", ".", "--format", "json", cwd=tmp_path)
    [edit] = ended.report["edits"]
    assert ended.report["verified"]
    assert edit["message"].startswith("admit tcp 5432 from known addresses only (also at main.tf:")


def test_what_is_to_be_admitted_is_named_as_a_whole(tmp_path: Path) -> None:
    """Of many ports as well, which the message of the finding counts."""
    text = (REPOSITORY / "docs/stages/public-instance.tf").read_text("utf-8")
    for bound, port in (("from_port", 0), ("to_port  ", 65535)):
        text = text.replace(f"{bound}         = 443", f"{bound}         = {port}")
    write(tmp_path, {"main.tf": text})
    edits = json.loads(
        run("cut", ".", "--severity", "critical", "--format", "json", cwd=tmp_path).out
    )
    messages = [edit["message"] for edit in edits["edits"]]
    assert any(one.startswith("admit tcp ") for one in messages)
    assert not any("more ranges" in one for one in messages)


def test_wide_changes_count_where_they_are_asked_for(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": (FIXTURES / "PATH019/roles.tf").read_text("utf-8")})
    out = run("cut", ".", "--wide", cwd=tmp_path).out
    assert "1. give the host no public address: aws_subnet.public" in out
    assert "the internet does not reach any more:\n  tcp 443 of aws_instance.bounded" in out


@pytest.mark.parametrize("name", ["public-instance.tf", "public-instance.yaml"])
def test_a_web_server_stays_open_where_one_more_change_does_it(name: str, tmp_path: Path) -> None:
    """Its group lets everybody in to two hosts that answer without a token."""
    text = (REPOSITORY / "docs/stages" / name).read_text("utf-8").replace("required", "optional")
    if name.endswith(".tf"):
        cut = text.index('resource "aws_instance" "host"')
        policy = "arn:aws:iam::aws:policy/AdministratorAccess"
        text += f"""
resource "aws_iam_role_policy_attachment" "host" {{
  role       = aws_iam_role.host.name
  policy_arn = "{policy}"
}}
resource "aws_iam_role" "two" {{
  name                = "two"
  assume_role_policy  = aws_iam_role.host.assume_role_policy
  managed_policy_arns = ["{policy}"]
}}
resource "aws_iam_instance_profile" "two" {{
  role = aws_iam_role.two.name
}}
""" + text[cut:].replace('"host"', '"two"').replace("profile.host", "profile.two")
    else:
        role = text.index("  HostRole:")
        policy = "      ManagedPolicyArns: ['arn:aws:iam::aws:policy/AdministratorAccess']\n"
        made = text[role:].replace("RoleName: host\n", "RoleName: host\n" + policy)
        two = (
            made.replace("Host", "Two").replace(": host", ": two").replace("TwoGroup", "HostGroup")
        )
        text = text[:role] + made + "\n" + two
    write(tmp_path, {name: text})
    out = run("cut", ".", cwd=tmp_path).out
    assert "2 changes (one more than the fewest that do, which stop more)" in out
    assert out.count("require tokens (IMDSv2)") == 2, out
    assert "does not reach any more" not in out
    assert "no such path is left" in out


def test_without_a_path_there_is_nothing_to_cut(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_vpc" "main" {\n  cidr_block = "10.0.0.0/16"\n}\n'})
    ended = run("cut", ".", cwd=tmp_path)
    assert (ended.status, ended.out) == (0, "no attack path of high or above is proven\n")


def test_what_cannot_be_read_is_told(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": 'resource "aws_vpc" {\n'})
    ended = run("cut", ".", "--format", "json", cwd=tmp_path)
    assert ended.status == 3
    assert ended.report["errors"][0]["path"] == "main.tf"
