"""JUnit XML, against the schema of Jenkins' xUnit plugin."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
import xmlschema
from tests.report.sample_reports import CHECKS, SAMPLES, open_group, suppressed, undecided
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.report import Report


@cache
def schema() -> xmlschema.XMLSchema10:
    return xmlschema.XMLSchema10(Path(__file__).parents[1] / "data" / "junit-10.xsd")


def junit(sample: Report, **options: Any) -> ElementTree.Element:
    """The suites of a valid document, whose counts are right."""
    text = report.render("junit", sample, **options)
    schema().validate(text)
    suites = ElementTree.fromstring(text)  # noqa: S314 - it is ours
    for element in (suites, *suites):
        cases = list(element.iter("testcase"))
        assert element.get("tests") == str(len(cases))
        for name, child in (("failures", "failure"), ("errors", "error")):
            assert element.get(name) == str(len(list(element.iter(child)))), name
    return suites


def outcomes(suites: ElementTree.Element, check: str) -> list[str]:
    """What came of the cases of a check: ``passed``, or the tag that says otherwise."""
    [suite] = [suite for suite in suites if (suite.get("name") or "").startswith(check)]
    return [child.tag for case in suite for child in case] or ["passed"]


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_document_is_valid(sample: str, show_undecided: bool) -> None:
    junit(SAMPLES[sample], show_undecided=show_undecided)


def test_each_check_that_ran_is_a_suite() -> None:
    suites = junit(SAMPLES["clean"])
    names = [suite.get("name") for suite in suites]
    assert names == ["scan", *sorted(f"{check.code} {check.name}" for check in CHECKS)]
    assert suites.get("failures") == "0"
    assert suites.get("tests") == "4"


def test_a_case_fails_where_the_run_does() -> None:
    low = report_of(open_group(severity=Severity.LOW))
    assert outcomes(junit(report_of(open_group())), "SG001") == ["failure"]
    assert outcomes(junit(low), "SG001") == ["skipped"]
    assert outcomes(junit(report_of(suppressed())), "SG001") == ["skipped"]
    assert outcomes(junit(report_of(undecided())), "IMDS001") == ["skipped"]
    strict = report_of(undecided(), strict=True)
    assert outcomes(junit(strict), "IMDS001") == ["failure"]
    assert outcomes(junit(strict), "SG001") == ["passed"]


def test_what_could_not_be_read_is_an_error() -> None:
    [error] = junit(SAMPLES["errors_only"]).iter("error")
    assert (error.get("message") or "").startswith('expected "}"')
    [case] = junit(SAMPLES["errors_only"])[0]
    assert case.get("name") == "main.tf:7:1"


def test_a_failure_says_why_and_what_to_do() -> None:
    [failure] = junit(report_of(open_group())).iter("failure")
    assert failure.get("message") == 'high: port 22 accepts connections from "0.0.0.0/0"'
    assert (failure.text or "").splitlines()[1:] == [
        '1. envs/prod/main.tf:1 module "web" is called here',
        "2. modules/web/group.tf:3 the rule begins at port 22",
        "To mend it: Limit port 22 to `10.0.0.0/8. 1` or less.",
    ]
