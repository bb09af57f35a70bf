"""Making something that is there do the principal's work, with its role.

What is there runs with its role whatever whoever may start or change it says. Sources:

- ``build``, ``project``, ``notebook``, ``apprunner-service``, ``glue-endpoint``: CodeBuild API
  Reference, StartBuild, ``buildspecOverride``, StartSandbox, StartCommandExecution, UpdateProject
  (a role that is not named stays); SageMaker, CreatePresignedNotebookInstanceUrl; App Runner,
  UpdateService; Glue, UpdateDevEndpoint, ``AddPublicKeys``.
- ``studio``: SageMaker API Reference, CreatePresignedDomainUrl: a user profile's own role, else its
  domain's.
- ``glue-job``: whoever starts a job may name another script, which the job's role reads (AWS Glue
  Developer Guide, "Using job parameters in AWS Glue jobs", ``--scriptLocation``).
- ``amplify-app``: AWS Amplify API Reference, UpdateApp, ``buildSpec``: builds have the app's role.
- ``flink-application``: Managed Service for Apache Flink API Reference, UpdateApplication,
  ``CodeContentUpdate``: the code is read by the application's role.
- ``task``: ECS asks for ``iam:PassRole`` whenever a task is run (Amazon ECS Developer Guide,
  "Amazon ECS task IAM role").
- ``job``: whoever submits a job gives it a command; nobody asks what it may pass (AWS Batch API
  Reference, SubmitJob, ``containerOverrides``).
- ``canary``: what a canary runs is a function of its name, which whoever may change it changes by
  the rights on functions (CloudWatch User Guide, "Required roles and permissions for users who
  manage CloudWatch canaries", policy CloudWatchSyntheticsFullAccess); the role stays.
- ``alias-certificate``, ``profile-certificate``: nobody asks what whoever makes a certificate may
  pass: the roles are those of the alias, or of the profile, that is there (AWS IoT Core Developer
  Guide, "Authorizing direct calls to AWS services"; IAM Roles Anywhere User Guide, "Profiles").
- ``states``: one state is run with the role that is passed (Step Functions API Reference,
  TestState).
"""

from __future__ import annotations

from typing import Final, NamedTuple

from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Thing
from iac_ec2lint.iam.escalation.rows.things import (
    AMPLIFY_APP,
    ANCHORS,
    ANYWHERE_PROFILE,
    APP_RUNNER,
    FLINK_APPLICATION,
    FUNCTION,
    ISSUES_CERTIFICATE,
    NOTEBOOK,
    PROJECT,
    ROLE_ALIAS,
    STATE_MACHINE,
    TASK_DEFINITION,
)


class Standing(NamedTuple):
    """A row about what is there.

    Attributes:
        kind: The row; its actions are about the thing itself.
        thing: What is there.
    """

    kind: EdgeKind
    thing: Thing


ON_LAYERS: Final = frozenset({"lambda:GetLayerVersion", "lambda:PublishLayerVersion"})
"""Of a row about what is there, actions that are about a layer of the principal's own."""

# Code in a layer of whatever account runs before the function's own: AWS Lambda Developer Guide,
# "Granting users access to a Lambda layer".
FUNCTION_CODE: Final = EdgeKind(
    "function-code",
    (
        ("lambda:UpdateFunctionCode",),
        ("lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion"),
        (
            "lambda:UpdateFunctionConfiguration",
            "lambda:PublishLayerVersion",
            "lambda:GetLayerVersion",
        ),
    ),
    "change the code of",
    passes=False,
)

_CANARY: Final = EdgeKind(
    "canary", FUNCTION_CODE.actions, "change the code that is run by", passes=False
)

CONTAINER: Final = EdgeKind(
    "container",
    (("ecs:ExecuteCommand",),),
    "run commands in the tasks of",
    passes=False,
    target=("ssmmessages:CreateControlChannel",),
)

BY_ALIAS: Final = EdgeKind(
    "alias-certificate",
    (ISSUES_CERTIFICATE,),
    "sign in by a certificate of AWS IoT to",
    passes=False,
)
BY_PROFILE: Final = EdgeKind(
    "profile-certificate",
    tuple((anchor,) for anchor in ANCHORS),
    "sign in by certificates of its own to",
    passes=False,
)
BY_CERTIFICATE: Final = {
    BY_ALIAS: "credentials.iot.amazonaws.com",
    BY_PROFILE: "rolesanywhere.amazonaws.com",
}
"""The service that a role must trust, whose conditions may say whose certificates."""

STUDIO: Final = EdgeKind(
    "studio", (("sagemaker:CreatePresignedDomainUrl",),), "work as a user of", passes=False
)

MAKES_ENTRY: Final = "eks:CreateAccessEntry"
ENTERS: Final = EdgeKind(
    "cluster-access",
    ((MAKES_ENTRY, "eks:AssociateAccessPolicy"), ("eks:AssociateAccessPolicy",)),
    "run pods of its own by",
    passes=False,
)
"""The edge that makes an administrator of a cluster of EKS, who has what its nodes and pods have:
by an entry of its own, or one that is there and names it (Amazon EKS User Guide, "Grant IAM users
access to Kubernetes with EKS access entries")."""

GIVES_PODS: Final = ("eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation")
"""What gives a service account a role that is passed: a new one, or one that has a role already
(same guide, "EKS Pod Identity"; Amazon EKS API Reference, UpdatePodIdentityAssociation)."""

STANDING: Final = (
    Standing(
        CONTAINER,
        Thing(("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"), "ecs", "task/", None),
    ),
    Standing(FUNCTION_CODE, FUNCTION),
    Standing(
        _CANARY,
        Thing(
            ("aws_synthetics_canary", "AWS::Synthetics::Canary"), "lambda", "function:cwsyn-", "-"
        ),
    ),
    Standing(
        EdgeKind(
            "build",
            (
                ("codebuild:StartBuild",),
                ("codebuild:StartBuildBatch",),
                ("codebuild:StartSandbox", "codebuild:StartCommandExecution"),
                ("codebuild:StartSandbox", "codebuild:StartSandboxConnection"),
            ),
            "run its own build in",
            passes=False,
        ),
        PROJECT,
    ),
    # What a project builds, it builds by the next push, schedule or run of its pipeline.
    Standing(
        EdgeKind(
            "project", (("codebuild:UpdateProject",),), "change what is built by", passes=False
        ),
        PROJECT,
    ),
    Standing(
        EdgeKind(
            "glue-job",
            (("glue:StartJobRun",),),
            "run its own script in",
            passes=False,
            target=("s3:GetObject",),
        ),
        Thing(("aws_glue_job", "AWS::Glue::Job"), "glue", "job/"),
    ),
    Standing(
        EdgeKind("amplify-app", (("amplify:UpdateApp",),), "change what is built by", passes=False),
        AMPLIFY_APP,
    ),
    Standing(
        EdgeKind(
            "flink-application",
            (("kinesisanalytics:UpdateApplication",),),
            "change the code of",
            passes=False,
            target=("s3:GetObject",),
        ),
        FLINK_APPLICATION,
    ),
    Standing(
        STUDIO,
        Thing(
            (
                "aws_sagemaker_domain",
                "aws_sagemaker_user_profile",
                "AWS::SageMaker::Domain",
                "AWS::SageMaker::UserProfile",
            ),
            "sagemaker",
            "user-profile/",
        ),
    ),
    Standing(
        EdgeKind("job", (("batch:SubmitJob",),), "run its own command in jobs of", passes=False),
        Thing(
            ("aws_batch_job_definition", "AWS::Batch::JobDefinition"),
            "batch",
            "job-definition/",
            ":",
        ),
    ),
    Standing(
        EdgeKind(
            "notebook",
            (
                ("sagemaker:CreatePresignedNotebookInstanceUrl",),
                (
                    "sagemaker:StopNotebookInstance",
                    "sagemaker:UpdateNotebookInstance",
                    "sagemaker:StartNotebookInstance",
                ),
            ),
            "work in",
            passes=False,
        ),
        NOTEBOOK,
    ),
    Standing(
        EdgeKind(
            "apprunner-service",
            (("apprunner:UpdateService",),),
            "change what is run by",
            passes=False,
        ),
        APP_RUNNER,
    ),
    Standing(
        EdgeKind("glue-endpoint", (("glue:UpdateDevEndpoint",),), "log in by SSH to", passes=False),
        Thing(("aws_glue_dev_endpoint", "AWS::Glue::DevEndpoint"), "glue", "devEndpoint/"),
    ),
    # AWS's own policies write code-interpreter/*, and its ARNs code-interpreter-custom/ too.
    Standing(
        EdgeKind(
            "interpreter",
            (
                (
                    "bedrock-agentcore:StartCodeInterpreterSession",
                    "bedrock-agentcore:InvokeCodeInterpreter",
                ),
            ),
            "run code in",
            passes=False,
        ),
        Thing(
            (
                "aws_bedrockagentcore_code_interpreter",
                "AWS::BedrockAgentCore::CodeInterpreterCustom",
            ),
            "bedrock-agentcore",
            "code-interpreter",
            None,
        ),
    ),
    # Whoever may update a stack has its role used: CloudFormation User Guide, "CloudFormation
    # service role".
    Standing(
        EdgeKind(
            "stack",
            (
                ("cloudformation:UpdateStack",),
                ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
            ),
            "change the template of",
            passes=False,
        ),
        Thing(("aws_cloudformation_stack",), "cloudformation", "stack/", "/"),
    ),
    # What is left out of an update stays as it is, the role too: Step Functions API Reference,
    # UpdateStateMachine.
    Standing(
        EdgeKind(
            "state-machine",
            (
                ("states:UpdateStateMachine", "states:StartExecution"),
                ("states:UpdateStateMachine", "states:StartSyncExecution"),
            ),
            "change the definition of",
            passes=False,
        ),
        STATE_MACHINE,
    ),
    Standing(
        EdgeKind("task", (("ecs:RunTask",), ("ecs:StartTask",)), "run its own command in"),
        TASK_DEFINITION,
    ),
    Standing(BY_ALIAS, ROLE_ALIAS),
    Standing(BY_PROFILE, ANYWHERE_PROFILE),
)
"""The edges that make something that is there do the principal's work, with its role."""
