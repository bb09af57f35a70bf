"""What configurations of Terragrunt deploy, and with which values.

Each case is a tree with one root module, whose variables show what they get. Source of what is
expected: Terragrunt's reference, "Blocks", "Attributes" and "Functions".
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import run, write
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.files import Files
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.terragrunt.configuration import Configuration
from iac_ec2lint.terraform.terragrunt.opening import open_files
from iac_ec2lint.terraform.unit import Modules
from iac_ec2lint.values import Unknown, Val

MODULE = """
variable "encrypted" {
  type    = bool
  default = true
}
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = var.encrypted
}
"""
UNIT = 'terraform {\n  source = "../../modules//disk"\n}\n'
UNSAFE = "inputs = { encrypted = false }\n"


def report(files: dict[str, str]) -> Report:
    return scan_project({"modules/disk/main.tf": MODULE, **files}, select=("DATA001",))


def outcome(files: dict[str, str]) -> list[tuple[str, str | None]]:
    """Status and condition of what is found."""
    found = report(files)
    assert not found.errors
    return [(one.status.value, one.when) for one in found.findings]


FAILS = [("fail", "deployed with live/a/terragrunt.hcl")]
OPEN = [("undecided", "deployed with live/a/terragrunt.hcl")]
SAFE: list[tuple[str, str | None]] = []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"live/a/terragrunt.hcl": UNIT + UNSAFE}, FAILS, id="inputs"),
        pytest.param({"live/a/terragrunt.hcl": UNIT}, SAFE, id="defaults"),
        pytest.param(
            {"live/a/terragrunt.hcl": UNIT + 'inputs = { encrypted = get_env("ENCRYPTED") }\n'},
            OPEN,
            id="an-environment-variable",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'inputs = { encrypted = get_env("ENCRYPTED", "false") }\n'
            },
            FAILS,
            id="an-environment-variable-with-a-default",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": UNIT + 'inputs = jsondecode(run_cmd("./inputs.sh"))\n'},
            OPEN,
            id="inputs-of-which-nothing-is-known",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'inputs = merge({ encrypted = true }, jsondecode(run_cmd("./inputs.sh")))\n'
            },
            OPEN,
            id="inputs-under-unknown-ones",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'dependency "key" {\n  config_path = "../key"\n'
                + "  mock_outputs = { encrypted = true }\n}\n"
                + "inputs = { encrypted = dependency.key.outputs.encrypted }\n"
            },
            OPEN,
            id="mocks-are-not-what-is-applied",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'dependency "key" {\n  config_path = "../key"\n  skip_outputs = true\n'
                + "  mock_outputs = { encrypted = false }\n}\n"
                + "inputs = { encrypted = dependency.key.outputs.encrypted }\n"
            },
            FAILS,
            id="mocks-in-place-of-outputs",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'include {\n  path = find_in_parent_folders("root.hcl")\n}\n',
                "root.hcl": UNSAFE,
            },
            FAILS,
            id="included-inputs",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'
                + "inputs = { encrypted = true }\n",
                "root.hcl": UNSAFE,
            },
            SAFE,
            id="own-inputs-over-included-ones",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n'
                + '  merge_strategy = "no_merge"\n  expose = true\n}\n'
                + "inputs = { encrypted = !include.root.locals.encrypted }\n",
                "root.hcl": "locals {\n  encrypted = true\n}\n",
            },
            FAILS,
            id="exposed-locals",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": 'include "root" {\n  path = "../../root.hcl"\n}\n',
                "root.hcl": 'locals {\n  name = "disk"\n}\n'
                'terraform {\n  source = "${get_repo_root()}/modules/${local.name}"\n}\n' + UNSAFE,
            },
            FAILS,
            id="an-included-source",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": "skip = true\n" + UNIT + UNSAFE}, SAFE, id="skipped"
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + UNSAFE
                + 'exclude {\n  if      = true\n  actions = ["all"]\n}\n'
            },
            SAFE,
            id="excluded",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": 'terraform {\n  source = "../../modules/disk"\n'
                '  extra_arguments "values" {\n    commands = ["plan", "apply"]\n'
                '    required_var_files = ["${get_terragrunt_dir()}/../common.tfvars"]\n'
                "  }\n}\ninputs = { encrypted = true }\n",
                "live/common.tfvars": "encrypted = false\n",
            },
            FAILS,
            id="files-of-values-over-inputs",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": 'terraform {\n  source = "../../modules/disk"\n'
                '  extra_arguments "values" {\n    commands = ["apply"]\n'
                '    env_vars = { TF_VAR_encrypted = "false" }\n  }\n}\n'
            },
            FAILS,
            id="environment-variables-of-its-own",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'locals {\n  all = yamldecode(file(find_in_parent_folders("all.yaml")))\n}\n'
                + "inputs = local.all\n",
                "all.yaml": "encrypted: false\n",
            },
            FAILS,
            id="values-in-yaml",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'inputs = jsondecode(read_tfvars_file("../common.tfvars"))\n',
                "live/common.tfvars": "encrypted = false\n",
            },
            FAILS,
            id="a-file-of-values-that-is-read",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'feature "sealed" {\n  default = false\n}\n'
                + "inputs = { encrypted = feature.sealed.value }\n"
            },
            FAILS,
            id="the-default-of-a-feature",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": UNIT.replace("../../", "../../../../")}, SAFE, id="elsewhere"
        ),
        pytest.param({"live/a/terragrunt.hcl": UNIT + "inputs = {\n"}, SAFE, id="broken"),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + 'locals {\n  self = read_terragrunt_config("terragrunt.hcl")\n}\n'
                + "inputs = local.self.locals\n"
            },
            SAFE,
            id="one-that-reads-itself",
        ),
    ],
)
def test_what_is_deployed(files: dict[str, str], expected: list[tuple[str, str | None]]) -> None:
    assert outcome(files) == expected


def test_values_that_terraform_loads_of_itself_count_before_inputs() -> None:
    files = {
        "live/a/terragrunt.hcl": UNIT + UNSAFE,
        "modules/disk/x.auto.tfvars": "encrypted = true",
    }
    assert outcome(files) == SAFE


def test_a_configuration_without_a_source_deploys_its_own_folder() -> None:
    files = {"live/a/main.tf": MODULE, "live/a/terragrunt.hcl": UNSAFE}
    assert outcome(files) == FAILS


def test_several_deployments_of_one_module_are_told_together() -> None:
    units = {f"live/{name}/terragrunt.hcl": UNIT + UNSAFE for name in "abc"}
    [finding] = report(units).findings
    assert finding.when == (
        "deployed with live/a/terragrunt.hcl or live/b/terragrunt.hcl or live/c/terragrunt.hcl"
    )


@pytest.mark.parametrize("changed", ["live/a/terragrunt.hcl", "root.hcl", "modules/disk/main.tf"])
def test_a_changed_file_selects_what_it_configures(changed: str, tmp_path: Path) -> None:
    unit = UNIT + 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n}\n'
    files = {"modules/disk/main.tf": MODULE, "live/a/terragrunt.hcl": unit, "root.hcl": UNSAFE}
    write(tmp_path, files | {".git/HEAD": ""})
    ended = run("scan", "--format", "json", "--select", "DATA001", changed, cwd=tmp_path)
    assert ended.status == 1
    [(code, path, _)] = ended.found
    assert (code, path) == ("DATA001", "root.hcl")


ARGUMENTS = """terraform {
  source = "../../modules//disk"
  extra_arguments "values" {
    commands = ["plan", "apply"]
    %s
  }
}
inputs = { encrypted = true }
"""
OWN = "git@github.com:acme/infrastructure.git"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param(
            {
                "live/terragrunt.hcl": "locals { encrypted = false }\n",
                "live/a/terragrunt.hcl": "include {\n  path   = find_in_parent_folders()\n"
                "  expose = true\n}\n"
                + UNIT
                + "inputs = { encrypted = include.locals.encrypted }\n",
            },
            FAILS,
            id="exposed-without-a-label",
        ),
        pytest.param(
            {
                "live/1.hcl": "inputs = { encrypted = true }\n",
                "live/2.hcl": UNSAFE,
                "live/a/terragrunt.hcl": 'include "b" {\n  path = "../1.hcl"\n}\n'
                'include "a" {\n  path = "../2.hcl"\n}\n' + UNIT,
            },
            FAILS,
            id="the-last-include-counts",
        ),
        *(
            pytest.param(
                {
                    "live/a/terragrunt.hcl": ARGUMENTS % f"arguments = {written}",
                    **(
                        {"live/a/values.tfvars": "encrypted = false\n"} if "file" in written else {}
                    ),
                },
                FAILS,
                id=written,
            )
            for written in (
                '["-var", "encrypted=false"]',
                '["-var=encrypted=false"]',
                '["-lock=false", "--var", "encrypted=false"]',
                '["-var-file=values.tfvars"]',
                '["-var-file=${get_terragrunt_dir()}/values.tfvars"]',
                '["-var-file", "${get_terragrunt_dir()}/values.tfvars"]',
            )
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": ARGUMENTS
                % 'arguments = ["-var=encrypted=false"]\n  required_var_files = ["v.tfvars"]',
                "live/a/v.tfvars": "encrypted = true\n",
            },
            SAFE,
            id="files-of-values-over-arguments",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": ARGUMENTS % 'arguments = [get_env("OPTIONS")]'},
            OPEN,
            id="an-argument-that-is-not-known",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": ARGUMENTS % 'required_var_files = ["secret.tfvars"]'},
            OPEN,
            id="a-required-file-that-lies-elsewhere",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": ARGUMENTS % 'env_vars = { TF_VAR_encrypted = "false" }'},
            FAILS,
            id="environment-variables-over-inputs",
        ),
        pytest.param(
            {
                "live/values.hcl": ARGUMENTS.replace("values", "all")
                % 'arguments = ["-var=encrypted=true"]',
                "live/a/terragrunt.hcl": 'include "all" {\n  path = "../values.hcl"\n}\n'
                + ARGUMENTS % 'arguments = ["-var=encrypted=false"]',
            },
            FAILS,
            id="own-arguments-over-included-ones",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT
                + UNSAFE
                + 'exclude {\n  if      = true\n  actions = ["destroy"]\n}\n'
            },
            FAILS,
            id="excluded-from-another-action",
        ),
        pytest.param(
            {
                "live/d.hcl": 'dependency "b" {\n  config_path = "./b"\n}\n',
                "live/b/terragrunt.hcl": "",
                "live/b/main.tf": 'output "encrypted" {\n  value = false\n}\n',
                "live/a/terragrunt.hcl": 'locals {\n  d = read_terragrunt_config("../d.hcl")\n}\n'
                + UNIT
                + "inputs = { encrypted = local.d.dependency.b.outputs.encrypted }\n",
            },
            FAILS,
            id="a-dependency-of-what-is-read",
        ),
        pytest.param(
            {
                "live/b/terragrunt.hcl": "",
                "live/b/main.tf": 'output "encrypted" {\n  value = true\n}\n',
                "live/a/terragrunt.hcl": 'dependency "b" {\n  config_path = "../b"\n'
                "  enabled      = false\n  mock_outputs = { encrypted = false }\n}\n"
                + UNIT
                + "inputs = { encrypted = dependency.b.outputs.encrypted }\n",
            },
            FAILS,
            id="mocks-of-a-disabled-dependency",
        ),
        pytest.param(
            {
                ".git/config": f'[remote "origin"]\n\turl = {OWN}\n',
                "live/a/terragrunt.hcl": UNIT.replace(
                    "../../modules//disk", f"git::{OWN}//modules/disk?ref=v1"
                )
                + UNSAFE,
            },
            FAILS,
            id="the-repository-s-own-address",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": UNIT + "inputs = { encrypted = true, size = 8 }\n",
                "live/a/terragrunt.autoinclude.hcl": UNSAFE,
            },
            FAILS,
            id="what-a-stack-lays-over-the-unit",
        ),
        pytest.param(
            {
                "live/b/terragrunt.hcl": "",
                "live/b/main.tf": 'output "encrypted" {\n  value = false\n}\n',
                "live/a/terragrunt.hcl": UNIT + "inputs = { encrypted = true }\n",
                "live/a/terragrunt.autoinclude.hcl": (
                    'dependency "b" {\n  config_path = "../b"\n}\n'
                    "inputs = { encrypted = dependency.b.outputs.encrypted }\n"
                ),
            },
            FAILS,
            id="a-dependency-that-a-stack-lays-over-the-unit",
        ),
        pytest.param(
            {
                "live/root.hcl": UNSAFE,
                "live/a/terragrunt.hcl": 'include "root" {\n  path = "../root.hcl"\n}\n' + UNIT,
                "live/a/terragrunt.autoinclude.hcl": "inputs = { encrypted = true }\n",
                "live/terragrunt.autoinclude.hcl": UNSAFE,
            },
            SAFE,
            id="what-lies-beside-the-unit-counts-before-what-it-includes",
        ),
    ],
)
def test_what_overrides_what(files: dict[str, str], expected: list[tuple[str, str | None]]) -> None:
    assert outcome(files) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        pytest.param("${path_relative_to_include()}/../../common/root.hcl", FAILS, id="folder"),
        pytest.param("${path_relative_from_include()}/../../common/root.hcl", FAILS, id="back"),
        pytest.param("${include.root.locals.place}", OPEN, id="itself"),
    ],
)
def test_the_path_of_an_include_is_read_before_anything_is_included(
    path: str, expected: list[tuple[str, str | None]]
) -> None:
    """``path_relative_to_include()`` is ``.`` there, whatever the configuration includes."""
    unit = UNIT + f'include "root" {{\n  path   = "{path}"\n  expose = true\n}}\n'
    files = {"common/root.hcl": "locals {\n  place = 1\n}\n" + UNSAFE}
    assert outcome({"live/a/terragrunt.hcl": unit, **files}) == expected


def test_json() -> None:
    unit = '{"terraform": {"source": "../../modules/disk"}, "inputs": {"encrypted": false}}'
    expected = [("fail", "deployed with live/a/terragrunt.hcl.json")]
    assert outcome({"live/a/terragrunt.hcl.json": unit}) == expected


def test_texts_of_types_with_elements() -> None:
    """As ``jsonencode`` makes them, or an option; a variable without a type takes them as is."""
    module = MODULE.replace("bool", "list(bool)").replace("true", "[true]", 1)
    module = module.replace("var.encrypted", "alltrue(var.encrypted)")
    for given in (
        UNIT + "inputs = { encrypted = jsonencode([false]) }\n",
        ARGUMENTS % 'arguments = ["-var=encrypted=[false]"]',
    ):
        assert outcome({"modules/disk/main.tf": module, "live/a/terragrunt.hcl": given}) == FAILS


FUNCTIONS = [
    ("basename(get_terragrunt_dir())", "web"),
    ("path_relative_to_include()", "live/prod/web"),
    ('path_relative_to_include("root")', "live/prod/web"),
    ("path_relative_from_include()", "../../.."),
    ("get_path_from_repo_root()", "live/prod/web"),
    ("get_path_to_repo_root()", "../../.."),
    ("basename(get_parent_terragrunt_dir())", None),  # the boundary's own name is the machine's
    ('basename(find_in_parent_folders("account.hcl"))', "account.hcl"),
    ('find_in_parent_folders("none.hcl", "else")', "else"),
    ('read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.name', "prod"),
    ('read_terragrunt_config("none.hcl", { locals = { name = "else" } }).locals.name', "else"),
    ("include.root.locals.here", "web"),
    ("include.root.locals.there", "live/prod/web"),
    ('basename(mark_as_read("a/b"))', "b"),
    ("get_aws_account_id()", None),
    ('sops_decrypt_file("secrets.yaml")', None),
    ('find_in_parent_folders("none.hcl")', None),
    ("var.none", None),
]


@pytest.fixture
def unit(tmp_path: Path) -> Configuration:
    root = "locals {\n  here = basename(get_terragrunt_dir())\n"
    root += "  there = path_relative_to_include()\n}\n"
    values = "".join(f"  v{at} = {text}\n" for at, (text, _) in enumerate(FUNCTIONS))
    include = 'include "root" {\n  path = find_in_parent_folders("root.hcl")\n  expose = true\n}\n'
    write(
        tmp_path,
        {
            "root.hcl": root,
            "live/prod/account.hcl": 'locals {\n  name = "prod"\n}\n',
            "live/prod/web/terragrunt.hcl": f"{include}inputs = {{\n{values}}}\n",
        },
    )
    files = Files(tmp_path, tmp_path)
    shared = open_files(Modules(files, RootModuleOptions()))
    return Configuration(files.boundary / "live/prod/web/terragrunt.hcl", shared)


def test_functions(unit: Configuration) -> None:
    found = unit.inputs.items()
    values = [found[f"v{at}"] for at in range(len(FUNCTIONS))]
    assert [(text, one.text) for (text, _), one in zip(FUNCTIONS, values, strict=True)] == FUNCTIONS


def merged(tmp_path: Path, *strategies: str) -> dict[str, Val]:
    """The inputs of a configuration that includes two others, each by a strategy."""
    includes = "".join(
        f'include "i{at}" {{\n  path = "../{at}.hcl"\n  merge_strategy = "{one}"\n}}\n'
        for at, one in enumerate(strategies)
    )
    write(
        tmp_path,
        {
            "0.hcl": 'inputs = { who = "first", tags = { a = 1, b = 1 }, list = [1] }\n',
            "1.hcl": 'inputs = { who = "second", more = "second", tags = { c = 3 } }\n',
            "a/terragrunt.hcl": includes + "inputs = { tags = { b = 2 }, list = [2] }\n",
        },
    )
    shared = open_files(Modules(Files(tmp_path, tmp_path), RootModuleOptions()))
    return Configuration(tmp_path / "a" / "terragrunt.hcl", shared).inputs.items()


def plain(value: Val) -> object:
    assert not isinstance(value, Unknown)
    if isinstance(value.data, dict):
        return {name: plain(one) for name, one in value.items().items()}
    return [plain(one) for one in value.elements()] if isinstance(value.data, tuple) else value.data


@pytest.mark.parametrize(
    ("strategies", "expected"),
    [
        (
            ("shallow", "shallow"),
            {"who": "second", "more": "second", "tags": {"b": 2}, "list": [2]},
        ),
        (
            ("no_merge", "shallow"),
            {"who": "second", "more": "second", "tags": {"b": 2}, "list": [2]},
        ),
        (
            ("deep", "deep"),
            {"who": "second", "more": "second", "tags": {"a": 1, "b": 2, "c": 3}, "list": [1, 2]},
        ),
        (
            ("deep_map_only", "no_merge"),
            {"who": "first", "tags": {"a": 1, "b": 2}, "list": [2]},
        ),
    ],
)
def test_how_inputs_are_merged(
    strategies: tuple[str, ...], expected: object, tmp_path: Path
) -> None:
    found = merged(tmp_path, *strategies)
    assert {name: plain(one) for name, one in found.items()} == expected


def test_other_commands_take_a_deployment_as_a_file_of_values(tmp_path: Path) -> None:
    write(tmp_path, {"modules/disk/main.tf": MODULE, "live/a/terragrunt.hcl": UNIT + UNSAFE})
    named = ("--var-file", "live/a/terragrunt.hcl")
    ended = run("values", "modules/disk", *named, cwd=tmp_path)
    assert "var.encrypted = false  # live/a/terragrunt.hcl:4" in ended.out
    ended = run(
        "scan", "--format", "json", "--select", "DATA001", "modules/disk", *named, cwd=tmp_path
    )
    assert ended.found == [("DATA001", "live/a/terragrunt.hcl", 4)]


def test_one_that_cannot_be_parsed_is_listed_as_that(tmp_path: Path) -> None:
    write(tmp_path, {"modules/disk/main.tf": MODULE, "live/a/terragrunt.hcl": "inputs = {\n"})
    ended = run("scan", "--format", "json", ".", cwd=tmp_path)
    [entry] = ended.report["summary"]["files"]["skipped"]
    assert (entry["path"], entry["counts"]) == ("live/a/terragrunt.hcl", True)
    assert "no HCL that can be parsed" in entry["reason"]
