"""Who takes control of which instances, and gains their roles: joins IAM, the graph and network."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import islice

from iac_ec2lint.attack.credentials import InstanceRole, instance_roles
from iac_ec2lint.attack.gains.escalations import (
    Gain,
    assumptions,
    by_way_of,
    escalations,
    follows,
    gained,
    passed,
)
from iac_ec2lint.attack.grant_evidence import (
    grant_evidence,
    limiting_edits,
    privilege_evidence,
    statement_allowing,
)
from iac_ec2lint.attack.hosts.access import (
    CLOSED,
    HostControl,
    best_of,
    entrances_to,
    from_internet,
    placements,
    reaches_port,
)
from iac_ec2lint.attack.hosts.changes import changes
from iac_ec2lint.attack.hosts.ssm_management import agent_has_a_way
from iac_ec2lint.attack.hosts.windows_password import reads_password
from iac_ec2lint.compute.account_settings import governs
from iac_ec2lint.compute.instance_tags import TagContext, tag_context
from iac_ec2lint.compute.metadata.hosts import of_launch
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import tidy
from iac_ec2lint.iam.escalation.instances.control import (
    control_edges,
    is_managed,
    may_control,
    resources_named,
    tag_keys,
    template_edges,
)
from iac_ec2lint.iam.escalation.instances.sources import InUse, versions_in_use
from iac_ec2lint.iam.escalation.rows.instances import CHANGES, CONTROLS, REPLACES
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Guard
from iac_ec2lint.iam.escalation.rows.services import MANAGED_BY
from iac_ec2lint.iam.escalation.services.delegates import Delegated, delegated
from iac_ec2lint.iam.escalation.steps import PrivilegeStep, may_any
from iac_ec2lint.iam.grants import is_allowed, may_somewhere
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.network.sets.ports import PortSet
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.resources.serial_console import SerialConsoleAccess
from iac_ec2lint.resources.ssm_association import SsmAssociation
from iac_ec2lint.values import NO, YES, Answer

_SSH = 22
_TURNS_ON = "ec2:ModifyInstanceMetadataOptions"
_APPLICATIONS = PortSet(((80, 80), (443, 443), (8000, 9999)))
"""Where applications listen that can be made to forge requests (semantics.md, E, PATH-01)."""
PLACES = 32
"""How many hosts of one role, of different placement, a principal is asked to reach."""


@remembered
def takeovers(graph: Graph, principal: Principal) -> tuple[Gain, ...]:
    """What a principal gains from instances that are there: the best way for each role."""
    own, found = privilege(graph, principal), []
    for held in _holders(graph, principal):
        level = privilege(graph, held.role)
        beyond = level.beyond(own)
        if beyond.truth is not False:
            control = _control(graph, principal, held.role.resource)
            if control is not None and control.held is not None:
                answer = gained(control.step.answer, level.answer, beyond)
                answer = answer & control.held.answer & gives_role(graph, principal, control)
                if answer.may_be_true:
                    found.append(control._replace(answer=answer))
    return tuple(found)


def gives_role(graph: Graph, principal: Principal, control: Gain) -> Answer:
    """Whether an instance that a principal controls gives it its role.

    A new version of its template says itself whether it does.
    """
    if control.held is None or control.step.kind is REPLACES:
        return YES
    return _metadata_on(graph, principal, control.held)


def _metadata_on(graph: Graph, principal: Principal, held: InstanceRole) -> Answer:
    """Whether the metadata service, from which a role is had, is on, or may be turned on.

    Source: EC2 User Guide, "Modify instance metadata options for existing instances".
    """
    enabled = of_launch(graph, held.launch).enabled
    return enabled if enabled.truth else enabled | is_allowed(principal, _TURNS_ON)


@remembered
def gains(graph: Graph, role: Principal) -> tuple[Gain, ...]:
    """All that a role gains: by controlling instances, by other ways, by assuming roles."""
    return (
        *takeovers(graph, role),
        *escalations(graph, role),
        *assumptions(graph, role, every=False),
    )


def leads(graph: Graph, principal: Principal, worth: frozenset[Resource]) -> Iterator[Gain]:
    """All that a principal leads on to, also what is no gain by itself.

    Args:
        graph: The graph.
        principal: Who.
        worth: Roles that are worth to be passed, though they are not privileged.
    """
    for held in _holders(graph, principal):
        control = _control(graph, principal, held.role.resource)
        if control is not None:
            yield control
    yield from escalations(graph, principal)
    yield from passed(graph, principal, worth)
    yield from assumptions(graph, principal, every=True)


def _commands(graph: Graph, principal: Principal) -> tuple[Delegated, ...]:
    """The services that run commands on instances for a principal, with a role that it passes."""
    return tuple(one for one in delegated(graph, principal) if one.row.commands)


def _holders(graph: Graph, principal: Principal) -> Iterator[InstanceRole]:
    """For each role of instances, but a principal's own, one that has it."""
    if may_control(principal):
        for role, holders in instance_roles(graph).items():
            if role is not principal.resource:
                yield holders[0]


@remembered
def _control(graph: Graph, principal: Principal, role: Resource) -> Gain | None:
    """The best way to take control of an instance that has a role, whatever that role is."""
    holders = instance_roles(graph)[role]
    best: tuple[Answer, _Found] | None = None
    for found in _steps(graph, principal, role, holders):
        held, step, _ = found
        answer = step.answer & held.answer
        better = best is None or (best[1][1].answer.truth is None and step.answer.truth is True)
        if answer.truth or (answer.truth is None and better):
            best = answer, found
        if answer.truth:
            break
    if best is None:
        return None
    answer, (held, step, reached) = best
    allowed = statement_allowing(principal, step.asked[0])
    if allowed is None:
        return None
    level = privilege(graph, held.role)
    hops = (
        *grant_evidence(principal, step.asked),
        *reached,
        *held.hops,
        privilege_evidence(level),
    )
    words = f"{step.kind.words} {held.host.address}"
    edits = tuple(limiting_edits(principal, step.asked[0]))
    return Gain(principal, held.role, step, answer, level, words, allowed, hops, edits, held)


_Found = tuple[InstanceRole, PrivilegeStep, tuple[Evidence, ...]]


def _steps(
    graph: Graph, principal: Principal, role: Resource, every: list[InstanceRole]
) -> Iterator[_Found]:
    """The ways to the hosts of one role, the risks after all others."""
    risks: list[_Found] = []
    for held, guarded in _asked_of(graph, principal, role, every):
        for found in _on_host(graph, principal, held, guarded=guarded):
            if found[1].kind.risk:
                risks.append(found)
            else:
                yield found
    if any(may_somewhere(principal, action) for actions in REPLACES.actions for action in actions):
        by_host = {held.host: held for held in every}
        for in_use in _followed(graph, principal):
            if in_use.group in by_host:
                for step in template_edges(principal, in_use):
                    yield by_host[in_use.group], step, tuple(follows(graph, step))
    if may_any(principal, CHANGES):
        for held in every:
            for step, hops in changes(graph, principal, held.host):
                managed = YES
                if step.kind.target == MANAGED_BY:
                    managed = is_managed(held.role) & agent_has_a_way(graph, held.host)
                    managed = managed & _metadata_on(graph, principal, held)
                answer = tidy(step.answer & managed)
                if answer.truth is not False:
                    yield held, step._replace(answer=answer), hops
    yield from risks


def _asked_of(
    graph: Graph, principal: Principal, role: Resource, every: list[InstanceRole]
) -> Iterator[tuple[InstanceRole, bool]]:
    """The hosts that may differ: those that a policy refers to, and one of the others.

    Where it matters how a host is reached, one of each placement, for those ways alone.
    """
    delegates = _commands(graph, principal)
    named = resources_named(principal).union(*(resources_named(one.role) for one in delegates))
    keys = _fixed_tags(graph, principal)
    alike: set[tuple[TagContext, bool | None, bool | None]] = set()
    plain, guarded = _controls(principal)
    plain = plain or bool(delegates)
    for held in every if keys or plain else ():
        if held.host.address in named:
            continue
        gives = of_launch(graph, held.launch).enabled.truth
        mark = tag_context(graph, held.host, keys), agent_has_a_way(graph, held.host).truth, gives
        if mark not in alike:
            alike.add(mark)
            yield held, False
        if not keys and mark[1] and gives:
            break
    if named:
        yield from ((held, False) for held in every if held.host.address in named)
    if guarded:
        yield from ((held, True) for held in islice(placed(graph, role, keys), PLACES))


@remembered
def _controls(principal: Principal) -> tuple[bool, bool]:
    """Whether a principal has the actions of a row that asks nothing more, and of one that does."""
    plain = [kind for kind in CONTROLS if not kind.guard]
    guarded = [kind for kind in CONTROLS if kind.guard]
    return may_any(principal, plain), may_any(principal, guarded)


@remembered
def _fixed_tags(graph: Graph, principal: Principal) -> frozenset[str]:
    """The tags that the policies of a principal ask for, if nobody may change those of instances.

    Administrators have all that there is without it (semantics.md, D6).
    """
    keys = tag_keys(principal)
    return keys if keys and not _tags_may_change(graph) else frozenset()


@remembered
def _tags_may_change(graph: Graph) -> bool:
    return any(
        any(may_somewhere(one, action) for action in ("ec2:CreateTags", "ec2:DeleteTags"))
        and not privilege(graph, one).administers_alone
        for one in principals(graph)
    )


@remembered
def placed(graph: Graph, role: Resource, keys: frozenset[str]) -> tuple[InstanceRole, ...]:
    """One host of a role for each placement, way to be launched and tags; computed once."""
    every = instance_roles(graph)[role]
    where = placements(graph, (held.host for held in every))
    alike: dict[object, InstanceRole] = {}
    for held in every:
        settings = held.launch.settings
        options, pair = settings.metadata_options, settings.key_pair
        mark = (
            where.get(held.host),
            bool(entrances_to(graph, held.host)),
            *(
                o.text if o is not None else None
                for o in (options.http_tokens, options.http_endpoint)
            ),
            pair.text or repr(pair) if pair is not None else None,
            tag_context(graph, held.host, keys),
        )
        alike.setdefault(mark, held)
    return tuple(alike.values())


def _by_delegates(graph: Graph, principal: Principal, held: InstanceRole) -> Iterator[_Found]:
    """The ways to have a service run commands on a host, with a role that it is passed."""
    for one in _commands(graph, principal):
        tags = tag_context(graph, held.host, _fixed_tags(graph, one.role))
        for step in control_edges(graph, one.role, held.host, held.role, NO, tags=tags):
            if step.actions == _SENDS:
                words = f"have {one.row.kind.words} {step.kind.words}"
                kind = EdgeKind(one.row.kind.name, (one.actions,), words, target=step.kind.target)
                answer = one.answer & step.answer & agent_has_a_way(graph, held.host)
                answer = tidy(answer & _metadata_on(graph, principal, held))
                if answer.truth is not False:
                    through = one.role, step.asked
                    made = PrivilegeStep(kind, one.actions, answer, one.asked, through=through)
                    yield held, made, tuple(by_way_of(graph, made))


_SENDS = ("ssm:SendCommand",)


def _on_host(
    graph: Graph, principal: Principal, held: InstanceRole, *, guarded: bool
) -> Iterator[_Found]:
    if not guarded:
        yield from _by_delegates(graph, principal, held)
    seen: dict[Guard, HostControl] = {}
    logs_in = may_somewhere(principal, "ec2-instance-connect:SendSSHPublicKey")
    seen["ssh"] = reaches_port(graph, principal, held, _SSH) if logs_in else CLOSED
    ask = partial(_guarded, graph, principal, held, seen)
    reached = seen["ssh"].answer
    tags = tag_context(graph, held.host, _fixed_tags(graph, principal))
    for step in control_edges(
        graph, principal, held.host, held.role, reached, ask, guarded=guarded, tags=tags
    ):
        answer = step.answer
        if step.kind.target == MANAGED_BY:
            answer = answer & agent_has_a_way(graph, held.host)
            answer = answer & _metadata_on(graph, principal, held)
        if answer.truth is False:
            continue
        access = seen.get(step.kind.guard, CLOSED)
        asked = (*step.asked, *access.asked)
        yield held, step._replace(answer=answer, asked=asked), access.hops


def _guarded(
    graph: Graph,
    principal: Principal,
    held: InstanceRole,
    seen: dict[Guard, HostControl],
    guard: Guard,
) -> Answer:
    """Whether what else must hold of a host does; what says so is kept."""
    if guard not in seen:
        if guard == "password":
            seen[guard] = reads_password(graph, principal, held)
        elif guard == "console":
            seen[guard] = best_of(_consoles(graph, held.host))
        elif guard == "association":
            seen[guard] = best_of(_associations(graph))
        else:
            seen[guard] = _without_tokens(graph, held)
    return seen[guard].answer


def _associations(graph: Graph) -> Iterator[HostControl]:
    """The associations of Systems Manager: whoever changes one says what it runs, and where.

    Source: Systems Manager API Reference, UpdateAssociation (``Name``, ``Targets``).
    """
    for one in graph.all(SsmAssociation):
        fact = f"{one.address} runs a document on instances"
        yield HostControl(one.presence.answer, (Evidence(one.span, fact, one.address),))


def _consoles(graph: Graph, host: Resource) -> Iterator[HostControl]:
    """What turns the serial console on for the account."""
    for one in graph.all(SerialConsoleAccess):
        there = governs(one, host)
        if there.may_be_true:
            fact = f"{one.address} lets the account use the serial console"
            yield HostControl(
                one.presence.answer & one.enabled.is_true() & there,
                (Evidence(one.span, fact, one.address),),
            )


def _without_tokens(graph: Graph, held: InstanceRole) -> HostControl:
    """Whether a host is one forged request away from its credentials, but for tokens.

    Where IMDSv1 is answered already there is nothing to weaken.
    """
    metadata = of_launch(graph, held.launch)
    if metadata.imdsv1_usable.truth is True:
        return CLOSED
    host = held.host.address
    setting = metadata.http_tokens
    verb = "does not" if metadata.imdsv1_usable.truth is False else "may not"
    fact = f"{host} {verb} answer IMDSv1: {metadata.explanation}"
    closed = Evidence(setting.place.span, fact, setting.resource.address)
    entered = best_of(from_internet(graph, held.host, _APPLICATIONS, balanced=True))
    return entered._replace(hops=(*entered.hops, closed))


def _followed(graph: Graph, principal: Principal) -> Iterator[InUse]:
    """The templates in use that may differ: those that a policy refers to, and the first others."""
    named = resources_named(principal)
    seen: set[object] = set()
    for in_use in versions_in_use(graph):
        if in_use.template.address in named:
            yield in_use
            continue
        mark = in_use.latest.truth, in_use.default.truth, _roles(graph).get(in_use.group, ())
        if mark not in seen:
            seen.add(mark)
            yield in_use


@remembered
def _roles(graph: Graph) -> dict[Resource, tuple[Resource, ...]]:
    """The roles of each host's instances."""
    made: dict[Resource, tuple[Resource, ...]] = {}
    for role, every in instance_roles(graph).items():
        for held in every:
            made[held.host] = (*made.get(held.host, ()), role)
    return made
