"""What is said of broken text, and that the rest of it is still read."""

from __future__ import annotations

import sys

import pytest

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import parse
from iac_ec2lint.source.span import SourceText

GOOD = 'resource "aws_vpc" "good" {\n  cidr_block = "10.0.0.0/16"\n}\n'


def problems(text: str) -> list[tuple[int, int, str]]:
    found = parse(SourceText("main.tf", text))[1]
    assert all(p.path == "main.tf" for p in found)
    return [(p.line, p.column, p.message) for p in found]


def labels(text: str) -> list[str]:
    file, _ = parse(SourceText("main.tf", text))
    return [".".join(block.labels) for block in file.body.blocks]


BROKEN = {
    "unclosed block": (
        'resource "a" "b" {\n  x = 1\n\n',
        (1, 18, "expected '}' to close the block opened at line 1"),
    ),
    "unclosed inner block": (
        'resource "a" "b" {\n  ingress {\n    y = 2\n}\n\n',
        (2, 11, "expected '}' to close the block opened at line 2"),
    ),
    "unclosed object": (
        'resource "a" "b" {\n  tags = {\n    y = 2\n}\n\n',
        (2, 10, "expected '}' to close the value of 'tags' opened at line 2"),
    ),
    "unclosed list": (
        'resource "a" "b" {\n  l = [\n    1,\n    2\n  z = 3\n}\n\n',
        (5, 3, "expected ',' or ']' after the '[' opened at line 2, found 'z'"),
    ),
    "missing comma": (
        'resource "a" "b" {\n  l = [\n    1 2,\n  ]\n  z = 3\n}\n',
        (3, 7, "expected ',' or ']' after the '[' opened at line 2, found '2'"),
    ),
    "half a conditional": (
        "x = a ? b  # c\n",
        (1, 15, "expected ':' and the other value of the conditional, found the end of the line"),
    ),
    "half a conditional in a list": (
        "x = [a ? b , c]\n",
        (1, 12, "expected ':' and the other value of the conditional, found ','"),
    ),
    "a word behind a for expression": (
        "x = [for a in b : a when c]\n",
        (1, 21, "expected ']' after the '[' opened at line 1, found 'when'"),
    ),
    "unclosed string": (
        'resource "a" "b" {\n  l = "abc\n  z = 3\n}\n',
        (2, 11, "expected '\"' to close the string opened at column 7"),
    ),
    "unclosed interpolation": (
        'resource "a" "b" {\n  l = "abc${var.x"\n  z = 3\n}\n',
        (2, 11, "expected '}' to close the '${'"),
    ),
    "unclosed heredoc": (
        'resource "a" "b" {\n  l = <<EOT\nfoo\n  z = 3\n}\n\n',
        (2, 7, "expected a line with 'EOT' alone to close the heredoc"),
    ),
    "no value": (
        'resource "a" "b" {\n  l =\n  z = 3\n}\n',
        (2, 6, "expected an expression, found the end of the line"),
    ),
    "set twice": (
        'resource "a" "b" {\n  z = 1\n  z = 3\n}\n',
        (3, 3, "'z' is set already, at line 2"),
    ),
    "two on one line": (
        'resource "a" "b" {\n  z = 1 y = 2\n}\n',
        (2, 9, "expected a new line after the argument 'z', found 'y'"),
    ),
    "a brace too many": (
        'resource "a" "b" {\n  z = 1\n}\n}\n',
        (4, 1, "this '}' closes nothing that is open here"),
    ),
    "merge conflict": (
        'resource "a" "b" {\n<<<<<<< HEAD\n  z = 1\n=======\n  z = 2\n>>>>>>> x\n}\n',
        (2, 1, "a merge conflict is not resolved here"),
    ),
    "template in a label": (
        'resource "a" "b${c}" {\n  z = 1\n}\n',
        (
            1,
            16,
            "a block's label cannot hold a template; a literal '${' is written '$${'",
        ),
    ),
    "two arguments in a block on one line": (
        'resource "a" "b" { z = 1, y = 2 }\n',
        (
            1,
            25,
            "expected '}': a block on one line holds one argument, and ends there, found ','",
        ),
    ),
    "bad escape": (
        'resource "a" "b" {\n  l = "\\d"\n  z = 3\n}\n',
        (2, 8, "'\\d' is no escape sequence; a backslash itself is written '\\\\'"),
    ),
    "shell in a template": (
        'resource "a" "b" {\n  l = "${X:-1}"\n  z = 3\n}\n',
        (2, 11, "expected '}' to close the '${', found ':'; a literal '${' is written '$${'"),
    ),
    "unclosed directive": (
        'resource "a" "b" {\n  l = "%{ if x }"\n  z = 3\n}\n',
        (2, 8, "expected '%{ endif }' to close the 'if'"),
    ),
    "conditional without its other value": (
        'resource "a" "b" {\n  l = x ? y\n  z = 3\n}\n',
        (
            2,
            12,
            "expected ':' and the other value of the conditional, found the end of the line",
        ),
    ),
}


@pytest.mark.parametrize("name", BROKEN)
def test_one_error_and_the_other_blocks_are_read(name: str) -> None:
    text, expected = BROKEN[name]
    assert problems(text) == [expected]
    line, column, message = expected
    assert problems(GOOD + text + GOOD) == [
        (
            line + 3,
            column,
            message.replace(f"line {line}", f"line {line + 3}").replace("at line 2", "at line 5"),
        )
    ]
    read = labels(GOOD + text + GOOD)
    assert (read[0], read[-1]) == ("aws_vpc.good", "aws_vpc.good")
    if "z = 3" in text:
        file, _ = parse(SourceText("main.tf", text))
        assert "z" in file.body.blocks[0].body.attributes, "what follows the error is read"


def test_a_broken_value_is_in_the_tree() -> None:
    file, _ = parse(SourceText("main.tf", 'a "b" {\n  c = [1 2]\n  d = 3\n}\n'))
    body = file.body.blocks[0].body
    assert file.partial
    assert isinstance(body.attributes["c"].expression, tree.Broken)
    assert isinstance(body.attributes["d"].expression, tree.Literal)


def test_the_first_of_two_settings_stands() -> None:
    file, _ = parse(SourceText("main.tf", "a = 1\na = 2\n"))
    assert isinstance(value := file.body.attributes["a"].expression, tree.Literal)
    assert value.value == 1


NESTED = ["[", "(", "{b = ", '"${', "f(", "x[", "!", "x ? ", "[for x in ", "-[", "1 + ("]


@pytest.mark.parametrize("opener", NESTED)
def test_100_000_openers_are_one_error_about_depth(opener: str) -> None:
    assert [p[2] for p in problems("a = " + opener * 100_000 + "b")] == [
        "nested more than 200 levels deep"
    ]


def test_100_000_nested_blocks() -> None:
    found = problems("a {\n" * 100_000)
    assert found[0] == (201, 3, "nested more than 200 levels deep")
    assert len(found) <= 10


@pytest.mark.slow
@pytest.mark.parametrize("step", [".b", "[0]", " + b", " ? b : c", ".*.b", "[*]"])
def test_100_000_steps_in_a_row_are_one_error_about_depth(step: str) -> None:
    assert [p[2] for p in problems("a = b" + step * 100_000 + "\n")] in (
        ["nested more than 200 levels deep"],
        ["a splat '.*' cannot be inside another; use '[*]'"],
    )


@pytest.mark.parametrize(
    ("opener", "closer"),
    [("[", "]"), ("(", ")"), ("{a = ", "}"), ("f(", ")"), ("[for x in ", " : x]")],
)
def test_190_levels_are_read_whatever_they_are_of(opener: str, closer: str) -> None:
    text = f"b {{\n  a = {opener * 190}1{closer * 190}\n}}\n"
    limit = sys.getrecursionlimit()
    file, found = parse(SourceText("main.tf", text))
    assert (found, sys.getrecursionlimit()) == ([], limit)
    assert file.body.blocks[0].body.attributes["a"].end == len(text) - 3


def test_an_unclosed_string_of_four_megabytes() -> None:
    text = 'a = "' + "x" * 4_000_000 + "\n" + GOOD
    assert problems(text) == [
        (1, 4_000_006, "expected '\"' to close the string opened at column 5")
    ]
    assert labels(text) == ["aws_vpc.good"]


def test_unclosed_heredocs_by_the_thousand() -> None:
    found = problems("b {\n" + "a = <<A\n" * 100_000 + "}\n")
    assert found[0] == (2, 5, "expected a line with 'A' alone to close the heredoc")
    assert len(found) <= 10


def test_spaces_before_what_is_no_item() -> None:
    assert len(problems("a = [\n  {" + "\n" + " " * 5000 + "= 1 },\n]\n")) == 1


@pytest.mark.parametrize("text", ["", "\n", "# only a comment", "  \r\n\t", "/* c */"])
def test_nothing_is_a_file(text: str) -> None:
    file, found = parse(SourceText("main.tf", text))
    assert (found, file.body, file.partial) == ([], tree.Body({}, ()), False)


def test_a_nul_byte() -> None:
    assert problems("a = 1\nb = \0\n") == [(2, 5, "a NUL byte: this is not text")]


def test_binary() -> None:
    text = bytes(range(1, 256)).decode("latin-1") * 5000
    assert 1 <= len(problems(text)) <= 10


def test_half_a_file_is_one_error() -> None:
    text = GOOD * 5
    for end in range(len(GOOD) * 4 + 1, len(text) - 1):
        found = problems(text[:end])
        assert len(found) == 1, text[:end]
        assert labels(text[:end])[:4] == ["aws_vpc.good"] * 4


def test_an_unclosed_comment() -> None:
    assert problems(GOOD + "/* never ends\n" + GOOD) == [
        (4, 1, "expected '*/' to close the comment")
    ]
    assert labels(GOOD + "/* never ends\n" + GOOD) == ["aws_vpc.good"] * 2


def test_half_a_conditional_at_the_end_of_a_file_ends_behind_it() -> None:
    words = "expected ':' and the other value of the conditional, found the end of the file"
    assert problems("x = a ? b   ") == [(1, 10, words)]


@pytest.mark.parametrize("element", ["[]", "{}", "(1)", "f()", "[for a in b : a]", "{ a = 1 }"])
def test_what_is_closed_counts_no_more_as_depth(element: str) -> None:
    assert problems("x = [" + f"{element}, " * 1000 + "]\n") == []
