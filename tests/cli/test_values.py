"""``iac-ec2lint values``: what everything came to."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from tests.cli.program import Run, environment, run, run_process, write

NETWORK = """\
variable "cidr" {
  type    = string
  default = "10.0.0.0/16"
}

variable "key_name" {
  type = string
}

locals {
  names  = toset(["b", "a"])
  third  = 1 / 3
  subnet = cidrsubnet(var.cidr, 8, 1)
  mixed  = { name = "web", key = var.key_name, vpc = aws_vpc.main.id }
}

resource "aws_vpc" "main" {
  cidr_block = var.cidr
}

resource "aws_instance" "web" {
  for_each      = local.names
  ami           = "ami-${each.key}"
  key_name      = var.key_name
  subnet_id     = null
  user_data     = <<-EOT
    #!/bin/sh
  EOT

  metadata_options {
    http_tokens = "optional"
  }
}

output "vpc" {
  value = aws_vpc.main.id
}
"""

WEB = """\
Parameters:
  Image: {Type: String, Default: ami-1}
  Kind: {Type: String, AllowedValues: [t3.micro, t3.large]}
  Password: {Type: String, NoEcho: true, Default: hunter2}
Conditions:
  IsSmall: !Equals [!Ref Kind, t3.micro]
  HasImage: !Not [!Equals [!Ref Image, ""]]
Resources:
  Web:
    Type: AWS::EC2::Instance
    Properties:
      ImageId: !Ref Image
      InstanceType: !Ref Kind
      SecurityGroupIds: [!GetAtt Group.GroupId]
      KeyName: !If [HasImage, !Ref "AWS::NoValue", key]
      UserData: !Base64 {"Fn::Sub": "password ${Password}"}
  Group:
    Type: AWS::EC2::SecurityGroup
    Condition: IsSmall
    Properties: {GroupDescription: open}
Outputs:
  Id: {Value: !Ref Web}
"""


def values(*arguments: str, cwd: Path, status: int = 0) -> dict[str, Any]:
    """The values of the only unit."""
    done = run("values", "--format", "json", *arguments, cwd=cwd)
    assert done.status == status, done.err
    (unit,) = json.loads(done.out)["units"]
    found: dict[str, Any] = unit["values"]
    return found


def network(folder: Path) -> Path:
    return write(folder, {"main.tf": NETWORK})


def test_names_of_a_root_module_are_told_with_where_they_were_written(tmp_path: Path) -> None:
    found = values(".", cwd=network(tmp_path))
    assert list(found) == [
        "var.cidr",
        "var.key_name",
        "local.names",
        "local.third",
        "local.subnet",
        "local.mixed",
        "output.vpc",
    ]
    assert found["var.cidr"] == {"value": "10.0.0.0/16", "path": "main.tf", "line": 3}
    assert found["local.subnet"] == {"value": "10.0.1.0/24", "path": "main.tf", "line": 13}
    assert found["local.names"]["value"] == {"$set": ["a", "b"]}
    assert found["output.vpc"]["value"] == {"$resource": "aws_vpc.main", "attribute": "id"}
    assert found["var.key_name"] == {
        "unknown": "var.key_name has no value",
        "candidates": [],
        "path": "main.tf",
        "line": 6,
    }
    assert found["local.mixed"]["value"] == {
        "name": "web",
        "key": {"$unknown": "var.key_name has no value"},
        "vpc": {"$resource": "aws_vpc.main", "attribute": "id"},
    }
    assert set(found["local.third"]["value"]) == {"$number"}
    assert found["local.third"]["value"]["$number"].startswith("0.33333333333333333333")


def test_arguments_are_told_where_they_are_asked_for(tmp_path: Path) -> None:
    network(tmp_path)
    found = values(".", "--all", cwd=tmp_path)
    assert found['aws_instance.web["a"].ami']["value"] == "ami-a"
    assert found['aws_instance.web["b"].ami']["value"] == "ami-b"
    assert found['aws_instance.web["a"].subnet_id']["value"] is None
    assert found['aws_instance.web["a"].metadata_options'] == {
        "value": [{"http_tokens": "optional"}],
        "path": "main.tf",
        "line": 30,
    }
    assert not any(name.endswith("for_each") for name in found)
    one = values(".", 'aws_instance.web["a"].ami', cwd=tmp_path)
    assert [name for name in one if name.startswith("aws_")] == ['aws_instance.web["a"].ami']
    assert "local.subnet" in one


@pytest.mark.parametrize(
    ("address", "names"),
    [
        ("aws_vpc.main", ["aws_vpc.main.cidr_block"]),
        ("aws_instance.web.ami", ['aws_instance.web["a"].ami', 'aws_instance.web["b"].ami']),
        ("aws_instance.web[a].ami", ['aws_instance.web["a"].ami']),
        (
            'aws_instance.web["b"].metadata_options[0].http_tokens',
            ['aws_instance.web["b"].metadata_options[0].http_tokens'],
        ),
        ("local.mixed.name", ["local.mixed.name"]),
        ("output", ["output.vpc"]),
    ],
)
def test_text_shows_what_an_address_asks_for(
    tmp_path: Path, address: str, names: list[str]
) -> None:
    done = run("values", ".", address, cwd=network(tmp_path))
    assert done.status == 0
    heading, *lines = done.out.splitlines()
    assert heading == ".: root module"
    assert [line.partition(" = ")[0].strip() for line in lines] == names


SWITCHED = """\
variable "on" {
  default = false
}
resource "aws_instance" "web" {
  count = var.on ? 1 : 0
}
resource "aws_instance" "each" {
  for_each = toset([])
}
resource "aws_instance" "there" {
}
module "off" {
  source = "./inner"
  count  = 0
}
"""
SWITCHED_TEMPLATE = """\
Parameters:
  On:
    Type: String
    Default: "no"
Conditions:
  IsOn: !Equals [!Ref On, "yes"]
Resources:
  Web:
    Type: AWS::EC2::Instance
    Condition: IsOn
  Network:
    Type: AWS::CloudFormation::Stack
    Condition: IsOn
    Properties:
      TemplateURL: inner.yaml
Outputs:
  Id:
    Condition: IsOn
    Value: !Ref Web
"""
BY_DEFAULT = ', with the default of variable "on" (main.tf:2)'


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (
            "aws_instance.web",
            f"aws_instance.web is switched off: its count is 0 (main.tf:5){BY_DEFAULT}",
        ),
        ("aws_instance.web[0].ami", "aws_instance.web is switched off: its count is 0 (main.tf:5)"),
        (
            "aws_instance.each",
            "aws_instance.each is switched off: its for_each is empty (main.tf:8)",
        ),
        ("module.off", "module.off is switched off: its count is 0 (main.tf:14)"),
        ("module.off.aws_vpc.main", "module.off is switched off: its count is 0 (main.tf:14)"),
        ("Web", 'Web is switched off: its condition "IsOn" is false (t.yaml:10)'),
        ("Web.ImageId", 'Web is switched off: its condition "IsOn" is false (t.yaml:10)'),
        ("Network/Vpc", 'Network is switched off: its condition "IsOn" is false (t.yaml:13)'),
        ("Outputs.Id", 'Outputs.Id is switched off: its condition "IsOn" is false (t.yaml:18)'),
    ],
)
def test_an_address_of_what_is_switched_off_says_so(
    tmp_path: Path, address: str, said: str
) -> None:
    files = {"main.tf": SWITCHED, "t.yaml": SWITCHED_TEMPLATE}
    write(tmp_path, {**files, "inner/main.tf": 'resource "aws_vpc" "main" {}\n'})
    done = run("values", ".", address, cwd=tmp_path)
    assert done.status == 2
    assert said in done.err
    assert "nothing is called" not in done.err
    assert run("values", ".", "aws_instance.there", cwd=tmp_path).status == 0


def test_an_address_of_nothing_is_wrong_use_with_a_hint(tmp_path: Path) -> None:
    done = run("values", ".", "aws_instance.wep", cwd=network(tmp_path))
    assert (done.status, done.out) == (2, "")
    assert "nothing is called 'aws_instance.wep'; did you mean aws_instance.web" in done.err


def test_names_of_modules_stand_behind_their_calls(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": """\
module "m" {
  source   = "./web"
  for_each = toset(["k"])
  name     = each.key
}

module "registry" {
  source = "terraform-aws-modules/vpc/aws"
}
""",
            "web/main.tf": """\
variable "name" {}

resource "aws_instance" "web" {
  count = 1
  ami   = "ami-${var.name}"
}

output "x" {
  value = upper(var.name)
}
""",
        },
    )
    found = values(".", "module.m", cwd=tmp_path)
    assert found['module.m["k"].output.x']["value"] == "K"
    assert found['module.m["k"].var.name'] == {"value": "k", "path": "main.tf", "line": 3}
    assert found['module.m["k"].aws_instance.web[0].ami']["value"] == "ami-k"
    assert found["module.registry"]["unknown"].endswith("is not on the disk")


def test_names_of_a_stack_are_told(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": WEB})
    found = values(".", "--all", cwd=tmp_path)
    assert found["Parameters.Image"] == {"value": "ami-1", "path": "web.yaml", "line": 2}
    assert found["Parameters.Kind"]["candidates"] == ["t3.micro", "t3.large"]
    assert found["Conditions.HasImage"] == {"value": True, "path": "web.yaml", "line": 7}
    assert "IsSmall" in found["Conditions.IsSmall"]["unknown"]
    assert found["Outputs.Id"]["value"] == {"$resource": "Web", "attribute": "Ref"}
    assert found["Web.ImageId"]["value"] == "ami-1"
    assert found["Web.SecurityGroupIds"]["value"] == [
        {"$resource": "Group", "attribute": "GroupId"}
    ]
    assert "Web.KeyName" not in found
    given = values(".", "--all", "--parameters", "Kind=t3.large", cwd=tmp_path, status=3)
    assert given["Conditions.IsSmall"]["value"] is False
    assert given["Web.InstanceType"]["value"] == "t3.large"
    assert not any(name.startswith("Group.") for name in given)


def test_text_says_when_something_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": WEB})
    done = run("values", ".", "Group", cwd=tmp_path)
    assert done.out.splitlines()[1:] == [
        '  Group.GroupDescription = "open"  # web.yaml:20, when parameter "Kind" is "t3.micro"'
    ]


def test_what_no_echo_hides_is_not_printed(tmp_path: Path) -> None:
    write(tmp_path, {"web.yaml": WEB})
    for form in ("text", "json"):
        done = run("values", ".", "--all", "--format", form, cwd=tmp_path)
        assert "hunter2" not in done.out + done.err
        assert "secret" in done.out


SENSITIVE = {"$concealed": "(sensitive value)"}
SECRETS = """\
variable "password" {
  sensitive = true
  default   = "hunter2"
}

variable "port" {
  sensitive = true
  type      = number
  default   = "hunter2"
}

locals {
  url    = "https://root:${var.password}@db"
  chosen = var.password == "" ? 1 : 2
  marked = sensitive("hunter2")
  told   = nonsensitive(sensitive("known"))
}

module "db" {
  source   = "./db"
  password = var.password
}

resource "aws_instance" "web" {
  user_data = local.url
}

output "password" {
  value     = "hunter2"
  sensitive = true
}

output "db" {
  value = module.db.url
}
"""


def test_what_is_sensitive_is_not_printed_nor_what_is_made_of_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": SECRETS,
            "terraform.tfvars": 'password = "hunter2"\n',
            "db/main.tf": """\
variable "password" {}

output "url" {
  value     = "https://${var.password}hunter2"
  sensitive = true
}
""",
        },
    )
    for form in ("text", "json"):
        done = run("values", ".", "--all", "--format", form, cwd=tmp_path)
        assert done.status == 3  # the port is no number
        assert "hunter2" not in done.out + done.err
    found = values(".", "--all", cwd=tmp_path, status=3)
    for name in ("var.password", "local.url", "local.chosen", "aws_instance.web.user_data"):
        assert found[name]["value"] == SENSITIVE, name
    assert found["module.db.var.password"]["value"] == SENSITIVE
    assert found["output.password"]["value"] == SENSITIVE
    assert found["output.db"]["value"] == SENSITIVE
    assert found["local.marked"]["value"] == SENSITIVE
    assert found["local.told"]["value"] == "known"
    assert "error" in found["var.port"]


def planned(after: dict[str, Any], **more: Any) -> str:
    """A plan that makes one instance."""
    change = {"actions": ["create"], "before": None, "after": after, "after_unknown": {}, **more}
    resource = {
        "address": "aws_instance.web",
        "mode": "managed",
        "type": "aws_instance",
        "name": "web",
        "change": change,
    }
    return json.dumps(
        {
            "format_version": "1.2",
            "terraform_version": "1.9.0",
            "planned_values": {"root_module": {}},
            "resource_changes": [resource],
            "configuration": {"root_module": {}},
        }
    )


def test_a_plan_that_is_named_is_told_without_what_it_marks(tmp_path: Path) -> None:
    after = {"ami": "ami-1", "user_data": "hunter2", "metadata_options": [{"http_tokens": "x"}]}
    text = planned(after, after_sensitive={"user_data": True})
    write(tmp_path, {"plan.json": text, "main.tf": "locals {\n  x = 1\n}\n"})
    found = values("plan.json", "--all", cwd=tmp_path)
    assert found["aws_instance.web.ami"]["value"] == "ami-1"
    assert found["aws_instance.web.metadata_options"]["value"] == [{"http_tokens": "x"}]
    assert found["aws_instance.web.user_data"]["value"] == SENSITIVE
    # Beside its sources, it would say the same once more.
    assert set(values(".", "--all", cwd=tmp_path)) == {"local.x"}


def test_an_error_is_that_of_the_value_and_makes_it_incomplete(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": """\
locals {
  good  = 1
  bad   = [1, tonumber("x")]
  later = local.bad[0]
}

resource "aws_security_group" "web" {
  name = local.nowhere

  ingress {
    from_port = 22
    to_port   = tonumber("x")
  }
}
"""
        },
    )
    done = run("values", ".", "--all", "--format", "json", cwd=tmp_path)
    assert done.status == 3
    found = json.loads(done.out)["units"][0]["values"]
    assert found["local.good"]["value"] == 1
    assert set(found["local.bad"]) == {"error", "path", "line"}
    assert found["local.bad"]["line"] == 3
    assert "nowhere" in found["aws_security_group.web.name"]["error"]
    (ingress,) = found["aws_security_group.web.ingress"]["value"]
    assert ingress["from_port"] == 22
    assert set(ingress["to_port"]) == {"$unknown"}
    assert "main.tf:3:15: " in done.err


def test_what_cannot_be_parsed_leaves_the_rest(tmp_path: Path) -> None:
    write(tmp_path, {"a.tf": "locals {\n  a = 1\n}\n", "b.tf": "locals {\n  b = [1,\n}\n"})
    done = run("values", ".", "--format", "json", cwd=tmp_path)
    assert done.status == 3
    assert json.loads(done.out)["units"][0]["values"]["local.a"]["value"] == 1
    assert "b.tf:" in done.err


def test_nothing_to_evaluate_is_incomplete(tmp_path: Path) -> None:
    write(tmp_path, {"notes.txt": "nothing"})
    done = run("values", ".", "--format", "json", cwd=tmp_path)
    assert done.status == 3
    assert json.loads(done.out) == {"version": 1, "units": [], "stated": []}
    assert "nothing to scan" in done.err


def test_one_unit_for_each_root_module_and_template(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "prod/main.tf": 'module "m" {\n  source = "../modules/m"\n}\n',
            "stage/main.tf": "locals {\n  x = 1\n}\n",
            "modules/m/main.tf": "locals {\n  y = 2\n}\n",
            "web.yaml": WEB,
        },
    )
    done = run("values", ".", "--format", "json", cwd=tmp_path)
    units = json.loads(done.out)["units"]
    assert [(unit["path"], unit["kind"]) for unit in units] == [
        ("prod", "root-module"),
        ("stage", "root-module"),
        ("web.yaml", "stack"),
    ]
    assert units[0]["values"]["module.m.local.y"]["value"] == 2


@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        (("--var", "key_name=given"), "given"),
        (("--var-file", "given.tfvars"), "from-file"),
        (("--env-vars",), "from-environment"),
    ],
)
def test_inputs_are_those_of_scan(tmp_path: Path, arguments: tuple[str, ...], key: str) -> None:
    write(network(tmp_path), {"given.tfvars": 'key_name = "from-file"\n'})
    done = run(
        "values",
        ".",
        "--format",
        "json",
        *arguments,
        cwd=tmp_path,
        env={"TF_VAR_key_name": "from-environment"},
    )
    found = json.loads(done.out)["units"][0]["values"]
    assert found["var.key_name"]["value"] == key


def test_standard_input_is_read(tmp_path: Path) -> None:
    done = run("values", "-", "--format", "json", cwd=tmp_path, stdin=b"locals {\n  x = 1\n}\n")
    assert json.loads(done.out)["units"][0]["values"]["local.x"] == {
        "value": 1,
        "path": "stdin.tf",
        "line": 2,
    }


def test_both_parsers_give_the_same(tmp_path: Path) -> None:
    network(tmp_path)
    found = [values(".", "--all", *o, cwd=tmp_path) for o in ((), ("--hcl-parser", "python-hcl2"))]
    assert found[0] == found[1]


def test_the_json_keeps_to_its_schema(tmp_path: Path) -> None:
    write(network(tmp_path), {"web.yaml": WEB, "secret/main.tf": SECRETS})
    text = files("iac_ec2lint.report.answers").joinpath("values.schema.json").read_text("utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    document = json.loads(run("values", ".", "--all", "--format", "json", cwd=tmp_path).out)
    jsonschema.validate(document, schema, jsonschema.Draft202012Validator)
    document["units"][0]["values"]["var.cidr"]["other"] = 1
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(document, schema, jsonschema.Draft202012Validator)


@pytest.mark.slow
def test_equal_input_gives_equal_bytes_whatever_the_hash_seed(tmp_path: Path) -> None:
    write(network(tmp_path), {"web.yaml": WEB})
    runs: list[Run] = [
        run_process(
            "values",
            ".",
            "--all",
            "--format",
            form,
            cwd=tmp_path,
            env=environment({"PYTHONHASHSEED": seed}),
        )
        for form in ("json", "text")
        for seed in ("1", "2")
    ]
    assert runs[0] == runs[1]
    assert runs[2] == runs[3]
    assert runs[0].out != runs[2].out


def test_text_is_aligned_and_puts_long_values_on_several_lines(tmp_path: Path) -> None:
    write(
        tmp_path,
        {
            "main.tf": """\
variable "cidr" {}

locals {
  a    = 1
  long = { for n in range(3) : "subnet-${n}" => { cidr = "10.0.${n}.0/24", zone = "eu-west-1a" } }
  text = "one\\ntwo \\u001b[31m"
  open = "${var.cidr}-x"
}
"""
        },
    )
    assert run("values", ".", cwd=tmp_path).out == (
        """\
.: root module
  var.cidr = unknown: var.cidr has no value  # main.tf:1
  local.a    = 1                               # main.tf:4
  local.long = {  # main.tf:5
    subnet-0 = { cidr = "10.0.0.0/24", zone = "eu-west-1a" }
    subnet-1 = { cidr = "10.0.1.0/24", zone = "eu-west-1a" }
    subnet-2 = { cidr = "10.0.2.0/24", zone = "eu-west-1a" }
  }
  local.text = "one\\ntwo \\u001b[31m"           # main.tf:6
  local.open = unknown: var.cidr has no value  # main.tf:7
"""
    )


def test_a_property_that_may_be_removed_is_told_in_the_words_of_templates(tmp_path: Path) -> None:
    text = WEB.replace("{Type: String, Default: ami-1}", "{Type: String}")
    write(tmp_path, {"stack.yaml": text})
    done = run("values", ".", "Web.KeyName", cwd=tmp_path)
    assert 'one of AWS::NoValue, "key"' in done.out
