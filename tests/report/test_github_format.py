from __future__ import annotations

import re
from dataclasses import replace

import pytest
from tests.report.sample_reports import MAIN, SAMPLES, finding, open_group, span, undecided
from tests.report.sample_reports import report as report_of
from tests.report.snapshots import assert_snapshot

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText

COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """What GitHub's runner reads: kind, properties and message of each annotation."""
    found = []
    for line in text.split("\n"):
        match = COMMAND.fullmatch(line)
        if match:
            pairs = (pair.split("=", 1) for pair in match[2].split(","))
            properties = {name: unescaped(value) for name, value in pairs}
            found.append((match[1], properties, unescaped(match[3])))
    return found


def unescaped(text: str) -> str:
    for token, meaning in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        text = text.replace(token, meaning)
    return text


def of(sample: Report, **options: bool) -> list[tuple[str, dict[str, str], str]]:
    return commands(report.render("github", sample, **options))


@pytest.mark.parametrize("sample", ["everything", "hostile", "clean"])
def test_what_the_runner_reads(sample: str) -> None:
    text = report.render("github", SAMPLES[sample], show_undecided=True, show_notes=True)
    assert_snapshot(f"{sample}.github.txt", text)


def test_an_annotation_says_where_and_what() -> None:
    ((kind, properties, message),) = of(report_of(open_group()))
    assert kind == "error"
    assert properties == {
        "file": "modules/web/group.tf",
        "line": "4",
        "endLine": "4",
        "col": "20",
        "endColumn": "31",
        "title": "SG001 ssh-open-to-internet (high)",
    }
    assert message.split("\n")[0] == 'port 22 accepts connections from "0.0.0.0/0"'
    assert message.split("\n")[1] == '1. envs/prod/main.tf:1 module "web" is called here'


def test_a_span_of_several_lines_has_no_columns() -> None:
    ((_, properties, _),) = of(report_of(finding(MAIN.span(0, 30))))
    assert properties["endLine"] == "2"
    assert not {"col", "endColumn"} & set(properties)


def test_kinds_follow_the_severity() -> None:
    found = of(report_of(*(open_group(severity=each, fingerprint=each) for each in Severity)))
    assert [kind for kind, _, _ in found] == ["error", "error", "warning", "notice", "notice"]


def test_the_worst_come_first() -> None:
    high = [open_group(message=f"high {number}") for number in range(12)]
    worst = open_group(severity=Severity.CRITICAL, message="critical", fingerprint="c")
    found = of(report_of(*high, worst))
    assert [message.split("\n")[0] for _, _, message in found][:3] == [
        "critical",
        "high 0",
        "high 1",
    ]


@pytest.mark.parametrize("notices", [0, 9, 10, 11, 30])
@pytest.mark.parametrize("errors", [0, 10, 11, 30])
def test_no_kind_has_more_than_github_shows_and_the_rest_is_counted(
    errors: int, notices: int
) -> None:
    sample = report_of(
        *(open_group(message=f"e{number}") for number in range(errors)),
        *(open_group(severity=Severity.LOW, message=f"n{number}") for number in range(notices)),
    )
    text = report.render("github", sample)
    kinds = [kind for kind, _, _ in commands(text)]
    assert kinds.count("error") == min(errors, 10)
    assert kinds.count("notice") <= 10
    if errors <= 10 and notices <= 10:
        assert len(kinds) == errors + notices
        assert "::group::" not in text
        return
    shown = len(kinds) - 1
    assert f"{errors + notices - shown} more without an annotation" in commands(text)[-1][2]
    plain = [line for line in text.split("\n") if line.startswith("modules/web/group.tf:4:20: ")]
    assert shown + len(plain) == errors + notices


def test_the_first_error_of_the_scan_is_always_annotated() -> None:
    sample = replace(
        report_of(*(open_group(message=f"e{number}") for number in range(20))),
        errors=(Diagnostic("a.tf", 3, 2, "unclosed brace"), Diagnostic("", 0, 0, "other")),
    )
    text = report.render("github", sample)
    assert commands(text)[0][1] == {
        "file": "a.tf",
        "line": "3",
        "col": "2",
        "title": "The scan is incomplete",
    }
    assert "\nerror: other\n" in text


def test_undecided_ones_and_notes_are_annotated_when_asked_for() -> None:
    words = "1 undecided that would be high (--show-undecided lists them)"
    assert of(report_of(undecided())) == [("notice", {"title": "iac-ec2lint"}, words)]
    ((kind, properties, _),) = of(report_of(undecided()), show_undecided=True)
    assert kind == "notice"
    assert properties["title"] == "IMDS001 imdsv1-enabled (undecided)"
    assert not any(each[1]["title"] == "host-bits-in-cidr" for each in of(SAMPLES["everything"]))
    shown = of(SAMPLES["everything"], show_notes=True)
    assert any(each[1]["title"] == "host-bits-in-cidr" for each in shown)


def test_paths_are_those_of_the_repository() -> None:
    outer = finding(SourceText("../a.tf", "x").span(0, 1))
    text = report.render("github", report_of(finding(span(MAIN, "open")), outer), prefix="infra/")
    paths = [properties["file"] for _, properties, _ in commands(text)]
    assert paths == ["infra/envs/prod/main.tf", "a.tf"]
