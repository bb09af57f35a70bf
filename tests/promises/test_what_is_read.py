"""What is read: kinds of files, values, modules; and that nothing is run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.program import (
    OPEN_SSH,
    PLAIN_VOLUME,
    PLAIN_VOLUME_TEMPLATE,
    REPOSITORY,
    environment,
    run,
    run_process,
    write,
)

IN_JSON = json.dumps({"resource": {"aws_ebs_volume": {"plain": {"encrypted": False}}}})
TEMPLATE_IN_JSON = json.dumps(
    {"Resources": {"A": {"Type": "AWS::EC2::Volume", "Properties": {"Encrypted": False}}}}
)
MANIFEST = "apiVersion: v1\nkind: Service\nmetadata: {name: web}\nResources: none\n"


def checks_found(folder: Path, *arguments: str) -> list[str]:
    ended = run(".", "--format", "json", "--select", "DATA001", *arguments, cwd=folder)
    assert ended.errors == []
    return [path for _, path, _ in ended.found]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("main.tf", PLAIN_VOLUME),
        ("main.tofu", PLAIN_VOLUME),
        ("main.tf.json", IN_JSON),
        ("main.tofu.json", IN_JSON),
        ("stack.yaml", PLAIN_VOLUME_TEMPLATE),
        ("stack.yml", PLAIN_VOLUME_TEMPLATE),
        ("stack.template", PLAIN_VOLUME_TEMPLATE),
        ("stack.json", TEMPLATE_IN_JSON),
        ("stack.template.json", TEMPLATE_IN_JSON),
    ],
    ids=lambda value: value if len(value) < 30 else "",
)
def test_kinds_of_files(tmp_path: Path, name: str, text: str) -> None:
    write(tmp_path, {name: text, "service.yaml": MANIFEST, "package.json": '{"name": "a"}'})
    assert checks_found(tmp_path) == [name]
    named = run(name, "--format", "json", "--select", "DATA001", cwd=tmp_path)
    assert [path for _, path, _ in named.found] == [name]


@pytest.mark.parametrize(
    ("set_by", "other"),
    [
        ("terraform.tfvars", "defaults"),
        ("terraform.tfvars.json", "terraform.tfvars"),
        ("a.auto.tfvars", "terraform.tfvars.json"),
        ("b.auto.tfvars.json", "a.auto.tfvars"),
    ],
)
def test_later_files_of_variables_win(tmp_path: Path, set_by: str, other: str) -> None:
    """In Terraform's order: terraform.tfvars, its JSON form, then the others by name."""

    def values(name: str, on: str) -> str:
        return f'{{"on": {on}}}' if name.endswith(".json") else f"on = {on}\n"

    text = 'variable "on" {\n  default = true\n}\n' + PLAIN_VOLUME.replace("false", "var.on")
    write(tmp_path, {"main.tf": text, set_by: values(set_by, "false")})
    if other != "defaults":
        write(tmp_path, {other: values(other, "true")})
    assert len(checks_found(tmp_path)) == 1


def test_a_value_from_a_file_of_variables_is_shown_where_it_is_written(tmp_path: Path) -> None:
    text = 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on")
    write(tmp_path, {"main.tf": text, "terraform.tfvars": "on = false\n"})
    [finding] = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path).report["findings"]
    assert (finding["path"], finding["line"]) == ("terraform.tfvars", 1)


def test_modules_where_terraform_init_put_them(tmp_path: Path) -> None:
    call = 'module "disk" {\n  source  = "example/disk/aws"\n  version = "1.0.0"\n}\n'
    entry = {
        "Key": "disk",
        "Source": "registry.terraform.io/example/disk/aws",
        "Version": "1.0.0",
        "Dir": ".terraform/modules/disk",
    }
    root = {"Key": "", "Source": "", "Dir": "."}
    write(tmp_path, {"main.tf": call})
    absent = run(".", "--format", "json", cwd=tmp_path)
    assert absent.report["summary"]["modules_unavailable"] == ["example/disk/aws 1.0.0"]
    assert absent.status == 0
    write(
        tmp_path,
        {
            ".terraform/modules/modules.json": json.dumps({"Modules": [root, entry]}),
            ".terraform/modules/disk/main.tf": PLAIN_VOLUME,
        },
    )
    ended = run(".", "--format", "json", "--select", "DATA001", cwd=tmp_path)
    assert ended.found == [("DATA001", "main.tf", 1)]  # at the call, --external-modules=attribute
    assert ended.report["findings"][0]["resource"] == "module.disk.aws_ebs_volume.plain"
    assert ended.report["summary"]["modules_unavailable"] == []


def test_nothing_in_what_is_scanned_is_run(tmp_path: Path) -> None:
    """Neither as a module of Python, nor as a check, nor as a program that the text names."""
    spy = 'from pathlib import Path\nPath(__file__).with_suffix(".ran").touch()\n'
    infra = tmp_path / "infra"
    write(
        infra,
        {
            **dict.fromkeys(
                ["yaml.py", "hcl2.py", "click.py", "conftest.py", "checks/own.py", "setup.py"], spy
            ),
            "sitecustomize.py": spy,
            "main.tf": OPEN_SSH
            + 'data "external" "program" {\n  program = ["python3", "setup.py"]\n}\n'
            + 'resource "null_resource" "a" {\n  provisioner "local-exec" {\n'
            + '    command = "python3 setup.py"\n  }\n}\n',
            ".iac-ec2lint.yaml": "checks: [checks]\n",
            "pyproject.toml": '[tool.iac-ec2lint]\nchecks = ["checks"]\n',
        },
    )
    # As an installed program is started: Python searches the program's own folder, not this one.
    started = write(
        tmp_path / "bin",
        {"iac-ec2lint": "from iac_ec2lint.__main__ import main\nmain()\n"},
    )
    guard = write(
        tmp_path / "guard",
        {
            "usercustomize.py": "",
            "sitecustomize.py": "import sys\n"
            "def refuse(event, arguments):\n"
            "    if event in ('subprocess.Popen', 'os.system', 'os.exec', 'os.posix_spawn'):\n"
            "        raise PermissionError(event)\n"
            "sys.addaudithook(refuse)\n",
        },
    )
    ended = run_process(
        ".",
        "--format",
        "json",
        cwd=infra,
        env=environment(before=[guard]),
        python=(str(started / "iac-ec2lint"),),
    )
    assert ("SG001", "main.tf", 8) in ended.found, ended.err
    assert list(infra.rglob("*.ran")) == []
    # What the configuration names is data of a known form, or an error; never code.
    [error] = ended.report["errors"]
    assert (error["path"], error["message"]) == (
        ".iac-ec2lint.yaml",
        "checks: it must be a mapping",
    )


def test_the_summary_accounts_for_everything(tmp_path: Path) -> None:
    unset = 'variable "on" {}\n' + PLAIN_VOLUME.replace("false", "var.on").replace("plain", "b")
    write(
        tmp_path,
        {
            "main.tf": OPEN_SSH + unset,
            "more.tf": 'module "net" {\n  source = "example/net/aws"\n}\n',
            "broken.tf": "locals {\n",
            "stack.yaml": PLAIN_VOLUME_TEMPLATE,
            "other.tfvars": "other = true\n",
        },
    )
    report = run(".", "--format", "json", cwd=tmp_path).report
    summary = report["summary"]
    files = summary["files"]
    assert files["partial"] == 1
    assert [skipped["path"] for skipped in files["skipped"]] == ["other.tfvars"]
    assert files["parsed"] == 3
    assert files["found"] == 5
    assert summary["units"] == 2
    assert summary["modules_unavailable"] == ["example/net/aws"]
    assert summary["unknown_values"] == 1
    assert summary["errors"] == len(report["errors"]) == 1
    by_severity = dict.fromkeys(["critical", "high", "medium", "low", "info"], 0)
    for finding in report["findings"]:
        by_severity[finding["severity"]] += finding["status"] == "fail"
    assert summary["findings"] == by_severity
    undecided = [f for f in report["findings"] if f["status"] == "undecided"]
    assert summary["undecided"] == len(undecided) >= 1
    shown = run(".", "--show-undecided", cwd=tmp_path).out
    assert "var.on has no value" in shown
    assert "example/net/aws" in shown


def test_a_check_of_ones_own_is_loaded_as_a_built_in_one_is(tmp_path: Path) -> None:
    """A copy of the built-in checks, under codes of its own, finds the same."""
    folder = REPOSITORY / "checks" / "imds"
    copied = {
        path.name: path.read_text("utf-8")
        .replace('code = "IMDS', 'code = "OWN')
        .replace('name = "', 'name = "own-')
        for path in folder.glob("*.py")
    }
    write(tmp_path, {f"own/{name}": text for name, text in copied.items()})
    options = 'metadata_options {\n    http_tokens = "optional"\n  }'
    text = f'resource "aws_instance" "a" {{\n  {options}\n}}\n'
    write(tmp_path, {"infra/main.tf": text})
    ended = run("infra", "--checks", "own", "--format", "json", cwd=tmp_path)
    assert ended.errors == []
    found = ended.report["findings"]
    built_in = [
        (f["check"][4:], f["line"], f["message"]) for f in found if f["check"][:4] == "IMDS"
    ]
    own = [(f["check"][3:], f["line"], f["message"]) for f in found if f["check"][:3] == "OWN"]
    assert own == built_in != []
