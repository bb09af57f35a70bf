"""What a check is, and the verdicts that it yields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.values import Answer, Confidence, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Graph

TOPICS = {
    "SG": "security groups",
    "NET": "infrastructure security",
    "VPCE": "interface VPC endpoints",
    "DATA": "data protection",
    "IMDS": "instance metadata",
    "IAM": "identity and access management",
    "KEY": "key pairs",
    "RES": "resilience",
    "UPD": "update management",
    "CMP": "compliance validation",
    "PATH": "attack paths",
}
"""The families of checks: the topics of "Security in Amazon EC2" (EC2 User Guide)."""


class Check(ABC):
    """A question about the graph. One file, one class; its docstring is its documentation.

    Attributes:
        code: A family's prefix and three digits.
        name: Reads after "allow": the bad pattern, in lower case with hyphens.
        severity: The highest that it gives.
        since: The version of this program that first had it.
        default: Whether it runs unless told not to.
        supersedes: Codes of checks whose findings at this one's spans are parts of its findings.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    since: ClassVar[str]
    default: ClassVar[bool] = True
    supersedes: ClassVar[tuple[str, ...]] = ()

    @abstractmethod
    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """What fails or is undecided in a graph, and what is remarkable; silence is a pass."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """A failure, or an undecided answer, about one place.

    Attributes:
        subject: The resource that is judged.
        at: The place; a part or a resource where none of its fields is meant.
        message: A fact in the present tense, values quoted, without a full stop.
        causes: What keeps it from being decided; empty where it fails.
        resource: The resource that declares the place, where it is not the subject.
        evidence: The hops that prove it, in order.
        severity: Where it is less than the check's.
        confidence: Where it is not what the values themselves say.
        assumed: Whether it rests on a default that nobody wrote.
        missing: What would decide it, where the causes do not say it.
        value: What is offending, normalised, where the place's own value does not say it.
        in_full: Whether the evidence is a way of which every hop is said, also where something
            else is said of the same place.
        quotable: Whether reports may show what stands at the place: not where it is a secret.
    """

    subject: Resource
    at: Place | Part
    message: str
    causes: tuple[Unknown, ...] = ()
    undecided: bool = False
    resource: Resource | None = None
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None
    assumed: bool = False
    missing: tuple[str, ...] = ()
    value: str | None = None
    in_full: bool = False
    quotable: bool = True


@dataclass(frozen=True, slots=True)
class Remark:
    """A note: see ``Note``. ``at`` is the place, ``subject`` the resource that it is about."""

    name: str
    subject: Resource
    at: Place | Part
    message: str


def require(
    safe: Answer,
    *,
    of: Resource,
    at: Place | Part,
    otherwise: str,
    resource: Resource | None = None,
    evidence: tuple[Evidence, ...] = (),
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    value: str | None = None,
) -> Iterator[Verdict]:
    """Nothing where ``safe`` is true, a failure where it is false, else an undecided verdict.

    Args:
        safe: What must hold.
        of: The resource that is judged.
        at: The place to point at.
        otherwise: The message.
        resource: The resource that declares the place, where it is not ``of``.
        evidence: The hops that prove it.
        severity: Where it is less than the check's.
        confidence: Where it is not what the values themselves say.
        value: What is offending, where the place's own value does not say it.
    """
    if safe.truth is not True:
        yield Verdict(
            subject=of,
            at=at,
            message=otherwise,
            causes=safe.causes,
            undecided=safe.truth is None,
            resource=resource,
            evidence=evidence,
            severity=severity,
            confidence=confidence,
            assumed=bool(safe.assumptions),
            value=value,
        )
