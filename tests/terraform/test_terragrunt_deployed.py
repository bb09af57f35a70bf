"""What is undecided in a module alone, where configurations of Terragrunt deploy it.

It is as with a module that others call: who deploys it says its inputs. What fails in the module
alone stays, and so does what one of them leaves open, or another may.
"""

from __future__ import annotations

import pytest
from tests.invariance.projects import scan_project

from iac_ec2lint.engine.finding import Finding

MODULE = """
variable "encrypted" {
  type = bool
}
variable "size" {
  type = number
}
resource "aws_ebs_volume" "data" {
  availability_zone = "eu-west-1a"
  size              = var.size
  encrypted         = var.encrypted
}
"""
UNIT = 'terraform {\n  source = "../../modules//disk"\n}\n'
SAFE = UNIT + "inputs = { encrypted = true, size = 10 }\n"
UNKNOWN = UNIT + 'inputs = { encrypted = get_env("ENCRYPTED"), size = 10 }\n'
DEPENDENT = (
    UNIT
    + """
dependency "defaults" { config_path = "../defaults" }
inputs = { encrypted = %s, size = dependency.defaults.outputs.size }
"""
)
DEFAULTS = {
    "modules/defaults/main.tf": 'output "on" { value = true }\noutput "size" { value = 10 }\n',
    "live/defaults/terragrunt.hcl": 'terraform {\n  source = "../../modules//defaults"\n}\n',
}


def found(files: dict[str, str], module: str = MODULE) -> list[Finding]:
    report = scan_project({"modules/disk/main.tf": module, **files}, select=("DATA001",))
    assert not report.errors
    return list(report.findings)


@pytest.mark.parametrize(
    "files",
    [
        pytest.param({"live/a/terragrunt.hcl": SAFE}, id="one"),
        pytest.param({"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": SAFE}, id="each"),
        pytest.param(
            {"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": UNKNOWN + "skip = true\n"},
            id="one that is not run",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": SAFE,
                "modules/disk/.boilerplate/terragrunt.hcl": UNIT + "inputs = { {{ .Inputs }} }\n",
            },
            id="one that is filled in first",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": DEPENDENT % "true", **DEFAULTS}, id="whatever others applied"
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": (DEPENDENT % "dependency.defaults.outputs.on").replace(
                    'config_path = "../defaults"',
                    '\n  config_path = "../defaults"\n  skip_outputs = true\n'
                    "  mock_outputs = { on = true }\n",
                ),
                **DEFAULTS,
            },
            id="whose outputs are skipped",
        ),
    ],
)
def test_what_each_deployment_makes_safe_is_safe(files: dict[str, str]) -> None:
    assert found(files) == []


@pytest.mark.parametrize(
    ("files", "missing"),
    [
        pytest.param({}, "var.encrypted has no value", id="no deployment"),
        pytest.param(
            {"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": UNKNOWN},
            "var.encrypted has no value",
            id="one of them does not say",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": UNIT},
            "var.encrypted has no value",
            id="one of them gives none",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": "terraform {"},
            "safe if live/a/terragrunt.hcl is what it is deployed with",
            id="one cannot be read",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": SAFE,
                "live/b/terragrunt.hcl": 'terraform {\n  source = get_env("SOURCE")\n}\n',
            },
            "safe if live/a/terragrunt.hcl is what it is deployed with",
            id="one may deploy it",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": SAFE,
                "live/b/terragrunt.hcl": 'include "x" {\n  path = get_env("ROOT")\n}\n',
            },
            "safe if live/a/terragrunt.hcl is what it is deployed with",
            id="what it includes may name a source",
        ),
        pytest.param(
            {"live/a/terragrunt.hcl": SAFE, "modules/disk/prod.tfvars": "encrypted = true\n"},
            "safe if modules/disk/prod.tfvars or live/a/terragrunt.hcl",
            id="others deploy it otherwise",
        ),
        pytest.param(
            {
                "live/a/terragrunt.hcl": DEPENDENT % "dependency.defaults.outputs.on",
                **DEFAULTS,
            },
            "safe if live/a/terragrunt.hcl is what it is deployed with",
            id="what others have applied",
        ),
    ],
)
def test_what_is_not_sure_stays_undecided(files: dict[str, str], missing: str) -> None:
    [finding] = [one for one in found(files) if not one.when]
    assert finding.status.value == "undecided"
    assert missing in " ".join(finding.missing)


def test_what_fails_with_one_and_is_safe_with_others_is_told_of_that_one() -> None:
    unsafe = UNIT + "inputs = { encrypted = false, size = 10 }\n"
    [finding] = found({"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": unsafe})
    assert (finding.status.value, finding.when) == ("fail", "deployed with live/b/terragrunt.hcl")


VALIDATED = MODULE.replace(
    "  type = number\n",
    "  type = number\n  validation {\n    condition     = var.size >= 10\n"
    '    error_message = "Too small."\n  }\n',
)


@pytest.mark.parametrize(
    ("size", "when"),
    [
        ("5", []),
        ("10", ["deployed with live/b/terragrunt.hcl"]),
        ('get_env("SIZE", 5)', ["deployed with live/b/terragrunt.hcl"]),
    ],
    ids=["refused", "accepted", "refused if nothing else is given"],
)
def test_what_a_validation_refuses_is_not_deployed(size: str, when: list[str]) -> None:
    unsafe = f"{UNIT}inputs = {{ encrypted = false, size = {size} }}\n"
    units = {"live/a/terragrunt.hcl": SAFE, "live/b/terragrunt.hcl": unsafe}
    assert [one.when for one in found(units, VALIDATED)] == when
    alone = {"live/b/terragrunt.hcl": unsafe}
    assert any("safe if" in " ".join(one.missing) for one in found(alone, VALIDATED)) is False
    report = scan_project({"modules/disk/main.tf": VALIDATED, **units}, select=("DATA001",))
    assert [one.name for one in report.notes] == ["input-refused"] * (not when)


def test_what_fails_in_the_module_alone_stays() -> None:
    module = MODULE.replace("  type = bool\n", "  type    = bool\n  default = false\n")
    [finding] = found({"live/a/terragrunt.hcl": SAFE}, module)
    assert (finding.status.value, finding.span.path) == ("fail", "modules/disk/main.tf")


def test_those_beyond_the_most_that_are_judged_are_told() -> None:
    files = {f"live/{at:02}/terragrunt.hcl": SAFE for at in range(33)}
    report = scan_project({"modules/disk/main.tf": MODULE, **files}, select=("DATA001",))
    [note] = report.notes
    assert (note.name, note.span.path) == ("deployment-not-judged", "live/32/terragrunt.hcl")
    assert [one.status.value for one in report.findings] == ["undecided"]
