"""Conformance cases of CloudFormation as templates, and what ``values`` says of them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.values import evaluate
from iac_ec2lint.report.answers.values_report import render

Case = dict[str, Any]
Values = dict[str, dict[str, Any]]
ABSENT = {"$absent": True}


class NotRunnable(Exception):  # noqa: N818 - it is no error
    """Why a case cannot be asked through ``values``."""


def values_of(file: Path, case: Case) -> tuple[Values, list[str]]:
    """What ``values --all`` says of a template, read back from the JSON; and the errors."""
    given = {**case.get("parameters", {}), **case.get("pseudo", {})}
    parameters = tuple(
        f"{name}={value if isinstance(value, str) else ','.join(value)}"
        for name, value in given.items()
    )
    inputs = Inputs(paths=(file,), working=file.parent, boundary=file.parent, parameters=parameters)
    valuation = evaluate(inputs, everything=True)
    document = json.loads(render(valuation))
    values: Values = document["units"][0]["values"] if document["units"] else {}
    return values, [error.message for error in valuation.errors]


def at(values: Values, path: str) -> Any:
    """What stands at a JSON pointer: JSON with its marks, or ``ABSENT``."""
    _, section, logical_id, *rest = path.split("/")
    assert section == "Resources"
    shown = values.get(f"{logical_id}.{rest[1]}")
    if shown is None:
        return ABSENT
    if "value" not in shown:
        return {"$unknown": shown.get("unknown") or shown["error"]}
    found = shown["value"]
    for step in rest[2:]:
        if isinstance(found, list):
            found = found[int(step)]
        elif isinstance(found, dict) and "$unknown" not in found and "$resource" not in found:
            found = found.get(step, ABSENT)
    return found


def is_concrete(data: Any) -> bool:
    marks = {"$absent", "$unknown", "$resource"}
    return not (isinstance(data, dict) and marks & data.keys()) and data is not None


def compare(got: Any, want: Any) -> str:
    """``right``, ``unknown`` or ``wrong``."""
    if want == {"$unknown": True}:
        return "wrong" if is_concrete(got) else "right"
    if isinstance(want, dict) and "$resource" in want:
        if got == {"$resource": want["$resource"], "attribute": "Ref"}:
            return "right"
        return "wrong" if is_concrete(got) or "$resource" in got else "unknown"
    if want is None:
        return "wrong" if is_concrete(got) else "right"
    if normal(got) == normal(want):
        return "right"
    return "wrong" if is_concrete(got) else "unknown"


def normal(data: Any) -> Any:
    """Numbers and bools as their text, which CloudFormation takes for the same."""
    if isinstance(data, list):
        return [normal(member) for member in data]
    if isinstance(data, dict):
        return {key: normal(member) for key, member in data.items()}
    return json.dumps(data) if isinstance(data, bool | int | float) else data


def judge(case: Case, place: Path) -> list[str]:
    """The verdicts on all that a case states.

    Raises:
        NotRunnable: It cannot be asked through ``values``.
    """
    if case["kind"] == "scenarios":
        raise NotRunnable("it asks how conditions go together")
    if "expect_at" in case:
        raise NotRunnable("it states what is written, not what it comes to")
    file = place / f"template.{case['format']}"
    file.write_text(case["template"], encoding="utf-8")
    values, errors = values_of(file, case)
    if case["kind"] == "transform":
        return judge_transform(case, place, values, errors)
    found = [
        compare(at(values, path), want)
        for path, want in case.get("resolve", {}).items()
        if not path.endswith("/Type")  # that of a resource, which is no property
    ]
    found.extend(
        "wrong" if is_concrete(at(values, path)) else "right"
        for path in (*case.get("unresolved", ()), *case.get("errors", ()))
    )
    for name, want in case.get("conditions", {}).items():
        found.append(compare(values[f"Conditions.{name}"].get("value"), want))
    return found


def judge_transform(case: Case, place: Path, values: Values, errors: list[str]) -> list[str]:
    """The template comes to what the transformed one comes to."""
    if case.get("errors"):
        return ["right" if errors or not values else "wrong"]
    other = place / "expected" / f"template.{case['format']}"
    other.parent.mkdir()
    other.write_text(json.dumps(case["expect"]), encoding="utf-8")
    expected, _ = values_of(other, case)
    if expected.keys() != values.keys():
        return ["wrong"]
    return [
        "right" if normal(values[name].get("value")) == normal(shown.get("value")) else "wrong"
        for name, shown in expected.items()
    ]
