"""The three parsers give one tree, offsets included."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from iac_ec2lint.hcl import parser_treesitter
from iac_ec2lint.hcl.parser import ParserName, parse
from iac_ec2lint.source.span import SourceText

ROOT = Path(__file__).parents[2]
VECTORS = ROOT / "tests" / "vectors"

# Valid text that python-hcl2 8.1 rejects. An entry that starts to work must be taken out.
UNREAD_BY_PYTHON_HCL2 = [
    "π = 1\n",
    "a = é\n",
    "a = f(b -12)\n",
    "a = !-6\n",
    'a = "$${"\n',
    'a = "%%{x"\n',
    "a = x::f(1)\n",
    "a = w::x::y::f(1)\n",
    'a = "${~ x ~}"\n',
    "a = <<_A\nx\n_A\n",
    "a = <<A\nx\n A \n",
    "a = /* c */ 1\n",
    "a /* c */ = 1\n",
    'b /* c */ "x" {\n}\n',
]
# Valid text of which tree-sitter-hcl 1.2 makes an error: the reader's tree stands there.
UNREAD_BY_TREE_SITTER = ["b {\n  a = 1e3\n}\n", "b {\n  a = <<É\nx\nÉ\n}\n"]

SNIPPETS = [
    "a = -12\n",
    "a = -1.5e3\n",
    "a = 2-1\n",
    'a = "%{ if x }y%{ else ~} z%{ endif }"\n',
    'a = "%{ for k, v in y }${k}%{ endfor }"\n',
    'a = "${f("}")}"\n',
    'a = "$$${x} $ % %%{y}"\n',
    "a = <<-A\n    ${x}\n\n  b\n  A\n",
    "a = <<A\r\n(x\r\n A\r\n",
    "a = <<A\nA\n",
    "a = <<A-B\nA-B x\n${y} A-B\nA-B\n",
    "a = x ? y : z ? b : c ? d : e\n",
    "a = x ? y ? b : c : d\n",
    "a = -x.y[0] + !z * 2 == b || c && d\n",
    "a = a - b - c\n",
    "a = a.0.b.*.c.1[2].d\n",
    "a = a.*.b[0].*.c\n",
    "a = a[*].b[*].c[0].*.d[1]\n",
    'a = a["b"]["c"].d\n',
    "a = (\n x\n + y\n ? z\n : b\n)\n",
    "a = {\n a = 1, b : 2 # c\n\n # d\n (c) = 3\n d.e = 4\n 5 = 6\n}\n",
    "a = { if = 1, in = 2, true = 3 }\n",
    "a = { for k, v in x : k => v... if v }\n",
    "a = [\n for v in x :\n v\n if v\n]\n",
    "a = [1,\n2, # c\n]\n",
    "a = f(\n x,\n y...\n)\n",
    "a = f(x,)[0].b\n",
    "a = provider::aws::arn_parse(x).y\n",
    "for = 1\nnull = null\nin = x.for.true\n",
    'a = "\\u00e9\\U0001F600\\"\\n\\\\"\n',
    'b "x" y {\n  c {}\n  d { e = "é" }\n  π = "añ${é}b"\n}\n',
    'a = 1\r\nb "c" {\r\n  d = <<-E\r\n    e\r\n   f\r\n  E\r\n}\r\n',
]


def corpus() -> Iterator[tuple[str, str]]:
    for folder in ("tests/fixtures", "examples"):
        for path in sorted((ROOT / folder).rglob("*.tf")):
            yield path.relative_to(ROOT).as_posix(), path.read_bytes().decode("utf-8-sig")


def vectors() -> Iterator[tuple[str, str]]:
    path = VECTORS / "hcl_syntax.jsonl"
    for line in path.read_text().splitlines():
        case = json.loads(line)
        texts = case.get("files") or {case.get("filename", "main.tf"): case["hcl"]}
        for name, text in texts.items():
            if case["expect"]["parses"] and not name.endswith(".json"):
                yield f"{case['id']} {name}", text
    path = VECTORS / "terraform_expressions.jsonl"
    for line in path.read_text().splitlines():
        case = json.loads(line)
        if case["kind"] == "expr":
            yield case["id"], f"b {{\n  a = {case['expr']}\n}}\n"


def assert_agree(name: str, text: str, parser: ParserName) -> None:
    reference, problems = parse(SourceText(name, text), "built-in")
    if problems:
        return
    other, problems = parse(SourceText(name, text), parser)
    if parser == "python-hcl2" and not text.isascii() and problems:
        return  # it knows no names beyond ASCII
    assert problems == []
    assert other.body == reference.body, name


@pytest.mark.parametrize("parser", ["tree-sitter", "python-hcl2"])
@pytest.mark.parametrize("text", SNIPPETS)
def test_snippets(text: str, parser: ParserName) -> None:
    for wrapped in (text, f"w {{\n{text}}}\n"):
        reference, problems = parse(SourceText("a.tf", wrapped), "built-in")
        assert problems == []
        assert reference.body.attributes or reference.body.blocks
        assert_agree("a.tf", wrapped, parser)


@pytest.mark.slow
@pytest.mark.parametrize("parser", ["tree-sitter", "python-hcl2"])
def test_fixtures_and_examples(parser: ParserName) -> None:
    for name, text in corpus():
        assert_agree(name, text, parser)


@pytest.mark.parametrize("parser", ["tree-sitter", "python-hcl2"])
def test_conformance_vectors(parser: ParserName) -> None:
    for name, text in vectors():
        assert_agree(name, text, parser)


@pytest.mark.parametrize("text", UNREAD_BY_PYTHON_HCL2)
def test_what_python_hcl2_cannot_read_is_an_error_that_says_so(text: str) -> None:
    assert parse(SourceText("a.tf", text), "built-in")[1] == []
    file, problems = parse(SourceText("a.tf", text), "python-hcl2")
    assert [(p.line, "python-hcl2 cannot read this" in p.message) for p in problems] == [(1, True)]
    assert file.body.attributes or file.body.blocks


def c_parser_accepts(text: str) -> bool:
    parser = parser_treesitter.c_parser()
    assert parser is not None
    return not parser.parse(text.encode()).root_node.has_error


@pytest.mark.parametrize("text", UNREAD_BY_TREE_SITTER)
def test_what_tree_sitter_cannot_read_the_reader_does(text: str) -> None:
    assert not c_parser_accepts(text)
    assert_agree("a.tf", text, "tree-sitter")


def test_tree_sitter_reads_all_other_snippets_itself() -> None:
    assert [text for text in SNIPPETS if not c_parser_accepts(text)] == []
