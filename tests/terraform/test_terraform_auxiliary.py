"""What is declared beside resources: providers, backends, outputs, provisioners, remote states."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypeVar

import pytest
from tests.cli.program import run, scan, write
from tests.terraform.conftest import plain

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.units import UnitGraph, UnitWalk
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.resources.backend import Backend, RemoteState, S3Backend
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.output import Output
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.provider import LockedProvider, Provider, RequiredProviders, side_of
from iac_ec2lint.resources.provisioner import NullResource, connections, provisioners
from iac_ec2lint.values import Unknown

R = TypeVar("R", bound=Resource)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path


def analysed(folder: Path, files: dict[str, str], path: str = ".") -> UnitGraph:
    write(folder, files)
    return next(UnitWalk(Inputs(paths=(folder / path,), working=folder)).graphs())


def graph(folder: Path, text: str, **files: str) -> Graph:
    return analysed(folder, {"main.tf": text, **files}).graph


def the(found: Graph, kind: type[R]) -> R:
    [one] = found.all(kind)
    return one


def test_provider_configurations_have_addresses_places_and_values(folder: Path) -> None:
    text = """\
variable "region" { default = "eu-central-1" }
provider "aws" {
  region              = var.region
  allowed_account_ids = ["111122223333"]
  assume_role {
    role_arn    = "arn:aws:iam::111122223333:role/deploy"
    external_id = "x"
  }
  default_tags {
    tags = { team = "a" }
  }
  endpoints {
    sts = "http://localhost:4566"
  }
}
provider "aws" {
  alias  = "west"
  region = "us-west-2"
}
provider "google" {}
"""
    found = graph(folder, text)
    default, west = found.all(Provider)
    assert (default.address, west.address) == ("provider.aws", "provider.aws.west")
    assert (default.scope, west.scope) == ("aws", "aws.west")
    assert (default.declared.region, west.declared.region) == ("eu-central-1", "us-west-2")
    assert plain(default.region) == "eu-central-1"
    assert [plain(one) for one in default.allowed_account_ids] == ["111122223333"]
    assert plain(default.assumed_roles[0].external_id) == "x"
    assert plain(default.default_tags) == {"team": "a"}
    [endpoints] = default.endpoints
    assert {k: plain(v) for k, v in endpoints.by_service.items()} == {
        "sts": "http://localhost:4566"
    }
    assert default.span.line == 2
    assert west.place("region").span.line == 18
    assert found.get("provider.aws.west") is west
    assert found.unit.regions == {"eu-central-1", "us-west-2"}


def test_a_provider_under_another_local_name_is_known_by_its_source(folder: Path) -> None:
    text = """\
terraform {
  required_providers {
    amazon = { source = "hashicorp/aws" }
  }
}
provider "amazon" { region = "eu-central-1" }
"""
    provider = the(graph(folder, text), Provider)
    assert (provider.type, provider.address) == ("provider.aws", "provider.amazon")


@pytest.mark.parametrize(
    ("constraint", "side"),
    [
        ("~> 5.40", "before"),
        ("~> 5.40.1", "before"),
        ("5.94.0", "before"),
        ("= 5.94.0", "before"),
        ("< 6.0", "before"),
        (">= 4.0, < 6.0.0", "before"),
        ("<= 5.9", "before"),
        ("< 6.1", ""),
        ("<= 6.0", ""),
        (">= 4.0", ""),
        ("!= 5.0", ""),
        ("nonsense", ""),
        (">= 6.0", "from"),
        ("~> 6.1", "from"),
        (">= 4.0, != 5.1, >= 6.2", "from"),
        ("6.3.0", "from"),
    ],
)
def test_a_constraint_leaves_versions_on_one_side_or_on_both(
    folder: Path, constraint: str, side: str
) -> None:
    text = f"""\
terraform {{
  required_providers {{
    amazon = {{
      source  = "hashicorp/aws"
      version = "{constraint}"
    }}
    random = {{
      source  = "hashicorp/random"
      version = "~> 3.0"
    }}
  }}
}}
"""
    required = the(graph(folder, text), RequiredProviders)
    assert required.address == "terraform.required_providers"
    assert side_of(required.version_of("aws"), 6) == side


def test_a_constraint_may_be_the_whole_requirement(folder: Path) -> None:
    text = 'terraform {\n  required_providers {\n    aws = "~> 5.0"\n  }\n}\n'
    required = the(graph(folder, text), RequiredProviders)
    assert (required.version_of("aws"), required.version_of("random")) == ("~> 5.0", "")


def test_the_lock_file_says_what_version_is_selected(folder: Path) -> None:
    lock = """\
provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.94.1"
  constraints = ">= 4.0.0"
  hashes = [
    "h1:dYdnGlaCJONFyGk/t3Y4iJzQ8EiJr2DaDdZ/2JV5PZU=",
  ]
}

provider "registry.terraform.io/hashicorp/random" {
  version = "3.6.0"
}
"""
    (folder / ".terraform.lock.hcl").write_text(lock)
    locked = tuple(graph(folder, 'resource "aws_vpc" "main" {}\n').all(LockedProvider))
    assert [(one.address, one.provider) for one in locked] == [
        ("terraform.provider_lock.aws", "aws"),
        ("terraform.provider_lock.random", "random"),
    ]
    assert [plain(one.version) for one in locked] == ["5.94.1", "3.6.0"]


def test_a_backend_is_that_of_the_root_module(folder: Path) -> None:
    text = """\
terraform {
  backend "s3" {
    bucket = "states"
    key    = "network.tfstate"
    assume_role = { role_arn = "arn:aws:iam::111122223333:role/states" }
  }
}
module "child" { source = "./child" }
"""
    child = 'terraform {\n  backend "local" {}\n}\n'
    backend = the(graph(folder, text, **{"child/main.tf": child}), Backend)
    assert isinstance(backend, S3Backend)
    assert backend.address == "terraform.backend.s3"
    assert plain(backend.encrypt) is False
    assert plain(backend.assumed_roles[0].role_arn) == "arn:aws:iam::111122223333:role/states"
    assert backend.place("bucket").span.line == 3


def test_a_backend_that_is_configured_elsewhere_has_no_bucket_here(folder: Path) -> None:
    backend = the(graph(folder, 'terraform {\n  backend "s3" {}\n}\n'), S3Backend)
    assert backend.bucket is None
    assert backend.key is None


def test_an_override_file_replaces_the_backend(folder: Path) -> None:
    files = {
        "main.tf": 'terraform {\n  backend "s3" {}\n}\n',
        "override.tf": "terraform {\n  cloud {}\n}\n",
    }
    assert the(analysed(folder, files).graph, Backend).address == "terraform.cloud"


def test_json_syntax_has_them_too(folder: Path) -> None:
    files = {
        "main.tf.json": json.dumps(
            {
                "terraform": {"backend": {"s3": {"bucket": "states", "key": "x"}}},
                "provider": {"aws": [{"region": "eu-central-1"}, {"alias": "b"}]},
                "output": {"x": {"value": "${1 + 1}"}},
                "resource": {
                    "null_resource": {"x": {"provisioner": [{"local-exec": {"command": "echo"}}]}}
                },
            }
        )
    }
    found = analysed(folder, files).graph
    assert plain(the(found, S3Backend).bucket) == "states"
    assert [one.address for one in found.all(Provider)] == ["provider.aws", "provider.aws.b"]
    assert plain(the(found, Output).value) == 2
    [provisioner] = provisioners(the(found, NullResource))
    assert (provisioner.label, plain(provisioner.command)) == ("local-exec", "echo")


def test_outputs_of_all_modules_have_their_values(folder: Path) -> None:
    text = """\
module "key" {
  source   = "./key"
  for_each = toset(["a"])
  name     = each.key
}
output "pem" {
  value       = module.key["a"].pem
  description = "the key"
}
"""
    key = """\
variable "name" {}
output "pem" {
  value     = "pem of ${var.name}"
  sensitive = true
}
"""
    unit = analysed(folder, {"main.tf": text, "key/main.tf": key})
    inner, outer = unit.graph.all(Output)
    assert (inner.address, outer.address) == ('module.key["a"].output.pem', "output.pem")
    assert (plain(inner.sensitive), plain(outer.sensitive)) == (True, False)
    assert plain(outer.value) == plain(inner.value) == "pem of a"
    assert outer.value is not None
    assert outer.value.marks, "Terraform wants this one to be sensitive as well"
    assert unit.unit.secrets == {"pem of a"}
    assert outer.value.span.path == "key/main.tf"
    assert [step.span.path for step in inner.declared.callers] == ["main.tf"]


def test_nothing_is_evaluated_that_nobody_asks_for(folder: Path) -> None:
    unit = analysed(folder, {"main.tf": 'output "x" {\n  value = nothing.there.is\n}\n'})
    assert unit.unit.diagnostics == []
    value = the(unit.graph, Output).value
    assert isinstance(value, Unknown)
    assert len(unit.unit.diagnostics) == 1


def test_provisioners_have_labels_and_connections(folder: Path) -> None:
    text = """\
resource "tls_private_key" "web" { algorithm = "ED25519" }
resource "aws_instance" "web" {
  ami = "ami-0123456789abcdef0"
  connection {
    host        = self.public_ip
    user        = "ec2-user"
    private_key = tls_private_key.web.private_key_openssh
  }
  provisioner "local-exec" {
    command = "echo ${self.ami}"
    when    = destroy
  }
  provisioner "remote-exec" {
    inline = ["sudo true", "sudo false"]
    connection {
      host     = "192.0.2.1"
      password = "x"
    }
  }
}
"""
    unit = analysed(folder, {"main.tf": text})
    instance = the(unit.graph, Instance)
    local, remote = provisioners(instance)
    assert (local.label, remote.label) == ("local-exec", "remote-exec")
    assert plain(local.command) == "echo ami-0123456789abcdef0"
    assert [plain(line) for line in remote.inline] == ["sudo true", "sudo false"]
    assert plain(remote.connection.password) == "x"
    assert remote.place("inline").span.line == 14
    assert not local.connection.written
    [connection] = connections(instance)
    assert plain(connection.user) == "ec2-user"
    assert plain(connection.type) == "ssh"
    assert connection.private_key is not None
    assert unit.unit.diagnostics == []


def test_a_remote_state_says_where_it_is(folder: Path) -> None:
    text = """\
data "terraform_remote_state" "network" {
  backend = "s3"
  config = {
    bucket = "states"
    key    = "network.tfstate"
    region = "eu-central-1"
  }
}
"""
    state = the(graph(folder, text), RemoteState)
    assert state.address == "data.terraform_remote_state.network"
    assert plain(state.backend) == "s3"
    assert plain(state.config.bucket) == "states"
    assert plain(state.config.encrypt) is False


EVERYTHING = """\
terraform {
  backend "s3" {
    bucket = "states"
    key    = "x"
  }
}
provider "aws" { region = "eu-central-1" }
data "terraform_remote_state" "network" {
  backend = "local"
}
resource "null_resource" "x" {}
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "main" {
  vpc_id     = data.terraform_remote_state.network.outputs.vpc_id
  cidr_block = "10.0.1.0/24"
}
output "vpc" { value = aws_vpc.main.id }
"""


def test_none_of_them_is_drawn_or_counted(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": EVERYTHING})
    nodes = json.loads(run("graph", ".", "--format", "json", cwd=tmp_path).out)["nodes"]
    assert [node["id"] for node in nodes] == [
        "aws_subnet.main",
        "aws_vpc.main",
        "data.terraform_remote_state.network.outputs.vpc_id",
    ]
    assert scan(".", cwd=tmp_path).report["summary"]["resources"] == 2
    found = analysed(tmp_path, {}).graph
    assert {type(one).__name__ for one in found.all(Resource)} == {"Vpc", "Subnet", "External"}
    assert len([*found.all(Provider, S3Backend, RemoteState, NullResource, Output)]) == 5


PLAN = {
    "format_version": "1.2",
    "terraform_version": "1.9.0",
    "planned_values": {
        "outputs": {
            "vpc": {"sensitive": False, "value": "vpc-0123456789abcdef0"},
            "password": {"sensitive": True, "value": "hunter2-hunter2"},
        },
        "root_module": {},
    },
    "resource_changes": [],
    "configuration": {
        "provider_config": {
            "aws": {
                "name": "aws",
                "full_name": "registry.terraform.io/hashicorp/aws",
                "expressions": {"region": {"constant_value": "eu-central-1"}},
            },
            "aws.west": {
                "name": "aws",
                "full_name": "registry.terraform.io/hashicorp/aws",
                "alias": "west",
                "expressions": {
                    "assume_role": [{"role_arn": {"constant_value": "arn"}}],
                    "region": {"references": ["var.region"]},
                },
            },
            "module.net:aws": {
                "name": "aws",
                "full_name": "registry.terraform.io/hashicorp/aws",
                "module_address": "module.net",
            },
        },
        "root_module": {
            "outputs": {
                "vpc": {"expression": {"references": ["aws_vpc.main.id"]}},
                "password": {"expression": {}, "sensitive": True, "description": "d"},
                "later": {"expression": {"references": ["aws_vpc.main.arn", "aws_vpc.main"]}},
            }
        },
    },
}


def test_a_plan_without_sources_tells_of_providers_and_outputs(folder: Path) -> None:
    unit = analysed(folder, {"plan.json": json.dumps(PLAN)}, "plan.json")
    found = unit.graph
    default, west = found.all(Provider)
    assert (default.address, west.address) == ("provider.aws", "provider.aws.west")
    assert plain(default.region) == default.declared.region == "eu-central-1"
    assert isinstance(west.region, Unknown)
    assert plain(west.assumed_roles[0].role_arn) == "arn"
    later, password, vpc = found.all(Output)
    assert plain(vpc.value) == "vpc-0123456789abcdef0"
    assert plain(password.sensitive) is True
    assert isinstance(later.value, Unknown)
    assert "hunter2-hunter2" in unit.unit.secrets
    assert unit.resources == 0


def test_a_plan_beside_its_sources_has_all_that_they_declare(folder: Path) -> None:
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {"root_module": {}},
        "resource_changes": [],
        "configuration": {
            "root_module": {"resources": [{"mode": "managed", "type": "aws_vpc", "name": "main"}]}
        },
    }
    files = {"plan.json": json.dumps(plan), "main.tf": EVERYTHING}
    unit = analysed(folder, files, "plan.json")
    assert unit.unit.kind == "plan"
    backend = the(unit.graph, S3Backend)
    assert (plain(backend.bucket), backend.span.path) == ("states", "main.tf")
    assert backend.declared.unit == unit.unit.path
    assert the(unit.graph, Provider).place("region").span.line == 7
    assert the(unit.graph, Output).address == "output.vpc"
