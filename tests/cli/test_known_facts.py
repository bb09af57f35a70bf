"""``known`` of a configuration: what people know that the files do not say."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from tests.cli.program import Run, run, scan, write

if TYPE_CHECKING:
    from pathlib import Path

PROVIDER = 'provider "aws" {\n  region = "eu-west-1"\n}\n'
VOLUME = 'resource "aws_ebs_volume" "v" {\n  availability_zone = "eu-west-1a"\n  size = 1\n}\n'
INSTANCE = """\
resource "aws_instance" "web" {
  ami           = "ami-0123456789abcdef0"
  instance_type = "t3.micro"
}
"""
PUBLIC = """\
resource "aws_vpc" "main" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_internet_gateway" "main" {
  vpc_id = aws_vpc.main.id
}
resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.main.id
  }
}
resource "aws_subnet" "public" {
  vpc_id     = aws_vpc.main.id
  cidr_block = "10.0.1.0/24"
}
resource "aws_route_table_association" "public" {
  subnet_id      = aws_subnet.public.id
  route_table_id = aws_route_table.public.id
}
resource "aws_security_group" "ssh" {
  vpc_id = aws_vpc.main.id
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.public.id
  associate_public_ip_address = true
  vpc_security_group_ids      = [aws_security_group.ssh.id]
}
"""


def looked(tmp_path: Path, text: str, code: str, configuration: str = "", *more: str) -> Run:
    write(tmp_path, {"main.tf": text, ".iac-ec2lint.yaml": configuration})
    return scan(".", "--select", code, *more, cwd=tmp_path)


def found(ended: Run) -> list[str]:
    assert ended.errors == []
    return [one["status"] for one in ended.report["findings"]]


ACCOUNT = {
    "ebs-encryption-by-default": (VOLUME, "DATA001"),
    "imdsv2-by-default": (INSTANCE, "IMDS001"),
    "vpc-block-public-access": (PUBLIC, "PATH001"),
}


@pytest.mark.parametrize("fact", ACCOUNT)
def test_what_the_account_does_counts_as_if_it_were_declared(tmp_path: Path, fact: str) -> None:
    text, code = ACCOUNT[fact]
    text = PROVIDER + text
    assert found(looked(tmp_path, text, code)) == ["fail"]
    assert found(looked(tmp_path, text, code, f"known: {{account: [{{{fact}: true}}]}}\n")) == []
    here = f"known: {{account: [{{regions: [eu-west-1], {fact}: true}}]}}\n"
    assert found(looked(tmp_path, text, code, here)) == []
    for nothing in (f"{{regions: [us-east-1], {fact}: true}}", f"{{{fact}: false}}"):
        text_ = f"known: {{account: [{nothing}]}}\n"
        assert found(looked(tmp_path, text, code, text_)) == ["fail"], nothing


def test_what_is_declared_counts_before_it(tmp_path: Path) -> None:
    own = 'resource "aws_ebs_encryption_by_default" "own" {\n  enabled = false\n}\n'
    said = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    assert found(looked(tmp_path, own + VOLUME, "DATA001", said)) == ["fail"]


@pytest.mark.parametrize(
    "subnet",
    ['"subnet-0123456789abcdef0"', "data.terraform_remote_state.net.outputs.subnet", "var.s"],
)
def test_where_there_is_no_default_vpc_no_subnet_is_in_it(tmp_path: Path, subnet: str) -> None:
    text = PROVIDER + ELSEWHERE.replace("SUBNET", subnet) + 'variable "s" {}\n'
    [finding] = looked(tmp_path, text, "NET003").report["findings"]
    assert finding["status"] == "undecided"
    assert "no-default-vpc" in [one["key"] for one in finding["inputs"]]
    said = "known: {account: [{regions: [REGION], no-default-vpc: true}]}\n"
    assert found(looked(tmp_path, text, "NET003", said.replace("REGION", "eu-west-1"))) == []
    elsewhere = looked(tmp_path, text, "NET003", said.replace("REGION", "us-east-1"))
    assert found(elsewhere) == ["undecided"]
    asked = run("ask", ".", "--select", "NET003", "--no-config", cwd=tmp_path).out
    assert "  account:\n    - no-default-vpc: null  # true where it is so" in asked
    # What names no subnet is launched into the default VPC, whoever says that there is none.
    named = text.replace("  subnet_id ", "  # ")
    assert found(looked(tmp_path, named, "NET003", said.replace("REGION", "eu-west-1"))) == ["fail"]


REQUIRED = {
    "imdsv2-by-default": "IMDS003",
    "snapshot-block-public-access": "IAM005",
    "image-block-public-access": "IAM004",
    "vpc-block-public-access": "NET019",
}


@pytest.mark.parametrize("fact", REQUIRED)
def test_a_setting_that_is_known_is_not_missed(tmp_path: Path, fact: str) -> None:
    code = REQUIRED[fact]
    require = ("--set", f"{code}.require=true")
    manages = 'resource "aws_ebs_encryption_by_default" "on" {}\n'
    said = f"known: {{account: [{{{fact}: true}}]}}\n"
    assert found(looked(tmp_path, manages, code, "", *require)) == ["fail"]
    assert found(looked(tmp_path, manages, code, said, *require)) == []
    # Nor does what is known make a root module one that manages settings.
    other = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    assert found(looked(tmp_path, VOLUME, code, other, *require)) == []


def test_in_templates_too(tmp_path: Path) -> None:
    template = "Resources:\n  V:\n    Type: AWS::EC2::Volume\n    Properties: {Size: 1}\n"
    said = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    for configuration, expected in (("", ["fail"]), (said, [])):
        write(tmp_path, {"t.yaml": template, ".iac-ec2lint.yaml": configuration})
        assert found(scan(".", "--select", "DATA001", cwd=tmp_path)) == expected


ELSEWHERE = """\
data "terraform_remote_state" "net" {
  backend = "s3"
}
variable "subnets" {}
resource "aws_security_group" "ssh" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "web" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  associate_public_ip_address = true
  subnet_id                   = SUBNET
  vpc_security_group_ids      = [aws_security_group.ssh.id]
}
"""


@pytest.mark.parametrize(
    ("subnet", "pattern"),
    [
        ("data.terraform_remote_state.net.outputs.a", "data.terraform_remote_state.net.outputs.a"),
        ("data.terraform_remote_state.net.outputs.a", "data.terraform_remote_state.net.**"),
        ('"subnet-0123456789abcdef0"', "subnet-0123456789abcdef0"),
        ("var.subnets[0]", "var.subnets"),
    ],
)
def test_a_subnet_that_is_known_to_be_private_is(tmp_path: Path, subnet: str, pattern: str) -> None:
    text = ELSEWHERE.replace("SUBNET", subnet)
    assert found(looked(tmp_path, text, "PATH001")) == ["undecided"]
    for so, expected in (("true", []), ("false", ["undecided"]), ("null", ["undecided"])):
        said = f"known: {{private-subnets: {{'{pattern}': {so}}}}}\n"
        assert found(looked(tmp_path, text, "PATH001", said)) == expected


def test_a_subnet_whose_routes_are_written_is_what_they_say(tmp_path: Path) -> None:
    said = "known: {private-subnets: {aws_subnet.public: true}}\n"
    assert found(looked(tmp_path, PUBLIC, "PATH001", said)) == ["fail"]


IN_A_TEMPLATE = """\
Parameters:
  Subnet: {Type: "AWS::EC2::Subnet::Id"}
Resources:
  Ssh:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: for tests
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: 0.0.0.0/0}
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: ami-0123456789abcdef0
      NetworkInterfaces:
        - DeviceIndex: "0"
          AssociatePublicIpAddress: true
          SubnetId: !Ref Subnet
          GroupSet: [!Ref Ssh]
"""


def test_ask_asks_for_it_and_not_for_the_id_that_a_parameter_has(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": IN_A_TEMPLATE})
    out = run("ask", ".", "--select", "PATH001", cwd=tmp_path).out
    assert "inputs:" not in out
    pasted = out[out.index("known:\n") :]
    for so, expected in (("null", ["undecided"]), ("true", [])):
        write(tmp_path, {".iac-ec2lint.yaml": pasted.replace("null", so)})
        ended = scan(".", "--select", "PATH001", cwd=tmp_path)
        assert found(ended) == expected
        assert ended.report["notes"] == []


@pytest.mark.parametrize("name", ["data.terraform_remote_state.net.outputs.a", "var.subnets[0]"])
def test_ask_asks_for_it(tmp_path: Path, name: str) -> None:
    write(tmp_path, {"main.tf": ELSEWHERE.replace("SUBNET", name)})
    out = run("ask", ".", "--select", "PATH001", cwd=tmp_path).out
    pasted = out[out.index("known:\n") :]
    write(tmp_path, {".iac-ec2lint.yaml": pasted})
    assert found(scan(".", "--select", "PATH001", cwd=tmp_path)) == ["undecided"]
    write(tmp_path, {".iac-ec2lint.yaml": pasted.replace("null", "true")})
    assert found(scan(".", "--select", "PATH001", cwd=tmp_path)) == []


HELD = PUBLIC.replace("[aws_security_group.ssh.id]", "GROUPS")


@pytest.mark.parametrize(
    ("groups", "closed", "expected"),
    [
        ("var.groups", "var.groups", []),
        ("var.groups", "var.others", ["undecided"]),
        ("[var.group]", "var.group", []),
        ('["sg-0123456789abcdef0"]', "sg-0123456789abcdef0", []),
        ("[data.aws_security_group.of[0].id]", "data.aws_security_group.*", []),
        ('[var.group, "sg-0123456789abcdef0"]', "var.group", ["undecided"]),
        ("[var.group, aws_security_group.ssh.id]", "var.group", ["fail"]),
    ],
)
def test_a_group_that_is_known_to_be_closed_lets_nobody_in_from_the_internet(
    tmp_path: Path, groups: str, closed: str, expected: list[str]
) -> None:
    text = HELD.replace("GROUPS", groups)
    text += 'variable "group" {}\nvariable "groups" {}\n'
    text += 'data "aws_security_group" "of" {\n  count = 1\n  name = "of"\n}\n'
    said = f"known: {{closed-groups: {{'{closed}': true}}}}\n"
    ended = looked(tmp_path, text, "PATH001", said)
    assert found(ended) == expected


def test_a_group_that_is_closed_to_the_internet_may_let_others_in(tmp_path: Path) -> None:
    text = HELD.replace("GROUPS", "[var.group]") + 'variable "group" {}\n'
    text += text[text.index('resource "aws_instance"') :].replace('"web"', '"other"')
    text = text[: text.rindex("variable")]
    said = "known: {closed-groups: {var.group: true}}\n"
    write(tmp_path, {"main.tf": text, ".iac-ec2lint.yaml": said})
    ends = ("--from", "aws_instance.web", "--to", "aws_instance.other")
    assert "undecided" in run("reach", ".", *ends, "--port", "tcp/22", cwd=tmp_path).out
    out = run("reach", ".", "--port", "tcp/22", cwd=tmp_path).out
    assert "the configuration says that var.group lets nothing in from the internet" in out


def test_ask_asks_for_groups(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": HELD.replace("GROUPS", "var.groups") + 'variable "groups" {}\n'})
    out = run("ask", ".", "--select", "PATH001", cwd=tmp_path).out
    assert "inputs:" not in out
    pasted = out[out.index("known:\n") :]
    for so, expected in (("null", ["undecided"]), ("true", [])):
        write(tmp_path, {".iac-ec2lint.yaml": pasted.replace("null", so)})
        ended = scan(".", "--select", "PATH001", cwd=tmp_path)
        assert found(ended) == expected
        assert ended.report["notes"] == []


def admits(*ranges: str) -> str:
    listed = ", ".join(f'"{one}"' for one in ranges)
    return f"""\
resource "aws_security_group" "g" {{
  ingress {{
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [{listed}]
  }}
}}
"""


@pytest.mark.parametrize(
    ("ranges", "own", "code", "expected"),
    [
        (("17.0.0.0/8",), "17.0.0.0/8", "SG010", []),
        (("17.1.0.0/16",), "17.0.0.0/8", "SG010", []),
        (("17.0.0.0/8",), "17.1.0.0/16", "SG010", ["fail"]),
        (("17.0.0.0/8", "18.0.0.0/8"), "17.0.0.0/8", "SG010", ["fail"]),
        (("0.0.0.0/0",), "17.0.0.0/8", "SG001", ["fail"]),
        (("17.0.0.0/8",), "17.0.0.0/8", "SG011", []),
    ],
)
def test_nobody_else_comes_from_ranges_of_ones_own(
    tmp_path: Path, ranges: tuple[str, ...], own: str, code: str, expected: list[str]
) -> None:
    said = f"known: {{ranges: [{own}]}}\n"
    assert found(looked(tmp_path, admits(*ranges), code, said)) == expected


@pytest.mark.parametrize(
    ("known", "words"),
    [
        ("{ranges: [0.0.0.0/0]}", "wider than a /8"),
        ("{ranges: [2000::/3]}", "wider than a /20"),
        (
            "{ranges: [203.0.113.0/24, 8.0.0.0/8]}",
            "with '8.0.0.0/8' the ranges hold more than a /8",
        ),
        ("{ranges: [10.0.0.1/8]}", "no range"),
        ("{ranges: [office]}", "does not match"),
        ("{account: [{ebs-encryption: true}]}", "did you mean ebs-encryption-by-default?"),
        ("{private-subnet: {a: true}}", "did you mean private-subnets?"),
        ("{private-subnets: {a: maybe}}", "private-subnets"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, known: str, words: str) -> None:
    ended = looked(tmp_path, admits("0.0.0.0/0"), "SG001", f"\nknown: {known}\n")
    assert [(one["path"], one["line"]) for one in ended.errors] == [(".iac-ec2lint.yaml", 2)]
    assert words in ended.errors[0]["message"]
    assert [one["status"] for one in ended.report["findings"]] == ["fail"]


def test_a_policy_can_forbid_it(tmp_path: Path) -> None:
    policy = write(tmp_path / "team", {"policy.yaml": "forbid: {known: true}\n"}) / "policy.yaml"
    said = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    ended = looked(tmp_path / "r", VOLUME, "DATA001", said, "--policy-config", str(policy))
    [error] = ended.errors
    assert error["message"] == "the policy does not let this configuration say what is known"
    assert [one["status"] for one in ended.report["findings"]] == ["fail"]


def test_it_is_shown_among_what_is_in_effect(tmp_path: Path) -> None:
    write(tmp_path, {".iac-ec2lint.yaml": "known: {ranges: [198.51.100.0/24]}\n"})
    out = run("config", "show", cwd=tmp_path).out
    assert "known: {ranges: [198.51.100.0/24]}  # .iac-ec2lint.yaml:1" in out


def test_what_counts_on_somebodys_word_is_said_and_what_counts_nowhere_is_a_note(
    tmp_path: Path,
) -> None:
    said = """\
inputs:
  var.encrypted: true
  var.nothing: 4
known:
  ranges: [198.51.100.0/24, 203.0.113.0/24]
  private-subnets:
    data.*.net.outputs.private*: true
    data.*.net.outputs.other: true
  account:
    - {regions: [eu-west-1], imdsv2-by-default: true}
    - {regions: [us-east-1], imdsv2-by-default: true}
"""
    text = f'{PROVIDER}variable "encrypted" {{}}\n' + VOLUME.replace(
        "size = 1", "encrypted = var.encrypted"
    )
    subnet = "data.terraform_remote_state.net.outputs.private_subnets[0]"
    text += ELSEWHERE.replace("0.0.0.0/0", "198.51.100.0/25").replace("SUBNET", subnet)
    ended = looked(tmp_path, text, "DATA001", said)
    assert [(one["key"], one["line"]) for one in ended.report["summary"]["stated"]] == [
        ("var.encrypted", 2),
        ("ranges: 198.51.100.0/24", 5),
        ("private-subnets: data.*.net.outputs.private*", 7),
        ("account: imdsv2-by-default", 10),
    ]
    notes = [(one["name"], one["line"]) for one in ended.report["notes"]]
    assert notes == [("input", 3), ("known", 5), ("known", 8), ("known", 11)]
    out = run("scan", ".", "--select", "DATA001", "--show-notes", cwd=tmp_path).out
    words = "4 things taken as said in .iac-ec2lint.yaml: var.encrypted, ranges: 198.51.100.0/24"
    assert f"stated      {words}" in out
    assert "nothing that is judged has to do with ranges: 203.0.113.0/24" in " ".join(out.split())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-amd64-server-20260901", []),
        ("ubuntu/images/hvm-ssd/ubuntu-trusty-14.04-amd64-server-20190101", ["fail"]),
        ("ours-1", ["undecided"]),
    ],
)
def test_what_is_said_of_an_image_decides(tmp_path: Path, name: str, expected: list[str]) -> None:
    day = ("--set", "UPD006.today=2026-11-01")
    [finding] = looked(tmp_path, INSTANCE, "UPD006", "", *day).report["findings"]
    assert [one["key"] for one in finding["inputs"]] == ["ami-0123456789abcdef0"]
    asked = run("ask", ".", "--select", "UPD006", "--no-config", cwd=tmp_path).out
    assert "  images:\n    ami-0123456789abcdef0: null  # its name" in asked
    said = f"known: {{images: {{ami-0123456789abcdef0: {name}}}}}\n"
    ended = looked(tmp_path, INSTANCE, "UPD006", said, *day)
    assert found(ended) == expected
    assert [one["name"] for one in ended.report["notes"]] == []
    other = looked(tmp_path, INSTANCE, "UPD006", said.replace("0123", "9123"), *day)
    assert (found(other), [one["name"] for one in other.report["notes"]]) == (
        ["undecided"],
        ["known"],
    )


ELSEWHERE_FACTS = [
    ("VPCE001", "endpoints-elsewhere"),
    ("VPCE002", "endpoints-elsewhere"),
    ("NET001", "no-public-address-elsewhere"),
    ("PATH001", "no-public-address-elsewhere"),
    ("NET004", "flow-logs-elsewhere"),
]


@pytest.mark.parametrize(("code", "fact"), ELSEWHERE_FACTS)
def test_what_is_declared_elsewhere_is_somebodys_word(tmp_path: Path, code: str, fact: str) -> None:
    subnet = "data.terraform_remote_state.net.outputs.subnet"
    text = PROVIDER + ELSEWHERE.replace("SUBNET", subnet)
    text = text.replace("  associate_public_ip_address = true\n", "")
    text += 'data "aws_vpc" "net" {\n  id = "vpc-0123456789abcdef0"\n}\n'
    [finding] = looked(tmp_path, text, code).report["findings"]
    assert finding["status"] == "undecided"
    assert fact in [one["key"] for one in finding["inputs"]]
    said = f"known: {{account: [{{{fact}: true}}]}}\n"
    assert found(looked(tmp_path, text, code, said)) == []


@pytest.mark.parametrize(
    ("code", "kind", "used"),
    [
        ("SG018", "aws_security_group", 'output "x" { value = [aws_security_group.x] }\n'),
        ("SG018", "aws_security_group", 'data "aws_security_group" "any" {}\n'),
        ("NET016", "aws_eip", 'output "x" { value = [aws_eip.x] }\n'),
        ("NET016", "aws_eip", 'module "m" {\n  source = "a/b/aws"\n  ip     = aws_eip.x\n}\n'),
    ],
)
def test_what_others_are_told_of_is_used_by_somebodys_word(
    tmp_path: Path, code: str, kind: str, used: str
) -> None:
    text = f'{PROVIDER}resource "{kind}" "x" {{}}\n'
    [finding] = looked(tmp_path, text + used, code).report["findings"]
    assert {one["key"] for one in finding["inputs"]} == {"used-elsewhere"}
    said = "known: {account: [{used-elsewhere: true}]}\n"
    assert found(looked(tmp_path, text + used, code, said)) == []
    assert found(looked(tmp_path, text, code, said)) == ["fail"]


def test_it_says_nothing_of_a_vpc_that_is_declared_here(tmp_path: Path) -> None:
    said = "known: {account: [{endpoints-elsewhere: true}]}\n"
    assert found(looked(tmp_path, PUBLIC, "VPCE001", said)) == ["fail"]


def test_nor_of_a_subnet_or_a_launch_that_gives_an_address_here(tmp_path: Path) -> None:
    said = "known: {account: [{no-public-address-elsewhere: true}]}\n"
    assert found(looked(tmp_path, PUBLIC, "NET001", said)) == ["fail"]


def test_encryption_by_default_settles_what_an_image_leaves_open(tmp_path: Path) -> None:
    looked_up = 'data "aws_ami" "own" {\n  owners = ["self"]\n}\n'
    text = PROVIDER + looked_up + INSTANCE.replace('"ami-0123456789abcdef0"', "data.aws_ami.own.id")
    [finding] = looked(tmp_path, text, "DATA001").report["findings"]
    assert finding["status"] == "undecided"
    assert [one["key"] for one in finding["inputs"]] == ["ebs-encryption-by-default"]
    said = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    assert found(looked(tmp_path, text, "DATA001", said)) == []


def test_it_does_so_where_the_root_volume_is_described(tmp_path: Path) -> None:
    looked_up = 'data "aws_ami" "own" {\n  owners = ["self"]\n}\n'
    text = PROVIDER + looked_up + INSTANCE.replace('"ami-0123456789abcdef0"', "data.aws_ami.own.id")
    text = text.rstrip().removesuffix("}") + "  root_block_device {\n    volume_size = 8\n  }\n}\n"
    [finding] = looked(tmp_path, text, "DATA001").report["findings"]
    assert [one["key"] for one in finding["inputs"]] == ["ebs-encryption-by-default"]
    said = "known: {account: [{ebs-encryption-by-default: true}]}\n"
    assert found(looked(tmp_path, text, "DATA001", said)) == []
