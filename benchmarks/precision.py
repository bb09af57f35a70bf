"""Counts the findings in a folder of repositories by check, and lists them for reading.

    python benchmarks/precision.py FOLDER [--severity medium] [--list] [--undecided] [--jobs N]

Each folder in FOLDER is one repository; nothing is fetched. What a reader judged stands in a file
that ``--judged FILE`` names: lines of ``REPOSITORY FINGERPRINT false|true|arguable WORDS``, from
which the share of false findings is counted. See benchmarks/README.md.
"""

from __future__ import annotations

import argparse
from collections import Counter
from pathlib import Path
from typing import NamedTuple

from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.engine.finding import Finding, Severity, Status
from iac_ec2lint.engine.report import Report


class Row(NamedTuple):
    """A finding, and the repository that it is in."""

    repository: str
    finding: Finding


def scanned(folder: Path, jobs: int, select: tuple[str, ...]) -> dict[str, Report]:
    """The report of each repository in a folder, by its name."""
    found = {}
    for repository in sorted(path for path in folder.iterdir() if path.is_dir()):
        options = ScanOptions(
            paths=(repository,), working=repository, jobs=jobs, allow_empty=True, select=select
        )
        found[repository.name] = scan(options)
    return found


def table(rows: list[Row], judged: dict[tuple[str, str], str]) -> list[str]:
    """A line a check: how many findings in how many repositories, and what readers judged."""
    checks = sorted({row.finding.check.code for row in rows})
    lines = ["check      findings  repositories   read  false"]
    for code in [*checks, ""]:
        those = [row for row in rows if code in ("", row.finding.check.code)]
        words = [judged.get((row.repository, row.finding.fingerprint)) for row in those]
        counts = Counter(word for word in words if word)
        repositories = len({row.repository for row in those})
        lines.append(
            f"{code or 'all':10}{len(those):9}{repositories:14}{counts.total():7}"
            f"{counts['false']:7}"
        )
    return lines


def read_judgements(file: Path | None) -> dict[tuple[str, str], str]:
    """What readers judged of a finding, by repository and fingerprint."""
    found = {}
    for line in file.read_text("utf-8").splitlines() if file else ():
        if line.strip() and not line.startswith("#"):
            repository, fingerprint, word, *_ = line.split(maxsplit=3)
            found[repository, fingerprint] = word
    return found


def main() -> None:
    """Print the counts, and the findings where they are asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--severity", type=Severity, default=Severity.MEDIUM, choices=[*Severity])
    parser.add_argument("--select", default="", help="Words as iac-ec2lint scan takes them.")
    parser.add_argument("--undecided", action="store_true", help="Count these, not failures.")
    parser.add_argument("--list", action="store_true", help="Print each finding with its evidence.")
    parser.add_argument("--judged", type=Path, help="What readers judged.")
    parser.add_argument("--jobs", type=int, default=0)
    given = parser.parse_args()
    status = Status.UNDECIDED if given.undecided else Status.FAIL
    select = tuple(filter(None, given.select.split(",")))
    reports = scanned(given.folder, given.jobs, select)
    rows = [
        Row(name, finding)
        for name, report in reports.items()
        for finding in report.findings
        if finding.status is status and finding.severity.at_least(given.severity)
    ]
    if given.list:
        for name, finding in rows:
            where = f"{name}/{finding.span.path}:{finding.span.line}"
            words = f"{finding.check.code} {finding.severity} {finding.confidence}"
            print(f"{where}: {words}: {finding.message} [{finding.fingerprint}]")
            for hop in finding.evidence:
                print(f"    {hop.span.path}:{hop.span.line}: {hop.message}")
            for reason in finding.missing:
                print(f"    missing: {reason}")
        print()
    print("\n".join(table(rows, read_judgements(given.judged))))
    errors = sum(bool(report.errors) for report in reports.values())
    print(f"{len(reports)} repositories, {errors} of them with errors; {given.severity} and above")


if __name__ == "__main__":
    main()
