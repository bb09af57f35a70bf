"""What a principal gains by other ways than an instance that is there (semantics.md, D6).

It starts something with a stronger role, changes what runs with one, or changes a role, a user or a
group itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from iac_ec2lint.attack.credentials import InstanceRole, instance_roles
from iac_ec2lint.attack.grant_evidence import (
    admits,
    grant_evidence,
    limiting_edits,
    privilege_evidence,
    statement_allowing,
    trust_evidence,
)
from iac_ec2lint.attack.wording import stated
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.engine.question import EdgeKind
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.escalation.assuming_roles import assumes
from iac_ec2lint.iam.escalation.first_questions import (
    acts,
    are_in_policies,
    led_to,
    may_escalate,
    surely_acts,
)
from iac_ec2lint.iam.escalation.identity_changes import LIFTS, lift_edges, write_edges
from iac_ec2lint.iam.escalation.instances.control import may_control, on_instance, resources_named
from iac_ec2lint.iam.escalation.instances.sources import versions_in_use
from iac_ec2lint.iam.escalation.launch_ways import launch_edges
from iac_ec2lint.iam.escalation.new_identities import made_administrators
from iac_ec2lint.iam.escalation.rows.delegates import DELEGATES
from iac_ec2lint.iam.escalation.rows.identities import (
    ADMINISTER,
    ASSUME,
)
from iac_ec2lint.iam.escalation.services.standing_ways import standing_edges
from iac_ec2lint.iam.escalation.steps import ActionRequest, PrivilegeStep
from iac_ec2lint.iam.grants import Allowance, is_allowed, may_somewhere
from iac_ec2lint.iam.power_over_others import may_free, names_writing, power_over, writes_policies
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import (
    ADMINISTRATORS,
    Privilege,
    administering,
    as_administrator,
    is_declared_administrator,
    privilege,
)
from iac_ec2lint.iam.trust.role_trust import is_for_services
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, YES, Answer, Unknown, any_of


def gained(way: Answer, privileged: Answer, beyond: Answer) -> Answer:
    """Whether there is a way, and something gained by it.

    That somebody may do something to somebody of whom nothing is known is no news.

    Args:
        way: Whether there is a way to somebody.
        privileged: Whether that one is privileged.
        beyond: Whether it has something that whoever goes the way does not have already.
    """
    if way.truth is None and privileged.truth is None:
        return NO
    return way & beyond


class Gain(NamedTuple):
    """A principal that gains what another may do, by one step.

    Attributes:
        principal: Who.
        target: The role, user or group that it gains.
        step: How.
        answer: Whether all of it holds; that something is gained by it, of what is no lead alone.
        level: What the target comes to, for whoever has gained it.
        words: What the principal can do: ``start an instance with role aws_iam_role.admin``.
        allowed: The statement that lets it, for a finding to point at; none where a trust policy
            alone does.
        hops: What says so, from that statement to what is gained.
        edits: What breaks it.
        held: The host that is controlled, with the role, where one is.
    """

    principal: Principal
    target: Principal
    step: PrivilegeStep
    answer: Answer
    level: Privilege
    words: str
    allowed: Allowance | None
    hops: tuple[Evidence, ...]
    edits: tuple[Evidence, ...]
    held: InstanceRole | None = None

    @property
    def kind(self) -> EdgeKind:
        """The edge that it is: by assuming the other, controlling its host, or another way."""
        if self.step.kind is ASSUME:
            return "assumes"
        return "gains" if self.held is None else "controls"

    @property
    def by_itself(self) -> bool:
        """Whether it needs nobody else: it is, or makes itself, administrator."""
        return self.step.kind is ADMINISTER


def self_escalation(graph: Graph, principal: Principal) -> Gain | None:
    """How a principal is, or makes itself, administrator by its own policies (semantics.md, D2).

    Where AWS's policy for administrators is attached to it, its name says so, and nobody is told.
    """
    own = privilege(graph, principal)
    if is_declared_administrator(principal):
        return None
    powers = [power for power in own.powers if power.level in ADMINISTRATORS and not power.through]
    found = _administration(graph, principal) if powers else None
    if found is None:
        return None
    asked, answer = found
    allowed = statement_allowing(principal, asked[0])
    if allowed is None:
        return None
    step = PrivilegeStep(ADMINISTER, tuple(one.action for one in asked), answer, asked)
    edits = tuple(limiting_edits(principal, asked[0]))
    lifted: tuple[Evidence, ...] = ()
    if principal.freed_by is not None:
        lifted = tuple(grant_evidence(principal, (ActionRequest(*principal.freed_by),)))
        place = principal.resource.place("permissions_boundary")
        words = f"deny {principal.freed_by.action} in its boundary"
        edits = (*edits, Evidence(place.span, words, principal.resource.address))
    hops = (*lifted, privilege_evidence(own))
    return Gain(principal, principal, step, answer, own, ADMINISTER.words, allowed, hops, edits)


def _administration(
    graph: Graph, principal: Principal
) -> tuple[tuple[ActionRequest, ...], Answer] | None:
    """What makes an administrator of a principal by its own policies: surely, else perhaps."""
    ways = (
        ((asked,), is_allowed(principal, *asked) & makes_one)
        for asked, makes_one in administering(principal)
    )
    told = (
        (asked, answer)
        for asked, answer in chain(ways, made_administrators(graph, principal))
        if answer.truth or are_in_policies(principal, asked)
    )
    return first_sure(told, lambda way: way[1])


@remembered
def escalations(graph: Graph, principal: Principal) -> tuple[Gain, ...]:
    """What a principal gains from others: the best way for each of them, by their addresses."""
    return tuple(_escalations(graph, principal))


def assumptions(graph: Graph, principal: Principal, *, every: bool) -> Iterator[Gain]:
    """The roles that a principal may assume, by their addresses; if not ``every``, the stronger."""
    own = privilege(graph, principal)
    for target, assumed in _assumed(graph, principal):
        level = privilege(graph, target)
        answer = assumed if every else gained(assumed, level.answer, level.beyond(own))
        asked = ActionRequest("sts:AssumeRole", target.arn, target.identity)
        if answer.may_be_true:
            allowed = statement_allowing(principal, asked)
            step = PrivilegeStep(ASSUME, (asked.action,), assumed, (asked,))
            other = target.resource
            who = principal.resource.address
            trusts = stated(admits(other, principal), other.address, "trusts", who)
            hops = (
                *grant_evidence(principal, step.asked),
                Evidence(other.place("trust_policy").span, trusts, other.address),
                privilege_evidence(level),
            )
            edits = tuple(limiting_edits(principal, asked))
            words = f"assume {target.name}"
            yield Gain(principal, target, step, answer, level, words, allowed, hops, edits)


@remembered
def _assumed(graph: Graph, principal: Principal) -> tuple[tuple[Principal, Answer], ...]:
    """The roles that a principal may assume, and whether it surely does."""
    others = (one for one in _assumable(graph) if one.resource is not principal.resource)
    found = ((target, assumes(principal, target)) for target in others)
    return tuple((target, answer) for target, answer in found if answer.may_be_true)


@remembered
def _assumable(graph: Graph) -> tuple[Principal, ...]:
    """The roles that trust others than services: most trust services alone."""
    made = (
        one
        for one in principals(graph)
        if isinstance(one.resource, Role) and not is_for_services(one.resource)
    )
    return tuple(made)


def _escalations(graph: Graph, principal: Principal) -> Iterator[Gain]:
    own = privilege(graph, principal)
    if own.administers_alone or not may_escalate(principal):
        return
    lifting = any(may_somewhere(principal, action) for action in LIFTS)
    surely = surely_acts(principal)
    found = _liftable(graph) if lifting else _privileged(graph)
    writers = _writers(graph, lifting)
    alone = not surely and not writers and all(truth is None for _, truth in _privileged(graph))
    if alone and not lifting:
        return
    named = led_to(graph, principal, alone)
    assumable = {one.resource for one in _assumable(graph)}
    for target, truth in (*found, *writers):
        if target.resource is principal.resource:
            continue
        if named is not None and target.resource.address not in named:
            continue
        gain = privilege(graph, target)
        privileged = truth
        # Undecided on both sides is no news here either, and most pairs are.
        back = None
        if surely or names_writing(target):
            back = power_over(graph, target, principal)
        if back is not None:
            # It leads back to the principal, as an administrator.
            gain = gain._replace(powers=(back, *gain.powers))
            privileged = back.answer.truth or truth or None
        elif truth is False and not lifting:
            continue
        # What is undecided on both sides is no news, but for what makes an administrator.
        lifted = privileged is False or (privileged is None and not surely)
        lifted = lifted or own.includes(gain)
        # Nobody assumes a role that trusts services alone, whatever may be written to it.
        if lifted and not (lifting and target.resource in assumable):
            continue
        made = _best(graph, principal, target, gain, own, lifting=lifted)
        if made is not None:
            yield made


def _best(
    graph: Graph,
    principal: Principal,
    target: Principal,
    gain: Privilege,
    own: Privilege | None,
    *,
    lifting: bool,
) -> Gain | None:
    """The best way to another, beyond what a principal has already, where that is given."""
    ways = _worthwhile(graph, principal, target, gain, own, lifting=lifting)
    best = first_sure(ways, lambda way: way[1])
    return None if best is None else _made(graph, principal, target, *best)


def _worthwhile(
    graph: Graph,
    principal: Principal,
    target: Principal,
    gain: Privilege,
    own: Privilege | None,
    *,
    lifting: bool,
) -> Iterator[tuple[PrivilegeStep, Answer, Privilege]]:
    """The ways to another, whether something is gained by each, and what it is then."""
    privileged: Answer | None = None
    for step in _steps(graph, principal, target, lifting=lifting):
        if privileged is None:  # most pairs have no step
            privileged, beyond = gain.answer, YES if own is None else gain.beyond(own)
        won, answer = gain, step.answer
        if step.kind.lifts and own is not None:
            freed = may_free(graph, principal, target)
            won = as_administrator(graph, target, answer, freed)
            if target.boundary is not None:
                lifted = as_administrator(graph, target, YES, freed)
                answer = answer if lifted.administration.truth else answer & lifted.beyond(own)
        elif own is not None:
            if step.kind.target and _unknowns(answer) <= _unknowns(privileged):
                answer = answer & beyond  # one unknown policy decides both
            else:
                answer = gained(answer, privileged, beyond)
        yield step, answer, won


def _unknowns(answer: Answer) -> frozenset[tuple[str, tuple[str, int, int]]]:
    """What an answer hangs on, by what it says and where: a policy may be read more than once."""
    return frozenset((cause.reason, cause.span.key) for cause in answer.causes)


@remembered
def _privileged(graph: Graph) -> tuple[tuple[Principal, bool | None], ...]:
    """The principals that are, or may be, privileged, and which."""
    everyone = ((one, privilege(graph, one).answer.truth) for one in principals(graph))
    return tuple((one, truth) for one, truth in everyone if truth is not False)


@remembered
def _liftable(graph: Graph) -> tuple[tuple[Principal, bool | None], ...]:
    """These, and the roles that somebody may assume."""
    truths = {one.resource: truth for one, truth in _privileged(graph)}
    roles = {one.resource for one in _assumable(graph)}
    return tuple(
        (one, truths.get(one.resource, False))
        for one in principals(graph)
        if one.resource in truths or one.resource in roles
    )


@remembered
def _writers(graph: Graph, lifting: bool) -> tuple[tuple[Principal, bool], ...]:
    """The roles besides that write policies of somebody: of whoever has them made work, perhaps."""
    known = {one.resource for one, _ in (_liftable(graph) if lifting else _privileged(graph))}
    return tuple(
        (one, False)
        for one in principals(graph)
        if isinstance(one.resource, Role) and one.resource not in known and writes_policies(one)
    )


def _steps(
    graph: Graph, principal: Principal, target: Principal, *, lifting: bool
) -> Iterator[PrivilegeStep]:
    """The ways to another; where that is no stronger, those that make it so."""
    if lifting:
        yield from lift_edges(principal, target)
        return
    changed: list[PrivilegeStep] = []
    for step in launch_edges(graph, principal, target, _swaps_own_profile(graph, principal)):
        if step.kind.changes is not None:
            changed.append(step)
        else:
            yield step
    yield from standing_edges(graph, principal, target)
    # What has the role already says more than what can be given it.
    yield from changed
    yield from write_edges(graph, principal, target)


@remembered
def _swaps_own_profile(graph: Graph, principal: Principal) -> Answer:
    """Whether a role may give an instance that has it another profile.

    Whoever has the role's credentials from there has those of the next role likewise. An instance
    has one profile at a time (IAM User Guide, "Use instance profiles").
    """
    role = principal.resource
    if not isinstance(role, Role) or not any(may_somewhere(principal, one) for one in _SWAPS):
        return NO
    hosts = [held.host for held in instance_roles(graph).get(role, ())]
    named = resources_named(principal)
    asked = [*hosts[:1], *(host for host in hosts[1:] if host.address in named)]
    replaces, adds, removes = (
        any_of(on_instance(principal, action, host)[1] for host in asked) for action in _SWAPS
    )
    words = f"whether it is on a host that somebody has {role.address} is not known"
    there = YES if is_for_services(role) else Answer(None, (Unknown(words, "computed", role.span),))
    return (replaces | (adds & removes)) & there


_SWAPS = (
    "ec2:ReplaceIamInstanceProfileAssociation",
    "ec2:AssociateIamInstanceProfile",
    "ec2:DisassociateIamInstanceProfile",
)


def passed(graph: Graph, principal: Principal, worth: frozenset[Resource]) -> Iterator[Gain]:
    """The ways to roles and users that are not privileged, and lead on: the best for each.

    Args:
        graph: The graph.
        principal: Who.
        worth: Roles that are worth to be had for another reason.
    """
    if not may_escalate(principal) or not acts(graph, principal):
        return
    named = led_to(graph, principal, False)
    for target in principals(graph):
        role = target.resource
        if role is principal.resource or (named is not None and role.address not in named):
            continue
        gain = privilege(graph, target)
        if gain.answer.truth is not False or not (role in worth or leads_on(graph, target)):
            continue
        made = _best(graph, principal, target, gain, None, lifting=False)
        if made is not None:
            yield made


@remembered
def leads_on(graph: Graph, principal: Principal) -> bool:
    """Whether a principal may control hosts, pass roles or assume any."""
    return may_control(principal) or may_escalate(principal) or bool(_assumed(graph, principal))


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


def by_way_of(graph: Graph, step: PrivilegeStep) -> Iterator[Evidence]:
    """The hops that say what a service does it with, where a step is by one."""
    if step.through is not None:
        role, asked = step.through
        service = next(one.kind.services[0] for one in DELEGATES if one.kind.name == step.kind.name)
        yield from trust_evidence(graph, role, service)
        yield from grant_evidence(role, asked)


def _made(
    graph: Graph,
    principal: Principal,
    target: Principal,
    step: PrivilegeStep,
    answer: Answer,
    gain: Privilege,
) -> Gain | None:
    allowed = statement_allowing(principal, step.asked[0])
    if allowed is None:
        return None
    kind = step.kind
    hops = list(grant_evidence(principal, step.asked))
    last = privilege_evidence(gain)
    if kind.services:
        words = f"{kind.words} with {target.name}"
        hops += (*follows(graph, step), *trust_evidence(graph, target, kind.services[0]))
    elif step.about is not None:
        words = f"{kind.words} {step.about.address}, which runs with {target.name}"
        address = step.about.address
        hops += by_way_of(graph, step)
        hops.append(Evidence(step.about.span, f"{address} runs with {target.name}", address))
    else:
        words = f"{kind.words} {target.name}"
        hops += by_way_of(graph, step)
        if kind.lifts:
            if gain.worst is not None and gain.worst.level not in ADMINISTRATORS:
                words = f"assume, and give any policy to, {target.name}"
            address = target.resource.address
            place = target.resource.place("trust_policy").span
            trusts = admits(target.resource, principal)
            said = stated(trusts, address, "can be", f"assumed by {principal.name}")
            last = Evidence(place, said, address)
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
    every = (*hops, last)
    return Gain(principal, target, step, answer, gain, words, allowed, every, tuple(edits))
