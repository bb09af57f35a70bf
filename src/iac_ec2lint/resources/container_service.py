"""Services of ECS: who registers with load balancers, and what security groups their tasks have."""

from iac_ec2lint.resources.field import parts, reference, references
from iac_ec2lint.resources.part import Part, Resource


class ContainerServiceBalancer(Part):
    """A load balancer that a service registers its tasks with.

    Attributes:
        alternate_target_group: The one that takes turns with it in a blue/green deployment.
    """

    alternate_target_group = reference(
        "advanced_configuration.alternate_target_group_arn",
        "AdvancedConfiguration.AlternateTargetGroupArn",
        to=("TargetGroup",),
    )
    classic = reference("elb_name", "LoadBalancerName", to=("ClassicLoadBalancer",))
    target_group = reference("target_group_arn", "TargetGroupArn", to=("TargetGroup",))


class ContainerService(Resource):
    """Tasks that ECS keeps running, and the load balancers that it registers them with.

    Whether the internet reaches the interfaces of tasks is not judged.

    Attributes:
        security_groups: Those of interfaces of the tasks' own (network mode ``awsvpc``).
    """

    terraform = ("aws_ecs_service",)
    cloudformation = ("AWS::ECS::Service",)

    load_balancers = parts(ContainerServiceBalancer, "load_balancer", "LoadBalancers")
    security_groups = references(
        "network_configuration.security_groups",
        "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
        to=("SecurityGroup",),
    )
