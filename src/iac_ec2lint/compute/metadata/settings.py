"""What one metadata option of a host comes to, and which layer decides it.

The order is semantics.md's, F: the instance, its launch template, the account's defaults for the
Region, the image, the platform ("Configure the instance metadata options" in the EC2 User Guide).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.account_settings import governs
from iac_ec2lint.compute.images import image_of
from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.compute.metadata.by_service import said_to_service, tokens_by_version
from iac_ec2lint.resources.account_default import MetadataDefaults
from iac_ec2lint.resources.cloud9_environment import Cloud9Environment
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.image import ImageCopy, InstanceImage, RegisteredImage
from iac_ec2lint.resources.image_builder import InfrastructureConfiguration
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.notebook_instance import NotebookInstance
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import NO, Answer, Data, Step, Unknown, Val, Value

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.compute.images import ImageFacts
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.compute.metadata.by_service import Said
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.metadata_options import MetadataOptions

Source = Literal["host", "template", "configuration", "service", "account", "image", "platform"]
"""What decides an option: the host itself, its launch template, what the service is told that
launches it, EKS, the account's defaults for the Region, the image, or what EC2 does where nobody
says anything."""

Option = Literal[
    "http_endpoint",
    "http_tokens",
    "http_put_response_hop_limit",
    "http_protocol_ipv6",
    "instance_metadata_tags",
]

_PLATFORM: Final[dict[str, str | int]] = {
    "http_endpoint": "enabled",
    "http_tokens": "optional",
    "http_put_response_hop_limit": 1,
    "http_protocol_ipv6": "disabled",
    "instance_metadata_tags": "disabled",
}
_IMAGE: Final[dict[str, str | int]] = {"http_tokens": "required", "http_put_response_hop_limit": 2}
"""What an image whose ``ImdsSupport`` is ``v2.0`` sets."""
_NODES: Final[dict[str, dict[str, str | int]]] = {
    "al2023": {"http_tokens": "required", "http_put_response_hop_limit": 1},
    "amzn2": {"http_tokens": "optional", "http_put_response_hop_limit": 2},
}
"""What EKS's own launch template sets, by the family of the node group's image."""
_NO_PREFERENCE: Final = ("no-preference", -1)


class Setting(NamedTuple):
    """What one option comes to.

    Attributes:
        value: What it comes to.
        source: What decides it.
        resource: The resource whose edit changes it: the launch template where there is one and
            nobody said anything, else the host.
        place: The place in that resource, to point at.
        origin: The place that it comes from, where that is not ``place``: an account's default, or
            the image's ``imds_support``.
        assumptions: What the value is taken from that need not be so.
    """

    value: Val
    source: Source
    resource: Resource
    place: Place
    origin: Place | None = None
    assumptions: tuple[Step, ...] = ()

    def equals(self, *accepted: Data) -> Answer:
        """Whether it is one of ``accepted``, and what that rests on."""
        return resting(self.value.equals(*accepted), self.assumptions)


class Layers:
    """The layers that say a host's options, the nearest first.

    Args:
        graph: The graph.
        host: The host.
        launch: How its instances are launched; ``None`` for Image Builder, and for notebooks.
    """

    def __init__(self, graph: Graph, host: Resource, launch: Launch | None) -> None:
        self.host = host
        self.launch = launch
        self._graph = graph

    def _options(self) -> MetadataOptions:
        if self.launch is not None:
            return self.launch.settings.metadata_options
        if not isinstance(self.host, InfrastructureConfiguration):
            raise TypeError(f"{self.host} has no metadata options")
        return self.host.metadata_options

    def decide(self, name: Option) -> Setting:
        """What an option comes to, and what decides it."""
        if isinstance(self.host, NotebookInstance):
            return _of_notebook(self.host, name)
        options = self._options()
        value: Val | None = getattr(options, name)
        if value is None:
            return self._below(name)
        if self.launch is None:
            resource, place = self.host, options.place(name)
        else:
            resource, place = self.launch.place(name, options)
        source: Source = "host" if resource is self.host else "template"
        if isinstance(value, Unknown) and value.unset:
            value = _or_below(value, self._below(name))
        return Setting(value, source, resource, place)

    def _below(self, name: Option) -> Setting:
        """What it comes to where neither the host nor its template says anything."""
        resource, place = self._silent(name)
        if self.launch is not None and _launched_by_eks(self.launch):
            return self._by_eks(self.launch, name, resource, place)
        if isinstance(self.host, Cloud9Environment):
            gap = Unknown("what AWS Cloud9 sets is not known", "external-id", place.span)
            return Setting(gap, "service", resource, place)
        if self.launch is not None and isinstance(self.host, ManagedHost):
            said = said_to_service(self._graph, self.launch, name)
            if said is not None:
                unset = isinstance(said.value, Unknown) and said.value.unset
                below = self._of_account(name, resource, place) if unset else None
                return _told(said, below)
        return self._of_account(name, resource, place)

    def _of_account(self, name: Option, resource: Resource, place: Place) -> Setting:
        """What it comes to where only the account, the image or the platform can say it."""
        for defaults, there in _defaults_for(self._graph, self.host):
            value: Val | None = getattr(defaults, name)
            if value is None or value.equals(*_NO_PREFERENCE).truth is True:
                continue
            origin = defaults.place(name)
            if there is not None:
                # Its candidates are those of a count or a switch, not of the option.
                value = Unknown(
                    there.reason, there.cause, there.span, there.via, inputs=there.inputs
                )
            return Setting(value, "account", resource, place, origin)
        if self.launch is not None and name in _IMAGE:
            found = self._by_image(self.launch, name, resource, place)
            if found is not None:
                return found
        return Setting(_implied(_PLATFORM[name], place), "platform", resource, place)

    def _silent(self, name: Option) -> tuple[Resource, Place]:
        """Where an option would best be said that nobody says."""
        resource = self.launch.blueprint if self.launch is not None else self.host
        if isinstance(resource, LaunchSettings | InfrastructureConfiguration):
            return resource, resource.metadata_options.place(name)
        part = self.launch.part if self.launch is not None else resource
        return resource, Place(part.span, part.path, None, part.presence)

    def _by_eks(self, launch: Launch, name: Option, resource: Resource, place: Place) -> Setting:
        facts = image_of(self._graph, launch)
        if name not in _IMAGE:
            return Setting(_implied(_PLATFORM[name], place), "service", resource, place)
        said = _NODES.get(facts.family or "")
        if said is not None:
            return Setting(_implied(said[name], place), "service", resource, place)
        reason = f"what EKS sets for {facts.words} is not known"
        return Setting(Unknown(reason, "external-id", place.span), "service", resource, place)

    def _by_image(
        self, launch: Launch, name: Option, resource: Resource, place: Place
    ) -> Setting | None:
        facts = image_of(self._graph, launch)
        if facts.origin == "unit" and facts.resource is not None:
            registered = _registered(self._graph, facts.resource)
            if registered is not None:
                return _by_registered(registered, name, resource, place)
        where = facts.resource.span if facts.resource is not None else place.span
        if facts.family == "al2023":
            words = f"{facts.words} is of the family al2023, which requires tokens"
            step = Step(where, words, assumed=True)
            return Setting(_implied(_IMAGE[name], place), "image", resource, place, None, (step,))
        if facts.family is not None:
            words = f"{facts.words} is of the family {facts.family}, which requires no tokens"
            step = Step(where, words, assumed=True)
            return Setting(
                _implied(_PLATFORM[name], place), "platform", resource, place, None, (step,)
            )
        return None


def _defaults_for(
    graph: Graph, host: Resource
) -> Iterator[tuple[MetadataDefaults, Unknown | None]]:
    """The account's defaults for the Region of a host, with what decides whether they are that."""
    perhaps: list[tuple[MetadataDefaults, Unknown | None]] = []
    for one in graph.all(MetadataDefaults):
        there = governs(one, host)
        if there.truth:
            yield one, one.presence.cause
        elif there.truth is None:
            perhaps.append((one, there.causes[0]))
    yield from perhaps


def _of_notebook(notebook: NotebookInstance, name: Option) -> Setting:
    """What SageMaker AI is told of a notebook's tokens; all else is its own to say."""
    place = notebook.place("metadata_version")
    if name == "http_tokens":
        value = tokens_by_version(notebook.metadata_version)
        return Setting(value, "configuration", notebook, place)
    return Setting(_implied(_PLATFORM[name], place), "service", notebook, place)


def _told(said: Said, below: Setting | None) -> Setting:
    value = said.value
    if below is not None and isinstance(value, Unknown):
        value = _or_below(value, below)
    return Setting(value, "configuration", said.resource, said.place, None, said.assumptions)


def _launched_by_eks(launch: Launch) -> bool:
    return isinstance(launch.host, EksNodeGroup) and not launch.host.launch_template.written


def _registered(graph: Graph, image: Resource) -> RegisteredImage | None:
    """The image that an image was first registered as: copies keep its ``ImdsSupport``."""
    for _ in range(_COPIES):
        if isinstance(image, RegisteredImage):
            return image
        source = None
        if isinstance(image, ImageCopy):
            source = next(_certain(graph, image, "source_image"), None)
        elif isinstance(image, InstanceImage):
            instance = graph.only(image, "source_instance", Instance)
            for launch in launches_of(graph, instance) if instance is not None else ():
                facts: ImageFacts = image_of(graph, launch)
                source = facts.resource if facts.origin == "unit" else None
        if source is None:
            return None
        image = source
    return None


_COPIES: Final = 16
"""Images that are followed from copy to copy; a cycle of them is an error of Terraform's."""


def _certain(graph: Graph, source: Resource, relation: str) -> Iterator[Resource]:
    for edge in graph.targets(source, relation):
        if edge.certain and edge.target is not None:
            yield edge.target


def _by_registered(
    image: RegisteredImage, name: Option, resource: Resource, place: Place
) -> Setting:
    support = image.imds_support
    origin = image.place("imds_support")
    answer = support.equals("v2.0") if support is not None else NO
    if answer.truth is True:
        value = _implied(_IMAGE[name], place)
        return Setting(value, "image", resource, place, origin)
    if answer.truth is None:
        cause = answer.causes[0]
        return Setting(cause, "image", resource, place, origin)
    words = f'the imds_support of {image.address} is not "v2.0"'
    step = Step(origin.span, words, assumed=True)
    value = _implied(_PLATFORM[name], place)
    return Setting(value, "platform", resource, place, origin, (step,))


def _implied(data: str | int, place: Place) -> Value:
    return Value(data, place.span, place.left_out, implied=True)


def _or_below(value: Unknown, below: Setting) -> Unknown:
    """What may be said, or else what lies below it."""
    silent = below.source == "platform" and not below.assumptions
    if value.candidates and not silent and isinstance(below.value, Value):
        return value.but(candidates=(*value.candidates, below.value), unset=False)
    # An arm that leaves it out is one all the same: what lies below it is not known.
    arms = [
        Unknown(value.reason, value.cause, c.span, c.via, inputs=value.inputs) if c.is_null else c
        for c in value.candidates
    ]
    left_out = any(candidate.is_null for candidate in value.candidates)
    return value.but(candidates=tuple(arms) if left_out else (), unset=False)


def resting(answer: Answer, steps: tuple[Step, ...]) -> Answer:
    """An answer that rests on some assumptions too."""
    return Answer(answer.truth, answer.causes, answer.assumptions + steps) if steps else answer
