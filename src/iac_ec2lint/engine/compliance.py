"""Frameworks of controls, and what a scan says of each control.

A framework is one file in ``facts/frameworks/``. Its controls stand there with an own title each;
which checks answer a control follows from what is said of the checks: the framework itself
(``named_as``), or what the file gives for the control (``answered_by``): codes of checks or
families; the names of another program's checks; the controls of another framework. A control that
asks for a part of what its checks find says of what ``kind`` that is.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.check import did_you_mean
from iac_ec2lint.engine.finding import Status
from iac_ec2lint.engine.framework import Control, Framework
from iac_ec2lint.facts import facts, names

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iac_ec2lint.engine.finding import CheckInfo, Finding
    from iac_ec2lint.engine.report import Report

_FOLDER = "frameworks/"


class Standing(StrEnum):
    """What a scan says of a control."""

    FAILED = "failed"
    UNDECIDED = "undecided"
    PASSED = "passed"
    NOT_APPLICABLE = "not applicable"
    """Nothing of the kinds that its checks judge is declared."""
    NOT_JUDGED = "not judged"
    """No check answers it, or none of those that do ran."""


class Judged(NamedTuple):
    """A control and what a scan says of it.

    Attributes:
        control: The control.
        standing: That.
        findings: What fails and is undecided, in the report's order.
        accepted: How many findings are suppressed: they do not count.
    """

    control: Control
    standing: Standing
    findings: tuple[Finding, ...]
    accepted: int


def frameworks() -> tuple[str, ...]:
    """The names of all frameworks, sorted."""
    return tuple(n.removeprefix(_FOLDER) for n in names() if n.startswith(_FOLDER))


def framework(name: str, infos: Iterable[CheckInfo]) -> Framework:
    """A framework with the checks that answer its controls.

    Args:
        name: One of ``frameworks()``.
        infos: All checks that there are.

    Raises:
        ValueError: There is no such framework.
    """
    if name not in frameworks():
        hint = did_you_mean(name, frameworks()) or f"there are {', '.join(frameworks())}"
        raise ValueError(f"no framework is called {name!r}; {hint}")
    read = facts(_FOLDER + name)
    named_as = read.get("named_as", {})
    by_word: dict[tuple[str, str], set[str]] = {}
    for info in infos:
        for beginning in (info.code, info.family):
            by_word.setdefault(("codes", beginning), set()).add(info.code)
        for source in (info.compliance, info.peers):
            for key, words in source.items():
                for word in words:
                    by_word.setdefault((key, word), set()).add(info.code)
    controls = []
    for row in read["controls"]:
        asked = [(key, form.replace("{id}", row["id"])) for key, form in named_as.items()]
        asked += [(key, word) for key, few in row.get("answered_by", {}).items() for word in few]
        codes = {code for word in asked for code in by_word.get(word, ())}
        controls.append(Control(row["id"], row["title"], tuple(sorted(codes)), row.get("kind", "")))
    about = read["about"]
    return Framework(name, read["title"], about["source"], about["on"], tuple(controls))


def judge(of: Framework, report: Report) -> tuple[Judged, ...]:
    """What a scan says of each control of a framework, in its order."""
    ran = {check.code for check in report.checks}
    by_code: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_code.setdefault(finding.check.code, []).append(finding)
    return tuple(_judge(control, ran, report.applicable, by_code) for control in of.controls)


def _judge(
    control: Control,
    ran: set[str],
    applicable: frozenset[str],
    by_code: Mapping[str, list[Finding]],
) -> Judged:
    codes = [code for code in control.checks if code in ran]
    judged = (finding for code in codes for finding in by_code.get(code, ()))
    all_found = [finding for finding in judged if control.asks_for(finding)]
    found = [one for one in all_found if one.status is not Status.SUPPRESSED]
    if any(one.status is Status.FAIL for one in found):
        standing = Standing.FAILED
    elif found:
        standing = Standing.UNDECIDED
    elif not codes:
        standing = Standing.NOT_JUDGED
    elif all_found or not applicable.isdisjoint(codes):
        standing = Standing.PASSED
    else:
        standing = Standing.NOT_APPLICABLE
    found.sort(key=lambda finding: finding.order)
    return Judged(control, standing, tuple(found), len(all_found) - len(found))
