"""What services run with a role of the user's, as far as others may make it do their own work."""

from iac_ec2lint.resources.field import reference, text
from iac_ec2lint.resources.part import Resource


class ServiceWithRole(Resource):
    """A task definition, an App Runner service, or a development endpoint of Glue."""

    terraform = ("aws_apprunner_service", "aws_ecs_task_definition", "aws_glue_dev_endpoint")
    cloudformation = (
        "AWS::AppRunner::Service",
        "AWS::ECS::TaskDefinition",
        "AWS::Glue::DevEndpoint",
    )
    names = ("name",)

    name = text(
        {
            "aws_apprunner_service": "service_name",
            "aws_ecs_task_definition": "family",
            "": "name",
        },
        {
            "AWS::AppRunner::Service": "ServiceName",
            "AWS::ECS::TaskDefinition": "Family",
            "": "EndpointName",
        },
    )
    role = reference(
        {
            "aws_apprunner_service": "instance_configuration.instance_role_arn",
            "aws_ecs_task_definition": "task_role_arn",
            "": "role_arn",
        },
        {
            "AWS::AppRunner::Service": "InstanceConfiguration.InstanceRoleArn",
            "AWS::ECS::TaskDefinition": "TaskRoleArn",
            "": "RoleArn",
        },
        to=("Role",),
    )
