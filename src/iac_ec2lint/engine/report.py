"""What a scan comes to, as a report shows it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import CheckInfo, Finding, Note, Severity, Status
from iac_ec2lint.source.budget import NOTHING, Share

if TYPE_CHECKING:
    from iac_ec2lint.declaration import SwitchedOff
    from iac_ec2lint.engine.baseline import Compared
    from iac_ec2lint.engine.framework import Framework
    from iac_ec2lint.source.diagnostic import Diagnostic, Skipped
    from iac_ec2lint.source.span import Span


@dataclass(frozen=True, slots=True)
class Summary:
    """What was looked at, so that a green run means something.

    Attributes:
        found: Files found.
        parsed: Files read in full.
        partial: Paths of files of which errors left something out.
        skipped: Files and folders that were found and passed over.
        units: Root modules and stacks evaluated.
        called_only: Modules and templates that are judged through their callers only.
        resources: Resources in their graphs.
        modules_unavailable: Modules that are not on the disk, by source.
        unknown_values: Values that checks met and nothing decided.
        switched_off: What is not there because of defaults of inputs alone, sorted by place.
        all_branches: Whether that was judged all the same.
        stated: What counts on somebody's word alone, and where a configuration says it: values of
            inputs that were taken, and what is known.
        taken: What was taken of the budget.
    """

    found: int = 0
    parsed: int = 0
    partial: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    units: int = 0
    called_only: tuple[str, ...] = ()
    resources: int = 0
    modules_unavailable: tuple[str, ...] = ()
    unknown_values: int = 0
    switched_off: tuple[SwitchedOff, ...] = ()
    all_branches: bool = False
    stated: tuple[tuple[str, Span], ...] = ()
    taken: Share = NOTHING


@dataclass(frozen=True, slots=True)
class Report:
    """All that a scan came to; formats render it and decide nothing.

    Attributes:
        findings: Failing, undecided and suppressed ones, sorted.
        notes: Remarks, sorted.
        errors: What kept a file, a module or a check from being evaluated, sorted.
        accepted_errors: The same, which a configuration accepts.
        summary: What was looked at.
        checks: The checks that ran, by code.
        baseline: What a baseline says of the findings, where one is given.
        frameworks: The frameworks whose controls are asked about.
        applicable: The codes of the checks of which something that they judge is declared; empty
            where no framework is asked about.
        fail_on: The severity from which a failing finding fails the run.
        strict: Whether undecided findings fail the run as well.
        fail_on_undecided: The severity that an undecided finding would have from which it fails
            the run, where that is not ``fail_on``; ``None`` for none.
    """

    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    errors: tuple[Diagnostic, ...] = ()
    accepted_errors: tuple[Diagnostic, ...] = ()
    summary: Summary = field(default_factory=Summary)
    checks: tuple[CheckInfo, ...] = ()
    baseline: Compared | None = None
    frameworks: tuple[Framework, ...] = ()
    applicable: frozenset[str] = frozenset()
    fail_on: Severity = Severity.MEDIUM
    strict: bool = False
    fail_on_undecided: Severity | None = None

    def with_status(self, status: Status) -> tuple[Finding, ...]:
        """The findings of one status."""
        return tuple(finding for finding in self.findings if finding.status is status)

    @property
    def failing(self) -> tuple[Finding, ...]:
        """The findings that fail the run, failing and undecided ones."""
        return tuple(filter(self._fails, self.findings))

    def _fails(self, finding: Finding) -> bool:
        severity = finding.severity
        if finding.status is Status.UNDECIDED:
            own = self.fail_on_undecided
            if own is not None and severity.at_least(own):
                return True
            return self.strict and severity.at_least(self.fail_on)
        return finding.status is Status.FAIL and severity.at_least(self.fail_on)

    @property
    def exit_status(self) -> int:
        """0: nothing fails the run; 1: something does; 3: not everything was looked at."""
        if self.errors:
            return 3
        return 1 if self.failing else 0
