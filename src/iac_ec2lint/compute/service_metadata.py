"""What services say of the metadata options of the instances that they launch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.resources.emr_cluster import EmrCluster, EmrSecurityConfiguration
from iac_ec2lint.values import Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Mapping

    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.managed_host import ManagedHost
    from iac_ec2lint.resources.part import Place, Resource

_EMR: Final = "InstanceMetadataServiceConfiguration"
_EMR_OPTIONS: Final = {
    "http_tokens": "MinimumInstanceMetadataServiceVersion",
    "http_put_response_hop_limit": "HttpPutResponseHopLimit",
}


class Said(NamedTuple):
    """What a service is told of an option.

    Attributes:
        value: What the option comes to.
        resource: Where it is told.
        place: Where in that.
    """

    value: Val
    resource: Resource
    place: Place


def said_to_service(graph: Graph, host: ManagedHost, name: str) -> Said | None:
    """What the service that launches a host is told of a metadata option; ``None``: nothing."""
    if isinstance(host, EmrCluster) and name in _EMR_OPTIONS:
        return _of_cluster(graph, host, name)
    return None


def _of_cluster(graph: Graph, cluster: EmrCluster, name: str) -> Said | None:
    """What the security configuration of a cluster says.

    Source: Amazon EMR Management Guide, "Create a security configuration".
    """
    for edge in graph.targets(cluster, "security_configuration"):
        if not isinstance(edge.target, EmrSecurityConfiguration):
            words = "what the security configuration says of metadata is not in the source"
            gap = Unknown(words, "external-id", edge.value.span, unset=True)
            return Said(gap, cluster, cluster.place("security_configuration"))
        place = edge.target.place("content")
        members = _members(edge.target.content, place)
        if isinstance(members, Unknown):
            return Said(members, edge.target, place)
        found = members.get(_EMR)
        said = None if found is None else found.items().get(_EMR_OPTIONS[name])
        if said is not None:
            value = _tokens(said) if name == "http_tokens" else said
            return Said(value, edge.target, place._replace(span=said.span))
    return None


def _tokens(version: Val) -> Val:
    """``required`` where the least version that is answered is the second."""
    if isinstance(version, Unknown):
        return version.but(candidates=tuple(map(_tokens, version.candidates)))
    required = version.text == "2" or version.number == 2
    return Value("required" if required else "optional", version.span, version.via)


def _members(content: Val | None, place: Place) -> Mapping[str, Val] | Unknown:
    """The members of JSON that is written as text or structured."""
    if content is None:
        return {}
    structure = content.decoded if content.decoded is not None else content
    if structure.items():
        return structure.items()
    if isinstance(content, Unknown):
        return content.but(unset=True)
    import json  # few units have such a text

    try:
        data = json.loads(content.text or "")
    except ValueError:
        return Unknown("the security configuration cannot be read", "expression", place.span)
    return _value(data, content).items()


def _value(data: object, content: Value) -> Val:
    if isinstance(data, dict):
        members = {str(name): _value(one, content) for name, one in data.items()}
        return Value(members, content.span, content.via)
    known = data if isinstance(data, str | bool | int | None) else str(data)
    return Value(known, content.span, content.via)
