"""What services run with a role of the user's, as far as others may make it do their own work."""

from iac_ec2lint.resources.field import reference, references, text
from iac_ec2lint.resources.part import Resource


class ServiceWithRole(Resource):
    """What of Amplify, App Runner, AgentCore, ECS, Glue, Step Functions, Synthetics has a role."""

    terraform = (
        "aws_amplify_app",
        "aws_apprunner_service",
        "aws_bedrockagentcore_code_interpreter",
        "aws_ecs_task_definition",
        "aws_glue_dev_endpoint",
        "aws_glue_job",
        "aws_sfn_state_machine",
        "aws_synthetics_canary",
    )
    cloudformation = (
        "AWS::Amplify::App",
        "AWS::AppRunner::Service",
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        "AWS::ECS::TaskDefinition",
        "AWS::Glue::DevEndpoint",
        "AWS::Glue::Job",
        "AWS::Serverless::StateMachine",
        "AWS::StepFunctions::StateMachine",
        "AWS::Synthetics::Canary",
    )
    names = ("name",)

    name = text(
        {
            "aws_apprunner_service": "service_name",
            "aws_ecs_task_definition": "family",
            "": "name",
        },
        {
            "AWS::Amplify::App": "Name",
            "AWS::AppRunner::Service": "ServiceName",
            "AWS::BedrockAgentCore::CodeInterpreterCustom": "Name",
            "AWS::ECS::TaskDefinition": "Family",
            "AWS::Glue::Job": "Name",
            "AWS::Serverless::StateMachine": "Name",
            "AWS::StepFunctions::StateMachine": "StateMachineName",
            "AWS::Synthetics::Canary": "Name",
            "": "EndpointName",
        },
    )
    role = reference(
        {
            "aws_amplify_app": "iam_service_role_arn",
            "aws_apprunner_service": "instance_configuration.instance_role_arn",
            "aws_bedrockagentcore_code_interpreter": "execution_role_arn",
            "aws_ecs_task_definition": "task_role_arn",
            "aws_synthetics_canary": "execution_role_arn",
            "": "role_arn",
        },
        {
            "AWS::Amplify::App": "IAMServiceRole",
            "AWS::AppRunner::Service": "InstanceConfiguration.InstanceRoleArn",
            "AWS::BedrockAgentCore::CodeInterpreterCustom": "ExecutionRoleArn",
            "AWS::ECS::TaskDefinition": "TaskRoleArn",
            "AWS::Glue::Job": "Role",
            "AWS::Serverless::StateMachine": "Role",
            "AWS::Synthetics::Canary": "ExecutionRoleArn",
            "": "RoleArn",
        },
        to=("Role",),
    )
    security_groups = references(
        {
            "aws_glue_dev_endpoint": "security_group_ids",
            "aws_synthetics_canary": "vpc_config.security_group_ids",
            "": None,
        },
        {
            "AWS::Glue::DevEndpoint": "SecurityGroupIds",
            "AWS::Synthetics::Canary": "VPCConfig.SecurityGroupIds",
            "": None,
        },
        to=("SecurityGroup",),
    )
