"""Stacks of Terragrunt: the units that they would be generated as, with the values of each.

Source of what is expected: Terragrunt's documentation, "Stacks", and its blocks ``unit`` and
``stack``.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.program import run, write
from tests.invariance.projects import scan_project

MODULE = """
variable "encrypted" {
  type = bool
}
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = 10
  encrypted         = var.encrypted
}
"""
UNIT = """
terraform { source = "${get_repo_root()}/modules/disk" }
inputs = { encrypted = values.encrypted }
"""
TREE = {"modules/disk/main.tf": MODULE, "catalog/units/disk/terragrunt.hcl": UNIT}


def unit(encrypted: str, more: str = "", name: str = "disk") -> str:
    return f"""
unit "{name}" {{
  source = "../catalog/units/disk"
  path   = "{name}"
  values = {{ encrypted = {encrypted} }}
  {more}
}}
"""


def outcome(files: dict[str, str]) -> list[tuple[str, str | None]]:
    report = scan_project({**TREE, **files}, select=("DATA001",))
    assert not report.errors
    return [(one.status.value, one.when) for one in report.findings]


def fails(*units: str) -> list[tuple[str, str | None]]:
    places = " or ".join(f"live/{one}/terragrunt.hcl" for one in units)
    return [("fail", f"deployed with {places}")]


AT = ".terragrunt-stack/disk"


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"live/terragrunt.stack.hcl": unit("true")}, [], id="safe"),
        pytest.param({"live/terragrunt.stack.hcl": unit("false")}, fails(AT), id="unsafe"),
        pytest.param(
            {"live/terragrunt.stack.hcl": unit("true") + unit("false", name="log")},
            fails(".terragrunt-stack/log"),
            id="two of one source",
        ),
        pytest.param(
            {"live/terragrunt.stack.hcl": unit("false", "no_dot_terragrunt_stack = true")},
            fails("disk"),
            id="beside the stack",
        ),
        pytest.param(
            {"live/terragrunt.stack.hcl": "locals { on = false }\n" + unit("local.on")},
            fails(AT),
            id="local",
        ),
        pytest.param(
            {"live/terragrunt.stack.hcl": unit('get_env("ENCRYPTED")')},
            [("undecided", None)],
            id="not known",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true") + unit("true", name="log"),
                "other/terragrunt.stack.hcl": 'unit "x" {\n  source = get_env("SOURCE")\n}\n',
            },
            [("undecided", None)],
            id="another may be made of anything",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true"),
                "catalog/stacks/x/terragrunt.stack.hcl": (
                    'unit "x" {\n  source = "example.com/x?ref=${values.x}"\n  path = "x"\n}\n'
                ),
                "catalog/units/x/terragrunt.hcl": (
                    'terraform {\n  source = "example.com/x?ref=${values.x}"\n}\n'
                ),
            },
            [],
            id="others that nobody gives values",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true").replace("encrypted = true", "other = 1"),
                "catalog/units/disk/terragrunt.hcl": UNIT.replace(
                    "values.encrypted", "try(values.encrypted, false)"
                ),
            },
            fails(AT),
            id="a value that is not given",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true"),
                "catalog/units/disk/terragrunt.hcl": UNIT.replace(
                    "values.encrypted",
                    'read_terragrunt_config("${get_terragrunt_dir()}/own.hcl").locals.encrypted',
                ),
                "catalog/units/disk/own.hcl": "locals { encrypted = false }\n",
            },
            fails(AT),
            id="what is copied along",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true"),
                "live/account.hcl": "locals { encrypted = false }\n",
                "catalog/units/disk/terragrunt.hcl": UNIT.replace(
                    "values.encrypted",
                    'read_terragrunt_config(find_in_parent_folders("account.hcl")).locals.encrypted',
                ),
            },
            fails(AT),
            id="what stands above the place where it is generated",
        ),
        pytest.param(
            {
                "catalog/stacks/disks/terragrunt.stack.hcl": unit("values.on").replace(
                    "..", "${get_repo_root()}"
                ),
                "live/terragrunt.stack.hcl": """
stack "disks" {
  source = "../catalog/stacks/disks"
  path   = "disks"
  values = { on = false }
}
""",
            },
            fails(f".terragrunt-stack/disks/{AT}"),
            id="a stack in a stack",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": 'include "all" { path = "../shared.hcl" }\n'
                "locals { on = false }\n",
                "shared.hcl": unit("local.on"),
            },
            fails(AT),
            id="included",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true")
                + 'include "all" {\n  path = find_in_parent_folders("shared.hcl")\n}\n',
                "shared.hcl": unit("false", name="log"),
            },
            fails(".terragrunt-stack/log"),
            id="included from above, beside its own",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit("true")
                + 'include "all" {\n  path = get_env("SHARED")\n}\n',
            },
            [("undecided", None)],
            id="another may be included",
        ),
        pytest.param(
            {
                "live/terragrunt.stack.hcl": unit(
                    "true", "autoinclude {\n    inputs = { encrypted = false }\n  }"
                ),
            },
            [("undecided", None)],
            id="what is put beside the unit replaces what it says",
        ),
        pytest.param(
            {
                f"live/{AT}/terragrunt.hcl": UNIT,
                f"live/{AT}/terragrunt.values.hcl": "encrypted = false\n",
            },
            fails(AT),
            id="generated already, beside the unit of a catalog",
        ),
    ],
)
def test_units(files: dict[str, str], expected: list[tuple[str, str | None]]) -> None:
    assert sorted(outcome(files), key=str) == sorted(expected, key=str)


def test_a_stack_that_is_made_of_itself_ends() -> None:
    block = 'stack "s%d" {\n  source = "${get_repo_root()}/live"\n  path = "s%d"\n}\n'
    stack = unit("true") + "".join(block % (at, at) for at in range(6))
    [(status, _)] = outcome({"live/terragrunt.stack.hcl": stack})
    assert status == "undecided"


def test_a_dependency_is_the_unit_that_is_generated_beside() -> None:
    files = {
        "modules/defaults/main.tf": 'output "encrypted" { value = false }\n',
        "catalog/units/defaults/terragrunt.hcl": (
            'terraform { source = "${get_repo_root()}/modules/defaults" }\n'
        ),
        "catalog/units/disk/terragrunt.hcl": UNIT.replace(
            "values.encrypted", "dependency.defaults.outputs.encrypted"
        )
        + 'dependency "defaults" { config_path = values.defaults }\n',
        "live/terragrunt.stack.hcl": unit("true").replace(
            "encrypted = true", 'defaults = "../defaults"'
        )
        + 'unit "defaults" {\n  source = "../catalog/units/defaults"\n  path = "defaults"\n}\n',
    }
    assert outcome(files) == fails(AT)


@pytest.mark.parametrize(
    "changed", ["live/terragrunt.stack.hcl", "catalog/units/disk/terragrunt.hcl"]
)
def test_a_changed_file_selects_what_is_generated(changed: str, tmp_path: Path) -> None:
    stack = {"live/terragrunt.stack.hcl": unit("false")}
    write(tmp_path, {**TREE, **stack, ".git/HEAD": ""})
    ended = run("scan", "--format", "json", "--select", "DATA001", changed, cwd=tmp_path)
    [(code, path, _)] = ended.found
    assert (code, path) == ("DATA001", "live/terragrunt.stack.hcl")
    assert ended.report["summary"]["files"]["skipped"] == []
