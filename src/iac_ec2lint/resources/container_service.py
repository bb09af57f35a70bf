"""Services of ECS: who registers with load balancers, and what security groups their tasks have."""

from iac_ec2lint.resources.field import (
    anything,
    boolean,
    number,
    parts,
    reference,
    references,
    text,
)
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
    classic = reference(
        {"aws_ecs_service": "elb_name", "": "load_balancer_name"},
        {"AWS::ECS::Service": "LoadBalancerName", "": None},
        to=("ClassicLoadBalancer",),
    )
    target_group = reference("target_group_arn", "TargetGroupArn", to=("TargetGroup",))


class ContainerService(Resource):
    """Tasks that ECS keeps running, and the load balancers that it registers them with.

    Those of a service whose deployments are made by others are in task sets.

    Of the interfaces of tasks it is judged alone whether an open rule leads to one.

    Attributes:
        assigns_public_address: What says whether these get public addresses, which only those of
            Fargate can have.
        runs_commands: Whether ECS Exec lets somebody into the containers of its tasks.
        scale: How many tasks it begins with; of a task set, how many percent of its service's.
        security_groups: Those of interfaces of the tasks' own (network mode ``awsvpc``).
    """

    terraform = ("aws_ecs_service", "aws_ecs_task_set")
    cloudformation = ("AWS::ECS::Service", "AWS::ECS::TaskSet")

    assigns_public_address = anything(
        "network_configuration.assign_public_ip",
        {
            "AWS::ECS::Service": "NetworkConfiguration.AwsvpcConfiguration.AssignPublicIp",
            "AWS::ECS::TaskSet": "NetworkConfiguration.AwsVpcConfiguration.AssignPublicIp",
        },
    )
    cluster = text("cluster", "Cluster")
    launch_type = text("launch_type", "LaunchType")
    load_balancers = parts(ContainerServiceBalancer, "load_balancer", "LoadBalancers")
    runs_commands = boolean(
        {"aws_ecs_service": "enable_execute_command", "": None},
        {"AWS::ECS::Service": "EnableExecuteCommand", "": None},
        implied=False,
    )
    scale = number(
        {"aws_ecs_service": "desired_count", "aws_ecs_task_set": "scale.value"},
        {"AWS::ECS::Service": "DesiredCount", "AWS::ECS::TaskSet": "Scale.Value"},
    )
    security_groups = references(
        "network_configuration.security_groups",
        {
            "AWS::ECS::Service": "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups",
            "AWS::ECS::TaskSet": "NetworkConfiguration.AwsVpcConfiguration.SecurityGroups",
        },
        to=("SecurityGroup",),
    )
    subnets = references(
        "network_configuration.subnets",
        {
            "AWS::ECS::Service": "NetworkConfiguration.AwsvpcConfiguration.Subnets",
            "AWS::ECS::TaskSet": "NetworkConfiguration.AwsVpcConfiguration.Subnets",
        },
        to=("Subnet",),
    )
    task_definition = reference("task_definition", "TaskDefinition", to=("ServiceWithRole",))
