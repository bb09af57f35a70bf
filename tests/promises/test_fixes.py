"""Applying the edits of a finding mends it, and changes nothing else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import pytest
import yaml
from tests.invariance.corpus import Case, cases
from tests.invariance.json_spelling import in_json_syntax
from tests.invariance.projects import Project, scan_project
from tests.invariance.template_spelling import (
    as_json,
    as_long_yaml,
    as_short_yaml,
    data_of,
)

from iac_ec2lint.engine.finding import Finding, Report, Severity, Status
from iac_ec2lint.engine.fix import Applicability, Edit

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


@pytest.mark.parametrize("written", WRITTEN)
@pytest.mark.parametrize("case", fixable_cases(), ids=str)
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
