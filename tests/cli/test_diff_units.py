"""``diff`` judges only what a change can touch, and misses nothing by that."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, run, write
from tests.cli.test_diff import CLOSED, commit, diff, git, new

from iac_ec2lint.answers.scanning import workers

pytestmark = pytest.mark.slow

FROM_FILE = OPEN_SSH.replace('["0.0.0.0/0"]', "[READ]")
EXPORTING = """\
Parameters: {Range: {Type: String, Default: RANGE}}
Resources:
  Vpc: {Type: AWS::EC2::VPC, Properties: {CidrBlock: 10.0.0.0/16}}
Outputs:
  Range: {Value: !Ref Range, Export: {Name: range}}
"""
IMPORTING = """\
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: a group
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !ImportValue range}
"""
STATE = """\
data "terraform_remote_state" "net" {
  backend = "local"
  config  = { path = "../net/terraform.tfstate" }
}
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "-q", "-b", "main")
    write(folder, {f"other{n}/main.tf": CLOSED for n in range(3)})
    return folder


def judged(folder: Path, before: dict[str, str], after: dict[str, str]) -> tuple[list[str], int]:
    """The files with new findings, and how many units were judged for it."""
    base, head = commit(folder, before), commit(folder, after)
    ended = diff(folder, base, head, "-f", "json")
    return [path for _, path in new(ended)], json.loads(ended.out)["summary"]["units"]


def test_a_change_of_one_root_module_leaves_the_others(repository: Path) -> None:
    assert judged(repository, {"a/main.tf": CLOSED}, {"a/main.tf": OPEN_SSH}) == (["a/main.tf"], 1)


def test_a_large_change_is_judged_in_several_processes(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "_ALONE", 0)
    monkeypatch.setattr(workers, "_PAYS", 1e-9)
    monkeypatch.setattr(os, "cpu_count", lambda: 2)
    before, after = ({f"{one}/main.tf": text for one in "ab"} for text in (CLOSED, OPEN_SSH))
    assert judged(repository, before, after) == (["a/main.tf", "b/main.tf"], 2)


def test_a_change_of_what_is_no_units_file_touches_nothing(repository: Path) -> None:
    assert judged(repository, {"README.md": "a"}, {"README.md": "b"}) == ([], 0)


def test_a_change_of_a_module_touches_all_that_call_it(repository: Path) -> None:
    call = 'module "m" {\n  source = "../m"\n}\n'
    files = {"a/main.tf": call, "b/main.tf": call, "m/main.tf": CLOSED}
    assert judged(repository, files, {"m/main.tf": OPEN_SSH}) == (["m/main.tf"], 2)


@pytest.mark.parametrize(
    "read",
    [
        'file("${path.module}/ranges.txt")',
        'file("./ranges.txt")',
        'file("${path.module}/${var.name}.txt")',
        'file(join("", ["${path.module}/", "rang", "es.txt"]))',
        '[for f in fileset(path.module, "*.txt") : file("${path.module}/${f}")][0]',
        'templatefile("${path.module}/all.tftpl", {})',
    ],
)
def test_a_file_that_a_function_reads_is_the_units_too(repository: Path, read: str) -> None:
    main = 'variable "name" { default = "ranges" }\n' + FROM_FILE.replace("READ", read)
    files = {"a/main.tf": main, "a/ranges.txt": "10.0.0.0/8"}
    files["a/all.tftpl"] = '${file("./ranges.txt")}'
    assert judged(repository, files, {"a/ranges.txt": "0.0.0.0/0"}) == (["a/main.tf"], 1)


def test_a_file_of_another_name_is_not(repository: Path) -> None:
    main = FROM_FILE.replace("READ", 'file("${path.module}/ranges.txt")')
    files = {"a/main.tf": main, "a/ranges.txt": "10.0.0.0/8", "b/notes.txt": "a"}
    assert judged(repository, files, {"b/notes.txt": "0.0.0.0/0"}) == ([], 0)


def test_values_of_variables_are_a_units_files(repository: Path) -> None:
    main = 'variable "range" {}\n' + FROM_FILE.replace("READ", "var.range")
    files = {"a/main.tf": main, "a/terraform.tfvars": 'range = "10.0.0.0/8"\n'}
    changed = {"a/terraform.tfvars": 'range = "0.0.0.0/0"\n'}
    assert judged(repository, files, changed)[1] == 1
    assert judged(repository, files, changed)[0] == ["a/terraform.tfvars"]


def test_files_of_values_that_the_configuration_names_touch_all(repository: Path) -> None:
    main = 'variable "range" {}\n' + FROM_FILE.replace("READ", "var.range")
    files = {"a/main.tf": main, "values.tfvars": 'range = "10.0.0.0/8"\n'}
    files[".iac-ec2lint.yaml"] = "variable-files: [values.tfvars]\n"
    assert judged(repository, files, {"values.tfvars": 'range = "0.0.0.0/0"\n'})[1] == 4


def test_a_stack_is_touched_by_what_it_imports(repository: Path) -> None:
    files = {"net.yaml": EXPORTING.replace("RANGE", "10.0.0.0/8"), "app.yaml": IMPORTING}
    after = {"net.yaml": EXPORTING.replace("RANGE", "0.0.0.0/0")}
    paths, units = judged(repository, files, after)
    assert units == 2
    assert len(paths) == 1


def test_what_a_touched_stack_nests_by_its_url_is_judged_too(repository: Path) -> None:
    nesting = """\
Resources:
  Net:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://s3.amazonaws.com/bucket/net.yaml"}
"""
    files = {"net.yaml": EXPORTING.replace("RANGE", "10.0.0.0/8"), "all.yaml": nesting}
    assert judged(repository, files, {"all.yaml": f"# changed\n{nesting}"}) == ([], 2)


def test_a_root_module_is_touched_by_the_state_that_it_reads(repository: Path) -> None:
    app = STATE + FROM_FILE.replace("READ", "data.terraform_remote_state.net.outputs.range")
    net = 'output "range" {\n  value = "10.0.0.0/8"\n}\n'
    after = {"net/main.tf": net.replace("10.0.0.0/8", "0.0.0.0/0")}
    paths, units = judged(repository, {"app/main.tf": app, "net/main.tf": net}, after)
    assert (len(paths), units) == (1, 2)


def test_what_is_not_called_any_more_is_judged_by_itself(repository: Path) -> None:
    call = 'module "m" {\n  source = "../m"\n  count = 1\n  range = "10.0.0.0/8"\n}\n'
    module = 'variable "range" { default = "0.0.0.0/0" }\n' + FROM_FILE.replace("READ", "var.range")
    files = {"a/main.tf": call, "m/main.tf": module}
    paths, _ = judged(repository, files, {"a/main.tf": call.replace("count = 1", "count = 0")})
    assert paths == ["m/main.tf"]


def test_what_fails_in_one_unit_is_undecided_in_another_all_the_same(repository: Path) -> None:
    call = 'variable "what" {}\nmodule "m" {\n  source = "../m"\n}\n'
    log = """\
resource "aws_flow_log" "all" {
  vpc_id               = module.m.id
  log_destination_type = "s3"
  log_destination      = "arn:aws:s3:::logs"
  traffic_type         = "ALL"
}
"""
    vpc = 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n}\n'
    vpc += 'output "id" { value = aws_vpc.a.id }\n'
    files = {"m/main.tf": vpc, "without/main.tf": call, "with/main.tf": call + log}
    base = commit(repository, files)
    unknown = {"with/main.tf": call + log.replace('"ALL"', "var.what")}
    for other in ({}, {"without/main.tf": f"# touched\n{call}"}):  # judged, and not
        head = commit(repository, {**unknown, **other})
        ended = run("diff", base, head, "--select", "NET004", "-f", "json", cwd=repository)
        [found] = json.loads(ended.out)["findings"]
        assert (found["check"], found["status"], found["path"]) == (
            "NET004",
            "undecided",
            "m/main.tf",
        )


def test_a_link_leads_to_what_it_touches(repository: Path) -> None:
    write(repository, {"shared/main.tf": CLOSED, "a/other.tf": "# nothing\n"})
    (repository / "a/main.tf").symlink_to("../shared/main.tf")
    paths, units = judged(repository, {}, {"shared/main.tf": OPEN_SSH})
    assert units == 2
    assert "a/main.tf" in paths


def test_in_the_work_tree_what_git_does_not_track_counts(repository: Path) -> None:
    base = commit(repository, {"a/main.tf": CLOSED})
    write(repository, {"a/more.tf": OPEN_SSH.replace('"open"', '"more"')})
    ended = diff(repository, base, "-f", "json")
    assert new(ended) == [("SG001", "a/more.tf")]
    assert json.loads(ended.out)["summary"]["units"] == 1


SHARED = """\
variable "vpc" {}
resource "aws_security_group" "ssh" {
  vpc_id = var.vpc
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = ["0.0.0.0/0"]
  }
}
output "id" { value = aws_security_group.ssh.id }
"""
PUBLIC = """\
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_internet_gateway" "a" { vpc_id = aws_vpc.a.id }
resource "aws_subnet" "a" {
  vpc_id     = aws_vpc.a.id
  cidr_block = "10.0.0.0/24"
}
resource "aws_default_route_table" "a" {
  default_route_table_id = aws_vpc.a.default_route_table_id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.a.id
  }
}
module "shared" {
  source = "../shared"
  vpc    = aws_vpc.a.id
}
resource "aws_instance" "host" {
  ami                         = "ami-0123456789abcdef0"
  instance_type               = "t3.micro"
  subnet_id                   = aws_subnet.a.id
  vpc_security_group_ids      = [module.shared.id]
  associate_public_ip_address = true
}
"""
PRIVATE = PUBLIC.replace("true", "false")


@pytest.mark.parametrize("touched", [True, False])
def test_what_another_unit_has_at_the_same_place_hides_nothing_and_adds_nothing(
    repository: Path, touched: bool
) -> None:
    """The group of the module is as bad in one unit before as it becomes in the other."""
    other = {"a/main.tf": f"# touched\n{PUBLIC}"} if touched else {}
    base = commit(repository, {"shared/main.tf": SHARED, "a/main.tf": PUBLIC, "b/main.tf": PRIVATE})
    head = commit(repository, {"b/main.tf": PUBLIC, **other})
    ended = run("diff", base, head, "--select", "SG001", "-f", "json", cwd=repository)
    [found] = json.loads(ended.out)["findings"]
    assert found["severity"] == "high"
    assert [one["unit"] for one in found["subjects"]] == ["b"]
    back = run("diff", head, base, "--select", "SG001", "-f", "json", cwd=repository)
    assert [f["severity"] for f in json.loads(back.out)["findings"]] == []


@pytest.mark.parametrize("touched", [True, False])
def test_what_is_new_is_as_bad_as_it_is_where_it_is_new(repository: Path, touched: bool) -> None:
    """The group is worse in another unit, where it is known."""
    other = {"a/main.tf": f"# touched\n{PUBLIC}"} if touched else {}
    closed = PRIVATE.replace('"../shared"', '"../shared"\n  count  = 0').replace(
        "[module.shared.id]", "[]"
    )
    base = commit(repository, {"shared/main.tf": SHARED, "a/main.tf": PUBLIC, "b/main.tf": closed})
    head = commit(repository, {"b/main.tf": PRIVATE, **other})
    ended = run("diff", base, head, "--select", "SG001", "-f", "json", cwd=repository)
    [found] = json.loads(ended.out)["findings"]
    assert (found["severity"], found["message"].count("aws_instance.host")) == ("low", 1)
    assert ended.status == 0
