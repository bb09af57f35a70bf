"""Access keys of users that lie where others read them, as edges of the attack graph.

Whoever has both halves of a key is the user (IAM User Guide, "Manage access keys for IAM users").
A boot script is read from the metadata service by all on the host, and by a forged request where no
token is asked for (EC2 User Guide, "Run commands at launch with user data").
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from iac_ec2lint.attack.chains.model import AttackEdge, AttackNode, Beginning
from iac_ec2lint.attack.credentials import (
    CredentialAccess,
    administration_ports,
    by_forged_request,
    by_login,
)
from iac_ec2lint.attack.disks.publications import published_disks
from iac_ec2lint.attack.entry.entries import entries_by_launch, tcp_entries
from iac_ec2lint.attack.grant_evidence import grant_evidence, limiting_edits
from iac_ec2lint.attack.wording import stated
from iac_ec2lint.compute.keys.access_key_flows import access_key_flows, secrets_in
from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.scripts.secrets.scripts import describing_actions
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.iam.access import first_sure
from iac_ec2lint.iam.escalation.steps import ActionRequest
from iac_ec2lint.iam.grants import is_allowed, may_somewhere
from iac_ec2lint.iam.principal import Principal
from iac_ec2lint.iam.principals import principal_of
from iac_ec2lint.iam.privilege import privilege
from iac_ec2lint.resources.iam_principal import IamUser
from iac_ec2lint.resources.ssm_parameter import SsmParameter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.attack.entry.entries import AttackEntry
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.iam_access_key import IamAccessKey
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.source.span import Span
    from iac_ec2lint.values import Answer


class HeldKey(NamedTuple):
    """An access key that lies somewhere.

    Attributes:
        node: Where: a boot script, or a parameter.
        user: Whose it is.
        answer: Whether it is there.
        span: Where that is written.
    """

    node: AttackNode
    user: Principal
    answer: Answer
    span: Span

    @property
    def edge(self) -> AttackEdge:
        """How whoever reads it is the user."""
        where, name = self.node.words, self.user.name
        words = stated(self.answer, where, "has", f"an access key of {name}")
        resource = self.node.resource
        address = "" if resource is None else resource.address
        return AttackEdge(
            "takes credentials",
            self.answer,
            words.removeprefix(f"{where} "),
            (Evidence(self.span, words, address, quotable=False),),
            (Evidence(self.span, "give a role in place of the key", address, quotable=False),),
        )


@remembered
def held_keys(graph: Graph) -> dict[str, tuple[HeldKey, ...]]:
    """The access keys that lie in boot scripts and parameters, by the address of what has them."""
    found: dict[str, list[HeldKey]] = {}
    for flow in access_key_flows(graph):
        if flow.is_secret and flow.in_script:
            node = AttackNode("thing", flow.words, flow.resource)
            _add(graph, found, node, flow.key, flow.answer, flow.place.span)
    for parameter in graph.all(SsmParameter):
        if parameter.value is not None:
            node = AttackNode("thing", parameter.address, parameter)
            for key, span, answer in secrets_in(graph, parameter.value):
                _add(graph, found, node, key, answer, span)
    return {address: tuple(every) for address, every in found.items()}


def _add(
    graph: Graph,
    found: dict[str, list[HeldKey]],
    node: AttackNode,
    key: IamAccessKey,
    answer: Answer,
    span: Span,
) -> None:
    for edge in graph.targets(key, "user"):
        if isinstance(edge.target, IamUser) and node.resource is not None:
            user = principal_of(graph, edge.target)
            every = found.setdefault(node.resource.address, [])
            every.append(HeldKey(node, user, answer & edge.target.presence.answer, span))


@remembered
def _in_scripts(graph: Graph) -> dict[str, list[tuple[Launch, AttackNode]]]:
    """The boot scripts that have an access key, by the host that runs them."""
    found: dict[str, list[tuple[Launch, AttackNode]]] = {}
    if held_keys(graph):
        for launch in launches(graph):
            for resource in dict.fromkeys((launch.host, launch.template)):
                held = held_keys(graph).get(resource.address) if resource is not None else None
                if held:
                    found.setdefault(launch.host.address, []).append((launch, held[0].node))
    return found


def hosts_with_keys(graph: Graph) -> frozenset[str]:
    """The hosts whose boot scripts have an access key."""
    return frozenset(_in_scripts(graph))


def scripts_from_outside(graph: Graph) -> Iterator[tuple[AttackNode, AttackEdge]]:
    """How the internet reads boot scripts that have an access key."""
    if not _in_scripts(graph):
        return
    for entry in entries_by_launch(graph, administration_ports, balanced=False):
        for launch, node in _behind(graph, entry):
            yield node, _read(by_login(graph, launch), node)._replace(entry=entry)
    for entry in tcp_entries(graph):
        for launch, node in _behind(graph, entry):
            edge = _read(by_forged_request(graph, launch), node)._replace(entry=entry)
            if edge.answer.may_be_true:
                yield node, edge


def scripts_on_copies(
    graph: Graph, trusted_accounts: tuple[str, ...]
) -> Iterator[tuple[AttackNode, AttackEdge]]:
    """How others read boot scripts on copies of disks that they are let at.

    An instance keeps its user data on its first disk: cloud-init documentation, "Instance data",
    ``/var/lib/cloud/instance/user-data.txt``.
    """
    if not _in_scripts(graph):
        return
    for disk in published_disks(graph, trusted_accounts):
        shared = disk.publication
        for host in disk.origin.instances if disk.origin.volume is None else ():
            for _, node in _in_scripts(graph).get(host.address, ()):
                limit = Evidence(
                    shared.place.span, "take the permission back", shared.declaring.address
                )
                begins = Beginning(
                    shared.audience.who,
                    shared.made or shared.declaring,
                    disk.place,
                    shared.declaring,
                )
                yield (
                    node,
                    AttackEdge(
                        "copies out",
                        disk.answer,
                        f"{shared.verb} {shared.name}, which has {node.words},",
                        (disk.lets, *disk.copied),
                        (limit,),
                        begins=begins,
                        public=shared.audience.account is None,
                    ),
                )


def _behind(graph: Graph, entry: AttackEntry) -> Iterator[tuple[Launch, AttackNode]]:
    for launch, node in _in_scripts(graph).get(entry.resource.address, ()):
        if entry.leads_to(launch):
            yield launch, node


def scripts_on(graph: Graph, host: Resource) -> Iterator[tuple[AttackNode, AttackEdge]]:
    """What whoever is on a host reads of its boot script."""
    for launch, node in _in_scripts(graph).get(host.address, ()):
        yield node, _read(by_login(graph, launch), node)


def _read(means: CredentialAccess, node: AttackNode) -> AttackEdge:
    words = f"read {node.words} {means.words}"
    return AttackEdge(
        "reads", means.answer, words, (means.hop,), (means.edit,), likely=means.likely
    )


def described(graph: Graph, principal: Principal) -> Iterator[tuple[AttackNode, AttackEdge]]:
    """The boot scripts that a principal reads by describing instances or templates."""
    for held in held_keys(graph).values():
        node = held[0].node
        if node.resource is None or isinstance(node.resource, SsmParameter):
            continue
        ways = (
            (ActionRequest(action), is_allowed(principal, action))
            for action in describing_actions(node.resource)
            if may_somewhere(principal, action)
        )
        best = first_sure(ways, lambda way: way[1])
        if best is not None:
            asked, answer = best
            hops = tuple(grant_evidence(principal, (asked,)))
            edits = tuple(limiting_edits(principal, asked))
            yield node, AttackEdge("reads", answer, f"read {node.words}", hops, edits)


def users_of(graph: Graph, node: AttackNode) -> Iterator[tuple[Principal, AttackEdge]]:
    """The users whose access keys lie in what is read."""
    resource = node.resource
    for held in held_keys(graph).get(resource.address, ()) if resource is not None else ():
        yield held.user, held.edge._replace(gain=privilege(graph, held.user))
