"""The ways from a principal to another role, as a table: each row with what it needs.

Source: semantics.md, D6. Where AWS documents more than that says, the documentation counts:

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
- ``build``, ``notebook``, ``apprunner-service``, ``glue-endpoint``: what is there runs with its
  role whatever whoever may start or change it says (CodeBuild API Reference, StartBuild,
  ``buildspecOverride``; SageMaker, CreatePresignedNotebookInstanceUrl; App Runner, UpdateService;
  Glue, UpdateDevEndpoint, ``AddPublicKeys``). ECS asks for ``iam:PassRole`` whenever a task is run
  (Amazon ECS Developer Guide, "Amazon ECS task IAM role").
- ``ssm-activation``: a machine that is registered by whoever has the activation's code gets the
  credentials of its role (AWS Systems Manager User Guide, "Create a hybrid activation").
- ``states``: one state is run with the role that is passed (Step Functions API Reference,
  TestState).
- ``certificates``: whose authority a trust anchor is may have the roles of a profile (IAM Roles
  Anywhere User Guide, "Trust anchors" and "Profiles"); ``role-alias``: likewise with a certificate
  of AWS IoT (AWS IoT Core Developer Guide, "Authorizing direct calls to AWS services").
- ``assertions``: whose metadata a SAML provider has signs whom it likes in (IAM API Reference,
  UpdateSAMLProvider).
- ``codepipeline``: an action ``Commands`` runs shell commands with the service role (CodePipeline
  User Guide, "Commands action reference"), after a source that the role reads.
- ``image``: commands of a component run on an instance with the profile, by Systems Manager (Image
  Builder User Guide, "Manage infrastructure configurations").
- ``braket``, ``amplify``, ``gamelift``, ``flink``, ``sagemaker``: the role that is passed is what
  the code runs with (each service's guide: hybrid jobs, "service role" of builds, "instance
  role" of a fleet, application code of Managed Service for Apache Flink, "execution role").
- ``ssm-command``: an automation does what the one who starts it may do, unless a role is passed to
  it (AWS Systems Manager User Guide, "Setting up Automation"), so it is a row among the launches.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

EC2: Final = ("ec2.amazonaws.com", "ec2.amazonaws.com.cn")

MANAGED_BY: Final = ("ssmmessages:CreateControlChannel", "ssm:UpdateInstanceInformation")
"""What a role needs for Systems Manager to manage its instances: one of these."""

_READS_EVENTS: Final = ("sqs:ReceiveMessage", "kinesis:GetRecords", "dynamodb:GetRecords")
"""What a function's role needs for an event source to start the function: one of these."""

_READS_SOURCES: Final = (
    "s3:GetObjectVersion",
    "s3:GetObject",
    "codecommit:GetBranch",
    "codeconnections:UseConnection",
    "codestar-connections:UseConnection",
)
"""What a pipeline's role needs for its source: one of these."""

_IMAGE: Final = (
    "imagebuilder:CreateComponent",
    "imagebuilder:CreateImageRecipe",
    "imagebuilder:CreateInfrastructureConfiguration",
)

Need = Literal[
    "",
    "instance",
    "template",
    "own template",
    "configuration",
    "fleet role",
    "cluster role",
    "pipelines",
    "version",
]
"""What else there must be, besides actions: an instance that the principal controls or can start;
a launch template of the unit, or one that starts instances with the role; such a launch
configuration; a role for a Spot Fleet, or for a cluster of EMR; an account that may still use Data
Pipeline; a group that follows the versions of a template."""

Guard = Literal["", "ssh", "password", "console", "metadata"]
"""What else must hold of an instance: that the principal reaches its port 22; that its password can
be decrypted and used; that the account has the serial console on; that the internet reaches it and
IMDSv1 is all that is missing."""


class EdgeKind(NamedTuple):
    """A row of the table.

    Attributes:
        name: Its name in the table.
        actions: What the principal needs: all actions of one of the sets.
        words: What these do: completes "<principal> can ...", before the role or the instance.
        services: The names of the service that must be trusted by the role that it is given, the
            value of ``iam:PassedToService`` first; empty where no role is.
        passes: Whether the principal must be allowed to pass the role.
        profile: Whether the role needs an instance profile.
        target: What the role itself must be allowed: one of these; empty for nothing.
        needs: What else there must be.
        guard: What else must hold of the instance.
        lifts: Whether the role becomes an administrator by it, whatever it was before.
        risk: Whether it opens a way to the role's credentials, and does not walk it.
    """

    name: str
    actions: tuple[tuple[str, ...], ...]
    words: str
    services: tuple[str, ...] = ()
    passes: bool = True
    profile: bool = False
    target: tuple[str, ...] = ()
    needs: Need = ""
    guard: Guard = ""
    lifts: bool = False
    risk: bool = False


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
        ),
        "run a function",
        ("lambda.amazonaws.com",),
    ),
    EdgeKind(
        "lambda",
        (("lambda:CreateFunction", "lambda:CreateEventSourceMapping"),),
        "run a function",
        ("lambda.amazonaws.com",),
        target=_READS_EVENTS,
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
        "ssm-automation",
        (("ssm:CreateDocument", "ssm:StartAutomationExecution"),),
        "run an automation of its own",
        ("ssm.amazonaws.com",),
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
        "ssm-activation",
        (("ssm:CreateActivation",),),
        "register a machine of its own",
        ("ssm.amazonaws.com",),
    ),
    EdgeKind(
        "certificates",
        (
            ("rolesanywhere:CreateTrustAnchor", "rolesanywhere:CreateProfile"),
            ("rolesanywhere:UpdateTrustAnchor", "rolesanywhere:CreateProfile"),
        ),
        "sign in by certificates of its own",
        ("rolesanywhere.amazonaws.com",),
    ),
    EdgeKind(
        "role-alias",
        (
            (
                "iot:CreateRoleAlias",
                "iot:CreateKeysAndCertificate",
                "iot:CreatePolicy",
                "iot:AttachPolicy",
            ),
        ),
        "sign in by a certificate of AWS IoT",
        ("credentials.iot.amazonaws.com",),
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
    EdgeKind("braket", (("braket:CreateJob",),), "run a hybrid job", ("braket.amazonaws.com",)),
    EdgeKind(
        "amplify",
        (("amplify:CreateApp", "amplify:CreateBranch", "amplify:StartJob"),),
        "run a build of Amplify",
        ("amplify.amazonaws.com",),
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
        "apprunner",
        (("apprunner:CreateService",),),
        "run an App Runner service",
        ("tasks.apprunner.amazonaws.com",),
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
        "mwaa",
        (("airflow:CreateEnvironment",),),
        "run an Airflow environment",
        ("airflow.amazonaws.com", "airflow-env.amazonaws.com"),
    ),
    EdgeKind(
        "scheduler",
        (("scheduler:CreateSchedule",),),
        "call the API on a schedule",
        ("scheduler.amazonaws.com",),
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


class Standing(NamedTuple):
    """A row about what is there, and runs with a role.

    Attributes:
        kind: The row; its actions are about the thing itself.
        types: The types of what is there, as declared.
        service: The service in its ARN.
        before: What stands before its name there.
        after: What stands there between its name and an id that AWS makes; ``None`` where the
            name is not in it for sure.
    """

    kind: EdgeKind
    types: tuple[str, ...]
    service: str
    before: str
    after: str | None = ""


ANYWHERE: Final = frozenset({"lambda:GetLayerVersion"})
"""Of a row about what is there, actions that are about something of the principal's own."""

# Code in a layer of whatever account runs before the function's own: AWS Lambda Developer Guide,
# "Granting users access to a Lambda layer".
FUNCTION_CODE: Final = EdgeKind(
    "function-code",
    (
        ("lambda:UpdateFunctionCode",),
        ("lambda:UpdateFunctionConfiguration", "lambda:GetLayerVersion"),
    ),
    "change the code of",
    passes=False,
)

CONTAINER: Final = EdgeKind(
    "container",
    (("ecs:ExecuteCommand",),),
    "run commands in the tasks of",
    passes=False,
    target=("ssmmessages:CreateControlChannel",),
)

STANDING: Final = (
    Standing(
        CONTAINER, ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"), "ecs", "task/", None
    ),
    Standing(
        FUNCTION_CODE,
        ("aws_lambda_function", "AWS::Lambda::Function", "AWS::Serverless::Function"),
        "lambda",
        "function:",
    ),
    Standing(
        EdgeKind(
            "build",
            (("codebuild:StartBuild",), ("codebuild:StartBuildBatch",)),
            "run its own build in",
            passes=False,
        ),
        ("aws_codebuild_project", "AWS::CodeBuild::Project"),
        "codebuild",
        "project/",
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
        ("aws_sagemaker_notebook_instance", "AWS::SageMaker::NotebookInstance"),
        "sagemaker",
        "notebook-instance/",
    ),
    Standing(
        EdgeKind(
            "apprunner-service",
            (("apprunner:UpdateService",),),
            "change what is run by",
            passes=False,
        ),
        ("aws_apprunner_service", "AWS::AppRunner::Service"),
        "apprunner",
        "service/",
    ),
    Standing(
        EdgeKind("glue-endpoint", (("glue:UpdateDevEndpoint",),), "log in by SSH to", passes=False),
        ("aws_glue_dev_endpoint", "AWS::Glue::DevEndpoint"),
        "glue",
        "devEndpoint/",
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
        ("aws_bedrockagentcore_code_interpreter", "AWS::BedrockAgentCore::CodeInterpreterCustom"),
        "bedrock-agentcore",
        "code-interpreter",
        None,
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
        ("aws_cloudformation_stack",),
        "cloudformation",
        "stack/",
        "/",
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
        (
            "aws_sfn_state_machine",
            "AWS::Serverless::StateMachine",
            "AWS::StepFunctions::StateMachine",
        ),
        "states",
        "stateMachine:",
    ),
    Standing(
        EdgeKind("task", (("ecs:RunTask",), ("ecs:StartTask",)), "run its own command in"),
        ("aws_ecs_task_definition", "AWS::ECS::TaskDefinition"),
        "ecs",
        "task-definition/",
    ),
)
"""The edges that make something that is there do the principal's work, with its role."""

CONTROLS: Final = (
    EdgeKind(
        "ssm-command",
        (("ssm:SendCommand",), ("ssm:CreateAssociation",)),
        "run commands on",
        target=MANAGED_BY,
    ),
    EdgeKind(
        "ssm-session",
        (("ssm:StartSession",), ("ssm:ResumeSession",)),
        "open a session on",
        target=MANAGED_BY,
    ),
    EdgeKind(
        "user-data",
        (("ec2:ModifyInstanceAttribute", "ec2:StopInstances", "ec2:StartInstances"),),
        "change the user data of",
    ),
    EdgeKind(
        "root-volume",
        (("ec2:CreateReplaceRootVolumeTask",),),
        "replace the root volume of",
    ),
    EdgeKind(
        "root-volume",
        (
            (
                "ec2:StopInstances",
                "ec2:DetachVolume",
                "ec2:CreateVolume",
                "ec2:AttachVolume",
                "ec2:StartInstances",
            ),
        ),
        "replace the root volume of",
    ),
    EdgeKind(
        "root-volume",
        (("ec2:StopInstances", "ec2:DetachVolume", "ec2:AttachVolume", "ec2:StartInstances"),),
        "rewrite the root volume of",
        needs="instance",
    ),
    EdgeKind(
        "serial",
        (
            (
                "ec2-instance-connect:SendSerialConsoleSSHPublicKey",
                "ec2:EnableSerialConsoleAccess",
            ),
        ),
        "log in to the serial console of",
    ),
    EdgeKind(
        "serial",
        (("ec2-instance-connect:SendSerialConsoleSSHPublicKey",),),
        "log in to the serial console of",
        guard="console",
    ),
    EdgeKind(
        "eic-key",
        (("ec2-instance-connect:SendSSHPublicKey",),),
        "log in by SSH to",
        guard="ssh",
    ),
    EdgeKind(
        "win-password",
        (("ec2:GetPasswordData",),),
        "read the administrator's password of",
        guard="password",
    ),
    EdgeKind(
        "imds-weaken",
        (("ec2:ModifyInstanceMetadataOptions",),),
        "let IMDSv1 be answered on",
        guard="metadata",
        risk=True,
    ),
)
"""The edges that take control of an instance that is there; the risk comes last."""

REPLACES: Final = EdgeKind(
    "template-version",
    (
        ("ec2:CreateLaunchTemplateVersion",),
        ("ec2:CreateLaunchTemplateVersion", "ec2:ModifyLaunchTemplate"),
    ),
    "change what is started by",
)
"""The edge that takes over the instances that a group starts next, with their role."""

EXPOSES: Final = (
    ("ec2:AuthorizeSecurityGroupIngress",),
    ("ec2:ModifyInstanceAttribute", "ec2:AuthorizeSecurityGroupIngress"),
    ("ec2:AssociateAddress",),
)
"""The row ``expose``: opens a group of an instance; gives it another group, which it opens; gives
it a public address."""

EXFILTRATION: Final = (
    EdgeKind(
        "snapshot-exfil",
        (
            ("ec2:CreateSnapshot", "ec2:ModifySnapshotAttribute"),
            ("ec2:CreateSnapshots", "ec2:ModifySnapshotAttribute"),
            ("ebs:ListSnapshotBlocks", "ebs:GetSnapshotBlock"),
        ),
        "copy disks out of the account",
    ),
    EdgeKind(
        "image-exfil",
        (("ec2:CreateImage", "ec2:ModifyImageAttribute"),),
        "copy images out of the account",
    ),
    EdgeKind(
        "snapshot-exfil",
        (
            ("ec2:CreateSnapshot", "ec2:CreateVolume", "ec2:AttachVolume"),
            ("ec2:CreateSnapshots", "ec2:CreateVolume", "ec2:AttachVolume"),
        ),
        "read copies of disks on an instance of its own",
        needs="instance",
    ),
    EdgeKind(
        "disk-read",
        (("ec2:DetachVolume", "ec2:AttachVolume"),),
        "read disks on an instance of its own",
        needs="instance",
    ),
)
"""The edges that take data out of disks."""

UPDATE_TRUST: Final = EdgeKind(
    "update-trust", (("iam:UpdateAssumeRolePolicy",),), "change who may assume"
)
ASSERTIONS: Final = EdgeKind(
    "assertions", (("iam:UpdateSAMLProvider",),), "sign in by SAML assertions of its own to"
)
ROLE_POLICY: Final = EdgeKind(
    "role-policy",
    (("iam:PutRolePolicy",), ("iam:AttachRolePolicy",)),
    "assume, and make an administrator of,",
    lifts=True,
)
POLICY_VERSION: Final = EdgeKind(
    "policy-version",
    (("iam:CreatePolicyVersion",),),
    "assume, and make an administrator of,",
    lifts=True,
)
CREDENTIALS: Final = EdgeKind(
    "credentials",
    (("iam:CreateAccessKey",), ("iam:CreateLoginProfile",), ("iam:UpdateLoginProfile",)),
    "make credentials of",
)
JOIN_GROUP: Final = EdgeKind("join-group", (("iam:AddUserToGroup",),), "join")

ASSUME: Final = EdgeKind("assume", (("sts:AssumeRole",),), "assume")

ADMINISTER: Final = EdgeKind("administer", (), "make itself administrator")
"""What is no edge to another: the principal may write its own policies, or somebody's."""

SERVICE_NAMES: Final = {
    "ec2.amazonaws.com": "EC2",
    "lambda.amazonaws.com": "Lambda",
    "cloudformation.amazonaws.com": "CloudFormation",
    "ecs-tasks.amazonaws.com": "ECS",
    "glue.amazonaws.com": "Glue",
    "codebuild.amazonaws.com": "CodeBuild",
    "sagemaker.amazonaws.com": "SageMaker",
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
    "braket.amazonaws.com": "Amazon Braket",
    "amplify.amazonaws.com": "Amplify",
    "gamelift.amazonaws.com": "GameLift",
    "kinesisanalytics.amazonaws.com": "Managed Service for Apache Flink",
}
"""What messages call the services that roles are given to."""

KEEPERS: Final = frozenset(
    f"{name}.amazonaws.com"
    for name in (
        "application-autoscaling",
        "autoscaling",
        "backup",
        "batch",
        "cloudtrail",
        "codedeploy",
        "config",
        "delivery.logs",
        "dlm",
        "ecs",
        "eks",
        "elasticbeanstalk",
        "elasticmapreduce",
        "monitoring.rds",
        "spotfleet",
        "vpc-flow-logs",
    )
)
"""Services that act with a role themselves: neither code nor a template that a customer gives them
runs with it (the page of each on its service role, in its own guide)."""

ABOUT: Final = {
    "ec2:EnableSerialConsoleAccess": ("*",),
    "ec2:AttachVolume": ("instance", "volume"),
    "ec2:DetachVolume": ("instance", "volume"),
    "ec2:CreateVolume": ("volume",),
    "ec2:AuthorizeSecurityGroupIngress": ("security-group",),
    "ssm:SendCommand": ("instance", "shell"),
    "ssm:CreateAssociation": ("instance", "shell"),
    "ssm:ResumeSession": ("session",),
}
"""What must be allowed for an action on an instance: on which kinds of resources, where not on the
instance alone; ``shell``: a document that runs commands."""

SHELL_DOCUMENTS: Final = (
    "AWS-RunShellScript",
    "AWS-RunPowerShellScript",
    "AWS-RunRemoteScript",
    "AWS-RunDocument",
    "AWS-InstallPowerShellModule",
    "AWS-InstallApplication",
    "AWS-ApplyAnsiblePlaybooks",
    "AWS-ApplyChefRecipes",
    "AWS-ApplyDSCMofs",
    "AWS-RunSaltState",
)
"""AWS's documents that run on instances what whoever uses them says: commands, or scripts,
installers and recipes from a place that they name (Systems Manager User Guide, "Running scripts
from remote locations", "Creating associations that run Ansible playbooks", ... "Chef recipes",
"... MOF files")."""
