"""Conformance cases of Terraform as folders, and what ``values`` says of them."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from pathlib import Path
from typing import Any

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.values import evaluate
from iac_ec2lint.hcl.parser import parse_expression
from iac_ec2lint.report.answers.values_report import render
from iac_ec2lint.source.files import Files
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.terraform.language.scope import Evaluation, NoNames, Scope
from iac_ec2lint.terraform.language.type_expressions import parse_type
from iac_ec2lint.terraform.language.types import ObjectOf, Type

Case = dict[str, Any]
UNKNOWN = {"$unknown": True}
_CONVERT = re.compile(r"convert\((local\.v), (.*)\)", re.DOTALL)


class NotRunnable(Exception):  # noqa: N818 - it is no error
    """Why a case cannot be asked through ``values``."""


def values_of(
    place: Path, *, everything: bool = False, **more: Any
) -> tuple[dict[str, dict[str, Any]], list[str]]:
    """What ``values`` says of a folder: its one unit, read back from the JSON; and the errors."""
    inputs = Inputs(paths=(place,), working=place, **{"boundary": place, **more})
    valuation = evaluate(inputs, everything=everything)
    document = json.loads(render(valuation))
    (unit,) = document["units"]
    return unit["values"], [error.message for error in valuation.errors]


class Folder:
    """The files that a case becomes."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self._lines: list[str] = []
        self._bound: dict[str, str] = {}
        self._made = 0

    def run(self, case: Case) -> Any:
        """What ``local.x`` comes to: JSON, ``{"$unknown"}`` or ``{"$error"}``."""
        for name, text in (case.get("files") or {}).items():
            self.write(name, text)
        types = case.get("var_types") or {}
        given = case.get("vars") or {}
        if case["kind"] == "template":
            arguments = ", ".join(
                f"{name} = {self.expression(value, self.type(types.get(name)))}"
                for name, value in given.items()
            )
            self.write("template.tmpl", case["expr"])
            text = f'templatefile("template.tmpl", {{ {arguments} }})'
        else:
            for root, value in given.items():
                self.give(root, value, self.type(types.get(root)))
            text = self.text(case)
        self._lines.append(f"locals {{\n  x = {text}\n}}\n")
        self.write("main.tf", "\n".join(self._lines))
        values, errors = values_of(self.place)
        if "local.x" not in values:
            assert errors, "nothing is wrong, and local.x is not there"
            return {"$error": errors[0]}
        return came_to(values["local.x"])

    def text(self, case: Case) -> str:
        if re.search(r"\b(?:var|local)\b(?! *[.\[])", case["expr"]) and case.get("vars"):
            raise NotRunnable("a root alone is no reference in Terraform")
        converted = _CONVERT.fullmatch(case["expr"])
        if converted is not None:
            return self.through(converted[1], converted[2])
        text: str = case["expr"].strip("\n")
        for name, value in self._bound.items():
            text = f"[for {name} in [{value}] : {text}\n][0]"
        return text

    def write(self, name: str, text: str) -> None:
        path = self.place / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="")

    def type(self, text: str | None) -> Type | None:
        if text is None:
            return None
        source = SourceText("type", text)
        node, problems = parse_expression(source, 0, len(text))
        assert not problems
        files = Files(self.place, self.place)
        scope = Scope(Evaluation(files, self.place, {}), NoNames(self.place), {})
        return parse_type(node, scope)

    def give(self, root: str, value: Any, kind: Type | None) -> None:
        """Declare what an expression refers to."""
        kinds = kind.attributes if isinstance(kind, ObjectOf) else {}
        if root == "local":
            for name, member in value.items():
                text = self.expression(member, kinds.get(name))
                self._lines.append(f"locals {{\n  {name} = {text}\n}}\n")
        elif root == "var":
            for name, member in value.items():
                self.variable(name, member, kinds.get(name))
        elif "_" in root and is_resources(value):
            for name, arguments in value.items():
                lines = [f"  {k} = {self.expression(v, None)}" for k, v in arguments.items()]
                block = "\n".join(lines)
                self._lines.append(f'resource "{root}" "{name}" {{\n{block}\n}}\n')
        else:
            # No reference of Terraform's: a name that a "for" around the expression binds.
            self._bound[root] = self.expression(value, kind)

    def variable(self, name: str, value: Any, kind: Type | None) -> None:
        lines = [] if kind is None else [f"  type = {kind}"]
        if value != UNKNOWN:
            # Given, since a default might be set to something else.
            with (self.place / "terraform.tfvars").open("a", encoding="utf-8", newline="") as file:
                file.write(f"{name} = {literal(value)}\n")
        body = "\n".join(lines)
        self._lines.append(f'variable "{name}" {{\n{body}\n}}\n')

    def expression(self, value: Any, kind: Type | None) -> str:
        """An expression of a type that comes to a value."""
        if kind is None:
            return self.untyped(value)
        if value == UNKNOWN or not holds_unknown(value):
            self._made += 1
            self.variable(f"given{self._made}", value, kind)
            return f"var.given{self._made}"
        return self.through(self.untyped(value), str(kind))

    def through(self, text: str, kind: str) -> str:
        """An expression converted as an argument of a module is."""
        self._made += 1
        name = f"typed{self._made}"
        declared = f'variable "v" {{\n  type = {kind}\n}}\noutput "v" {{\n  value = var.v\n}}\n'
        self.write(f"{name}/main.tf", declared)
        self._lines.append(f'module "{name}" {{\n  source = "./{name}"\n  v = {text}\n}}\n')
        return f"module.{name}.v"

    def untyped(self, value: Any) -> str:
        if value == UNKNOWN:
            self._made += 1
            self._lines.append(f'variable "given{self._made}" {{}}\n')
            return f"var.given{self._made}"
        if isinstance(value, dict) and set(value) == {"$set"}:
            return f"toset({self.untyped(value['$set'])})"
        if isinstance(value, dict) and set(value) != {"$number"}:
            members = (f"{literal(k)} = {self.untyped(v)}" for k, v in value.items())
            return f"{{ {', '.join(members)} }}"
        if isinstance(value, list):
            return f"[{', '.join(self.untyped(v) for v in value)}]"
        return literal(value)


def literal(value: Any) -> str:
    """A constant as HCL; a set as the list that its type makes one."""
    if isinstance(value, str):
        escaped = json.dumps(value, ensure_ascii=False)
        return escaped.replace("${", "$${").replace("%{", "%%{").replace("\\u007f", "\x7f")
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        if set(value) == {"$set"}:
            return literal(value["$set"])
        if set(value) == {"$number"}:
            return str(value["$number"])
        return f"{{ {', '.join(f'{literal(k)} = {literal(v)}' for k, v in value.items())} }}"
    return json.dumps(value)


def is_resources(value: Any) -> bool:
    """Whether it is names and what the resources of those names have."""
    if not isinstance(value, dict) or value == UNKNOWN:
        return False
    return bool(value) and all(isinstance(member, dict) for member in value.values())


def holds_unknown(value: Any) -> bool:
    if isinstance(value, dict):
        return value == UNKNOWN or any(map(holds_unknown, value.values()))
    return isinstance(value, list) and any(map(holds_unknown, value))


def came_to(shown: dict[str, Any]) -> Any:
    """What ``values`` says, in the cases' terms."""
    if "error" in shown:
        return {"$error": shown["error"]}
    return UNKNOWN if "unknown" in shown else plain(shown["value"])


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "$unknown" in value or "$resource" in value:
            return UNKNOWN
        if set(value) == {"$number"}:
            return Decimal(value["$number"])
        return {k: plain(v) for k, v in value.items()}
    return [plain(v) for v in value] if isinstance(value, list) else value


def same(want: Any, got: Any) -> bool:
    """Whether two values are equal: sets without order, ``true`` no number."""
    if isinstance(want, dict) and set(want) == {"$number"}:
        want = Decimal(want["$number"])
    if isinstance(want, dict):
        if not isinstance(got, dict) or want.keys() != got.keys():
            return False
        if set(want) == {"$set"}:
            return same_elements(want["$set"], got["$set"])
        return all(same(want[k], got[k]) for k in want)
    if isinstance(want, list):
        return isinstance(got, list) and len(want) == len(got) and all(map(same, want, got))
    if isinstance(want, bool) or isinstance(got, bool):
        return want is got
    if isinstance(want, float) and isinstance(got, Decimal):
        return want == float(got)
    return (type(want) is type(got) and bool(want == got)) or is_number(want, got)


def is_number(want: Any, got: Any) -> bool:
    numbers = (int, float, Decimal)
    return isinstance(want, numbers) and isinstance(got, numbers) and Decimal(str(want)) == got


def same_elements(want: list[Any], got: list[Any]) -> bool:
    rest = list(got)
    for one in want:
        at = next((i for i, other in enumerate(rest) if same(one, other)), None)
        if at is None:
            return False
        del rest[at]
    return not rest


def unknown_where_known(want: Any, got: Any) -> bool:
    """Whether ``got`` is ``want`` as far as it says anything."""
    if got == UNKNOWN:
        return True
    if isinstance(want, dict) and isinstance(got, dict) and want.keys() == got.keys():
        return all(unknown_where_known(want[k], got[k]) for k in want)
    if isinstance(want, list) and isinstance(got, list) and len(want) == len(got):
        return all(map(unknown_where_known, want, got))
    return same(want, got)


def judge(case: Case, place: Path) -> tuple[str, Any]:
    """``right``, ``unknown`` or ``wrong``, and what it came to.

    Raises:
        NotRunnable: It cannot be asked through ``values``.
    """
    if case["kind"] in ("type", "type_constraint"):
        raise NotRunnable("a type is no value")
    if case.get("functions"):
        raise NotRunnable("it has functions of its own")
    if case["kind"] == "module":
        return judge_module(case, place)
    got = Folder(place).run(case)
    failed = isinstance(got, dict) and "$error" in got
    if case["want_error"]:
        return ("right" if failed else "unknown" if got == UNKNOWN else "wrong"), got
    if failed:
        return "unknown", got
    if same(case["want"], got):
        return "right", got
    return ("unknown" if unknown_where_known(case["want"], got) else "wrong"), got


def judge_module(case: Case, place: Path) -> tuple[str, Any]:
    folder = Folder(place)
    for name, text in case["files"].items():
        folder.write(name, text)
    root = place / case.get("root", ".")
    values, _ = values_of(
        root,
        everything=True,
        boundary=place,
        variables=tuple((case.get("variables") or {}).items()),
        var_files=tuple(root / name for name in case.get("tfvars") or ()),
    )
    for kind, count in case["instances"].items():
        found = {address for name in values if (address := address_of(name, kind))}
        if len(found) != count:
            return "wrong", (kind, sorted(found))
    for check in case.get("checks") or ():
        got = read(values, check)
        if got != UNKNOWN and not same(check["want"], got):
            return "wrong", (check, got)
        if got == UNKNOWN:
            return "unknown", check
    return "right", None


def address_of(name: str, kind: str) -> str | None:
    """The address of a resource instance of a type that a name begins with."""
    found = re.match(rf"((?:module\.[\w-]+(?:\[[^\]]*\])?\.)*{kind}\.[\w-]+(?:\[[^\]]*\])?)", name)
    return found[1] if found else None


def read(values: dict[str, dict[str, Any]], check: dict[str, Any]) -> Any:
    kind = check["address"].removesuffix("[*]")
    argument = check.get("blocks") or check["path"][0]
    name = next(n for n in values if n.startswith(kind) and n.rpartition(".")[2] == argument)
    got = came_to(values[name])
    if "blocks" in check:
        found = [block[check["attribute"]] for block in got]
        return check["want"] if same_elements(check["want"], found) else found
    for step in check["path"][1:]:
        got = got[step]
    return got


def read_cases(path: Path) -> list[Case]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
