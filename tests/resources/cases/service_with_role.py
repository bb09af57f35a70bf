"""Cases of the classes in ``resources/service_with_role.py``."""

from __future__ import annotations

from tests.graph.declarations import ref
from tests.resources.case import Case, Pair
from tests.resources.settings import GROUP

CASES: list[Case] = [
    Pair(
        "aws_synthetics_canary",
        {"vpc_config": [{"security_group_ids": [GROUP]}]},
        "AWS::Synthetics::Canary",
        {"VPCConfig": {"SecurityGroupIds": [GROUP]}},
    ),
    Pair(
        "aws_glue_dev_endpoint",
        {"security_group_ids": [GROUP]},
        "AWS::Glue::DevEndpoint",
        {"SecurityGroupIds": [GROUP]},
    ),
    Pair(
        "aws_apprunner_service",
        {"service_name": "s", "instance_configuration": [{"instance_role_arn": ref("r")}]},
        "AWS::AppRunner::Service",
        {"ServiceName": "s", "InstanceConfiguration": {"InstanceRoleArn": ref("r")}},
    ),
    Pair(
        "aws_bedrockagentcore_code_interpreter",
        {"name": "c", "execution_role_arn": ref("r")},
        "AWS::BedrockAgentCore::CodeInterpreterCustom",
        {"Name": "c", "ExecutionRoleArn": ref("r")},
    ),
    Pair(
        "aws_ecs_task_definition",
        {"family": "f", "task_role_arn": ref("r")},
        "AWS::ECS::TaskDefinition",
        {"Family": "f", "TaskRoleArn": ref("r")},
    ),
    Pair(
        "aws_glue_dev_endpoint",
        {"name": "g", "role_arn": ref("r")},
        "AWS::Glue::DevEndpoint",
        {"EndpointName": "g", "RoleArn": ref("r")},
    ),
    Pair(
        "aws_glue_job",
        {"name": "j", "role_arn": ref("r")},
        "AWS::Glue::Job",
        {"Name": "j", "Role": ref("r")},
    ),
    Pair(
        "aws_amplify_app",
        {"name": "a", "iam_service_role_arn": ref("r")},
        "AWS::Amplify::App",
        {"Name": "a", "IAMServiceRole": ref("r")},
    ),
    Pair(
        "aws_sfn_state_machine",
        {"name": "m", "role_arn": ref("r")},
        "AWS::StepFunctions::StateMachine",
        {"StateMachineName": "m", "RoleArn": ref("r")},
    ),
    Pair(
        "aws_sfn_state_machine",
        {"name": "m", "role_arn": ref("r")},
        "AWS::Serverless::StateMachine",
        {"Name": "m", "Role": ref("r")},
    ),
    Pair(
        "aws_synthetics_canary",
        {"name": "c", "execution_role_arn": ref("r")},
        "AWS::Synthetics::Canary",
        {"Name": "c", "ExecutionRoleArn": ref("r")},
    ),
]
