"""What holds for every built-in check: its documentation is true and its fixtures are complete."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from tests.checks.fixture_cases import Case, fixture_cases

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import CheckInfo, Status
from iac_ec2lint.engine.registry import builtin_folder, load

LOADED, PROBLEMS = load([builtin_folder()])
INFOS = [entry.info for entry in LOADED]
CATALOGUE = Path(__file__).parents[3] / "shared" / "catalogue.yaml"
CANNOT_FAIL = {("DATA004", "cloudformation"): "a template cannot declare a snapshot"}
"""What the catalogue lists a type for, although the language has no way to do it wrong."""
_BLOCK = re.compile(r"```(hcl|yaml)\n(.*?)```", re.DOTALL)


def test_all_checks_load() -> None:
    assert not PROBLEMS
    assert INFOS


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)
def test_documentation_has_its_parts(info: CheckInfo) -> None:
    headings = re.findall(r"^## (.+)$", info.documentation, re.MULTILINE)
    assert headings[:1] == ["Why it matters"]
    for heading in ("Fails", "Passes", "How to mend it", "References"):
        assert heading in headings
    assert info.summary.endswith(".")
    assert "https://docs.aws.amazon.com/" in info.documentation


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)
@pytest.mark.parametrize("part", ["Fails", "Passes"])
def test_examples_in_the_documentation_do_as_they_say(
    info: CheckInfo, part: str, tmp_path: Path
) -> None:
    section = info.documentation.split(f"## {part}\n", 1)[1].split("\n## ", 1)[0]
    blocks = _BLOCK.findall(section)
    assert blocks
    for number, (language, text) in enumerate(blocks):
        folder = tmp_path / str(number)
        folder.mkdir()
        (folder / ("main.tf" if language == "hcl" else "template.yaml")).write_text(text, "utf-8")
        report = scan(ScanOptions(paths=(folder,), working=folder, select=(info.code,)))
        failing = report.with_status(Status.FAIL)
        assert not report.errors
        assert bool(failing) is (part == "Fails")


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)
def test_fixtures_cover_each_answer_in_each_language(info: CheckInfo) -> None:
    """A failing, a passing and an undecided case in each language that the catalogue lists.

    A passing case is a resource without a mark.
    """
    languages = _languages(info.code)
    cases = [case for case in fixture_cases() if case.code == info.code]
    for language in languages:
        if (info.code, language) in CANNOT_FAIL:
            continue
        of_language = [case for case in cases if language in case.languages]
        statuses = {mark.status for case in of_language for mark in case.marks()}
        assert {"fail", "undecided"} <= statuses, language
        assert any(_has_silent_resource(case) for case in of_language), language


def _languages(code: str) -> list[str]:
    if not CATALOGUE.exists():
        pytest.skip("SKIPPED: shared/catalogue.yaml is not beside this repository")
    import yaml

    entries = {entry["code"]: entry for entry in yaml.safe_load(CATALOGUE.read_text("utf-8"))}
    return [lang for lang in ("terraform", "cloudformation") if entries[code].get(lang)]


def _has_silent_resource(case: Case) -> bool:
    """Whether a resource of a case has no mark, from its first line to the next one's."""
    text = "".join(file.read_text("utf-8") for file in case.files())
    resources = re.split(r'^resource "|^  \w+:.*\n\s+Type: AWS::', text, flags=re.MULTILINE)
    return any("expect" not in resource for resource in resources[1:])


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.code)
def test_code_name_and_severity_are_the_catalogues(info: CheckInfo) -> None:
    if not CATALOGUE.exists():
        pytest.skip("SKIPPED: shared/catalogue.yaml is not beside this repository")
    import yaml

    entries = {entry["code"]: entry for entry in yaml.safe_load(CATALOGUE.read_text("utf-8"))}
    entry = entries[info.code]
    assert (info.name, info.severity, info.default) == (
        entry["name"],
        entry["severity"],
        entry.get("default", True),
    )
    assert list(info.supersedes) == entry.get("supersedes", [])
    assert info.summary == entry["summary"]
