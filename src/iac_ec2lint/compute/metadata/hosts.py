"""The metadata options of hosts: the questions about them, and where they are decided."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import running, runs
from iac_ec2lint.compute.metadata.settings import Layers, Option, Setting, resting
from iac_ec2lint.declaration import CERTAIN, Presence
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.emr_cluster import EmrCluster
from iac_ec2lint.resources.image_builder import InfrastructureConfiguration
from iac_ec2lint.resources.notebook_instance import NotebookInstance
from iac_ec2lint.resources.part import Place, Resource
from iac_ec2lint.values import NO, Answer, Step, Unknown

if TYPE_CHECKING:
    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph

_TOLD: Final = {
    "content": "MinimumInstanceMetadataServiceVersion",
    "imdsv1_disabled": "DisableIMDSv1",
}
"""What services call what decides about tokens, by the field that has it."""


class HostMetadata:
    """What the metadata options of a host's instances come to.

    Attributes:
        host: The host; a launch template or configuration that nobody in the unit uses, an Image
            Builder infrastructure and a notebook are hosts too.
        launch: The launch that it is about; ``None`` for Image Builder, and for notebooks.
    """

    def __init__(self, graph: Graph, host: Resource, launch: Launch | None) -> None:
        self.host = host
        self.launch = launch
        self._graph = graph
        self._layers = Layers(graph, host, launch)
        self._settings: dict[str, Setting] = {}

    @property
    def running(self) -> Presence:
        """Whether the host's instances are there wherever it is."""
        return CERTAIN if self.launch is None else running(self._graph, self.host)

    @property
    def http_endpoint(self) -> Setting:
        """``enabled`` or ``disabled``."""
        return self.option("http_endpoint")

    @property
    def http_tokens(self) -> Setting:
        """``optional`` or ``required``."""
        return self.option("http_tokens")

    @property
    def hop_limit(self) -> Setting:
        """How many network hops a response to a token request may take."""
        return self.option("http_put_response_hop_limit")

    def option(self, name: Option) -> Setting:
        """What an option comes to, and what decides it."""
        if name not in self._settings:
            self._settings[name] = self._layers.decide(name)
        return self._settings[name]

    @property
    def enabled(self) -> Answer:
        """Whether the service answers at all."""
        return self.http_endpoint.equals("enabled")

    @cached_property
    def imdsv1_usable(self) -> Answer:
        """Whether requests without a token are answered (semantics.md, F): what attack paths ask.

        Undecided, not true, where nobody says anything: an image or a newer instance type may
        require tokens.
        """
        tokens = self.http_tokens
        if tokens.source == "platform" and not tokens.assumptions:
            words = (
                "nothing here asks for tokens, and what the account and the image say is not known"
            )
            silent = Answer(None, (Unknown(words, "external-id", tokens.place.span),))
            return self.enabled & silent
        return self.enabled & tokens.equals("optional")

    @cached_property
    def imdsv2_enforced(self) -> Answer:
        """Whether what is declared makes tokens required, or turns the service off.

        Where nothing is declared it is false, resting on what EC2 does then. That an image's
        family requires tokens enforces nothing either; see ``required_by_family``.
        """
        off = self.http_endpoint.equals("disabled")
        tokens = self.http_tokens
        if tokens.source == "platform" or self.required_by_family:
            words = "neither the account nor the image requires tokens"
            steps = tokens.assumptions or (Step(tokens.place.span, words, assumed=True),)
            return off | resting(NO, steps)
        return off | tokens.equals("required")

    @property
    def required_by_family(self) -> bool:
        """Whether tokens are required by nothing but the family of the image, by its name."""
        tokens = self.http_tokens
        return tokens.source == "image" and bool(tokens.assumptions)

    @property
    def explanation(self) -> str:
        """Why IMDSv1 is or is not answered, in words: ``http_tokens is "optional"``."""
        if self.http_endpoint.equals("disabled").truth is True:
            return 'http_endpoint is "disabled"'
        tokens = self.http_tokens
        name = "HttpTokens" if "::" in tokens.resource.type else "http_tokens"
        name = tokens.resource.declared.body.spelled(name)
        if isinstance(self.host, EmrCluster):  # its security configuration says it, and no option
            name = _TOLD["content"]
        said = tokens.value.text
        if tokens.source in {"host", "template"}:
            return f'{name} is "{said}"' if said is not None else f"{name} is not known"
        if tokens.source == "account":
            default = f'"{said}"' if said is not None else "not known"
            return f"{name} is not set, and the account's default is {default}"
        if tokens.assumptions:
            return f"{name} is not set, and {tokens.assumptions[0].words}"
        if tokens.source == "image":
            requires = "requires tokens" if said is not None else "may require tokens"
            return f"{name} is not set, and the image {requires}"
        if tokens.source == "service":
            words = f"{name} is what the service sets"
            if isinstance(self.host, EksNodeGroup) and said is not None:
                words = f"the launch template that EKS makes for the image leaves tokens {said}"
            return words
        if tokens.source == "configuration":
            at = _TOLD.get(tokens.place.name) or tokens.place.attribute.rpartition(".")[2]
            if tokens.value.implied:
                return f"{at} is not set"
            return f"{at} makes tokens {said}" if said is not None else f"{at} is not known"
        return f"{name} is not set"


class Decision(NamedTuple):
    """A place that decides an option, and all hosts that it decides it for.

    Attributes:
        resource: The resource to report.
        place: The place in it.
        hosts: The hosts; those that are worst off first, of these those that certainly have
            instances, else by address.
    """

    resource: Resource
    place: Place
    hosts: tuple[HostMetadata, ...]

    @property
    def worst(self) -> HostMetadata:
        """The host that is worst off."""
        return self.hosts[0]

    def place_for(self, host: HostMetadata) -> Place:
        """The place, as it is there for one of the hosts: it may have no instances."""
        return self.place._replace(presence=self.place.presence.within(host.running))


@remembered
def hosts(graph: Graph) -> tuple[HostMetadata, ...]:
    """The metadata options of everything that has instances, or would have, by address.

    Groups and fleets that can have no instance are left out.
    """
    made = [
        HostMetadata(graph, launch.host, launch)
        for launch in launches(graph)
        if runs(graph, launch.host).truth is not False
    ]
    made.extend(
        HostMetadata(graph, other, None)
        for other in graph.all(InfrastructureConfiguration, NotebookInstance)
    )
    made.sort(key=lambda one: one.host.address)
    return tuple(made)


def of_host(graph: Graph, host: Resource) -> tuple[HostMetadata, ...]:
    """The metadata options of one host, one for each way in which its instances are launched."""
    return tuple(one for one in _by_host(graph).get(host, ()))


def of_launch(graph: Graph, launch: Launch) -> HostMetadata:
    """The metadata options of one launch."""
    for one in of_host(graph, launch.host):
        if one.launch is launch:
            return one
    return HostMetadata(graph, launch.host, launch)


def decisions(graph: Graph, option: Option = "http_tokens") -> tuple[Decision, ...]:
    """The places that decide an option, each with the hosts that it decides it for.

    A launch template that decides for many is one decision. A node group that names none has EKS's
    own, by the image that it asks for, and decides about tokens so; what other services set is left
    out: nothing that can be edited decides there.
    """
    grouped: dict[tuple[str, tuple[str, int, int], str], list[HostMetadata]] = defaultdict(list)
    for one in hosts(graph):
        setting = one.option(option)
        chosen = option == "http_tokens" and isinstance(one.host, EksNodeGroup)
        if setting.source != "service" or chosen:
            key = setting.resource.address, setting.place.span.key, setting.place.attribute
            grouped[key].append(one)
    found: list[Decision] = []
    for key in sorted(grouped):
        ones = grouped[key]
        if len(ones) > 1:  # most decide for one host alone
            ones.sort(
                key=lambda one: (
                    _rank(one),
                    not one.running.certain,
                    one.explanation,
                    one.host.address,
                )
            )
        setting = ones[0].option(option)
        found.append(Decision(setting.resource, setting.place, tuple(ones)))
    return tuple(found)


def _rank(one: HostMetadata) -> int:
    truth = one.imdsv2_enforced.truth
    return 3 if truth is True else 2 if truth is None else 1 if one.required_by_family else 0


@remembered
def _by_host(graph: Graph) -> dict[Resource, list[HostMetadata]]:
    found: dict[Resource, list[HostMetadata]] = defaultdict(list)
    for one in hosts(graph):
        found[one.host].append(one)
    return found
