"""Regular expressions: RE2's syntax and meaning, in bounded time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.terraform.conftest import Workspace, unknown

from iac_ec2lint.values.re2.machine import Machine, Work
from iac_ec2lint.values.re2.parser import read

CASES = [
    # A repetition in a repetition, an alternation in a repetition: what Python may take for ever.
    (r'regexall("(a+)+$", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab")', []),
    (r'regexall("(?:a|a)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac")', []),
    (r'regex("^(?:a?){25}a{25}$", "aaaaaaaaaaaaaaaaaaaaaaaaa")', "a" * 25),
    (r'regex("^(?:[a-z]+-?)+$", "aaaa-bbb-cc")', "aaaa-bbb-cc"),
    (
        r'regex("^(([0-9]{1,3}\\.){3}[0-9]{1,3})/([0-9]+)$", "10.20.30.40/16")',
        ["10.20.30.40", "30.", "16"],
    ),
    (r'can(regex("^(([0-9]{1,3}\\.){3}[0-9]{1,3})/([0-9]+)$", "10.20.30/16"))', False),
    # The first way that matches is preferred, as Perl has it; captures are the last iteration's.
    (r'regex("(a|ab)(c|bcd)", "abcd")', ["a", "bcd"]),
    (r'regex("((?:a|b)*?)b", "aabb")', ["aa"]),
    (r'regex("((?:a|b)*)b", "aabb")', ["aab"]),
    (r'regex("(?:(a)|b)*", "ab")', ["a"]),
    (r'regex("(?U)((?:a|b)+)", "ab")', ["a"]),
    # A character by its number.
    (r'regex("^\\x41\\x{1F600}[\\x{e9}\\101]\\071$", "A😀é9")', "A😀é9"),
    (r'regex("^\\a\\f\\t\\n\\r\\v$", "\u0007\u000c\t\n\r\u000b")', "\a\f\t\n\r\v"),
    (r'regex("^\\_\\-\\.$", "_-.")', "_-."),
    # Repeating what may be empty ends.
    (r'regexall("b*?", "bb")', ["", "", ""]),
    (r'regexall("(?:a*)*", "baac")', ["", "aa", ""]),
    (r'regex("(a*)+", "b")', [""]),
    (r'regex("(?:|a)+", "aaa")', ""),
    (r'regex("(?m)^(?:[a-z]+ ?)+$", "1\nab cd\n2")', "ab cd"),
    (r'regexall("(?i)(?:ab|c)+\\b", "xABc ab1 C")', ["ABc", "C"]),
    (r'replace("aXbbXc", "/(?:[a-z]|X)+?X/", "<$0>")', "<aX><bbX>c"),
    (r'replace("ab12cd", "/(?P<l>[a-z]+)(?P<d>[0-9]+)/", "$d-$${l}$$$x")', "12-ab$cd"),
]


@pytest.mark.parametrize(("expression", "expected"), CASES, ids=[case[0] for case in CASES])
def test_an_expression_matches_as_re2_does(
    workspace: Workspace, expression: str, expected: object
) -> None:
    assert workspace.expression(expression) == expected


@pytest.mark.parametrize(
    "pattern",
    [
        "(?P<a>x)(?P<a>y)",
        "(?P<a>x)(y)",
        "(?:a{500}){3}",
        "a{2,1}",
        "a**",
        "(?=a)",
        r"\\1",
        "(",
        "a)",
        "[b-a]",
    ],
)
def test_what_re2_rejects_is_an_error(workspace: Workspace, pattern: str) -> None:
    workspace.evaluate(f'locals {{\n  x = regexall("{pattern}", "aaa")\n}}')
    assert unknown(workspace.local("x")).cause == "error"
    assert len(workspace.messages()) == 1


@pytest.mark.slow
def test_a_match_that_takes_too_many_steps_is_an_error_that_names_the_bound(
    workspace: Workspace,
) -> None:
    workspace.evaluate(
        'locals {\n  x = regexall("(?:(?:a|b|ab){1,30}c){30}", join("", [for i in range(1000) : '
        '"abababababababab"]))\n}'
    )
    value = unknown(workspace.local("x"))
    assert value.cause == "limit"
    assert workspace.messages() == ["regexall(): the pattern takes more than 2000000 steps"]


def test_deep_nesting_is_an_error_that_names_the_bound(workspace: Workspace) -> None:
    workspace.evaluate(
        f'locals {{\n  x = regexall("{"(" * 5000}a{")" * 5000}", "a")\n'
        f'  y = replace("a", "/{"(" * 5000}a{")" * 5000}/", "")\n}}'
    )
    assert {unknown(workspace.local(name)).cause for name in "xy"} == {"limit"}
    assert sorted(workspace.messages()) == [
        "regexall(): the pattern nests deeper than 200",
        "replace(): the pattern nests deeper than 200",
    ]


def test_a_script_that_is_not_known_here_is_unknown(workspace: Workspace) -> None:
    workspace.evaluate(r'locals { x = regexall("\\p{Greek}", "a") }')
    assert unknown(workspace.local("x")).cause == "expression"
    assert workspace.messages() == []


OPERATORS = st.sampled_from(["", "*", "+", "?", "*?", "+?", "??", "{2}", "{1,3}", "{2,}", "{1,2}?"])
LETTERS = st.sampled_from(["a", "b", "[ab]", "."])


def _groups(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    # Each arm begins with a letter: where a loop's body may be empty, Python and Go differ.
    arm = st.builds(str.__add__, LETTERS, inner)
    body = st.lists(arm, min_size=1, max_size=3).map("|".join)
    opening = st.sampled_from(["(", "(?:"])
    group = st.builds("{}{})".format, opening, body)
    piece = st.builds(str.__add__, st.one_of(LETTERS, group), OPERATORS)
    return st.lists(piece, max_size=3).map("".join)


PATTERNS = st.recursive(st.just(""), _groups, max_leaves=5)


@given(PATTERNS, st.text("ab", max_size=9))
def test_the_machine_and_pythons_matcher_agree(pattern: str, text: str) -> None:
    expression = read(pattern)
    machine = Machine(expression.node, expression.count)
    python = re.compile(pattern)
    for start in range(len(text) + 1):
        match = python.search(text, start)
        spans = (
            [at for group in range(python.groups + 1) for at in match.span(group)] if match else []
        )
        assert list(machine.search(text, start, Work()) or ()) == spans
