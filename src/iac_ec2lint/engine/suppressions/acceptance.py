"""What a configuration accepts: findings by their address, and errors by their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import Severity
from iac_ec2lint.values.stated import address_fits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.source.diagnostic import Diagnostic
    from iac_ec2lint.source.patterns import BasedPatterns
    from iac_ec2lint.source.suppression import Suppression


class AcceptedError(NamedTuple):
    """Errors that are listed and do not make a scan incomplete.

    Attributes:
        paths: The files that they are about.
        message: Words that they have; empty for all.
        reason: Why.
    """

    paths: BasedPatterns
    message: str
    reason: str

    def covers(self, error: Diagnostic) -> bool:
        """Whether an error is one of them."""
        return self.message in error.message and self.paths.matches(error.path, folder=False)


def is_for(one: Suppression, finding: Finding) -> bool:
    """Whether a suppression that names addresses is for a finding: for all that it judges."""
    if one.paths is not None and not one.paths.matches(finding.span.path, folder=False):
        return False
    judged = {subject.address for subject in finding.subjects}
    return all(any(address_fits(pattern, name) for pattern in one.addresses) for name in judged)


def moved(severity: Severity, worst: Severity, wanted: Severity) -> Severity:
    """The severity of a finding of a check whose worst ones are to have another.

    Lesser findings stay as many steps below.
    """
    ranks = list(Severity)
    return ranks[min(max(severity.rank + wanted.rank - worst.rank, 0), len(ranks) - 1)]


def with_severities(
    findings: Iterable[Finding], wanted: Mapping[str, Severity]
) -> Iterable[Finding]:
    """Findings with the severities that a configuration gives their checks, by code."""
    from dataclasses import replace  # only where there are some

    for finding in findings:
        own = wanted.get(finding.check.code)
        if own is None:
            yield finding
        else:
            worst = finding.check.severity
            subjects = tuple(
                replace(one, severity=moved(one.severity, worst, own)) if one.severity else one
                for one in finding.subjects
            )
            severity = moved(finding.severity, worst, own)
            yield finding._replace(severity=severity, subjects=subjects)
