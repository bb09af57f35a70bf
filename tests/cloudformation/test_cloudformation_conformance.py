"""The evaluator against cases whose result a test of another project states."""

from __future__ import annotations

import json
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

from iac_ec2lint.cloudformation.options import StackOptions
from iac_ec2lint.cloudformation.scope import StackScope
from iac_ec2lint.cloudformation.stack.stack import Stack
from iac_ec2lint.cloudformation.templates import Session, Templates
from iac_ec2lint.source.files import Files
from iac_ec2lint.values import Reference, Unknown, Val, Value, as_text

VECTORS = Path(__file__).parents[1] / "vectors" / "cloudformation.jsonl"

# What the evaluator cannot say, by case, with the reason. An entry that is no longer true fails.
UNKNOWN_TO_US: dict[str, str] = {}


def cases() -> list[dict[str, Any]]:
    return [json.loads(line) for line in VECTORS.read_text(encoding="utf-8").splitlines()]


def scenarios(stack: Stack, names: list[str]) -> list[dict[str, bool]]:
    """The combinations of truth values that conditions can have, as far as is known."""
    found: list[tuple[dict[str, bool], StackScope]] = [({}, stack.scope)]
    for name in names:
        further: list[tuple[dict[str, bool], StackScope]] = []
        for known, scope in found:
            answer = stack.decide(name, stack.template.root, scope)
            if any(cause.cause == "error" for cause in answer.causes):
                return []
            if answer.truth is not None:
                further.append(({**known, name: answer.truth}, scope))
                continue
            further += [
                ({**known, name: truth}, stack.assume(name, truth, scope))
                for truth in (True, False)
            ]
        found = further
    return [known for known, _ in found]


class Judge:
    """Compares one case with what its template comes to."""

    def __init__(self, case: dict[str, Any], folder: Path) -> None:
        self.case = case
        name = f"template.{case['format']}"
        text = case["template"]
        if case["kind"] == "scenarios":
            text += "\nAWSTemplateFormatVersion: '2010-09-09'\n"
        (folder / name).write_text(text, encoding="utf-8")
        given = {**case.get("parameters", {}), **case.get("pseudo", {})}
        parameters = {
            key: value if isinstance(value, str) else ",".join(value)
            for key, value in given.items()
        }
        files = Files(folder, folder)
        self.session = Session(Templates(files, StackOptions(parameters)), folder / name)
        self.unit = self.session.unit(None)
        self.stack: Stack | None = self.session.roots[0] if self.session.roots else None

    def verdicts(self) -> list[str]:
        if self.case["kind"] == "scenarios":
            return [self.combine(asked["given"], asked["want"]) for asked in self.case["scenarios"]]
        if self.case["kind"] == "transform":
            return self.transformed()
        found = [self.judge(p, want) for p, want in self.case.get("resolve", {}).items()]
        for path in (*self.case.get("unresolved", ()), *self.case.get("errors", ())):
            value = self.at(path)
            found.append("wrong" if isinstance(value, Value) else "right")
        for name, want in self.case.get("conditions", {}).items():
            assert self.stack is not None
            truth = self.stack.decide(name, self.stack.template.root, self.stack.scope).truth
            found.append("unknown" if truth is None else "right" if truth is want else "wrong")
        return found

    def combine(self, given: dict[str, bool | None], want: list[dict[str, bool]]) -> str:
        assert self.stack is not None
        found = [
            scenario
            for scenario in scenarios(self.stack, [*given])
            if all(given[name] in (None, truth) for name, truth in scenario.items())
        ]
        if sorted(map(sorted_items, found)) == sorted(map(sorted_items, want)):
            return "right"
        return "unknown" if all(one in found for one in want) else "wrong"

    def at(self, path: str) -> Val | None:
        _, section, name, *rest = path.split("/")
        assert section == "Resources"
        declared = next((d for d in self.unit.declarations if d.address == name), None)
        if declared is None:
            return None
        if rest == ["Type"]:
            return Value(declared.type, declared.span)
        value = declared.body.get(rest[1])
        for step in rest[2:]:
            if not isinstance(value, Value):
                return value
            if isinstance(value.data, tuple):
                value = value.data[int(step)]
            else:
                value = value.items().get(step)
        return value

    def judge(self, path: str, want: Any) -> str:
        return compare(self.at(path), want)

    def transformed(self) -> list[str]:
        expected = self.case.get("expect")
        if self.case.get("errors"):
            return ["right" if self.unit.diagnostics or not self.unit.declarations else "wrong"]
        if expected is None:
            assert self.stack is not None
            return ["right" if not self.unit.diagnostics else "wrong"]
        files = {f"template.{self.case['format']}": json.dumps(expected)}
        return self.against(files)

    def against(self, files: dict[str, str]) -> list[str]:
        """The template and the transformed one come to the same."""
        assert self.stack is not None
        ((name, text),) = files.items()
        folder = self.stack.place.files[0].parent / "expected"
        folder.mkdir()
        (folder / name).write_text(text, encoding="utf-8")
        other = Session(Templates(Files(folder, folder), self.stack.options), folder / name)
        theirs = {d.address: d for d in other.unit(None).declarations}
        ours = {d.address: d for d in self.unit.declarations}
        if ours.keys() != theirs.keys():
            return ["wrong"]
        found: list[str] = []
        for address, declared in theirs.items():
            for key in declared.body.names():
                want = declared.body.get(key)
                assert want is not None
                found.append(compare(ours[address].body.get(key), plain(want)))
        for name in {output.name for output in other.roots[0].outputs()}:
            want = other.roots[0].output(name)
            assert want is not None
            found.append(compare(self.stack.output(name), plain(want)))
        return found


def sorted_items(scenario: dict[str, bool]) -> list[tuple[str, bool]]:
    return sorted(scenario.items())


def plain(value: Val) -> Any:
    if isinstance(value, Reference):
        return {"$reference": f"{value.target}.{value.attribute}"}
    if isinstance(value, Unknown):
        return {"$unknown": True}
    if isinstance(value.data, tuple):
        return [plain(member) for member in value.data]
    if isinstance(value.data, dict):
        return {key: plain(member) for key, member in value.data.items()}
    if isinstance(value.data, bool | int | Decimal):
        return as_text(value).text
    return value.data


def compare(value: Val | None, want: Any) -> str:
    if want == {"$unknown": True}:
        return "wrong" if isinstance(value, Value) else "right"
    if isinstance(want, dict) and "$resource" in want:
        if not isinstance(value, Reference):
            return "wrong" if isinstance(value, Value) else "unknown"
        return "right" if (value.target, value.attribute) == (want["$resource"], "Ref") else "wrong"
    if want is None:
        return "right" if value is None or value.is_null else "wrong"
    if value is None:
        return "unknown"
    if isinstance(value, Unknown):
        return "right" if plain(value) == want else "unknown"
    if isinstance(want, bool | int | float):
        want = json.dumps(want)
    return "right" if normal(plain(value)) == normal(want) else "wrong"


def normal(data: Any) -> Any:
    if isinstance(data, list):
        return [normal(member) for member in data]
    if isinstance(data, dict):
        return {key: normal(member) for key, member in data.items()}
    return json.dumps(data) if isinstance(data, bool | int | float) else data


def test_no_value_is_wrong_and_nearly_all_are_right(tmp_path: Path) -> None:
    counts: Counter[str] = Counter()
    misses: list[str] = []
    for index, case in enumerate(cases()):
        folder = tmp_path / str(index)
        folder.mkdir()
        for verdict in Judge(case, folder).verdicts():
            counts[verdict] += 1
            if verdict != "right":
                misses.append(f"{verdict}: {case['id']}")
    unexplained = [miss for miss in misses if miss.split(": ")[1] not in UNKNOWN_TO_US]
    assert not [miss for miss in misses if miss.startswith("wrong")]
    assert not unexplained
    assert counts["right"] >= 137
    assert UNKNOWN_TO_US.keys() <= {miss.split(": ")[1] for miss in misses}
