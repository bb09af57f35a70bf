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


class DeploymentTagSet(Part):
    """Tags of instances of which one must be there."""

    filters = parts(DeploymentTagFilter, "ec2_tag_filter", "Ec2TagGroup")


class DeploymentGroup(Resource):
    """Hosts that CodeDeploy deploys to, and the load balancers that it registers them with.

    Source: CodeDeploy User Guide, "Integrating CodeDeploy with Elastic Load Balancing".

    Attributes:
        own_filters: The tags of instances, any of them, without those of sets.
        tag_filters: The tags of instances, those of sets included.
        tag_sets: Groups of tags, of each of which an instance must have one.
        traffic: Whether it registers them at all: ``WITH_TRAFFIC_CONTROL``.
    """

    terraform = ("aws_codedeploy_deployment_group",)
    cloudformation = ("AWS::CodeDeploy::DeploymentGroup",)

    application = text("app_name", "ApplicationName")
    auto_scaling_groups = references(
        "autoscaling_groups", "AutoScalingGroups", to=("AutoScalingGroup",)
    )
    classic_balancers = parts(
        DeploymentClassicBalancer, "load_balancer_info.elb_info", "LoadBalancerInfo.ElbInfoList"
    )
    name = text("deployment_group_name", "DeploymentGroupName")
    own_filters = parts(DeploymentTagFilter, "ec2_tag_filter", "Ec2TagFilters")
    tag_sets = parts(DeploymentTagSet, "ec2_tag_set", "Ec2TagSet.Ec2TagSetList")
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
