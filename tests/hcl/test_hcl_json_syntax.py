"""The JSON syntax: the bodies and expressions that the native syntax has."""

from __future__ import annotations

import pytest

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.json_syntax import BlockTypes, parse_json
from iac_ec2lint.source.span import SourceText

LIFECYCLE: BlockTypes = {"lifecycle": (0, {}), "ingress": (0, {}), "dynamic": (1, {})}
TYPES: BlockTypes = {"resource": (2, LIFECYCLE), "variable": (1, {}), "locals": (0, {})}

COMMENT = (
    'expected a key in double quotes, found a comment: JSON has none, a "//" property may stand '
    "for one"
)
TOO_LARGE = "'1e99999999999999999999' is beyond what a number can be"


def read(text: str) -> tree.File:
    file, problems = parse_json(SourceText("main.tf.json", text), TYPES)
    assert problems == []
    return file


def problems(text: str) -> list[tuple[int, int, str]]:
    file, found = parse_json(SourceText("main.tf.json", text), TYPES)
    assert file.partial == bool(found)
    return [(p.line, p.column, p.message) for p in found]


def test_blocks_with_labels() -> None:
    file = read(
        '{"resource": {"aws_vpc": {"a": {"cidr_block": "10.0.0.0/16"}, "b": {}},\n'
        ' "aws_eip": [{"c": {}}, {"d": [{"x": 1}, {"y": 2}]}]}, "variable": {"v": {}}}'
    )
    assert [(block.type, block.labels) for block in file.body.blocks] == [
        ("resource", ("aws_vpc", "a")),
        ("resource", ("aws_vpc", "b")),
        ("resource", ("aws_eip", "c")),
        ("resource", ("aws_eip", "d")),
        ("resource", ("aws_eip", "d")),
        ("variable", ("v",)),
    ]
    first = file.body.blocks[0]
    assert (first.span.text, first.header.text) == ('"a": {"cidr_block": "10.0.0.0/16"}', '"a"')
    assert file.body.blocks[3].span.text == '{"x": 1}'
    assert [list(block.body.attributes) for block in file.body.blocks[3:5]] == [["x"], ["y"]]


def test_repeated_members_and_arrays_of_objects_make_one_body() -> None:
    file = read('[{"locals": {"a": 1}, "locals": [{"b": 2}]}, {"locals": null}, {"c": 3}]')
    assert [list(block.body.attributes) for block in file.body.blocks] == [["a"], ["b"]]
    assert list(file.body.attributes) == ["c"]


def test_nested_block_types_are_the_callers() -> None:
    file = read(
        '{"resource": {"a": {"b": {"ingress": [{"p": 1}, {"p": 2}], "other": [{"p": 3}]}}}}'
    )
    body = file.body.blocks[0].body
    assert [block.type for block in body.blocks] == ["ingress", "ingress"]
    assert isinstance(body.attributes["other"].expression, tree.TupleExpression)


def test_expressions() -> None:
    text = '{"a": {"x${k}": [1, -2.50, true, null, "${b.c}", "d ${e} f", "", "g"]}}'
    attribute = read(text).body.attributes["a"]
    assert attribute.span.text == text[1:-1]
    value = attribute.expression
    assert isinstance(value, tree.ObjectExpression)
    key, array = value.items[0].key, value.items[0].value
    assert isinstance(key, tree.Template)
    assert [type(part) for part in key.parts] == [tree.Text, tree.Interpolation]
    assert isinstance(array, tree.TupleExpression)
    literals = [e.value for e in array.elements if isinstance(e, tree.Literal)]
    assert [str(v) for v in literals] == ["1", "-2.50", "True", "None"]
    parts = [e.parts for e in array.elements if isinstance(e, tree.Template)]
    assert [[type(part) for part in of] for of in parts] == [
        [tree.Interpolation],
        [tree.Text, tree.Interpolation, tree.Text],
        [],
        [tree.Text],
    ]
    assert array.elements[4].span.text == '"${b.c}"'
    assert [part.span.text for part in parts[1]] == ["d ", "${e}", " f"]


def test_escapes_are_undone_before_the_template_is_read_and_positions_stay_true() -> None:
    text = '{"a": "\\u00e9\\n${f(\\"b\\", c)} %{ if \\u0064 }\\ud83d\\ude00%{ endif }"}'
    template = read(text).body.attributes["a"].expression
    assert isinstance(template, tree.Template)
    first, call, second, condition = template.parts
    assert isinstance(first, tree.Text)
    assert first.value == "é\n"
    assert [part.span.text for part in template.parts] == [
        "\\u00e9\\n",
        '${f(\\"b\\", c)}',
        " ",
        "%{ if \\u0064 }\\ud83d\\ude00%{ endif }",
    ]
    assert isinstance(call, tree.Interpolation)
    assert isinstance(call.expression, tree.FunctionCall)
    assert [a.span.text for a in call.expression.arguments] == ['\\"b\\"', "c"]
    assert isinstance(condition, tree.TemplateIf)
    assert isinstance(condition.then[0], tree.Text)
    assert condition.then[0].value == "😀"
    assert second.span.column == text.index(" %{") + 1


def test_comments() -> None:
    file = read('{"//": "ec2lint:ignore=SG001 why", "resource": {"a": {"b": {"//": "inner"}}}}')
    assert [(c.text, c.span.column) for c in file.comments] == [
        ("ec2lint:ignore=SG001 why", 2),
        ("inner", 61),
    ]
    assert file.body.attributes == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", (1, 1, "expected a value, found the end of the file")),
        ("{", (1, 2, "expected a key in double quotes, found the end of the file")),
        ('{"a": 1', (1, 1, "expected '}' to close this '{'")),
        ('{"a": [1, 2', (1, 7, "expected ']' to close this '['")),
        ('{"a": "b\n"}', (1, 9, "expected '\"' to close the string opened at column 7")),
        ('{"a": 1,}', (1, 9, "expected a key after ',', found '}'")),
        ('{"a": [1,]}', (1, 10, "expected a value, found ']'")),
        ('{"a" 1}', (1, 6, "expected ':' after the key, found '1'")),
        ("{a: 1}", (1, 2, "expected a key in double quotes, found 'a'")),
        ("{'a': 1}", (1, 2, 'expected a key in double quotes, found "\'"')),
        (
            '{\n  // c\n  "a": 1}',
            (2, 3, COMMENT),
        ),
        ('{"a": NaN}', (1, 7, "expected a value, found 'NaN'")),
        ('{"a": 01}', (1, 7, "expected a value, found '01'")),
        ('{"a": 1} x', (1, 10, "expected the end of the file, found 'x'")),
        ('{"a": "\\q"}', (1, 8, "'\\q' is no escape sequence in JSON")),
        ('{"a": 1,\n"a": 2}', (2, 1, "'a' is set already, at line 1")),
        ('{"a": {"b": 1,\n"b": 2}}', (2, 1, "the key 'b' is given already, at line 1")),
        ('{"locals": 1}', (1, 12, "expected an object that is a block 'locals'")),
        (
            '{"resource": {"a": [1]}}',
            (1, 21, "expected an object that is the labels of 'resource' blocks"),
        ),
        ('{"a": "b${c"}', (1, 9, "expected '}' to close the '${'")),
        ('{"a": "\\"${c.}"}', (1, 14, "expected an attribute's name after '.', found '}'")),
        ("[" * 100_000, (1, 201, "nested more than 200 levels deep")),
        ('{"a":' * 100_000, (1, 1001, "nested more than 200 levels deep")),
        ('{"a": 1e99999999999999999999}', (1, 7, TOO_LARGE)),
    ],
)  # fmt: skip
def test_errors(text: str, expected: tuple[int, int, str]) -> None:
    assert problems(text) == [expected]


def test_an_error_in_a_template_leaves_the_rest() -> None:
    file, found = parse_json(
        SourceText("main.tf.json", '{"locals": {"a": "${", "b": "${c}"}, "variable": {"v": {}}}'),
        TYPES,
    )
    assert [(p.line, p.column) for p in found] == [(1, 21)]
    attributes = file.body.blocks[0].body.attributes
    assert isinstance(attributes["a"].expression, tree.Broken)
    assert isinstance(attributes["b"].expression, tree.Template)
    assert len(file.body.blocks) == 2


@pytest.mark.slow
def test_strings_of_four_megabytes() -> None:
    assert len(problems('{"a": "' + "x" * 4_000_000)) == 1
    assert problems('{"a": "' + "\\n" * 1_000_000 + '"}') == []


def test_what_stands_behind_a_key_that_is_given_twice_is_read() -> None:
    text = '{"locals": {"x": {"b": 1, "b": 2, "c": 3}}}'
    file, found = parse_json(SourceText("main.tf.json", text), TYPES)
    assert len(found) == 1
    value = file.body.blocks[0].body.attributes["x"].expression
    assert isinstance(value, tree.ObjectExpression)
    keys = [item.key for item in value.items]
    parts = [key.parts[0] for key in keys if isinstance(key, tree.Template)]
    assert [part.value for part in parts if isinstance(part, tree.Text)] == ["b", "c"]


def test_what_has_dynamic_blocks_at_any_depth_is_a_block() -> None:
    file = read(
        '{"resource": {"a": {"b": {"policy": [{"template": {"dynamic": {"override":'
        ' {"for_each": [1], "content": {"x": "${override.value}"}}}}}],'
        ' "tags": {"dynamic": "content"}, "options": {"dynamic": {"name": {"x": 1}}}}}}}'
    )
    [resource] = file.body.blocks
    assert list(resource.body.attributes) == ["tags", "options"]
    [policy] = resource.body.blocks
    [template] = policy.body.blocks
    [made] = template.body.blocks
    assert (policy.type, template.type, made.type, made.labels) == (
        "policy",
        "template",
        "dynamic",
        ("override",),
    )
