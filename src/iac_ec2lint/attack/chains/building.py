"""The attack graph of a unit, made of what the other rooms answer, from where somebody gets in.

Only what is led on to is looked at: most units have a way in to nothing.
"""

from __future__ import annotations

from collections import deque
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.chains.access_keys import (
    described,
    hosts_with_keys,
    scripts_from_outside,
    scripts_on,
    scripts_on_copies,
    users_of,
)
from iac_ec2lint.attack.chains.attack_graph import AttackGraph
from iac_ec2lint.attack.chains.kinds import OPENING
from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, Beginning, NodeKey
from iac_ec2lint.attack.chains.readings import Reading, readings
from iac_ec2lint.attack.chains.strangers import strangers
from iac_ec2lint.attack.credentials import (
    CredentialAccess,
    CredentialPath,
    InstanceRole,
    by_login,
    credential_paths,
    instance_roles,
)
from iac_ec2lint.attack.entry.endpoint_services import OpenService, open_services
from iac_ec2lint.attack.entry.entries import less_severe
from iac_ec2lint.attack.entry.facts import hop_evidence
from iac_ec2lint.attack.gains.escalations import Gain, leads_on
from iac_ec2lint.attack.grant_evidence import grant_evidence, limiting_edits
from iac_ec2lint.attack.hosts.takeover import gives_role, leads
from iac_ec2lint.attack.inside.pivots import MASTERS, administers
from iac_ec2lint.attack.inside.tiers import tiers_of
from iac_ec2lint.attack.wording import stated
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principal_of, principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.resources.kms_key import KmsGrant, KmsKey
from iac_ec2lint.values import YES, Answer, Confidence, any_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.attack.inside.tier_steps import Tier, TierStep
    from iac_ec2lint.engine.question import EdgeKind
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource

_ACCOUNTS: Final = "any AWS account"
INTERNET: Final = AttackNode("outside", "the internet")

_MOST_NODES: Final = 4000
"""How many nodes are led on from: a bound for hostile input."""

_MOST_CONTROLLED: Final = 400
"""From how many hosts that are controlled data stores are looked for."""

_MOST_ASIDE: Final = 40
"""How many hosts of no worth of their own a host leads on to, from where others may be reached."""


class _Hosts(NamedTuple):
    """The hosts of a unit that are alike in tier and role, by what stands for them."""

    first: dict[str, str]
    nodes: dict[str, AttackNode]
    of_tier: dict[Tier, tuple[str, ...]]
    tier: dict[str, Tier]
    held: dict[str, InstanceRole]


@remembered
def attack_graph(
    graph: Graph, trusted_accounts: tuple[str, ...], named: tuple[str, ...]
) -> AttackGraph:
    """The attack graph of a unit.

    Args:
        graph: The graph.
        trusted_accounts: Accounts whose principals are no strangers.
        named: What a user says is sensitive; see ``sensitive_things``.
    """
    made = AttackGraph()
    _enter(graph, made, trusted_accounts)
    walk = _Walk(graph, named, made.open_already)
    for key, (_, first) in made.starts.items():
        if key[0] == "host" and first.begins is not None:
            walk.controlled[key] = None
    waiting = deque(made.starts)
    seen = set(waiting)
    while waiting and len(seen) < _MOST_NODES:
        key = waiting.popleft()
        for node, edge in walk.onward(made.nodes[key]):
            to = made.add(node)
            made.edges.append((key, to, edge))
            if edge.kind == "controls" and node.kind == "host":
                walk.controlled[to] = None
            if to not in seen:
                seen.add(to)
                waiting.append(to)
    _lead_to_stores(made, walk)
    return made


def _lead_to_stores(made: AttackGraph, walk: _Walk) -> None:
    """Add the data stores that are reached from hosts that are controlled, and the way over others.

    What exposed hosts reach inside is PATH007's.
    """
    known, open_ = {(source, to) for source, to, _ in made.edges}, made.open_already
    waiting = deque(walk.controlled)
    while waiting and len(walk.controlled) < _MOST_CONTROLLED:
        key = waiting.popleft()
        for node, edge in walk.inside(made.nodes[key], every=True):
            to = made.add(node)
            if (key, to) not in known:
                made.edges.append((key, to, edge))
            if to not in walk.controlled and to not in open_:
                walk.controlled[to] = None
                waiting.append(to)
    for key in walk.controlled:
        for node, edge in walk.stores(made.nodes[key]):
            made.edges.append((key, made.add(node), edge))


def _enter(graph: Graph, made: AttackGraph, trusted_accounts: tuple[str, ...]) -> None:
    """Add the edges from outside: the firmest and worst for each role and host."""
    made.add(INTERNET)
    ranks: dict[NodeKey, tuple[object, ...]] = {}

    def begin(outside: AttackNode, node: AttackNode, edge: AttackEdge) -> None:
        severity = Severity.CRITICAL
        if edge.entry is not None:
            severity = edge.entry.lowered(severity)
        if edge.lesser:
            severity = less_severe(severity, 1)
        rank = (edge.answer.truth is None, severity.rank, not edge.public)
        to = made.add(node)
        if to not in ranks or rank < ranks[to]:
            ranks[to] = rank
            made.starts[to] = (made.add(outside), edge)

    for path in credential_paths(graph):
        begin(INTERNET, _principal(path.held.role), _taken(path))
    for node, edge in scripts_from_outside(graph):
        begin(INTERNET, node, edge)
    for node, edge in scripts_on_copies(graph, trusted_accounts):
        if edge.begins is not None:
            begin(AttackNode("outside", edge.begins.who), node, edge)
    if instance_roles(graph) or hosts_with_keys(graph):
        tiers = tiers_of(graph)
        for tier, entries in tiers.exposed(graph):
            hands_on = any_of(each.entrance.hands_on for each in entries)
            login = next((each for each in entries if administers(each.entrance, True, None)), None)
            entry, verb = login or entries[0], "take over" if login is None else "log in to"
            words, lesser = f"{verb} {tier.resource.address}", login is None
            edge = AttackEdge("reaches", entry.answer, words, entry=entry, lesser=lesser)
            for name in hosts_of(graph).of_tier.get(tier, ()) if hands_on.may_be_true else ():
                begin(INTERNET, hosts_of(graph).nodes[name], edge)
    for opened in open_services(graph):
        host = hosts_of(graph).first.get(opened.target.address)
        if host is not None:
            outside = AttackNode("outside", _ACCOUNTS)
            begin(outside, hosts_of(graph).nodes[host], _through_service(opened))
    for principal, edge in strangers(graph, trusted_accounts):
        if edge.begins is not None:
            node = _principal(principal)
            if principal.boundary != principal_of(graph, principal.resource).boundary:
                # Whoever else comes to the role may do more with it.
                node = node._replace(name=f"{node.name} as a guest")
            begin(AttackNode("outside", edge.begins.who), node, edge)


def _principal(principal: Principal) -> AttackNode:
    return AttackNode("principal", principal.resource.address, principal.resource, principal)


def _yielded(held: InstanceRole, means: CredentialAccess) -> AttackEdge:
    """That a host gives its role, by some means, to whoever is there."""
    return AttackEdge(
        "takes credentials",
        held.answer & means.answer,
        f"yields {held.role.name} {means.words}",
        (means.hop, *held.hops),
        (means.edit,),
        likely=means.likely and held.answer.truth is True,
        also=(held.role.resource,),
    )


def _taken(path: CredentialPath) -> AttackEdge:
    edge = _yielded(path.held, path.means)
    words = f"{path.entry.resource.address} is reachable and {edge.words}"
    return edge._replace(words=words, entry=path.entry)


def _through_service(opened: OpenService) -> AttackEdge:
    verb = "log in to" if opened.administers else "take over"
    return AttackEdge(
        "reaches",
        opened.answer,
        f"{verb} {opened.target.address} through {opened.service.address}",
        opened.evidence,
        opened.edits,
        lesser=not opened.administers,
        begins=Beginning(_ACCOUNTS, opened.service, opened.place, opened.declaring),
    )


@remembered
def hosts_of(graph: Graph) -> _Hosts:
    """The hosts of a unit that are alike in tier and role; computed once."""
    tiers = tiers_of(graph)
    by_host: dict[str, list[InstanceRole]] = {}
    for every in instance_roles(graph).values():
        for held in every:
            by_host.setdefault(held.host.address, []).append(held)
    alike: dict[tuple[Tier, str, str], list[Resource]] = {}
    roles: dict[tuple[Tier, str, str], InstanceRole] = {}
    keyed = hosts_with_keys(graph)
    for workload in workloads(graph):
        tier = tiers.of.get(workload.resource.address)
        if tier is None:
            continue
        own = workload.resource.address if workload.resource.address in keyed else ""
        for one in by_host.get(workload.resource.address, [None]):
            mark = tier, "" if one is None else one.role.resource.address, own
            alike.setdefault(mark, []).append(workload.resource)
            if one is not None:
                roles.setdefault(mark, one)
    made = _Hosts({}, {}, {}, {}, {})
    for mark, resources in alike.items():
        tier, role, _ = mark
        name = f"{resources[0].address}{' ' if role else ''}{role}"
        count = len(dict.fromkeys(resources))
        made.nodes[name] = AttackNode("host", name, resources[0], alike=count)
        made.of_tier[tier] = (*made.of_tier.get(tier, ()), name)
        made.tier[name] = tier
        if role:
            made.held[name] = roles[mark]
        for resource in resources:
            made.first.setdefault(resource.address, name)
    return made


_Found = tuple[AttackNode, AttackEdge]


def _roles_on(graph: Graph, host: str) -> Iterator[_Found]:
    """The role of whoever is on a host."""
    held = hosts_of(graph).held.get(host)
    if held is None:
        return
    edge = _yielded(held, by_login(graph, held.launch))
    if edge.answer.may_be_true:
        yield _principal(held.role), edge._replace(gain=privilege(graph, held.role))


class _Walk:
    """What leads on from a node.

    Args:
        graph: The graph.
        named: What a user says is sensitive.
        open_: What somebody comes to from outside by itself.

    Attributes:
        controlled: The hosts from which it counts what stores are reached: those that some
            principal controls, or that somebody else than the internet comes to.
    """

    def __init__(self, graph: Graph, named: tuple[str, ...], open_: frozenset[NodeKey]) -> None:
        self.graph = graph
        self.named = named
        self.controlled: dict[NodeKey, None] = {}
        self._open = open_

    def onward(self, node: AttackNode) -> Iterator[_Found]:
        """What a node leads on to."""
        if node.kind == "host":
            yield from _roles_on(self.graph, node.name)
            if node.resource is not None:
                yield from scripts_on(self.graph, node.resource)
            yield from self.inside(node, every=False)
        elif node.principal is not None:
            yield from _from_principal(self.graph, node.principal, self.named)
        elif node.kind == "thing":
            for user, edge in users_of(self.graph, node):
                yield _principal(user), edge

    def inside(self, node: AttackNode, *, every: bool) -> Iterator[_Found]:
        """The hosts that somebody on a host takes over: those with a role that is worth it first.

        Where there is none, nobody asks how hosts reach each other, unless ``every``.
        """
        if not self.goals and not every:
            return
        hosts, tiers = hosts_of(self.graph), tiers_of(self.graph)
        tier, aside = hosts.tier[node.name], _MOST_ASIDE
        for target in tiers.onward(self.graph, tier):
            names = hosts.of_tier.get(target, ())
            good = [name for name in names if name in self.goals]
            if not names or (not good and not aside):
                continue
            step = tiers.step(self.graph, tier, target)
            if step is not None and step.kinds & MASTERS:
                aside -= not good
                for name in good or names[:1]:
                    yield hosts.nodes[name], _stepped(step)

    def stores(self, node: AttackNode) -> Iterator[_Found]:
        """The data stores that somebody on a host connects to."""
        tiers = tiers_of(self.graph)
        tier = hosts_of(self.graph).tier[node.name]
        for target in tiers.onward(self.graph, tier):
            step = tiers.step(self.graph, tier, target) if target.ports else None
            if step is not None:
                yield AttackNode("store", target.resource.address, target.resource), _stepped(step)

    @cached_property
    def goals(self) -> frozenset[str]:
        """The hosts whose role is worth having, and is not had from outside by itself."""
        hosts, keyed = hosts_of(self.graph), hosts_with_keys(self.graph)
        nodes = hosts.nodes.items()
        found = {n for n, node in nodes if node.resource and node.resource.address in keyed}
        return frozenset(found | {n for n, one in hosts.held.items() if self._is_worth(one.role)})

    def _is_worth(self, role: Principal) -> bool:
        if ("principal", role.resource.address) in self._open:
            return False
        return (
            privilege(self.graph, role).answer.may_be_true
            or leads_on(self.graph, role)
            or bool(readings(self.graph, role, self.named))
        )


def _stepped(step: TierStep) -> AttackEdge:
    answer = YES if step.truth else Answer(None)
    return AttackEdge("reaches", answer, f"get on to {step.words}", step=step)


def explained(edge: AttackEdge) -> AttackEdge:
    """An edge with its hops: those of steps in the network are long, and worded when asked for."""
    step = edge.step
    if step is None or edge.hops:
        return edge
    how, edits = step.explain()
    answer = edge.answer
    if answer.truth is None:
        answer = Answer(None, tuple(dict.fromkeys(how.missing)))
    placed = how.confidence is Confidence.LIKELY
    return edge._replace(answer=answer, hops=hop_evidence(how.hops), edits=edits, likely=placed)


def _from_principal(graph: Graph, principal: Principal, named: tuple[str, ...]) -> Iterator[_Found]:
    """What somebody with the credentials of a principal gets on to."""
    if privilege(graph, principal).administers:
        return  # all there is, without a way to it
    for gain in leads(graph, principal, _worth(graph, named)):
        if gain.step.kind.risk:
            continue
        had = gives_role(graph, principal, gain)
        if had.may_be_true:
            edge = _gained(gain)
            yield _principal(gain.target), edge._replace(answer=edge.answer & had)
        if gain.held is not None:
            name = hosts_of(graph).first.get(gain.held.host.address)
            if name is not None:
                yield hosts_of(graph).nodes[name], _gained(gain)._replace(hops=gain.hops[:-1])
    yield from described(graph, principal)
    for reading in readings(graph, principal, named):
        node = AttackNode("thing", reading.thing.words, reading.thing.resource)
        yield node, _read(principal, reading)


def _gained(gain: Gain) -> AttackEdge:
    return AttackEdge(
        gain.kind,
        gain.answer,
        gain.words,
        gain.hops,
        gain.edits,
        gain=gain.level,
        also=(gain.target.resource, *(() if gain.held is None else (gain.held.host,))),
    )


def _read(principal: Principal, reading: Reading) -> AttackEdge:
    thing = reading.thing
    words = f"{reading.verb} {thing.words}"
    if reading.asked[0].action in OPENING:
        what = "who may use" if isinstance(thing.resource, KmsKey) else "the policy of"
        words = f"change {what} {thing.words}, and {reading.verb} it"
    hops = [*grant_evidence(principal, reading.asked)]
    edits = [edit for asked in reading.asked for edit in limiting_edits(principal, asked)]
    for one in reading.given:
        address = one.declaring.address
        what = address if isinstance(one.declaring, KmsGrant) else f"the policy of {one.to.address}"
        told = stated(one.answer, what, "admits", principal.name)
        hops.append(Evidence(one.span, told, address))
        edits.append(Evidence(one.span, f"do not admit {principal.name}", address))
    by_place = {edit.span.key: edit for edit in reversed(edits)}
    kind: EdgeKind = "copies out" if reading.taken else "reads"
    return AttackEdge(
        kind,
        reading.answer,
        words,
        (*hops, *reading.hops),
        tuple(reversed(by_place.values())),
        reading=reading,
    )


@remembered
def _worth(graph: Graph, named: tuple[str, ...]) -> frozenset[Resource]:
    """Who reads something sensitive, and is worth to be had for it."""
    return frozenset(one.resource for one in principals(graph) if readings(graph, one, named))
