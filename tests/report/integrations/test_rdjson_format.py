"""Reviewdog's format: the messages of ``proto/rdf/reviewdog.proto``, written down again here."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from tests.report.sample_reports import SAMPLES, finding, open_group, undecided, whole_and_part
from tests.report.sample_reports import report as report_of

from iac_ec2lint import report
from iac_ec2lint.engine.fix import Applicability, Edit, Repair
from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.span import SourceText

_LINE_AND_COLUMN = {"line": {"type": "integer", "minimum": 1}}
_LINE_AND_COLUMN["column"] = _LINE_AND_COLUMN["line"]


def _message(required: list[str], **fields: object) -> dict[str, object]:
    """A message: older versions of reviewdog refuse fields that they do not know."""
    return {
        "type": "object",
        "required": required,
        "properties": fields,
        "additionalProperties": False,
    }


_POSITION = _message(["line"], **_LINE_AND_COLUMN)
_RANGE = _message(["start"], start=_POSITION, end=_POSITION)
_STRING = {"type": "string", "minLength": 1}
_DIAGNOSTIC = _message(
    ["message", "severity"],
    message=_STRING,
    location=_message(["path"], path=_STRING, range=_RANGE),
    severity={"enum": ["ERROR", "WARNING", "INFO"]},
    code=_message(["value"], value=_STRING, url={"type": "string", "pattern": "^https?://"}),
    suggestions={
        "type": "array",
        "items": _message(["range", "text"], range=_RANGE, text={"type": "string"}),
    },
)
RULES = _message(
    ["source", "diagnostics"],
    source=_message(["name"], name=_STRING, url=_STRING),
    diagnostics={"type": "array", "items": _DIAGNOSTIC},
)


def diagnostics(sample: Report, **options: Any) -> list[dict[str, Any]]:
    """The diagnostics of a document that reviewdog takes."""
    document = json.loads(report.render("rdjson", sample, **options))
    jsonschema.validate(document, RULES)
    found: list[dict[str, Any]] = document["diagnostics"]
    return found


@pytest.mark.parametrize("show_undecided", [False, True])
@pytest.mark.parametrize("sample", SAMPLES)
def test_every_document_is_one_that_reviewdog_takes(sample: str, show_undecided: bool) -> None:
    diagnostics(SAMPLES[sample], show_undecided=show_undecided)


def test_columns_count_bytes_of_utf_8() -> None:
    source = SourceText("a.tf", 'a = 1\nb = "é𐐀" # c\n')
    at = source.span(source.text.index("#"), len(source.text) - 1)
    [one] = diagnostics(report_of(finding(at)))
    line = source.line(2).encode()
    start, end = one["location"]["range"]["start"], one["location"]["range"]["end"]
    assert (start["line"], end["line"]) == (2, 2)
    assert line[start["column"] - 1 : end["column"] - 1].decode() == "# c"


def test_an_edit_is_a_suggestion_unless_it_is_only_for_display() -> None:
    at = open_group().span
    for applicability, expected in (
        (Applicability.SAFE, ['"10.0.0.0/8"']),
        (Applicability.UNSAFE, ['"10.0.0.0/8"']),
        (Applicability.DISPLAY, []),
    ):
        fix = Repair("limit it", applicability, (Edit(at, '"10.0.0.0/8"'),))
        [one] = diagnostics(report_of(open_group(fix=fix)))
        assert [each["text"] for each in one.get("suggestions", [])] == expected


def test_messages_are_code_line_by_line() -> None:
    [one] = diagnostics(report_of(open_group()._replace(evidence=(), message="`@all` [x](y) ``")))
    first, mend = one["message"].splitlines()
    assert first == "``` `@all` [x](y) `` ```"
    assert mend == "To mend it: ``Limit port 22 to `10.0.0.0/8. 1` or less.``"


def test_a_part_is_named_with_its_whole() -> None:
    [one] = diagnostics(whole_and_part())
    assert "`includes SG001 ssh-open-to-internet at modules/web/group.tf:4`" in one["message"]


def test_undecided_ones_and_errors() -> None:
    [one] = diagnostics(report_of(undecided()), show_undecided=True)
    assert one["severity"] == "INFO"
    assert one["message"].startswith("`undecided: ")
    [error] = diagnostics(SAMPLES["errors_only"], prefix="infra/")
    assert error["severity"] == "ERROR"
    assert error["location"] == {"path": "infra/main.tf", "range": {"start": {"line": 7}}}
