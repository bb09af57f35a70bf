"""Applying the edits of a finding mends it, and changes nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from tests.cli.program import REPOSITORY, run, write
from tests.invariance.corpus import Case, cases, in_turn
from tests.invariance.json_spelling import in_json_syntax
from tests.invariance.projects import Project, scan_project
from tests.invariance.template_spelling import (
    as_json,
    as_long_yaml,
    as_short_yaml,
    data_of,
)

from iac_ec2lint.engine.finding import Finding, Severity, Status
from iac_ec2lint.engine.fix import Applicability, Edit
from iac_ec2lint.engine.report import Report

pytestmark = pytest.mark.slow

FIXTURES = REPOSITORY / "tests" / "fixtures"
_SCHEMA = "findings.schema.json"
_SARIF = REPOSITORY / "tests" / "report" / "data" / "sarif-2.1.0.schema.json"
_NATIVE = (".tf", ".tofu")
_TEMPLATES = (".yaml", ".yml")


def fixable_cases() -> list[Case]:
    """The fixtures of checks that carry fixes, and the examples."""
    codes = {"DATA001", "DATA002", "IMDS001", "IMDS002", "IMDS003", "IMDS004"}
    return [case for case in cases() if not case.own_checks or case.own_checks[0] in codes]


def _in_json(project: Project) -> Project | None:
    return in_json_syntax(project) if _has(project, _NATIVE) else None


def _each(rewrite: Callable[[str], str], ending: str) -> Callable[[Project], Project | None]:
    """A rewriting of all the templates of a project that are YAML."""

    def rewritten(project: Project) -> Project | None:
        if not _has(project, _TEMPLATES):
            return None
        return {
            re.sub(r"\.ya?ml$", ending, name) if name.endswith(_TEMPLATES) else name: rewrite(text)
            if name.endswith(_TEMPLATES)
            else text
            for name, text in project.items()
        }

    return rewritten


def _in_braces(text: str) -> str:
    """A template whose resources' insides are written in braces, as YAML allows."""
    root = yaml.compose(as_short_yaml(data_of(text)))

    def flow(node: Any, depth: int) -> None:
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = depth > 3
            for child in node.value:
                for one in child if isinstance(child, tuple) else (child,):
                    flow(one, depth + 1)

    flow(root, 0)
    return yaml.serialize(root, allow_unicode=True, width=60)


def _with_tabs(project: Project) -> Project | None:
    if not _has(project, (*_NATIVE, ".json")) or any("<<" in text for text in project.values()):
        return None
    return {
        name: text
        if name.endswith(_TEMPLATES)
        else re.sub(r"^( {2})+", lambda found: "\t" * (len(found[0]) // 2), text, flags=re.M)
        for name, text in project.items()
    }


def _has(project: Project, endings: tuple[str, ...]) -> bool:
    return any(name.endswith(endings) for name in project)


WRITTEN: dict[str, Callable[[Project], Project | None]] = {
    "as it is": lambda project: project,
    "JSON syntax": _in_json,
    "JSON template": _each(lambda text: as_json(data_of(text)), ".json"),
    "JSON named YAML": _each(lambda text: as_json(data_of(text)), ".yaml"),
    "long functions": _each(lambda text: as_long_yaml(data_of(text)), ".yaml"),
    "short functions": _each(lambda text: as_short_yaml(data_of(text)), ".yaml"),
    "braces": _each(_in_braces, ".yaml"),
    "CRLF": lambda project: {n: t.replace("\n", "\r\n") for n, t in project.items()},
    "tabs": _with_tabs,
}


def applied(text: str, edits: Sequence[Edit]) -> str:
    """A text with edits applied; they do not overlap."""
    end = len(text)
    for edit in sorted(edits, key=lambda edit: edit.span.start, reverse=True):
        assert edit.span.start <= edit.span.end <= end
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
        end = edit.span.start
    return text


def mended(project: Project, finding: Finding) -> Project:
    """A project with a finding's edits applied."""
    assert finding.fix is not None
    edits = finding.fix.edits
    (path,) = {edit.span.path for edit in edits}
    assert all(edit.span.source.text == project[path] for edit in edits)
    return {**project, path: applied(project[path], edits)}


def serious(report: Report) -> set[tuple[str, str, str]]:
    """What fails at medium or above."""
    return {
        (f.check.code, f.subject, f.status.value)
        for f in report.findings
        if f.status is Status.FAIL and f.severity.at_least(Severity.MEDIUM)
    }


def said_of(report: Report, finding: Finding) -> list[Finding]:
    """What a report still says of a finding's place."""
    return [
        f
        for f in report.findings
        if f.check.code == finding.check.code
        and set(f.resources) & set(finding.resources)
        and f.attribute.replace("[0]", "") == finding.attribute.replace("[0]", "")
        and f.status is finding.status
    ]


@pytest.mark.parametrize(
    ("case", "written"),
    [
        pytest.param(case, written, id=f"{case}-{written}")
        for case in fixable_cases()
        for written in WRITTEN
        if written == "as it is" or in_turn(f"{case} {written}", 4)
    ],
)
def test_a_fix_mends_its_finding_and_no_more(case: Case, written: str) -> None:
    project = WRITTEN[written](case.project)
    if project is None:
        return
    before = scan_project(project)
    tokens = serious(before)
    for finding in before.findings:
        if finding.fix is None or not finding.fix.edits:
            assert finding.fix is None or finding.fix.applicability is Applicability.DISPLAY
            continue
        after = scan_project(mended(project, finding))
        shown = str(finding.fix), mended(project, finding)[finding.span.path]
        assert not after.errors, (after.errors, *shown)
        assert not said_of(after, finding), shown
        assert serious(after) <= tokens, (serious(after) - tokens, *shown)


@pytest.mark.parametrize(
    "name", ["IMDS001/hosts.yaml", "IMDS001/instance.tf", "DATA001/volumes.json"]
)
def test_reports_have_the_edits(name: str, tmp_path: Path) -> None:
    """A program that reads a report comes to the same text, line by line and column by column."""
    text = (FIXTURES / name).read_text("utf-8")
    file = Path(name).name
    write(tmp_path, {file: text})
    report = scan_project({file: text})
    edits = [f.fix.edits for f in report.findings if f.fix is not None and f.fix.edits]
    assert edits

    told = run("scan", ".", "--format", "json", cwd=tmp_path).report
    schema = json.loads(resources.files("iac_ec2lint.report").joinpath(_SCHEMA).read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(told)
    fixes = [f["fix"] for f in told["findings"] if f["fix"] is not None]
    assert all((fix["edits"] == []) is (fix["applicability"] == "display") for fix in fixes)
    in_json = [
        [(e["line"], e["column"], e["end_line"], e["end_column"], e["text"]) for e in fix["edits"]]
        for fix in fixes
        if fix["edits"]
    ]

    log = json.loads(run("scan", ".", "--format", "sarif", "--show-undecided", cwd=tmp_path).out)
    jsonschema.Draft4Validator(json.loads(_SARIF.read_text("utf-8"))).validate(log)
    in_sarif = []
    for result in log["runs"][0]["results"]:
        for fix in result.get("fixes", ()):
            (change,) = fix["artifactChanges"]
            assert change["artifactLocation"]["uri"] == file
            in_sarif.append([_place_of(one) for one in change["replacements"]])

    expected = sorted([[(*_corners(edit), edit.text) for edit in each] for each in edits])
    assert sorted(in_json) == expected
    assert sorted(in_sarif) == expected


def _corners(edit: Edit) -> tuple[int, int, int, int]:
    span = edit.span
    return span.line, span.column, span.end_line, span.end_column


def _place_of(replacement: dict[str, Any]) -> tuple[int, int, int, int, str]:
    region = replacement["deletedRegion"]
    line, column = region["startLine"], region.get("startColumn", 1)
    end = region.get("endLine", line), region["endColumn"]
    return line, column, *end, replacement["insertedContent"]["text"]
