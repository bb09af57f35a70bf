"""Starting something with a role of the principal's choice, or changing it to that.

Sources:

- ``asg``: a group that starts from a launch template needs ``ec2:RunInstances`` too (Amazon EC2
  Auto Scaling User Guide, "Amazon EC2 Auto Scaling API permissions").
- ``template-version``: when a group that follows ``$Latest`` or ``$Default`` starts instances from
  a new version, nobody asks what the author of that version may pass (same guide, "Control Amazon
  EC2 launch template usage in Auto Scaling groups"), so no ``iam:PassRole`` is needed.
- ``spot``: a fleet request has to name a launch template, and a Spot Fleet request a fleet role of
  its own (Amazon EC2 User Guide, "EC2 Fleet prerequisites" and "Spot Fleet permissions").
- ``datapipeline``: new accounts may not use it any more (AWS Data Pipeline Developer Guide, "What
  is AWS Data Pipeline?"); whether this one may is not known.
- ``emr``: a cluster also asks for a service role that may be passed (Amazon EMR Management Guide,
  "Configure IAM service roles for Amazon EMR permissions").
- ``mwaa``, ``scheduler``, ``batch``, ``apprunner``, ``code-interpreter``: the role that is passed
  is the one that the code runs with (each service's guide: "execution role", "universal targets",
  "job role", "instance role").
- ``ssm-activation``: a machine that is registered by whoever has the activation's code gets the
  credentials of its role (AWS Systems Manager User Guide, "Create a hybrid activation").
- ``ssm-automation``: an automation does what the one who starts it may do, unless a role is passed
  to it (same guide, "Setting up Automation"), so it is a row here.
- ``automation-rule``, ``automation-window``: what a rule or a window starts does what its role may,
  whichever account has the runbook (same guide, "Run automations based on EventBridge events" and
  "Schedule automations with maintenance windows").
- ``certificates``: whose authority a trust anchor is may have the roles of a profile (IAM Roles
  Anywhere User Guide, "Trust anchors" and "Profiles"); ``role-alias``: likewise with a certificate
  of AWS IoT (AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services").
- ``service-catalog``: what a product's template says is made with the role of its launch constraint
  (AWS Service Catalog Administrator Guide, "Launch constraints"; AWSServiceCatalogAdminFullAccess).
- ``appsync``: an HTTP data source signs whatever a resolver asks of an AWS service with its role
  (AWS AppSync Developer Guide, "AppSync JavaScript resolvers for HTTP", ``AWS_IAM``).
- ``codepipeline``: an action ``Commands`` runs shell commands with the service role (CodePipeline
  User Guide, "Commands action reference"), after a source that the role reads.
- ``image``: commands of a component run on an instance with the profile, by Systems Manager (Image
  Builder User Guide, "Manage infrastructure configurations").
- What is there may be given another role, and then its code, by whoever may pass that: Lambda API
  Reference, UpdateFunctionConfiguration; ECS, RunTask, ``overrides.taskRoleArn``; EMR Serverless,
  StartJobRun, ``executionRoleArn``; and the action ``Update`` of each of the other services.
- ``braket``, ``amplify``, ``gamelift``, ``flink``, ``sagemaker``: the role that is passed is what
  the code runs with (each service's guide: hybrid jobs, "service role" of builds, "instance
  role" of a fleet, application code of Managed Service for Apache Flink, "execution role").
"""

from __future__ import annotations

from typing import Final

from iac_ec2lint.iam.escalation.rows.delegates import READS_SOURCES
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Need
from iac_ec2lint.iam.escalation.rows.services import EC2, MANAGED_BY
from iac_ec2lint.iam.escalation.rows.things import (
    AIRFLOW,
    AMPLIFY_APP,
    ANCHORS,
    ANYWHERE_PROFILE,
    APP_RUNNER,
    EMR_APPLICATION,
    FLINK_APPLICATION,
    FUNCTION,
    ISSUES_CERTIFICATE,
    NOTEBOOK,
    ROLE_ALIAS,
    SCHEDULE,
    STATE_MACHINE,
    STUDIO_DOMAIN,
    TASK_DEFINITION,
)

_READS_SOURCES: Final = (
    "s3:GetObjectVersion",
    "s3:GetObject",
    "codecommit:GetBranch",
    "codeconnections:UseConnection",
    "codestar-connections:UseConnection",
)
"""What a pipeline's role needs for its source: one of these."""

_STARTS_AUTOMATIONS: Final = ("ssm:StartAutomationExecution",)
"""What a role needs for a service to start an automation with it."""

_IMAGE: Final = (
    "imagebuilder:CreateComponent",
    "imagebuilder:CreateImageRecipe",
    "imagebuilder:CreateInfrastructureConfiguration",
)


def _on_ec2(
    name: str, words: str, *actions: tuple[str, ...], needs: Need = "", passes: bool = True
) -> EdgeKind:
    return EdgeKind(name, actions, words, EC2, passes, profile=True, needs=needs)


_START_SPOT: Final = "start a fleet"
_START_GROUP: Final = "start an Auto Scaling group"
_GROUP: Final = "autoscaling:CreateAutoScalingGroup"

LAUNCHES: Final = (
    _on_ec2("run-instance", "start an instance", ("ec2:RunInstances",)),
    _on_ec2("spot", "start Spot Instances", ("ec2:RequestSpotInstances",)),
    _on_ec2("spot", _START_SPOT, ("ec2:CreateFleet", "ec2:CreateLaunchTemplate")),
    _on_ec2(
        "spot",
        _START_SPOT,
        ("ec2:CreateFleet", "ec2:CreateLaunchTemplateVersion"),
        needs="template",
    ),
    _on_ec2("spot", _START_SPOT, ("ec2:CreateFleet",), needs="own template"),
    _on_ec2("spot", _START_SPOT, ("ec2:RequestSpotFleet",), needs="fleet role"),
    _on_ec2(
        "swap-profile",
        "give an instance another profile",
        ("ec2:AssociateIamInstanceProfile",),
        ("ec2:ReplaceIamInstanceProfileAssociation",),
        needs="instance",
    ),
    EdgeKind(
        "refill-profile",
        (("iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile"),),
        "refill the profile of an instance that it controls",
        EC2,
        needs="profile",
    ),
    _on_ec2(
        "asg",
        _START_GROUP,
        (_GROUP, "autoscaling:CreateLaunchConfiguration"),
        (_GROUP, "ec2:CreateLaunchTemplate", "ec2:RunInstances"),
    ),
    _on_ec2("asg", _START_GROUP, (_GROUP, "ec2:RunInstances"), needs="own template"),
    _on_ec2("asg", _START_GROUP, (_GROUP,), needs="configuration"),
    _on_ec2(
        "template-version",
        "change what an Auto Scaling group starts, to instances",
        ("ec2:CreateLaunchTemplateVersion",),
        ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
        needs="version",
        passes=False,
    ),
    EdgeKind(
        "lambda",
        (
            ("lambda:CreateFunction", "lambda:InvokeFunction"),
            ("lambda:CreateFunction", "lambda:AddPermission"),
            (
                "lambda:CreateFunction",
                "lambda:CreateFunctionUrlConfig",
                "lambda:InvokeFunctionUrl",
            ),
        ),
        "run a function",
        ("lambda.amazonaws.com",),
    ),
    EdgeKind(
        "lambda",
        (("lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"),),
        "run a function that is there",
        ("lambda.amazonaws.com",),
        changes=FUNCTION,
    ),
    EdgeKind(
        "lambda",
        (("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),),
        "run a function",
        ("lambda.amazonaws.com",),
        target=READS_SOURCES,
    ),
    EdgeKind(
        "cloudformation",
        (
            ("cloudformation:CreateStack",),
            ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
            ("cloudformation:UpdateStack",),
        ),
        "deploy a stack",
        ("cloudformation.amazonaws.com",),
    ),
    EdgeKind(
        "ecs",
        (
            ("ecs:RegisterTaskDefinition", "ecs:RunTask"),
            ("ecs:RegisterTaskDefinition", "ecs:StartTask"),
            ("ecs:RegisterTaskDefinition", "ecs:CreateService"),
            ("ecs:RegisterTaskDefinition", "ecs:UpdateService"),
        ),
        "run a task",
        ("ecs-tasks.amazonaws.com",),
    ),
    EdgeKind(
        "ecs",
        (("ecs:RunTask",), ("ecs:StartTask",)),
        "run a task",
        ("ecs-tasks.amazonaws.com",),
        changes=TASK_DEFINITION,
    ),
    EdgeKind(
        "glue",
        (
            ("glue:CreateDevEndpoint",),
            ("glue:CreateJob", "glue:StartJobRun"),
            ("glue:CreateJob", "glue:CreateTrigger"),
            ("glue:UpdateJob", "glue:StartJobRun"),
            ("glue:UpdateJob", "glue:CreateTrigger"),
            ("glue:CreateSession", "glue:RunStatement"),
        ),
        "run a Glue job",
        ("glue.amazonaws.com",),
    ),
    EdgeKind(
        "codebuild",
        (
            ("codebuild:CreateProject", "codebuild:StartBuild"),
            ("codebuild:CreateProject", "codebuild:StartBuildBatch"),
            ("codebuild:UpdateProject", "codebuild:StartBuild"),
        ),
        "run a build",
        ("codebuild.amazonaws.com",),
    ),
    EdgeKind(
        "sagemaker",
        (
            (
                "sagemaker:CreateNotebookInstance",
                "sagemaker:CreatePresignedNotebookInstanceUrl",
            ),
            ("sagemaker:CreateTrainingJob",),
            ("sagemaker:CreateProcessingJob",),
            ("sagemaker:CreateHyperParameterTuningJob",),
            ("sagemaker:CreateModel", "sagemaker:CreateTransformJob"),
            ("sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:CreateEndpoint"),
            (
                "sagemaker:CreateDomain",
                "sagemaker:CreateUserProfile",
                "sagemaker:CreatePresignedDomainUrl",
            ),
        ),
        "run a SageMaker job or notebook",
        ("sagemaker.amazonaws.com",),
    ),
    EdgeKind(
        "sagemaker",
        (
            ("sagemaker:CreateUserProfile", "sagemaker:CreatePresignedDomainUrl"),
            ("sagemaker:UpdateUserProfile", "sagemaker:CreatePresignedDomainUrl"),
        ),
        "work as a user of a domain of SageMaker Studio",
        ("sagemaker.amazonaws.com",),
        changes=STUDIO_DOMAIN,
    ),
    EdgeKind(
        "sagemaker",
        (
            (
                "sagemaker:StopNotebookInstance",
                "sagemaker:UpdateNotebookInstance",
                "sagemaker:StartNotebookInstance",
                "sagemaker:CreatePresignedNotebookInstanceUrl",
            ),
        ),
        "work in a notebook that is there",
        ("sagemaker.amazonaws.com",),
        changes=NOTEBOOK,
    ),
    EdgeKind(
        "ssm-automation",
        (("ssm:CreateDocument", "ssm:StartAutomationExecution"),),
        "run an automation of its own",
        ("ssm.amazonaws.com",),
    ),
    EdgeKind(
        "automation-rule",
        (("events:PutRule", "events:PutTargets"),),
        "run an automation by a rule of EventBridge",
        ("events.amazonaws.com",),
        target=_STARTS_AUTOMATIONS,
    ),
    EdgeKind(
        "automation-window",
        (("ssm:CreateMaintenanceWindow", "ssm:RegisterTaskWithMaintenanceWindow"),),
        "run an automation in a maintenance window",
        ("ssm.amazonaws.com",),
        target=_STARTS_AUTOMATIONS,
    ),
    EdgeKind(
        "automation-rule",
        (("events:PutTargets",),),
        "run an automation by a rule of EventBridge",
        ("events.amazonaws.com",),
        target=_STARTS_AUTOMATIONS,
        needs="rule",
    ),
    EdgeKind(
        "automation-window",
        (("ssm:RegisterTaskWithMaintenanceWindow",),),
        "run an automation in a maintenance window",
        ("ssm.amazonaws.com",),
        target=_STARTS_AUTOMATIONS,
        needs="window",
    ),
    EdgeKind(
        "states",
        (
            ("states:CreateStateMachine", "states:StartExecution"),
            ("states:CreateStateMachine", "states:StartSyncExecution"),
            ("states:TestState",),
        ),
        "run a state machine",
        ("states.amazonaws.com",),
    ),
    EdgeKind(
        "states",
        (
            ("states:UpdateStateMachine", "states:StartExecution"),
            ("states:UpdateStateMachine", "states:StartSyncExecution"),
        ),
        "run a state machine that is there",
        ("states.amazonaws.com",),
        changes=STATE_MACHINE,
    ),
    EdgeKind(
        "ssm-activation",
        (("ssm:CreateActivation",),),
        "register a machine of its own",
        ("ssm.amazonaws.com",),
    ),
    EdgeKind(
        "certificates",
        tuple((anchor, "rolesanywhere:CreateProfile") for anchor in ANCHORS),
        "sign in by certificates of its own",
        ("rolesanywhere.amazonaws.com",),
    ),
    EdgeKind(
        "certificates",
        tuple((anchor, "rolesanywhere:UpdateProfile") for anchor in ANCHORS),
        "sign in by certificates of its own",
        ("rolesanywhere.amazonaws.com",),
        changes=ANYWHERE_PROFILE,
    ),
    EdgeKind(
        "role-alias",
        (("iot:CreateRoleAlias", *ISSUES_CERTIFICATE),),
        "sign in by a certificate of AWS IoT",
        ("credentials.iot.amazonaws.com",),
    ),
    EdgeKind(
        "role-alias",
        (("iot:UpdateRoleAlias", *ISSUES_CERTIFICATE),),
        "sign in by a certificate of AWS IoT",
        ("credentials.iot.amazonaws.com",),
        changes=ROLE_ALIAS,
    ),
    EdgeKind(
        "service-catalog",
        (
            (
                "servicecatalog:CreatePortfolio",
                "servicecatalog:CreateProduct",
                "servicecatalog:AssociateProductWithPortfolio",
                "servicecatalog:CreateConstraint",
                "servicecatalog:AssociatePrincipalWithPortfolio",
                "servicecatalog:ProvisionProduct",
            ),
        ),
        "launch a product of Service Catalog",
        ("servicecatalog.amazonaws.com",),
        target=("cloudformation:CreateStack",),
    ),
    EdgeKind(
        "appsync",
        tuple(
            (
                "appsync:CreateGraphqlApi",
                "appsync:StartSchemaCreation",
                "appsync:CreateDataSource",
                "appsync:CreateResolver",
                calls,
            )
            for calls in ("appsync:CreateApiKey", "appsync:GraphQL")
        ),
        "call the API by a resolver of AppSync",
        ("appsync.amazonaws.com",),
    ),
    EdgeKind(
        "codepipeline",
        (
            ("codepipeline:CreatePipeline",),
            ("codepipeline:UpdatePipeline", "codepipeline:StartPipelineExecution"),
        ),
        "run a pipeline",
        ("codepipeline.amazonaws.com",),
        target=_READS_SOURCES,
    ),
    EdgeKind(
        "image",
        (
            (*_IMAGE, "imagebuilder:CreateImage"),
            (
                *_IMAGE,
                "imagebuilder:CreateImagePipeline",
                "imagebuilder:StartImagePipelineExecution",
            ),
        ),
        "build an image on an instance",
        EC2,
        profile=True,
        target=MANAGED_BY,
    ),
    EdgeKind(
        "image",
        (
            (*_IMAGE[:2], "imagebuilder:CreateImage"),
            (
                *_IMAGE[:2],
                "imagebuilder:CreateImagePipeline",
                "imagebuilder:StartImagePipelineExecution",
            ),
        ),
        "build an image on an instance",
        EC2,
        passes=False,
        target=MANAGED_BY,
        needs="infrastructure",
    ),
    EdgeKind("braket", (("braket:CreateJob",),), "run a hybrid job", ("braket.amazonaws.com",)),
    EdgeKind(
        "amplify",
        (("amplify:CreateApp", "amplify:CreateBranch", "amplify:StartJob"),),
        "run a build of Amplify",
        ("amplify.amazonaws.com",),
    ),
    EdgeKind(
        "amplify",
        (("amplify:UpdateApp",),),
        "run a build of Amplify",
        ("amplify.amazonaws.com",),
        changes=AMPLIFY_APP,
    ),
    EdgeKind(
        "gamelift",
        (("gamelift:CreateBuild", "gamelift:CreateFleet"),),
        "start a fleet of GameLift",
        ("gamelift.amazonaws.com",),
    ),
    EdgeKind(
        "flink",
        (("kinesisanalytics:CreateApplication", "kinesisanalytics:StartApplication"),),
        "run an application of Flink",
        ("kinesisanalytics.amazonaws.com",),
        target=("s3:GetObject",),
    ),
    EdgeKind(
        "flink",
        (("kinesisanalytics:UpdateApplication",),),
        "run an application of Flink",
        ("kinesisanalytics.amazonaws.com",),
        target=("s3:GetObject",),
        changes=FLINK_APPLICATION,
    ),
    EdgeKind(
        "apprunner",
        (("apprunner:CreateService",),),
        "run an App Runner service",
        ("tasks.apprunner.amazonaws.com",),
    ),
    EdgeKind(
        "apprunner",
        (("apprunner:UpdateService",),),
        "run an App Runner service",
        ("tasks.apprunner.amazonaws.com",),
        changes=APP_RUNNER,
    ),
    EdgeKind(
        "agent-runtime",
        (("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),),
        "run an agent of its own",
        ("bedrock-agentcore.amazonaws.com",),
    ),
    EdgeKind(
        "code-interpreter",
        (
            (
                "bedrock-agentcore:CreateCodeInterpreter",
                "bedrock-agentcore:StartCodeInterpreterSession",
                "bedrock-agentcore:InvokeCodeInterpreter",
            ),
        ),
        "run a code interpreter",
        ("bedrock-agentcore.amazonaws.com",),
    ),
    EdgeKind(
        "batch",
        (("batch:RegisterJobDefinition", "batch:SubmitJob"),),
        "run a Batch job",
        ("ecs-tasks.amazonaws.com",),
    ),
    _on_ec2("emr", "start an EMR cluster", ("elasticmapreduce:RunJobFlow",), needs="cluster role"),
    EdgeKind(
        "emr-serverless",
        (("emr-serverless:CreateApplication", "emr-serverless:StartJobRun"),),
        "run an EMR Serverless job",
        ("emr-serverless.amazonaws.com",),
    ),
    EdgeKind(
        "emr-serverless",
        (("emr-serverless:StartJobRun",),),
        "run an EMR Serverless job",
        ("emr-serverless.amazonaws.com",),
        changes=EMR_APPLICATION,
    ),
    EdgeKind(
        "mwaa",
        (("airflow:CreateEnvironment",),),
        "run an Airflow environment",
        ("airflow.amazonaws.com", "airflow-env.amazonaws.com"),
    ),
    EdgeKind(
        "mwaa",
        (("airflow:UpdateEnvironment",),),
        "run an Airflow environment",
        ("airflow.amazonaws.com", "airflow-env.amazonaws.com"),
        changes=AIRFLOW,
    ),
    EdgeKind(
        "scheduler",
        (("scheduler:CreateSchedule",),),
        "call the API on a schedule",
        ("scheduler.amazonaws.com",),
    ),
    EdgeKind(
        "scheduler",
        (("scheduler:UpdateSchedule",),),
        "call the API on a schedule",
        ("scheduler.amazonaws.com",),
        changes=SCHEDULE,
    ),
    _on_ec2(
        "datapipeline",
        "run a pipeline",
        (
            "datapipeline:CreatePipeline",
            "datapipeline:PutPipelineDefinition",
            "datapipeline:ActivatePipeline",
        ),
        needs="pipelines",
    ),
)
"""The edges that start something with a role of the principal's choice, or change it to that."""
