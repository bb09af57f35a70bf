"""Runs conformance vectors through the evaluator; used by the tests, and by hand."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

from iac_ec2lint.declaration import Declaration, Section
from iac_ec2lint.hcl.parser import parse_expression, parse_template
from iac_ec2lint.hcl.tree import Broken
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.terraform.functions import calls
from iac_ec2lint.terraform.language import expressions
from iac_ec2lint.terraform.language.containers import List, Set
from iac_ec2lint.terraform.language.conversion import Mismatch, convert
from iac_ec2lint.terraform.language.scope import Evaluation, NoNames, Scope
from iac_ec2lint.terraform.language.templates import evaluate_template
from iac_ec2lint.terraform.language.type_expressions import TypeProblem, parse_type
from iac_ec2lint.terraform.language.types import ANY, ObjectOf, SetOf, Type
from iac_ec2lint.terraform.options import RootModuleOptions
from iac_ec2lint.terraform.unit import Modules, open_unit
from iac_ec2lint.values import Unknown, Val, Value

Case = dict[str, Any]
UNKNOWN = {"$unknown": True}
assert calls
assert expressions


def span() -> Span:
    return SourceText("vars", "x").span(0, 1)


def from_json(data: Any) -> Val:
    """A value that a case gives for a variable."""
    if isinstance(data, dict):
        if data == UNKNOWN:
            return Unknown("given", "expression", span())
        if set(data) == {"$set"}:
            elements = [from_json(e) for e in data["$set"]]
            return convert(Value(tuple(elements), span()), SetOf(ANY))
        if set(data) == {"$number"}:
            return Value(Decimal(data["$number"]), span())
        return Value({k: from_json(v) for k, v in data.items()}, span())
    if isinstance(data, list):
        return Value(tuple(from_json(e) for e in data), span())
    if isinstance(data, float):
        return Value(Decimal(repr(data)), span())
    return Value(data, span())


def to_json(value: Val | None) -> Any:
    """What a value is in the vectors' terms."""
    if value is None:
        return None
    if isinstance(value, Unknown):
        return {"$error": value.reason} if value.cause == "error" else UNKNOWN
    data = value.data
    if isinstance(data, List | Set) and data.open:
        return UNKNOWN
    if isinstance(data, Set):
        return {"$set": [to_json(e) for e in data]}
    if isinstance(data, tuple):
        return [to_json(e) for e in data]
    if isinstance(data, dict):
        return {k: to_json(v) for k, v in data.items()}
    return data


def same(want: Any, got: Any) -> bool:
    if isinstance(want, dict) and isinstance(got, dict):
        if set(want) == {"$set"} and set(got) == {"$set"}:
            left = sorted(map(repr, want["$set"]))
            return left == sorted(map(repr, got["$set"])) or _same_sets(want["$set"], got["$set"])
        return want.keys() == got.keys() and all(same(want[k], got[k]) for k in want)
    if isinstance(want, list) and isinstance(got, list):
        return len(want) == len(got) and all(map(same, want, got))
    if isinstance(want, dict) and set(want) == {"$number"}:
        want = Decimal(want["$number"])
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, float):
        want = Decimal(repr(want))
        if isinstance(got, Decimal):
            return want == got or float(want) == float(got)
    return bool(want == got)


def _same_sets(want: list[Any], got: list[Any]) -> bool:
    rest = list(got)
    for one in want:
        found = next((r for r in rest if same(one, r)), None)
        if found is None and None not in rest:
            return False
        if found is None and one is not None:
            return False
        rest.remove(found)
    return not rest


class Runner:
    """Runs cases, each with its files in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.count = 0

    def run(self, case: Case) -> tuple[str, Any]:
        """``right``, ``unknown`` or ``wrong``, and what it came to."""
        kind = case["kind"]
        if kind == "module":
            return self.module(case)
        if kind in ("type", "type_constraint"):
            return self.type(case)
        return self.expression(case)

    def place(self, case: Case) -> Path:
        self.count += 1
        place = self.folder / str(self.count)
        place.mkdir()
        for name, text in (case.get("files") or {}).items():
            path = place / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, newline="")
        return place

    def scope(self, case: Case) -> Scope:
        place = self.place(case)
        evaluation = Evaluation(Files(place, place), place, {})
        scope = Scope(evaluation, NoNames(place), {})
        types = case.get("var_types") or {}
        for name, data in (case.get("vars") or {}).items():
            value = from_json(data)
            if name in types:
                value = fit(value, self.read_type(types[name], scope))
            scope.names[name] = value
        return scope

    @staticmethod
    def read_type(text: str, scope: Scope) -> Type:
        source = SourceText("type", text)
        node, problems = parse_expression(source, 0, len(text))
        assert not problems, problems
        return parse_type(node, scope)

    def type(self, case: Case) -> tuple[str, Any]:
        scope = self.scope(case)
        source = SourceText("expr", case["expr"])
        node, problems = parse_expression(source, 0, len(source.text))
        got: str | None = None
        if not problems:
            try:
                constraint = case["kind"] == "type_constraint"
                got = str(parse_type(node, scope, constraint=constraint, defaults=False))
            except TypeProblem:
                got = None
        if case["want_error"]:
            return ("right" if got is None else "wrong"), got
        return ("right" if got == case["want"] else "wrong"), got

    def expression(self, case: Case) -> tuple[str, Any]:
        scope = self.scope(case)
        source = SourceText("expr", case["expr"])
        if case["kind"] == "template":
            template, problems = parse_template(source, 0, len(source.text))
            if problems or isinstance(template, Broken):
                return ("right" if case["want_error"] else "unknown"), problems[0].message
            value = evaluate_template(template, scope)
        else:
            node, problems = parse_expression(source, 0, len(source.text))
            if problems:
                return ("right" if case["want_error"] else "unknown"), problems[0].message
            value = evaluate(node, scope)
        failed = bool(scope.evaluation.reported.found)
        got = to_json(value)
        if case["want_error"]:
            if failed:
                return "right", got
            return ("unknown" if got == UNKNOWN else "wrong"), got
        if failed:
            return "unknown", [d.message for d in scope.evaluation.reported.found]
        want = case["want"]
        if same(want, got):
            return "right", got
        return ("unknown" if _holds(want, got) else "wrong"), got

    def module(self, case: Case) -> tuple[str, Any]:
        place = self.place(case)
        root = place / case.get("root", ".")
        types = set(case["instances"]) | {"aws_instance"}
        wanted = frozenset(types)
        options = RootModuleOptions(variables=tuple((case.get("variables") or {}).items()))
        context = open_unit(root, Modules(Files(place, place), options), wanted)
        unit = context.unit
        for kind, count in case["instances"].items():
            found = [d for d in unit.declarations if d.type == kind]
            if len(found) != count:
                return "wrong", (kind, len(found), unit.diagnostics)
        for check in case.get("checks") or []:
            declared = _at(unit.declarations, check["address"])
            got = _read(declared.body, check)
            if not same(check["want"], got):
                return "wrong", (check, got, unit.diagnostics)
        return "right", None


def _at(declarations: list[Declaration], address: str) -> Declaration:
    if address.endswith("[*]"):
        stem = address.removesuffix("[*]")
        return next(d for d in declarations if d.address.startswith(stem))
    return next(d for d in declarations if d.address == address)


def _read(body: Section, check: dict[str, Any]) -> Any:
    if "blocks" in check:
        got = [to_json(s.get(check["attribute"])) for s in body.sections(check["blocks"])]
        want = check["want"]
        return want if _same_sets(want, got) else got
    path = check["path"]
    got = to_json(body.get(path[0]))
    for step in path[1:]:
        got = got[step]
    return got


def fit(value: Val, kind: Type) -> Val:
    """A value as one of a type that describes it exactly, unknown parts included."""
    if isinstance(kind, ObjectOf) and isinstance(value, Value) and isinstance(value.data, dict):
        members = {
            name: fit(member, kind.attributes[name]) if name in kind.attributes else member
            for name, member in value.data.items()
        }
        return Value(members, value.span)
    return convert(value, kind)


def evaluate(node: Any, scope: Scope) -> Val:
    """An expression; ``convert(value, type)`` is a function of the vectors' own."""
    if getattr(node, "name", "") == "convert" and hasattr(node, "arguments"):
        value = scope.evaluate(node.arguments[0])
        try:
            return convert(value, parse_type(node.arguments[1], scope))
        except (Mismatch, TypeProblem) as problem:
            return scope.error(node.span, str(problem))
    return scope.evaluate(node)


def _holds(want: Any, got: Any) -> bool:
    """Whether ``got`` is ``want``, as far as it is known."""
    if got == UNKNOWN:
        return True
    if isinstance(want, dict) and isinstance(got, dict) and want.keys() == got.keys():
        return all(_holds(want[k], got[k]) for k in want)
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        return all(map(_holds, want, got))
    return same(want, got)


def read_cases(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text().splitlines()]
