"""Which tags resources have, wherever they are given.

Sources: EC2 User Guide, "Tag your Amazon EC2 resources"; Auto Scaling User Guide, "Tag Auto Scaling
groups and instances"; Terraform's AWS provider, "Resource Tagging".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from iac_ec2lint.compute.launch.launches import launches_of
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.instance_tag import SeparateTag
from iac_ec2lint.resources.launch_template import LaunchTemplate
from iac_ec2lint.resources.provider import Provider
from iac_ec2lint.values import NO, YES, Answer, Step, all_of, any_of

if TYPE_CHECKING:
    from iac_ec2lint.graph.graph import Graph
    from iac_ec2lint.resources.part import Resource
    from iac_ec2lint.values import Data, Val

_INSTANCE = "instance"


def has_tag(graph: Graph, resource: Resource, key: str) -> Answer:
    """Whether a resource has a tag; of an Auto Scaling group, whether its instances get it.

    Counted are its own tags, those of the provider, those that are declared apart, and those that
    its launch template gives to instances. What a stack is given when it is deployed is not known,
    so that in CloudFormation a missing tag is an assumption.
    """
    if isinstance(resource, AutoScalingGroup):
        return _in_stack(resource, _of_group(graph, resource, key))
    found = _own(graph, resource, key) | _apart(graph, resource, key)
    if isinstance(resource, LaunchTemplate):
        found |= _specified(resource, "launch-template", key) | _specified(resource, _INSTANCE, key)
    if isinstance(resource, Instance):
        found |= _from_templates(graph, resource, key)
    return _in_stack(resource, found)


def tags_instances(graph: Graph, group: AutoScalingGroup) -> Answer:
    """Whether the instances of a group get any tag; see ``has_tag``."""
    return _in_stack(group, _of_group(graph, group, None))


def _in_stack(resource: Resource, found: Answer) -> Answer:
    """The answer, with what is taken for granted of a stack."""
    if found.truth is False and resource.declared.of_cloudformation:
        words = "the stack is given no tags when it is deployed"
        return Answer(False, (), (*found.assumptions, Step(resource.span, words, assumed=True)))
    return found


def _own(graph: Graph, resource: Resource, key: str) -> Answer:
    """Whether a tag is among those of a resource itself, or the provider's."""
    if key in resource.tags:
        return YES
    gap = resource.unknown_tags
    found = NO if gap is None else gap.test(lambda data: _names(data, key))
    if graph.unit.kind == "plan":
        everything = resource.declared.body.get("tags_all")
        return found | _among(everything, key)
    return found | _by_default(graph, resource, key)


def _by_default(graph: Graph, resource: Resource, key: str) -> Answer:
    """Whether the provider of a resource gives the tag to all that it makes."""
    if resource.declared.of_cloudformation:
        return NO
    return any_of(
        _among(provider.default_tags, key)
        for provider in graph.all(Provider)
        if provider.scope == resource.configuration
    )


def _apart(graph: Graph, resource: Resource, key: str) -> Answer:
    """Whether a tag is declared on its own (``aws_ec2_tag``)."""
    separate = (
        edge.answer & edge.source.presence.answer & edge.source.equals("key", key)
        for edge in (*graph.sources(resource, "tagged"), *graph.unresolved("tagged"))
        if isinstance(edge.source, SeparateTag)
    )
    return any_of(separate)


def _of_group(graph: Graph, group: AutoScalingGroup, key: str | None) -> Answer:
    """Whether the instances of a group get a tag: its own propagated ones, or the template's."""
    propagated = any_of(
        tag.presence.answer
        & tag.equals("propagated", True)
        & (YES if key is None else tag.equals("key", key))
        for tag in group.tag_settings
    )
    return propagated | _from_templates(graph, group, key)


def _from_templates(graph: Graph, host: Resource, key: str | None) -> Answer:
    """Whether all templates that a host launches from give the tag, or any, to instances."""
    if isinstance(host, AutoScalingGroup) and host.is_set("launch_configuration").truth is True:
        return NO  # a launch configuration has no tags to give
    launched = launches_of(graph, host)
    answers = []
    for launch in launched:
        if isinstance(launch.template, LaunchTemplate):
            answers.append(_specified(launch.template, _INSTANCE, key))
        elif launch.certain:
            answers.append(NO)
        else:
            words = f"the launch template of {host.address} is not declared here"
            answers.append(Answer(None, (launch.doubt(words),)))
    return all_of(answers) if answers else NO


def _specified(template: LaunchTemplate, kind: str, key: str | None) -> Answer:
    return any_of(
        one.presence.answer & one.equals("kind", kind) & _among(one.tags, key)
        for one in template.tag_specifications
    )


def _among(tags: Val | None, key: str | None) -> Answer:
    return NO if tags is None else tags.test(lambda data: _names(data, key))


def _names(data: Data, key: str | None) -> bool:
    """Whether a map, or a list of pairs, names a tag, or any."""
    if key is None:
        return isinstance(data, dict | tuple) and bool(data)
    if isinstance(data, dict):
        return key in data
    if not isinstance(data, tuple):
        return False
    named = (one.items().get("Key") for one in data)
    return any(name is not None and name.text == key for name in named)
