"""What holds for every built-in check: its documentation is true and its fixtures are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.checks.fixture_cases import STAGES, complete, fixture_cases

from iac_ec2lint.answers.check_tests.examples import examples, settings_in
from iac_ec2lint.answers.check_tests.fixtures import Fixture
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import CheckInfo, Status
from iac_ec2lint.engine.registry import builtin_folder, load
from iac_ec2lint.facts import facts

LOADED, PROBLEMS = load([builtin_folder()])
INFOS = [entry.info for entry in LOADED]
PARTS = ("Fails", "Passes")
FORMS = {
    "security_hub": r"[A-Za-z0-9]+\.[1-9][0-9]*",
    "cis_aws": r"[1-9]\.[0-9](\.[0-9])?:[1-9](\.[0-9]{1,2}){1,2}",
    "nist_800_53_r5": r"[A-Z]{2}-[1-9][0-9]?(\([1-9][0-9]?\))?",
    "pci_dss": r"[34]\.[0-9](\.1)?:(A[1-3]\.)?[1-9][0-9]?(\.[1-9][0-9]?)+",
    "aws_config": r"[a-z0-9]+(-[a-z0-9]+)+",
    "checkov": r"CKV(?:2?_AWS|_SECRET)_[1-9][0-9]*",
    "trivy": r"AVD-AWS-[0-9]{4}",
    "terrascan": r"AC_AWS_[0-9]{4}",
    "cfn_nag": r"[FW][1-9][0-9]*",
    "cfn_lint": r"[EWI][0-9]{4}",
    "guard": r"[A-Z0-9]+(_[A-Z0-9]+)+",
    "regula": r"FG_R[0-9]{5}",
    "prowler": r"[a-z0-9]+(_[a-z0-9]+)+",
    "semgrep": r"[a-z0-9]+(-[a-z0-9]+)+",
    "kics": r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}",
    "tflint": r"aws_[a-z0-9_]+",
    "scoutsuite": r"[a-z0-9]+(-[a-z0-9]+)+",
}
"""What names look like, by framework and by program."""


def test_all_checks_load() -> None:
    assert not PROBLEMS
    assert INFOS


each = pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)


@each
def test_what_it_says_of_itself_is_complete(info: CheckInfo) -> None:
    headings = re.findall(r"^## (.+)$", info.documentation, re.MULTILINE)
    assert headings[:1] == ["Why it matters"]
    for heading in ("Fails", "Passes", "How to mend it", "References"):
        assert heading in headings
    assert info.summary.endswith(".")
    assert "https://docs.aws.amazon.com/" in info.documentation
    assert info.mend.endswith("."), "it says in one short line what to change"
    assert len(info.mend) <= 89, "the room of a line of text with 100 columns"
    assert info.compliance.keys() <= FORMS.keys()
    assert info.peers.keys() <= FORMS.keys()
    for key, names in (*info.compliance.items(), *info.peers.items()):
        assert names, key
        assert len(set(names)) == len(names), key
        for name in names:
            assert re.fullmatch(FORMS[key], name), (key, name)
    languages = {"hcl" if one == "terraform" else "yaml" for one in info.types}
    for part in PARTS:
        found = examples(info.documentation, part)
        assert {example.language for example in found} == languages, part
    for stage in {example.stage for example in examples(info.documentation, "Fails")} - {""}:
        assert f"[docs/stages/{stage}](../stages/README.md)" in info.documentation
        assert stage in (STAGES / "README.md").read_text("utf-8")


@each
def test_examples_in_the_documentation_do_as_they_say(info: CheckInfo, tmp_path: Path) -> None:
    parts = [(part, one) for part in PARTS for one in examples(info.documentation, part)]
    assert {part for part, _ in parts} == set(PARTS)
    for number, (part, example) in enumerate(parts):
        folder = tmp_path / str(number)
        folder.mkdir()
        name = "main.tf" if example.language == "hcl" else "template.yaml"
        text = complete(example, info.documentation)
        (folder / name).write_text(text, "utf-8")
        report = scan(
            ScanOptions(
                paths=(folder,), working=folder, select=(info.code,), settings=settings_in(text)
            )
        )
        failing = report.with_status(Status.FAIL)
        assert not report.errors
        assert bool(failing) is (part == "Fails"), example
        assert part == "Fails" or not report.with_status(Status.UNDECIDED), example


@each
def test_fixtures_cover_each_answer_in_each_language(info: CheckInfo) -> None:
    """A failing, a passing and an undecided case in each language of what it judges.

    A passing case is a resource without a mark.
    """
    cases = [case for case in fixture_cases() if case.code == info.code]
    assert info.types
    for language in info.types:
        of_language = [case for case in cases if language in case.languages]
        statuses = {mark.status for case in of_language for mark in case.marks()}
        assert {"fail", "undecided"} <= statuses, language
        assert any(_has_silent_resource(case) for case in of_language), language


def test_what_they_are_called_elsewhere_is_data_and_stands_there_alone() -> None:
    named = facts("named_elsewhere")
    rows = [by_code for among in ("compliance", "peers") for by_code in named[among].values()]
    assert set().union(*rows) <= {info.code for info in INFOS}
    for kind in (type(entry.check) for entry in LOADED):
        assert not {"compliance", "peers"} & vars(kind).keys(), kind


def _has_silent_resource(case: Fixture) -> bool:
    """Whether a resource of a case has no mark, from its first line to the next one's."""
    text = "".join(file.read_text("utf-8") for file in case.files())
    resources = re.split(r'^resource "|^  \w+:.*\n\s+Type: AWS::', text, flags=re.MULTILINE)
    return any("expect" not in resource for resource in resources[1:])


def test_what_it_supersedes_is_a_check() -> None:
    known = {info.code for info in INFOS}
    for info in INFOS:
        assert set(info.supersedes) <= known - {info.code}, info.code
