"""Who takes control of which instances, and gains their roles: joins IAM, the graph and network."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple, cast

from iac_ec2lint.engine.credentials import Holding, holdings
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.launch import launches, runs
from iac_ec2lint.iam.escalation import Step, control_edges, resources_named
from iac_ec2lint.iam.grants import may, may_somewhere
from iac_ec2lint.iam.principals import Principal
from iac_ec2lint.iam.privilege import Privilege, privilege
from iac_ec2lint.network.entrances import entrances
from iac_ec2lint.network.ports import TCP
from iac_ec2lint.resources.instance_connect_endpoint import InstanceConnectEndpoint
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import NO, YES, Answer, Unknown

_SSH = 22
_TUNNEL = "ec2-instance-connect:OpenTunnel"


class Takeover(NamedTuple):
    """A principal that gains a role by controlling an instance that has it.

    Attributes:
        principal: Who.
        held: The role, and the host that has it.
        step: How it takes control.
        answer: Whether all of it holds, and gains something.
        gain: What the role comes to.
    """

    principal: Principal
    held: Holding
    step: Step
    answer: Answer
    gain: Privilege


def holders(graph: Graph) -> dict[Resource, list[Holding]]:
    """The roles that instances of the unit have, each with its hosts."""
    found = graph.recall("holders of roles")
    if found is None:
        made: dict[Resource, list[Holding]] = {}
        hosts = dict.fromkeys(launch.host for launch in launches(graph) if not launch.unused)
        for host in hosts:
            if runs(host).truth is not False:
                for held in holdings(graph, host):
                    made.setdefault(held.role.resource, []).append(held)
        found = graph.remember("holders of roles", made)
    return cast("dict[Resource, list[Holding]]", found)


def takeovers(graph: Graph, principal: Principal) -> tuple[Takeover, ...]:
    """What a principal gains from instances that are there: the best way for each role."""
    key = (takeovers, principal.resource)
    found = graph.recall(key)
    if found is None:
        found = graph.remember(key, tuple(_takeovers(graph, principal)))
    return cast("tuple[Takeover, ...]", found)


def _takeovers(graph: Graph, principal: Principal) -> Iterator[Takeover]:
    others = {role: h for role, h in holders(graph).items() if role is not principal.resource}
    if not others:
        return
    own = privilege(graph, principal)
    named = resources_named(principal)
    for every in others.values():
        gain = privilege(graph, every[0].role)
        beyond = gain.beyond(own)
        if beyond.truth is False:
            continue
        best: Takeover | None = None
        # Hosts that no policy refers to are alike.
        for number, held in enumerate(every):
            if number and held.host.address not in named:
                continue
            reachable = _reaches_ssh(graph, principal, held.host)
            for step in control_edges(principal, held.host, held.role, reachable):
                answer = step.answer & beyond & held.answer
                if answer.truth or (best is None and answer.truth is None):
                    best = Takeover(principal, held, step, answer, gain)
                if answer.truth:
                    break
            if best is not None and best.answer.truth:
                break
        if best is not None:
            yield best


def _reaches_ssh(graph: Graph, principal: Principal, host: Resource) -> Answer:
    """Whether a principal reaches the host's port 22: as the internet does, or by a tunnel."""
    if not may_somewhere(principal, "ec2-instance-connect:SendSSHPublicKey"):
        return NO
    for entrance in entrances(graph):
        if entrance.workload.resource is host and entrance.ports(TCP).contains(_SSH):
            return YES
    if next(graph.all(InstanceConnectEndpoint), None) is None:
        return NO
    words = "whether the Instance Connect endpoint leads to it is not known"
    return may(principal, _TUNNEL) & Answer(None, (Unknown(words, "expression", host.span),))
