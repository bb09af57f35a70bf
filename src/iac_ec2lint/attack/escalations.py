"""What a principal gains by other ways than an instance that is there (semantics.md, D6).

It starts something with a stronger role, changes what runs with one, or changes a role, a user or a
group itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from iac_ec2lint.attack.grant_evidence import (
    admits,
    as_known,
    grant_evidence,
    limiting_edits,
    privilege_evidence,
    statement_allowing,
    trust_evidence,
)
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.escalation import PrivilegeStep, assumes, function_edges, launch_edges
from iac_ec2lint.iam.escalation_table import FUNCTION_CODE, LAUNCHES
from iac_ec2lint.iam.grants import Allowance, is_for_services, may_somewhere
from iac_ec2lint.iam.identity_changes import WRITES, write_edges
from iac_ec2lint.iam.launch_sources import versions_in_use
from iac_ec2lint.iam.principals import Principal, principals
from iac_ec2lint.iam.privilege import Privilege, as_administrator, privilege
from iac_ec2lint.iam.steps import ActionRequest
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.values import NO, Answer


def gained(way: Answer, gain: Privilege, own: Privilege) -> Answer:
    """Whether there is a way, and something gained by it.

    That somebody may do something to somebody of whom nothing is known is no news.
    """
    if way.truth is None and gain.answer.truth is None:
        return NO
    return way & gain.beyond(own)


class Escalation(NamedTuple):
    """A principal that gains what another may do.

    Attributes:
        principal: Who.
        target: The role, user or group that it gains.
        step: How.
        answer: Whether all of it holds, and gains something.
        gain: What the target comes to, for whoever has gained it.
        words: What the principal can do: ``start an instance with role aws_iam_role.admin``.
        allowed: The statement that lets it, for a finding to point at.
        hops: What says so, from that statement to what is gained.
        edits: What breaks it.
    """

    principal: Principal
    target: Principal
    step: PrivilegeStep
    answer: Answer
    gain: Privilege
    words: str
    allowed: Allowance
    hops: tuple[Evidence, ...]
    edits: tuple[Evidence, ...]

    @property
    def has(self) -> str:
        """The actions that it rests on, in words."""
        return " and ".join(dict.fromkeys(asked.action for asked in self.step.asked))


@remembered
def escalations(graph: Graph, principal: Principal) -> tuple[Escalation, ...]:
    """What a principal gains from others: the best way for each of them, by their addresses."""
    return tuple(_escalations(graph, principal))


class Assumption(NamedTuple):
    """A role that a principal may assume, and gains something by.

    Attributes:
        target: The role.
        answer: Whether all of it holds.
        gain: What it comes to.
        asked: What the principal is allowed for it.
    """

    target: Principal
    answer: Answer
    gain: Privilege
    asked: ActionRequest


@remembered
def assumptions(graph: Graph, principal: Principal) -> tuple[Assumption, ...]:
    """The stronger roles that a principal may assume, by their addresses."""
    return tuple(_assumptions(graph, principal))


def _assumptions(graph: Graph, principal: Principal) -> Iterator[Assumption]:
    own = privilege(graph, principal)
    for target in _assumable(graph):
        if target.resource is principal.resource:
            continue
        assumed = assumes(principal, target)
        if assumed.truth is False:
            continue
        gain = privilege(graph, target)
        answer = gained(assumed, gain, own)
        if answer.truth is not False:
            asked = ActionRequest("sts:AssumeRole", target.arn, target.identity)
            yield Assumption(target, answer, gain, asked)


@remembered
def _assumable(graph: Graph) -> tuple[Principal, ...]:
    """The roles that trust others than services: most trust services alone."""
    made = (
        one
        for one in principals(graph)
        if isinstance(one.resource, Role) and not is_for_services(one.resource)
    )
    return tuple(made)


def _escalations(graph: Graph, principal: Principal) -> Iterator[Escalation]:
    own = privilege(graph, principal)
    if own.administers_alone or not _may_escalate(principal):
        return
    for target in principals(graph):
        if target.resource is principal.resource:
            continue
        gain = privilege(graph, target)
        beyond = gain.beyond(own)
        best: tuple[PrivilegeStep, Answer, Privilege] | None = None
        for step in _steps(graph, principal, target, lifting=beyond.truth is False):
            won, answer = gain, gained(step.answer, gain, own)
            if step.kind.lifts:
                won, answer = as_administrator(target, step.answer), step.answer
            if answer.truth or (best is None and answer.truth is None):
                best = step, answer, won
            if answer.truth:
                break
        if best is not None:
            made = _made(graph, principal, target, *best)
            if made is not None:
                yield made


def _may_escalate(principal: Principal) -> bool:
    """Whether a principal may do anything at all that some edge to another needs."""
    passing = may_somewhere(principal, "iam:PassRole")
    kinds = (kind for kind in LAUNCHES if passing or not kind.passes)
    return any(
        all(may_somewhere(principal, action) for action in actions)
        for kind in (*kinds, FUNCTION_CODE, *WRITES)
        for actions in kind.actions
    )


def _steps(
    graph: Graph, principal: Principal, target: Principal, *, lifting: bool
) -> Iterator[PrivilegeStep]:
    """The ways to another; where that is no stronger, those that make it so."""
    if lifting:
        yield from (step for step in write_edges(principal, target) if step.kind.lifts)
        return
    yield from launch_edges(graph, principal, target)
    yield from function_edges(graph, principal, target)
    yield from write_edges(principal, target)


def follows(graph: Graph, step: PrivilegeStep) -> Iterator[Evidence]:
    """The hop that says whose versions a group follows, where a step is about that."""
    for in_use in versions_in_use(graph):
        if in_use.group is step.about:
            group = in_use.group.address
            version = "default" if in_use.default.truth else "followed"
            version = "newest" if in_use.latest.truth else version
            words = f"{group} starts what the {version} version of {in_use.template.address} says"
            yield Evidence(in_use.launch.part.span, words, group)
            return


def _made(
    graph: Graph,
    principal: Principal,
    target: Principal,
    step: PrivilegeStep,
    answer: Answer,
    gain: Privilege,
) -> Escalation | None:
    allowed = statement_allowing(principal, step.asked[0])
    if allowed is None:
        return None
    kind = step.kind
    hops = list(grant_evidence(principal, step.asked[1:]))
    last = privilege_evidence(gain)
    if kind.services:
        words = f"{kind.words} with {target.name}"
        hops += (*follows(graph, step), *trust_evidence(graph, target, kind.services[0]))
    elif step.about is not None:
        words = f"{kind.words} {step.about.address}, which runs with {target.name}"
        address = step.about.address
        hops.append(Evidence(step.about.span, f"{address} runs with {target.name}", address))
    else:
        words = f"{kind.words} {target.name}"
        if kind.lifts:
            address = target.resource.address
            place = target.resource.place("trust_policy").span
            last = Evidence(
                place,
                as_known(
                    admits(target.resource, principal),
                    f"{address} can be assumed by {principal.name}",
                    f"{address} may be assumed by {principal.name}",
                ),
                address,
            )
    where = allowed.grant.resource.address
    edits: list[Evidence] = []
    if kind.services and kind.passes:
        limit = f"allow iam:PassRole on roles no stronger than {principal.name} alone"
        edits.append(Evidence(allowed.statement.span, limit, where))
        rest = " and ".join(step.actions)
        spans = list(grant_evidence(principal, step.asked[1:]))[:1]
        edits += [Evidence(hop.span, f"take {rest} away", hop.resource) for hop in spans]
    else:
        edits += limiting_edits(principal, step.asked[0])
    return Escalation(
        principal,
        target,
        step,
        answer,
        gain,
        words,
        allowed,
        (*hops, last),
        tuple(edits),
    )
