"""What expressions and templates come to as a tree."""

from __future__ import annotations

from decimal import Decimal

import pytest

from iac_ec2lint.hcl import tree
from iac_ec2lint.hcl.parser import ParserName, parse, parse_expression, parse_template
from iac_ec2lint.source.span import SourceText

PARSERS: list[ParserName] = ["strict", "python-hcl2"]


def show(node: object) -> str:
    """A node in a short form that says its structure."""
    match node:
        case tree.Literal(value=value):
            return "null" if value is None else str(value).lower()
        case tree.Template(parts=parts):
            return "<" + " ".join(show(part) for part in parts) + ">"
        case tree.Text(value=value):
            return repr(value)
        case tree.Interpolation(expression=expression):
            return "${" + show(expression) + "}"
        case tree.TemplateIf(condition=condition, then=then, otherwise=otherwise):
            arms = [" ".join(show(part) for part in arm) for arm in (then, otherwise)]
            return f"if({show(condition)}; {arms[0]}; {arms[1]})"
        case tree.TemplateFor(key=key, variable=variable, collection=of, body=body):
            inside = " ".join(show(part) for part in body)
            return f"for({key}, {variable} in {show(of)}; {inside})"
        case tree.Variable(name=name):
            return name
        case tree.GetAttribute(operand=operand, name=name):
            return f"{show(operand)}.{name}"
        case tree.Index(operand=operand, key=key):
            return f"{show(operand)}[{show(key)}]"
        case tree.SplatItem():
            return "@"
        case tree.Splat(operand=operand, each=each, full=full):
            return f"{'full' if full else 'attr'}({show(operand)}: {show(each)})"
        case tree.BinaryOperation(operator=operator, left=left, right=right):
            return f"({show(left)} {operator} {show(right)})"
        case tree.UnaryOperation(operator=operator, operand=operand):
            return f"({operator}{show(operand)})"
        case tree.Conditional(condition=condition, then=then, otherwise=otherwise):
            return f"({show(condition)} ? {show(then)} : {show(otherwise)})"
        case tree.Parentheses(expression=expression):
            return f"paren({show(expression)})"
        case tree.TupleExpression(elements=elements):
            return "[" + ", ".join(show(element) for element in elements) + "]"
        case tree.ObjectExpression(items=items):
            return "{" + ", ".join(f"{show(i.key)}: {show(i.value)}" for i in items) + "}"
        case tree.FunctionCall(name=name, arguments=arguments, expand_final=expand):
            inside = ", ".join(show(argument) for argument in arguments)
            return f"{name}({inside}{'...' if expand else ''})"
        case tree.ForExpression():
            head = f"for {node.key}, {node.variable} in {show(node.collection)}"
            result = show(node.key_result) if node.key_result else None
            test = show(node.condition) if node.condition else None
            return f"{head} : {result} => {show(node.value_result)} {node.group} if {test}"
    raise AssertionError(node)


def expression(text: str, parser: ParserName = "strict") -> tree.Expression:
    file, problems = parse(SourceText("main.tf", f"b {{\n  a = {text}\n}}\n"), parser)
    assert problems == []
    return file.body.blocks[0].body.attributes["a"].expression


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4", "((1 + (2 * 3)) - 4)"),
        ("a || b && c == d != e", "(a || (b && ((c == d) != e)))"),
        ("a < b == c >= d", "((a < b) == (c >= d))"),
        ("-a.b + !c[0]", "((-a.b) + (!c[0]))"),
        ("a ? b : c ? d : e", "(a ? b : (c ? d : e))"),
        ("a ? b ? c : d : e", "(a ? (b ? c : d) : e)"),
        ("(a ? b : c) ? d : e", "(paren((a ? b : c)) ? d : e)"),
        ("(\n a\n && b\n)", "paren((a && b))"),
        ("a.0.b", "a[0].b"),
        ("a.*.b.0.c", "attr(a: @.b[0].c)"),
        ("a.*.b[0].c", "attr(a: @.b)[0].c"),
        ("a[*].b[0].c", "full(a: @.b[0].c)"),
        ("a[*].b[*].c", "full(a: full(@.b: @.c))"),
        ("a[*].*.b[0]", "full(a: attr(@: @.b)[0])"),
        ('a["b"][c]', "a[<'b'>][c]"),
        ("f(a, [b]...).c", "f(a, [b]...).c"),
        ("provider::aws::f()", "provider::aws::f()"),
        ("{a = 1, (b) : 2\n c.d = 3\n}", "{<'a'>: 1, paren(b): 2, c.d: 3}"),
        ('{"a" = 1, "b${c}" = 2, true = 3, 4 = 5}', "{<'a'>: 1, <'b' ${c}>: 2, <'true'>: 3, 4: 5}"),
        ("[for k, v in a : v if k]", "for k, v in a : None => v False if k"),
        ("{for v in a : v => k...}", "for None, v in a : v => k True if None"),
        ("null", "null"),
        ("[true, false,]", "[true, false]"),
        ('""', "<>"),
        ('"${a}"', "<${a}>"),
        ('"a${b}c"', "<'a' ${b} 'c'>"),
        (r'"\n\r\t\"\\\u00e9\U0001F600$${a}%%{b}$c%"', r"""<'\n\r\t"\\é😀${a}%{b}$c%'>"""),
        ('"e\u0301"', "<'é'>"),
        ('" %{ if a ~} b %{~ else } c%{ endif } "', "<' ' if(a; 'b'; ' c') ' '>"),
        ('"%{ for k, v in a }${v},%{ endfor }"', "<for(k, v in a; ${v} ',')>"),
        ("<<E\n  a\\n\n\t${b} $${c}\nE", "<'  a\\\\n\\n\\t' ${b} ' ${c}\\n'>"),
        ("<<-E\n    a\n\n      b\n  E", "<'a\\n\\n  b\\n'>"),
        ("<<-E\n    a\n  ${b}\n  E", "<'  a\\n' ${b} '\\n'>"),
        ("<<E\nE", "<>"),
        (
            "<<E\n%{ for a in b ~}\n  ${a}\n%{ endfor ~}\nE",
            "<for(None, a in b; '  ' ${a} '\\n') ''>",
        ),
    ],
)
def test_structure(text: str, expected: str, parser: ParserName) -> None:
    assert show(expression(text, parser)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" ${~ a ~} \\n b", "<'' ${a} 'b'>"),
        ("${~ a ~}", "<${a}>"),
    ],
)
def test_strip_markers_of_interpolations(text: str, expected: str) -> None:
    assert show(expression(f'"{text}"')) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("5", 5),
        ("5.0", 5),
        ("1e3", 1000),
        ("1E+3", 1000),
        ("15e-1", Decimal("1.5")),
        ("0.1", Decimal("0.1")),
        ("3.14159265358979323846264338327950288419716939937510582097494459",
         Decimal("3.14159265358979323846264338327950288419716939937510582097494459")),
        ("9" * 400, int("9" * 400)),
    ],
)  # fmt: skip
def test_numbers_are_exact(text: str, value: int | Decimal) -> None:
    found = expression(text)
    assert isinstance(found, tree.Literal)
    assert (type(found.value), found.value) == (type(value), value)


@pytest.mark.parametrize("text", ["1.2.3", "1e99999999999999999999", "0x1F", "1_000", "--", "a b"])
def test_what_is_no_expression(text: str) -> None:
    _, problems = parse(SourceText("main.tf", f"a = {text}\n"))
    assert [problem.line for problem in problems] == [1]


@pytest.mark.parametrize(
    "text", ["a = b\n  ? c : d\n", "a = b\n  + c\n", "a =\n  1\n", "a = f\n(b)\n", "a\n= 1\n"]
)
def test_an_argument_ends_with_its_line(text: str) -> None:
    assert parse(SourceText("main.tf", text))[1] != []


def test_spans() -> None:
    text = 'b "x" {\n  a = f(c.d[0].*.e, "g${h}", -1)\n}\n'
    source = SourceText("main.tf", text)
    file, _ = parse(source)
    block = file.body.blocks[0]
    assert (block.span.text, block.header.text) == (text.strip(), 'b "x"')
    attribute = block.body.attributes["a"]
    assert attribute.span.text == 'a = f(c.d[0].*.e, "g${h}", -1)'
    call = attribute.expression
    assert isinstance(call, tree.FunctionCall)
    assert [argument.span.text for argument in call.arguments] == ["c.d[0].*.e", '"g${h}"', "-1"]
    splat, template, _ = call.arguments
    assert isinstance(splat, tree.Splat)
    assert (splat.operand.span.text, splat.each.span.text) == ("c.d[0]", ".e")
    assert isinstance(template, tree.Template)
    assert [part.span.text for part in template.parts] == ["g", "${h}"]


def test_spans_count_code_points() -> None:
    text = 'b {\n  é = "😀${π}" # ü\n  c = "x"\n}\n'
    file, _ = parse(SourceText("main.tf", text))
    body = file.body.blocks[0].body
    assert body.attributes["é"].span.text == 'é = "😀${π}"'
    assert (body.attributes["c"].span.text, body.attributes["c"].span.column) == ('c = "x"', 3)


def test_comments() -> None:
    text = '# a\nb = "# no" // c\r\nd = <<E\n# no\nE\n/* e\n f */ g = [ # h\n "${i /* j */}"]\n'
    file, _ = parse(SourceText("main.tf", text))
    assert [(c.text, c.span.line, c.span.column) for c in file.comments] == [
        (" a", 1, 1),
        (" c", 2, 12),
        (" e\n f ", 6, 1),
        (" h", 7, 13),
        (" j ", 8, 7),
    ]
    assert [c.span.text for c in file.comments][:2] == ["# a", "// c"]


def test_parse_expression_within_a_text() -> None:
    source = SourceText("main.tf", "xx aws_vpc.main\n.id yy")
    found, problems = parse_expression(source, 3, 19)
    assert (show(found), found.span.text, problems) == ("aws_vpc.main.id", "aws_vpc.main\n.id", [])
    found, problems = parse_expression(source, 3, 22)
    assert isinstance(found, tree.Broken)
    assert [(p.line, p.column, p.message) for p in problems] == [
        (2, 5, "expected the end of the expression, found 'yy'")
    ]
    assert parse_expression(source, 0, 0)[1] != []


def test_parse_template_has_no_quotes_and_no_backslash_escapes() -> None:
    text = '#!/bin/sh\necho "$${x} \\n" $y\n%{ for a in b ~}\n${a.c}\n%{ endfor ~}\n'
    source = SourceText("user_data.tftpl", text)
    found, problems = parse_template(source, 0, len(text))
    assert problems == []
    assert show(found) == (
        "<'#!/bin/sh\\necho \"${x} \\\\n\" $y\\n' for(None, a in b; '' ${a.c} '\\n') ''>"
    )
    assert found.span.text == text
    found, problems = parse_template(SourceText("a.tftpl", "a\n${b"), 0, 5)
    assert isinstance(found, tree.Broken)
    assert [(p.line, p.column) for p in problems] == [(2, 1)]


def test_equal_texts_are_read_once_and_have_their_own_sources() -> None:
    text = 'resource "a" "b" {\n  c = [1, "d${e}"]\n}\n'
    first, second = SourceText("1.tf", text), SourceText("2.tf", text)
    for parser in PARSERS:
        one, two = parse(first, parser)[0], parse(second, parser)[0]
        assert one.body == two.body
        block = two.body.blocks[0]
        assert block.span.source is second
        assert block.body.attributes["c"].expression.span.source is second


def test_nodes_are_equal_by_type_offsets_and_fields() -> None:
    assert expression("a + 1") == expression("a + 1")
    assert expression("a + 1") != expression("a + 2")
    assert expression("a + 1") != expression("a +  1")
    text = SourceText("main.tf", "a")
    assert tree.Text(text, 0, 1, "a") == tree.Text(SourceText("b.tf", "a"), 0, 1, "a")
    assert tree.Text(text, 0, 1, "a") != tree.Variable(text, 0, 1, "a")
