"""What Terraform accepts is no error here, and what it rejects is one."""

from __future__ import annotations

import pytest
from tests.terraform.conftest import Workspace, plain, unknown

from iac_ec2lint.terraform.language.containers import Several
from iac_ec2lint.values import Reference, Unknown, Val, Value, walk

HEAD = """
variable "any" {}
variable "on" { type = bool }
variable "list" { type = list(string) }
variable "object" { type = object({ a = string, b = optional(string) }) }
resource "aws_vpc" "one" {
  cidr_block = "10.0.0.0/16"
}
resource "aws_vpc" "two" {
  count      = 2
  cidr_block = "10.1.0.0/16"
}
locals {
  names = ["p", "q"]
  by    = { first = { name = "p" } }
}
"""


def result(workspace: Workspace, expression: str, **files: str) -> Val:
    workspace.evaluate({"main.tf": f"{HEAD}locals {{\n  x = {expression}\n}}\n", **files})
    return workspace.local("x")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("resource.aws_vpc.one.cidr_block", "10.0.0.0/16"),
        ("resource.aws_vpc.two[1].cidr_block", "10.1.0.0/16"),
        ("resource.aws_vpc.two[*].cidr_block", ["10.1.0.0/16", "10.1.0.0/16"]),
        ("[for resource in [{ aws_vpc = { one = 1 } }] : resource.aws_vpc.one]", [1]),
        # Of two arms, the empty one is of whatever type the other has.
        ('false ? [] : toset(["a"])', ["a"]),
        ('true ? [] : toset(["a"])', []),
        ("true ? [] : toset(var.any)", []),
        ("var.on ? toset([]) : []", []),
        ("true ? {} : tomap(var.any)", {}),
        # An index that is an expression makes no traversal, and so no ambiguous key.
        ("{ local.names[1 - 1] = 1 }", {"p": 1}),
        ("{ local.names[length(local.names) - 1] = 1 }", {"q": 1}),
        ('{ local.by[lower("FIRST")].name = 1 }', {"p": 1}),
        ('{ upper("p") = 1 }', {"P": 1}),
        ("{ one([local.by.first]).name = 1 }", {"p": 1}),
        ('templatefile("only.tpl", { x = true })', True),
        ('templatefile("only.tpl", { x = [1, 2] })', [1, 2]),
        ('templatefile("only.tpl", { x = null })', None),
        ('templatefile("more.tpl", { x = true })', "true!"),
        ('yamldecode("0ba")', "0ba"),
        ('yamldecode("0b1")', "0b1"),
        ('yamldecode("[0b, 0x, 0o8, 1_000, 0o17, 0x1F, 010, 1e3, +5, -.5]")[0]', "0b"),
        ('[for s in yamldecode("[0x, 0o8, 1_000, -0o7]") : s]', ["0x", "0o8", "1_000", "-0o7"]),
        ('yamldecode("[0o17, 0x1F, 010, 1e3, +5]")', [15, 31, 10, 1000, 5]),
        ('false && tonumber("x") > 1', False),
        ('true || tonumber("x") > 1', True),
    ],
)
def test_it_has_the_value_that_terraform_gives(
    workspace: Workspace, expression: str, expected: object
) -> None:
    files = {"only.tpl": "${x}", "more.tpl": "${x}!"}
    value = result(workspace, expression, **files)
    assert workspace.messages() == []
    assert plain(value) == expected


@pytest.mark.parametrize(
    "expression",
    [
        "var.any == null ? [] : toset(var.any)",
        "var.list == null ? [] : toset(var.list)",
        "var.any == null ? {} : tomap(var.any)",
        # Objects with other attributes become maps; of what type, an unknown attribute decides.
        'var.on ? { a = { x = 1 }, b = var.any } : { a = "s" }',
        'var.on ? { a = var.any, b = "x" } : { a = [1], b = "y", c = "d" }',
        "var.on ? { x = { a = 1 } } : { x = { b = [1], c = var.any } }",
        "var.on ? merge(var.object, { c = var.any }) : { d = [var.any] }",
        'var.on ? [{ a = 1, b = var.any }] : [{ a = "s", c = [1] }]',
        # Whichever side is not known may be the one that decides.
        'var.on && tonumber("x") > 1',
        'var.on || tonumber("x") > 1',
        "var.any != null && [][0] == var.any",
        "var.on && null",
        'var.on && (true && tonumber("x") > 1)',
    ],
)
def test_it_is_unknown_and_no_error(workspace: Workspace, expression: str) -> None:
    value = result(workspace, expression)
    assert workspace.messages() == []
    assert isinstance(value, Unknown)
    assert value.cause == "variable"


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("resource.aws_vpc.none.id", 'resource "aws_vpc" "none" is not declared'),
        ("resource.aws_vpc.one[0].id", "neither count nor for_each"),
        ('var.on ? { a = [1], b = "x" } : { a = "y" }', "types that do not agree"),
        ("var.on ? [1] : { a = var.any }", "types that do not agree"),
        ("{ local.names[0] = 1 }", "must be in parentheses"),
        ('{ local.by["first"].name = 1 }', "must be in parentheses"),
        ("{ local.by.first = 1 }", "must be in parentheses"),
        ('tonumber("x") > 1 && var.on', "number required"),
        ('true && tonumber("x") > 1', "number required"),
        ('var.on && "maybe"', "bool required"),
        ('yamldecode("!!int 0ba")', "does not fit its tag"),
    ],
)
def test_it_is_the_error_that_terraform_gives(
    workspace: Workspace, expression: str, message: str
) -> None:
    result(workspace, expression)
    assert len(workspace.messages()) == 1
    assert message in workspace.messages()[0]


@pytest.mark.parametrize("function", ["flatten([{}, [{}]])", "concat({}, [{}])"])
def test_what_an_undecided_list_may_hold_is_what_its_elements_may_be(
    workspace: Workspace, function: str
) -> None:
    arms = function.format('var.on ? ["0.0.0.0/0", "192.0.2.0/24"] : []', '"10.0.0.0/8"')
    value = result(workspace, f"tolist({arms})")
    assert workspace.messages() == []
    assert isinstance(value, Value)
    several, last = value.elements()
    assert isinstance(several, Several)
    found = [(plain(c), c.via[-1].words) for c in unknown(several.element).candidates]
    assert found == [
        ("0.0.0.0/0", "when var.on is true"),
        ("192.0.2.0/24", "when var.on is true"),
    ]
    assert plain(last) == "10.0.0.0/8"


def test_a_reference_with_the_prefix_is_the_one_without_it(workspace: Workspace) -> None:
    value = result(workspace, "[resource.aws_vpc.one.id, aws_vpc.one.id]")
    assert isinstance(value, Value)
    found = [(e.target, e.attribute) for e in value.elements() if isinstance(e, Reference)]
    assert found == [("aws_vpc.one", "id")] * 2


def test_what_may_be_text_beside_a_number_is_no_number_yet(workspace: Workspace) -> None:
    # With var.any = "a" the list holds strings, and the comparison is true.
    value = result(workspace, 'tolist([1, var.any])[1] == "a"')
    assert isinstance(value, Unknown)
    value = result(workspace, '(var.on ? true : var.any) == "true"')
    assert isinstance(value, Unknown)


def test_instances_of_an_undecided_empty_set_are_undecided(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        """variable "names" { default = null }
        resource "aws_vpc" "each" {
          for_each   = var.names == null ? [] : toset(var.names)
          cidr_block = "10.0.0.0/16"
        }"""
    )
    assert workspace.messages() == []
    assert unit.declarations == []  # by default there is none


LIBRARY = """
variable "none" { default = null }
variable "empty" { default = [] }
variable "map" { default = {} }
variable "text" { default = "" }
variable "object" {
  type    = object({ a = optional(string) })
  default = {}
}
variable "wrong" { default = "abc" }
"""


def noted(workspace: Workspace) -> list[tuple[str, str]]:
    assert workspace.context is not None
    return [(o.name, o.message) for o in workspace.context.unit.observations]


@pytest.mark.parametrize(
    ("expression", "default", "message"),
    [
        ("var.none.a", "none", 'attribute "a" of a null value'),
        ("var.none[0]", "none", "an element of a null value"),
        ('"${var.none}/24"', "none", "a null value cannot be put into a string"),
        ("var.none + 1", "none", "the operand is null"),
        ("var.none ? 1 : 2", "none", "the condition is null"),
        ("[for x in var.none : x]", "none", "for over a null value"),
        ("length(var.none)", "none", "length(): argument 1 must not be null"),
        ('"%{ if var.none }a%{ endif }-"', "none", "the condition is null"),
        ("[1, 2][var.none]", "none", "the index is null"),
        ("{ (var.none) = 1 }", "none", "the key of an object is null"),
        ('"${var.object.a}-"', "object", "a null value cannot be put into a string"),
        ("var.empty[0]", "empty", "index 0 is out of range: there are 0 elements"),
        ('var.map["a"]', "map", 'there is no element with the key "a"'),
        ("cidrsubnet(var.text, 8, 1)", "text", "cidrsubnet(): "),
        ("[for x in [1] : var.none.a][0]", "none", 'attribute "a" of a null value'),
        ("concat(var.empty, [])[0]", "empty", "index 0 is out of range: there are 0 elements"),
        ('merge(var.map, {})["a"]', "map", 'there is no element with the key "a"'),
        ("merge({}, var.map).a", "map", 'this object has no attribute "a"'),
        ("element(flatten([var.empty]), 0)", "empty", "element(): the list is empty"),
        ("element(compact([var.text]), 0)", "text", "element(): the list is empty"),
        ('join("-", concat([var.none], ["a"]))', "none", "join(): an element is null"),
        ('join("-", [var.none, "a"])', "none", "join(): an element is null"),
        ('sort(["a", var.none])', "none", "sort(): an element is null"),
        ("sum([1, var.none])", "none", "sum(): an element is null"),
        ("transpose({ a = var.none })", "none", "transpose(): an element is null"),
    ],
)
def test_what_a_caller_has_yet_to_set_is_a_note_and_no_error(
    workspace: Workspace, expression: str, default: str, message: str
) -> None:
    workspace.evaluate(LIBRARY + f"locals {{\n  x = {expression}\n}}\n")
    value = workspace.local("x")
    value = value.elements()[0] if isinstance(value, Value) else value
    assert workspace.messages() == []
    [(name, said)] = noted(workspace)
    assert name == "default-to-be-set"
    assert said.startswith(f'with the default of variable "{default}", {message}')
    assert unknown(value).cause == "variable"


@pytest.mark.parametrize(
    "expression",
    [
        *("null[0]", "tonumber(var.wrong)", "{}[var.wrong]", "length(null)", "[][0]"),
        *("var.undeclared", "concat([], [])[0]", 'join("-", ["a", null])'),
    ],
)
def test_what_no_caller_can_set_is_an_error(workspace: Workspace, expression: str) -> None:
    workspace.evaluate(LIBRARY + f"locals {{\n  x = {expression}\n}}\n")
    workspace.local("x")
    assert len(workspace.messages()) == 1
    assert noted(workspace) == []


@pytest.mark.parametrize(
    "expression",
    [
        "tonumber({ a = true, b = false }[var.undeclared] ? 1 : 0)",
        '"x ${join(" ", tolist(var.undeclared))}"',
        "tonumber(length([for pair in setproduct([1], var.undeclared) : pair[0]]))",
        "tonumber(tolist(var.undeclared)[*].id)",
        "tolist([for x in toset(var.undeclared) : x])[0] + 1",
        "(tostring(var.undeclared) == null ? [1] : tolist(var.undeclared))[0]",
    ],
)
def test_an_error_is_not_reported_as_another_where_its_value_goes(
    workspace: Workspace, expression: str
) -> None:
    workspace.evaluate(f"locals {{\n  x = {expression}\n}}\n")
    assert unknown(workspace.local("x")).cause == "error"
    assert workspace.messages() == ['variable "undeclared" is not declared in the root module']


@pytest.mark.parametrize(
    ("expression", "expected"),
    [('try(var.none.a, "d")', "d"), ("can(var.none.a)", False), ("try(var.empty[0], 1)", 1)],
)
def test_try_takes_such_an_error_for_one(
    workspace: Workspace, expression: str, expected: object
) -> None:
    workspace.evaluate(LIBRARY + f"locals {{\n  x = {expression}\n}}\n")
    assert workspace.plain("x") == expected
    assert (workspace.messages(), noted(workspace)) == ([], [])


def test_the_default_of_a_module_that_is_called_is_what_the_call_has(workspace: Workspace) -> None:
    inner = 'variable "none" { default = null }\noutput "x" {\n  value = var.none.a\n}\n'
    called = {"main.tf": 'module "m" {\n  source = "./m"\n}\n', "m/main.tf": inner}
    workspace.evaluate({**called, "use.tf": "locals {\n  x = module.m.x\n}\n"})
    workspace.local("x")
    assert workspace.messages() == [
        'attribute "a" of a null value; module.m is called at main.tf:1'
    ]
    assert noted(workspace) == []


def test_blocks_of_a_null_default_may_be_there(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        LIBRARY
        + """resource "aws_security_group" "a" {
          dynamic "ingress" {
            for_each = var.none
            content {
              protocol    = "tcp"
              cidr_blocks = ingress.value
            }
          }
        }"""
    )
    [group] = unit.declarations
    [block] = group.body.sections("ingress")
    assert not block.presence.certain
    assert workspace.messages() == []
    assert noted(workspace) == [
        ("default-to-be-set", 'with the default of variable "none", for_each is null')
    ]


def test_a_null_default_leaves_the_rest_of_a_text_known_also_where_it_may_not_be_there(
    workspace: Workspace,
) -> None:
    unit = workspace.evaluate(
        LIBRARY
        + """variable "on" {}
        resource "aws_instance" "a" {
          count     = var.on ? 1 : 0
          user_data = "before ${var.none} after"
        }"""
    )
    [instance] = unit.declarations
    script = unknown(instance.body.get("user_data"))
    assert script.cause == "variable"
    assert [part for part in script.parts if isinstance(part, str)] == ["before ", " after"]
    assert (workspace.messages(), noted(workspace)) == ([], [])


def test_an_error_in_a_module_names_the_calls_that_lead_there(workspace: Workspace) -> None:
    call = 'module "{}" {{\n  source = "./{}"\n  on     = {}\n}}\n'
    inner = 'variable "on" {}\noutput "x" {\n  value = var.on[3]\n}\n'
    workspace.evaluate(
        {
            "main.tf": call.format("a", "outer", "[1]") + call.format("b", "inner", "[1, 2, 3, 4]"),
            "use.tf": "locals {\n  x = [module.a.x, module.b.x, module.c.x]\n}\n",
            "c.tf": call.format("c", "inner", "[1]"),
            "outer/main.tf": 'variable "on" {}\noutput "x" {\n  value = module.in.x\n}\n'
            + call.format("in", "../inner", "var.on"),
            "inner/main.tf": inner,
        }
    )
    value = workspace.local("x")
    assert isinstance(value, Value)
    said = "index 3 is out of range: there are 1 elements"
    assert workspace.messages() == [
        f"{said}; module.a.module.in is called at main.tf:1, outer/main.tf:5, and 1 more such call"
    ]
    assert plain(value.elements()[1]) == 4


def test_an_error_in_what_is_given_is_where_it_is_given(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n  on     = [][0]\n}\n'
            "locals {\n  x = module.m.x\n}\n",
            "m/main.tf": 'variable "on" {}\noutput "x" {\n  value = var.on\n}\n',
        }
    )
    workspace.local("x")
    assert workspace.messages() == ["index 0 is out of range: there are 0 elements"]


def test_what_terragrunt_may_generate_is_one_note_for_the_folder(workspace: Workspace) -> None:
    text = """
        provider "aws" { region = var.region }
        resource "aws_instance" "a" {
          subnet_id = data.terraform_remote_state.net.outputs.id
          ami       = var.ami
          tags      = { a = local.a, b = var.ami, c = module.c.d, e = aws_vpc.e.id }
        }"""
    unit = workspace.evaluate({"app/main.tf": text, "app/terragrunt.hcl": ""}, root="app")
    [instance] = unit.declarations
    for name in ("subnet_id", "ami", "tags"):
        value = instance.body.get(name)
        assert value is not None
        assert {u.cause for u in walk(value) if isinstance(u, Unknown)} == {"module"}
    assert workspace.messages() == []
    [note] = unit.observations
    assert (note.name, note.span.path, note.span.line) == (
        "terragrunt-may-generate",
        "app/main.tf",
        2,
    )
    assert note.message.startswith("aws_vpc.e, data.terraform_remote_state.net, local.a and 3 more")
    assert "terragrunt.hcl" in note.message


def test_what_a_source_of_another_program_may_declare_is_one_note(workspace: Workspace) -> None:
    text = 'resource "aws_instance" "a" {\n  ami = var.ami\n  subnet_id = local.subnet\n}\n'
    unit = workspace.evaluate({"main.tf": text, "terraform.tf.j2": "{{ all }}"})
    [instance] = unit.declarations
    assert all(isinstance(instance.body.get(name), Unknown) for name in ("ami", "subnet_id"))
    assert workspace.messages() == []
    [note] = unit.observations
    assert note.name == "source-may-declare"
    assert note.message.startswith("local.subnet, var.ami: declared in no file of this folder")
    assert "terraform.tf.j2 may declare it" in note.message


def test_overrides_of_another_folder_are_one_error(workspace: Workspace) -> None:
    blocks = "".join(f'resource "aws_eip" "{name}" {{\n  a = var.b\n}}\n' for name in "abcd")
    workspace.evaluate({"patch_override.tf": blocks})
    [message] = workspace.messages()
    assert "there is no resource aws_eip a that this could override" in message
    assert "3 more blocks in this folder" in message


def test_without_terragrunt_what_is_not_declared_is_an_error(workspace: Workspace) -> None:
    files = {"app/main.tf": "locals {\n  x = var.none\n}\n", "terragrunt.hcl": ""}
    unit = workspace.evaluate(files, root="app")
    workspace.local("x")
    assert (len(workspace.messages()), unit.observations) == (1, [])


@pytest.mark.parametrize(
    "source",
    [
        '"../../aws//app"',
        '"../../aws/app"',
        '"${get_env("E") == "prod" ? "git::https://example.com/x//app" : "../../aws//app"}"',
    ],
)
def test_terragrunt_may_run_in_another_folder(workspace: Workspace, source: str) -> None:
    text = f"terraform {{\n  source = {source}\n}}\n"
    files = {"aws/app/main.tf": "locals {\n  x = var.none\n}\n", "live/prod/terragrunt.hcl": text}
    unit = workspace.evaluate(files, root="aws/app")
    workspace.local("x")
    assert workspace.messages() == []
    assert "live/prod/terragrunt.hcl" in unit.observations[0].message


def test_a_module_that_is_called_gets_nothing_from_terragrunt(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'module "m" {\n  source = "./m"\n}\nlocals {\n  x = module.m.x\n}\n',
            "m/main.tf": 'output "x" {\n  value = var.none\n}\n',
            "terragrunt.hcl": "",
            "m/terragrunt.hcl": "",
        }
    )
    workspace.local("x")
    assert len(workspace.messages()) == 1


ROOT = """
provider "aws" { region = "eu-west-1" }
variable "size" { default = 1 }
locals { name = "a" }
resource "aws_vpc" "main" { cidr_block = "10.0.0.0/16" }
output "vpc" { value = aws_vpc.main.id }
"""


def test_several_root_modules_in_one_folder_are_one_error(workspace: Workspace) -> None:
    own = 'resource "aws_instance" "b" {\n  subnet_id = aws_subnet.lost.id\n}\n'
    unit = workspace.evaluate({"a.tf": ROOT, "b.tf": ROOT + own, "c.tf": ROOT})
    for declared in unit.declarations:
        declared.body.get("subnet_id")
    [error] = unit.diagnostics
    assert (error.path, error.line) == ("b.tf", 2)
    assert error.message.startswith('"aws" is declared already, at a.tf:2, and so are 9 more names')
    assert "if a.tf, b.tf, c.tf are modules of their own" in error.message


def test_of_many_files_that_declare_the_same_four_are_named(workspace: Workspace) -> None:
    unit = workspace.evaluate({f"{name}.tf": ROOT for name in "abcdef"})
    [error] = unit.diagnostics
    assert "if a.tf, b.tf, c.tf, d.tf and 2 more are modules of their own" in error.message


def test_what_is_declared_twice_by_mistake_is_an_error_each(workspace: Workspace) -> None:
    twice = 'resource "aws_vpc" "main" {}\nvariable "size" {}\n'
    workspace.evaluate({"a.tf": ROOT, "b.tf": twice})
    assert workspace.messages() == [
        '"aws_vpc.main" is declared already, at a.tf:5',
        '"size" is declared already, at a.tf:3',
    ]
    alone = "".join(f'variable "v{n}" {{}}\n' * 2 for n in range(5))
    workspace.evaluate({"alone/main.tf": alone}, root="alone")
    assert len(workspace.messages()) == 5


def test_a_block_of_variables_is_one_error_and_its_uses_none(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": """data "template_file" "boot" {
              template = file("boot.tpl")
              vars {
                name = "a"
                port = 80
              }
            }
            locals {
              x = [data.template_file.boot.rendered, data.template_file.boot.rendered]
            }""",
            "boot.tpl": "${name}:${port}\n",
        }
    )
    assert workspace.plain("x") == ["a:80\n"] * 2
    [error] = unit.diagnostics
    assert (error.line, error.message.split(" since")[0]) == (3, '"vars" is no block')


def test_what_a_template_of_a_file_can_be_is_in_that_file(workspace: Workspace) -> None:
    files = {
        "main.tf": """variable "more" {
              type = bool
            }
            data "template_file" "boot" {
              template = file("boot.tpl")
              vars     = { x = var.more ? "a\\nb" : "c" }
            }
            data "template_file" "inline" {
              template = "first\\n$${x}"
              vars     = { x = var.more ? "a\\nb" : "c" }
            }
            locals {
              x = data.template_file.boot.rendered
              y = data.template_file.inline.rendered
            }""",
        "boot.tpl": "first\nsecond\n${x}\n",
    }
    unit = workspace.evaluate(files)
    assert not unit.diagnostics
    for name, path in (("x", "boot.tpl"), ("y", "main.tf")):
        for candidate in unknown(workspace.local(name)).candidates:
            assert candidate.span.path == path
            assert candidate.span.source.text == files[path]


def test_errors_of_a_template_are_one_where_its_text_comes_from(workspace: Workspace) -> None:
    unit = workspace.evaluate(
        {
            "main.tf": """data "template_file" "boot" {
              template = file("boot.tpl")
            }
            locals {
              x = data.template_file.boot.rendered
              y = data.template_file.boot.rendered
              z = templatestring(data.template_file.boot.template, { a = 1 })
            }""",
            "boot.tpl": "first\n${a} ${b}\n",
        }
    )
    for name in ("x", "y", "z"):
        assert unknown(workspace.local(name)).cause == "error"
    assert [(d.line, d.message) for d in unit.diagnostics] == [
        (2, 'line 2 of the template: the template is given no variable "a", and 1 more'),
        (2, 'line 2 of the template: the template is given no variable "b"'),
    ]


def test_lists_of_an_unknown_number_are_flattened(workspace: Workspace) -> None:
    """``formatlist`` gives a list for each member of a map of which a key is not known."""
    workspace.evaluate(
        {
            "main.tf": """
module "accounts" {
  source  = "example/accounts/aws"
  version = "1.0.0"
}
variable "more" { default = {} }
locals {
  x = compact(flatten([
    for account, names in merge({ (module.accounts.id) = [] }, var.more) :
    formatlist(format("arn:aws:iam::%s:role/%%s", module.accounts.ids[account]), names)
  ]))
}
"""
        }
    )
    value = workspace.local("x")
    assert not isinstance(value, Unknown) or value.cause != "error"
