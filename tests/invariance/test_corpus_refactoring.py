"""Nothing changes under refactoring, for every fixture and example."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from functools import partial
from random import Random

import pytest
from tests.invariance import literals, renaming, reordering, rule_spelling, wrapping
from tests.invariance import template_spelling as templates
from tests.invariance.cloud_control_spelling import CannotBeSaidError, in_cloud_control
from tests.invariance.corpus import Case, in_turn, native_cases, template_cases
from tests.invariance.json_spelling import in_json_syntax
from tests.invariance.projects import (
    LEFT_TO_OTHERS,
    OF_ACTIONS,
    OF_COMMANDS,
    OF_MANAGED_HOSTS,
    OF_PAIRS,
    OF_RULES_AS_WRITTEN,
    SCRIPTS,
    UNSET_ACTION,
    Identity,
    Restore,
    about,
    identities,
    judged,
    same,
    same_findings,
    scan_project,
    unsaid,
)

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.engine.report import Report

pytestmark = pytest.mark.slow

_SWITCH = re.compile(r"lifecycle \{[^}]*\benabled\b")
_ALIAS = re.compile(r"[:-] \*\w")
"""An alias of YAML: what it stands for is written elsewhere."""

_OF_THE_PROVIDER = re.compile(r"awscc_\w+\.|^main\.json$|^\.$")
"""What a resource's address begins with beside its logical ID, and a unit's own name."""

_REFUSED_DEFAULT = re.compile(
    r" if var\.literal_\w+ holds the internet"
    r'|the default of variable "literal_\w+" is to be replaced: '
)
"""What is said in addition of a default that EC2 refuses: another deployment has to replace it."""

VARIANTS = 16
"""Literals of a case that are looked at, a third of them in each run."""

native = pytest.mark.parametrize("case", native_cases(), ids=str)
template = pytest.mark.parametrize("case", template_cases(), ids=str)


@pytest.fixture
def random(request: pytest.FixtureRequest) -> Random:
    """Random numbers that are the same for each run of a test, and others for each test."""
    return Random(request.node.name)  # noqa: S311 - not for secrets


def without_switches(case: Case) -> None:
    """Skip a case of which something is not enabled: nothing may refer to that (OpenTofu)."""
    if any(_SWITCH.search(text) for text in case.project.values()):
        pytest.skip("what is not enabled cannot be referred to")


def assert_same(before: Report, after: Report, restore: Restore = same) -> None:
    assert same_findings(identities(before), identities(after, restore)) == ""


def without_longer_ways(report: Report) -> Report:
    """A report without what PATH007 says of hosts that get on by another one.

    Where that one is no sure way in any more, the ways through it are no longer part of its own.
    """
    kept = (f for f in report.findings if f.check.code != "PATH007" or ", then " not in f.message)
    return replace(report, findings=tuple(kept))


@native
def test_renaming(case: Case, random: Random) -> None:
    if any(name.endswith(".hcl") for name in case.project):
        pytest.skip("what names variables in other files is not renamed")
    project, restore = renaming.renamed(case.project, random)
    assert_same(case.report, case.scan(project), restore)


@native
def test_order_of_blocks_and_attributes(case: Case, random: Random) -> None:
    assert_same(case.report, case.scan(reordering.reordered(case.project, random)))


@native
def test_files_in_which_blocks_stand(case: Case, random: Random) -> None:
    assert_same(case.report, case.scan(reordering.redistributed(case.project, random)))


@native
def test_literals_as_variables_with_that_default(case: Case) -> None:
    after = case.scan(literals.as_variables(case.project))
    assert_same(case.report, after, lambda text: _REFUSED_DEFAULT.sub("", text))


@native
def test_a_literal_as_an_unset_variable(case: Case) -> None:
    """It adds no failure and turns no failure into silence."""
    before = case.own_report
    variants = list(literals.each_unset(case.project))
    wrong: set[tuple[str, str]] = set()
    looked_at = variants[:: len(variants) // VARIANTS + 1]
    for number, (argument, project) in enumerate(looked_at):
        if not in_turn(f"{case} {number}", 3):
            continue
        after = scan_project(project, select=case.own_checks)
        assert not after.errors
        nearer = without_longer_ways(after)
        added = unsaid(nearer, before, Status.FAIL, hanging_on="var.unset_literal", on_paths=True)
        added -= {LEFT_TO_OTHERS}
        silent = unsaid(before, after, *Status)
        if any("var.unset_literal" in "".join(one.missing) for one in after.findings):
            silent -= {OF_PAIRS}
        if any(map(UNSET_ACTION.search, project.values())):
            silent -= {OF_ACTIONS}
        if argument in SCRIPTS:
            silent -= OF_COMMANDS
        if argument == "policy_arn":
            silent -= {OF_MANAGED_HOSTS}
        if argument == "template_body" and after.summary.modules_unavailable:
            continue  # a stack of which nothing is known is told as one
        if argument == "type_name" and after.summary.skipped:
            continue  # as is a resource of which not even the type is known
        wrong |= {(argument, code) for code in added | silent}
    assert wrong == set()


@pytest.mark.parametrize(
    "case", [case for case in native_cases() if wrapping.can_be_wrapped(case.project)], ids=str
)
def test_a_root_module_as_a_child_module(case: Case) -> None:
    after = case.scan(wrapping.wrapped(case.project))
    decided = (Status.FAIL, Status.SUPPRESSED)
    outputs = {"KEY003"}  # there are more of them on the way

    def compared(report: Report, restore: Restore = same) -> Counter[Identity]:
        found = identities(report, restore, statuses=decided, wordless=outputs)
        return Counter({one: 1 if one.check in outputs else count for one, count in found.items()})

    assert same_findings(compared(case.report), compared(after, wrapping.unwrapped)) == ""
    # A variable without a value stands at the call's argument, where several findings are one.
    assert set(about(case.report)) == set(about(after, wrapping.unwrapped))


@pytest.mark.parametrize(
    "case", [case for case in native_cases() if wrapping.can_be_wrapped(case.project)], ids=str
)
def test_findings_at_one_place_judge_what_they_would_judge_apart(case: Case) -> None:
    together = case.scan(wrapping.called_twice(case.project, shared=True))
    apart = case.scan(wrapping.called_twice(case.project, shared=False))
    assert judged(together) == judged(apart)
    assert about(together) == about(apart)


@native
def test_json_syntax(case: Case) -> None:
    # A suppression comment has no place in JSON.
    project = {p: t.replace("ec2lint:ignore", "accepted") for p, t in case.project.items()}
    assert_same(case.scan(project), case.scan(in_json_syntax(project)))


@native
def test_inline_rules_as_resources(case: Case) -> None:
    without_switches(case)
    project = rule_spelling.with_separate_rules(case.project, "rule")
    assert_same_rules(case.report, case.scan(project))


@native
def test_resources_as_inline_rules(case: Case) -> None:
    assert_same_rules(case.report, case.scan(rule_spelling.with_inline_rules(case.project)))


@native
def test_inline_rules_as_resources_of_one_source_each(case: Case) -> None:
    """What was one rule of several sources may be several findings, each of one source."""
    without_switches(case)
    after = case.scan(rule_spelling.with_separate_rules(case.project, "vpc_rule"))
    assert unsaid(case.report, after, Status.FAIL) - OF_RULES_AS_WRITTEN == set()
    assert unsaid(after, case.report, Status.FAIL) <= {LEFT_TO_OTHERS, *OF_RULES_AS_WRITTEN}


def assert_same_rules(before: Report, after: Report) -> None:
    """The same, but for words that tell how a rule is declared."""
    spelled = {"SG015", "SG016"}

    def compared(report: Report) -> Counter[Identity]:
        found = identities(report, wordless=spelled)
        return Counter(one for one in found.elements() if one.check not in OF_RULES_AS_WRITTEN)

    assert same_findings(compared(before), compared(after)) == ""


@template
def test_ways_of_writing_a_template(case: Case) -> None:
    [(path, text)] = case.project.items()
    data = templates.data_of(text)
    if _ALIAS.search(text):  # what several refer to is one place, and so one finding
        text = templates.as_long_yaml(data)
    before = case.scan({path: text.replace("ec2lint:ignore", "accepted")})
    for write in (templates.as_json, templates.as_long_yaml, templates.as_short_yaml):
        name = path.rsplit(".", 1)[0] + (".json" if write is templates.as_json else ".yaml")
        after = case.scan({name: write(data)})
        assert_same(before, after, partial(_replaced, name, path))


def _replaced(old: str, new: str, text: str) -> str:
    return text.replace(old, new)


@template
def test_a_template_as_resources_of_the_cloud_control_provider(case: Case) -> None:
    data = templates.data_of(case.text.replace("ec2lint:ignore", "accepted"))
    try:
        text = in_cloud_control(data)
    except CannotBeSaidError:
        pytest.skip("it says what a configuration cannot, or says in another way")

    def compared(report: Report) -> Counter[tuple[str, str, str, frozenset[str]]]:
        assert not report.errors
        return Counter(
            (
                finding.check.code,
                finding.status.value,
                finding.severity.value,
                # Of several at one place the first by its address, which begins with its type, is
                # named: all of them are compared. Of two hosts with one key one alone is told.
                frozenset(
                    _OF_THE_PROVIDER.sub("", subject.address)
                    for subject in finding.subjects
                    if finding.check.code != OF_PAIRS
                ),
            )
            for finding in report.findings
            if finding.check.code != "SG022"  # Terraform takes away rules that it does not manage
        )

    before = case.scan({"main.json": templates.as_json(data)})
    after = case.scan({"main.tf.json": text})
    assert compared(after) == compared(before)


@template
def test_renaming_a_template(case: Case, random: Random) -> None:
    data = templates.data_of(case.text)
    if templates.can_be_renamed(data):
        before = case.scan({"template.json": templates.as_json(data)})
        after, restore = templates.renamed(data, random)
        report = case.scan({"other.json": templates.as_json(after)})
        assert_same(before, report, lambda text: restore(text).replace("other.", "template."))


@template
def test_order_in_a_template(case: Case, random: Random) -> None:
    data = templates.data_of(case.text)
    before = case.scan({"template.json": templates.as_json(data)})
    shuffled = templates.reordered(data, random)
    assert_same(before, case.scan({"template.json": templates.as_json(shuffled)}))


@template
def test_inline_rules_of_a_template_as_resources(case: Case) -> None:
    data = templates.data_of(case.text)
    before = case.scan({"template.json": templates.as_json(data)})
    separate = templates.with_separate_rules(data)
    assert_same_rules(before, case.scan({"template.json": templates.as_json(separate)}))
