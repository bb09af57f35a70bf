"""scripts/catalogue.yaml: what is known of the checks that do not stand yet."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from tests.scripts.catalogue import catalogue

from iac_ec2lint.engine.check import TOPICS
from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.engine.registry import builtin_folder, load

TEXTS = ("summary", "fails_when", "unknown_when", "fix", "topic")
KEYS = {
    *("code", "name", "family", "severity", "default"),
    *TEXTS,
    *("needs_graph", "autofix", "terraform", "cloudformation", "peers", "compliance"),
}
OPTIONAL = {"passes_when", "clarification", "params", "supersedes"}
PEERS = {
    *("checkov", "trivy", "terrascan", "cfn_nag", "guard"),
    *("regula", "prowler", "tflint", "semgrep"),
}
COMPLIANCE = {"security_hub", "cis_aws", "nist_800_53_r5", "pci_dss", "aws_config"}


def test_no_entry_is_of_a_check_that_stands() -> None:
    """An entry is removed when its check lands: the check's file then says all of it."""
    loaded, _ = load([builtin_folder()])
    assert loaded
    entries = catalogue()
    assert {entry["code"] for entry in entries} & {one.info.code for one in loaded} == set()
    assert {entry["name"] for entry in entries} & {one.info.name for one in loaded} == set()


def test_codes_and_names_are_unique() -> None:
    for key in ("code", "name"):
        values = [entry[key] for entry in catalogue()]
        assert len(values) == len(set(values))


def test_each_entry_has_what_a_check_is_written_from() -> None:
    wrong = {entry.get("code"): flaws for entry in catalogue() if (flaws := list(_flaws(entry)))}
    assert wrong == {}


def _flaws(entry: dict[str, Any]) -> Iterator[str]:
    yield from (f"unknown key {key}" for key in entry.keys() - KEYS - OPTIONAL)
    if missing := KEYS - entry.keys():
        yield f"without {sorted(missing)}"
        return
    if not re.fullmatch(rf"{entry['family']}\d{{3}}", entry["code"]):
        yield "code and family differ"
    if entry["family"] not in TOPICS:
        yield "unknown family"
    if not re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", entry["name"]):
        yield "name is not in lower case with hyphens"
    if entry["severity"] not in list(Severity):
        yield "unknown severity"
    yield from (f"{key} is empty" for key in TEXTS if not str(entry[key]).strip())
    if not entry["summary"].endswith("."):
        yield "summary is no sentence"
    yield from (
        f"{key} is not true or false"
        for key in ("default", "autofix", "needs_graph")
        if not isinstance(entry[key], bool)
    )
    yield from _flaws_of_lists(entry)


def _flaws_of_lists(entry: dict[str, Any]) -> Iterator[str]:
    if not entry["terraform"] and not entry["cloudformation"]:
        yield "no type of a resource"
    types = {"terraform": r"[\w.]+", "cloudformation": r"AWS::\w+::\w+"}
    for language, pattern in types.items():
        yield from (f"type {t}" for t in entry[language] if not re.fullmatch(pattern, t))
    for key, known in (("peers", PEERS), ("compliance", COMPLIANCE)):
        if entry[key].keys() != known:
            yield f"{key} of {sorted(entry[key].keys() ^ known)}"
        yield from (
            f"{key}.{name} is no list of texts"
            for name, values in entry[key].items()
            if not isinstance(values, list) or not all(isinstance(v, str) for v in values)
        )
    if not isinstance(entry.get("params", {}), dict):
        yield "params are no defaults by name"
