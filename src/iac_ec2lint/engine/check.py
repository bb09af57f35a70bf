"""What a check is, and the verdicts that it yields."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, NamedTuple

from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.engine.parameter import Parameter
from iac_ec2lint.resources.part import Part, Place, Resource
from iac_ec2lint.values import Answer, Confidence, Step, Unknown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from iac_ec2lint.declaration import Language
    from iac_ec2lint.engine.fix import Fix
    from iac_ec2lint.engine.question import Question
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
    "SUP": "suppressions",
}
"""The families of checks: the topics of "Security in Amazon EC2" (EC2 User Guide)."""


class Check(ABC):
    """A question about the graph. One file, one class; its docstring is its documentation.

    Attributes:
        code: A family's prefix and three digits.
        name: Reads after "allow": the bad pattern, in lower case with hyphens.
        severity: The highest that it gives.
        since: The version of this program that first had it.
        types: The classes of resources that it judges; its languages follow from them.
        languages: Of these languages the ones in which it judges anything: less than all where what
            it judges of a class cannot be said in the others.
        of_units: Whether it reports root modules or templates as such, for what they lack: it runs
            whatever is declared, where others run only where one of ``types`` is.
        default: Whether it runs unless told not to.
        supersedes: Codes of checks whose findings at this one's spans are parts of its findings.
        accepted_with_rules: Whether a suppression of all security group rules that a finding leads
            through suppresses it too, if it is no worse than their findings.
        supplied_by: The classes of what it fails for the want of, and another unit may add to what
            that reads of this one: flow logs, endpoints. A text is a single type of Terraform's.
        asks: What it asks the attack graph for, where it is about paths.
        compliance: The controls that it answers for, by framework (``security_hub``); those of the
            built-in checks are in ``facts/named_elsewhere.json``, and so are their peers.
        peers: The names that other programs have for it, by program (``checkov``).
        settings: The values of its parameters that users have set, by name.

    Args:
        settings: What users have set, by the parameters' names, as JSON has it or as text.

    Raises:
        ValueError: A value is none that its parameter takes, or there is no such parameter.
    """

    code: ClassVar[str]
    name: ClassVar[str]
    severity: ClassVar[Severity]
    since: ClassVar[str]
    types: ClassVar[tuple[type[Resource], ...]] = ()
    languages: ClassVar[tuple[Language, ...]] = ("terraform", "cloudformation")
    of_units: ClassVar[bool] = False
    default: ClassVar[bool] = True
    supersedes: ClassVar[tuple[str, ...]] = ()
    accepted_with_rules: ClassVar[bool] = False
    supplied_by: ClassVar[tuple[type[Resource] | str, ...]] = ()
    asks: ClassVar[Question | None] = None
    compliance: ClassVar[Mapping[str, tuple[str, ...]]] = {}
    peers: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        self.settings: dict[str, object] = {}
        known = parameters_of(type(self))
        for name, data in (settings or {}).items():
            if name not in known:
                hint = did_you_mean(name, known)
                if not hint:
                    hint = f"it has {', '.join(known)}" if known else "it has none"
                raise ValueError(f"{self.code} has no parameter {name!r}; {hint}")
            try:
                self.settings[name] = known[name].read(data)
            except ValueError as error:
                raise ValueError(f"{name} of {self.code} {error}") from None

    @abstractmethod
    def examine(self, graph: Graph) -> Iterator[Verdict | Remark]:
        """What fails or is undecided in a graph, and what is remarkable; silence is a pass."""


def name_lists(**words: str) -> Mapping[str, tuple[str, ...]]:
    """Lists of names, each written as one text with spaces between the names.

    ``name_lists(checkov="CKV_AWS_24 CKV_AWS_260")`` is what ``Check.peers`` and
    ``Check.compliance`` are made of.
    """
    return {key: tuple(text.split()) for key, text in words.items()}


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known word that is most like another one, as a question; empty where none is like it."""
    from difflib import get_close_matches  # rarely needed

    by_word = {one.lower(): one for one in known}
    near = get_close_matches(word.lower(), by_word, n=1)
    return f"did you mean {by_word[near[0]]}?" if near else ""


def parameters_of(kind: type[Check]) -> dict[str, Parameter[object]]:
    """The parameters that a check's class declares, or inherits, by name."""
    return {
        name: found
        for base in reversed(kind.__mro__)
        if base is not Check and issubclass(base, Check)
        for name, found in vars(base).items()
        if isinstance(found, Parameter)
    }


class Verdict(NamedTuple):
    """A failure, or an undecided answer, about one place.

    Attributes:
        subject: The resource that is judged.
        at: The place; a part or a resource where none of its fields is meant.
        message: A fact in the present tense, values quoted, without a full stop.
        causes: What keeps it from being decided; empty where it fails.
        resource: The resource that declares the place, where it is not the subject.
        also: Other resources that it needs: where these are never there together, it is not so.
        evidence: The hops that prove it, in order.
        severity: Where it is less than the check's.
        confidence: Where it is not what the values themselves say.
        assumptions: What it rests on that another deployment or account may have otherwise: those
            of the answers, and what explains a confidence that is given.
        missing: What would decide it, where the causes do not say it.
        value: What is offending, normalised, where the place's own value does not say it.
        ends: What a path leads to, where that may be several things: each is a subject of its own,
            so that one more is new where the others are accepted.
        in_full: Whether the evidence is a way of which every hop is said, also where something
            else is said of the same place.
        quotable: Whether reports may show what stands at the place: not where it is a secret.
        fix: The change at the place that mends it, if one does.
        kinds: Of what narrower kinds it is, where controls ask for one: ``ipv4``, ``ipv6``.
        of_strangers: Whether it is about who comes from outside: ranges that are private pass.
    """

    subject: Resource
    at: Place | Part
    message: str
    causes: tuple[Unknown, ...] = ()
    undecided: bool = False
    resource: Resource | None = None
    also: tuple[Resource, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    severity: Severity | None = None
    confidence: Confidence | None = None
    assumptions: tuple[Step, ...] = ()
    missing: tuple[str, ...] = ()
    value: str | None = None
    ends: tuple[str, ...] = ()
    in_full: bool = False
    quotable: bool = True
    fix: Fix | None = None
    kinds: frozenset[str] = frozenset()
    of_strangers: bool = False


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
    perhaps: str | None = None,
    resource: Resource | None = None,
    evidence: tuple[Evidence, ...] = (),
    severity: Severity | None = None,
    confidence: Confidence | None = None,
    value: str | None = None,
    fix: Fix | None = None,
) -> Iterator[Verdict]:
    """Nothing where ``safe`` is true, a failure where it is false, else an undecided verdict.

    Args:
        safe: What must hold.
        of: The resource that is judged.
        at: The place to point at.
        otherwise: The message where it fails.
        perhaps: The message where it is undecided, if that is worded otherwise.
        resource: The resource that declares the place, where it is not ``of``.
        evidence: The hops that prove it.
        severity: Where it is less than the check's.
        confidence: Where it is not what the values themselves say.
        value: What is offending, where the place's own value does not say it.
        fix: The change at the place that mends it.
    """
    if safe.truth is not True:
        undecided = safe.truth is None
        yield Verdict(
            subject=of,
            at=at,
            message=perhaps if undecided and perhaps is not None else otherwise,
            causes=safe.causes,
            undecided=undecided,
            resource=resource,
            evidence=evidence,
            severity=severity,
            confidence=confidence,
            assumptions=safe.assumptions,
            value=value,
            fix=fix,
        )
