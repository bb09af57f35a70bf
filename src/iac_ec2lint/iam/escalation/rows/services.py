"""The services that roles are given to, and what they ask."""

from __future__ import annotations

from typing import Final

EC2: Final = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")

MANAGED_BY: Final = ("ssmmessages:CreateControlChannel", "ssm:UpdateInstanceInformation")
"""What a role needs for Systems Manager to manage its instances: one of these."""

SERVICE_NAMES: Final = {
    "ec2.amazonaws.com": "EC2",
    "lambda.amazonaws.com": "Lambda",
    "cloudformation.amazonaws.com": "CloudFormation",
    "ecs-tasks.amazonaws.com": "ECS",
    "glue.amazonaws.com": "Glue",
    "codebuild.amazonaws.com": "CodeBuild",
    "sagemaker.amazonaws.com": "SageMaker",
    "events.amazonaws.com": "EventBridge",
    "pipes.amazonaws.com": "EventBridge Pipes",
    "ssm.amazonaws.com": "Systems Manager",
    "states.amazonaws.com": "Step Functions",
    "tasks.apprunner.amazonaws.com": "App Runner",
    "bedrock-agentcore.amazonaws.com": "Bedrock AgentCore",
    "emr-serverless.amazonaws.com": "EMR Serverless",
    "airflow.amazonaws.com": "Managed Workflows for Apache Airflow",
    "scheduler.amazonaws.com": "EventBridge Scheduler",
    "rolesanywhere.amazonaws.com": "IAM Roles Anywhere",
    "credentials.iot.amazonaws.com": "AWS IoT",
    "codepipeline.amazonaws.com": "CodePipeline",
    "servicecatalog.amazonaws.com": "Service Catalog",
    "appsync.amazonaws.com": "AppSync",
    "braket.amazonaws.com": "Amazon Braket",
    "amplify.amazonaws.com": "Amplify",
    "gamelift.amazonaws.com": "GameLift",
    "kinesisanalytics.amazonaws.com": "Managed Service for Apache Flink",
}
"""What messages call the services that roles are given to."""
