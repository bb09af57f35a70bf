"""What the program says of a resource, in one form for all questions that examples ask.

A question is the second word of an expectation (see ``reach_tables``): ``privilege``, ``edge``,
``trusted``, ``public``, ``endpoint``, ``imdsv1``, the name of a metadata option, ``encryption``, a
port (``tcp/22``), or the code of a check.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_args

from tests.iam.policy.policy_values import val

from iac_ec2lint.answers.inputs import Inputs
from iac_ec2lint.answers.reach import connect
from iac_ec2lint.answers.scan import ScanOptions, scan
from iac_ec2lint.answers.units import Survey
from iac_ec2lint.answers.values import evaluate
from iac_ec2lint.attack.credentials import roles_of
from iac_ec2lint.attack.grant_evidence import grant_evidence, privilege_evidence
from iac_ec2lint.compute.encryption import Encryption, devices_of, images, snapshots, volumes
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.metadata.hosts import HostMetadata, of_host
from iac_ec2lint.compute.metadata.settings import Option
from iac_ec2lint.engine.finding import Finding, Severity, Status
from iac_ec2lint.engine.report import Report
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.iam.access import endpoint_access, endpoint_access_of_any, stranger_access
from iac_ec2lint.iam.escalation.assuming_roles import assumes
from iac_ec2lint.iam.escalation.instances.control import control_edges, exfiltration_edges
from iac_ec2lint.iam.escalation.launch_ways import launch_edges
from iac_ec2lint.iam.escalation.steps import ActionRequest, PrivilegeStep
from iac_ec2lint.iam.policy.document import PolicyDocument
from iac_ec2lint.iam.policy.probes import service_of_endpoint
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.iam.trust.strangers import foreign_trust
from iac_ec2lint.network.hosts.endpoints import policies
from iac_ec2lint.network.sets.ports import parse_protocol
from iac_ec2lint.report.answers.reach_report import render
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.registry import typed, types
from iac_ec2lint.resources.vpc_endpoint import VpcEndpoint
from iac_ec2lint.values import NO, Answer, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.resources.part import Resource

CODE = re.compile(r"[A-Z]+\d{3}")
_BREAKS = "to break it: "
_TRUTHS = {True: "yes", False: "no", None: "undecided"}


class Told(NamedTuple):
    """An answer.

    Attributes:
        verdict: The answer itself.
        texts: All that it says.
        lines: The lines that it points at, in order.
        missing: What would decide it.
        details: What else it says, by name: ``confidence``, ``source``, ...
    """

    verdict: str
    texts: tuple[str, ...] = ()
    lines: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    details: dict[str, str] = {}  # noqa: RUF012 - never changed


class Unit:
    """Configuration that is evaluated, and what is asked of it.

    Args:
        path: The file, alone in its folder.
    """

    def __init__(self, path: Path) -> None:
        self._inputs = Inputs(paths=(path.parent,), working=path.parent)
        survey = Survey(self._inputs)
        (job,) = survey.finder.units(survey.finder.find())
        unit = survey.evaluate(job, types())
        self.graph = Graph((typed(declared) for declared in unit.declarations), unit.escapes)

    def scan(self, *codes: str) -> Report:
        """What checks find."""
        return scan(
            ScanOptions(
                paths=self._inputs.paths,
                working=self._inputs.working,
                select=codes,
                fail_on=Severity.INFO,
            )
        )

    def ask(self, address: str, question: str, about: dict[str, str]) -> Told:
        """The answer to a question about a resource.

        Args:
            address: Its address; of ``public`` that of an attribute.
            question: See the module.
            about: What else the question says: ``to``, ``device``.
        """
        if "/" in question:
            return self._reach(address, question)
        if question == "public":
            return self._public(address)
        resource = self.graph.get(address)
        assert resource is not None, address
        if question in get_args(Option):
            return _option(self.graph, resource, question)
        if question == "edge":
            return self._edge(self._principal(address), about.get("to"))
        if question in {"privilege", "trusted"}:
            return _QUESTIONS[question](self.graph, self._principal(address))
        if question == "endpoint":
            assert isinstance(resource, VpcEndpoint)
            return _endpoint(self.graph, resource)
        if question in {"imdsv1", "imdsv2"}:
            return _metadata(self.graph, resource, question)
        assert question == "encryption", question
        return _encryption(self.graph, resource, about.get("device"))

    def _principal(self, address: str) -> Principal:
        return next(one for one in principals(self.graph) if one.resource.address == address)

    def _reach(self, address: str, question: str) -> Told:
        name, _, number = question.partition("/")
        protocol = parse_protocol(name)
        assert protocol is not None
        found = connect(self._inputs, ((protocol, int(number)),), (address,))
        rows: Any = json.loads(render(found))["workloads"]
        (row,) = rows
        hops = row["blocked_by"] if row["verdict"] == "unreachable" else row["evidence"]
        return Told(
            row["verdict"],
            tuple(hop["message"] for hop in hops),
            tuple(hop["line"] for hop in hops),
            tuple(row["missing"]),
            {"confidence": row["confidence"], "via": row["via"]},
        )

    def _public(self, address: str) -> Told:
        valuation = evaluate(self._inputs, (address,))
        (entry,) = [one for unit in valuation.units for one in unit.entries if one.name == address]
        policy = PolicyDocument.read(val(entry.shown["value"]))
        access = stranger_access(policy, "resource-policy")
        return Told(_TRUTHS[access.foreign_principal.truth])

    def _edge(self, holder: Principal, to: str | None) -> Told:
        steps: list[PrivilegeStep] = []
        answer = NO
        if to is None:
            steps += exfiltration_edges(holder)
        else:
            target = self._principal(to)
            steps += launch_edges(self.graph, holder, target)
            for held in self._holdings(target):
                steps += control_edges(self.graph, holder, held, target, NO)
            answer = assumes(holder, target)
        best = max(
            (*(step.answer for step in steps), answer), key=lambda one: _RANKS[_TRUTHS[one.truth]]
        )
        names = [step.kind.name for step in steps if step.answer.truth is best.truth]
        if answer.truth is best.truth and answer.may_be_true:
            names.append("assume")
        actions = [a for s in steps if s.answer.truth is best.truth for a in s.actions]
        asked = [ActionRequest(action) for action in dict.fromkeys(["iam:PassRole", *actions])]
        hops = list(grant_evidence(holder, asked))
        return Told(
            _TRUTHS[best.truth],
            tuple(hop.message for hop in hops),
            tuple(hop.span.line for hop in hops) if best.may_be_true else (),
            _reasons(best),
            {"by": ",".join(names)},
        )

    def _holdings(self, target: Principal) -> Iterator[Resource]:
        for host in dict.fromkeys(launch.host for launch in launches(self.graph)):
            if any(held.role.resource is target.resource for held in roles_of(self.graph, host)):
                yield host


_RANKS = {"no": 0, "undecided": 1, "yes": 2}


def finding(found: Finding) -> Told:
    """A finding as an answer: its severity, or ``undecided``."""
    hops = found.evidence
    end = next((i for i, hop in enumerate(hops) if hop.message.startswith(_BREAKS)), len(hops))
    return Told(
        found.severity.value if found.status is Status.FAIL else found.status.value,
        (found.message, *(hop.message for hop in hops)),
        tuple(hop.span.line for hop in hops[:end]),
        found.missing,
        {
            "confidence": found.confidence.value,
            "severity": found.severity.value,
            "at": str(found.span.line),
            "edits": ",".join(str(hop.span.line) for hop in hops[end:]),
            "when": found.when or "",
        },
    )


def _privilege(graph: Graph, principal: Principal) -> Told:
    found = privilege(graph, principal)
    worst = found.worst
    if worst is None:
        return Told("none")
    hop = privilege_evidence(found)
    verdict = worst.level if found.answer.truth else "undecided"
    return Told(
        verdict,
        tuple(power.words for power in found.powers),
        (hop.span.line,),
        _reasons(found.answer),
    )


def _trusted(graph: Graph, principal: Principal) -> Told:
    role = principal.resource
    assert isinstance(role, Role)
    found = list(foreign_trust(graph, role))
    if not found:
        return Told("no")
    (one,) = found
    return Told(
        _TRUTHS[one.answer.truth],
        (one.who,),
        (one.statement.span.line,),
        _reasons(one.answer),
    )


_QUESTIONS: dict[str, Callable[[Graph, Principal], Told]] = {
    "privilege": _privilege,
    "trusted": _trusted,
}


def _endpoint(graph: Graph, endpoint: VpcEndpoint) -> Told:
    written = policies(graph, endpoint)
    if not written:
        return Told("default", (), (endpoint.span.line,))
    (policy,) = written
    name = endpoint.service_name
    assert name is not None
    service = service_of_endpoint(name)
    read = PolicyDocument.read(policy.value)
    if service is None and isinstance(name, Unknown):
        access = endpoint_access_of_any(read, name)
    else:
        access = endpoint_access(read, service)
    return Told(
        access.verdict,
        access.actions,
        tuple(span.line for span in access.spans),
        tuple(cause.reason for cause in access.causes),
        {"limited-by": access.limited_by or ""},
    )


def _option(graph: Graph, host: Resource, name: str) -> Told:
    (found,) = of_host(graph, host)
    setting = found.option(name)  # type: ignore[arg-type] # one of the options, as asked
    value = setting.value
    known = value.text if value.text is not None else value.number
    places = [setting.place] if setting.origin is None else [setting.place, setting.origin]
    return Told(
        "undecided" if known is None else str(known),
        tuple(step.words for step in setting.assumptions),
        tuple(place.span.line for place in places),
        (value.reason,) if isinstance(value, Unknown) else (),
        {"source": setting.source},
    )


def _metadata(graph: Graph, host: Resource, question: str) -> Told:
    (found,) = of_host(graph, host)
    answer = _of_version(found, question)
    return Told(
        _TRUTHS[answer.truth],
        (found.explanation, *(step.words for step in answer.assumptions)),
        (found.http_tokens.place.span.line,),
        _reasons(answer),
    )


def _of_version(found: HostMetadata, question: str) -> Answer:
    return found.imdsv1_usable if question == "imdsv1" else found.imdsv2_enforced


def _encryption(graph: Graph, resource: Resource, device: str | None) -> Told:
    every: list[Encryption] = [
        *(one for one in (*volumes(graph), *snapshots(graph), *images(graph)) if not one.device),
        *devices_of(graph, resource),
    ]
    found = [
        one
        for one in every
        if (one.subject is resource and one.device is None)
        or (one.device is not None and resource in one.hosts and _is(one, device))
    ]
    assert len(found) == 1, found
    one = found[0]
    verdicts = {True: "encrypted", False: "unencrypted", None: "undecided"}
    return Told(
        verdicts[one.encrypted.truth],
        (one.words,),
        (one.place.span.line,),
        _reasons(one.encrypted),
        {"confidence": one.confidence},
    )


def _is(one: Encryption, device: str | None) -> bool:
    if one.device is None or device is None:
        return device is None
    return one.device.root if device == "root" else one.device.name == device


def _reasons(answer: Answer) -> tuple[str, ...]:
    return tuple(cause.reason for cause in answer.causes)
