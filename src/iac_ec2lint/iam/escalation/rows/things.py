"""What is there and runs with a role, of which several rows speak."""

from __future__ import annotations

from typing import Final

from iac_ec2lint.iam.escalation.rows.kinds import Thing

# The ARN of a profile has an id alone.
ANYWHERE_PROFILE: Final = Thing(
    ("aws_rolesanywhere_profile", "AWS::RolesAnywhere::Profile"), "rolesanywhere", "profile/", None
)
AIRFLOW: Final = Thing(
    ("aws_mwaa_environment", "AWS::MWAA::Environment"), "airflow", "environment/"
)
AMPLIFY_APP: Final = Thing(("aws_amplify_app", "AWS::Amplify::App"), "amplify", "apps/", None)
APP_RUNNER: Final = Thing(
    ("aws_apprunner_service", "AWS::AppRunner::Service"), "apprunner", "service/", "/"
)
EMR_APPLICATION: Final = Thing(
    ("aws_emrserverless_application", "AWS::EMRServerless::Application"),
    "emr-serverless",
    "/applications/",
    None,
)
FLINK_APPLICATION: Final = Thing(
    ("aws_kinesisanalyticsv2_application", "AWS::KinesisAnalyticsV2::Application"),
    "kinesisanalytics",
    "application/",
)
FUNCTION: Final = Thing(
    ("aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"),
    "lambda",
    "function:",
)
NOTEBOOK: Final = Thing(
    ("aws_sagemaker_notebook_instance", "AWS::SageMaker::NotebookInstance"),
    "sagemaker",
    "notebook-instance/",
)
PIPE: Final = Thing(("aws_pipes_pipe", "AWS::Pipes::Pipe"), "pipes", "pipe/")
PROJECT: Final = Thing(
    ("aws_codebuild_project", "AWS::CodeBuild::Project"), "codebuild", "project/"
)
ROLE_ALIAS: Final = Thing(("aws_iot_role_alias", "AWS::IoT::RoleAlias"), "iot", "rolealias/")
SCHEDULE: Final = Thing(
    ("aws_scheduler_schedule", "AWS::Scheduler::Schedule"), "scheduler", "schedule/", None
)
STATE_MACHINE: Final = Thing(
    ("aws_sfn_state_machine", "AWS::Serverless::StateMachine", "AWS::StepFunctions::StateMachine"),
    "states",
    "stateMachine:",
)
STUDIO_DOMAIN: Final = Thing(
    ("aws_sagemaker_domain", "AWS::SageMaker::Domain"), "sagemaker", "user-profile/"
)
TASK_DEFINITION: Final = Thing(
    ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"), "ecs", "task-definition/", ":"
)

ISSUES_CERTIFICATE: Final = "iot:CreateKeysAndCertificate iot:CreatePolicy iot:AttachPolicy"
"""What makes a certificate of AWS IoT that may use any role alias."""
ANCHORS: Final = ("rolesanywhere:CreateTrustAnchor", "rolesanywhere:UpdateTrustAnchor")
"""What makes certificates of the principal's own ones that IAM Roles Anywhere trusts."""
ON_OTHERS: Final = frozenset({*ISSUES_CERTIFICATE.split(), *ANCHORS})
"""Of rows about what is there, actions that are about something else."""
CHANGES_NOTEBOOK: Final = (
    "sagemaker:StopNotebookInstance sagemaker:UpdateNotebookInstance"
    " sagemaker:StartNotebookInstance"
)
INTERPRETS: Final = (
    "bedrock-agentcore:StartCodeInterpreterSession bedrock-agentcore:InvokeCodeInterpreter"
)
"""What runs code in a code interpreter."""
