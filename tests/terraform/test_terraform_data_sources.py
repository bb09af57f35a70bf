"""What data sources and paths tell for certain, without AWS and on any machine."""

from __future__ import annotations

from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.terraform.identifiers import WORKED_OUT
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.resources.data_sources import READERS
from iac_ec2lint.values import Reference, Value

PROVIDERS = """
variable "region" { default = "eu-west-1" }
provider "aws" {
  region = var.region
  assume_role { role_arn = "arn:aws:iam::123456789012:role/deploy" }
}
provider "aws" {
  alias               = "cn"
  region              = "cn-north-1"
  allowed_account_ids = ["210987654321"]
}
provider "aws" { alias = "none" }
"""


def test_partition_and_names_follow_from_the_region(workspace: Workspace) -> None:
    workspace.evaluate(
        PROVIDERS
        + """
data "aws_partition" "here" {}
data "aws_partition" "cn" { provider = aws.cn }
data "aws_partition" "gov" { region = "us-gov-west-1" }
data "aws_partition" "none" { provider = aws.none }
data "aws_region" "here" {}
data "aws_region" "named" { name = "sa-east-1" }
locals {
  here  = [data.aws_partition.here.partition, data.aws_partition.here.dns_suffix]
  cn    = [data.aws_partition.cn.id, data.aws_partition.cn.dns_suffix,
           data.aws_partition.cn.reverse_dns_prefix]
  gov   = data.aws_partition.gov.partition
  none  = data.aws_partition.none.partition
  names = [data.aws_region.here.name, data.aws_region.here.region, data.aws_region.named.name]
}"""
    )
    assert workspace.plain("here") == ["aws", "amazonaws.com"]
    assert workspace.plain("cn") == ["aws-cn", "amazonaws.com.cn", "cn.com.amazonaws"]
    assert workspace.plain("gov") == "aws-us-gov"
    assert unknown(workspace.local("none")).cause == "data-source"
    assert workspace.plain("names") == ["eu-west-1", "eu-west-1", "sa-east-1"]
    here = workspace.local("here")
    assert isinstance(here, Value)
    assert any(step.assumed for step in here.elements()[0].via)
    assert workspace.messages() == []


def test_the_account_is_that_of_the_role_or_the_only_one_accepted(workspace: Workspace) -> None:
    workspace.evaluate(
        PROVIDERS
        + """
data "aws_caller_identity" "role" {}
data "aws_caller_identity" "only" { provider = aws.cn }
data "aws_caller_identity" "none" { provider = aws.none }
locals {
  role = data.aws_caller_identity.role.account_id
  only = data.aws_caller_identity.only.account_id
  none = data.aws_caller_identity.none.account_id
  arn  = data.aws_caller_identity.role.arn
}"""
    )
    assert workspace.plain("role") == "123456789012"
    assert workspace.plain("only") == "210987654321"
    assert isinstance(workspace.local("none"), Reference)
    assert isinstance(workspace.local("arn"), Reference)


def test_the_name_of_an_endpoint_service_is_known_as_far_as_its_region(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        PROVIDERS
        + """
data "aws_vpc_endpoint_service" "known" { service = "s3" }
data "aws_vpc_endpoint_service" "part" {
  service  = "ec2messages"
  provider = aws.none
}
data "aws_vpc_endpoint_service" "named" { service_name = "com.example.x" }
data "aws_vpc_endpoint_service" "other" { service = "sagemaker.notebook" }
locals {
  known = data.aws_vpc_endpoint_service.known.service_name
  part  = data.aws_vpc_endpoint_service.part.service_name
  named = data.aws_vpc_endpoint_service.named.service_name
  other = data.aws_vpc_endpoint_service.other.service_name
}"""
    )
    assert workspace.plain("known") == "com.amazonaws.eu-west-1.s3"
    part = unknown(workspace.local("part"))
    assert [p if isinstance(p, str) else None for p in part.parts] == [
        "com.amazonaws.",
        None,
        ".ec2messages",
    ]
    assert workspace.plain("named") == "com.example.x"
    assert unknown(workspace.local("other")).parts == ()


def test_a_provider_that_asks_for_its_own_region_ends(workspace: Workspace) -> None:
    workspace.evaluate(
        'data "aws_region" "r" {}\nprovider "aws" { region = data.aws_region.r.name }\n'
        "locals { x = data.aws_region.r.name }"
    )
    unknown(workspace.local("x"))


def test_the_start_of_an_unknown_list_has_the_length_that_is_asked_for(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        """data "aws_availability_zones" "all" {}
        variable "zones" { type = list(string) }
        locals {
          zones = slice(data.aws_availability_zones.all.names, 0, 3)
          cidrs = [for k, z in local.zones : cidrsubnet("10.0.0.0/16", 8, k)]
          given = length(slice(var.zones, 1, 3))
          safe  = try(slice(var.zones, 0, 2), ["x"])
        }"""
    )
    assert workspace.plain("cidrs") == ["10.0.0.0/24", "10.0.1.0/24", "10.0.2.0/24"]
    assert workspace.plain("given") == 2
    zones = workspace.local("zones")
    assert isinstance(zones, Value)
    first = unknown(zones.elements()[0])
    assert isinstance(first, Reference)
    assert (first.target, first.attribute) == ("data.aws_availability_zones.all", "names[0]")
    assert first.reason == "data.aws_availability_zones.all.names[0] is read from AWS"
    unknown(workspace.local("safe"))


def test_template_file_renders(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": """data "aws_ami" "a" {}
            data "template_file" "t" {
              template = file("t.tpl")
              vars     = { name = "x", ami = data.aws_ami.a.id }
            }
            data "template_file" "bad" { template = "$${" }
            locals {
              t   = data.template_file.t.rendered
              bad = data.template_file.bad.rendered
            }""",
            "t.tpl": "#!/bin/sh\necho ${name} ${ami}\n",
        }
    )
    parts = unknown(workspace.local("t")).parts
    assert [p if isinstance(p, str) else None for p in parts] == ["#!/bin/sh\necho x ", None, "\n"]
    assert unknown(workspace.local("bad")).cause == "error"
    assert len(workspace.messages()) == 1


def test_a_null_data_source_hands_on_what_goes_in(workspace: Workspace) -> None:
    workspace.evaluate(
        """data "null_data_source" "n" { inputs = { cidr = "0.0.0.0/0" } }
        locals { cidr = data.null_data_source.n.outputs["cidr"] }"""
    )
    assert workspace.plain("cidr") == "0.0.0.0/0"


# Paths.


def test_path_cwd_is_the_root_modules_folder_and_rests_on_that(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "a/complete/main.tf": """locals {
              name  = "ex-${basename(path.cwd)}"
              up    = basename(dirname(path.cwd))
              top   = basename(dirname(dirname(path.cwd)))
              text  = file("${path.cwd}/x.txt")
              up_to = file("${dirname(path.cwd)}/y.txt")
              here  = templatefile(abspath("t.tpl"), { n = 1 })
              sum   = filemd5("${path.cwd}/x.txt")
              both  = abspath(path.root) == abspath(".")
              all   = fileset("${path.cwd}/..", "*.txt")
            }""",
            "a/complete/x.txt": "hello",
            "a/y.txt": "up",
            "a/complete/t.tpl": "${n}",
        },
        root="a/complete",
    )
    assert workspace.plain("name") == "ex-complete"
    name = workspace.local("name")
    assert [s.words for s in name.via if s.assumed] == [
        "Terraform is run in the root module's folder"
    ]
    assert workspace.plain("up") == "a"
    assert workspace.plain("text") == "hello"
    assert workspace.plain("up_to") == "up"
    assert workspace.plain("here") == 1
    assert workspace.plain("sum") == "5d41402abc4b2a76b9719d911017c592"
    assert workspace.plain("all") == ["y.txt"]
    # Where the checkout lies, and what it is called, differs from machine to machine.
    unknown(workspace.local("top"))
    assert workspace.messages() == []


def test_absolute_paths_do_not_lead_out_of_the_boundary(workspace: Workspace) -> None:
    (workspace.folder.parent / "secret.txt").write_text("the secret")
    workspace.evaluate(
        """locals {
          a = file("${path.cwd}/../secret.txt")
          b = file("${path.cwd}secret.txt")
          c = abspath("../x")
        }"""
    )
    for name in "ab":
        unknown(workspace.local(name))
    assert unknown(workspace.local("c")).parts == ()
    (message,) = workspace.messages()
    assert "outside the boundary" in message
    assert "the secret" not in message


def test_the_last_step_of_a_partly_known_path_is_known(workspace: Workspace) -> None:
    workspace.evaluate(
        """variable "x" {}
        locals {
          known = basename("${var.x}/scripts/boot.sh")
          part  = basename("${var.x}-boot.sh")
          up    = dirname("${var.x}/boot.sh")
        }"""
    )
    assert workspace.plain("known") == "boot.sh"
    unknown(workspace.local("part"))
    unknown(workspace.local("up"))


def test_the_workspace_is_what_is_given(workspace: Workspace) -> None:
    text = 'locals { x = terraform.workspace == "prod" ? "a" : "b" }'
    workspace.evaluate(text)
    assert [plain(c) for c in unknown(workspace.local("x")).candidates] == ["a", "b"]
    workspace.evaluate(text, options=RootModuleOptions(workspace="prod"))
    assert workspace.plain("x") == "a"


def test_the_parts_of_a_boot_script_are_kept_though_not_how_they_are_packed(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        """variable "on" { type = bool }
        data "cloudinit_config" "c" {
          part {
            content_type = "text/x-shellscript"
            content      = "#!/bin/sh\\ncurl http://169.254.169.254/"
          }
          dynamic "part" {
            for_each = var.on ? [1] : []
            content { content = "echo" }
          }
        }
        locals { x = data.cloudinit_config.c.rendered }"""
    )
    value = unknown(workspace.local("x"))
    assert value.cause == "data-source"
    script = unknown(value.decoded)
    header = 'Content-Type: multipart/mixed; boundary="MIMEBOUNDARY"\n'
    assert script.parts[0] == (
        f"{header}\n--MIMEBOUNDARY\nContent-Type: text/x-shellscript\n\n"
        "#!/bin/sh\ncurl http://169.254.169.254/"
        "\n--MIMEBOUNDARY\nContent-Type: text/plain\n\n"
    )
    assert script.parts[2:] == ("\n--MIMEBOUNDARY--\n",)


def test_the_principal_of_a_service_is_known_in_commercial_regions(workspace: Workspace) -> None:
    workspace.evaluate(
        PROVIDERS
        + """
data "aws_service_principal" "here" { service_name = "ec2" }
data "aws_service_principal" "cn" {
  service_name = "ec2"
  provider     = aws.cn
}
locals {
  here = [data.aws_service_principal.here.name, data.aws_service_principal.here.suffix]
  cn   = data.aws_service_principal.cn.name
}"""
    )
    assert workspace.plain("here") == ["ec2.amazonaws.com", "amazonaws.com"]
    unknown(workspace.local("cn"))


def test_what_is_named_by_its_id_is_the_resource_of_this_unit(workspace: Workspace) -> None:
    workspace.evaluate(
        """
variable "elsewhere" {}
resource "aws_vpc" "v" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" {
  count      = 2
  vpc_id     = aws_vpc.v.id
  cidr_block = cidrsubnet(aws_vpc.v.cidr_block, 8, count.index)
}
data "aws_vpc" "v" { id = aws_vpc.v.id }
data "aws_vpc" "other" { id = var.elsewhere }
data "aws_vpc" "of_a_subnet" { id = aws_subnet.s[0].id }
data "aws_subnet" "s" {
  for_each = { a = aws_subnet.s[0].id, b = aws_subnet.s[1].id }
  id       = each.value
}
locals {
  blocks = [data.aws_vpc.v.cidr_block, data.aws_subnet.s["b"].cidr_block]
  vpc    = data.aws_subnet.s["a"].vpc_id
  other  = data.aws_vpc.other.cidr_block
  wrong  = data.aws_vpc.of_a_subnet.cidr_block
}"""
    )
    assert workspace.plain("blocks") == ["10.0.0.0/16", "10.0.1.0/24"]
    vpc = workspace.local("vpc")
    assert isinstance(vpc, Reference)
    assert (vpc.target, vpc.attribute) == ("aws_vpc.v", "id")
    assert unknown(workspace.local("other")).cause == "data-source"
    assert unknown(workspace.local("wrong")).cause == "data-source"


def test_all_tags_are_those_of_the_provider_and_its_own_over_them(workspace: Workspace) -> None:
    workspace.evaluate(
        """
variable "team" {}
provider "aws" {
  default_tags {
    tags = { Env = "prod", Team = var.team, Owner = null }
  }
}
provider "aws" {
  alias = "left_out"
  default_tags { tags = { Env = "prod" } }
  ignore_tags { keys = ["Env"] }
}
data "aws_default_tags" "here" {}
data "aws_default_tags" "left_out" { provider = aws.left_out }
resource "aws_vpc" "own" {
  cidr_block = "10.0.0.0/16"
  tags       = { Env = "dev", Name = "own" }
}
resource "aws_vpc" "none" { cidr_block = "10.1.0.0/16" }
locals {
  here     = data.aws_default_tags.here.tags["Env"]
  keys     = keys(data.aws_default_tags.here.tags)
  own      = aws_vpc.own.tags_all["Env"]
  none     = aws_vpc.none.tags_all["Env"]
  names    = keys(aws_vpc.own.tags_all)
  team     = aws_vpc.own.tags_all["Team"]
  left_out = data.aws_default_tags.left_out.tags
}
"""
    )
    assert plain(workspace.local("here")) == "prod"
    assert plain(workspace.local("keys")) == ["Env", "Team"]
    assert plain(workspace.local("own")) == "dev"
    assert plain(workspace.local("none")) == "prod"
    assert plain(workspace.local("names")) == ["Env", "Name", "Team"]
    assert unknown(workspace.local("team")).reason == "var.team has no value"
    assert isinstance(workspace.local("left_out"), Reference)


def test_without_a_provider_block_nobody_knows_its_tags(workspace: Workspace) -> None:
    workspace.evaluate(
        'data "aws_default_tags" "here" {}\nlocals { tags = data.aws_default_tags.here.tags }\n'
    )
    assert isinstance(workspace.local("tags"), Reference)


def test_what_is_computed_is_what_is_told_as_computed() -> None:
    assert READERS.keys() == WORKED_OUT
