"""The states that configurations of Terragrunt write, and who reads them.

Source of what is expected: Terragrunt's reference, ``remote_state``; "The terraform_remote_state
Data Source" of the Terraform language.
"""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

ROOT = """
remote_state {
  backend = "s3"
  generate = {
    path      = "backend.tf"
    if_exists = "overwrite_terragrunt"
  }
  config = {
    bucket = "acme-state"
    key    = "${path_relative_to_include()}/terraform.tfstate"
    region = "eu-west-1"
  }
}
"""
UNIT = """
include "root" {
  path = find_in_parent_folders("root.hcl")
}
terraform {
  source = "../../../modules/%s"
}
"""
READS = """
data "terraform_remote_state" "defaults" {
  backend = "s3"
  config = {
    bucket = "acme-state"
    key    = "%s/defaults/terraform.tfstate"
    region = "eu-west-1"
  }
}
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = data.terraform_remote_state.defaults.outputs.encrypted
}
"""
DEFAULTS = """
variable "encrypted" {
  type = bool
}
output "encrypted" {
  value = var.encrypted
}
"""


def outcome(encrypted: str, more: dict[str, str]) -> list[tuple[str, str | None, tuple[str, ...]]]:
    tree = {
        "root.hcl": ROOT,
        "modules/defaults/main.tf": DEFAULTS,
        "live/prod/defaults/terragrunt.hcl": UNIT % "defaults"
        + f"inputs = {{ encrypted = {encrypted} }}\n",
    }
    report = scan_project({**tree, **more}, select=("DATA001",))
    assert not report.errors
    return [(one.status.value, one.when, one.missing) for one in report.findings]


READER = {
    "modules/disk/main.tf": 'variable "stage" {}\n' + READS % "live/${var.stage}",
    "live/prod/disk/terragrunt.hcl": UNIT % "disk" + 'inputs = { stage = "prod" }\n',
}
PLAIN = {"plain/main.tf": READS % "live/prod"}


@pytest.mark.parametrize(
    ("files", "when"),
    [(READER, "deployed with live/prod/disk/terragrunt.hcl"), (PLAIN, None)],
    ids=["another unit", "a root module without Terragrunt"],
)
def test_a_state_is_that_of_the_unit_whose_key_it_has(
    files: dict[str, str], when: str | None
) -> None:
    [(status, under, _)] = outcome("false", files)
    assert (status, under) == ("fail", when)


def test_a_configuration_that_is_read_may_say_which_state_it_is() -> None:
    unit = """
locals {
  common = read_terragrunt_config(find_in_parent_folders("state.hcl"))
}
remote_state = local.common.remote_state
terraform {
  source = "../../../modules/defaults"
}
inputs = { encrypted = false }
"""
    state = ROOT.replace("${path_relative_to_include()}", "live/prod/defaults")
    more = {"state.hcl": state, "live/prod/defaults/terragrunt.hcl": unit}
    [(status, _, _)] = outcome("false", {**PLAIN, **more})
    assert status == "fail"


def test_a_backend_that_is_generated_says_which_state_it_is() -> None:
    root = """
generate "backend" {
  path      = "backend.tf"
  if_exists = "overwrite"
  contents  = <<EOF
terraform {
  backend "s3" {
    bucket = "acme-state"
    key    = "${path_relative_to_include()}/terraform.tfstate"
  }
}
EOF
}
"""
    [(status, _, _)] = outcome("false", {**PLAIN, "root.hcl": root})
    assert status == "fail"


@pytest.mark.parametrize("files", [READER, PLAIN])
def test_a_state_makes_nothing_safe(files: dict[str, str]) -> None:
    [(status, _, missing)] = outcome("true", files)
    assert status == "undecided"
    assert missing[0].startswith("safe if live/prod/")


@pytest.mark.parametrize(
    "root",
    [
        pytest.param(ROOT.replace("acme-state", "${get_aws_account_id()}"), id="bucket not known"),
        pytest.param(ROOT.replace("acme-state", "other"), id="another bucket"),
        pytest.param(ROOT.replace("path_relative_to_include()", 'get_env("X")'), id="key"),
    ],
)
def test_a_state_that_is_not_known_to_be_the_same_is_not_read(root: str) -> None:
    [(status, when, _)] = outcome("false", {**PLAIN, "root.hcl": root})
    assert (status, when) == ("undecided", None)
