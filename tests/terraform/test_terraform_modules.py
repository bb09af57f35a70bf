"""Modules, variables, repetition, overrides: from files to declarations."""

from __future__ import annotations

import json

import pytest
from tests.invariance.projects import scan_project
from tests.terraform.conftest import WANTED, Workspace, declared, plain, unknown

from iac_ec2lint.source.budget import HINT, SPENT
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules
from iac_ec2lint.values import Reference, Unknown, Value, walk

# Variables.


def test_variables_come_from_the_nearest_source(workspace: Workspace) -> None:
    files = {
        "main.tf": "".join(f'variable "{name}" {{ default = "default" }}\n' for name in "abcdefg")
        + "locals { all = [var.a, var.b, var.c, var.d, var.e, var.f, var.g] }",
        "terraform.tfvars": 'b = "tfvars"\nc = "tfvars"\nd = "tfvars"\ne = "tfvars"\nf = "tfvars"',
        "terraform.tfvars.json": '{"c": "json", "d": "json", "e": "json", "f": "json"}',
        "x.auto.tfvars": 'd = "auto"\ne = "auto"\nf = "auto"',
        "given.tfvars": 'e = "file"\nf = "file"',
    }
    workspace.evaluate(
        files,
        options=RootModuleOptions(
            var_files=(workspace.folder / "given.tfvars",),
            variables=(("f", "text"),),
            environment={"TF_VAR_g": "environment", "TF_VAR_b": "environment"},
        ),
    )
    assert workspace.plain("all") == [
        "default",
        "tfvars",
        "json",
        "auto",
        "file",
        "text",
        "environment",
    ]


def test_a_variable_knows_where_its_value_is_written(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'variable "a" {\n  default = "x"\n}\nvariable "b" {}\n'
            "locals {\n  a = var.a\n  b = var.b\n}",
            "terraform.tfvars": '\nb = "y"',
        }
    )
    a, b = workspace.local("a"), workspace.local("b")
    assert (a.span.path, a.span.line, a.span.text) == ("main.tf", 2, '"x"')
    assert [(s.words, s.assumed) for s in a.via] == [
        ('default of variable "a"', True),
        ("local.a", False),
    ]
    assert (b.span.path, b.span.line, b.span.text) == ("terraform.tfvars", 2, '"y"')
    assert [(s.words, s.assumed) for s in b.via] == [
        ('variable "b" in terraform.tfvars', False),
        ("local.b", False),
    ]


def test_a_variable_without_a_value_is_unknown_and_says_so(workspace: Workspace) -> None:
    workspace.evaluate('variable "cidr" {}\nlocals { x = "${var.cidr}/32" }')
    value = unknown(workspace.local("x"))
    assert (value.reason, value.cause) == ("var.cidr has no value", "variable")
    assert workspace.messages() == []


def test_types_convert_and_fill_in_optional_attributes(workspace: Workspace) -> None:
    workspace.evaluate(
        """variable "rules" {
          type = list(object({
            port  = number
            cidrs = optional(set(string), ["10.0.0.0/8"])
            note  = optional(string)
          }))
          default = [{ port = "22" }, { port = 80, cidrs = ["b", "a", "b"], extra = 1 }]
        }
        locals { x = var.rules }"""
    )
    assert workspace.plain("x") == [
        {"cidrs": ["10.0.0.0/8"], "note": None, "port": 22},
        {"cidrs": ["a", "b"], "note": None, "port": 80},
    ]


def test_a_value_of_the_wrong_type_is_an_error_where_it_is_written(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'variable "ports" { type = list(number) }\nlocals { x = var.ports }',
            "terraform.tfvars": 'ports = ["ssh"]',
        }
    )
    assert unknown(workspace.local("x")).cause == "error"
    assert [(d.path, d.line, d.column, d.message) for d in unit.diagnostics] == [
        (
            "terraform.tfvars",
            1,
            9,
            'the value of variable "ports" does not fit: element 0: number required',
        )
    ]


def test_null_for_a_variable_that_is_not_nullable_is_its_default(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  a = null\n  b = null\n}\n'
            "locals { x = [module.m.a, module.m.b] }",
            "m/main.tf": 'variable "a" {\n  default = "d"\n  nullable = false\n}\n'
            'variable "b" { default = "d" }\n'
            'output "a" { value = var.a }\noutput "b" { value = var.b }',
        }
    )
    assert workspace.plain("x") == ["d", None]


# Modules.


def test_values_go_into_a_module_and_come_out(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'locals { wide = "0.0.0.0/0" }\n'
            'module "web" {\n  source = "./web"\n  cidr = local.wide\n}\n'
            "locals { out = module.web.group }",
            "web/main.tf": 'variable "cidr" { type = string }\n'
            'resource "aws_security_group" "this" {\n'
            "  ingress {\n    cidr_blocks = [var.cidr]\n  }\n}\n"
            'output "group" { value = aws_security_group.this.id }',
        }
    )
    group = declared(unit, "module.web.aws_security_group.this")
    (ingress,) = group.body.sections("ingress")
    blocks = ingress.get("cidr_blocks")
    assert isinstance(blocks, Value)
    (cidr,) = blocks.elements()
    assert (cidr.span.path, cidr.span.line, cidr.span.text) == ("main.tf", 1, '"0.0.0.0/0"')
    assert [s.words for s in cidr.via] == ["local.wide", 'argument "cidr" of module.web']
    assert [(s.words, s.span.line) for s in group.callers] == [("module.web is called here", 2)]
    out = workspace.local("out")
    assert isinstance(out, Reference)
    assert (out.target, out.attribute) == ("module.web.aws_security_group.this", "id")


def test_count_and_for_each_make_instances_with_their_keys(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": """
resource "aws_subnet" "counted" {
  count      = 2
  cidr_block = "10.0.${count.index}.0/24"
}
resource "aws_subnet" "named" {
  for_each   = { b = "10.2.0.0/16", a = "10.1.0.0/16" }
  cidr_block = each.value
}
resource "aws_vpc" "none" {
  count = 0
}
module "m" {
  source   = "./m"
  for_each = toset(["x\\"y"])
  name     = each.key
}
resource "aws_instance" "one" {
  subnet_id = aws_subnet.counted[1].id
  all       = aws_subnet.counted[*].cidr_block
  more      = [for k, s in aws_subnet.named : "${k}-${s.cidr_block}"]
  size      = length(aws_subnet.named)
}""",
            "m/main.tf": 'variable "name" {}\n'
            'resource "aws_security_group" "g" { name = var.name }',
        }
    )
    assert [d.address for d in unit.declarations] == [
        "aws_subnet.counted[0]",
        "aws_subnet.counted[1]",
        'aws_subnet.named["a"]',
        'aws_subnet.named["b"]',
        "aws_instance.one",
        'module.m["x\\"y"].aws_security_group.g',
    ]
    body = declared(unit, "aws_instance.one").body
    subnet = body.get("subnet_id")
    assert isinstance(subnet, Reference)
    assert subnet.target == "aws_subnet.counted[1]"
    assert plain(body.get("all")) == ["10.0.0.0/24", "10.0.1.0/24"]
    assert plain(body.get("more")) == ["a-10.1.0.0/16", "b-10.2.0.0/16"]
    assert plain(body.get("size")) == 2


def test_an_unknown_count_is_one_possible_instance(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        """variable "create" { type = bool }
        variable "names" { type = map(string) }
        resource "aws_vpc" "a" { count = var.create ? 1 : 0 }
        resource "aws_vpc" "b" { for_each = var.names
          tags = { Name = each.value } }
        locals {
          ids = [aws_vpc.a[0].id, one(aws_vpc.a[*].id), aws_vpc.b["k"].id]
          all = aws_vpc.a[*].id
          n   = length(aws_vpc.a)
        }"""
    )
    a, b = declared(unit, "aws_vpc.a"), declared(unit, "aws_vpc.b")
    assert (a.presence.certain, a.presence.when) == (False, "var.create is true")
    assert (b.presence.certain, b.presence.when) == (False, "var.names is not empty")
    ids = workspace.local("ids")
    assert isinstance(ids, Value)
    targets = [[r.target for r in unknown(e).references] for e in ids.elements()]
    assert targets == [["aws_vpc.a"], ["aws_vpc.a"], ["aws_vpc.b"]]
    assert [r.target for e in workspace.local("all").elements() for r in unknown(e).references] == [
        "aws_vpc.a"
    ]
    unknown(workspace.local("n"))


def test_a_possible_module_makes_its_resources_possible(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'variable "on" {}\n'
            'module "m" {\n  source = "./m"\n  count = var.on ? 1 : 0\n}',
            "m/main.tf": 'resource "aws_vpc" "a" {}',
        }
    )
    (vpc,) = unit.declarations
    assert (vpc.address, vpc.presence.when) == ("module.m.aws_vpc.a", "var.on is true")


def test_errors_in_what_may_not_be_there_are_not_reported(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        """variable "n" { type = number }
        resource "aws_vpc" "a" {
          count      = var.n
          cidr_block = element([], count.index)
        }"""
    )
    assert unknown(declared(unit, "aws_vpc.a").body.get("cidr_block")).cause != "error"
    assert unit.diagnostics == []


def test_for_each_over_a_list_is_an_error_and_the_resource_stays(workspace: Workspace) -> None:
    unit = workspace.evaluate('resource "aws_vpc" "a" { for_each = ["x"] }')
    assert [d.message for d in unit.diagnostics] == [
        "for_each needs a map, or a set of strings; toset() makes a set of a list"
    ]
    assert not declared(unit, "aws_vpc.a").presence.certain


def test_a_whole_resource_goes_through_an_output(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'module "n" { source = "./n" }\n'
            "locals {\n  id = module.n.vpc.id\n  cidr = module.n.vpc.cidr_block\n"
            "  all = { for k, v in module.n.all : k => v.cidr_block }\n}",
            "n/main.tf": 'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\n'
            'resource "aws_subnet" "s" {\n  for_each = toset(["x"])\n  cidr_block = each.key\n}\n'
            'output "vpc" { value = aws_vpc.a }\noutput "all" { value = aws_subnet.s }',
        }
    )
    identity = workspace.local("id")
    assert isinstance(identity, Reference)
    assert identity.target == "module.n.aws_vpc.a"
    cidr = workspace.local("cidr")
    assert plain(cidr) == "10.0.0.0/16"
    assert cidr.of is not None
    assert cidr.of.target == "module.n.aws_vpc.a"
    assert workspace.plain("all") == {"x": "x"}


def test_a_reference_survives_an_attribute_that_is_written_but_unknown(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        'variable "p" {}\nresource "aws_iam_role" "r" { name = "${var.p}-r" }\n'
        "locals { x = aws_iam_role.r.name }"
    )
    value = workspace.local("x")
    assert isinstance(value, Reference)
    assert (value.target, value.attribute, value.cause) == ("aws_iam_role.r", "name", "variable")
    assert [p for p in value.parts if isinstance(p, str)] == ["-r"]


@pytest.mark.parametrize("empty", ["libs", ""], ids=["an empty folder", "no folder"])
def test_a_module_in_a_submodule_that_is_not_checked_out_is_not_available(
    workspace: Workspace, empty: str
) -> None:
    if empty:
        (workspace.folder / empty).mkdir()
    unit = workspace.evaluate(
        {
            ".gitmodules": '[submodule "libs"]\n\tpath = libs\n\turl = ../libs.git\n'
            '[submodule "out"]\n\tpath = ../out\n[submodule "here"]\n\tpath = there\n',
            "there/other/main.tf": "",
            "main.tf": 'module "a" {\n  source = "./libs/a"\n  x = 1\n}\n'
            'module "b" {\n  source = "./libs"\n  x = 1\n}\n'
            'module "c" {\n  source = "./there/c"\n}\n'
            "locals {\n  a = module.a.out\n  b = module.b.out.inner\n}",
        }
    )
    missing = "libs, a git submodule that is not checked out"
    assert list(unit.modules_unavailable) == [missing]
    # One that is checked out, and has no such folder, is an error.
    assert [(d.line, d.message.split(": ")[1]) for d in unit.diagnostics] == [
        (10, "there/c does not exist"),
    ]
    for name, source in (("a", "./libs/a"), ("b", "./libs")):
        assert f"{source} lies in {missing}" in str(unknown(workspace.local(name)))


def test_a_module_that_is_not_there_is_an_error_at_its_source(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "in/main.tf": 'module "a" {\n  source = "./missing"\n}\n'
            'module "b" {\n  source = "../../outside"\n}\n'
            'module "c" {\n  source = "./."\n}\n'
            "locals { x = module.a.out }",
        },
        root="in",
    )
    assert [(d.line, d.column, d.message.split(": ")[1]) for d in unit.diagnostics] == [
        (2, 12, "in/missing does not exist"),
        (5, 12, "../outside lies outside the boundary ."),
        (8, 12, "in is called in a circle (in > in), which Terraform refuses"),
    ]
    assert unknown(workspace.local("x")).cause == "module"
    assert unit.modules_unavailable == {}


def test_a_remote_module_is_read_where_init_has_put_it(workspace: Workspace) -> None:
    files = {
        "main.tf": 'module "vpc" {\n  source  = "x/vpc/aws"\n  version = "1.2.3"\n}\n'
        "locals { id = module.vpc.vpc_id }",
    }
    unit = workspace.evaluate(files)
    assert {k: v.line for k, v in unit.modules_unavailable.items()} == {"x/vpc/aws 1.2.3": 2}
    value = unknown(workspace.local("id"))
    assert value.cause == "module"
    assert value.reason == "module.vpc.vpc_id: module x/vpc/aws is not on the disk"
    assert unit.diagnostics == []
    installed = ".terraform/modules/vpc"
    manifest = {
        "Modules": [
            {"Key": "", "Dir": "."},
            {"Key": "vpc", "Source": "x/vpc/aws", "Version": "1.2.3", "Dir": installed},
            {"Key": "vpc.inner", "Dir": "../../elsewhere"},
        ]
    }
    unit = workspace.evaluate(
        {
            **files,
            ".terraform/modules/modules.json": json.dumps(manifest),
            ".terraform/modules/vpc/main.tf": 'resource "aws_vpc" "a" {}\n'
            'module "inner" { source = "x/inner/aws" }\n'
            'output "vpc_id" { value = aws_vpc.a.id }',
        }
    )
    assert [d.address for d in unit.declarations] == ["module.vpc.aws_vpc.a"]
    assert list(unit.modules_unavailable) == ["x/inner/aws"]
    identity = workspace.local("id")
    assert isinstance(identity, Reference)


def test_arguments_and_variables_of_a_call_must_agree(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  nmae = "x"\n}\nlocals { x = module.m.x }',
            "m/main.tf": 'variable "name" {}\noutput "x" { value = var.name }',
        }
    )
    workspace.local("x")
    assert [(d.line, d.message) for d in unit.diagnostics] == [
        (3, 'module.m has no variable "nmae"'),
        (1, 'module.m is called without its argument "name"'),
    ]


def test_providers_are_followed_through_modules(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'provider "aws" {\n  region = "eu-west-1"\n}\n'
            'provider "aws" {\n  alias = "west"\n  region = "us-west-2"\n}\n'
            'resource "aws_vpc" "a" {}\nresource "aws_vpc" "b" { provider = aws.west }\n'
            'module "m" {\n  source = "./m"\n  providers = {\n    aws = aws.west\n'
            "    aws.peer = aws\n  }\n}\n"
            'module "n" { source = "./n" }\n',
            "m/main.tf": 'resource "aws_vpc" "a" {}\n'
            'resource "aws_vpc" "b" { provider = aws.peer }\n'
            'data "aws_region" "r" {}\noutput "region" { value = data.aws_region.r.name }',
            "n/main.tf": 'resource "aws_vpc" "a" {}\n'
            'resource "aws_vpc" "r" { region = "us-east-1" }',
            "z.tf": "locals { region = module.m.region }",
        }
    )
    assert {d.address: d.scope for d in unit.declarations} == {
        "aws_vpc.a": "aws",
        "aws_vpc.b": "aws.west",
        "module.m.aws_vpc.a": "aws.west",
        "module.m.aws_vpc.b": "aws",
        "module.n.aws_vpc.a": "aws",
        "module.n.aws_vpc.r": "aws@us-east-1",
    }
    assert {d.address: d.region for d in unit.declarations} == {
        "aws_vpc.a": "eu-west-1",
        "aws_vpc.b": "us-west-2",
        "module.m.aws_vpc.a": "us-west-2",
        "module.m.aws_vpc.b": "eu-west-1",
        "module.n.aws_vpc.a": "eu-west-1",
        "module.n.aws_vpc.r": "us-east-1",
    }
    assert workspace.plain("region") == "us-west-2"


# Files of a module.


def test_override_files_replace_arguments_and_blocks(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'locals {\n  a = 1\n  b = 2\n}\nresource "aws_security_group" "g" {\n'
            '  name = "base"\n  description = "kept"\n'
            "  ingress { from_port = 1 }\n  egress { from_port = 2 }\n}",
            "x_override.tf": 'locals { b = 3 }\nresource "aws_security_group" "g" {\n'
            '  name = "over"\n  ingress { from_port = 8 }\n  ingress { from_port = 9 }\n}',
        }
    )
    body = declared(unit, "aws_security_group.g").body
    assert plain(body.get("name")) == "over"
    assert plain(body.get("description")) == "kept"
    assert [plain(s.get("from_port")) for s in body.sections("ingress")] == [8, 9]
    assert [plain(s.get("from_port")) for s in body.sections("egress")] == [2]
    assert [workspace.plain("a"), workspace.plain("b")] == [1, 3]
    name = body.get("name")
    assert name is not None
    assert name.span.path == "x_override.tf"


def test_tofu_files_shadow_terraform_files(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "a.tf": 'resource "aws_vpc" "terraform" {}',
            "a.tofu": 'resource "aws_vpc" "tofu" {}',
            "b.tf.json": '{"resource": {"aws_vpc": {"json": {"cidr_block": "${local.c}"}}}}',
            "c.tf": 'locals { c = "10.0.0.0/16" }',
            "d.tftest.hcl": 'run "x" {}',
        }
    )
    assert sorted(d.address for d in unit.declarations) == ["aws_vpc.json", "aws_vpc.tofu"]
    assert plain(declared(unit, "aws_vpc.json").body.get("cidr_block")) == "10.0.0.0/16"
    assert sorted(unit.files) == ["a.tofu", "b.tf.json", "c.tf"]


def test_something_declared_twice_is_an_error_and_the_first_counts(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "a.tf": 'resource "aws_vpc" "a" { cidr_block = "1" }',
            "b.tf": '\nresource "aws_vpc" "a" { cidr_block = "2" }',
        }
    )
    assert [(d.path, d.line, d.message) for d in unit.diagnostics] == [
        ("b.tf", 2, '"aws_vpc.a" is declared already, at a.tf:1')
    ]
    assert plain(declared(unit, "aws_vpc.a").body.get("cidr_block")) == "1"


def test_what_could_not_be_read_is_not_called_undeclared(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "a.tf": 'resource "aws_vpc" "a" { cidr_block = local.c }',
            "b.tf": 'locals {\n  c = \n}\nresource "aws_vpc" "b" {\n',
        }
    )
    declared(unit, "aws_vpc.a").body.get("cidr_block")
    assert {d.path for d in unit.diagnostics} == {"b.tf"}
    assert unit.files == {"a.tf": True, "b.tf": False}


# Cycles and bounds.


def test_a_cycle_is_one_error_that_names_it(workspace: Workspace) -> None:
    unit = workspace.evaluate("locals {\n  a = local.b\n  b = [local.c]\n  c = local.a\n}")
    assert [(d.line, d.message) for d in unit.diagnostics] == [
        (2, "a cycle of references: local.a -> local.b -> local.c -> local.a")
    ]
    assert unknown(workspace.local("c")).cause == "error"


def test_a_cycle_between_modules_is_one_error(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'module "a" {\n  source = "./m"\n  in = module.b.out\n}\n'
            'module "b" {\n  source = "./m"\n  in = module.a.out\n}',
            "m/main.tf": 'variable "in" {}\noutput "out" { value = var.in }',
        }
    )
    assert len(unit.diagnostics) == 1
    assert unit.diagnostics[0].message.startswith("a cycle of references: ")


def test_a_cycle_that_nothing_uses_is_found_beside_what_leads_to_it(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        """
locals {
  port    = 22
  first   = [for one in [local.second] : one]
  second  = { of = local . first }
  outside = "${local.first}:${local.port}"
  fine    = local.port + local.missing
}
"""
    )
    assert [d.line for d in unit.diagnostics] == [4]
    assert (
        unit.diagnostics[0].message
        == "a cycle of references: local.first -> local.second -> local.first"
    )


def test_modules_that_refer_to_one_another_without_a_cycle_are_fine(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'module "a" {\n  source = "./m"\n  x = module.b.x\n  y = 1\n}\n'
            'module "b" {\n  source = "./m"\n  x = 2\n  y = module.a.y\n}\n'
            "locals { z = [module.a.x, module.b.y] }",
            "m/main.tf": 'variable "x" {}\nvariable "y" {}\n'
            'output "x" { value = var.x }\noutput "y" { value = var.y }',
        }
    )
    assert workspace.plain("z") == [2, 1]
    assert workspace.messages() == []


def test_a_long_chain_of_references_is_evaluated(workspace: Workspace) -> None:
    chain = "".join(f"  l{i} = {{ v = [local.l{i + 1}.v[0]] }}\n" for i in range(300))
    workspace.evaluate(f"locals {{\n{chain}  l300 = {{ v = [1] }}\n}}")
    assert workspace.plain("l0") == {"v": [1]}
    assert workspace.messages() == []


def test_a_chain_that_is_too_long_is_an_error(workspace: Workspace) -> None:
    chain = "".join(f"  l{i} = local.l{i + 1}\n" for i in range(3000))
    unit = workspace.evaluate(f"locals {{\n{chain}  l3000 = 1\n}}")
    workspace.local("l0")
    assert any("references away" in d.message for d in unit.diagnostics)


def test_the_places_of_a_chain_are_not_copied_without_end(workspace: Workspace) -> None:
    chain = "".join(f"  l{i} = local.l{i - 1}\n" for i in range(1, 2000))
    variable = 'variable "v" {\n  default = 1\n}\n'
    workspace.evaluate(f"{variable}locals {{\n  l0 = var.v\n{chain}}}")
    for number in range(1999):  # each is one reference away from the one before it
        workspace.local(f"l{number}")
    via = workspace.local("l1999").via
    assert len(via) <= 200
    assert [step.assumed for step in via[:2]] == [True, False]
    assert via[-1].span.line == 2004


def test_deep_expressions_do_not_overflow(workspace: Workspace) -> None:
    workspace.evaluate("locals { x = " + " + ".join(["1"] * 5000) + " }")
    value = workspace.local("x")
    # The parser bounds the depth, so that nothing after it has to.
    assert plain(value) == 5000 or unknown(value).cause in {"limit", "error"}
    assert workspace.messages() or plain(value) == 5000


def test_expansion_is_bounded(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        'resource "aws_vpc" "a" {\n  count = 1000000\n  tags  = { a = count.index }\n}'
    )
    assert [(d.line, d.message) for d in unit.diagnostics] == [(2, SPENT + HINT)]


# Which folders are called.


def test_called_folders_are_told_without_evaluation(workspace: Workspace) -> None:
    workspace.write(
        {
            "main.tf": 'module "a" {\n  source = "./modules/a"\n  x = [{ source = "./no" }]\n}\n'
            'module "b" {\n  source = "../repository/modules/b"\n}\n'
            'module "c" { source = "x/c/aws" }\n',
        }
    )
    modules = Modules(Files(workspace.folder, workspace.folder), RootModuleOptions())
    folder = workspace.folder.resolve()
    assert modules.called(folder) == {folder / "modules" / "a", folder / "modules" / "b"}


def test_a_module_is_parsed_once_for_all_that_call_it(workspace: Workspace) -> None:
    workspace.write({"m/main.tf": 'resource "aws_vpc" "a" {}'})
    for name in "xy":
        workspace.write({f"{name}/main.tf": 'module "m" { source = "../m" }'})
    modules = Modules(Files(workspace.folder, workspace.folder), RootModuleOptions())
    from iac_ec2lint.terraform.unit import evaluate

    units = [evaluate(workspace.folder / name, modules, WANTED) for name in "xy"]
    spans = [unit.declarations[0].span for unit in units]
    assert spans[0].source is spans[1].source


def test_links_lead_to_one_module(workspace: Workspace) -> None:
    workspace.write({"m/main.tf": 'module "again" { source = "../link" }'})
    (workspace.folder / "link").symlink_to(workspace.folder / "m")
    unit = workspace.evaluate(root="m")
    assert ["called in a circle" in d.message for d in unit.diagnostics] == [True]


def test_errors_in_a_module_that_may_not_be_there_are_not_reported(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": 'variable "on" {}\n'
            'module "m" {\n  source = "./m"\n  count = var.on ? 1 : 0\n  cidrs = []\n}',
            "m/main.tf": 'variable "cidrs" {}\nlocals { first = var.cidrs[0] }\n'
            'resource "aws_vpc" "a" { cidr_block = local.first }',
        }
    )
    assert unknown(unit.declarations[0].body.get("cidr_block")).cause == "expression"
    assert unit.diagnostics == []


def test_what_is_handed_to_a_module_that_is_not_there_escapes(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        'resource "aws_security_group" "a" {}\nresource "aws_security_group" "b" {}\n'
        'module "alb" {\n  source = "x/alb/aws"\n'
        "  groups = { web = [aws_security_group.a.id] }\n}"
    )
    assert {k: v.line for k, v in unit.escapes.places.items()} == {"aws_security_group.a": 5}


def test_what_is_handed_to_it_under_a_condition_escapes(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        'variable "p" { type = bool }\nresource "aws_security_group" "a" {}\n'
        'resource "aws_security_group" "b" {}\nmodule "alb" {\n  source = "x/alb/aws"\n'
        "  groups = var.p ? [aws_security_group.a.id] : []\n"
        "  more   = concat([one(aws_security_group.b[*].id)], var.p ? [] : null)\n}"
    )
    assert set(unit.escapes.places) == {"aws_security_group.a", "aws_security_group.b"}


def test_blocks_that_declare_nothing_that_lasts_are_left_alone(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": """
terraform {
  required_version = ">= 1.9"
  backend "s3" {}
}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  lifecycle {
    postcondition {
      condition     = self.cidr_block != ""
      error_message = "no"
    }
  }
  provisioner "local-exec" {
    command = "echo ${self.id}"
  }
}
moved {
  from = aws_vpc.old
  to   = aws_vpc.a
}
removed {
  from = aws_vpc.gone
  lifecycle { destroy = false }
}
import {
  to = aws_vpc.a
  id = "vpc-1"
}
check "health" {
  data "aws_vpc" "scoped" { id = aws_vpc.a.id }
  assert {
    condition     = data.aws_vpc.scoped.state == "available"
    error_message = "no"
  }
}
ephemeral "aws_secretsmanager_secret_version" "s" { secret_id = "x" }
action "aws_lambda_invoke" "f" {}
""",
            "main.tftest.hcl": 'run "x" {\n  variables { a = undeclared.b }\n}',
            "main.tofutest.hcl": "run {",
            "x.tfmock.hcl": "mock {",
            "tests/setup.tftest.json": "{",
        }
    )
    assert [d.address for d in unit.declarations] == ["aws_vpc.a"]
    assert sorted(unit.files) == ["main.tf"]
    assert unit.diagnostics == []


def test_override_files_are_read_last_in_every_syntax(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "override.tf": 'resource "aws_vpc" "a" { cidr_block = "10.1.0.0/16" }\n'
            'locals { x = "first" }\nvariable "v" { default = 1 }',
            "a_override.tf.json": '{"locals": {"x": "json"}, "variable": {"v": {"default": 2}}}',
            "z_override.tofu": 'locals { x = "last" }',
            "main.tf": 'resource "aws_vpc" "a" {\n  cidr_block = "10.0.0.0/16"\n'
            '  tags = { a = "b" }\n}\nlocals { x = "base" }\nvariable "v" {\n  type = number\n}\n'
            "locals { v = var.v }",
        }
    )
    body = declared(unit, "aws_vpc.a").body
    assert (plain(body.get("cidr_block")), plain(body.get("tags"))) == ("10.1.0.0/16", {"a": "b"})
    assert workspace.plain("x") == "last"
    assert workspace.plain("v") == 1
    assert unit.diagnostics == []


@pytest.mark.slow
def test_what_a_for_visits_and_what_it_makes_is_bounded(workspace: Workspace) -> None:
    many = "[for p in setproduct(range(1000), range(100)) : p[0]]"
    unit = workspace.evaluate(
        f"""locals {{
          fine   = length([for i in concat({many}, ["one"]) : i])
          nested = [for a in range(1000) : [for b in range(1001) : a]]
          use    = [local.nested]
        }}"""
    )
    assert workspace.plain("fine") == 100_001
    met = [part.cause for part in walk(workspace.local("use")) if isinstance(part, Unknown)]
    assert met == ["limit"]
    assert [d.message for d in unit.diagnostics] == [
        "local.nested has more than 1000000 elements in all depths",
    ]


def test_a_chain_of_thirty_modules_hands_values_through(workspace: Workspace) -> None:
    depth = 30
    files = {
        f"m{i}/main.tf": 'variable "x" {}\n'
        f'module "next" {{\n  source = "../m{i + 1}"\n  x = [var.x]\n}}\n'
        'output "x" { value = module.next.x }'
        for i in range(depth)
    }
    files[f"m{depth}/main.tf"] = 'variable "x" {}\noutput "x" { value = var.x }'
    files["main.tf"] = (
        'module "m" {\n  source = "./m0"\n  x = "end"\n}\nlocals { x = flatten(module.m.x)[0] }'
    )
    workspace.evaluate(files)
    assert workspace.plain("x") == "end"
    assert workspace.messages() == []


@pytest.mark.parametrize(
    "source",
    ["var.source", '"${var.folder}/group"', '"./${local.folder}/${local.name}"', "local.both"],
)
def test_a_source_that_is_made_of_inputs_and_local_values_is_called(source: str) -> None:
    """As OpenTofu evaluates it before all else: it is no root module of its own."""
    found = scan_project(
        {
            "main.tofu": f'module "m" {{\n  source = {source}\n  range = "0.0.0.0/0"\n}}\n'
            'variable "source" { default = "./modules/group" }\n'
            'variable "folder" { default = "./modules" }\n'
            'locals {\n  folder = "modules"\n  name = "group"\n'
            '  both = "./modules/${local.name}"\n}\n',
            "modules/group/main.tf": 'variable "range" {\n  default = "0.0.0.0/0"\n}\n'
            'resource "aws_security_group" "x" {\n  ingress {\n    protocol = "tcp"\n'
            "    from_port = 22\n    to_port = 22\n    cidr_blocks = [var.range]\n  }\n}\n",
        },
        select=("SG001",),
    )
    assert not found.errors
    assert [one.resource for one in found.findings] == ["module.m.aws_security_group.x"]
