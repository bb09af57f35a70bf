"""The files that Terragrunt generates count in the root module that it deploys.

Source of what is expected: Terragrunt's reference, the block and the attribute ``generate``.
"""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import Finding

MODULE = """
variable "size" {
  type = number
}
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = var.size
}
"""
BY_DEFAULT = """
resource "aws_ebs_encryption_by_default" "on" {
  enabled = true
}
"""
UNIT = 'terraform {\n  source = "../../modules//disk"\n}\ninputs = { size = 10 }\n'
INCLUDE = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n%s}\n'


def generate(contents: str, more: str = "", label: str = "defaults") -> str:
    return (
        f'generate "{label}" {{\n  path = "defaults.tf"\n  if_exists = "overwrite"\n  {more}\n'
        f"  contents = <<EOF\n{contents}\nEOF\n}}\n"
    )


def found(files: dict[str, str], *codes: str, module: str = MODULE) -> list[Finding]:
    tree = {"modules/disk/main.tf": module, "live/a/terragrunt.hcl": UNIT}
    report = scan_project({**tree, **files}, select=codes or ("DATA001",))
    assert not report.errors
    return list(report.findings)


OPEN = """
resource "aws_security_group" "open" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["${local.range}"]
  }
}"""
LOCALS = 'locals {\n  range = "0.0.0.0/0"\n}\n'


def test_what_is_generated_is_found_at_its_line() -> None:
    unit = LOCALS + UNIT + generate(OPEN)
    [finding] = found({"live/a/terragrunt.hcl": unit}, "SG001")
    assert finding.when == "deployed with live/a/terragrunt.hcl"
    line = 1 + unit.splitlines().index('    cidr_blocks = ["${local.range}"]')
    assert (finding.span.path, finding.span.line) == ("live/a/terragrunt.hcl", line)
    assert finding.fix is None or finding.fix.edits == ()


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"live/a/terragrunt.hcl": UNIT + generate(OPEN, "disable = true")}, id="off"),
        pytest.param(
            {
                "root.hcl": LOCALS + generate(OPEN),
                "live/a/terragrunt.hcl": INCLUDE % '  merge_strategy = "no_merge"\n' + UNIT,
            },
            id="not merged",
        ),
        pytest.param(
            {
                "root.hcl": LOCALS + generate(OPEN),
                "live/a/terragrunt.hcl": INCLUDE % "" + UNIT + generate("# nothing"),
            },
            id="of one label that of the child counts",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": LOCALS
                + UNIT
                + generate(OPEN).replace('"overwrite"', '"skip"'),
                "modules/disk/defaults.tf": "# its own\n",
            },
            id="the module's own file stays",
        ),
    ],
)
def test_what_is_not_generated(files: dict[str, str]) -> None:
    assert found(files, "SG001") == []


@pytest.mark.parametrize("name", ["local.common.generate", "include.root.generate"])
def test_what_another_configuration_says_is_generated(name: str) -> None:
    common = LOCALS + generate(OPEN, label="rules")
    read = 'locals {\n  common = read_terragrunt_config("../../common.hcl")\n}\n'
    include = INCLUDE % '  expose = true\n  merge_strategy = "no_merge"\n'
    unit = f"{include}{read}{UNIT}generate = {name}\n"
    [finding] = found(
        {"common.hcl": common, "root.hcl": common, "live/a/terragrunt.hcl": unit}, "SG001"
    )
    line = 1 + common.splitlines().index('    cidr_blocks = ["${local.range}"]')
    assert finding.span.line == line


def test_a_file_of_the_module_is_replaced() -> None:
    own = OPEN.replace("${local.range}", "0.0.0.0/0")
    files = {"modules/disk/defaults.tf": own, "live/a/terragrunt.hcl": UNIT + generate("# none")}
    [finding] = found(files, "SG001")  # of the module alone
    assert finding.when is None


def test_a_generated_provider_says_where_and_by_whom() -> None:
    provider = """
provider "aws" {
  region     = "eu-west-1"
  access_key = "AKIAIOSFODNN7EXAMPLE"
}"""
    files = {
        "root.hcl": generate(provider, label="provider"),
        "live/a/terragrunt.hcl": INCLUDE % "" + UNIT,
    }
    [finding] = found(files, "IAM018")
    assert (finding.span.path, finding.span.line) == ("root.hcl", 9)


UNDECIDED = MODULE.replace(
    "  size              = var.size", "  size              = var.size\n  encrypted = var.size > 5"
)


@pytest.mark.parametrize(
    ("unit", "count"),
    [
        pytest.param(UNIT, 0, id="nothing is generated"),
        pytest.param(UNIT + generate('provider "aws" {}'), 0, id="a provider"),
        pytest.param(
            UNIT + generate('provider "aws" {\n  profile = "${get_aws_account_id()}"\n}'),
            0,
            id="a provider, not all of which is known",
        ),
        pytest.param(
            UNIT + generate('resource "x" "y" {\n  name = "${get_aws_account_id()}"\n}'),
            1,
            id="a resource, not all of which is known",
        ),
        pytest.param(UNIT + generate("${run_cmd()}"), 1, id="nothing of it is known"),
        pytest.param(UNIT + "generate = run_cmd()\n", 1, id="nothing is known of any"),
    ],
)
def test_what_may_be_generated_leaves_open_what_a_deployment_makes_safe(
    unit: str, count: int
) -> None:
    assert len(found({"live/a/terragrunt.hcl": unit}, module=UNDECIDED)) == count


def test_configurations_that_read_themselves_and_others_often_end() -> None:
    read = 'locals {\n  a = read_terragrunt_config("%s")\n  b = read_terragrunt_config("%s")\n}\n'
    itself = "\nlocals {\n  x = local.a.generate.defaults.contents\n}\n"
    own = read % ("terragrunt.hcl", "0.hcl") + itself
    chain = {f"live/a/{at}.hcl": read % (f"{at + 1}.hcl", f"{at + 1}.hcl") for at in range(15)}
    contents = generate("# ${local.a.inputs.size} ${local.b.generate.x.contents}")
    assert len(found({"live/a/terragrunt.hcl": own + UNIT + contents, **chain})) == 1


def test_what_is_generated_is_no_error_of_the_module_alone() -> None:
    module = MODULE.replace("= var.size", "= local.generated")
    unit = UNIT.replace('"../../', '"${get_repo_root()}/')
    assert found({"live/a/terragrunt.hcl": unit + generate("# x")}, module=module) != []


def test_nothing_is_included_yet_where_a_path_is_evaluated() -> None:
    include = 'include "%s" {\n  path = %s\n}\n'
    unit = include % ("root", "find_in_parent_folders()") + UNIT
    unit += include % ("rules", '"${path_relative_to_include()}/../../rules.hcl"')
    files = {
        "terragrunt.hcl": LOCALS,
        "rules.hcl": LOCALS + generate(OPEN),
        "live/a/terragrunt.hcl": unit,
    }
    assert [one.span.path for one in found(files, "SG001")] == ["rules.hcl"]
