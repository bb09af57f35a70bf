"""Logging commands, read as the agent of Azure Pipelines reads them.

Source: Azure Pipelines, "Logging commands"; microsoft/azure-pipelines-agent, which takes the first
``##vso[`` of a line, up to the first ``]``.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from tests.report.sample_reports import SAMPLES, open_group, undecided, whole_and_part
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.report import Report

COMMAND = re.compile(r"^##vso\[(?P<name>\S+) (?P<properties>[^\]]*)\](?P<message>.*)$")
PROPERTIES = {"type", "sourcepath", "linenumber", "columnnumber", "code"}
DECODED = (("%0D", "\r"), ("%0A", "\n"), ("%3B", ";"), ("%5D", "]"), ("%AZP25", "%"))


def decoded(text: str) -> str:
    for code, character in DECODED:
        text = text.replace(code, character)
    return text


def issues(text: str) -> list[tuple[dict[str, str], str]]:
    """The properties and messages of the commands in a text, which has no others."""
    found = []
    for line in text.splitlines():
        command = COMMAND.match(line)
        if command is None:
            assert "##vso" not in line
            continue
        assert command["name"] == "task.logissue"
        parts = [part.partition("=") for part in command["properties"].split(";") if part]
        properties = {name: decoded(value) for name, _, value in parts}
        assert properties.keys() <= PROPERTIES
        assert properties["type"] in {"error", "warning"}
        message = decoded(command["message"])
        assert "##vso[" not in message
        found.append((properties, message))
    return found


def rendered(sample: Report, **options: Any) -> list[tuple[dict[str, str], str]]:
    return issues(report.render("azure", sample, **options))


@pytest.mark.parametrize("sample", SAMPLES)
def test_every_line_is_a_command_or_plain(sample: str) -> None:
    text = report.render("azure", SAMPLES[sample], show_undecided=True, show_notes=True)
    issues(text)
    assert all(line.isprintable() for line in text.split("\n"))


def test_an_issue_has_its_place_and_its_reasons() -> None:
    [(properties, message)] = rendered(report_of(open_group()), prefix="infra/")
    assert properties == {
        "type": "error",
        "sourcepath": "infra/modules/web/group.tf",
        "linenumber": "4",
        "columnnumber": "20",
        "code": "SG001",
    }
    assert message.splitlines() == [
        'high SG001 ssh-open-to-internet: port 22 accepts connections from "0.0.0.0/0"',
        '1. envs/prod/main.tf:1 module "web" is called here',
        "2. modules/web/group.tf:3 the rule begins at port 22",
    ]


def test_a_part_is_named_with_its_whole() -> None:
    [(_, message)] = rendered(whole_and_part())
    assert message.splitlines()[-1] == (
        "includes SG001 ssh-open-to-internet at modules/web/group.tf:4"
    )


def test_the_worst_are_first_since_a_page_has_ten_of_a_kind() -> None:
    many = [open_group(fingerprint=str(number)) for number in range(12)]
    worst = open_group(severity=Severity.CRITICAL, fingerprint="worst")
    text = report.render("azure", report_of(*many, worst))
    found = issues(text)
    assert len(found) == 13
    assert found[0][1].startswith("critical SG001")
    assert "3 more are in this log alone: a page has 10 of a kind." in text


def test_what_is_undecided_is_said_though_it_is_not_listed() -> None:
    [(properties, message)] = rendered(report_of(undecided()))
    assert properties == {"type": "warning"}
    assert message == "1 undecided that would be high (--show-undecided lists them)"
    [(properties, message)] = rendered(report_of(undecided()), show_undecided=True)
    assert properties["type"] == "warning"
    assert message.startswith("undecided IMDS001")


def test_a_percent_sign_and_what_ends_a_property_are_written_out() -> None:
    text = report.render("azure", report_of(open_group(message="100%0A", type="a]b;c")), quiet=True)
    assert "100%AZP250A" in text
    [(_, message)] = issues(text)
    assert "100%0A" in message


def test_quiet_has_no_verdict() -> None:
    assert report.render("azure", SAMPLES["clean"], quiet=True) == ""
    assert report.render("azure", SAMPLES["clean"]).startswith("No findings")
