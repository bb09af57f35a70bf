"""Which disks hold private data: by where their instances stand, by their tags, by encryption.

Sources of the tags: AWS's "Best Practices for Tagging AWS Resources", "Tags for data security", and
its "Data Classification" guide, "Data classification models and schemes".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from iac_ec2lint.compute.derivation import Origin
from iac_ec2lint.engine.finding import Evidence
from iac_ec2lint.graph.graph import Graph
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.network.filters.group_rules import RuleTraffic, group_rules
from iac_ec2lint.network.filters.listed_rules import more_rules_cause
from iac_ec2lint.network.hosts.workloads import Workload, workloads
from iac_ec2lint.network.reachability.exposed_ports import explained, exposed_ports_of
from iac_ec2lint.network.reachability.reach import closed_reach
from iac_ec2lint.network.sets.port_classes import port_classes
from iac_ec2lint.network.sets.ports import NO_PORTS, TCP, describe_ports
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.values import YES, Answer, Data, Unknown, Val, any_of

CLASSIFICATION_KEYS: Final = frozenset(
    {
        "classification",
        "compliance",
        "confidentiality",
        "dataclass",
        "dataclassification",
        "dataconfidentiality",
        "datasensitivity",
        "informationclassification",
        "securityclassification",
        "sensitivity",
    }
)
"""The keys of tags that classify data, in small letters and without what parts their words."""

PRIVATE_CLASSES: Final = frozenset(
    {
        "confidential",
        "critical",
        "gdpr",
        "high",
        "hipaa",
        "internal",
        "pci",
        "personal",
        "phi",
        "pii",
        "private",
        "proprietary",
        "protected",
        "regulated",
        "restricted",
        "secret",
        "sensitive",
    }
)
"""The words in their values that say that the data is not for everybody."""

_BLOCKERS: Final = 2
"""How many of the things that keep the internet from an instance are told."""

_PARTING: Final = re.compile(r"[^a-z0-9]+")


class Privacy(NamedTuple):
    """Whether the data of a disk is private.

    Attributes:
        answer: Whether it is.
        hops: What says so.
    """

    answer: Answer
    hops: tuple[Evidence, ...]


def privacy(graph: Graph, origin: Origin) -> Privacy:
    """Whether a disk that something is made from holds private data, and all that says so.

    It does where an instance that has it is not reachable from the internet or serves a data store,
    where it, an instance or a copy on the way is tagged so, or where it is not encrypted.

    Args:
        graph: The graph.
        origin: The disk.
    """
    found: list[tuple[Answer, Evidence]] = []
    for host in origin.instances:
        found += [*_reach(graph, host), *_service(graph, host)]
    found += _tagged(origin)
    if origin.disk is not None:
        disk = origin.disk
        words = f"{_name(origin)} is not encrypted: {disk.words}"
        found.append((~disk.encrypted, Evidence(disk.place.span, words, disk.subject.address)))
    hops = dict.fromkeys(hop for answer, hop in found if answer.truth is True)
    # What is not known counts only where nothing says so for sure.
    return Privacy(any_of(answer for answer, _ in found), tuple(hops))


def _reach(graph: Graph, host: Resource) -> Iterator[tuple[Answer, Evidence]]:
    """Whether the internet reaches nothing of an instance, and what blocks it first."""
    workload = _workloads(graph).get(host)
    if workload is None:
        return
    answer = YES
    ways_in = exposed_ports_of(graph, workload)
    for entrance in ways_in:
        if any(row.truth is True for row in entrance.rows):
            return
        row = entrance.rows[0]
        reach = explained(graph, entrance, (row.protocol, row.ports.ranges[0][0]))
        if reach.truth is None:
            answer &= Answer(None, reach.missing)
    words = f"the internet does not reach {host.address}"
    yield answer, Evidence(host.span, words, host.address)
    if not ways_in:
        for hop in closed_reach(graph, workload).blocked_by[:_BLOCKERS]:
            yield answer, Evidence(hop.span, hop.fact, hop.resource.address)


def _service(graph: Graph, host: Resource) -> Iterator[tuple[Answer, Evidence]]:
    """Whether a group of an instance lets in what a data store serves, and only that, by a rule."""
    workload = _workloads(graph).get(host)
    stores = port_classes()["data store"]
    for eni in workload.enis if workload is not None else ():
        for carried in eni.groups:
            if carried.group is None:
                yield _unknown(carried.value, host)
                continue
            more = more_rules_cause(graph, carried.group, "ingress")
            if more is not None:
                yield _unknown(more, host)
            for read in _rules(graph).get(carried.group, ()):
                ports = read.lower.get(TCP, NO_PORTS)
                if not ports or ports - stores.ports(TCP):
                    continue
                service = stores.services_on(TCP, ports)[0].name
                words = (
                    f"{read.resource.address} lets in {describe_ports(TCP, ports)} ({service}):"
                    f" {host.address} is a data store"
                )
                sure = YES if carried.certain and read.cause is None else _open(read.cause)
                yield sure, Evidence(read.rule.span, words, read.resource.address)


def _unknown(value: Val | None, host: Resource) -> tuple[Answer, Evidence]:
    return _open(value), Evidence(host.span, "", host.address)


def _open(value: Val | None) -> Answer:
    return Answer(None, (value,) if isinstance(value, Unknown) else ())


def _tagged(origin: Origin) -> Iterator[tuple[Answer, Evidence]]:
    """What tags of the disk, of its instances and of the copies on the way say."""
    resources: list[Resource] = [link.resource for link in origin.links]
    if origin.volume is not None:
        resources.append(origin.volume)
    for resource in dict.fromkeys((*resources, *origin.instances)):
        yield from classes_in_tags(resource.address, resource.tags, resource.unknown_tags)
        if isinstance(resource, Instance) and origin.volume is None:
            yield from classes_in_tags(resource.address, *_items(resource.volume_tags))
    device = origin.disk.device if origin.disk is not None else None
    if device is not None:
        yield from classes_in_tags(device.resource.address, *_items(device.part.tags))


def classes_in_tags(
    name: str, tags: Mapping[str, Val], written: Val | None
) -> Iterator[tuple[Answer, Evidence]]:
    """What the tags of one thing say of its data."""
    if isinstance(written, Unknown):
        yield _open(written), Evidence(written.span, f"the tags of {name} are not known", name)
    for key, value in tags.items():
        if _PARTING.sub("", key.lower()) in CLASSIFICATION_KEYS:
            words = f'{name} is tagged {key} = "{value.text or "?"}"'
            yield value.test(_is_private), Evidence(value.span, words, name)


def _is_private(said: Data) -> bool:
    words = _PARTING.split(said.lower()) if isinstance(said, str) else []
    return not PRIVATE_CLASSES.isdisjoint(words) and "non" not in words and "not" not in words


def _items(written: Val | None) -> tuple[Mapping[str, Val], Val | None]:
    return ({} if written is None else written.items()), written


def _name(origin: Origin) -> str:
    if origin.volume is not None:
        return origin.volume.address
    return f"the disk of {origin.instances[0].address}" if origin.instances else "the disk"


@remembered
def _workloads(graph: Graph) -> dict[Resource, Workload]:
    return {w.resource: w for w in workloads(graph)}


@remembered
def _rules(graph: Graph) -> dict[Resource, tuple[RuleTraffic, ...]]:
    return {g.group: g.rules for g in group_rules(graph, "ingress")}
