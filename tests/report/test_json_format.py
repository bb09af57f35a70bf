from __future__ import annotations

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema
import pytest
from tests.report.sample_reports import SAMPLES
from tests.report.snapshots import assert_snapshot

from iac_ec2lint import report


@cache
def schema() -> dict[str, Any]:
    text = files("iac_ec2lint.report").joinpath("findings.schema.json").read_text(encoding="utf-8")
    loaded: dict[str, Any] = json.loads(text)
    return loaded


def parsed(sample: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(report.render("json", SAMPLES[sample]))
    return loaded


def test_the_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize("sample", SAMPLES)
def test_the_json_is_as_its_schema_says(sample: str) -> None:
    jsonschema.Draft202012Validator(schema()).validate(parsed(sample))


def objects(node: object, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    """Every object of a schema that lists properties."""
    found = []
    if isinstance(node, dict):
        if "properties" in node and isinstance(node["properties"], dict):
            found.append((path, node))
        for key, value in node.items():
            found += objects(value, f"{path}/{key}")
    return found


def test_the_schema_leaves_no_key_open() -> None:
    described = objects(schema())
    assert len(described) > 10
    for path, node in described:
        assert node["additionalProperties"] is False, path
        assert node["required"] == list(node["properties"]), path


def test_every_key_of_the_schema_is_written() -> None:
    """With `additionalProperties` and `required` as above it is enough that each object occurs."""
    everything = parsed("everything")
    finding = next(each for each in everything["findings"] if each["evidence"] and each["fix"])
    assert finding["fix"]["edits"]
    assert any(each["suppression"] for each in everything["findings"])
    assert everything["notes"]
    assert everything["errors"]
    assert everything["summary"]["files"]["skipped"]


def test_the_counts_are_those_of_what_is_listed() -> None:
    everything = parsed("everything")
    listed = [each["status"] for each in everything["findings"]]
    counts = everything["summary"]
    assert sum(counts["findings"].values()) == listed.count("fail") == 4
    assert counts["undecided"] == listed.count("undecided") == 1
    assert counts["suppressed"] == listed.count("suppressed") == 1
    assert counts["notes"] == len(everything["notes"])
    assert counts["errors"] == len(everything["errors"])
    files_ = counts["files"]
    assert files_["found"] == files_["parsed"] + files_["partial"] + len(files_["skipped"])


def test_a_whole_report() -> None:
    assert_snapshot("everything.json", report.render("json", SAMPLES["everything"]))


def test_it_is_ascii_and_holds_no_lone_surrogate() -> None:
    text = report.render("json", SAMPLES["hostile"])
    assert text.isascii()
    assert "\x7f" not in text
    message = json.loads(text)["findings"][0]["message"]
    assert message.encode("utf-8")
    assert "\u202eevil" in message
