"""The attack graph of a unit, made of what the other rooms answer, from where somebody gets in.

Only what is led on to is looked at, and networkx is imported where there are edges to walk: most
units have a way in to nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, EdgeKind, NodeKey
from iac_ec2lint.attack.chains.sensitive import Reading, readings
from iac_ec2lint.attack.credentials import (
    CredentialPath,
    InstanceRole,
    by_login,
    credential_paths,
    instance_roles,
)
from iac_ec2lint.attack.entries import hop_evidence, less_severe
from iac_ec2lint.attack.grant_evidence import as_known, grant_evidence, limiting_edits
from iac_ec2lint.attack.takeover import Gain, leads
from iac_ec2lint.attack.tiers import Tier, TierStep, tiers_of
from iac_ec2lint.engine.finding import Evidence, Severity
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.federation import FederatedTrust, federated_trust
from iac_ec2lint.iam.principals import Principal, principal_of, principals
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.iam.trust import ForeignTrust, foreign_trust
from iac_ec2lint.network.hosts.workloads import workloads
from iac_ec2lint.resources.iam_role import Role
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer, Confidence, any_of

if TYPE_CHECKING:
    import networkx

INTERNET: Final = AttackNode("outside", "the internet")

_MOST_NODES: Final = 4000
"""How many nodes are led on from: a bound for hostile input."""

_MASTERS: Final = frozenset({"all", "administration"})
"""What a step must be open on to lead on from the host at its end."""


class AttackGraph:
    """The attack graph of a unit.

    Attributes:
        nodes: Its nodes, by key.
        edges: Its edges, in the order in which they were found.
        starts: The edges from outside, the firmest for each node that they lead to.
    """

    def __init__(self) -> None:
        self.nodes: dict[NodeKey, AttackNode] = {}
        self.edges: list[tuple[NodeKey, NodeKey, AttackEdge]] = []
        self.starts: dict[NodeKey, tuple[NodeKey, AttackEdge]] = {}
        self._network: networkx.MultiDiGraph[NodeKey] | None = None

    def add(self, node: AttackNode) -> NodeKey:
        """Add a node, where it is not there."""
        return self.nodes.setdefault(node.key, node).key

    @property
    def network(self) -> networkx.MultiDiGraph[NodeKey]:
        """The same for networkx: nodes have a ``node``, edges an ``edge``."""
        if self._network is None:
            import networkx  # half of a small scan: only where there is something to walk

            made: networkx.MultiDiGraph[NodeKey] = networkx.MultiDiGraph()
            for key, node in self.nodes.items():
                made.add_node(key, node=node)
            for to, (outside, edge) in self.starts.items():
                made.add_edge(outside, to, edge=edge)
            for source, target, edge in self.edges:
                made.add_edge(source, target, edge=edge)
            self._network = made
        return self._network


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
    waiting = deque(made.starts)
    seen = set(waiting)
    while waiting and len(seen) < _MOST_NODES:
        key = waiting.popleft()
        for node, edge in _onward(graph, made.nodes[key], named):
            to = made.add(node)
            made.edges.append((key, to, edge))
            if to not in seen:
                seen.add(to)
                waiting.append(to)
    return made


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
        answer = path.held.answer & path.means.answer
        if answer.truth is not False:
            begin(INTERNET, _principal(path.held.role), _taken(path, answer))
            if path.means.login:
                tier_node = hosts_of(graph).first.get(path.held.host.address)
                if tier_node is not None:
                    begin(INTERNET, hosts_of(graph).nodes[tier_node], _logged_in(path))
    if instance_roles(graph):
        tiers = tiers_of(graph)
        for tier, entries in tiers.exposed(graph):
            entry = entries[0]
            hands_on = any_of(each.entrance.hands_on for each in entries)
            words = f"take over {tier.resource.address}"
            edge = AttackEdge("reaches", entry.answer, words, entry=entry, lesser=True)
            for name in hosts_of(graph).of_tier.get(tier, ()) if hands_on.may_be_true else ():
                begin(INTERNET, hosts_of(graph).nodes[name], edge)
    for principal in principals(graph):
        role = principal.resource
        if isinstance(role, Role):
            trusts: list[ForeignTrust | FederatedTrust] = [
                *foreign_trust(role, trusted_accounts),
                *federated_trust(graph, role),
            ]
            for trust in trusts:
                outside = AttackNode("outside", trust.who)
                begin(outside, _principal(principal), _trusted(role, trust))


def _principal(principal: Principal) -> AttackNode:
    return AttackNode("principal", principal.resource.address, principal.resource, principal)


def _taken(path: CredentialPath, answer: Answer) -> AttackEdge:
    entry, held, means = path
    return AttackEdge(
        "takes credentials",
        answer,
        f"{entry.resource.address} is reachable and yields {held.role.name} {means.words}",
        (means.hop, *held.hops),
        (means.edit,),
        entry=entry,
        likely=means.likely and held.answer.truth is True,
        also=(held.role.resource,),
    )


def _logged_in(path: CredentialPath) -> AttackEdge:
    words = f"log in to {path.entry.resource.address}"
    return AttackEdge("reaches", YES, words, entry=path.entry)


def _trusted(role: Role, trust: ForeignTrust | FederatedTrust) -> AttackEdge:
    words = as_known(
        trust.answer,
        f"the trust policy of {role.address} admits {trust.who}",
        f"the trust policy of {role.address} may admit {trust.who}",
    )
    why: tuple[Evidence, ...] = ()
    if isinstance(trust, FederatedTrust):
        public, limit = trust.provider.public, trust.limit
        why = (Evidence(*trust.why, role.address),)
    else:
        public, limit = trust.account is None, "name the principals, or add a condition"
    first = Evidence(trust.statement.span, words, role.address)
    return AttackEdge(
        "assumes",
        trust.answer,
        f"{trust.who} assumes it",
        (first, *why),
        (Evidence(trust.statement.span, limit, role.address),),
        lesser=not public,
        trust=first,
        public=public,
    )


@remembered
def hosts_of(graph: Graph) -> _Hosts:
    """The hosts of a unit that are alike in tier and role; computed once."""
    tiers = tiers_of(graph)
    by_host: dict[str, list[InstanceRole]] = {}
    for every in instance_roles(graph).values():
        for held in every:
            by_host.setdefault(held.host.address, []).append(held)
    alike: dict[tuple[Tier, str], list[Resource]] = {}
    roles: dict[tuple[Tier, str], InstanceRole] = {}
    for workload in workloads(graph):
        tier = tiers.of.get(workload.resource.address)
        if tier is None:
            continue
        for one in by_host.get(workload.resource.address, [None]):
            mark = tier, "" if one is None else one.role.resource.address
            alike.setdefault(mark, []).append(workload.resource)
            if one is not None:
                roles.setdefault(mark, one)
    made = _Hosts({}, {}, {}, {}, {})
    for mark, resources in alike.items():
        tier, role = mark
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


def _onward(graph: Graph, node: AttackNode, named: tuple[str, ...]) -> Iterator[_Found]:
    if node.kind == "host":
        yield from _from_host(graph, node)
    elif node.principal is not None:
        yield from _from_principal(graph, node.principal, named)


def _from_host(graph: Graph, node: AttackNode) -> Iterator[_Found]:
    """What somebody on a host has: its roles, and what it reaches inside."""
    hosts, tiers = hosts_of(graph), tiers_of(graph)
    tier, held = hosts.tier[node.name], hosts.held.get(node.name)
    if held is not None:
        means = by_login(graph, held.launch)
        answer = held.answer & means.answer
        if answer.truth is not False:
            yield (
                _principal(held.role),
                AttackEdge(
                    "takes credentials",
                    answer,
                    f"yields {held.role.name} {means.words}",
                    (means.hop, *held.hops),
                    (means.edit,),
                    gain=privilege(graph, held.role),
                    also=(held.role.resource,),
                ),
            )
    for target in tiers.onward(graph, tier):
        step = tiers.step(graph, tier, target)
        if step is None:
            continue
        if target.ports:
            yield AttackNode("store", target.resource.address, target.resource), _stepped(step)
        elif step.kinds & _MASTERS:
            for name in hosts.of_tier.get(target, ()):
                yield hosts.nodes[name], _stepped(step)


def _stepped(step: TierStep) -> AttackEdge:
    answer = YES if step.way.truth else Answer(None)
    return AttackEdge("reaches", answer, f"get on to {step.words}", step=step)


def explained(edge: AttackEdge) -> AttackEdge:
    """An edge with its hops: those of steps in the network are long, and worded when asked for."""
    step = edge.step
    if step is None or edge.hops:
        return edge
    how = step.way.explain()
    hops = tuple(hop_evidence(how.hops))
    rules = [hop for hop in how.hops if hop.kind == "security group" and hop.origin != "default"]
    edits: tuple[Evidence, ...] = ()
    if rules:
        last = rules[-1]
        words = f"admit only what {step.target.resource.address} serves, from its own clients"
        edits = (Evidence(last.span, words, last.resource.address),)
    answer = edge.answer
    if answer.truth is None:
        answer = Answer(None, tuple(dict.fromkeys(how.missing)))
    placed = how.confidence is Confidence.LIKELY
    return edge._replace(answer=answer, hops=hops, edits=edits, likely=placed)


def _from_principal(graph: Graph, principal: Principal, named: tuple[str, ...]) -> Iterator[_Found]:
    """What somebody with the credentials of a principal gets on to."""
    if privilege(graph, principal).administers:
        return  # all there is, without a way to it
    for gain in leads(graph, principal, _worth(graph, named)):
        if gain.risk:
            continue
        yield _principal(gain.target), _gained(gain)
        if gain.held is not None:
            name = hosts_of(graph).first.get(gain.held.host.address)
            if name is not None:
                yield hosts_of(graph).nodes[name], _gained(gain)._replace(hops=gain.hops[:-1])
    for reading in readings(graph, principal, named):
        node = AttackNode("thing", reading.thing.words, reading.thing.resource)
        yield node, _read(principal, reading)


def _gained(gain: Gain) -> AttackEdge:
    kinds: dict[str, EdgeKind] = {"assume": "assumes"}
    kind: EdgeKind = "controls" if gain.held is not None else kinds.get(gain.kind, "gains")
    held = () if gain.held is None else (gain.held.host,)
    return AttackEdge(
        kind,
        gain.answer,
        f"assume {gain.target.name}" if kind == "assumes" else gain.words,
        gain.hops,
        gain.edits,
        gain=gain.level,
        also=(gain.target.resource, *held),
    )


def _read(principal: Principal, reading: Reading) -> AttackEdge:
    asked = (reading.asked,)
    return AttackEdge(
        "reads",
        reading.answer,
        f"read {reading.thing.words}",
        tuple(grant_evidence(principal, asked)),
        tuple(limiting_edits(principal, reading.asked)),
        reading=reading,
    )


@remembered
def _worth(graph: Graph, named: tuple[str, ...]) -> frozenset[Resource]:
    """The roles that read something sensitive, and are worth to be passed for it."""
    roles = (role for role in graph.all(Role))
    return frozenset(r for r in roles if readings(graph, principal_of(graph, r), named))
