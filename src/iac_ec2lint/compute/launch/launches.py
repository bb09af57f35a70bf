"""What instances are launched with: their own settings over those of their launch template.

A launch template says nothing by itself; its consumers do (semantics.md, B10). What an instance or
an override says wins, option by option; what neither says is left unset, and unknown where the
template is declared elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final, NamedTuple

from iac_ec2lint.compute.launch.sections import Assumed, WithoutDevices
from iac_ec2lint.declaration import UnknownSection
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.batch_compute_environment import BatchComputeEnvironment
from iac_ec2lint.resources.beanstalk_environment import BeanstalkConfiguration, BeanstalkEnvironment
from iac_ec2lint.resources.cloud9_environment import Cloud9Environment
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.emr_cluster import EmrCluster
from iac_ec2lint.resources.fleet import Ec2Fleet, FleetTemplate, SpotFleet
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_configuration import LaunchConfiguration
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.launch_template import LaunchTemplate, LaunchTemplateReference
from iac_ec2lint.resources.layer import Layer
from iac_ec2lint.resources.managed_host import ManagedHost
from iac_ec2lint.resources.part import Part, Place, Resource, view
from iac_ec2lint.resources.pcs_compute_node_group import PcsComputeNodeGroup
from iac_ec2lint.values import (
    NO,
    Answer,
    Reference,
    Step,
    Unknown,
    all_of,
    without_keys,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from iac_ec2lint.graph.graph import Edge, Graph

Blueprint = LaunchTemplate | LaunchConfiguration


class Launch(NamedTuple):
    """One way in which a host's instances are launched.

    Attributes:
        host: An ``Instance``, ``AutoScalingGroup``, ``Ec2Fleet``, ``SpotFleet`` or
            ``ManagedHost``; a template or configuration that nobody in the unit uses is its own.
        settings: What the instances are launched with: the host's over the template's.
        template: The declared template or configuration that it uses, if it uses one.
        part: Where the host says so: a ``launch_template`` block, an override, or all of it.
        certain: False where the template is one of several, or the part may be absent.
        unused: Whether ``host`` is a template or configuration that nobody in the unit uses.
        assumptions: What it rests on that another deployment may change.
        saved: The saved configuration whose settings lie below those of the host.
        chosen: What names the template, where that is one of several.
    """

    host: Resource
    settings: LaunchSettings
    template: Blueprint | None
    part: Part
    certain: bool
    unused: bool = False
    assumptions: tuple[Step, ...] = ()
    saved: Resource | None = None
    chosen: Unknown | None = None

    def doubt(self, otherwise: str) -> Unknown:
        """Why it is not certain: what chooses its template, arm by arm; else a reason."""
        if self.chosen is not None:
            return self.chosen
        return Unknown(otherwise, "expression", self.part.span)

    def place(self, name: str, part: Part | None = None) -> tuple[Resource, Place]:
        """Who declares a setting, the template or the host, and where.

        Args:
            name: The setting.
            part: What it is a field of, where that is a part of the settings.
        """
        part = self.settings if part is None else part
        layer = part.decides(name)
        owner = self.host if layer is None else self.resource_of(layer)
        return owner, part.place(name)

    def resource_of(self, layer: Layer) -> Resource:
        """The resource that a layer of the settings, or of a part of them, belongs to."""
        if self.template is not None and layer.type == self.template.type:
            return self.template
        if self.saved is not None and layer in self.saved.layers:
            return self.saved
        return self.host

    @property
    def blueprint(self) -> Resource:
        """What says how to launch, where nothing is said: the template, else the host."""
        return self.template or self.host


class _Index:
    """The launches of a graph, as they are asked for."""

    __slots__ = ("by_host", "launches")

    def __init__(self, launches: tuple[Launch, ...]) -> None:
        self.launches = launches
        self.by_host: dict[Resource, list[Launch]] = defaultdict(list)
        for launch in launches:
            self.by_host[launch.host].append(launch)


def launches(graph: Graph) -> tuple[Launch, ...]:
    """All ways in which instances of the unit are launched, by the hosts' addresses."""
    return _index(graph).launches


def launches_of(graph: Graph, host: Resource) -> tuple[Launch, ...]:
    """The ways in which one host's instances are launched."""
    return tuple(_index(graph).by_host.get(host, ()))


@remembered
def _index(graph: Graph) -> _Index:
    made: list[Launch] = []
    for host in graph.all(*_HOSTS):
        made.extend(_launches(graph, host))
    used = {launch.template for launch in made}
    elsewhere = _of_other_arms(graph)
    blueprints: list[Blueprint] = [*graph.all(LaunchTemplate), *graph.all(LaunchConfiguration)]
    for blueprint in blueprints:
        if blueprint not in used and without_keys(blueprint.address) not in elsewhere:
            layers = (*blueprint.layers, *_derived(graph, blueprint))
            settings = _settings(blueprint, layers)
            made.append(
                Launch(blueprint, settings, blueprint, blueprint, certain=True, unused=True)
            )
    made.sort(key=lambda launch: launch.host.address)
    return _Index(tuple(made))


def _of_other_arms(graph: Graph) -> frozenset[str]:
    """What may be launched from where another arm of a choice is taken than the one that is here.

    Nobody launches from it here, and what it is launched with there is said there.
    """
    if not graph.unit.in_arm:
        return frozenset()
    named = graph.unit.mentions(frozenset()) or frozenset()
    return named - _named_by_others(graph)


def unused(graph: Graph) -> tuple[Launch, ...]:
    """The templates and configurations that nobody in the unit launches from."""
    return tuple(launch for launch in launches(graph) if launch.unused)


def groups_are_brought(graph: Graph, launch: Launch) -> Answer:
    """Whether what launches from a template brings groups of its own in place of the template's.

    Of a template from which nothing here launches, that it does not is an assumption.
    """
    return _brought(graph, launch, "security group", ())


def role_is_brought(graph: Graph, launch: Launch) -> Answer:
    """Whether what launches from a template brings a role of its own in place of the template's.

    AWS PCS asks every compute node group for one (AWS PCS API Reference,
    ``CreateComputeNodeGroup``). Of a template from which nothing here launches, that it does not is
    an assumption.
    """
    return _brought(graph, launch, "role", (PcsComputeNodeGroup,)) | may_launch_nodes(graph, launch)


def may_launch_nodes(graph: Graph, launch: Launch) -> Answer:
    """Whether node groups of EKS launch from a template that launches nothing so far.

    They are declared with it, and have a role and containers; their inputs ask for none as yet.
    """
    template = launch.host
    if not launch.unused or not isinstance(template, LaunchTemplate):
        return NO
    if without_keys(template.address) not in _named_by_nodes(graph):
        return NO
    words = f"{template.address} is that of node groups of EKS, of which there are none so far"
    return Answer(None, (Unknown(words, "may-attach", template.span),))


def _brought(
    graph: Graph, launch: Launch, what: str, bringing: tuple[type[Resource], ...]
) -> Answer:
    template = launch.host
    if not launch.unused or not isinstance(template, LaunchTemplate):
        return NO
    users = graph.sources(template, "launch_template")
    answers = [edge.answer if isinstance(edge.source, bringing) else NO for edge in users]
    if without_keys(template.address) in _named_by_others(graph):
        words = (
            f"{template.address} is named in what is not judged, such as an output, and what "
            f"launches from it there may bring a {what}"
        )
        answers.append(Answer(None, (Unknown(words, "may-attach", template.span),)))
    if answers:
        return all_of(answers)
    words = f"what launches from it elsewhere brings no {what} of its own"
    return Answer(False, (), (Step(template.span, words, assumed=True),))


@remembered
def _named_by_others(graph: Graph) -> frozenset[str]:
    """What is named outside of what launches here, such as a service that is not judged."""
    return graph.unit.mentions(_LAUNCHERS) or frozenset()


@remembered
def _named_by_nodes(graph: Graph) -> frozenset[str]:
    """What node groups of EKS name, and nothing that does not launch."""
    nodes = {*EksNodeGroup.terraform, *EksNodeGroup.cloudformation}
    named = graph.unit.mentions(_LAUNCHERS - nodes) or frozenset()
    return named - _named_by_others(graph)


def _launches(graph: Graph, host: Resource) -> Iterator[Launch]:
    if isinstance(host, Instance):
        if host.launch_template.written:
            yield from _from_template(graph, host, host.launch_template, host)
        else:
            yield Launch(host, _settings(host, host.layers), None, host, certain=True)
    elif isinstance(host, AutoScalingGroup):
        yield from _of_group(graph, host)
    elif isinstance(host, ManagedHost):
        if host.has_instances.truth is not False:
            yield from _by_service(graph, host)
    elif isinstance(host, Ec2Fleet | SpotFleet):
        if isinstance(host, SpotFleet):
            for specification in host.launch_specifications:
                certain = specification.presence.certain
                yield Launch(host, specification, None, specification, certain)
        for template in host.templates:
            yield from _of_fleet(graph, host, template)


def _by_service(graph: Graph, host: ManagedHost) -> Iterator[Launch]:
    """The launches of a service: from each template that is named, else for each kind of host."""
    says = not isinstance(host, EksNodeGroup)  # which says nothing that nodes are launched with
    saved, below = _saved(graph, host)
    over, own = (host, (*host.layers, *below)) if says else (None, ())
    written = [template for template in host.templates if template.written]
    for template in written:
        yield from _from_template(graph, host, template, over)
    for made in _kinds(graph, host) if not written else ():
        settings = view(made, own, host.span, resource_type=host.type)
        part = host if len(host.settings) == 1 else settings
        yield Launch(host, settings, None, part, certain=True, saved=saved)


def _kinds(graph: Graph, host: ManagedHost) -> tuple[type[LaunchSettings], ...]:
    """The settings of each kind of instances that a host has: not all clusters have core nodes."""
    alone = isinstance(host, EmrCluster) and not host.workers
    if alone and not graph.sources(host, "nodes_of") and not graph.unresolved("nodes_of"):
        return host.settings[:1]
    return host.settings


def _saved(graph: Graph, host: ManagedHost) -> tuple[Resource | None, tuple[Layer, ...]]:
    """The saved configuration that an environment of Elastic Beanstalk names, and what it says."""
    edges: tuple[Edge, ...] = ()
    if isinstance(host, BeanstalkEnvironment):
        edges = graph.targets(host, "saved_configuration")
    for edge in edges:
        if isinstance(edge.target, BeanstalkConfiguration) and edge.certain:
            return edge.target, edge.target.layers
        gap = Unknown(_elsewhere(edge), "external-id", edge.value.span, unset=True)
        return None, (Layer(UnknownSection(gap, ""), host.type),)
    return None, ()


def _of_group(graph: Graph, group: AutoScalingGroup) -> Iterator[Launch]:
    if group.launch_template.written:
        yield from _from_template(graph, group, group.launch_template)
    own = [one for one in group.overrides if one.template.written]
    if group.mixed_template.written and (len(own) < len(group.overrides) or not own):
        yield from _from_template(graph, group, group.mixed_template)
    for override in own:
        yield from _from_template(graph, group, override.template, override)
    if group.launch_configuration is not None:
        edges = graph.targets(group, "launch_configuration")
        yield from _over(graph, group, edges, group, None, LaunchConfiguration)
    if group.source_instance is not None:
        yield Launch(group, _settings(group, _derived(graph, group)), None, group, certain=True)


def _derived(graph: Graph, resource: Resource) -> tuple[Layer, ...]:
    """What is taken from an instance, but for its block devices.

    Source: Amazon EC2 Auto Scaling API Reference, ``CreateLaunchConfiguration``, ``InstanceId``.
    """
    if not isinstance(resource, AutoScalingGroup | LaunchConfiguration):
        return ()
    edges = graph.targets(resource, "source_instance")
    if len(edges) == 1 and edges[0].certain and isinstance(edges[0].target, Instance):
        launch = next(_launches(graph, edges[0].target))
        return tuple(
            layer._replace(section=WithoutDevices(layer.section))
            for layer in launch.settings.layers
        )
    gaps = [Unknown(_elsewhere(e), "external-id", e.value.span, unset=True) for e in edges[:1]]
    return tuple(_unknown_layer(resource, gap) for gap in gaps)


def _of_fleet(graph: Graph, fleet: Resource, config: FleetTemplate) -> Iterator[Launch]:
    if not config.overrides:
        yield from _from_template(graph, fleet, config.template)
    for override in config.overrides:
        yield from _from_template(graph, fleet, config.template, override)


def _from_template(
    graph: Graph, host: Resource, named: LaunchTemplateReference, over: Part | None = None
) -> Iterator[Launch]:
    """The launches from the template that a block names, with what lies over it.

    Args:
        graph: The graph.
        host: What launches.
        named: The block.
        over: What the host itself says: an override, or all of an instance.
    """
    edges = graph.follow(host, named, "launch_template")
    yield from _over(graph, host, edges, named, over, LaunchTemplate)


_LATEST: Final = ("latest_version", "LatestVersionNumber")
_DEFAULT: Final = ("default_version", "DefaultVersionNumber")


def _older(template: LaunchTemplate, named: Part) -> Step | None:
    """That what is written is the version that is launched, where that may be an older one.

    Each change makes a version. The default one stays the first unless it is moved, and a number
    means the same one for ever.
    Source: EC2 User Guide, "Manage launch template versions"; ``update_default_version`` of
    ``aws_launch_template``.
    """
    version = getattr(named, "version", None)
    attribute = version.attribute if isinstance(version, Reference) else ""
    if version is not None and (version.text == "$Latest" or attribute in _LATEST):
        return None
    moved = template.update_default_version
    if version is None and (moved is None or moved.is_true().truth is not False):
        return None  # nobody says which, so that it is the one that is made here
    if version is None or version.text == "$Default" or attribute in _DEFAULT:
        if moved is not None and moved.is_true().truth is True:
            return None
        which = "the default version"
        told = version if version is not None else moved
        place = named.span if told is None else told.span
    else:
        which = f"version {version.text}" if version.text is not None else "the version"
        place = version.span
    return Step(place, f"{which} of {template.address} is what is written now", assumed=True)


def _over(
    graph: Graph,
    host: Resource,
    edges: tuple[Edge, ...],
    named: Part,
    over: Part | None,
    kind: type[Blueprint],
) -> Iterator[Launch]:
    above = over.layers if over is not None else ()
    part = named if over is None or over is host else over
    if not edges:
        gap = Unknown("the launch template is not named", "expression", named.span, unset=True)
        settings = _settings(host, (*above, _unknown_layer(host, gap)))
        yield Launch(host, settings, None, part, certain=False)
    for edge in edges:
        if isinstance(edge.target, kind):
            body, type_, _ = edge.target.layers[0]
            older = _older(edge.target, named) if isinstance(edge.target, LaunchTemplate) else None
            if older is not None:
                body = Assumed(body, older)
            # An optional block may be absent; then only what lies over it is said. What is there
            # wherever its host is has the presence of that.
            always = named is host or named.presence is host.presence
            below = Layer(body, type_) if always else Layer(body, type_, named.presence)
            settings = _settings(host, (*above, below, *_derived(graph, edge.target)))
            steps = () if older is None else (older,)
            sure = edge.certain
            chosen = None if sure or not isinstance(edge.value, Unknown) else edge.value
            yield Launch(host, settings, edge.target, part, sure, assumptions=steps, chosen=chosen)
        else:
            gap = Unknown(_elsewhere(edge), "external-id", edge.value.span, unset=True)
            settings = _settings(host, (*above, _unknown_layer(host, gap)))
            yield Launch(host, settings, None, part, certain=False)


def _elsewhere(edge: Edge) -> str:
    """Why it is not known what an edge leads to."""
    if edge.target is not None:
        return f"{edge.target.address} is declared elsewhere"
    value = edge.value
    return value.reason if isinstance(value, Unknown) else "the launch template is unknown"


def _unknown_layer(host: Resource, gap: Unknown) -> Layer:
    kinds = LaunchTemplate.cloudformation if "::" in host.type else LaunchTemplate.terraform
    return Layer(UnknownSection(gap, ""), kinds[0])


def _settings(host: Resource, layers: tuple[Layer, ...]) -> LaunchSettings:
    made = host.settings[0] if isinstance(host, ManagedHost) else LaunchSettings
    return view(made, layers, host.span, resource_type=host.type)


_HOSTS: tuple[type[Resource], ...] = (
    Instance,
    AutoScalingGroup,
    Ec2Fleet,
    SpotFleet,
    EksNodeGroup,
    BatchComputeEnvironment,
    EmrCluster,
    BeanstalkEnvironment,
    Cloud9Environment,
)

HOST_TYPES: tuple[type[Resource], ...] = (*_HOSTS, LaunchTemplate, LaunchConfiguration)
"""The classes of what has instances, or says how instances are launched."""

_LAUNCHING: tuple[type[Resource], ...] = (*HOST_TYPES, PcsComputeNodeGroup)
_LAUNCHERS: Final = frozenset(
    name for kind in _LAUNCHING for name in (*kind.terraform, *kind.cloudformation)
)
