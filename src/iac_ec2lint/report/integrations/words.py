"""What several of these formats say of a finding in the same words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.engine.finding import Status
from iac_ec2lint.values import shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from iac_ec2lint.engine.finding import Finding

_HOPS = 20


def standing(finding: Finding) -> str:
    """Its severity; of what is not a failure, what it is."""
    return str(finding.severity if finding.status is Status.FAIL else finding.status)


def reasons(finding: Finding, parts: Iterable[Finding] = ()) -> list[str]:
    """The lines below its message: the hops that prove it, its parts, what it hangs on or lacks."""
    lines = [
        f"{number}. {hop.span.path}:{hop.span.line} {hop.message}"
        for number, hop in enumerate(finding.evidence[:_HOPS], 1)
    ]
    if len(finding.evidence) > _HOPS:
        lines.append(f"and {len(finding.evidence) - _HOPS} more")
    lines += [
        f"includes {part.check.code} {part.check.name} at {part.span.path}:{part.span.line}"
        for part in parts
    ]
    if finding.when is not None:
        lines.append(f"when {shortened(finding.when)}")
    lines += [f"missing: {reason}" for reason in finding.missing]
    if finding.inputs:
        lines.append(f"inputs: {', '.join(one.key for one in finding.inputs)}")
    return lines


def page(finding: Finding) -> str:
    """The address of its check's page; empty where there is none on the web."""
    url = finding.check.url
    return url if url.startswith(("https://", "http://")) else ""
