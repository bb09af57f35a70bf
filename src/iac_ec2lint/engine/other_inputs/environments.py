"""What a root module comes to with the values of one of its environments, and of any other.

Nobody says that there are no other environments: so what is found without their files stays, what
is found with one of them is a failure under that condition, and nothing passes by them. A module
that configurations of Terragrunt deploy is another thing, as one that other modules call is: what
is undecided in it for want of inputs, and safe with those of each, is safe.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.engine.finding import SAFE_IF, Evidence, Status
from iac_ec2lint.engine.other_inputs.joined import NAMED
from iac_ec2lint.engine.other_inputs.other_branches import under
from iac_ec2lint.engine.outcome.choices import Judged, judged
from iac_ec2lint.values import join_conditions, without_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from iac_ec2lint.engine.finding import Finding
    from iac_ec2lint.source.span import Span


class Environment(NamedTuple):
    """What a unit comes to with the values of one environment.

    Attributes:
        name: The file that has them, as messages name it.
        span: Its first line.
        findings: What is found then.
        whole: Whether all could be evaluated.
    """

    name: str
    span: Span
    findings: list[Finding]
    whole: bool


def with_environments(
    findings: Sequence[Finding],
    environments: Sequence[Environment],
    every: Sequence[Environment] = (),
) -> list[Finding]:
    """What a unit comes to, whichever of its environments is deployed, or another.

    Args:
        findings: What is found without the values of any.
        environments: What is found with those of each.
        every: The same whatever other deployments have applied, where there are no more
            environments; empty where there may be.
    """
    failing: dict[Judged, list[Finding]] = {}
    for one in environments:
        for finding in one.findings:
            if finding.status is Status.FAIL:
                failing.setdefault(judged(finding), []).append(finding)
    safe = _safe_in_all(findings, environments)
    settled = _settled_in_all(every)
    kept = []
    for finding in findings:
        if finding.status is not Status.UNDECIDED:
            kept.append(finding)
        elif not _is_said(finding, failing) and not settled(finding):
            kept.append(_named_safe(finding, environments) if safe(finding) else finding)
    return [*kept, *_more(findings, environments, failing)]


def any_settled(findings: Sequence[Finding], environments: Sequence[Environment]) -> bool:
    """Whether something is undecided that each environment decides."""
    settled = _settled_in_all(environments)
    return any(one.status is Status.UNDECIDED and settled(one) for one in findings)


def _settled_in_all(environments: Sequence[Environment]) -> Callable[[Finding], bool]:
    """Whether what is undecided passes, or fails and is told, with the values of each environment.

    Nothing is where one of them could not be evaluated as a whole, or there is none.
    """
    if not environments or not all(one.whole for one in environments):
        return lambda _: False
    left = {
        (finding.check.code, without_keys(finding.subject))
        for one in environments
        for finding in one.findings
        if finding.status is Status.UNDECIDED
    }

    def settled(finding: Finding) -> bool:
        said = any(reason.startswith(SAFE_IF) for reason in finding.missing)
        return not said and (finding.check.code, without_keys(finding.subject)) not in left

    return settled


def _is_said(finding: Finding, failing: Mapping[Judged, Sequence[Finding]]) -> bool:
    """Whether what is undecided fails somewhere, and as badly."""
    found = failing.get(judged(finding), ())
    return any(other.severity.at_least(finding.severity) for other in found)


def _more(
    findings: Sequence[Finding],
    environments: Sequence[Environment],
    failing: Mapping[Judged, Sequence[Finding]],
) -> Iterator[Finding]:
    """What is found in environments alone, each with those that it is found in."""
    known: dict[Judged, list[Finding]] = {}
    for finding in findings:
        known.setdefault(judged(finding), []).append(finding)
    places: dict[tuple[object, ...], list[tuple[Finding, Environment]]] = {}
    for one in environments:
        for finding in one.findings:
            same = known.get(judged(finding), [])
            if finding.status is Status.UNDECIDED:
                if same or _is_said(finding, failing):
                    continue
            elif any(_says_as_much(other, finding) for other in same):
                continue
            key = (finding.fingerprint, finding.status, finding.severity)
            places.setdefault(key, []).append((finding, one))
    for alike in places.values():
        finding, first = alike[0]
        names = join_conditions([one.name for _, one in alike], "or")
        others = {other.span.key: other.span for other, _ in alike}
        hops = [Evidence(at, "so it is here") for k, at in others.items() if k != finding.span.key]
        shown = finding._replace(evidence=(*finding.evidence, *hops))
        yield under(shown, f"deployed with {names}", first.span)


def _says_as_much(finding: Finding, other: Finding) -> bool:
    return (
        finding.status is other.status
        and (finding.span.key == other.span.key or finding.fingerprint == other.fingerprint)
        and finding.severity.at_least(other.severity)
    )


def _safe_in_all(
    findings: Sequence[Finding], environments: Sequence[Environment]
) -> Callable[[Finding], bool]:
    """Whether what is undecided is safe with the values of each environment."""
    if not all(one.whole for one in environments):
        return lambda _: False
    before = {judged(finding) for finding in findings}
    met: set[tuple[str, str]] = set()
    new: set[tuple[str, str]] = set()
    for one in environments:
        for finding in one.findings:
            subject = without_keys(finding.subject)
            met.add((finding.check.code, subject))
            if judged(finding) not in before:  # another check of the family may say it then
                new.add((finding.check.family, subject))

    def safe(finding: Finding) -> bool:
        subject = without_keys(finding.subject)
        named = (finding.check.code, subject), (finding.check.family, subject)
        said = any(reason.startswith(SAFE_IF) for reason in finding.missing)
        return not said and named[0] not in met and named[1] not in new

    return safe


def _named_safe(finding: Finding, environments: Sequence[Environment]) -> Finding:
    """What is undecided, and safe in all environments."""
    named = [one.name for one in environments]
    shown = named if len(named) <= NAMED else [*named[:NAMED], "others"]
    names = join_conditions(shown, "or")
    return finding._replace(missing=(f"{SAFE_IF}{names} is what it is deployed with",))
