"""Small projects as data: what is scanned, and what of a finding must survive a rewrite."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Callable, Container, Mapping
from pathlib import Path
from typing import NamedTuple

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Severity, Status
from iac_ec2lint.engine.report import Report

Project = Mapping[str, str]
"""The texts of files by their paths, relative to the project's top."""
Restore = Callable[[str], str]


class Identity(NamedTuple):
    """What a finding says, without where it stands.

    Attributes:
        check: The check's code.
        subject: The resource judged.
        severity: How bad it is.
        status: ``fail``, ``undecided`` or ``suppressed``.
        words: The message, and what is open.
    """

    check: str
    subject: str
    severity: str
    status: str
    words: str


def scan_project(
    project: Project,
    *,
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
    variables: tuple[tuple[str, str], ...] = (),
) -> Report:
    """The report on a project that lies in an empty folder of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for path, text in project.items():
            file = folder / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode())
        return scan(
            ScanOptions(
                paths=(folder,),
                working=folder,
                boundary=folder,
                select=select,
                ignore=ignore,
                variables=variables,
                fail_on=Severity.INFO,
            )
        )


def same(text: str) -> str:
    """The text as it is: for rewrites that change no name."""
    return text


def identity(finding: Finding, restore: Restore = same) -> Identity:
    """A finding's identity.

    Args:
        finding: The finding.
        restore: Undoes a renaming in a text.
    """
    words = restore(" / ".join((finding.message, *sorted(finding.missing))))
    # Of many messages at one place the first few by the alphabet are told, which names decide.
    cut = finding.message.endswith("more like these")
    return Identity(
        finding.check.code,
        restore(finding.subject),
        finding.severity.value,
        finding.status.value,
        "" if cut else words,
    )


def identities(
    report: Report,
    restore: Restore = same,
    *,
    statuses: Container[Status] = frozenset(Status),
    wordless: Container[str] = (),
) -> Counter[Identity]:
    """The identities of the findings of a report in which nothing went wrong.

    Args:
        report: The report.
        restore: Undoes a renaming in a text.
        statuses: Which findings count.
        wordless: Checks whose words do not count.
    """
    assert not report.errors, [f"{e.path}:{e.line}: {e.message}" for e in report.errors]
    found = [
        identity(finding, restore) for finding in report.findings if finding.status in statuses
    ]
    return Counter(each._replace(words="") if each.check in wordless else each for each in found)


def about(report: Report, restore: Restore = same) -> set[tuple[str, str, str]]:
    """Check, status and resource of everything that findings stand for."""
    assert not report.errors, [f"{e.path}:{e.line}: {e.message}" for e in report.errors]
    return {
        (finding.check.code, finding.status.value, restore(address))
        for finding in report.findings
        for address in finding.resources
    }


def judged(report: Report) -> set[tuple[str, str, str, str]]:
    """Check, status, unit and address of every subject that findings judge."""
    return {
        (finding.check.code, finding.status.value, subject.unit, subject.address)
        for finding in report.findings
        for subject in finding.subjects
    }


def same_findings(before: Counter[Identity], after: Counter[Identity]) -> str:
    """What differs, in words; empty where nothing does."""
    gone = [f"- {each}" for each in (before - after).elements()]
    come = [f"+ {each}" for each in (after - before).elements()]
    return "\n".join([*gone, *come])


LEFT_TO_OTHERS = "SG010"
"""It says nothing of ranges that make up the whole internet, which other checks judge by port."""
OF_RULES_AS_WRITTEN = {"SG018", "SG019", "SG022"}
"""They judge how rules are declared: by what, and with which words."""
OF_PAIRS = "KEY002"
"""What it says of two hosts it says of the one whose key pair is unknown, where that is so."""
OF_ACTIONS = "PATH008"
"""It says nothing of who may do something where nothing else is known of what."""
UNSET_ACTION = re.compile(r"\bAction\s*=\s*(\[\s*)?var\.unset_literal\b(?(1)\s*\])")
"""A statement whose action, the only one, is not known."""
OF_MANAGED_HOSTS = "PATH009"
"""It says nothing where one unknown policy decides both whether a host is managed and what its role
may do."""
OF_COMMANDS = {"IAM001", "IAM002"}
"""They say nothing of a script of which nothing is known."""
SCRIPTS = {"command", "data", "inline", "user_data", "user_data_base64"}
"""The arguments that are scripts."""


def told(report: Report, *statuses: Status, on_paths: bool = False) -> set[tuple[str, str]]:
    """The checks that have findings of some statuses, with the resources that they are about.

    Args:
        report: The report.
        statuses: The statuses.
        on_paths: Whether what lies on a path is told as well: what a longer path says of it, no
            shorter one says again.
    """
    return {
        (finding.check.code, address)
        for finding in report.findings
        if finding.status in statuses
        for address in (
            finding.subject,
            *finding.resources,
            *(
                hop.resource
                for hop in finding.evidence
                if on_paths and finding.check.family == "PATH"
            ),
        )
    }


def unsaid(
    report: Report,
    other: Report,
    *statuses: Status,
    hanging_on: str = "",
    on_paths: bool = False,
) -> set[str]:
    """The checks with failures in a report on resources of which another says nothing.

    Args:
        report: Whose failures count.
        other: Where they are looked for, by their subject or by the resource they stand in.
        statuses: Those that count as saying something.
        hanging_on: What a failure may be conditional on, and then counts for none.
        on_paths: See ``told``.
    """
    said = told(other, *statuses, on_paths=on_paths)
    return {
        finding.check.code
        for finding in report.findings
        if finding.status is Status.FAIL
        and not (hanging_on and hanging_on in (finding.when or ""))
        and said.isdisjoint(
            (finding.check.code, name) for name in (finding.subject, *finding.resources)
        )
    }
