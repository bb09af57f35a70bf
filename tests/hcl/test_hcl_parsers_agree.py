"""The strict reader, python-hcl2 and tree-sitter give one tree, offsets included."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.invariance.corpus import in_turn
from tests.oracles.tree_sitter_parser import lower_file

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

Parser = Callable[[str, str], tree.Body | None]

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
VECTORS_UNREAD_BY_PYTHON_HCL2 = [  # a name beyond ASCII
    "tf-file/valid-files/locals.tf locals.tf: unread"
]
# Valid text of which tree-sitter-hcl 1.2 makes an error. An entry that it reads must be taken out.
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


def by_strict_reader(name: str, text: str) -> tree.Body | None:
    file, problems = parse(SourceText(name, text))
    return None if problems else file.body


def by_python_hcl2(name: str, text: str) -> tree.Body | None:
    file, problems = parse(SourceText(name, text), "python-hcl2")
    return None if problems else file.body


def by_tree_sitter(name: str, text: str) -> tree.Body | None:
    return lower_file(SourceText(name, text))


others = pytest.mark.parametrize("other", [by_python_hcl2, by_tree_sitter])


def disagreement(name: str, text: str, other: Parser) -> str:
    """What differs between the trees of a text; empty where nothing does."""
    ours = by_strict_reader(name, text)
    if ours is None:
        return ""
    theirs = other(name, text)
    if theirs is None:
        return f"{name}: unread"
    return "" if theirs == ours else f"{name}: another tree"


@others
@pytest.mark.parametrize("text", SNIPPETS)
def test_snippets(text: str, other: Parser) -> None:
    for wrapped in (text, f"w {{\n{text}}}\n"):
        ours = by_strict_reader("a.tf", wrapped)
        assert ours is not None
        assert ours.attributes or ours.blocks
        unread = other is by_python_hcl2 and not text.isascii()  # it knows no names beyond ASCII
        expected = "a.tf: unread" if unread else ""
        assert disagreement("a.tf", wrapped, other) == expected


@pytest.mark.slow
@others
def test_fixtures_and_examples(other: Parser) -> None:
    files = [(name, text) for name, text in corpus() if in_turn(name, 3)]
    assert len(files) >= 100
    assert [found for name, text in files if (found := disagreement(name, text, other))] == []


@others
def test_conformance_vectors(other: Parser) -> None:
    found = [found for name, text in vectors() if (found := disagreement(name, text, other))]
    assert found == (VECTORS_UNREAD_BY_PYTHON_HCL2 if other is by_python_hcl2 else [])


@pytest.mark.parametrize("text", UNREAD_BY_PYTHON_HCL2)
def test_what_python_hcl2_cannot_read_is_an_error_that_says_so(text: str) -> None:
    assert by_strict_reader("a.tf", text) is not None
    file, problems = parse(SourceText("a.tf", text), "python-hcl2")
    assert [(p.line, "python-hcl2 cannot read this" in p.message) for p in problems] == [(1, True)]
    assert file.body.attributes or file.body.blocks


@pytest.mark.parametrize("text", UNREAD_BY_TREE_SITTER)
def test_what_tree_sitter_cannot_read(text: str) -> None:
    assert disagreement("a.tf", text, by_tree_sitter) == "a.tf: unread"


@pytest.mark.slow
def test_a_text_that_is_read_again_gives_the_same_tree() -> None:
    for name, text in corpus():
        assert by_strict_reader(name, text) == by_strict_reader(name, text)
