"""``.iac-ec2lint.yaml`` and ``pyproject.toml``: what they change, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
import yaml
from tests.cli.program import OPEN_SSH, PLAIN_VOLUME, Run, run, scan, write

OTHERS = ("--ignore", "RES,SG018,UPD,IAM,NET,CMP")
"""What else the files are found for."""
FILES = {"main.tf": OPEN_SSH, "disk.tf": PLAIN_VOLUME}
VARIABLE = """\
variable "range" {}

resource "aws_security_group" "g" {
  ingress {
    from_port   = 22
    to_port     = 22
    protocol    = "tcp"
    cidr_blocks = [var.range]
  }
}
"""
PARAMETER = """\
Parameters:
  Range: {Type: String}
Resources:
  Group:
    Type: AWS::EC2::SecurityGroup
    Properties:
      GroupDescription: ssh
      SecurityGroupIngress:
        - {IpProtocol: tcp, FromPort: 22, ToPort: 22, CidrIp: !Ref Range}
"""


def configured(
    tmp_path: Path, text: str, *arguments: str, more: dict[str, str] | None = None
) -> Run:
    write(tmp_path, {**FILES, ".iac-ec2lint.yaml": text, **(more or {})})
    return scan(".", *OTHERS, *arguments, cwd=tmp_path)


def statuses(ended: Run) -> dict[str, str]:
    return {finding["check"]: finding["status"] for finding in ended.report["findings"]}


def test_without_one_both_are_found(tmp_path: Path) -> None:
    assert statuses(configured(tmp_path, "")) == {"SG001": "fail", "DATA001": "fail"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("select: [SG]\n", {"SG001": "fail"}),
        ("ignore: [SG001]\n", {"DATA001": "fail"}),
        ("exclude: [more/]\n", {"SG001": "fail", "DATA001": "fail"}),
        (
            "suppress: [{check: SG001, address: 'aws_security_group.*', reason: VPN}]\n",
            {"SG001": "suppressed", "DATA001": "fail"},
        ),
        (
            "suppress: [{check: SG001, address: 'aws_security_group', reason: VPN}]\n",
            {"SG001": "fail", "DATA001": "fail", "SUP003": "fail"},
        ),
        (
            "suppress: [{check: SG001, address: '**'}]\nsuppressions: {require-reason: false}\n",
            {"SG001": "suppressed", "DATA001": "fail"},
        ),
        (
            "paths: [{path: 'd*.tf', ignore: [DATA], reason: scratch}]\n",
            {"SG001": "fail", "DATA001": "suppressed"},
        ),
        (
            "suppress: [{check: SG001, address: '**', reason: VPN, until: 2001-01-01}]\n",
            {"SG001": "fail", "DATA001": "fail", "SUP002": "fail"},
        ),
    ],
)
def test_it_says_what_is_looked_for_and_accepted(
    tmp_path: Path, text: str, expected: dict[str, str]
) -> None:
    ended = configured(tmp_path, text)
    assert ended.errors == []
    assert statuses(ended) == expected


def test_a_path_rule_leaves_no_trace_of_what_is_not_found(tmp_path: Path) -> None:
    ended = configured(tmp_path, "paths: [{path: '*.tf', ignore: [NET], reason: no network}]\n")
    assert statuses(ended) == {"SG001": "fail", "DATA001": "fail"}


def test_what_is_suppressed_says_where_and_why(tmp_path: Path) -> None:
    text = "# ours\nsuppress:\n  - check: SG001\n    address: '**'\n    reason: VPN\n"
    [found] = [f for f in configured(tmp_path, text).report["findings"] if f["check"] == "SG001"]
    assert found["suppression"] == {
        "reason": "VPN",
        "until": None,
        "path": ".iac-ec2lint.yaml",
        "line": 3,
    }


def test_severities_move_and_decide_the_exit_status(tmp_path: Path) -> None:
    ended = configured(tmp_path, "severity: {SG001: low, DATA001: info}\n")
    found = {finding["check"]: finding["severity"] for finding in ended.report["findings"]}
    assert found == {"SG001": "low", "DATA001": "info"}
    assert ended.status == 0


@pytest.mark.parametrize(("text", "status"), [("fail-on: critical\n", 0), ("fail-on: low\n", 1)])
def test_it_says_what_fails(tmp_path: Path, text: str, status: int) -> None:
    assert configured(tmp_path, text).status == status


def test_the_command_line_wins(tmp_path: Path) -> None:
    assert configured(tmp_path, "fail-on: critical\n", "--fail-on", "low").status == 1
    assert statuses(configured(tmp_path, "select: [SG]\n", "--select", "DATA")) == {
        "DATA001": "fail"
    }


def test_parameters_of_checks_are_set(tmp_path: Path) -> None:
    web = OPEN_SSH.replace("= 22", "= 8443")
    text = "checks: {SG004: {allowed_ports: [8443]}}\n"
    write(tmp_path, {"main.tf": web})
    assert "SG004" in statuses(scan(".", cwd=tmp_path))
    write(tmp_path, {".iac-ec2lint.yaml": text})
    assert "SG004" not in statuses(scan(".", cwd=tmp_path))


@pytest.mark.parametrize(
    "text",
    [
        "variables: {range: 10.0.0.0/8}\n",
        "roots: [{path: envs/prod, variables: {range: 10.0.0.0/8}}]\n",
        "roots: [{path: envs/prod, variable-files: [prod.tfvars]}]\n",
        "variable-files: [prod.tfvars]\n",
    ],
)
def test_root_modules_are_evaluated_with_what_it_says(tmp_path: Path, text: str) -> None:
    write(
        tmp_path,
        {"envs/prod/main.tf": VARIABLE, "prod.tfvars": 'range = "10.0.0.0/8"\n'},
    )
    assert statuses(scan(".", "--select", "SG001", cwd=tmp_path)) == {"SG001": "undecided"}
    write(tmp_path, {".iac-ec2lint.yaml": text})
    assert statuses(scan(".", "--select", "SG001", cwd=tmp_path)) == {}


def test_each_root_module_has_its_own(tmp_path: Path) -> None:
    text = """\
roots:
  - {path: a, variables: {range: 10.0.0.0/8}}
  - {path: b, variables: {range: 0.0.0.0/0}}
"""
    write(tmp_path, {f"{n}/main.tf": VARIABLE for n in "abc"} | {".iac-ec2lint.yaml": text})
    found = scan(".", "--select", "SG001", cwd=tmp_path).report["findings"]
    assert sorted((f["subjects"][0]["unit"], f["status"]) for f in found) == [
        ("b", "fail"),
        ("c", "undecided"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "parameters: {Range: 10.0.0.0/8}\n",
        "templates: [{path: '*.yaml', parameters: {Range: 10.0.0.0/8}}]\n",
    ],
)
def test_templates_are_evaluated_with_what_it_says(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"group.yaml": PARAMETER})
    assert statuses(scan(".", "--select", "SG001", cwd=tmp_path)) == {"SG001": "undecided"}
    write(tmp_path, {".iac-ec2lint.yaml": text})
    assert statuses(scan(".", "--select", "SG001", cwd=tmp_path)) == {}


def test_what_is_known_to_be_incomplete_is_accepted_and_listed(tmp_path: Path) -> None:
    broken = {"old/main.tf": "resource {"}
    assert configured(tmp_path, "", more=broken).status == 3
    for other in ("path: new/", "path: old/, message: nothing like it"):
        text = f"accept-incomplete: [{{{other}, reason: no}}]\n"
        assert configured(tmp_path, text, more=broken).status == 3
    text = "accept-incomplete: [{path: old/, reason: to be removed}]\n"
    ended = configured(tmp_path, text, more=broken)
    assert ended.status == 1
    assert ended.errors == []
    assert {one["path"] for one in ended.report["accepted_errors"]} == {"old/main.tf"}
    assert "accepted" in run("scan", ".", cwd=tmp_path).out


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("ignor: [SG]\n", 1, "no key is called 'ignor' here; did you mean ignore?"),
        ("\nfail-on: bad\n", 2, "fail-on must be one of critical, high"),
        ("strict: 3\n", 1, "strict: it must be true or false"),
        ("checks: {SG004: {allowed_port: [1]}}\n", 1, "did you mean allowed_ports?"),
        ("suppress:\n  - check: SG001\n    address: a\n", 2, "suppress.0 lacks reason"),
        ("suppress: [{check: SG001, address: '**'}]\n", 1, "suppress.0 lacks reason"),
        ("suppressions: {require-reasons: true}\n", 1, "did you mean require-reason?"),
        ("variable-files: [../../../../../../etc/passwd]\n", 1, "leads out of"),
        ("variable-files: [/etc/passwd]\n", 1, "leads out of"),
        ("variable-files: [gone.tfvars]\n", 1, "there is no file 'gone.tfvars'"),
        ("select: !!python/object/apply:os.system [id]\n", 1, "mean nothing here"),
        ("a: [\n", 2, ""),
        ("- a\n", 1, "it must be a mapping of keys"),
        ("forbid: {exclude: true}\n", 1, "forbid is for --policy-config alone"),
        ("suppress: [{check: SG001, address: a, reason: b, until: 2026-02-31}]\n", 1, "is no day"),
    ],
)
def test_what_is_wrong_is_said_with_its_line_and_the_rest_is_done(
    tmp_path: Path, text: str, line: int, words: str
) -> None:
    ended = configured(tmp_path, text)
    assert ended.status == 3
    [error] = ended.errors
    assert (error["path"], error["line"]) == (".iac-ec2lint.yaml", line)
    assert words in error["message"]
    assert statuses(ended) == {"SG001": "fail", "DATA001": "fail"}


def test_a_link_out_of_the_work_tree_is_not_followed(tmp_path: Path) -> None:
    outside = write(tmp_path / "outside", {"secret.tfvars": 'range = "10.0.0.0/8"\n'})
    inside = write(tmp_path / "inside", {".iac-ec2lint.yaml": "variable-files: [a.tfvars]\n"})
    (inside / "a.tfvars").symlink_to(outside / "secret.tfvars")
    ended = scan(".", cwd=write(inside, FILES))
    assert [error["message"] for error in ended.errors] == ["'a.tfvars' leads out of ."]


def test_a_projects_file_has_it_too(tmp_path: Path) -> None:
    text = '[project]\nname = "x"\n\n[tool.iac-ec2lint]\nselect = ["SG"]\nfail-onn = "high"\n'
    ended = scan(".", *OTHERS, cwd=write(tmp_path, {**FILES, "pyproject.toml": text}))
    assert statuses(ended) == {"SG001": "fail"}
    assert [(e["path"], e["line"]) for e in ended.errors] == [("pyproject.toml", 6)]
    assert "did you mean fail-on?" in ended.errors[0]["message"]


def test_the_nearest_above_is_taken_up_to_the_work_tree(tmp_path: Path) -> None:
    tree = write(tmp_path, {".git/HEAD": "", ".iac-ec2lint.yaml": "exclude: [a/b/]\n"})
    folder = write(tree / "a" / "b", FILES)
    assert statuses(scan(".", cwd=folder)) == {}
    write(folder, {".git/HEAD": ""})
    assert set(statuses(scan(".", *OTHERS, cwd=folder))) == {"SG001", "DATA001"}
    assert set(statuses(scan(".", *OTHERS, "--no-config", cwd=folder))) == {
        "SG001",
        "DATA001",
    }


def test_one_can_be_named(tmp_path: Path) -> None:
    write(tmp_path, {**FILES, "own/config.yaml": "select: [SG]\n"})
    ended = scan(".", *OTHERS, "--config", "own/config.yaml", cwd=tmp_path)
    assert statuses(ended) == {"SG001": "fail"}


POLICY = """\
fail-on: low
forbid:
  suppress: [SG]
  ignore: [SG001]
  lower: [SG001]
  exclude: true
  accept-incomplete: true
  set: true
"""


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("severity: {SG001: low}\n", "lower the severity of SG001"),
        ("exclude: [main.tf]\n", "leave out paths"),
        ("accept-incomplete: [{path: a, reason: b}]\n", "accept that a scan is incomplete"),
        ("checks: {SG004: {allowed_ports: [22]}}\n", "set SG004.allowed_ports"),
        ("trusted-accounts: ['123456789012']\n", "set trusted-accounts"),
    ],
)
def test_a_policy_refuses_what_it_forbids(tmp_path: Path, text: str, words: str) -> None:
    policy = write(tmp_path / "team", {"policy.yaml": POLICY}) / "policy.yaml"
    ended = configured(tmp_path / "repository", text, "--policy-config", str(policy))
    [error] = ended.errors
    assert error["message"] == f"the policy does not let this configuration {words}"
    assert statuses(ended)["SG001"] == "fail"


@pytest.mark.parametrize(
    "text",
    [
        "ignore: [SG]\n",
        "select: [DATA]\n",
        "suppress: [{check: SG001, address: '**', reason: r}]\n",
        "fail-on: critical\n",
    ],
)
def test_a_policy_wins(tmp_path: Path, text: str) -> None:
    policy = write(tmp_path / "team", {"policy.yaml": POLICY}) / "policy.yaml"
    ended = configured(tmp_path / "repository", text, "--policy-config", str(policy))
    assert statuses(ended)["SG001"] == "fail"
    assert ended.status == 1


def test_a_policy_is_not_undone_by_comments(tmp_path: Path) -> None:
    policy = write(tmp_path / "team", {"policy.yaml": POLICY}) / "policy.yaml"
    accepted = {"main.tf": f"# ec2lint:ignore=SG001 why not\n{OPEN_SSH}"}
    ended = configured(tmp_path / "r", "", "--policy-config", str(policy), more=accepted)
    assert statuses(ended)["SG001"] == "fail"


def test_the_effective_one_is_shown_with_its_origins(tmp_path: Path) -> None:
    text = "fail-on: high\nchecks:\n  SG004: {allowed_ports: [443]}\n"
    write(tmp_path, {".iac-ec2lint.yaml": text})
    lines = run("config", "show", cwd=tmp_path).out.splitlines()
    assert "fail-on: high  # .iac-ec2lint.yaml:1" in lines
    assert "SG004.allowed_ports: [443]  # .iac-ec2lint.yaml:3" in lines
    assert "strict: false  # default" in lines


def test_what_a_file_lists_is_shown_as_written_but_what_the_policy_refuses(tmp_path: Path) -> None:
    policy = write(tmp_path / "team", {"policy.yaml": POLICY}) / "policy.yaml"
    text = """\
exclude: [labs/]
roots:
  - {path: "envs/*", variables: {range: 10.0.0.0/8}}
paths:
  - {path: "old/**", ignore: [SG], reason: r}
"""
    repository = write(tmp_path / "repository", {".iac-ec2lint.yaml": text})
    free = run("config", "show", cwd=repository).out.splitlines()
    assert "exclude: labs/  # .iac-ec2lint.yaml:1" in free
    assert "roots: {path: envs/*, variables: {range: 10.0.0.0/8}}  # .iac-ec2lint.yaml:3" in free
    assert "paths: {path: old/**, ignore: [SG], reason: r}  # .iac-ec2lint.yaml:5" in free
    held = run("config", "show", "--policy-config", str(policy), cwd=repository).out.splitlines()
    assert set(free) - set(held) >= {"exclude: labs/  # .iac-ec2lint.yaml:1"}
    assert "never ignored: SG001  # the policy" in held


@pytest.mark.parametrize("key", ["roots", "templates"])
def test_a_unit_that_is_nowhere_is_an_error(tmp_path: Path, key: str) -> None:
    repository = write(tmp_path / "repository", {"envs/a/main.tf": VARIABLE})
    (repository / "link").symlink_to(tmp_path)
    paths = ("envs/a", "envs/b", "x/*", "link/none")
    text = f"{key}:\n" + "".join(f"  - path: {path}\n" for path in paths)
    errors = configured(repository, text).errors
    assert [error["message"] for error in errors] == ["there is no 'envs/b'"]


def test_the_first_one_is_valid_and_names_what_would_decide(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": VARIABLE, "t.yaml": PARAMETER})
    text = run("config", "init", cwd=tmp_path).out
    assert "#   var.range: null  # main.tf:1" in text
    assert "#   Range: null  # t.yaml:2" in text
    lines = [
        line.removeprefix("# ") if ": null" in line or line == "# inputs:" else line
        for line in text.splitlines()
    ]
    write(tmp_path, {".iac-ec2lint.yaml": "\n".join(lines)})
    assert scan(".", cwd=tmp_path).errors == []


def test_the_first_one_takes_a_baseline_that_is_there(tmp_path: Path) -> None:
    write(tmp_path, {"main.tf": OPEN_SSH})
    assert "\n# baseline: .iac-ec2lint-baseline.json\n" in run("config", "init", cwd=tmp_path).out
    run("baseline", "write", ".", cwd=tmp_path)
    write(tmp_path, {".iac-ec2lint.yaml": ""})  # as a shell makes it before the program begins
    write(tmp_path, {".iac-ec2lint.yaml": run("config", "init", cwd=tmp_path).out})
    report = scan(".", cwd=tmp_path).report
    assert {finding["status"] for finding in report["findings"]} == {"suppressed"}


def test_a_table_that_is_nested_too_deeply_is_one_error(tmp_path: Path) -> None:
    text = f"[tool.iac-ec2lint]\nignore = {'[' * 3000}{']' * 3000}\n"
    ended = scan(".", *OTHERS, cwd=write(tmp_path, {**FILES, "pyproject.toml": text}))
    assert [(e["path"], e["message"]) for e in ended.errors] == [
        ("pyproject.toml", "it is nested too deeply")
    ]


def test_no_name_of_a_folder_is_a_line_of_it(tmp_path: Path) -> None:
    name = "a\nignore: [ALL]\n::error::b\x1b\u202e"
    write(tmp_path, {f"{name}/main.tf": VARIABLE, f"{name}/t.yaml": PARAMETER})
    first = run("config", "init", cwd=tmp_path).out
    assert yaml.safe_load(first) == {"fail-on": "medium"}
    [root] = [line for line in first.splitlines() if "- path: " in line and "t.yaml" not in line]
    assert yaml.safe_load(root.removeprefix("#")) == [{"path": name}]
    write(tmp_path, {f"{name}/own.yaml": "region: eu-west-1\nexclude: [x/]\n"})
    shown = run("config", "show", "--config", f"{name}/own.yaml", cwd=tmp_path).out
    assert all(line[0] == "#" or ": " in line.split("#")[0] for line in shown.splitlines())
    assert (first + shown).replace("\n", "").isprintable()


def test_the_schema_is_one_and_permits_what_is_documented(tmp_path: Path) -> None:
    schema = json.loads(run("config", "schema", cwd=tmp_path).out)
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"checks": {"SG004": {"allowed_ports": [443]}}}, schema)
