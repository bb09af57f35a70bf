"""Nothing changes under refactoring, for made-up infrastructure, and across both languages."""

from __future__ import annotations

from collections import Counter
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.invariance import literals, renaming, reordering, rule_spelling, wrapping
from tests.invariance import template_spelling as templates
from tests.invariance.configurations import Configuration, cloudformation, configurations, terraform
from tests.invariance.json_spelling import in_json_syntax
from tests.invariance.projects import (
    Project,
    identities,
    same_findings,
    scan_project,
)

from iac_ec2lint.engine.report import Report

pytestmark = pytest.mark.slow

few = settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
randoms = st.randoms(use_true_random=False)


def project(made: Configuration) -> Project:
    return {"main.tf": terraform(made)}


@few
@given(configurations(), randoms)
def test_rewrites_of_terraform(made: Configuration, random: Random) -> None:
    """All of them one after the other."""
    before = identities(scan_project(project(made)))
    after, restore = renaming.renamed(project(made), random)
    steps: list[Project] = [after]
    for rewrite in (reordering.reordered, reordering.redistributed):
        steps.append(rewrite(steps[-1], random))
    steps.append(literals.as_variables(steps[-1]))
    steps.append(wrapping.wrapped(steps[-1]))
    steps.append(in_json_syntax(steps[-1]))
    for number, step in enumerate(steps):
        found = identities(scan_project(step), lambda text: wrapping.unwrapped(restore(text)))
        assert same_findings(before, found) == "", f"step {number}"


@few
@given(configurations())
def test_spellings_of_rules(made: Configuration) -> None:
    before = identities(scan_project(project(made)))
    for spelling in ("rule", "vpc_rule"):
        text = terraform(made, spelling)
        assert same_findings(before, identities(scan_project({"main.tf": text}))) == "", spelling
        back = rule_spelling.with_inline_rules({"main.tf": text})
        assert "_rule" not in back["main.tf"]
        assert same_findings(before, identities(scan_project(back))) == "", f"{spelling} and back"


@few
@given(configurations(), randoms)
def test_rewrites_of_templates(made: Configuration, random: Random) -> None:
    data = cloudformation(made)
    before = identities(scan_project({"a.json": templates.as_json(data)}))
    renamed, restore = templates.renamed(data, random)
    shuffled = templates.reordered(renamed, random)
    for text in (templates.as_long_yaml(shuffled), templates.as_short_yaml(shuffled)):
        after = identities(scan_project({"b.yaml": text}), restore)
        assert same_findings(before, after) == ""
    text = templates.as_short_yaml(cloudformation(made, separate=True))
    assert same_findings(before, identities(scan_project({"c.yaml": text}))) == ""


@few
@given(configurations())
def test_both_languages_say_the_same(made: Configuration) -> None:
    in_terraform = _by_name(scan_project(project(made)))
    in_a_template = _by_name(scan_project({"a.json": templates.as_json(cloudformation(made))}))
    assert in_terraform == in_a_template


def _by_name(report: Report) -> Counter[tuple[Any, ...]]:
    """Findings by what a resource is called; words name arguments as each language does."""
    assert not report.errors
    return Counter(
        (f.check.code, f.subject.rsplit(".", 1)[-1], f.severity, f.status)
        for f in report.findings
        # Only Terraform can take charge of a VPC's default group.
        if f.check.code != "SG016"
    )
