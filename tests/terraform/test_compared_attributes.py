"""Attributes on which this evaluator and another one differed, each as a small root module.

Both evaluators were run over public modules and every attribute that differed was read. The first
table holds what this one had wrong; the second what it must keep right: the mistakes are easily
made. Expressions and names are this file's own; expected values are what Terraform comes to.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest
from tests.terraform.conftest import Workspace

from iac_ec2lint.answers.values.encoding import encode
from iac_ec2lint.terraform.body import BlockSection


class Case(NamedTuple):
    """A root module that says what ``local.x`` is, and what it comes to.

    Attributes:
        name: What is looked at.
        text: ``main.tf``.
        expected: ``local.x`` as ``iac-ec2lint values`` writes it: an attribute of a resource is
            ``{"$resource": address, "attribute": name}``, anything else unknown ``{"$unknown":
            reason}``.
        files: Further files.
    """

    name: str
    text: str
    expected: Any
    files: Mapping[str, str] = MappingProxyType({})


def of(address: str, attribute: str) -> dict[str, str]:
    """An attribute that is known when the resource is created."""
    return {"$resource": address, "attribute": attribute}


NAMES = "data.aws_availability_zones.all.names"
UNKNOWN_NAME = {"$unknown": f"{NAMES}[0] is read from AWS"}

ZONES = """
data "aws_availability_zones" "all" {}
locals { zones = slice(data.aws_availability_zones.all.names, 0, 3) }
"""

GATEWAYS = """
resource "aws_vpc_endpoint" "this" {
  for_each     = { s3 = "Gateway" }
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.${each.key}"
}
resource "aws_instance" "one" {
  ami = "ami-1"
  metadata_options { http_tokens = "required" }
}
locals {
  endpoints = aws_vpc_endpoint.this
  one       = aws_instance.one
}
"""

CORRECTED = [
    Case(
        "a written attribute of a resource, by an index in quotes",
        GATEWAYS + 'locals { x = [local.one["ami"], local.endpoints["s3"]["service_name"]] }',
        ["ami-1", "com.amazonaws.eu-west-1.s3"],
    ),
    Case(
        "a computed attribute of a resource, by an index in quotes",
        GATEWAYS + 'locals { x = [local.one["id"], local.endpoints["s3"]["prefix_list_id"]] }',
        [of("aws_instance.one", "id"), of('aws_vpc_endpoint.this["s3"]', "prefix_list_id")],
    ),
    Case(
        "an attribute of a resource's block, by indices",
        GATEWAYS + 'locals { x = local.one["metadata_options"][0]["http_tokens"] }',
        "required",
    ),
    Case(
        "each resource of a map, by an index in quotes",
        GATEWAYS + 'locals { x = { for k, v in local.endpoints : k => v["id"] } }',
        {"s3": of('aws_vpc_endpoint.this["s3"]', "id")},
    ),
    Case(
        "a resource that a module hands out, by an index in quotes",
        'module "m" { source = "./m" }\nlocals { x = module.m.one["ami"] }',
        "ami-1",
        {"m/main.tf": GATEWAYS + 'output "one" { value = aws_instance.one }'},
    ),
    Case(
        "lookup() of a written attribute",
        GATEWAYS + 'locals { x = [lookup(local.one, "ami", "none"), lookup(local.one, "id")] }',
        ["ami-1", of("aws_instance.one", "id")],
    ),
    Case(
        "lookup() of a key that is unknown, in a map that is empty",
        ZONES + 'locals { x = merge({ a = "b" }, lookup({}, local.zones[0], {})) }',
        {"a": "b"},
    ),
    Case(
        "lookup() of a key that is unknown, where each element is the default",
        ZONES + 'locals { x = lookup({ a = "b", c = "b" }, local.zones[0], "b") }',
        "b",
    ),
    Case(
        "lookup() of a key that is unknown, without a default",
        ZONES + 'locals { x = lookup({ a = "b" }, local.zones[0]) }',
        UNKNOWN_NAME,
    ),
    Case(
        "lookup() of a key that is unknown, with another default",
        ZONES + 'locals { x = lookup({ a = "b" }, local.zones[0], "c") }',
        UNKNOWN_NAME,
    ),
]

CONTEXT = {
    "label/main.tf": """
variable "context" {
  type    = any
  default = { enabled = true, namespace = null, name = null, attributes = [] }
}
variable "namespace" { default = null }
variable "name" { default = null }
variable "attributes" { default = [] }
locals {
  input = {
    enabled    = var.context.enabled
    namespace  = var.namespace == null ? var.context.namespace : var.namespace
    name       = var.name == null ? var.context.name : var.name
    attributes = compact(distinct(concat(var.context.attributes, var.attributes)))
  }
  normal = { for k in ["namespace", "name"] :
    k => local.input[k] == null ? "" : replace(lower(local.input[k]), "/[^-a-z0-9]/", "")
  }
  parts = merge(local.normal, { attributes = join("-", local.input.attributes) })
  used  = [for k in ["namespace", "name", "attributes"] : local.parts[k] if local.parts[k] != ""]
}
output "context" { value = local.input }
output "id" { value = local.input.enabled ? join("-", local.used) : "" }
output "tags" {
  value = { for k in setintersection(keys(local.parts), ["namespace", "name", "attributes"]) :
    title(k) => local.parts[k] if length(local.parts[k]) > 0
  }
}
""",
    "net/main.tf": """
variable "context" { type = any }
module "label" {
  source     = "../label"
  attributes = ["private"]
  context    = var.context
}
output "tags" { value = module.label.tags }
output "id" { value = module.label.id }
""",
}

SERVICE = {
    "service/main.tf": """
variable "containers" {
  type = map(object({
    image   = string
    memory  = optional(number)
    prefix  = optional(bool)
    ports   = optional(list(object({ port = number, name = optional(string) })), [])
    timeout = optional(number, 30)
  }))
}
module "container" {
  source   = "../container"
  for_each = var.containers
  name     = each.key
  image    = each.value.image
  memory   = each.value.memory
  prefix   = each.value.prefix
  ports    = each.value.ports
  timeout  = each.value.timeout
}
output "definitions" { value = jsonencode([for k, v in module.container : v.definition]) }
output "groups" { value = [for k, v in module.container : v.group] }
""",
    "container/main.tf": """
variable "name" { type = string }
variable "image" { type = string }
variable "memory" {
  type    = number
  default = null
}
variable "prefix" {
  type     = bool
  default  = false
  nullable = false
}
variable "ports" {
  type = list(object({ port = number, name = optional(string) }))
}
variable "timeout" {
  type = number
}
locals {
  written = {
    image   = var.image
    memory  = var.memory
    ports   = [for p in var.ports : { for k, v in p : k => v if v != null }]
    timeout = var.timeout
  }
}
output "definition" { value = { for k, v in local.written : k => v if v != null } }
output "group" { value = var.prefix ? null : "/logs/${var.name}" }
""",
}

KEPT = [
    Case(
        "merge() where one member of the first argument is unknown",
        ZONES + 'locals { x = merge({ Name = "a-${local.zones[0]}" }, { Team = "net" }) }',
        {"Name": UNKNOWN_NAME, "Team": "net"},
    ),
    Case(
        "merge() where what is unknown is replaced",
        ZONES + 'locals { x = merge({ Name = local.zones[0] }, { Name = "b", Team = "net" }) }',
        {"Name": "b", "Team": "net"},
    ),
    Case(
        "ranges made for zones whose names are unknown",
        ZONES + 'locals { x = [for k, v in local.zones : cidrsubnet("10.0.0.0/16", 8, k + 48)] }',
        ["10.0.48.0/24", "10.0.49.0/24", "10.0.50.0/24"],
    ),
    Case(
        "every instance of a count, by a splat",
        ZONES
        + 'resource "aws_subnet" "a" {\n  count  = length(local.zones)\n  vpc_id = "vpc-1"\n}\n'
        + "locals { x = aws_subnet.a[*].id }",
        [of(f"aws_subnet.a[{index}]", "id") for index in range(3)],
    ),
    Case(
        "every resource of a for_each, by values() and a splat",
        'resource "aws_subnet" "a" {\n  for_each = toset(["b", "a"])\n  vpc_id   = each.value\n}\n'
        "locals { x = [values(aws_subnet.a)[*].vpc_id, length(aws_subnet.a)] }",
        [["a", "b"], 2],
    ),
    Case(
        "an object with a key that is unknown",
        ZONES + "locals { x = { a = 1, (local.zones[0]) = 2 } }",
        UNKNOWN_NAME,
    ),
    Case(
        "the second arm of try() where the first is unknown",
        'data "aws_availability_zones" "all" {}\n'
        'locals { x = try(slice(data.aws_availability_zones.all.names, 0, 3)[0], "none") }',
        UNKNOWN_NAME,
    ),
    Case(
        "the first arm of try() where what it names would be an error itself",
        ZONES + 'locals { x = try(local.zones[0], "none") }',
        of("data.aws_availability_zones.all", "names[0]"),
    ),
    Case(
        "try() where the first argument has no such attribute",
        'locals { x = [try(local.o.b, local.o.a, "none"), try([local.o.b], [])] }\n'
        'locals { o = { a = "yes" } }',
        ["yes", []],
    ),
    Case(
        "a conditional on a value that AWS makes",
        'resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }\n'
        'locals { x = aws_vpc.a.owner_id != "" ? aws_vpc.a.owner_id : "fallback" }',
        {"$unknown": "aws_vpc.a.owner_id is known after it is created"},
    ),
    Case(
        "the partition of the provider's Region, through try()",
        'provider "aws" { region = "eu-west-1" }\ndata "aws_partition" "p" {}\n'
        'locals { partition = try(data.aws_partition.p.partition, "") }\n'
        'locals { x = "arn:${local.partition}:iam::aws:policy/ReadOnlyAccess" }',
        "arn:aws:iam::aws:policy/ReadOnlyAccess",
    ),
    Case(
        "the partition where no provider says a Region",
        'data "aws_partition" "p" {}\n'
        'locals { x = "arn:${data.aws_partition.p.partition}:s3:::b" }',
        {"$unknown": "data.aws_partition.p.partition is read from AWS"},
    ),
    Case(
        "the endpoint service of the provider's Region",
        'provider "aws" { region = "us-gov-west-1" }\n'
        'data "aws_vpc_endpoint_service" "s" { service = "s3" }\n'
        'locals { x = try(tonumber("x"), data.aws_vpc_endpoint_service.s.service_name) }',
        "com.amazonaws.us-gov-west-1.s3",
    ),
    Case(
        "an output named id of a module is no identity",
        'module "label" {\n  source    = "./label"\n  namespace = "EG"\n  name      = "a b"\n}\n'
        'locals { x = "${module.label.id}-x" }',
        "eg-ab-x",
        CONTEXT,
    ),
    Case(
        "a context that is handed through nested modules",
        'module "this" {\n  source    = "./label"\n  namespace = "eg"\n  name      = "web"\n}\n'
        'module "net" {\n  source  = "./net"\n  context = module.this.context\n}\n'
        "locals { x = [module.net.id, module.net.tags] }",
        [
            "eg-web-private",
            {"Attributes": "private", "Name": "web", "Namespace": "eg"},
        ],
        CONTEXT,
    ),
    Case(
        "an output that is called as a variable is",
        'module "net" {\n  source  = "./m"\n  subnets = ["10.0.0.0/24"]\n}\n'
        "locals { x = module.net.subnets }",
        [of("module.net.aws_subnet.a[0]", "id")],
        {
            "m/main.tf": 'variable "subnets" {}\n'
            'resource "aws_subnet" "a" {\n'
            "  count      = length(var.subnets)\n  cidr_block = var.subnets[count.index]\n}\n"
            'output "subnets" { value = aws_subnet.a[*].id }'
        },
    ),
    Case(
        "null for a variable that takes none, out of an optional attribute",
        'module "s" {\n  source     = "./service"\n  containers = { web = { image = "i" } }\n}\n'
        "locals { x = module.s.groups }",
        ["/logs/web"],
        SERVICE,
    ),
    Case(
        "jsonencode() of objects that have lost their nulls",
        'module "s" {\n  source     = "./service"\n'
        '  containers = { web = { image = "i", ports = [{ port = "80" }] } }\n}\n'
        "locals { x = module.s.definitions }",
        '[{"image":"i","ports":[{"port":80}],"timeout":30}]',
        SERVICE,
    ),
    Case(
        "coalesce() skips nulls and empty strings",
        'variable "a" { default = null }\nvariable "b" { default = "" }\n'
        'locals { x = [coalesce(var.a, var.b, "c"), coalescelist([], ["d"])] }',
        ["c", ["d"]],
    ),
    Case(
        "strings and objects in one list, told apart",
        'locals { given = ["a.b", { type = "AWS", names = ["c"] }, "a.b"] }\n'
        'locals { x = [distinct(compact([for g in local.given : try(tostring(g), "")])),\n'
        "  [for g in local.given : tolist(g.names) if !can(tostring(g))]] }",
        [["a.b"], [["c"]]],
    ),
    Case(
        "what is written in a resource of another provider",
        'resource "aws_instance" "a" { ami = "ami-1" }\n'
        'resource "time_sleep" "a" {\n'
        "  triggers = {\n    id  = aws_instance.a.id\n    ami = aws_instance.a.ami\n  }\n}\n"
        'locals { x = [time_sleep.a.triggers["ami"], time_sleep.a.triggers["id"]] }',
        ["ami-1", of("aws_instance.a", "id")],
    ),
    Case(
        "a template that is encoded and decoded",
        'locals { x = base64decode(base64encode(templatefile("boot.tpl",\n'
        '  { cluster = "c", extra = "", args = ["--a", "--b"] }))) }',
        "#!/bin/bash\nexport CLUSTER=c\nrun --a --b\n",
        {
            "boot.tpl": '#!/bin/bash\n%{ if extra != "" ~}\n${extra}\n%{ endif ~}\n'
            "export CLUSTER=${cluster}\nrun%{ for a in args } ${a}%{ endfor }\n"
        },
    ),
    Case(
        "a list whose length is that of absent resources",
        'resource "aws_vpc" "a" { count = 0 }\n'
        "locals { x = [length(flatten(concat(aws_vpc.a[*].id, []))) > 0, one(aws_vpc.a[*].id)] }",
        [False, None],
    ),
    Case(
        "the time and the identifiers of an apply",
        "locals { x = [timestamp(), uuid()] }",
        [
            {"$unknown": "timestamp() is the time of the apply"},
            {"$unknown": "uuid() has another result each time"},
        ],
    ),
    Case(
        "an argument called id in a document",
        'locals { rule = { id = "expire", days = 3 } }\n'
        "locals { x = [for r in [local.rule] : try(r.id, null)] }",
        ["expire"],
    ),
]


@pytest.mark.parametrize("case", [*CORRECTED, *KEPT], ids=lambda case: case.name)
def test_it_comes_to_what_terraform_comes_to(workspace: Workspace, case: Case) -> None:
    workspace.evaluate({"main.tf": case.text, **case.files})
    value = workspace.local("x")
    assert encode(value) == case.expected
    assert workspace.messages() == []


def test_a_null_in_a_string_is_an_error(workspace: Workspace) -> None:
    workspace.evaluate('locals {\n  name = null\n  x = "${local.name}-"\n}')
    assert encode(workspace.local("x")) == {"$unknown": "a null value cannot be put into a string"}
    assert workspace.messages() == ["a null value cannot be put into a string"]


def test_an_error_says_nothing_of_types(workspace: Workspace) -> None:
    workspace.evaluate(
        {
            "main.tf": 'variable "open" { type = bool }\n'
            'module "m" {\n  source = "./m"\n  open   = var.open\n'
            '  rules  = concat(["a"], var.none)\n}\n'
            "locals { x = module.m.count }",
            "m/main.tf": 'variable "rules" { type = list(string) }\n'
            'variable "create" { default = true }\n'
            'variable "open" { type = bool }\n'
            "output count { value = [var.create ? length(var.rules) : 0,\n"
            "  var.open ? length(var.rules) : 0] }",
        }
    )
    assert encode(workspace.local("x")) == [
        {"$unknown": 'variable "none" is not declared in the root module'},
        {"$unknown": "var.open has no value"},
    ]
    assert not [message for message in workspace.messages() if "types" in message]


def blocks_of(workspace: Workspace, text: str, kind: str, argument: str) -> list[object]:
    """An argument of each block of a type in ``data.aws_iam_policy_document.d``, in order."""
    unit = workspace.evaluate(text)
    document = next(d for d in unit.declarations if d.type == "data.aws_iam_policy_document")
    found: list[object] = []
    for section in document.body.sections(kind):
        assert isinstance(section, BlockSection)
        value = section.evaluate(argument)
        found.append(None if value is None else encode(value))
    return found


def test_dynamic_blocks_stand_where_they_are_written(workspace: Workspace) -> None:
    text = """
    variable "write" { default = ["w1", "w2"] }
    data "aws_iam_policy_document" "d" {
      dynamic "statement" {
        for_each = var.write
        content { sid = statement.value }
      }
      statement { sid = "Read" }
      dynamic "statement" {
        for_each = { b = 1, a = 2 }
        content { sid = "${statement.key}${statement.value}" }
      }
    }
    """
    assert blocks_of(workspace, text, "statement", "sid") == ["w1", "w2", "Read", "a2", "b1"]


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ('default = { tokens = "required" }', ["required"]),
        ("default = {}", ["optional"]),
        ("default = null", []),
    ],
)
def test_a_dynamic_block_of_an_object_that_may_be_null(
    workspace: Workspace, declared: str, expected: list[str]
) -> None:
    text = f"""
    variable "options" {{
      type = object({{ tokens = optional(string, "optional") }})
      {declared}
    }}
    data "aws_iam_policy_document" "d" {{
      dynamic "statement" {{
        for_each = var.options != null ? [var.options] : []
        content {{ sid = statement.value.tokens }}
      }}
    }}
    """
    assert blocks_of(workspace, text, "statement", "sid") == expected


# The text of a policy document is the provider's: hashes and lengths of it count.


def policy(workspace: Workspace, body: str, name: str = "json") -> str:
    workspace.evaluate(
        f'data "aws_iam_policy_document" "d" {{\n{body}\n}}\n'
        f"locals {{ x = data.aws_iam_policy_document.d.{name} }}"
    )
    assert workspace.messages() == []
    text = workspace.plain("x")
    assert isinstance(text, str)
    return text


STATEMENT = """
  statement {
    resources = ["*"]
    actions   = ["s3:GetObject", "s3:PutObject", "s3:GetObject"]
    sid       = "Use"
    condition {
      test     = "StringLike"
      variable = "aws:PrincipalArn"
      values   = ["a", "c", "b"]
    }
    principals {
      type        = "Service"
      identifiers = ["ec2.amazonaws.com"]
    }
    principals {
      type        = "AWS"
      identifiers = ["1", "2"]
    }
  }
"""


def test_members_of_a_policy_stand_in_the_provider_s_order(workspace: Workspace) -> None:
    assert policy(workspace, 'policy_id = "p"' + STATEMENT, "minified_json") == (
        '{"Version":"2012-10-17","Id":"p","Statement":[{"Sid":"Use","Effect":"Allow",'
        '"Action":["s3:PutObject","s3:GetObject"],"Resource":"*",'
        '"Principal":{"AWS":["2","1"],"Service":"ec2.amazonaws.com"},'
        '"Condition":{"StringLike":{"aws:PrincipalArn":["a","c","b"]}}}]}'
    )


def test_both_texts_of_a_policy_say_the_same(workspace: Workspace) -> None:
    long = policy(workspace, STATEMENT)
    assert long.startswith('{\n  "Version": "2012-10-17",\n  "Statement": [\n    {\n      "Sid"')
    assert json.loads(long) == json.loads(policy(workspace, STATEMENT, "minified_json"))


def test_a_policy_of_no_statement_has_none(workspace: Workspace) -> None:
    assert policy(workspace, "") == '{\n  "Version": "2012-10-17"\n}'


def test_a_policy_is_safe_inside_html(workspace: Workspace) -> None:
    body = 'statement {\n actions = ["a:<b>"]\n resources = ["&"]\n }'
    text = policy(workspace, body, "minified_json")
    assert '"Action":"a:\\u003cb\\u003e","Resource":"\\u0026"' in text


def test_statements_that_are_taken_over_keep_their_lists(workspace: Workspace) -> None:
    body = """
  version = "2008-10-17"
  source_policy_documents = [jsonencode({
    Version   = "2012-10-17"
    Id        = "source"
    Statement = [{
      Resource  = ["b", "c", "a"]
      Effect    = "Allow"
      Action    = ["one"]
      Sid       = ""
      Note      = "dropped"
      Principal = { AWS = ["1", "2"] }
      Condition = { Bool = { "aws:SecureTransport" = true }, StringEquals = { k = ["v"] } }
    }]
  })]
"""
    assert policy(workspace, body, "minified_json") == (
        '{"Version":"2012-10-17","Id":"source","Statement":[{"Effect":"Allow","Action":["one"],'
        '"Resource":["b","c","a"],"Principal":{"AWS":["2","1"]},'
        '"Condition":{"Bool":{"aws:SecureTransport":"true"},"StringEquals":{"k":"v"}}}]}'
    )


def test_statements_of_a_document_that_is_declared_are_written_as_there(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        'data "aws_iam_policy_document" "a" {\n  policy_id = "a"\n'
        '  statement {\n    actions = ["a:x", "a:y"]\n    resources = ["*"]\n  }\n}\n'
        'data "aws_iam_policy_document" "b" {\n'
        "  source_policy_documents = [data.aws_iam_policy_document.a.json]\n}\n"
        "locals { x = [data.aws_iam_policy_document.a.json, data.aws_iam_policy_document.b.json] }"
    )
    first, second = workspace.plain("x")
    assert first == second
    assert json.loads(first)["Statement"][0]["Action"] == ["a:y", "a:x"]
