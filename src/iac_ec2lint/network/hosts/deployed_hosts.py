"""Hosts that CodeDeploy registers with load balancers as it deploys to them.

Source: AWS CodeDeploy User Guide, "Integrating CodeDeploy with Elastic Load Balancing".
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.compute.instance_tags import tag_of
from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.deployment_group import DeploymentGroup, DeploymentTagFilter
from iac_ec2lint.resources.instance import Instance
from iac_ec2lint.resources.part import Resource
from iac_ec2lint.source.span import Span
from iac_ec2lint.values import Unknown


def deployed_hosts(graph: Graph, edge: Edge) -> Iterator[tuple[Resource, Unknown]]:
    """The hosts that a deployment group registers somewhere, each with why that is not known.

    Args:
        graph: The graph.
        edge: From the deployment group to the target group, or to the Classic Load Balancer.
    """
    group = edge.source
    if not isinstance(group, DeploymentGroup) or group.traffic is None:
        return
    if group.traffic.equals("WITH_TRAFFIC_CONTROL").truth is False:
        return
    found: dict[Resource, Span] = {}
    for named in graph.targets(group, "auto_scaling_groups"):
        if isinstance(named.target, AutoScalingGroup):
            found[named.target] = named.value.span
    for wanted in group.tag_filters:
        for instance in graph.all(Instance):
            if _may_have(graph, instance, wanted):
                found.setdefault(instance, wanted.span)
    for host, span in found.items():
        words = f"whether {group.address} has deployed to {host.address} is not known"
        yield host, Unknown(words, "computed", span)


def _may_have(graph: Graph, instance: Instance, wanted: DeploymentTagFilter) -> bool:
    """Whether an instance may have the tag that a filter asks for."""
    key = None if wanted.key is None else wanted.key.text
    tag = None if key is None else tag_of(graph, instance, key.lower())
    if not tag:
        return tag is None
    by_key = wanted.kind is not None and wanted.kind.equals("KEY_ONLY").may_be_true
    value = None if wanted.value is None else wanted.value.text
    return by_key or value is None or value in tag
