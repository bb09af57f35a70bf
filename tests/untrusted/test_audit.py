"""An audit hook sees what is opened, listed, connected and started, whatever is scanned."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, PATIENCE, PLAIN_VOLUME, REPOSITORY, environment, write

pytestmark = pytest.mark.slow

_RUN = """\
import json, os, sys

log = open(sys.argv[1], "a", buffering=1)
PLACES = {"open", "os.listdir", "os.scandir", "os.rename", "os.remove", "os.link", "os.symlink"}
OTHERS = ("socket.", "subprocess.", "os.exec", "os.system", "os.posix_spawn", "os.spawn", "urllib.")

def note(event, arguments):
    if event in PLACES and isinstance(arguments[0], (str, bytes, type(None))):
        place = os.path.abspath(os.fsdecode(arguments[0] or "."))
        folder, name = os.path.split(place)
        named = os.path.join(os.path.realpath(folder), name)
        log.write(json.dumps([event, named, os.path.realpath(place)]) + "\\n")
    elif event.startswith(OTHERS):
        log.write(json.dumps([event, repr(arguments), ""]) + "\\n")

sys.addaudithook(note)

from iac_ec2lint.cli.main import program

for command in json.loads(sys.argv[2]):
    try:
        program(command, prog_name="iac-ec2lint")
    except SystemExit:
        pass
"""

_TEMPTATIONS = """\
terraform {
  backend "http" {
    address = "http://127.0.0.1:9/state"
  }
}
locals {
  environment = file("/proc/self/environ")
  home        = file("~/.aws/credentials")
  beside      = file("${path.root}/../home/secret")
  absolute    = file("${abspath(path.root)}/../home/secret")
  linked      = templatefile("way/secret", { a = 1 })
  encoded     = filebase64("way/secret")
  hashed      = filesha256("way/secret")
  listed      = fileset("way", "**")
  around      = fileset("..", "**")
  all         = fileset(".", "**")
  there       = fileexists("way/secret")
  ignored     = file(".env")
  excluded    = file("excluded")
  gits        = file(".git/config")
  gits_linked = file("gits/config")
}
module "registry" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.0.0"
}
module "git" {
  source = "git::https://127.0.0.1:9/module.git?ref=v1"
}
module "beside" {
  source = "../home"
}
module "linked" {
  source = "./way"
}
module "installed" {
  source = "example/installed/aws"
}
module "of_git" {
  source = "./.git"
}
data "http" "address" {
  url = "http://127.0.0.1:9/"
}
data "external" "program" {
  program = ["python3", "-c", "pass"]
}
data "local_file" "beside" {
  filename = "../home/secret"
}
data "terraform_remote_state" "network" {
  backend = "local"
  config  = { path = "../home/state" }
}
resource "aws_security_group" "quoting" {
  for_each = toset(local.all)
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "${local.environment}${local.beside}${local.linked}${local.gits}"
    cidr_blocks = [local.absolute]
  }
}
"""

_TEMPLATE = """\
Resources:
  Web:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: "https://127.0.0.1:9/nested.yaml"}
  Beside:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: ../home/stack.yaml}
  Linked:
    Type: AWS::CloudFormation::Stack
    Properties: {TemplateURL: way/stack.yaml}
  Asset:
    Type: AWS::CloudFormation::Stack
    Metadata: {"aws:asset:path": ../home/stack.yaml, "aws:asset:property": TemplateURL}
    Properties: {TemplateURL: "https://a/b.json"}
  Volume:
    Type: AWS::EC2::Volume
    Properties:
      AvailabilityZone: eu-west-1a
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: ../home/stack.yaml}}
  Bucket:
    Type: AWS::EC2::Volume
    Properties:
      Fn::Transform: {Name: AWS::Include, Parameters: {Location: s3://a/b.yaml}}
"""

_STACK = "Resources: {V: {Type: AWS::EC2::Volume, Properties: {Encrypted: false}}}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A work tree full of ways out, beside what a job keeps in its home folder."""
    installed = [{"Key": "installed", "Source": "", "Dir": "../home"}]
    assets = {"files": {"a" * 64: {"source": {"path": "../../home/stack.yaml"}}}}
    write(
        tmp_path,
        {
            "home/main.tf": OPEN_SSH,
            "home/secret": "secret",
            "home/state": "{}",
            "home/stack.yaml": _STACK,
            "home/sub/main.tf": OPEN_SSH,
            "tree/.git/config": "secret",
            "tree/.git/main.tf": OPEN_SSH,
            "tree/.git/index": b"DIRC\0\0\0\2\0\0\0\0" + bytes(20),
            "tree/.git/info/exclude": "excluded\n",
            "tree/.gitignore": ".env\n",
            "tree/.env": "secret",
            "tree/excluded": "secret",
            "tree/main.tf": _TEMPTATIONS,
            "tree/open.tf": OPEN_SSH,
            "tree/stack.yaml": _TEMPLATE,
            "tree/cdk.out/a.assets.json": json.dumps(assets),
            "tree/cdk.out/a.template.json": json.dumps(
                {
                    "Resources": {
                        "N": {
                            "Type": "AWS::CloudFormation::Stack",
                            "Properties": {"TemplateURL": f"https://b/{'a' * 64}.json"},
                        }
                    }
                }
            ),
            "tree/.terraform/modules/modules.json": json.dumps({"Modules": installed}),
            "tree/grunt/terragrunt.hcl": 'terraform {\n  source = "../../home//sub"\n}\n',
            "tree/plan.json": json.dumps({"format_version": "1.2", "planned_values": {}}),
            "tree/volume/main.tf": PLAIN_VOLUME,
        },
    )
    for name, target in (
        ("way", "../home"),
        ("gits", ".git"),
        ("secret.tf", "../home/main.tf"),
        ("git.tf", ".git/main.tf"),
        ("prod.auto.tfvars", "../home/secret"),
        ("plain", "../home/secret"),
        ("linked.yaml", "../home/stack.yaml"),
        ("out.json", "../home/out.json"),
        ("volume/home", "../../home"),
    ):
        (tmp_path / "tree" / name).symlink_to(target)
    return tmp_path / "tree"


COMMANDS = (
    ("scan", ".", "--format", "json", "--branches", "all", "--output", "sarif=report"),
    ("scan", ".", "--format", "github", "--jobs", "2"),
    ("scan", ".", "--hcl-parser", "python-hcl2", "--output", "out.json"),
    ("scan", "main.tf", "secret.tf", "git.tf", "plain", "way", "gits", "linked.yaml", "plan.json"),
    ("scan", "plan.json", "--source-root", "way"),
    ("scan", ".git"),
    ("values", ".", "--all"),
    ("reach", "."),
    ("graph", ".", "--output", "graph.svg"),
    ("graph", "volume", "--format", "json"),
    ("checks",),
    ("explain", "SG001"),
)


def events(tree: Path, commands: tuple[tuple[str, ...], ...]) -> list[tuple[str, str, str]]:
    log = tree.parent / "events"
    program = write(tree.parent / "bin", {"run.py": _RUN}) / "run.py"
    secrets = {"HOME": str(tree.parent / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    subprocess.run(
        [sys.executable, str(program), str(log), json.dumps(commands)],
        cwd=tree,
        env=environment(secrets),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=PATIENCE,
        check=False,
    )
    lines = log.read_text("utf-8").splitlines()
    return [(event, place, real) for event, place, real in map(json.loads, lines)]


def strays(tree: Path, commands: tuple[tuple[str, ...], ...]) -> set[tuple[str, str]]:
    """The events at places that belong neither to the tree nor to the program, and all others."""
    own = {sys.prefix, sys.base_prefix, str(REPOSITORY), os.devnull}
    own.update(filter(None, [os.environ.get("PYTHONPYCACHEPREFIX")]))
    own.update(os.path.realpath(place) for place in sys.path if place)
    asked = {f"{tree}/.git/{name}" for name in ("index", "info/exclude")}
    allowed = [*own, str(tree), str(tree.parent / "bin")]
    found: set[tuple[str, str]] = set()
    for event, place, real in events(tree, commands):
        inside = any(place == top or place.startswith(f"{top}/") for top in allowed)
        led_away = place.startswith(f"{tree}/") and not real.startswith(f"{tree}/")
        of_git = f"{real}/".startswith(f"{tree}/.git/") and real not in asked
        if not inside or led_away or of_git:
            found.add((event, place))
    return found


def test_nothing_outside_the_boundary_is_opened_or_listed(tree: Path) -> None:
    seen = events(tree, COMMANDS[:1])
    assert ("open", str(tree / "open.tf"), str(tree / "open.tf")) in seen, "the hook sees the scan"
    assert strays(tree, COMMANDS) == set()
    assert sorted(path.name for path in (tree.parent / "home").iterdir()) == [
        *("main.tf", "secret", "stack.yaml", "state", "sub"),
    ]


def test_nor_without_a_work_tree(tree: Path) -> None:
    (tree / ".git").rename(tree.parent / "git")
    assert strays(tree, COMMANDS[:4]) == set()
