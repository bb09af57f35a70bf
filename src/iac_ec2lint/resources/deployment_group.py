"""Deployment groups of CodeDeploy: which hosts it registers with which load balancers."""

from iac_ec2lint.resources.field import parts, reference, references, text
from iac_ec2lint.resources.part import Part, Resource


class DeploymentTargetGroup(Part):
    """A target group that hosts are taken out of while they are deployed to."""

    target_group = reference("name", "Name", to=("TargetGroup",))


class DeploymentClassicBalancer(Part):
    """The same of a Classic Load Balancer."""

    classic = reference("name", "Name", to=("ClassicLoadBalancer",))


class DeploymentTagFilter(Part):
    """A tag of instances that are deployed to."""

    key = text("key", "Key")
    kind = text("type", "Type")
    value = text("value", "Value")


class DeploymentGroup(Resource):
    """Hosts that CodeDeploy deploys to, and the load balancers that it registers them with.

    Source: CodeDeploy User Guide, "Integrating CodeDeploy with Elastic Load Balancing".

    Attributes:
        tag_filters: The tags of instances, those of sets included.
        traffic: Whether it registers them at all: ``WITH_TRAFFIC_CONTROL``.
    """

    terraform = ("aws_codedeploy_deployment_group",)
    cloudformation = ("AWS::CodeDeploy::DeploymentGroup",)

    auto_scaling_groups = references(
        "autoscaling_groups", "AutoScalingGroups", to=("AutoScalingGroup",)
    )
    classic_balancers = parts(
        DeploymentClassicBalancer, "load_balancer_info.elb_info", "LoadBalancerInfo.ElbInfoList"
    )
    tag_filters = parts(
        DeploymentTagFilter,
        ("ec2_tag_filter", "ec2_tag_set.ec2_tag_filter"),
        ("Ec2TagFilters", "Ec2TagSet.Ec2TagSetList.Ec2TagGroup"),
    )
    target_groups = parts(
        DeploymentTargetGroup,
        "load_balancer_info.target_group_info",
        "LoadBalancerInfo.TargetGroupInfoList",
    )
    traffic = text(
        "deployment_style.deployment_option",
        "DeploymentStyle.DeploymentOption",
        implied="WITHOUT_TRAFFIC_CONTROL",
    )
