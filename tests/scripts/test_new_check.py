"""scripts/new_check.py: what it writes is a check with all that is known of it, and fails."""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from scripts import new_check
from tests.checks.fixture_cases import Case
from tests.cli.program import REPOSITORY
from tests.scripts.catalogue import CATALOGUE, catalogue

import iac_ec2lint
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Report, Severity
from iac_ec2lint.engine.registry import LoadedCheck, load

HEAD = "# What a catalogue is.\n\n"
ENTRY = """\
- code: RES901
  name: instance-runs-alone
  family: RES
  severity: high
  summary: An instance runs alone, with a \\"quotation\\".
  fails_when: 'It is alone, by C:\\temp.'
  unknown_when: Its company is unknown.
  clarification: Two are company.
  terraform: [aws_instance, data.aws_ami, aws_starship]
  cloudformation: ['AWS::EC2::Instance', 'AWS::Space::Starship']
  fix: Start another.
  topic: ec2-instances.md
  supersedes: [RES902]
  params: {require: false, most: 3, trusted_accounts: [], ports: [22, 3389], words: [a], word: b}
  peers: {checkov: [CKV_1, CKV_2], trivy: []}
  compliance: {security_hub: [EC2.1], aws_config: []}
  default: false

"""
OTHER = "- code: RES902\n  name: another\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts" / "catalogue.yaml").write_text(HEAD + ENTRY + OTHER, "utf-8")
    return tmp_path


def loaded(root: Path) -> LoadedCheck:
    [one], problems = load([root / "checks"])
    assert not problems
    return one


def scanned(root: Path, code: str, path: Path) -> Report:
    return scan(
        ScanOptions(
            paths=(path,),
            working=root,
            boundary=root,
            checks=(root / "checks",),
            select=(code,),
            fail_on=Severity.INFO,
        )
    )


def without_missing(root: Path) -> None:
    """Take out of the catalogue the types that have no class, so that the check loads."""
    file = root / "scripts" / "catalogue.yaml"
    text = file.read_text("utf-8")
    file.write_text(
        text.replace(", aws_starship", "").replace(", 'AWS::Space::Starship'", ""), "utf-8"
    )


def test_all_that_the_entry_says_is_in_the_check(root: Path) -> None:
    without_missing(root)
    files, types = new_check.begin("RES901", root=root)
    assert [file.relative_to(root).as_posix() for file in files] == [
        "checks/res/instance_runs_alone.py",
        "tests/fixtures/RES901/instance_runs_alone.tf",
        "tests/fixtures/RES901/instance_runs_alone.yaml",
    ]
    assert types.missing == {}
    info = loaded(root).info
    assert (info.code, info.name, info.severity) == ("RES901", "instance-runs-alone", "high")
    assert info.summary == 'An instance runs alone, with a \\"quotation\\".'
    assert info.since == iac_ec2lint.__version__
    assert info.default is False
    assert info.supersedes == ("RES902",)
    assert info.compliance == {"security_hub": ("EC2.1",)}
    assert info.peers == {"checkov": ("CKV_1", "CKV_2")}
    assert set(info.types) == {"terraform", "cloudformation"}
    assert {"aws_instance", "data.aws_ami"} <= set(info.types["terraform"])
    assert {one.name: one.default for one in info.parameters} == {
        "require": False,
        "most": 3,
        "trusted_accounts": [],
        "ports": [22, 3389],
        "words": ["a"],
        "word": "b",
    }
    assert [one.shared for one in info.parameters if one.name == "trusted_accounts"] == [True]
    text = files[0].read_text("utf-8")
    for words in ("Start another.", r"by C:\\temp.", "company is unknown", "Two are company"):
        assert words in text
    assert "docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-instances.html" in info.documentation


def test_the_entry_is_taken_out_and_the_others_stay(root: Path) -> None:
    new_check.begin("RES901", root=root)
    assert (root / "scripts" / "catalogue.yaml").read_text("utf-8") == HEAD + OTHER


def test_the_check_and_its_fixtures_fail_until_they_are_written(root: Path) -> None:
    without_missing(root)
    files, _ = new_check.begin("RES901", root=root)
    for fixture in files[1:]:
        report = scanned(root, "RES901", fixture)
        words = [error.message for error in report.errors]
        assert any("RES901 does not judge" in each and "yet" in each for each in words), words
    marks = Case("RES901", root / "tests" / "fixtures" / "RES901").marks()
    assert sorted((Path(mark.file).suffix, mark.status) for mark in marks) == [
        (".tf", "fail"),
        (".tf", "undecided"),
        (".yaml", "fail"),
        (".yaml", "undecided"),
    ]


def test_a_class_that_is_not_there_is_named_and_keeps_the_check_from_being_loaded(
    root: Path,
) -> None:
    _, types = new_check.begin("RES901", root=root)
    assert "Instance" in types.known
    assert types.missing == {"Starship": ("aws_starship", "AWS::Space::Starship")}
    checks, [problem] = load([root / "checks"])
    assert not checks
    assert "Starship" in problem.message


def test_one_class_is_named_for_both_languages(root: Path) -> None:
    file = root / "scripts" / "catalogue.yaml"
    text = file.read_text("utf-8").replace("aws_starship", "aws_space_starship")
    file.write_text(text, "utf-8")
    _, types = new_check.begin("RES901", root=root)
    assert types.missing == {"SpaceStarship": ("aws_space_starship", "AWS::Space::Starship")}


@pytest.mark.parametrize(
    ("type_", "name"),
    [
        ("aws_flow_log", "FlowLog"),
        ("AWS::EC2::FlowLog", "FlowLog"),
        ("AWS::EC2::VPNConnection", "VpnConnection"),
        ("data.terraform_remote_state", "TerraformRemoteStateDataSource"),
        ("provider.aws", "AwsProvider"),
        ("terraform.backend.s3", "S3Backend"),
        ("output", "Output"),
    ],
)
def test_names_of_classes_that_are_not_there(type_: str, name: str) -> None:
    assert new_check._class_name(type_) == name


def test_without_an_entry_it_is_blank(root: Path) -> None:
    files, types = new_check.begin("SG999", "open-barn-door", root)
    assert [file.suffix for file in files] == [".py", ".tf", ".yaml"]
    assert types == (("Instance",), {})
    info = loaded(root).info
    assert (info.code, info.name) == ("SG999", "open-barn-door")
    assert new_check.UNWRITTEN in info.summary
    assert (root / "scripts" / "catalogue.yaml").read_text("utf-8") == HEAD + ENTRY + OTHER


@pytest.mark.parametrize(
    ("code", "name", "words"),
    [
        ("RES999", "", "no entry RES999: give the check a name too"),
        ("RES901", "other-name", "calls RES901 instance-runs-alone"),
        ("sg1", "some-name", "three digits"),
        ("XYZ001", "some-name", "the families are SG"),
        ("SG999", "Some Name", "lower case with hyphens"),
    ],
)
def test_it_refuses_what_it_cannot_write(root: Path, code: str, name: str, words: str) -> None:
    with pytest.raises(new_check.Refused, match=re.escape(words)):
        new_check.begin(code, name, root)
    assert not (root / "checks").exists()


def test_it_overwrites_nothing(root: Path) -> None:
    files, _ = new_check.begin("SG999", "open-barn-door", root)
    before = {file: file.read_bytes() for file in files}
    with pytest.raises(new_check.Refused, match=r"SG999 is in checks/sg/open_barn_door\.py"):
        new_check.begin("SG999", "open-barn-door", root)
    with pytest.raises(new_check.Refused, match=r"there is checks/sg/open_barn_door\.py"):
        new_check.begin("SG998", "open-barn-door", root)
    files[0].unlink()
    with pytest.raises(new_check.Refused, match="there is tests/fixtures/SG999"):
        new_check.begin("SG999", "open-barn-door", root)
    assert {file: file.read_bytes() for file in files[1:]} == {f: before[f] for f in files[1:]}


@pytest.mark.slow
def test_every_entry_of_the_catalogue_makes_a_check_that_is_formatted_and_loads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "scripts").mkdir()
    shutil.copy(CATALOGUE, tmp_path / "scripts")
    format_all = new_check._format
    monkeypatch.setattr(new_check, "_format", lambda _: None)
    missing = {
        code
        for code in [entry["code"] for entry in catalogue()]
        if new_check.begin(code, root=tmp_path)[1].missing
    }
    checks, problems = load([tmp_path / "checks"])
    # A class may be there under the name that is given to one that is missing.
    assert {one.info.code for one in checks} >= {e["code"] for e in catalogue()} - missing
    assert len(checks) + len(problems) == len(catalogue())
    assert all("cannot import name" in problem.message for problem in problems)
    if checks and importlib.util.find_spec("ruff") is not None:
        format_all(tmp_path / "checks")
        for words in (("format", "--check"), ("check", "--ignore", "INP001")):
            command = [sys.executable, "-m", "ruff", *words, "--config", "pyproject.toml"]
            done = subprocess.run(
                [*command, tmp_path / "checks"], cwd=REPOSITORY, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout


def test_nothing_is_left_to_be_written() -> None:
    """In the repository: what the script leaves to the author."""
    folders = (REPOSITORY / "checks", REPOSITORY / "tests" / "fixtures")
    left = [
        f"{file.relative_to(REPOSITORY)}:{number}"
        for folder in folders
        for file in sorted(folder.rglob("*"))
        if file.suffix in {".py", ".tf", ".yaml"}
        for number, line in enumerate(file.read_text("utf-8").split("\n"), 1)
        if new_check.UNWRITTEN in line
    ]
    assert left == []
