from __future__ import annotations

import json
from decimal import Decimal

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from iac_ec2lint.document import json_text, reading
from iac_ec2lint.document.embedded import read_embedded
from iac_ec2lint.document.reading import Document, is_bounded, read
from iac_ec2lint.document.sniffing import is_other_source, looks_like_template, sniff
from iac_ec2lint.document.tree import Mapping, Node, Scalar, Sequence, Tagged, resolve, walk
from iac_ec2lint.source.files import decode
from iac_ec2lint.source.span import SourceText


def document(text: str, name: str = "a.yaml") -> Document:
    return read(SourceText(name, text))


def root(text: str, name: str = "a.yaml") -> Node:
    found = document(text, name)
    assert found.diagnostics == []
    assert found.complete
    (node,) = found.roots
    return node


def messages(text: str, name: str = "a.yaml") -> list[str]:
    return [f"{d.line}:{d.column} {d.message}" for d in document(text, name).diagnostics]


def plain(node: Node) -> object:
    if isinstance(node, Tagged):
        return {node.tag: plain(node.node)}
    if isinstance(node, Mapping):
        return {key: plain(child) for key, (_, child) in node.entries.items()}
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return node.data


def texts(node: Node) -> list[str]:
    return [found.span.text for _, found in walk(node)]


class TestSpans:
    def test_a_block_collection_ends_with_its_last_child(self) -> None:
        node = root("a:\n  b: 1\n\n# of c\nc:\n - 1\n - x y\n\n# end\n")
        assert texts(node) == [
            "a:\n  b: 1\n\n# of c\nc:\n - 1\n - x y",
            "b: 1",
            "1",
            "- 1\n - x y",
            "1",
            "x y",
        ]

    def test_a_block_scalar_ends_with_its_text(self) -> None:
        node = root("a: |\n  x\n  y\n\n\n# c\nb: >-\n  z\n\n")
        assert texts(node)[1:] == ["|\n  x\n  y", ">-\n  z"]

    def test_a_flow_collection_has_its_brackets(self) -> None:
        assert texts(root("a: {b: 1, c: [1, 2]}  # d"))[1] == "{b: 1, c: [1, 2]}"

    @pytest.mark.parametrize("text", ["é𝄞: '𝄞é' # é\nb: ü", "a: 1\r\né:\r\n  b: ü\r\n", "a: \t ü"])
    def test_characters_count_not_bytes(self, text: str) -> None:
        for key, node in walk(root(text)):
            if isinstance(node, Scalar):
                assert node.text in node.span.text
            if key is not None:
                assert key.span.text == key.text

    def test_a_byte_order_mark_shifts_nothing(self) -> None:
        for encoded in (b"\xef\xbb\xbfa: b", "a: b".encode("utf-16")):
            text = decode(encoded)
            assert text is not None
            assert texts(root(text)) == ["a: b", "b"]

    def test_a_tag_is_part_of_its_node(self) -> None:
        assert texts(root("a: !Sub x\nb: !If\n  - c\n  - !Ref d"))[1:] == [
            "!Sub x",
            "!If\n  - c\n  - !Ref d",
            "c",
            "!Ref d",
        ]

    def test_an_alias_is_written_at_its_anchor(self) -> None:
        node = root("a: &x\n  b: 1\nc:\n  d: *x\n")
        assert isinstance(node, Mapping)
        inner = node.get("c")
        assert isinstance(inner, Mapping)
        assert inner.get("d") is node.get("a")
        assert inner.span.text == "d: *x"


class TestScalars:
    @pytest.mark.parametrize(
        ("text", "data"),
        [
            ("true", True),
            ("Yes", True),
            ("OFF", False),
            ("y", "y"),
            ("~", None),
            ("null", None),
            ("12", 12),
            ("-5", -5),
            ("1.5", Decimal("1.5")),
            ("123456789012", 123456789012),
            ("026", 22),
            ("0300", 192),
            ("-0_17", -15),
            ("0x16", 22),
            ("0b1_0110", 22),
            ("2_2", 22),
            ("+22", 22),
            ("1:30", 90),
        ],
    )
    def test_what_is_plain_is_resolved_as_yaml_1_1_does(self, text: str, data: object) -> None:
        assert resolve(text) == data
        assert type(resolve(text)) is type(data)

    @pytest.mark.parametrize(
        "text",
        [
            "012345678901",
            "012345670123",
            "0o26",
            "08",
            "0:22",
            "1:75",
            "0x",
            "0_",
            "8.0",
            "5.10",
            "-0",
            "10.0.0.0",
            "1::2",
            "+",
            "-",
        ],
    )
    def test_text_that_a_number_would_not_give_back_stays_text(self, text: str) -> None:
        assert resolve(text) == text

    def test_what_is_quoted_or_tagged_as_text_is_text(self) -> None:
        assert plain(root("a: '1'\nb: \"true\"\nc: !!str 12\nd: |\n  1\n")) == {
            "a": "1",
            "b": "true",
            "c": "12",
            "d": "1\n",
        }

    def test_an_empty_value_is_null_and_an_empty_string_is_not(self) -> None:
        assert plain(root("a:\nb: ''\nc: !Sub ''\n")) == {"a": None, "b": "", "c": {"!Sub": ""}}


class TestStructure:
    def test_merge_keys(self) -> None:
        text = "x: &x {a: 1, b: 1}\ny: &y {b: 2, c: 2}\nz: {<<: [*x, *y], c: 3}\n"
        assert plain(root(text)) == {
            "x": {"a": 1, "b": 1},
            "y": {"b": 2, "c": 2},
            "z": {"a": 1, "b": 1, "c": 3},
        }

    def test_a_quoted_merge_key_is_a_key(self) -> None:
        assert plain(root('{"<<": {"a": 1}}', "a.json")) == {"<<": {"a": 1}}

    def test_pyyaml_without_its_c_parser_reads_the_same(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        text = (
            "a: &x !Sub |\n  é\n\n# c\nb: {c: [1, 'd', \"e\"], f: *x}\ng:\n- h: >-\n    i\n"
            "  j:\n- <<: {k: 1}\n---\nl: !!str 1\n"
        )
        fast = document(text)
        monkeypatch.delattr(yaml, "CLoader", raising=False)
        slow = document(text)
        assert [plain(node) for node in slow.roots] == [plain(node) for node in fast.roots]
        assert [texts(node) for node in slow.roots] == [texts(node) for node in fast.roots]
        assert len(document("[" * 100_000).diagnostics) == 1

    def test_several_documents(self) -> None:
        found = document("a: 1\n---\nb: 2\n...\n---\n- c\n")
        assert [plain(node) for node in found.roots] == [{"a": 1}, {"b": 2}, ["c"]]

    def test_tags_are_kept_and_listed(self) -> None:
        found = document("a: !Sub x\nb: !Foo {c: !!binary aaaa}\n")
        assert list(found.tags) == ["!Sub", "!Foo", "!!binary"]

    @pytest.mark.parametrize("text", ["", "  \n", "# only a comment\n"])
    def test_an_empty_file_has_no_tree(self, text: str) -> None:
        assert document(text).roots == []
        assert messages(text) == []


class TestBadYaml:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("a:\n\tb: 1\n", "2:1 a tab in the indentation, where YAML allows spaces only"),
            ("a: 'x\nb: 1\n", "1:4 the quoted text is not closed"),
            ("a: [1,\n", "2:1 the file ends inside brackets or braces that are not closed"),
            ("a: {b: 1\n\nc: 2\n", '3:2 a "," or a "}" is expected'),
            ("a:\n  b: 1\n c: 2\n", "3:2 a key is expected here; check the indentation"),
            ("a: @x\n", "1:4 unquoted text cannot begin with @"),
            ("a: b\0c\n", "1:5 the character U+0000 is not allowed in YAML"),
            ("a: *x\n", "1:4 there is no anchor &x above this alias"),
            ("a: &x\n  b: *x\n", "2:6 the alias *x stands inside its own anchor"),
            ("a: &x\n  <<: *x\n", "2:7 the alias *x stands inside its own anchor"),
            ("? [a]\n: b\n", "1:3 a key that is not plain text"),
            ("a: 1\n<<: 2\n", "2:1 what << merges is not a mapping or a list of mappings"),
            ("\ud800", "1:1 half of a surrogate pair is no character"),
        ],
    )
    def test_it_is_said_in_plain_words_where_it_is(self, text: str, message: str) -> None:
        assert messages(text) == [message]

    def test_of_a_repeated_key_the_last_counts_and_it_is_noted(self) -> None:
        found = document("a:\n  b: 1\n  c: 2\n  b: 3\n")
        assert plain(found.roots[0]) == {"a": {"b": 3, "c": 2}}
        assert found.diagnostics == []
        [note] = found.repeated
        assert (note.span.line, note.span.column) == (4, 3)
        assert note.message.startswith('the key "b" is written a second time, and the last one')
        assert note.message.endswith("the first is on line 2")

    def test_aliases_that_grow_without_bound_are_an_error(self) -> None:
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 12)]
        found = document("\n".join(lines))
        assert found.roots == []
        assert [d.line for d in found.diagnostics] == [6]
        assert "more than 1000000 nodes" in found.diagnostics[0].message

    def test_aliases_that_nest_without_bound_are_an_error(self) -> None:
        lines = ["a0: &a0 [x]"] + [f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 300)]
        assert messages("\n".join(lines)) == [
            "200:14 more than 200 levels of nesting come of following this alias"
        ]

    @pytest.mark.parametrize("opener", ["[", "[\n", "{a: ", "- ", '{"a":', '[{"a":'])
    @pytest.mark.parametrize("name", ["a.yaml", "a.json"])
    def test_deep_nesting_is_an_error(self, opener: str, name: str) -> None:
        found = document(opener * 100_000, name)
        assert found.roots == []
        assert len(found.diagnostics) == 1

    def test_nesting_below_the_bound_is_read(self) -> None:
        assert document("[" * 199 + "]" * 199).diagnostics == []
        assert len(document("[" * 201 + "]" * 201).diagnostics) == 1


class TestBadJson:
    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ('{"a": 1, // c\n "b": 2}', "1:10 JSON has no comments"),
            ('{"a": 1 /* c */}', "1:9 JSON has no comments"),
            ('{"a": 1,\n}', '1:8 JSON allows no comma before "}"'),
            ('{"a": [1,]}', '1:9 JSON allows no comma before "]"'),
            ('{"a" 1}', '1:6 a ":" is expected after the key'),
            ('{"a": "b', "1:7 the string is not closed"),
            (
                '{"a": {"b": 1}',
                "1:15 the JSON text ends too early: a bracket, a brace or a string is not closed",
            ),
            ("{a: 1}", "1:2 a key in double quotes is expected"),
            ('{"a": 1} x', "1:10 something follows the end of the JSON text"),
            ("", "1:1 the file is empty"),
        ],
    )
    def test_it_is_said_in_plain_words_where_it_is(self, text: str, message: str) -> None:
        position, words = message.split(" ", 1)
        (found,) = document(text, "a.json").diagnostics
        assert found.message == words
        assert f"{found.line}:{found.column}" == position

    def test_a_file_that_begins_as_json_is_json_whatever_its_name(self) -> None:
        assert messages('{"a": 1, // c\n "b": 2}', "a.template") == ["1:10 JSON has no comments"]
        assert messages('{"a": 1, // c\n "b": 2}', "a.yaml") == ["1:10 JSON has no comments"]

    def test_a_flow_mapping_in_yaml_is_no_json(self) -> None:
        assert plain(root("{a: 1, b: [x, y, ]} # c")) == {"a": 1, "b": ["x", "y"]}

    def test_a_repeated_key_is_noted(self) -> None:
        found = document('{"a": 1,\n "a": 2}', "a.json")
        assert found.diagnostics == []
        assert [(o.span.line, o.span.column) for o in found.repeated] == [(2, 2)]

    def test_what_yaml_cannot_read_of_json_is_read(self) -> None:
        text = json.dumps({"a": "\U0001f600", "k" * 2000: [1, {"b": None}], "t": "\t/"})
        node = root(text.replace("/", "\\/"), "a.json")
        assert plain(node) == {"a": "\U0001f600", "k" * 2000: [1, {"b": None}], "t": "\t/"}
        for _, found in walk(node):
            assert json.loads(found.span.text) == plain(found)

    def test_tabs_may_indent_json(self) -> None:
        assert plain(root('{\n\t"a":\t1\n}', "a.json")) == {"a": 1}


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**18), 10**18),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.text(st.characters(codec="ascii", exclude_categories=["Cc"])), inner),
    ),
    max_leaves=20,
)


@given(DATA)
def test_json_comes_to_its_data_by_either_way(data: object) -> None:
    text = json.dumps(data)
    assert plain(root(text, "a.json")) == data
    source = SourceText("a.json", text)
    built = json_text.build(source, reading._Reader(source).mapping, [])
    assert built is not None
    assert plain(built) == data
    assert texts(built) == texts(root(text, "a.json"))


@given(DATA)
def test_yaml_comes_to_its_data(data: object) -> None:
    # PyYAML writes YAML's own line breaks in a way that it does not read back, unless escaped.
    assert plain(root(yaml.safe_dump(data))) == data


@given(DATA, st.data())
def test_spans_lie_inside_one_another(data: object, draw: st.DataObject) -> None:
    style = draw.draw(st.sampled_from([None, True, False]))
    node = root(yaml.safe_dump({"a": data}, allow_unicode=True, default_flow_style=style))
    for _, found in walk(node):
        inner: list[Node] = []
        if isinstance(found, Mapping):
            inner = [child for _, child in found.entries.values()]
        elif isinstance(found, Sequence):
            inner = found.items
        for child in inner:
            assert found.span.contains(child.span)


def test_a_key_of_yaml_may_begin_as_a_comment_does() -> None:
    assert plain(root("{a: {//: [1], // b: 2}}\n")) == {"a": {"//": [1], "// b": 2}}


@given(st.text(alphabet=" \t\n-:{}[]&*!#|>'\"\\<,?%@`ax1~", max_size=60))
@pytest.mark.parametrize("name", ["a.yaml", "a.json", "a.template"])
def test_any_text_gives_a_tree_or_a_diagnostic(name: str, text: str) -> None:
    found = document(text, name)
    assert found.complete is not (not found.roots and bool(found.diagnostics))
    for diagnostic in found.diagnostics:
        assert diagnostic.line >= 1
        assert diagnostic.message
        assert "\n" not in diagnostic.message


def test_sniffing() -> None:
    template = "AWSTemplateFormatVersion: '2010-09-09'\n"
    assert sniff(template.encode())
    assert sniff(template.encode("utf-16"))
    assert sniff(b"Resources:\n  A:\n    Type: AWS::EC2::VPC\n")
    assert sniff(b"Resources:\n  A:\n    Type: Custom::Thing\n")
    assert not sniff(b"apiVersion: v1\nkind: Pod\nspec: {}\n")
    other = '{"metadata": {}, "shapes": {"Resources": {"Type": "AWS::EC2::VPC"}}}'
    assert not sniff(other.encode())
    assert not sniff(other.encode("utf-16"))
    assert sniff(other[:-1].encode())  # broken, so that its keys are not known
    assert sniff(b'{"\\u0052esources": {"A": {"Type": "AWS::EC2::VPC"}}}')
    assert not sniff(b"on: push\njobs: {}\n")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("AWSTemplateFormatVersion: 2010-09-09\nResources: {", True),
        ("Resources:\n  A:\n   Type: AWS::EC2::VPC\n  B: [", True),
        ('{"Resources": {"A": {"Type": "AWS::EC2::VPC"}', True),
        ('{"a": 1, "Resources": {"A": {"Type": "AWS::EC2::VPC"}', True),
        ("let x = Resources.*[ Type == 'AWS::EC2::VPC' ]\nrule a: b: c", False),
        ("Resources: [", False),
    ],
)
def test_what_is_worth_an_error_where_it_is_broken(text: str, answer: bool) -> None:
    assert looks_like_template(text.encode()) is answer
    assert looks_like_template(b"\xff\xfe" + text.encode("utf-16-le")) is answer


@pytest.mark.parametrize("tag", ["{% for x in y %}", "<% if a %>", "%{ for x in y }", "%{~if a}"])
def test_sources_of_templates_for_other_programs(tag: str) -> None:
    text = f"Resources:\n{tag}\n  A: {{Type: AWS::EC2::VPC}}"
    assert is_other_source(text.encode())
    assert is_other_source(text.encode("utf-16"))
    assert not is_other_source(b"Resources: {A: {Type: AWS::EC2::VPC}}")


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("A: " + "[" * 300 + "]" * 300, True),
        ("%YAML 3.0\n---\nA: 1", True),
        ("A: [", False),
        ("A: *nowhere", False),
        ("A: 1", False),
    ],
)
@pytest.mark.parametrize("name", ["a.yaml", "a.template"])
def test_bounds_of_ours_are_told_from_what_is_wrong(name: str, text: str, answer: bool) -> None:
    assert is_bounded(document(text, name)) is answer


def test_a_literal_block_is_read_where_it_stands() -> None:
    source = SourceText("a.yaml", "A: 1\nBody: |\n  é: [x,\n    y]\n  B: !Sub z\nC: 2\n")
    (root,) = read(source).roots
    assert isinstance(root, Mapping)
    body = root.get("Body")
    assert isinstance(body, Scalar)
    document = read_embedded(body)
    assert document is not None
    assert document.diagnostics == []
    (inner,) = document.roots
    assert isinstance(inner, Mapping)
    assert list(inner.entries) == ["é", "B"]
    key, node = inner.entries["é"]
    assert (key.span.line, key.span.column, node.span.text) == (3, 3, "[x,\n    y]")
    assert inner.entries["B"][1].span.text == "!Sub z"


@pytest.mark.parametrize("text", ['"A: 1"', "A b", ">\n  A: 1\n", "|"])
def test_other_text_does_not_stand_in_the_file_as_it_is(text: str) -> None:
    (root,) = read(SourceText("a.yaml", f"Body: {text}\n")).roots
    assert isinstance(root, Mapping)
    body = root.get("Body")
    assert isinstance(body, Scalar)
    assert read_embedded(body) is None


def test_a_broken_block_is_an_error_at_its_place() -> None:
    source = SourceText("a.yaml", "Body: |\n  A: 1\n  B: [\nC: 2\n")
    (root,) = read(source).roots
    assert isinstance(root, Mapping)
    body = root.get("Body")
    assert isinstance(body, Scalar)
    document = read_embedded(body)
    assert document is not None
    assert [d.line for d in document.diagnostics] == [3]
