"""What services say of the metadata options of the instances that they launch."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.platforms import platform_of
from iac_ec2lint.resources.beanstalk_environment import BeanstalkSettings
from iac_ec2lint.resources.emr_cluster import EmrCluster, EmrSecurityConfiguration
from iac_ec2lint.values import Step, Unknown, Val, Value, as_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
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
        assumptions: What it is taken from that need not be so.
    """

    value: Val
    resource: Resource
    place: Place
    assumptions: tuple[Step, ...] = ()


def said_to_service(graph: Graph, launch: Launch, name: str) -> Said | None:
    """What the service that launches a host is told of a metadata option; ``None``: nothing."""
    host, settings = launch.host, launch.settings
    if isinstance(host, EmrCluster) and name in _EMR_OPTIONS:
        return _of_cluster(graph, host, name)
    if isinstance(settings, BeanstalkSettings) and name == "http_tokens":
        return _of_environment(graph, launch, settings)
    return None


def _of_environment(graph: Graph, launch: Launch, settings: BeanstalkSettings) -> Said:
    """What ``DisableIMDSv1`` comes to: where it is not set, platforms of Amazon Linux 2023 have it.

    Source: AWS Elastic Beanstalk Developer Guide, "The instance metadata service (IMDS)".
    """
    disabled = settings.imdsv1_disabled
    declaring, place = launch.place("imdsv1_disabled")
    if disabled is not None and not (isinstance(disabled, Unknown) and disabled.unset):
        return Said(_converted(disabled, _by_switch), declaring, place)
    platform = platform_of(graph, launch)
    if disabled is not None or platform is None or platform.system is None:
        missing = None if platform is None else platform.gap
        cause = missing if disabled is None else disabled
        reason = cause.reason if isinstance(cause, Unknown) else "the platform is not known"
        gap = Unknown(reason, "external-id", place.span)
        return Said(gap, declaring, place)
    required = platform.system == "al2023"
    words = f"{'IMDSv1 is off' if required else 'IMDSv1 is on'} by default on its platform"
    step = Step(place.span, words, assumed=True)
    data = "required" if required else "optional"
    return Said(Value(data, place.span, implied=True), declaring, place, (step,))


def _by_switch(disabled: Val) -> str:
    return "required" if disabled.is_true().truth else "optional"


def _by_version(version: Val) -> str:
    """``required`` where the least version that is answered is the second."""
    return "required" if version.text == "2" or version.number == 2 else "optional"


def tokens_by_version(version: Val) -> Val:
    """``http_tokens`` by the least version of the metadata service that is answered."""
    return _converted(version, _by_version)


def _number(value: Val) -> Val:
    """A number, that may be written as text: CloudFormation makes text of what it is given."""
    if isinstance(value, Unknown):
        return value.but(candidates=tuple(map(_number, value.candidates)))
    return as_number(value)


def _converted(value: Val, convert: Callable[[Val], str]) -> Val:
    if isinstance(value, Unknown):
        known = tuple(_converted(one, convert) for one in value.candidates)
        return value.but(candidates=known)
    return Value(convert(value), value.span, value.via, implied=value.implied)


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
        if isinstance(found, Unknown):
            return Said(found.but(candidates=(), unset=True), edge.target, place)
        said = None if found is None else found.items().get(_EMR_OPTIONS[name])
        if said is not None:
            value = tokens_by_version(said) if name == "http_tokens" else _number(said)
            return Said(value, edge.target, place._replace(span=said.span))
    return None


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
