"""What is there and runs with a role, of which several rows speak."""

from __future__ import annotations

from typing import Final

from iac_ec2lint.iam.escalation.rows.kinds import Thing

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
PROJECT: Final = Thing(
    ("aws_codebuild_project", "AWS::CodeBuild::Project"), "codebuild", "project/"
)
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
