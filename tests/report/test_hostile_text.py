"""Any text in any field leaves every format's form as it is."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.report.integrations.test_asff_format import findings
from tests.report.integrations.test_azure_format import issues
from tests.report.integrations.test_csv_format import rows
from tests.report.integrations.test_gitlab_format import entries
from tests.report.integrations.test_gitlab_sast_format import sast
from tests.report.integrations.test_junit_format import junit
from tests.report.integrations.test_rdjson_format import diagnostics
from tests.report.sample_reports import SSH, finding, summary
from tests.report.sample_reports import report as report_of
from tests.report.test_github_format import commands
from tests.report.test_sarif_format import sarif

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Acceptance, Evidence, Note, Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report.step_summary import step_summary
from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
from iac_ec2lint.source.span import SourceText

pytestmark = pytest.mark.slow

PIECES = st.sampled_from(
    [
        *("\x1b[2J", "\n", "\r", "\u2028", "\x85", "\u202e", "\ud800", "\x00", "\x7f"),
        *("::error::", "::set-output name=a::b", "##[", "##vso["),
        *("##teamcity[", "##", "vso", "%0A", "%", ",", ":"),
        *("|", "</details>", "](", "[", "`", "\\", "$", "@a", "www.a.b", "http://a.b", "a"),
    ]
)
TEXT = st.one_of(st.text(st.characters(), max_size=30), st.lists(PIECES, max_size=8).map("".join))

COMMAND = re.compile(r"::[A-Za-z-]+(?: .*)?::")
"""What GitHub's runner takes for a command, whatever its name."""

ANYWHERE = re.compile(r"##\w{0,20}\[")
"""What build agents take for a command anywhere in a line."""


@st.composite
def reports(draw: st.DrawFn) -> Report:
    """One finding of each status, a note and an error, with any text anywhere."""
    source = SourceText(draw(TEXT) or "a.tf", draw(TEXT))
    start = draw(st.integers(0, len(source.text)))
    at = source.span(start, draw(st.integers(start, len(source.text))))
    first = finding(
        at,
        replace(
            SSH, documentation=draw(TEXT), summary=draw(TEXT), name=draw(TEXT), topic=draw(TEXT)
        ),
        resource=draw(TEXT),
        resources=(draw(TEXT), draw(TEXT)),
        subject=draw(TEXT),
        type=draw(TEXT),
        attribute=draw(TEXT),
        message=draw(TEXT),
        evidence=(Evidence(at, draw(TEXT), draw(TEXT)),),
        when=draw(TEXT),
    )
    return report_of(
        first,
        first._replace(status=Status.UNDECIDED, missing=(draw(TEXT),), fingerprint="2"),
        first._replace(
            status=Status.SUPPRESSED,
            suppression=Acceptance(draw(TEXT), draw(TEXT), at),
            fingerprint="3",
        ),
        notes=(Note(draw(TEXT), draw(TEXT), at, draw(TEXT)),),
        errors=(Diagnostic(draw(TEXT), 1, 1, draw(TEXT)),),
        summary=summary(
            skipped=(Skipped(draw(TEXT), draw(TEXT)),),
            called_only=(draw(TEXT),),
            partial=(draw(TEXT),),
            modules_unavailable=(draw(TEXT),),
        ),
    )


def is_harmless(text: str) -> bool:
    """Whether a terminal only shows it and a build agent takes no line of it for a command."""
    lines = text.split("\n")
    return (
        all(line.isprintable() for line in lines)
        and not ANYWHERE.search(text)
        and not any(COMMAND.match(line.lstrip()) for line in lines)
    )


@given(reports())
def test_text_is_only_shown(sample: Report) -> None:
    assert is_harmless(report.render("text", sample, show_undecided=True, show_notes=True))


@given(reports())
def test_quiet_text_is_one_line_for_each(sample: Report) -> None:
    text = report.render("text", sample, quiet=True, show_undecided=True, show_notes=True)
    assert is_harmless(text)
    assert len(text.splitlines()) == 4


@given(reports())
def test_each_annotation_is_one_command(sample: Report) -> None:
    text = report.render("github", sample, quiet=True, show_undecided=True, show_notes=True)
    assert all(line.isprintable() for line in text.split("\n"))
    found = commands(text)
    assert [kind for kind, _, _ in found] == ["error", "error", "notice", "notice"]
    assert len(text.splitlines()) == 4
    assert all("title" in properties for _, properties, _ in found)


@given(reports())
def test_json_is_json(sample: Report) -> None:
    text = report.render("json", sample)
    assert is_harmless(text.replace("::", " "))
    loaded = json.loads(text)
    assert len(loaded["findings"]) == 3
    json.dumps(loaded, ensure_ascii=False).encode("utf-8")


@given(reports())
def test_sarif_is_valid(sample: Report) -> None:
    run = sarif(sample, show_undecided=True)
    assert [result["kind"] for result in run["results"]] == ["fail", "review", "fail"]


@given(reports())
def test_a_summary_keeps_its_table(sample: Report) -> None:
    text = step_summary(sample, show_undecided=True, tree="https://example.org")
    rows = [line for line in text.splitlines() if line.startswith(("| high", "| undecided |"))]
    assert [row.count("|") for row in rows[:2]] == [5, 5]
    assert text.count("<details>") == text.count("</details>") == 2


@settings(max_examples=30, deadline=None)  # seven formats, each against its rules
@given(reports())
def test_formats_of_other_programs_keep_their_form(sample: Report) -> None:
    """Each is read by its own rules, and has what it has of harmless text."""
    assert len(entries(sample, show_undecided=True)) == 2
    assert len(sast(sample, show_undecided=True)["vulnerabilities"]) == 2
    assert len(diagnostics(sample, show_undecided=True)) == 3
    assert len(findings(sample, show_undecided=True)) == 3
    assert len(rows(sample)) == 3
    assert len(list(junit(sample).iter("failure"))) == 1


@given(reports())
def test_each_logging_command_is_one(sample: Report) -> None:
    text = report.render("azure", sample, quiet=True, show_undecided=True, show_notes=True)
    assert all(line.isprintable() for line in text.split("\n"))
    assert len(issues(text)) == len(text.splitlines()) == 4


@given(reports())
def test_lines_that_reviewdog_posts_are_code(sample: Report) -> None:
    for one in diagnostics(sample, show_undecided=True):
        for line in one["message"].splitlines():
            code = line.removeprefix("To mend it: ")
            fence = re.match(r"`+", code)
            assert fence is not None
            inside = code[len(fence[0]) : -len(fence[0])]
            assert code == f"{fence[0]}{inside}{fence[0]}"
            assert fence[0] not in re.findall(r"`+", inside)


@given(reports())
def test_a_page_has_no_mark_of_others(sample: Report) -> None:
    """All HTML, lists and emphasis in it are the format's own."""
    text = report.render("markdown", sample, show_undecided=True)
    assert is_harmless(text)
    tags = {tag.lower() for tag in re.findall(r"<(?!a href=\"https://)([^>]*)>", text)}
    own = {"code", "/code", "/a", "br", "details", "/details", "summary", "/summary"}
    assert tags <= {*own, "!-- iac-ec2lint --"}
    assert text.count("<details>") == text.count("</details>")
    assert len(re.findall(r"^- \*\*", text, re.MULTILINE)) == 2
    assert not any(mark in text for mark in ("](", "@", "`", "$"))
