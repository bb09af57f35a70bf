from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import jsonschema
import pytest
from tests.report.sample_reports import (
    CHECKS,
    MAIN,
    SAMPLES,
    SSH,
    finding,
    open_group,
    span,
    suppressed,
    undecided,
)
from tests.report.sample_reports import report as report_of
from tests.report.snapshots import assert_snapshot

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Evidence, Severity, Subject
from iac_ec2lint.engine.report import Report
from iac_ec2lint.report import sarif_format
from iac_ec2lint.report.sarif_format import LOCATIONS
from iac_ec2lint.source.span import SourceText


@cache
def validator() -> jsonschema.Draft4Validator:
    file = Path(__file__).parent / "data" / "sarif-2.1.0.schema.json"
    return jsonschema.Draft4Validator(json.loads(file.read_text(encoding="utf-8")))


def sarif(sample: Report, **options: Any) -> dict[str, Any]:
    """The one run of a valid log."""
    log = json.loads(report.render("sarif", sample, **options))
    validator().validate(log)
    assert log["version"] == "2.1.0"
    (run,) = log["runs"]
    loaded: dict[str, Any] = run
    return loaded


def results(sample: Report, **options: Any) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sarif(sample, **options)["results"]
    return found


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_log_is_valid_and_within_the_limits_of_github(
    sample: str, show_undecided: bool
) -> None:
    run = sarif(SAMPLES[sample], show_undecided=show_undecided)
    rules = run["tool"]["driver"]["rules"]
    assert len({rule["id"] for rule in rules}) == len(rules)
    for rule in rules:
        assert len(rule["name"]) <= 255
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert 0.0 <= float(rule["properties"]["security-severity"]) <= 10.0
        assert isinstance(rule["properties"]["security-severity"], str)
        assert "security" in rule["properties"]["tags"]
        assert len(rule["properties"]["tags"]) <= 20
    assert len(run["results"]) <= 25_000
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert len(result["message"]["text"]) <= 1024
        assert len(result["locations"]) == 1
        assert len(result.get("relatedLocations", [])) < 1000
        assert (result["kind"] == "fail") or (result["level"] == "none")
    for location in locations(run):
        assert location["uri"]
        assert location["uri"].isascii()
        parts = urlsplit(location["uri"])
        assert not parts.scheme
        assert not parts.netloc
        assert location["uriBaseId"] in run["originalUriBaseIds"]


def locations(node: object) -> list[dict[str, Any]]:
    found = []
    if isinstance(node, dict):
        found += [node["artifactLocation"]] if "artifactLocation" in node else []
        node = list(node.values())
    if isinstance(node, list):
        for each in node:
            found += locations(each)
    return found


def test_a_whole_log() -> None:
    text = report.render("sarif", SAMPLES["everything"], show_undecided=True)
    assert_snapshot("everything.sarif", text)


def test_links_of_the_message_are_the_ids_of_related_locations() -> None:
    (result,) = results(report_of(open_group()))
    assert result["message"]["text"] == (
        'port 22 accepts connections from "0.0.0.0/0"\n'
        '1. [envs/prod/main.tf:1](1) module "web" is called here\n'
        "2. [modules/web/group.tf:3](2) the rule begins at port 22\n"
        "To mend it: Limit port 22 to `10.0.0.0/8. 1` or less."
    )
    assert [each["id"] for each in result["relatedLocations"]] == [1, 2]
    (flow,) = result["codeFlows"][0]["threadFlows"]
    hops = [each["location"]["message"]["text"] for each in flow["locations"]]
    assert hops == ['module "web" is called here', "the rule begins at port 22"]


def test_each_of_several_subjects_is_a_related_location() -> None:
    source = SourceText("hosts.tf", "".join(f"host {n}\n" for n in range(2 * LOCATIONS)))
    at = [source.span(m.start(), m.end()) for m in re.finditer("host [0-9]+", source.text)]

    def related(count: int) -> list[dict[str, Any]]:
        subjects = [Subject(".", f"aws_instance.h{n}", str(n), at[n]) for n in range(count)]
        judged = finding(at[0], evidence=(Evidence(at[1], "a hop", "aws_instance.h1"),))
        (result,) = results(report_of(judged._replace(subjects=tuple(subjects))))
        assert len(result["properties"]["subjects"]) == count
        found: list[dict[str, Any]] = result["relatedLocations"]
        assert [one["id"] for one in found] == list(range(1, len(found) + 1))
        return found

    # The second is shown by the hop; one alone is what the result is about.
    assert [one["message"]["text"] for one in related(1)] == ["a hop"]
    assert [one["message"]["text"] for one in related(3)] == [
        "a hop",
        "aws_instance.h0 is judged",
        "aws_instance.h2 is judged",
    ]
    assert len(related(2 * LOCATIONS)) == LOCATIONS - 1


def test_text_of_others_makes_no_link() -> None:
    hostile = "see [here](http://evil.example)"
    (result,) = results(report_of(finding(span(MAIN, "open"), message=hostile)))
    assert result["message"]["text"].startswith("see \\[here\\](http://evil.example)\n")


def test_a_region_counts_code_points_from_one_with_an_exclusive_end() -> None:
    source = SourceText("a.tf", 'a\n\t"端口" = 1\n')
    run = sarif(report_of(finding(span(source, '"端口"'))))
    assert run["columnKind"] == "unicodeCodePoints"
    region = run["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert region == {"startLine": 2, "startColumn": 2, "endLine": 2, "endColumn": 6}


@pytest.mark.parametrize(
    ("path", "prefix", "uri"),
    [
        ("a b/ü#?.tf", "", "a%20b/%C3%BC%23%3F.tf"),
        ("c:d.tf", "", "c%3Ad.tf"),
        ("main.tf", "infra/prod/", "infra/prod/main.tf"),
        ("../modules/a.tf", "infra/prod/", "infra/modules/a.tf"),
        ("100%.tf", "", "100%25.tf"),
        ("\udcff.tf", "", "%FF.tf"),
        ("\ud800.tf", "", "%3F.tf"),
    ],
)
def test_paths_are_relative_references(path: str, prefix: str, uri: str) -> None:
    (result,) = results(report_of(finding(SourceText(path, "x").span(0, 1))), prefix=prefix)
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": uri, "uriBaseId": "%SRCROOT%"}


@pytest.mark.parametrize("path", ["/srv/a b.tf", "C:/srv/a.tf"])
def test_absolute_paths_are_file_addresses(path: str) -> None:
    (result,) = results(report_of(finding(SourceText(path, "x").span(0, 1))))
    artifact = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert "uriBaseId" not in artifact
    assert unquote(urlsplit(artifact["uri"]).path).endswith(path)


def test_levels_follow_the_severity() -> None:
    found = results(
        report_of(*(open_group(severity=severity, fingerprint=severity) for severity in Severity))
    )
    assert [each["level"] for each in found] == ["error", "error", "warning", "note", "note"]
    assert {each["kind"] for each in found} == {"fail"}


def test_undecided_ones_are_for_review_and_only_when_asked_for() -> None:
    assert results(report_of(undecided())) == []
    (result,) = results(report_of(undecided()), show_undecided=True)
    assert (result["kind"], result["level"]) == ("review", "none")
    assert result["properties"]["missing"] == list(undecided().missing)


def test_what_is_undecided_is_told_first_where_it_is_no_result() -> None:
    sample = report_of(undecided(), undecided()._replace(severity=Severity.LOW))
    run = sarif(sample)
    told = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"]
    words = "1 undecided that would be high, 1 that would be low"
    assert told == f"{words} (--show-undecided lists them)"
    counts = {"critical": 0, "high": 1, "medium": 0, "low": 1, "info": 0}
    assert run["properties"]["undecided"] == counts
    shown = sarif(sample, show_undecided=True)
    assert shown["invocations"][0]["toolExecutionNotifications"] == []


def test_suppressions_are_said_of_every_result() -> None:
    first, second = results(report_of(open_group(), suppressed()))
    assert first["suppressions"] == []
    (suppression,) = second["suppressions"]
    assert suppression["kind"] == "inSource"
    assert suppression["justification"] == "reached over a VPN only"


def test_the_fingerprint_is_the_one_that_github_reads() -> None:
    (result,) = results(report_of(open_group()))
    assert result["partialFingerprints"] == {"primaryLocationLineHash": open_group().fingerprint}


def test_the_rules_are_the_checks_that_ran() -> None:
    driver = sarif(SAMPLES["clean"])["tool"]["driver"]
    assert [rule["id"] for rule in driver["rules"]] == sorted(check.code for check in CHECKS)
    ssh = driver["rules"][2]
    assert ssh["helpUri"] == SSH.url
    assert ssh["help"] == {"text": SSH.documentation, "markdown": SSH.documentation}
    assert ssh["fullDescription"]["text"] == (
        "A rule that lets the whole internet try to log in with SSH. "
        "Port 22 is scanned all the time."
    )
    assert "helpUri" not in driver["rules"][1]
    assert driver["informationUri"] == "https://example.org/project"


def test_nothing_is_said_of_an_address_that_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sarif_format, "project_url", lambda: "")
    assert "informationUri" not in sarif(SAMPLES["clean"])["tool"]["driver"]


def test_errors_say_that_the_run_is_incomplete() -> None:
    (invocation,) = sarif(SAMPLES["errors_only"])["invocations"]
    assert invocation["executionSuccessful"] is False
    (notification,) = invocation["toolExecutionNotifications"]
    assert notification["level"] == "error"
    assert sarif(SAMPLES["clean"])["invocations"][0]["executionSuccessful"] is True


@pytest.mark.slow
def test_more_results_than_github_takes_are_cut_after_the_worst() -> None:
    low = open_group(severity=Severity.LOW)._replace(evidence=())
    worst = low._replace(severity=Severity.CRITICAL)
    log = json.loads(report.render("sarif", report_of(*[low] * 25_003, worst)))
    (run,) = log["runs"]
    assert len(run["results"]) == 25_000
    assert run["results"][0]["properties"]["severity"] == "critical"
    (notification,) = run["invocations"][0]["toolExecutionNotifications"]
    assert notification["message"]["text"].startswith("4 more results are left out")


@pytest.mark.slow
def test_long_evidence_and_long_words_stay_within_the_limits() -> None:
    hop = Evidence(span(MAIN, "source"), "w" * 3000)
    (result,) = results(report_of(open_group(evidence=(hop,) * 1500, message="m" * 5000)))
    assert len(result["message"]["text"]) == 1024
    assert len(result["relatedLocations"]) == 999
    assert len(result["relatedLocations"][0]["message"]["text"]) == 1024
    assert len(result["codeFlows"][0]["threadFlows"][0]["locations"]) == 1000
