"""Findings: facts about declared infrastructure that break, or may break, a check."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from iac_ec2lint.values import Confidence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.declaration import Language
    from iac_ec2lint.engine.fix import Repair
    from iac_ec2lint.engine.parameter import ParameterInfo
    from iac_ec2lint.source.concealment import Redactor
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Step


class Severity(StrEnum):
    """How bad it is where a check fails, the worst first."""

    CRITICAL = "critical"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    INFO = "info"

    rank: int
    """0 for the worst."""

    def __init__(self, _: str) -> None:
        self.rank = len(type(self).__members__)

    def at_least(self, other: Severity) -> bool:
        """Whether it is as bad as ``other``, or worse."""
        return self.rank <= other.rank


class Status(StrEnum):
    """What a finding says; silence is a pass."""

    FAIL = "fail"
    UNDECIDED = "undecided"
    SUPPRESSED = "suppressed"


@dataclass(frozen=True, slots=True)
class CheckInfo:
    """What a finding, and a reader, need to know of a check.

    Attributes:
        code: ``SG001``.
        name: ``ssh-open-to-internet``.
        severity: The highest that it gives.
        summary: The first line of its documentation.
        documentation: All of it, in Markdown.
        url: Its page.
        family: The prefix of its code.
        topic: The family's topic in words.
        default: Whether it runs unless told not to.
        supersedes: The codes whose findings at its own spans are parts of its findings.
        accepted_with_rules: Whether it is accepted with the rules that it leads through.
        supplied_by: The types of what it fails for the want of, and another unit may add.
        path: The file that it was loaded from.
        asks: What it asks the attack graph for, line by line.
        since: The version of this program that first had it.
        types: The types of resources that it judges, as each language spells them.
        parameters: What users may set.
        compliance: The controls that it answers for, by framework.
        peers: The names that other programs have for it, by program.
    """

    code: str
    name: str
    severity: Severity
    summary: str
    documentation: str
    url: str
    family: str
    topic: str
    default: bool
    supersedes: tuple[str, ...]
    path: str
    accepted_with_rules: bool = False
    asks: tuple[str, ...] = ()
    since: str = ""
    types: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    supplied_by: Mapping[Language, tuple[str, ...]] = field(default_factory=dict)
    parameters: tuple[ParameterInfo, ...] = ()
    compliance: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    peers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def mend(self) -> str:
        """What to change, in one sentence: the first of "How to mend it"; may be empty."""
        return _first_sentence(self.documentation, "## How to mend it")


@cache
def _first_sentence(documentation: str, heading: str) -> str:
    """The first sentence below a heading, as one line; a full stop in backticks ends none."""
    words = (
        documentation.partition(f"{heading}\n")[2].partition("\n\n")[0].partition("##")[0].split()
    )
    quoted = False
    for at, word in enumerate(words):
        quoted ^= word.count("`") % 2 == 1
        if word.endswith(".") and not quoted:
            return " ".join(words[: at + 1])
    return " ".join(words)


EditKind = Literal[
    "",
    "acceptance",  # connections wait until somebody accepts them
    "address",  # the host has no public address
    "admission",  # a rule admits known addresses, on ports that are there for known clients
    "admission to all",  # the same, on ports that may be there for everyone
    "balancer",  # the load balancer is internal
    "hop limit",  # of the metadata service
    "route",  # to a NAT gateway
    "tokens",  # the metadata service requires them
]
"""What evidence says to change, where a program could make that change; else empty."""


class Evidence(NamedTuple):
    """One hop of the proof: a place, in words.

    Attributes:
        span: The place.
        message: What it says there.
        resource: The address of the resource that it belongs to; empty where it is none's.
        quotable: Whether reports may show what stands there: not where it is a secret.
        kind: What traffic meets there (``internet gateway``, ``security group``); empty where it is
            about something else.
        edit: What is to be changed there, if it says so.
    """

    span: Span
    message: str
    resource: str = ""
    quotable: bool = True
    kind: str = ""
    edit: EditKind = ""


BREAKS = "to break it: "
"""What evidence begins with that says what would break a path."""


OR_BREAKS = "or: "
"""The same, after the first."""


ASSUMED = "assumed: "
"""What evidence begins with that says what a finding takes for granted."""

TAKEN = "what is taken for it is written here"
"""What the evidence says after an assumption where the value that is taken is another unit's."""


CONDITION = "only when "
"""What evidence begins with that says what a finding hangs on."""


SAFE_IF = "safe if "
"""What is missing begins with where a join with another unit would settle it, as no failure."""


def assumption(step: Step, *, quotable: bool = True) -> Evidence:
    """What something rests on that is not known to be so here, as a hop.

    Args:
        step: The default of an input, or what AWS or the account is taken to do, and its place.
        quotable: See ``Evidence``.
    """
    return Evidence(step.span, f"{ASSUMED}{step.words}", "", quotable)


@dataclass(frozen=True, slots=True)
class Acceptance:
    """Why a finding is suppressed.

    Attributes:
        reason: As written; may be empty.
        until: The last day on which it holds (ISO 8601), if it has one.
        span: Where it is written.
    """

    reason: str
    until: str | None
    span: Span


@dataclass(frozen=True, slots=True, order=True)
class Subject:
    """One of the resources that a finding judges.

    Attributes:
        unit: The path of the root module or template that it belongs to.
        address: Its address.
        fingerprint: The identity of what is found of it.
        span: Where it is declared.
        anywhere: The same identity in whatever unit it is.
        end: What a path leads to from it, where that is told apart; see ``Verdict.ends``.
        severity: How bad it is of this one, where findings of several are one; ``None``: as that.
        message: What is said of this one then; empty: the same as of all.
    """

    unit: str
    address: str
    fingerprint: str
    span: Span | None = field(default=None, compare=False)
    anywhere: str = field(default="", compare=False)
    end: str = field(default="", compare=False)
    severity: Severity | None = field(default=None, compare=False)
    message: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, order=True)
class MissingInput:
    """What has no value in the files and would decide a finding, or a part of it, if it had.

    Attributes:
        unit: The path of the root module or template that lacks it.
        kind: What that is.
        key: What ``inputs`` of a configuration calls it.
        fact: See ``Input``; empty of a value.
        span: Where it is declared, or read.
    """

    unit: str
    kind: str
    key: str
    fact: str
    span: Span = field(compare=False)

    def redacted(self, redactor: Redactor) -> MissingInput:
        """See ``source.concealment.Redacted``: its key may be a literal."""
        return replace(redactor.fields_of(self), key=redactor.text(self.key))


class Finding(NamedTuple):
    """A fact about declared infrastructure that breaks, or may break, a check.

    Attributes:
        check: The check.
        severity: How bad it is here; at most the check's.
        status: Whether it fails, is undecided, or is suppressed.
        confidence: What it rests on.
        resource: The address of the resource that declares the span; empty of a suppression.
        resources: The addresses of all that the one span stands for, sorted.
        subject: The address of the resource that is judged: the group of a rule, the instance.
        type: The type of ``resource`` as declared.
        language: ``terraform`` or ``cloudformation``.
        attribute: ``metadata_options.http_tokens``; empty where the whole resource is meant.
        span: The tightest place whose edit changes the answer.
        message: Readable alone: it is the one line that CI shows.
        fingerprint: Its identity: no line, no message; where it judges several resources, that of
            the set of their identities.
        subjects: All resources that are judged, each with its own identity, sorted.
        evidence: The hops that prove it, in order.
        when: The switch or condition it hangs on, in words; ``None`` where it is always there.
        missing: What would decide it; empty where it is decided.
        inputs: What of that a person can say, sorted.
        beyond: Whether something else is missing too.
        likely: What all that is missing likely is, by its name alone: ``private``, of ranges of
            VPCs and subnets. It decides nothing.
        part_of: The fingerprints of the findings that say more about the same place.
        suppression: Why it is suppressed.
        fix: The change of text that mends it.
        inner: The place itself, where ``span`` is what causes it from outside the module it is in.
        quotable: Whether reports may show what stands at ``span``: not where it is a secret.
        kinds: Of what narrower kinds it is (``ipv4``); empty where it may be of each.
        by_importer: Whether it is about what another unit declares, and the unit that imports that
            has a part in it.
        deployment: The configuration of Terragrunt that deploys what another unit declares there;
            empty where none is known to.
    """

    check: CheckInfo
    severity: Severity
    status: Status
    confidence: Confidence
    resource: str
    resources: tuple[str, ...]
    subject: str
    type: str
    language: str
    attribute: str
    span: Span
    message: str
    fingerprint: str
    subjects: tuple[Subject, ...]
    evidence: tuple[Evidence, ...] = ()
    when: str | None = None
    missing: tuple[str, ...] = ()
    inputs: tuple[MissingInput, ...] = ()
    beyond: bool = False
    likely: str = ""
    part_of: tuple[str, ...] = ()
    suppression: Acceptance | None = None
    fix: Repair | None = None
    inner: Span | None = None
    quotable: bool = True
    kinds: frozenset[str] = frozenset()
    by_importer: bool = False
    deployment: str = ""

    @property
    def order(self) -> tuple[str, int, int, str, str]:
        """What findings are sorted by: path, line, column, code."""
        source, start, _ = self.span
        return source.path, *source.position(start), self.check.code, self.fingerprint


@dataclass(frozen=True, slots=True)
class Note:
    """A remark about what is declared that is neither a failure nor undecided.

    Attributes:
        name: ``host-bits-in-cidr``.
        resource: The address of the resource that it is about.
        span: The place.
        message: What is remarkable.
    """

    name: str
    resource: str
    span: Span
    message: str
