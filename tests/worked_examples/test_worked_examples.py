"""What is said of roles, endpoints, hosts, disks and paths: worked examples, in both languages.

The examples 29 to 46 of the semantics, and the traps of its sections D to G. ``cases/*.txt`` has
them, written as ``tests/network/reach_cases`` is: an expectation is a resource, a question
(``answers``), the answer, words that must hold, and after the colon the lines that it points at.
An example that asks for the findings of a check, or of any path, states all that there are.
"""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import pytest
from tests.network.reach_tables import LANGUAGES, Expectation, ReachCase, cases
from tests.worked_examples.answers import CODE, Told, Unit, finding

from iac_ec2lint.engine.report import Report

pytestmark = pytest.mark.slow

FOLDER = Path(__file__).parent / "cases"
NAMES = {"terraform": "main.tf", "cloudformation": "main.yaml"}
CONFIDENCES = {"proven", "conditional", "assumed", "likely", "possible"}
SEVERITIES = {"critical", "high", "medium", "low", "info"}
TABLE = [
    pytest.param(case, language, id=f"{case.file}: {case.name} ({language})")
    for case in cases(FOLDER)
    for language in LANGUAGES
    if language in case.texts
]
TERRAFORM_ALONE = {
    "H36": "a template has no policy documents to merge",
    "H40": "a template has no default of the account",
    "H44": "a template has no default of the account",
}


def test_no_two_examples_have_one_name() -> None:
    names = [case.name for case in cases(FOLDER)]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("number", range(29, 47))
def test_each_worked_example_is_there_in_both_languages(number: int) -> None:
    name = f"H{number}"
    own = [case for case in cases(FOLDER) if case.name.split()[0].rstrip("bcd") == name]
    found = {language for case in own for language in case.texts}
    assert found == ({"terraform"} if name in TERRAFORM_ALONE else set(LANGUAGES))


@pytest.mark.parametrize(("case", "language"), TABLE)
def test_answers_and_what_they_rest_on(case: ReachCase, language: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[language]
    path.write_text(case.text(language), "utf-8")
    unit = Unit(path)
    labels = case.labels(language)
    asked = {each.port for each in case.expectations}
    codes = {code for code in asked if CODE.fullmatch(code)}
    paths = {"PATH"} if any(code.startswith("PATH") for code in codes) else set()
    report = unit.scan(*sorted(codes | paths)) if codes else Report()
    assert not report.errors
    left = [(found.check.code, found.subject, finding(found)) for found in report.findings]
    for expected in case.expectations:
        words = _Words(expected, LANGUAGES.index(language))
        subject = expected.resource[language]
        if not CODE.fullmatch(expected.port):
            _check(words, unit.ask(subject, expected.port, words.about), labels)
            continue
        of_it = [each for each in left if each[:2] == (expected.port, subject)]
        if expected.verdict == "none":
            assert of_it == []
            continue
        fitting = [
            each for each in of_it if all(any(w in t for t in each[2].texts) for w in words.says)
        ]
        assert fitting, (expected, of_it)
        _check(words, fitting[0][2], labels)
        left.remove(fitting[0])
    assert left == [], "each finding has an expectation"


class _Words:
    """What an expectation says in one language, sorted; ``a|b`` is ``b`` in the second."""

    def __init__(self, expected: Expectation, language: int) -> None:
        def chosen(text: str) -> str:
            names = text.split("|")
            return names[min(language, len(names) - 1)]

        self.expected = expected
        self.hops = None if expected.hops is None else [chosen(hop) for hop in expected.hops]
        self.says: list[str] = []
        self.missing: list[str] = []
        self.about: dict[str, str] = {}
        self.plain: list[str] = []
        for word in expected.words:
            name, mark, value = word.partition("=")
            value = ",".join(map(chosen, value.strip('"').split(",")))
            if not mark:
                self.plain.append(word)
            elif name == "says":
                self.says.append(value)
            elif name == "missing":
                self.missing.append(value)
            else:
                self.about[name] = value


def _check(words: _Words, told: Told, labels: dict[int, str]) -> None:
    expected = words.expected
    what = f"{expected}\n{told}"
    assert told.verdict == expected.verdict, what
    for word in words.plain:
        if word in CONFIDENCES:
            assert told.details["confidence"] == word, what
        else:
            assert word in SEVERITIES, f"{word} is no word of an expectation"
            assert told.details["severity"] == word, what
    for text in words.says:
        assert any(text in said for said in told.texts), what
    for text in words.missing:
        assert any(text in reason for reason in told.missing), what
    for name, value in words.about.items():
        if name in {"to", "device"}:
            continue
        if name in {"at", "edits"}:
            lines = [_label(labels, int(line)) for line in told.details[name].split(",")]
            assert lines == value.split(","), what
        else:
            assert value in told.details[name].split(","), what
    if told.verdict == "undecided":
        assert told.missing, what
    if words.hops is not None:
        lines = [_label(labels, line) for line in told.lines]
        assert [label for label, _ in groupby(lines)] == words.hops, what


def _label(labels: dict[int, str], line: int) -> str:
    return labels.get(line, f"line {line}")
