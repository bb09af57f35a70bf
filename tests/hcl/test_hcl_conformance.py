"""The conformance vectors of HCL's syntax, for the default parser."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.each import of_each

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.json_syntax import parse_json
from iac_ec2lint.hcl.parser import parse, parse_expression, parse_template
from iac_ec2lint.source.diagnostic import Diagnostic
from iac_ec2lint.source.span import SourceText

VECTORS = Path(__file__).parents[1] / "vectors"

KINDS: dict[str, type[tree.Node] | tuple[type[tree.Node], ...]] = {
    "literal": tree.Literal,
    "template": tree.Template,
    "template_wrap": tree.Template,
    "traversal": (tree.Variable, tree.GetAttribute, tree.Index),
    "index": tree.Index,
    "call": tree.FunctionCall,
    "for": tree.ForExpression,
}


def cases(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (VECTORS / name).read_text().splitlines()]


def name(case: dict[str, Any]) -> object:
    return case["id"]


def read(case: dict[str, Any]) -> tuple[list[tree.File], list[Diagnostic]]:
    texts = case.get("files") or {case.get("filename", "main.tf"): case["hcl"]}
    files: list[tree.File] = []
    problems: list[Diagnostic] = []
    for name, text in texts.items():
        if name.endswith(".json"):
            file, found = parse_json(SourceText(name, text), {})
        elif name.endswith(".tf"):
            file, found = parse(SourceText(name, text))
        else:
            continue
        files.append(file)
        problems += found
    return files, problems


@of_each(cases("hcl_syntax.jsonl"), name)
def test_what_parses_parses_and_what_does_not_is_reported(case: dict[str, Any]) -> None:
    expect = case["expect"]
    _, problems = read(case)
    assert (problems == []) == expect["parses"], problems
    if not expect["parses"]:
        wanted = [(d["line"], d["column"]) for d in expect.get("diagnostics", []) if "column" in d]
        assert [(p.line, p.column) for p in problems][: len(wanted)] == wanted


@of_each(cases("hcl_syntax.jsonl"), name)
def test_structure(case: dict[str, Any]) -> None:
    if case["kind"] != "parse" or not case["expect"]["valid"]:
        return
    files, _ = read(case)
    assert_body(files[0].body, case["expect"])


def assert_body(body: tree.Body, expect: dict[str, Any]) -> None:
    assert set(body.attributes) == set(expect["attributes"])
    for name, wanted in expect["attributes"].items():
        attribute = body.attributes[name]
        expression = attribute.expression
        assert attribute.span.line == wanted["line"]
        assert isinstance(expression, KINDS[wanted["expr"]])
        if isinstance(expression, tree.Literal):
            assert expression.value == wanted["value"]
        if isinstance(expression, tree.FunctionCall):
            assert expression.name == wanted["name"]
        if wanted["expr"] == "template":
            assert isinstance(expression, tree.Template)
            texts = [part.value for part in expression.parts if isinstance(part, tree.Text)]
            assert texts == wanted["parts"]
        if wanted["expr"] == "template_wrap":
            assert isinstance(expression, tree.Template)
            assert [type(part) for part in expression.parts] == [tree.Interpolation]
    found = [(block.type, list(block.labels), block.span.line) for block in body.blocks]
    assert found == [(b["type"], b["labels"], b["line"]) for b in expect["blocks"]]
    for block, wanted in zip(body.blocks, expect["blocks"], strict=True):
        assert_body(block.body, wanted)


@of_each(cases("terraform_expressions.jsonl"), name)
def test_expressions_and_templates_that_have_a_value_parse(case: dict[str, Any]) -> None:
    if case.get("want_error"):
        return
    if case["kind"] == "template":
        source = SourceText("a.tftpl", case["expr"])
        assert parse_template(source, 0, len(source.text))[1] == []
    elif case["kind"] == "expr":
        source = SourceText("a.tf", case["expr"] + "\n")
        assert parse_expression(source, 0, len(source.text))[1] == []
