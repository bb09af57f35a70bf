from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.iam.policy.policy_values import (
    SPAN,
    allow,
    deny,
    document,
    either,
    joined,
    reference,
    text,
    val,
    variable,
)

from iac_ec2lint.iam.policy.document import Choice, PolicyDocument
from iac_ec2lint.iam.policy.matching import Request, allows
from iac_ec2lint.iam.policy.statement import Statement
from iac_ec2lint.source.span import SourceText, Span
from iac_ec2lint.values import Step, Unknown, Val, Value


def truth(read: PolicyDocument, action: str, arn: str = "arn:aws:s3:::b/k") -> bool | None:
    return allows([read], Request(action, val(arn))).truth


STRUCTURE = {"Statement": [allow("s3:GetObject", ["arn:aws:s3:::b/*"])]}


@pytest.mark.parametrize(
    "value",
    [
        val(STRUCTURE),
        val(json.dumps(STRUCTURE)),
        val({"statement": {"effect": "Allow", "ACTION": ["s3:GetObject"], "Resource": "*"}}),
        val({"Statement": allow("s3:GetObject")}),
        val([allow("s3:GetObject")]),
        Value(json.dumps(STRUCTURE), SPAN, decoded=val(STRUCTURE)),
        variable(decoded=val(STRUCTURE)),
        joined('{"Statement": [{"Action": "s3:*", "Effect": "', variable(), '"}]}'),
        either(STRUCTURE, json.dumps(STRUCTURE)),
        joined(
            text(allow("s3:GetObject"))[:-2] + ', {"Effect": "Allow", "Action": "',
            variable(),
            '"}]}',
        ),
    ],
)
def test_a_document_arrives_in_many_forms(value: Val) -> None:
    read = PolicyDocument.read(value)
    assert read.valid
    assert truth(read, "s3:GetObject") in {True, None}
    assert read.statements[0].actions is not None


def test_pieces_become_unknown_per_field() -> None:
    written = joined(
        '{"Statement": [{"Effect": "Allow", "Action": ["s3:GetObject", "s3:Put',
        variable("put"),
        '"], "Resource": "',
        reference("aws_s3_bucket.b"),
        '/*", "Principal": ',
        variable("who"),
        "}, ",
        variable("more"),
        "]}",
    )
    read = PolicyDocument.read(written)
    first, second = read.statements
    assert first.effect.text == "Allow"
    assert first.actions is not None
    assert first.resources is not None
    assert first.principals is not None
    get, put = first.actions
    assert get.text == "s3:GetObject"
    assert isinstance(put, Unknown)
    assert put.parts[0] == "s3:Put"
    assert isinstance(first.resources[0], Unknown)
    assert first.resources[0].references[0].target == "aws_s3_bucket.b"
    assert first.principals[0].kind == ""
    assert second.uncertain is not None
    assert second.uncertain.reason == "var.more has no value"


def test_a_quoted_piece_is_itself() -> None:
    piece = variable()
    read = PolicyDocument.read(joined('{"Statement": {"Effect": "', piece, '", "Action": "*"}}'))
    assert read.statements[0].effect is not None
    assert isinstance(read.statements[0].effect, Unknown)
    assert read.statements[0].effect.reason == piece.reason


@pytest.mark.parametrize(
    ("written", "words"),
    [
        (
            '{"Statement":\n  [}',
            "the policy is not valid JSON: expected a value, found '}' at line 2, column 4 of it",
        ),
        ("{", "found the end of the policy at line 1, column 2"),
        ("[]", "not a JSON object"),
        ("{}", "no Statement"),
        ('{"Statement": NaN}', "not valid JSON"),
        ('{"Statement": 1e999999}', "a number that cannot be read: 1e999999"),
        ('{"a":' * 300 + "1" + "}" * 300, "too deeply"),
        ("[" * 100_000, "too deeply"),
        ("nonsense", "not valid JSON"),
    ],
)
def test_what_cannot_be_read_is_a_problem_and_unknown(written: str, words: str) -> None:
    read = PolicyDocument.read(val(written))
    assert not read.valid
    assert words in read.problems[0].message
    assert read.problems[0].span == SPAN
    assert truth(read, "s3:GetObject") is None


@given(st.text(alphabet='{}[]":, \\aStement\ue0f0\ue0f11', max_size=40))
def test_no_text_raises(written: str) -> None:
    assert PolicyDocument.read(val(written)).span == SPAN


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.sampled_from(["*", "Allow", "AWS", ""]),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["Statement", "Effect", "Action", "Principal", "Condition", "AWS"]),
                inner,
                max_size=3,
            )
        ),
        max_leaves=12,
    )
)
def test_no_structure_raises(plain: Any) -> None:
    read = PolicyDocument.read(val(plain))
    assert truth(read, "ec2:RunInstances") in {True, False, None}


def test_a_piece_that_makes_no_json_leaves_the_document_unknown() -> None:
    read = PolicyDocument.read(joined('{"Statement": [{} ', variable(), "]}"))
    assert read.valid
    assert truth(read, "s3:GetObject") is None


def test_statements_of_literal_text_have_spans_of_their_own() -> None:
    first = '{"Effect": "Allow", "Action": "*", "Resource": "*"}'
    second = '{"Effect":"Deny","Action":"iam:*","Resource":"*"}'
    written = '{\n  "Statement" : [\n ' + first + ",\n " + second + "]\n}"
    source = SourceText("a.tf", f"policy = <<EOF\n{written}\nEOF\n")
    span = Span(source, 9, len(source.text))
    read = PolicyDocument.read(Value(written, span))
    assert [statement.span.text for statement in read.statements] == [first, second]
    alone = SourceText("b.tf", '{"Statement": ' + first + "}")
    single = PolicyDocument.read(Value(alone.text, Span(alone, 0, len(alone.text))))
    assert [statement.span.text for statement in single.statements] == [first]


def test_statements_of_other_text_have_the_span_of_the_string() -> None:
    assert PolicyDocument.read(val(text(allow()))).statements[0].span == SPAN


def test_of_two_documents_only_what_both_allow_is_sure() -> None:
    read = PolicyDocument.read(
        either({"Statement": [allow("s3:*")]}, {"Statement": [allow(["s3:GetObject", "ec2:*"])]})
    )
    assert truth(read, "s3:GetObject") is True
    assert truth(read, "s3:PutObject") is None
    assert truth(read, "ec2:RunInstances") is None
    assert truth(read, "iam:PassRole") is False


def test_alternatives_stay_together() -> None:
    open_or_closed = either(
        {"Statement": [allow("s3:*"), deny("s3:PutObject")]}, {"Statement": [allow("s3:Get*")]}
    )
    read = PolicyDocument.read(open_or_closed)
    assert truth(read, "s3:PutObject") is False
    assert [s.uncertain is not None for s in read.statements] == [True, True, True]


def test_a_statement_may_be_one_of_several_or_none() -> None:
    read = document(allow("s3:GetObject"), either(deny("s3:Get*"), None), None)
    assert isinstance(read.items[1], Choice)
    assert truth(read, "s3:GetObject") is None
    assert truth(document(either(allow("s3:*"), allow("s3:Get*"))), "s3:GetObject") is True


def test_too_many_alternatives_are_possible_statements() -> None:
    read = document(allow("s3:*"), *[either(deny("ec2:*"), deny("iam:*")) for _ in range(12)])
    assert truth(read, "s3:GetObject") is True
    assert truth(read, "kms:Decrypt") is False
    assert truth(document(allow(), *[either(deny("ec2:*"), None)] * 12), "ec2:A") is None


def test_null_and_blank_take_the_default_where_there_is_one() -> None:
    default = PolicyDocument.full_access(SPAN)
    assert PolicyDocument.read(val(None), default) is default
    assert PolicyDocument.read(val(" \n"), default) is default
    assert truth(PolicyDocument.read(val(None)), "s3:GetObject") is False
    either_way = PolicyDocument.read(either(None, {"Statement": []}), default)
    assert truth(either_way, "s3:GetObject") is None


def test_what_has_no_effect_is_a_problem() -> None:
    read = document(
        {"Effect": "allow", "Action": "RunInstances"},
        {"Action": "*", "NotAction": "*"},
        {"Effect": "Allow"},
        "text",
        allow(Principal={"AWS": "arn:aws:iam::123456789012:role/*"}),
        allow(Condition={"StringSame": {"a": "b"}}),
    )
    messages = [problem.message for problem in read.problems]
    assert messages == [
        "Effect is neither Allow nor Deny",
        'the action "RunInstances" names no service',
        "the statement has no Effect",
        "the statement has both Action and NotAction",
        "the statement has neither Action nor NotAction",
        "a statement is not a map",
        (
            'the principal "arn:aws:iam::123456789012:role/*" matches nothing: '
            "it may not hold wildcards"
        ),
        '"StringSame" is no condition operator',
    ]


def test_answers_rest_on_the_defaults_that_the_document_came_through() -> None:
    step = Step(SPAN, 'default of variable "policy"', assumed=True)
    for value in (val(text(allow("s3:*"))), val({"Statement": [allow("s3:*")]})):
        read = PolicyDocument.read(value.after(step))
        answer = allows([read], Request("s3:GetObject", val("arn:aws:s3:::b/k")))
        assert answer.truth is True
        assert step in answer.assumptions


def test_conditions_are_taken_apart() -> None:
    read = document(
        allow(Condition={"forAllValues:stringlikeIfExists": {"aws:TagKeys": ["a", "b"], "k": True}})
    )
    first, second = read.statements[0].conditions
    assert (first.operator, first.qualifier, first.if_exists) == (
        "StringLike",
        "ForAllValues",
        True,
    )
    assert [value.text for value in first.values] == ["a", "b"]
    assert [value.text for value in second.values] == ["true"]


def test_an_unknown_statement_may_do_anything() -> None:
    statement = Statement.unknown(variable())
    read = PolicyDocument((statement,), SPAN)
    answer = allows([read], Request("s3:GetObject", val("arn:aws:s3:::b/k")))
    assert answer.truth is None
    assert answer.causes[0].reason == "var.x has no value"
    assert truth(document(allow(), variable()), "s3:GetObject") is None


def test_an_unknown_inside_an_alternative_keeps_its_own_reason() -> None:
    read = PolicyDocument.read(either({"Statement": [variable("inner")]}, {"Statement": []}))
    assert [s.uncertain.reason for s in read.statements if s.uncertain is not None] == [
        "var.inner has no value"
    ]
