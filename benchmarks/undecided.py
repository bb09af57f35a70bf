"""Gives inputs of real infrastructure values, and prints each verdict that contradicts another.

    python benchmarks/undecided.py FOLDER [--number 200] [--seed 0] [--select PATH] [--terraform]

Each folder in FOLDER is one repository; nothing is fetched. Of each unit all inputs that something
undecided hangs on are asked in turn: the unit is judged without a value of it and with each of
some, most of them safe for something and unsafe for something else. What is found with a value must
have been found, or undecided, without it; what surely fails without it must fail with it. Inputs
are taken in an order that the seed alone decides, from each repository in turn, until values have
decided so many undecided results. The exit status is 1 where anything contradicts.
See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.source.span import SourceText
from iac_ec2lint.values import Confidence
from iac_ec2lint.values.addresses import without_keys
from iac_ec2lint.values.stated import StatedInput

POLICY: Final = {"Effect": "Allow", "Action": "*", "Resource": "*", "Principal": "*"}
VALUES: Final = (
    "10.0.0.0/8",
    "0.0.0.0/0",
    ["10.0.0.0/8"],
    ["10.0.0.0/8", "0.0.0.0/0"],
    ["subnet-0123456789abcdef0", "subnet-0123456789abcdef1"],
    json.dumps({"Version": "2012-10-17", "Statement": [POLICY]}),
    "production",
    "required",
    "optional",
    True,
    False,
    22,
)
"""What an input is given; what is of the wrong type, or is refused, tells nothing."""
REFUSED: Final = frozenset({"RES008"})
"""Checks that fail with values that AWS refuses: an Application Load Balancer in one zone."""
SAID_BY: Final = {"PATH008": "IAM009"}
"""Checks that leave what hangs on a policy of which nothing is known to another one."""


class Question(NamedTuple):
    """An input of one unit.

    Attributes:
        repository: The folder of the repository.
        unit: The folder of the root module, or the file of the template.
        language: Of the unit.
        key: The input.
        undecided: How many results are undecided that hang on it.
    """

    repository: Path
    unit: Path
    language: str
    key: str
    undecided: int


Key = tuple[str, str, str]
"""The check, its family and what it judges, without instance keys."""


def judged(question: Question, select: tuple[str, ...], value: object = None) -> Report:
    """The unit of a question, with a value of its input, or with none."""
    text = json.dumps(value)
    place = SourceText("value", text).span(0, len(text))
    stated = () if value is None else (StatedInput(question.key, text, place),)
    return scan(
        ScanOptions(
            paths=(question.unit,),
            working=question.repository,
            boundary=question.repository,
            select=select,
            stated=stated,
            suppressions=False,
            jobs=1,
        )
    )


def questions(repository: Path, select: tuple[str, ...]) -> list[Question]:
    """What can be asked of a repository."""
    report = scan(
        ScanOptions(
            paths=(repository,),
            working=repository,
            boundary=repository,
            allow_empty=True,
            select=select,
            suppressions=False,
        )
    )
    found: Counter[tuple[str, str, str]] = Counter()
    for finding in report.findings:
        if finding.status is Status.UNDECIDED:
            for unit in {subject.unit for subject in finding.subjects}:
                for one in finding.inputs:
                    if not one.fact:
                        found[unit, finding.language, one.key] += 1
    return [
        Question(repository, repository / unit, language, key, number)
        for (unit, language, key), number in sorted(found.items())
        if (repository / unit).exists()
    ]


def in_turn(asked: list[list[Question]], seed: int) -> Iterator[Question]:
    """One question of each repository after the other, in the order that a seed makes."""
    chance = random.Random(seed)  # noqa: S311 - nothing is a secret here
    for each in asked:
        chance.shuffle(each)
    chance.shuffle(asked)
    while asked:
        for each in asked:
            yield each.pop()
        asked = [each for each in asked if each]


def by_key(report: Report) -> dict[Key, list[Finding]]:
    """Findings by what they are about."""
    found: dict[Key, list[Finding]] = defaultdict(list)
    for finding in report.findings:
        for subject in {finding.subject, *(one.address for one in finding.subjects)}:
            family = finding.check.family
            found[finding.check.code, family, without_keys(subject)].append(finding)
    return found


def contradictions(without: Report, given: Report) -> Iterator[str]:
    """What is said without a value and is not so with one, in words."""
    before, after = by_key(without), by_key(given)
    said = defaultdict(list)
    for (_, family, subject), findings in before.items():
        said[family, subject].extend(findings)
    for (code, family, subject), findings in after.items():
        if code in REFUSED or (code, family, subject) in before:
            continue
        if any(other == SAID_BY.get(code) for other, _, _ in before):
            continue
        for one in findings:
            sure = one.status is Status.FAIL and one.when is None
            if not sure or any(
                old.severity.at_least(one.severity) for old in said[family, subject]
            ):
                continue
            yield f"{code} {subject} passes without it, and fails: {one.message}"
            break
    for (code, _, subject), findings in before.items():
        proven = [
            one
            for one in findings
            if one.status is Status.FAIL
            and one.when is None
            and one.confidence in (Confidence.PROVEN, Confidence.ASSUMED)
        ]
        if proven and (code, _, subject) not in after:
            yield f"{code} {subject} fails without it, and passes: {proven[0].message}"


class Tried(NamedTuple):
    """What became of an input's undecided results.

    Attributes:
        results: How many there are, judged by the unit alone.
        decided: How many of them a value decides.
        failing: How many fail with one value.
        passing: How many pass with one value.
        wrong: What contradicts.
    """

    results: int
    decided: int
    failing: int
    passing: int
    wrong: list[str]


def ask(question: Question, select: tuple[str, ...]) -> Tried:
    """Judge a unit with each value of an input."""
    without = judged(question, select)
    before = {
        key
        for key, findings in by_key(without).items()
        for one in findings
        if one.status is Status.UNDECIDED
        and question.key in {each.key for each in one.inputs if not each.fact}
    }
    failing: set[Key] = set()
    passing: set[Key] = set()
    wrong: dict[str, str] = {}
    errors = {error.message for error in without.errors}
    for value in VALUES if before else ():
        given = judged(question, select, value)
        if {error.message for error in given.errors} - errors:
            continue
        after = by_key(given)
        for key in before:
            if key not in after:
                passing.add(key)
            elif any(one.status is Status.FAIL for one in after[key]):
                failing.add(key)
        for words in contradictions(without, given):
            wrong.setdefault(words, f"{json.dumps(value)}: {words}")
    return Tried(
        len(before), len(failing | passing), len(failing), len(passing), list(wrong.values())
    )


def main() -> int:
    """Print what was tried, and what contradicts."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--number", type=int, default=200, help="how many a value must decide")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--select", default="")
    parser.add_argument("--terraform", action="store_true", help="root modules alone")
    parser.add_argument("--list", action="store_true", help="a line for each input")
    options = parser.parse_args()
    select = tuple(word for word in options.select.split(",") if word)
    repositories = sorted(path.resolve() for path in options.folder.iterdir() if path.is_dir())
    asked = [
        [
            one
            for one in questions(each, select)
            if one.language == "terraform" or not options.terraform
        ]
        for each in repositories
    ]
    total: Counter[str] = Counter()
    wrong = 0
    for question in in_turn([each for each in asked if each], options.seed):
        if total["decided"] >= options.number:
            break
        tried = ask(question, select)
        total.update(
            inputs=1,
            results=tried.results,
            decided=tried.decided,
            failing=tried.failing,
            passing=tried.passing,
            terraform=tried.decided if question.language == "terraform" else 0,
        )
        name = question.unit.relative_to(question.repository.parent)
        if options.list:
            print(f"{name}: {question.key}: {tried.results} {tried.failing} {tried.passing}")
        for words in tried.wrong:
            wrong += 1
            print(f"{name}: {question.key} = {words}")
    print(
        f"{total['inputs']} inputs, {total['results']} undecided results: a value decides"
        f" {total['decided']} ({total['terraform']} of Terraform); {total['failing']} fail with"
        f" one, {total['passing']} pass with one; {wrong} contradict"
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
