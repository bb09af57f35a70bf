"""What holds of any text."""

from __future__ import annotations

import json
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.oracles.tree_sitter_parser import lower_file

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.json_syntax import BlockTypes, parse_json
from iac_ec2lint.hcl.parser import parse, parse_expression, parse_template
from iac_ec2lint.source.span import SourceText

pytestmark = pytest.mark.slow

VALID = """
terraform {
  required_version = ">= 1.5" # "quoted"
}

resource "aws_security_group" "web" {
  name_prefix = "${var.name}-${each.key == "a" ? "x" : "y"}"
  tags        = merge(local.tags, { Name = "é", (var.k) : [1, 2.5, -3] })

  dynamic "ingress" {
    for_each = { for k, v in var.rules : k => v... if v.open }
    content {
      from_port   = ingress.value.ports[0]
      cidr_blocks = var.cidrs.*.block[*].x
    }
  }

  user_data = <<-EOT
    #!/bin/sh
    %{ for h in hosts ~}
      echo "${h}" $${HOME} (
    %{ endfor ~}
  EOT
  count = (
    var.on
    && !var.off
  ) ? 1 : 0 /* inline */
  lifecycle { prevent_destroy = true }
}
locals {
  π = provider::aws::arn_parse(data.aws_x.y.arn).region
}
"""
VALID_JSON = json.dumps(
    {
        "//": "c",
        "resource": {"a": {"b": {"x": "é${c}\n", "l": [1, {"y": None}], "lifecycle": {}}}},
        "locals": [{"d": True}],
    }
)
TOKENS = [
    *"\"{}[]()=:?,.*#\\'!0aé \n\r\t\0\u0301\ufeff\u2028",
    *("${", "%{", "~}", "$$", "%%", "\\u", "/*", "*/", "<<", "<<E\nE\n", "<<-E\n", "\r\n"),
    *("...", "=>", "::", "[*]", ".*", "-1", "1e", "&&", "==", "for", "in", "if"),
]

edits = st.lists(
    st.tuples(
        st.sampled_from(["cut", "double", "insert", "half"]),
        st.floats(0, 1, exclude_max=True),
        st.integers(1, 30),
        st.sampled_from(TOKENS),
    ),
    max_size=4,
)


def edited(text: str, changes: list[tuple[str, float, int, str]]) -> str:
    for what, where, length, token in changes:
        at = int(where * (len(text) + 1))
        piece = text[at : at + length]
        if what == "cut":
            text = text[:at] + text[at + length :]
        elif what == "double":
            text = text[:at] + piece + text[at:]
        elif what == "insert":
            text = text[:at] + token + text[at:]
        else:
            text = text[:at]
    return text


def walk(body: tree.Body) -> list[tree.Node]:
    nodes: list[tree.Node] = []
    todo: list[object] = [*body.attributes.values(), *body.blocks]
    while todo:
        part = todo.pop()
        if isinstance(part, tree.Node):
            nodes.append(part)
            todo += part.fields()
        elif isinstance(part, tree.Body):
            todo += [*part.attributes.values(), *part.blocks]
        elif isinstance(part, tuple):
            todo += part
    return nodes


def assert_spans_are_true(file: tree.File) -> None:
    text = file.source.text
    for node in walk(file.body):
        assert 0 <= node.start <= node.end <= len(text)
        assert node.source is file.source
        if isinstance(node, tree.Attribute):
            assert text.startswith(node.name, node.start)
        elif isinstance(node, tree.Block):
            assert node.header.text.startswith(node.type)
            assert node.span.text.startswith(node.header.text)
        elif isinstance(node, tree.Variable):
            assert node.span.text == node.name
        elif isinstance(node, tree.GetAttribute):
            assert node.span.text.endswith(node.name)
        elif isinstance(node, tree.Template) and not node.heredoc and node.span.text[:1] == '"':
            assert node.span.text.endswith('"')
    for comment in file.comments:
        assert comment.text in comment.span.text


def test_the_text_under_edit_is_valid() -> None:
    file, problems = parse(SourceText("main.tf", VALID))
    assert problems == []
    assert_spans_are_true(file)
    assert {type(node) for node in walk(file.body)} >= {
        tree.Conditional, tree.Splat, tree.ForExpression, tree.TemplateFor, tree.FunctionCall,
    }  # fmt: skip
    assert lower_file(SourceText("main.tf", VALID)) == file.body


@settings(max_examples=400, deadline=None)
@given(edits)
@example([("half", 0.5, 1, "")])
def test_edited_text_is_read_or_reported_and_spans_are_true(
    changes: list[tuple[str, float, int, str]],
) -> None:
    text = edited(VALID, changes)
    file, problems = parse(SourceText("main.tf", text))
    assert_spans_are_true(file)
    assert file.partial == bool(problems)
    assert len(problems) <= 10
    for problem in problems:
        assert 1 <= problem.line <= text.count("\n") + 1
        assert "\n" not in problem.message
    if not problems:
        other = lower_file(file.source)
        assert other is None or other == file.body


@settings(max_examples=200, deadline=None)
@given(edits)
def test_edited_json_is_read_or_reported(changes: list[tuple[str, float, int, str]]) -> None:
    text = edited(VALID_JSON, changes)
    types: BlockTypes = {"resource": (2, {"lifecycle": (0, {})}), "locals": (0, {})}
    file, problems = parse_json(SourceText("main.tf.json", text), types)
    assert file.partial == bool(problems)
    for node in walk(file.body):
        assert 0 <= node.start <= node.end <= len(text)
    try:
        json.loads(text)
    except ValueError:
        assert problems != []


@settings(max_examples=200, deadline=None)
@given(st.lists(st.sampled_from([*TOKENS, "a", " ", "1"]), max_size=12).map("".join))
def test_any_tokens_as_expression_and_template(text: str) -> None:
    source = SourceText("a", f"<{text}>")
    for parse_part in (parse_expression, parse_template):
        node, problems = parse_part(source, 1, 1 + len(text))
        assert isinstance(node, tree.Broken) == bool(problems)
        assert 1 <= node.start <= node.end <= 1 + len(text)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=40))
def test_a_string_is_what_was_written(value: str) -> None:
    escaped = json.dumps(value, ensure_ascii=False).replace("${", "$${").replace("%{", "%%{")
    if "\\b" in escaped or "\\f" in escaped or "\x7f" in value or "\0" in value:
        return
    if "\\u" in escaped or "\ud800" <= max(value, default="") <= "\udfff":
        return
    file, problems = parse(SourceText("main.tf", f"a = {escaped}\n"))
    assert problems == []
    template = file.body.attributes["a"].expression
    assert isinstance(template, tree.Template)
    found = "".join(part.value for part in template.parts if isinstance(part, tree.Text))
    assert found == normalize("NFC", value)


def test_the_corpus_has_true_spans() -> None:
    root = Path(__file__).parents[2]
    for folder in ("tests/fixtures", "examples"):
        for path in sorted((root / folder).rglob("*.tf")):
            source = SourceText(path.name, path.read_bytes().decode("utf-8-sig"))
            assert_spans_are_true(parse(source)[0])
