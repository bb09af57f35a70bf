"""Auto Scaling groups, whose hosts CodeDeploy registers with load balancers as it deploys to them.

Source: AWS CodeDeploy User Guide, "Integrating CodeDeploy with Elastic Load Balancing".
"""

from __future__ import annotations

from collections.abc import Iterator

from iac_ec2lint.graph.graph import Edge, Graph
from iac_ec2lint.resources.auto_scaling_group import AutoScalingGroup
from iac_ec2lint.resources.deployment_group import DeploymentGroup
from iac_ec2lint.resources.part import Resource
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
    for host in graph.targets(group, "auto_scaling_groups"):
        if isinstance(host.target, AutoScalingGroup):
            words = f"whether {group.address} has deployed to {host.target.address} is not known"
            yield host.target, Unknown(words, "computed", host.value.span)
