"""Which instance types launches ask for, and what is known of these.

What is known is dated: ``facts/instance_types.json``. A type whose family is not in it is neither
old nor new: a question about it is undecided.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from functools import cache
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iac_ec2lint.compute.launch.launches import launches
from iac_ec2lint.compute.launch.running import runs
from iac_ec2lint.facts import facts
from iac_ec2lint.graph.memo import remembered
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.eks_node_group import EksNodeGroup
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.launch_settings import LaunchSettings
from iac_ec2lint.resources.part import Place, view
from iac_ec2lint.values import YES, Answer, Unknown, Val, Value, all_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from iac_ec2lint.compute.launch.launches import Launch
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.launch_settings import InstanceRequirements
    from iac_ec2lint.resources.part import Resource

_UNSAID: Final = "m1.small"
"""The type of an instance that names none (EC2 API Reference, ``RunInstances``)."""


class TypeRequest(NamedTuple):
    """An instance type that a launch asks for, or the attributes that types must have.

    Attributes:
        launch: The launch.
        resource: Who declares it: the host or its template.
        place: Where.
        value: The type; ``None`` where attributes are asked for.
        requirements: The attributes.
    """

    launch: Launch
    resource: Resource
    place: Place
    value: Val | None
    requirements: InstanceRequirements | None = None

    @property
    def words(self) -> str:
        """The type, for messages."""
        if self.value is None:
            return "a type with the attributes asked for"
        return self.value.text or "the instance type"

    def answers(self, question: Callable[[str], bool | None]) -> Answer:
        """What is true of the type, or of each type that may be chosen.

        Args:
            question: Answers for the name of a type; ``None`` where that is not known.
        """
        if self.value is not None:
            return _answer(self.value, question)
        if self.requirements is None:
            return YES
        return _of_all(self.requirements, question)


def type_requests(graph: Graph) -> tuple[TypeRequest, ...]:
    """Every instance type that is asked for, launch by launch: those of overrides too.

    Templates that name none, and hosts that can have no instance, ask for nothing.
    """
    return _requests(graph)


@remembered
def _requests(graph: Graph) -> tuple[TypeRequest, ...]:
    return tuple(
        request
        for launch in launches(graph)
        if runs(graph, launch.host).truth is not False
        for request in _of_launch(launch)
    )


def is_previous_generation(name: str) -> bool | None:
    """Whether a type is of a previous generation, by what AWS says of its family."""
    return _listed(name, "previous generation")


def accepts_paravirtual_images(name: str) -> bool | None:
    """Whether a type starts from images that are paravirtual."""
    return _listed(name, "paravirtual")


def encrypts_traffic(name: str) -> bool | None:
    """Whether a type encrypts what it sends to others of its kind in the same network."""
    return _listed(name, "encrypts traffic")


def encrypts_memory(name: str) -> bool | None:
    """Whether a type's memory is always encrypted."""
    if _listed(name, "encrypts memory"):
        return True
    return False if _listed(name, "plain memory") else None


def ebs_optimisation(name: str) -> Literal["always", "on request", "never"] | None:
    """Whether a type has bandwidth of its own for EBS."""
    if name in _names("EBS optimised on request"):
        return "on request"
    if name in _names("EBS optimised never"):
        return "never"
    return "always" if _family(name) in _names("families") else None


def _listed(name: str, key: str) -> bool | None:
    family = _family(name)
    return family in _names(key) if family in _names("families") else None


def _family(name: str) -> str:
    family, dot, _ = name.partition(".")
    return family if dot else ""


@cache
def _names(key: str) -> frozenset[str]:
    return frozenset(facts("instance_types")[key])


def _of_launch(launch: Launch) -> Iterator[TypeRequest]:
    host = launch.host
    if isinstance(host, AutoScalingGroup) and launch.part is host.mixed_template:
        # Overrides without a template of their own share the group's.
        own = [one for one in host.overrides if not one.template.written]
        for override in own:
            yield from _asked(launch, override.over(launch.settings))
        if own:
            return
    if isinstance(host, EksNodeGroup) and host.instance_types:
        for value in host.instance_types:
            yield TypeRequest(launch, host, host.place("instance_types", value), value)
        return
    yield from _asked(launch, launch.settings)


def _asked(launch: Launch, settings: LaunchSettings) -> Iterator[TypeRequest]:
    """The request of settings: of a type and of attributes the nearest counts."""
    requirements = settings.instance_requirements
    said = settings.decides("instance_type")
    for layer in settings.layers:
        if layer is said:
            break
        if view(LaunchSettings, (layer,), settings.span).instance_requirements.written:
            owner = launch.resource_of(layer)
            at = settings.place("instance_requirements")
            yield TypeRequest(launch, owner, at, None, requirements)
            return
    value = settings.instance_type
    # The provider takes an empty text for none, as it does with all texts.
    if value is not None and not value.is_null and value.text != "":
        owner = launch.host if said is None else launch.resource_of(said)
        yield TypeRequest(launch, owner, settings.place("instance_type"), value)
    elif isinstance(launch.host, Instance):
        place = settings.place("instance_type")
        unsaid = Value(_UNSAID, launch.host.span, implied=True)
        yield TypeRequest(launch, launch.host, place._replace(value=unsaid), unsaid)


def _answer(value: Val, question: Callable[[str], bool | None]) -> Answer:
    known = value.test(lambda name: question(str(name)) is not None)
    if known.truth is False:
        words = f'"{value.text}" is not among the known instance types'
        return Answer(None, (Unknown(words, "external-id", value.span),))
    return known & value.test(lambda name: question(str(name)) is True)


def _of_all(requirements: InstanceRequirements, question: Callable[[str], bool | None]) -> Answer:
    """What is true of all types that may have the attributes: undecided where they differ."""
    found = {question(name) for name in _permitted(requirements)}
    unknown = [
        value for value in (*requirements.allowed, *requirements.excluded) if value.text is None
    ]
    if len(found) == 1 and None not in found and not unknown:
        return Answer(found.pop())
    words = "which types have the attributes that are asked for is not known"
    gaps = [value for value in unknown if isinstance(value, Unknown)]
    gap = gaps[0] if gaps else Unknown(words, "external-id", requirements.span)
    return Answer(None, (gap,))


def _permitted(requirements: InstanceRequirements) -> Iterator[str]:
    """Types of each family that the names and generations leave: all that differ in anything."""
    allowed = [value.text for value in requirements.allowed if value.text is not None]
    excluded = [value.text for value in requirements.excluded if value.text is not None]
    generations = all_of(one.equals("current") for one in requirements.generations)
    current = bool(requirements.generations) and generations.truth is True
    for family in _names("families"):
        if current and family in _names("previous generation"):
            continue
        if requirements.allowed and not any(
            fnmatchcase(family, pattern.partition(".")[0]) for pattern in allowed
        ):
            continue
        whole = (f"{family}.*", f"{family}*")
        if not any(pattern in whole or _spans(pattern, family) for pattern in excluded):
            yield f"{family}.large"
            apart = (*_names("EBS optimised on request"), *_names("EBS optimised never"))
            yield from (name for name in apart if _family(name) == family)


def _spans(pattern: str, family: str) -> bool:
    """Whether a pattern takes in all types of a family."""
    head, dot, tail = pattern.partition(".")
    return fnmatchcase(family, head) and (tail == "*" if dot else head.endswith("*"))
