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

from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Thing, sets_of
from iac_ec2lint.iam.escalation.rows.things import (
    AMPLIFY_APP,
    ANCHORS,
    ANYWHERE_PROFILE,
    APP_RUNNER,
    CHANGES_NOTEBOOK,
    FLINK_APPLICATION,
    FUNCTION,
    INTERPRETS,
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


def _does(name: str, words: str, *sets: str, target: tuple[str, ...] = ()) -> EdgeKind:
    """A row about what does somebody's work with its role, which is not passed."""
    return EdgeKind(name, sets_of(*sets), words, passes=False, target=target)


ON_LAYERS: Final = frozenset({"lambda:GetLayerVersion", "lambda:PublishLayerVersion"})
"""Of a row about what is there, actions that are about a layer of the principal's own."""

# Code in a layer of whatever account runs before the function's own: AWS Lambda Developer Guide,
# "Granting users access to a Lambda layer".
FUNCTION_CODE: Final = _does(
    "function-code",
    "change the code of",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration lambda:GetLayerVersion",
    "lambda:UpdateFunctionConfiguration lambda:PublishLayerVersion lambda:GetLayerVersion",
)

CONTAINER: Final = _does(
    "container",
    "run commands in the tasks of",
    "ecs:ExecuteCommand",
    target=("ssmmessages:CreateControlChannel",),
)

BY_ALIAS: Final = _does(
    "alias-certificate", "sign in by a certificate of AWS IoT to", ISSUES_CERTIFICATE
)
BY_PROFILE: Final = _does("profile-certificate", "sign in by certificates of its own to", *ANCHORS)
BY_CERTIFICATE: Final = {
    BY_ALIAS: "credentials.iot.amazonaws.com",
    BY_PROFILE: "rolesanywhere.amazonaws.com",
}
"""The service that a role must trust, whose conditions may say whose certificates."""

STUDIO: Final = _does("studio", "work as a user of", "sagemaker:CreatePresignedDomainUrl")

MAKES_ENTRY: Final = "eks:CreateAccessEntry"
ENTERS: Final = _does(
    "cluster-access",
    "run pods of its own by",
    f"{MAKES_ENTRY} eks:AssociateAccessPolicy",
    "eks:AssociateAccessPolicy",
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
        FUNCTION_CODE._replace(name="canary", words="change the code that is run by"),
        Thing(
            ("aws_synthetics_canary", "AWS::Synthetics::Canary"), "lambda", "function:cwsyn-", "-"
        ),
    ),
    Standing(
        _does(
            "build",
            "run its own build in",
            "codebuild:StartBuild",
            "codebuild:StartBuildBatch",
            "codebuild:StartSandbox codebuild:StartCommandExecution",
            "codebuild:StartSandbox codebuild:StartSandboxConnection",
        ),
        PROJECT,
    ),
    # What a project builds, it builds by the next push, schedule or run of its pipeline.
    Standing(_does("project", "change what is built by", "codebuild:UpdateProject"), PROJECT),
    Standing(
        _does("glue-job", "run its own script in", "glue:StartJobRun", target=("s3:GetObject",)),
        Thing(("aws_glue_job", "AWS::Glue::Job"), "glue", "job/"),
    ),
    Standing(_does("amplify-app", "change what is built by", "amplify:UpdateApp"), AMPLIFY_APP),
    Standing(
        _does(
            "flink-application",
            "change the code of",
            "kinesisanalytics:UpdateApplication",
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
        _does("job", "run its own command in jobs of", "batch:SubmitJob"),
        Thing(
            ("aws_batch_job_definition", "AWS::Batch::JobDefinition"),
            "batch",
            "job-definition/",
            ":",
        ),
    ),
    Standing(
        _does(
            "notebook",
            "work in",
            "sagemaker:CreatePresignedNotebookInstanceUrl",
            CHANGES_NOTEBOOK,
        ),
        NOTEBOOK,
    ),
    Standing(
        _does("apprunner-service", "change what is run by", "apprunner:UpdateService"), APP_RUNNER
    ),
    Standing(
        _does("glue-endpoint", "log in by SSH to", "glue:UpdateDevEndpoint"),
        Thing(("aws_glue_dev_endpoint", "AWS::Glue::DevEndpoint"), "glue", "devEndpoint/"),
    ),
    # AWS's own policies write code-interpreter/*, and its ARNs code-interpreter-custom/ too.
    Standing(
        _does("interpreter", "run code in", INTERPRETS),
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
        _does(
            "stack",
            "change the template of",
            "cloudformation:UpdateStack",
            "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
        ),
        Thing(("aws_cloudformation_stack",), "cloudformation", "stack/", "/"),
    ),
    # What is left out of an update stays as it is, the role too: Step Functions API Reference,
    # UpdateStateMachine.
    Standing(
        _does(
            "state-machine",
            "change the definition of",
            "states:UpdateStateMachine states:StartExecution",
            "states:UpdateStateMachine states:StartSyncExecution",
        ),
        STATE_MACHINE,
    ),
    Standing(
        EdgeKind("task", sets_of("ecs:RunTask", "ecs:StartTask"), "run its own command in"),
        TASK_DEFINITION,
    ),
    Standing(BY_ALIAS, ROLE_ALIAS),
    Standing(BY_PROFILE, ANYWHERE_PROFILE),
)
"""The edges that make something that is there do the principal's work, with its role."""
