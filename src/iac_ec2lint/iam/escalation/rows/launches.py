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
from iac_ec2lint.iam.escalation.rows.kinds import EdgeKind, Need, Thing, sets_of
from iac_ec2lint.iam.escalation.rows.services import EC2, MANAGED_BY
from iac_ec2lint.iam.escalation.rows.things import (
    AIRFLOW,
    AMPLIFY_APP,
    ANCHORS,
    ANYWHERE_PROFILE,
    APP_RUNNER,
    CHANGES_NOTEBOOK,
    EMR_APPLICATION,
    FLINK_APPLICATION,
    FUNCTION,
    INTERPRETS,
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

_IMAGE: Final = "imagebuilder:CreateComponent imagebuilder:CreateImageRecipe"
_OF_ITS_OWN: Final = f"{_IMAGE} imagebuilder:CreateInfrastructureConfiguration"
_BUILDS: Final = (
    "imagebuilder:CreateImage",
    "imagebuilder:CreateImagePipeline imagebuilder:StartImagePipelineExecution",
)


def _on_ec2(
    name: str,
    words: str,
    *sets: str,
    needs: Need = "",
    passes: bool = True,
    target: tuple[str, ...] = (),
) -> EdgeKind:
    """A row about instances, which have a role by a profile."""
    return EdgeKind(name, sets_of(*sets), words, EC2, passes, True, target, needs)


def _runs(
    name: str,
    words: str,
    *sets: str,
    by: str = "",
    target: tuple[str, ...] = (),
    needs: Need = "",
    changes: Thing | None = None,
) -> EdgeKind:
    """A row about what a service runs with a role: that of the same name, or ``by``."""
    services = tuple(f"{one}.amazonaws.com" for one in (by or name).split())
    return EdgeKind(
        name, sets_of(*sets), words, services, target=target, needs=needs, changes=changes
    )


_START_SPOT: Final = "start a fleet"
_START_GROUP: Final = "start an Auto Scaling group"
_GROUP: Final = "autoscaling:CreateAutoScalingGroup"
_VERSION: Final = "ec2:CreateLaunchTemplateVersion"
_RULE: Final = "run an automation by a rule of EventBridge"
_WINDOW: Final = "run an automation in a maintenance window"
_CERTIFICATES: Final = "sign in by certificates of its own"
_ALIAS: Final = "sign in by a certificate of AWS IoT"
_API: Final = (
    "appsync:CreateGraphqlApi appsync:StartSchemaCreation appsync:CreateDataSource"
    " appsync:CreateResolver"
)

LAUNCHES: Final = (
    _on_ec2("run-instance", "start an instance", "ec2:RunInstances"),
    _on_ec2("spot", "start Spot Instances", "ec2:RequestSpotInstances"),
    _on_ec2("spot", _START_SPOT, "ec2:CreateFleet ec2:CreateLaunchTemplate"),
    _on_ec2("spot", _START_SPOT, f"ec2:CreateFleet {_VERSION}", needs="template"),
    _on_ec2("spot", _START_SPOT, "ec2:CreateFleet", needs="own template"),
    _on_ec2("spot", _START_SPOT, "ec2:RequestSpotFleet", needs="fleet role"),
    _on_ec2(
        "swap-profile",
        "give an instance another profile",
        "ec2:AssociateIamInstanceProfile",
        "ec2:ReplaceIamInstanceProfileAssociation",
        needs="instance",
    ),
    EdgeKind(
        "refill-profile",
        sets_of("iam:RemoveRoleFromInstanceProfile iam:AddRoleToInstanceProfile"),
        "refill the profile of an instance that it controls",
        EC2,
        needs="profile",
    ),
    _on_ec2(
        "asg",
        _START_GROUP,
        f"{_GROUP} autoscaling:CreateLaunchConfiguration",
        f"{_GROUP} ec2:CreateLaunchTemplate ec2:RunInstances",
    ),
    _on_ec2("asg", _START_GROUP, f"{_GROUP} ec2:RunInstances", needs="own template"),
    _on_ec2("asg", _START_GROUP, _GROUP, needs="configuration"),
    _on_ec2(
        "template-version",
        "change what an Auto Scaling group starts, to instances",
        _VERSION,
        f"{_VERSION} ec2:ModifyLaunchTemplate",
        needs="version",
        passes=False,
    ),
    _runs(
        "lambda",
        "run a function",
        "lambda:CreateFunction lambda:InvokeFunction",
        "lambda:CreateFunction lambda:AddPermission",
        "lambda:CreateFunction lambda:CreateFunctionUrlConfig lambda:InvokeFunctionUrl",
    ),
    _runs(
        "lambda",
        "run a function that is there",
        "lambda:UpdateFunctionConfiguration lambda:UpdateFunctionCode",
        changes=FUNCTION,
    ),
    _runs(
        "lambda",
        "run a function",
        "lambda:CreateFunction lambda:CreateEventSourceMapping",
        target=READS_SOURCES,
    ),
    _runs(
        "cloudformation",
        "deploy a stack",
        "cloudformation:CreateStack",
        "cloudformation:CreateChangeSet cloudformation:ExecuteChangeSet",
        "cloudformation:UpdateStack",
    ),
    _runs(
        "ecs",
        "run a task",
        "ecs:RegisterTaskDefinition ecs:RunTask",
        "ecs:RegisterTaskDefinition ecs:StartTask",
        "ecs:RegisterTaskDefinition ecs:CreateService",
        "ecs:RegisterTaskDefinition ecs:UpdateService",
        by="ecs-tasks",
    ),
    _runs(
        "ecs", "run a task", "ecs:RunTask", "ecs:StartTask", changes=TASK_DEFINITION, by="ecs-tasks"
    ),
    _runs(
        "glue",
        "run a Glue job",
        "glue:CreateDevEndpoint",
        "glue:CreateJob glue:StartJobRun",
        "glue:CreateJob glue:CreateTrigger",
        "glue:UpdateJob glue:StartJobRun",
        "glue:UpdateJob glue:CreateTrigger",
        "glue:CreateSession glue:RunStatement",
    ),
    _runs(
        "codebuild",
        "run a build",
        "codebuild:CreateProject codebuild:StartBuild",
        "codebuild:CreateProject codebuild:StartBuildBatch",
        "codebuild:UpdateProject codebuild:StartBuild",
    ),
    _runs(
        "sagemaker",
        "run a SageMaker job or notebook",
        "sagemaker:CreateNotebookInstance sagemaker:CreatePresignedNotebookInstanceUrl",
        "sagemaker:CreateTrainingJob",
        "sagemaker:CreateProcessingJob",
        "sagemaker:CreateHyperParameterTuningJob",
        "sagemaker:CreateModel sagemaker:CreateTransformJob",
        "sagemaker:CreateModel sagemaker:CreateEndpointConfig sagemaker:CreateEndpoint",
        "sagemaker:CreateDomain sagemaker:CreateUserProfile sagemaker:CreatePresignedDomainUrl",
    ),
    _runs(
        "sagemaker",
        "work as a user of a domain of SageMaker Studio",
        "sagemaker:CreateUserProfile sagemaker:CreatePresignedDomainUrl",
        "sagemaker:UpdateUserProfile sagemaker:CreatePresignedDomainUrl",
        changes=STUDIO_DOMAIN,
    ),
    _runs(
        "sagemaker",
        "work in a notebook that is there",
        f"{CHANGES_NOTEBOOK} sagemaker:CreatePresignedNotebookInstanceUrl",
        changes=NOTEBOOK,
    ),
    _runs(
        "ssm-automation",
        "run an automation of its own",
        "ssm:CreateDocument ssm:StartAutomationExecution",
        by="ssm",
    ),
    _runs(
        "automation-rule",
        _RULE,
        "events:PutRule events:PutTargets",
        target=_STARTS_AUTOMATIONS,
        by="events",
    ),
    _runs(
        "automation-window",
        _WINDOW,
        "ssm:CreateMaintenanceWindow ssm:RegisterTaskWithMaintenanceWindow",
        target=_STARTS_AUTOMATIONS,
        by="ssm",
    ),
    _runs(
        "automation-rule",
        _RULE,
        "events:PutTargets",
        target=_STARTS_AUTOMATIONS,
        needs="rule",
        by="events",
    ),
    _runs(
        "automation-window",
        _WINDOW,
        "ssm:RegisterTaskWithMaintenanceWindow",
        target=_STARTS_AUTOMATIONS,
        needs="window",
        by="ssm",
    ),
    _runs(
        "states",
        "run a state machine",
        "states:CreateStateMachine states:StartExecution",
        "states:CreateStateMachine states:StartSyncExecution",
        "states:TestState",
    ),
    _runs(
        "states",
        "run a state machine that is there",
        "states:UpdateStateMachine states:StartExecution",
        "states:UpdateStateMachine states:StartSyncExecution",
        changes=STATE_MACHINE,
    ),
    _runs("ssm-activation", "register a machine of its own", "ssm:CreateActivation", by="ssm"),
    _runs(
        "certificates",
        _CERTIFICATES,
        *(f"{anchor} rolesanywhere:CreateProfile" for anchor in ANCHORS),
        by="rolesanywhere",
    ),
    _runs(
        "certificates",
        _CERTIFICATES,
        *(f"{anchor} rolesanywhere:UpdateProfile" for anchor in ANCHORS),
        changes=ANYWHERE_PROFILE,
        by="rolesanywhere",
    ),
    _runs("role-alias", _ALIAS, f"iot:CreateRoleAlias {ISSUES_CERTIFICATE}", by="credentials.iot"),
    _runs(
        "role-alias",
        _ALIAS,
        f"iot:UpdateRoleAlias {ISSUES_CERTIFICATE}",
        changes=ROLE_ALIAS,
        by="credentials.iot",
    ),
    _runs(
        "service-catalog",
        "launch a product of Service Catalog",
        "servicecatalog:CreatePortfolio servicecatalog:CreateProduct"
        " servicecatalog:AssociateProductWithPortfolio servicecatalog:CreateConstraint"
        " servicecatalog:AssociatePrincipalWithPortfolio servicecatalog:ProvisionProduct",
        target=("cloudformation:CreateStack",),
        by="servicecatalog",
    ),
    _runs(
        "appsync",
        "call the API by a resolver of AppSync",
        f"{_API} appsync:CreateApiKey",
        f"{_API} appsync:GraphQL",
    ),
    _runs(
        "codepipeline",
        "run a pipeline",
        "codepipeline:CreatePipeline",
        "codepipeline:UpdatePipeline codepipeline:StartPipelineExecution",
        target=_READS_SOURCES,
    ),
    _on_ec2(
        "image",
        "build an image on an instance",
        *(f"{_OF_ITS_OWN} {builds}" for builds in _BUILDS),
        target=MANAGED_BY,
    ),
    EdgeKind(
        "image",
        sets_of(*(f"{_IMAGE} {builds}" for builds in _BUILDS)),
        "build an image on an instance",
        EC2,
        passes=False,
        target=MANAGED_BY,
        needs="infrastructure",
    ),
    _runs("braket", "run a hybrid job", "braket:CreateJob"),
    _runs(
        "amplify",
        "run a build of Amplify",
        "amplify:CreateApp amplify:CreateBranch amplify:StartJob",
    ),
    _runs("amplify", "run a build of Amplify", "amplify:UpdateApp", changes=AMPLIFY_APP),
    _runs("gamelift", "start a fleet of GameLift", "gamelift:CreateBuild gamelift:CreateFleet"),
    _runs(
        "flink",
        "run an application of Flink",
        "kinesisanalytics:CreateApplication kinesisanalytics:StartApplication",
        target=("s3:GetObject",),
        by="kinesisanalytics",
    ),
    _runs(
        "flink",
        "run an application of Flink",
        "kinesisanalytics:UpdateApplication",
        target=("s3:GetObject",),
        changes=FLINK_APPLICATION,
        by="kinesisanalytics",
    ),
    _runs(
        "apprunner", "run an App Runner service", "apprunner:CreateService", by="tasks.apprunner"
    ),
    _runs(
        "apprunner",
        "run an App Runner service",
        "apprunner:UpdateService",
        changes=APP_RUNNER,
        by="tasks.apprunner",
    ),
    _runs(
        "agent-runtime",
        "run an agent of its own",
        "bedrock-agentcore:CreateAgentRuntime bedrock-agentcore:InvokeAgentRuntime",
        by="bedrock-agentcore",
    ),
    _runs(
        "code-interpreter",
        "run a code interpreter",
        f"bedrock-agentcore:CreateCodeInterpreter {INTERPRETS}",
        by="bedrock-agentcore",
    ),
    _runs(
        "batch", "run a Batch job", "batch:RegisterJobDefinition batch:SubmitJob", by="ecs-tasks"
    ),
    _on_ec2("emr", "start an EMR cluster", "elasticmapreduce:RunJobFlow", needs="cluster role"),
    _runs(
        "emr-serverless",
        "run an EMR Serverless job",
        "emr-serverless:CreateApplication emr-serverless:StartJobRun",
    ),
    _runs(
        "emr-serverless",
        "run an EMR Serverless job",
        "emr-serverless:StartJobRun",
        changes=EMR_APPLICATION,
    ),
    _runs(
        "mwaa", "run an Airflow environment", "airflow:CreateEnvironment", by="airflow airflow-env"
    ),
    _runs(
        "mwaa",
        "run an Airflow environment",
        "airflow:UpdateEnvironment",
        changes=AIRFLOW,
        by="airflow airflow-env",
    ),
    _runs("scheduler", "call the API on a schedule", "scheduler:CreateSchedule"),
    _runs("scheduler", "call the API on a schedule", "scheduler:UpdateSchedule", changes=SCHEDULE),
    _on_ec2(
        "datapipeline",
        "run a pipeline",
        "datapipeline:CreatePipeline datapipeline:PutPipelineDefinition"
        " datapipeline:ActivatePipeline",
        needs="pipelines",
    ),
)
"""The edges that start something with a role of the principal's choice, or change it to that."""
