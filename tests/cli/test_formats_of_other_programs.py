"""What a job in a CI writes, from the command line on."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from tests.cli.program import OPEN_SSH, run, write

ONLY = ("--select", "SG001")
QUIET = {
    **dict.fromkeys(("GITHUB_WORKSPACE", "BUILD_SOURCESDIRECTORY", "AWS_ACCOUNT_ID")),
    **dict.fromkeys(("AWS_REGION", "AWS_DEFAULT_REGION", "CI_PROJECT_DIR")),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    write(tmp_path, {"envs/prod/main.tf": OPEN_SSH})
    return tmp_path


def test_the_customary_names_of_reports_mean_their_formats(project: Path) -> None:
    outputs = ("gl-code-quality-report.json", "gl-sast-report.json", "ec2-junit.xml", "ec2.csv")
    arguments = [word for name in outputs for word in ("--output", name)]
    done = run("envs", *arguments, "--quiet", *ONLY, cwd=project, env=QUIET)
    assert done.status == 1, done.err
    [entry] = json.loads((project / outputs[0]).read_text("utf-8"))
    assert entry["location"] == {"path": "envs/prod/main.tf", "lines": {"begin": 8, "end": 8}}
    assert json.loads((project / outputs[1]).read_text("utf-8"))["scan"]["type"] == "sast"
    assert "<failure " in (project / outputs[2]).read_text("utf-8")
    with (project / outputs[3]).open(newline="", encoding="utf-8") as file:
        assert [row["check"] for row in csv.DictReader(file)] == ["SG001"]


@pytest.mark.parametrize("name", ["CI_PROJECT_DIR", "BUILD_SOURCESDIRECTORY"])
def test_paths_begin_where_the_ci_has_checked_out(project: Path, name: str) -> None:
    env = {**QUIET, name: str(project)}
    done = run("main.tf", "-f", "gitlab", *ONLY, cwd=project / "envs" / "prod", env=env)
    assert [entry["location"]["path"] for entry in json.loads(done.out)] == ["envs/prod/main.tf"]


def test_equal_input_gives_equal_bytes_at_a_time_that_is_given(project: Path) -> None:
    env = {**QUIET, "SOURCE_DATE_EPOCH": "1900000000"}
    done = run("envs", "-f", "gitlab-sast", cwd=project, env=env)
    scan = json.loads(done.out)["scan"]
    assert scan["start_time"] == scan["end_time"] == "2030-03-17T17:46:40"


@pytest.mark.parametrize("given", ["", "-5", "never", "9" * 40])
def test_a_time_that_is_none_is_not_believed(project: Path, given: str) -> None:
    env = {**QUIET, "SOURCE_DATE_EPOCH": given}
    done = run("envs", "-f", "gitlab-sast", cwd=project, env=env)
    assert done.status == 1
    assert json.loads(done.out)["scan"]["start_time"] > "2020"


def test_asff_says_what_is_lacking(project: Path) -> None:
    done = run("envs", "-f", "asff", cwd=project, env=QUIET)
    assert done.status == 2
    assert done.err.splitlines()[-1].startswith("Error: asff needs the account")
    done = run("envs", "-o", "ec2.asff", "--aws-account", "123456789012", cwd=project, env=QUIET)
    assert done.status == 2
    assert done.err.splitlines()[-1].startswith("Error: asff needs the Region")
    assert not (project / "ec2.asff").exists()


def test_asff_takes_account_and_region_from_options_or_the_environment(project: Path) -> None:
    env = {**QUIET, "AWS_ACCOUNT_ID": "123456789012", "AWS_DEFAULT_REGION": "eu-west-1"}
    [one] = json.loads(run("envs", "-f", "asff", *ONLY, cwd=project, env=env).out)
    assert (one["AwsAccountId"], one["Region"]) == ("123456789012", "eu-west-1")
    options = ("--aws-account", "210987654321", "--aws-region", "us-east-1")
    [one] = json.loads(run("envs", "-f", "asff", *ONLY, *options, cwd=project, env=env).out)
    assert (one["AwsAccountId"], one["Region"]) == ("210987654321", "us-east-1")


def test_csv_and_markdown_are_of_controls_where_these_are_asked_for(project: Path) -> None:
    findings = run("envs", "-f", "csv", cwd=project, env=QUIET).out
    assert findings.startswith("severity,status,check")
    controls = run("envs", "-f", "csv", "--compliance", "soc2", cwd=project, env=QUIET).out
    assert controls.startswith("framework,control,title")
    page = run("envs", "-f", "markdown", cwd=project, env=QUIET).out
    assert page.startswith("<!-- iac-ec2lint -->\n")
    page = run("envs", "-f", "markdown", "--compliance", "soc2", cwd=project, env=QUIET).out
    assert page.startswith("# SOC 2")
    refused = run("envs", "-f", "junit", "--compliance", "soc2", cwd=project, env=QUIET)
    assert refused.status == 2
    assert "not as junit" in refused.err
