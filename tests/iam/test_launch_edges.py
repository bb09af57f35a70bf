"""The rows of the table that give a role to something that is started, one by one."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import pytest
from tests.iam.grantees import EC2, ELSEWHERE, TAGGED, allow, best, by_name, each, role
from tests.network.infrastructure import graph

from iac_ec2lint.iam.escalation.identity_changes import WRITES
from iac_ec2lint.iam.escalation.launch_ways import launch_edges
from iac_ec2lint.iam.escalation.rows.identities import ADMINISTER
from iac_ec2lint.iam.escalation.rows.instances import CONTROLS, REPLACES
from iac_ec2lint.iam.escalation.rows.launches import LAUNCHES
from iac_ec2lint.iam.escalation.rows.standing import STANDING as EXISTING
from iac_ec2lint.iam.escalation.services.standing_ways import standing_edges
from iac_ec2lint.iam.escalation.steps import PrivilegeStep

PASSING = "iam:PassRole"

TEMPLATE = """
resource "aws_launch_template" "t" {
  name = "t"
  iam_instance_profile { name = aws_iam_instance_profile.b.name }
}
"""
PLAIN_TEMPLATE = 'resource "aws_launch_template" "t" { name = "t" }\n'
CONFIGURATION = """
resource "aws_launch_configuration" "c" {
  image_id             = "ami-0123456789abcdef0"
  iam_instance_profile = aws_iam_instance_profile.b.name
}
"""
FLEET_ROLE = """
resource "aws_iam_role" "fleet" {
  name = "fleet"
  assume_role_policy = jsonencode({
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "spotfleet.amazonaws.com" }
    }]
  })
}
"""


def follower(version: str) -> str:
    """A group that starts instances from a version of a template."""
    named = f'version = "{version}"' if version else ""
    return (
        PLAIN_TEMPLATE
        + f"""
resource "aws_autoscaling_group" "g" {{
  min_size = 1
  max_size = 2
  launch_template {{
    id = aws_launch_template.t.id
    {named}
  }}
}}
"""
    )


class Row(NamedTuple):
    """A set of actions of a row, and what it needs besides."""

    name: str
    actions: tuple[str, ...]
    service: str = "ec2.amazonaws.com"
    infrastructure: str = ""
    more: tuple[str, ...] = ()
    passes: bool = True

    def __str__(self) -> str:
        return f"{self.name} {' '.join(one.partition(':')[2] for one in self.actions)}"

    @property
    def needed(self) -> tuple[str, ...]:
        return (PASSING, *self.actions) if self.passes else self.actions


GROUP = "autoscaling:CreateAutoScalingGroup"
VERSION = "ec2:CreateLaunchTemplateVersion"
NOTEBOOK = "sagemaker:CreateNotebookInstance"
LAMBDA = "lambda.amazonaws.com"
IMAGE = ("Component", "ImageRecipe", "InfrastructureConfiguration")
PIPELINE = tuple(
    f"datapipeline:{verb}"
    for verb in ("CreatePipeline", "PutPipelineDefinition", "ActivatePipeline")
)
"""What no source says whether it is there to be used."""

CERTIFICATE = ("iot:CreateKeysAndCertificate", "iot:CreatePolicy", "iot:AttachPolicy")
PRESIGNED = "sagemaker:CreatePresignedDomainUrl"
CHANGED = (
    (
        "lambda",
        "aws_lambda_function",
        LAMBDA,
        ("lambda:UpdateFunctionConfiguration", "lambda:UpdateFunctionCode"),
    ),
    (
        "ecs",
        "aws_ecs_task_definition",
        "ecs-tasks.amazonaws.com",
        ("ecs:RunTask",),
        ("ecs:StartTask",),
    ),
    (
        "sagemaker",
        "aws_sagemaker_domain",
        "sagemaker.amazonaws.com",
        ("sagemaker:CreateUserProfile", PRESIGNED),
        ("sagemaker:UpdateUserProfile", PRESIGNED),
    ),
    (
        "sagemaker",
        "aws_sagemaker_notebook_instance",
        "sagemaker.amazonaws.com",
        tuple(
            f"sagemaker:{verb}"
            for verb in (
                "StopNotebookInstance",
                "UpdateNotebookInstance",
                "StartNotebookInstance",
                "CreatePresignedNotebookInstanceUrl",
            )
        ),
    ),
    (
        "states",
        "aws_sfn_state_machine",
        "states.amazonaws.com",
        ("states:UpdateStateMachine", "states:StartExecution"),
        ("states:UpdateStateMachine", "states:StartSyncExecution"),
    ),
    ("amplify", "aws_amplify_app", "amplify.amazonaws.com", ("amplify:UpdateApp",)),
    (
        "flink",
        "aws_kinesisanalyticsv2_application",
        "kinesisanalytics.amazonaws.com",
        ("kinesisanalytics:UpdateApplication",),
    ),
    (
        "apprunner",
        "aws_apprunner_service",
        "tasks.apprunner.amazonaws.com",
        ("apprunner:UpdateService",),
    ),
    (
        "emr-serverless",
        "aws_emrserverless_application",
        "emr-serverless.amazonaws.com",
        ("emr-serverless:StartJobRun",),
    ),
    ("mwaa", "aws_mwaa_environment", "airflow.amazonaws.com", ("airflow:UpdateEnvironment",)),
    (
        "certificates",
        "aws_rolesanywhere_profile",
        "rolesanywhere.amazonaws.com",
        ("rolesanywhere:CreateTrustAnchor", "rolesanywhere:UpdateProfile"),
        ("rolesanywhere:UpdateTrustAnchor", "rolesanywhere:UpdateProfile"),
    ),
    (
        "role-alias",
        "aws_iot_role_alias",
        "credentials.iot.amazonaws.com",
        ("iot:UpdateRoleAlias", *CERTIFICATE),
    ),
    (
        "scheduler",
        "aws_scheduler_schedule",
        "scheduler.amazonaws.com",
        ("scheduler:UpdateSchedule",),
    ),
)
"""What is there, and is given another role by whoever may change it."""


ROWS = [
    Row("run-instance", ("ec2:RunInstances",)),
    Row("spot", ("ec2:RequestSpotInstances",)),
    Row("spot", ("ec2:CreateFleet", "ec2:CreateLaunchTemplate")),
    Row("spot", ("ec2:CreateFleet", VERSION), infrastructure=PLAIN_TEMPLATE),
    Row("spot", ("ec2:CreateFleet",), infrastructure=TEMPLATE),
    Row("spot", ("ec2:RequestSpotFleet",), infrastructure=FLEET_ROLE),
    Row("swap-profile", ("ec2:AssociateIamInstanceProfile",), more=("ssm:StartSession",)),
    Row("swap-profile", ("ec2:ReplaceIamInstanceProfileAssociation",), more=("ssm:SendCommand",)),
    Row("asg", (GROUP, "autoscaling:CreateLaunchConfiguration")),
    Row("asg", (GROUP, "ec2:CreateLaunchTemplate", "ec2:RunInstances")),
    Row("asg", (GROUP, "ec2:RunInstances"), infrastructure=TEMPLATE),
    Row("asg", (GROUP,), infrastructure=CONFIGURATION),
    Row("template-version", (VERSION,), infrastructure=follower("$Latest"), passes=False),
    Row(
        "template-version",
        (VERSION, "ec2:ModifyLaunchTemplate"),
        infrastructure=follower(""),
        passes=False,
    ),
    Row("lambda", ("lambda:CreateFunction", "lambda:InvokeFunction"), LAMBDA),
    Row("lambda", ("lambda:CreateFunction", "lambda:AddPermission"), LAMBDA),
    Row("lambda", ("lambda:CreateFunction", "lambda:CreateEventSourceMapping"), LAMBDA),
    Row(
        "lambda",
        ("lambda:CreateFunction", "lambda:CreateFunctionUrlConfig", "lambda:InvokeFunctionUrl"),
        LAMBDA,
    ),
    Row(
        "agent-runtime",
        ("bedrock-agentcore:CreateAgentRuntime", "bedrock-agentcore:InvokeAgentRuntime"),
        "bedrock-agentcore.amazonaws.com",
    ),
    *(
        Row(name, actions, service, infrastructure=f'resource "{kind}" "there" {{}}\n')
        for name, kind, service, *every in CHANGED
        for actions in every
    ),
    Row("cloudformation", ("cloudformation:CreateStack",), "cloudformation.amazonaws.com"),
    Row(
        "cloudformation",
        ("cloudformation:CreateChangeSet", "cloudformation:ExecuteChangeSet"),
        "cloudformation.amazonaws.com",
    ),
    *(
        Row("ecs", ("ecs:RegisterTaskDefinition", f"ecs:{verb}"), "ecs-tasks.amazonaws.com")
        for verb in ("RunTask", "StartTask", "CreateService", "UpdateService")
    ),
    Row("glue", ("glue:CreateDevEndpoint",), "glue.amazonaws.com"),
    *(
        Row("glue", (f"glue:{first}", f"glue:{then}"), "glue.amazonaws.com")
        for first, then in (
            ("CreateJob", "StartJobRun"),
            ("CreateJob", "CreateTrigger"),
            ("UpdateJob", "StartJobRun"),
            ("UpdateJob", "CreateTrigger"),
            ("CreateSession", "RunStatement"),
        )
    ),
    *(
        Row(
            "codebuild", ("codebuild:CreateProject", f"codebuild:{verb}"), "codebuild.amazonaws.com"
        )
        for verb in ("StartBuild", "StartBuildBatch")
    ),
    Row(
        "sagemaker",
        (NOTEBOOK, "sagemaker:CreatePresignedNotebookInstanceUrl"),
        "sagemaker.amazonaws.com",
    ),
    Row("sagemaker", ("sagemaker:CreateTrainingJob",), "sagemaker.amazonaws.com"),
    Row("sagemaker", ("sagemaker:CreateProcessingJob",), "sagemaker.amazonaws.com"),
    Row(
        "ssm-automation",
        ("ssm:CreateDocument", "ssm:StartAutomationExecution"),
        "ssm.amazonaws.com",
    ),
    Row("automation-rule", ("events:PutRule", "events:PutTargets"), "events.amazonaws.com"),
    Row(
        "automation-window",
        ("ssm:CreateMaintenanceWindow", "ssm:RegisterTaskWithMaintenanceWindow"),
        "ssm.amazonaws.com",
    ),
    *(
        Row("states", ("states:CreateStateMachine", f"states:{verb}"), "states.amazonaws.com")
        for verb in ("StartExecution", "StartSyncExecution")
    ),
    Row("states", ("states:TestState",), "states.amazonaws.com"),
    Row("cloudformation", ("cloudformation:UpdateStack",), "cloudformation.amazonaws.com"),
    Row(
        "codebuild", ("codebuild:UpdateProject", "codebuild:StartBuild"), "codebuild.amazonaws.com"
    ),
    *(
        Row("sagemaker", tuple(f"sagemaker:{verb}" for verb in verbs), "sagemaker.amazonaws.com")
        for verbs in (
            ("CreateHyperParameterTuningJob",),
            ("CreateModel", "CreateTransformJob"),
            ("CreateModel", "CreateEndpointConfig", "CreateEndpoint"),
            ("CreateDomain", "CreateUserProfile", "CreatePresignedDomainUrl"),
        )
    ),
    Row("ssm-activation", ("ssm:CreateActivation",), "ssm.amazonaws.com"),
    *(
        Row(
            "certificates",
            (f"rolesanywhere:{verb}TrustAnchor", "rolesanywhere:CreateProfile"),
            "rolesanywhere.amazonaws.com",
        )
        for verb in ("Create", "Update")
    ),
    Row(
        "role-alias",
        ("iot:CreateRoleAlias", *CERTIFICATE),
        "credentials.iot.amazonaws.com",
    ),
    Row(
        "service-catalog",
        tuple(
            f"servicecatalog:{verb}"
            for verb in (
                "CreatePortfolio",
                "CreateProduct",
                "AssociateProductWithPortfolio",
                "CreateConstraint",
                "AssociatePrincipalWithPortfolio",
                "ProvisionProduct",
            )
        ),
        "servicecatalog.amazonaws.com",
    ),
    *(
        Row(
            "appsync",
            tuple(
                f"appsync:{verb}"
                for verb in (
                    "CreateGraphqlApi",
                    "StartSchemaCreation",
                    "CreateDataSource",
                    "CreateResolver",
                    calls,
                )
            ),
            "appsync.amazonaws.com",
        )
        for calls in ("CreateApiKey", "GraphQL")
    ),
    Row("codepipeline", ("codepipeline:CreatePipeline",), "codepipeline.amazonaws.com"),
    Row(
        "codepipeline",
        ("codepipeline:UpdatePipeline", "codepipeline:StartPipelineExecution"),
        "codepipeline.amazonaws.com",
    ),
    *(
        Row("image", tuple(f"imagebuilder:Create{what}" for what in IMAGE) + last)
        for last in (
            ("imagebuilder:CreateImage",),
            ("imagebuilder:CreateImagePipeline", "imagebuilder:StartImagePipelineExecution"),
        )
    ),
    Row("braket", ("braket:CreateJob",), "braket.amazonaws.com"),
    Row(
        "amplify",
        ("amplify:CreateApp", "amplify:CreateBranch", "amplify:StartJob"),
        "amplify.amazonaws.com",
    ),
    Row("gamelift", ("gamelift:CreateBuild", "gamelift:CreateFleet"), "gamelift.amazonaws.com"),
    Row(
        "flink",
        ("kinesisanalytics:CreateApplication", "kinesisanalytics:StartApplication"),
        "kinesisanalytics.amazonaws.com",
    ),
    Row("apprunner", ("apprunner:CreateService",), "tasks.apprunner.amazonaws.com"),
    Row(
        "code-interpreter",
        tuple(
            f"bedrock-agentcore:{verb}"
            for verb in (
                "CreateCodeInterpreter",
                "StartCodeInterpreterSession",
                "InvokeCodeInterpreter",
            )
        ),
        "bedrock-agentcore.amazonaws.com",
    ),
    Row("batch", ("batch:RegisterJobDefinition", "batch:SubmitJob"), "ecs-tasks.amazonaws.com"),
    Row(
        "emr-serverless",
        ("emr-serverless:CreateApplication", "emr-serverless:StartJobRun"),
        "emr-serverless.amazonaws.com",
    ),
    Row(
        "emr",
        ("elasticmapreduce:RunJobFlow",),
        infrastructure=FLEET_ROLE.replace("spotfleet", "elasticmapreduce"),
    ),
    Row("mwaa", ("airflow:CreateEnvironment",), "airflow.amazonaws.com"),
    Row("scheduler", ("scheduler:CreateSchedule",), "scheduler.amazonaws.com"),
    Row(
        "automation-rule",
        ("events:PutTargets",),
        "events.amazonaws.com",
        infrastructure='resource "aws_cloudwatch_event_rule" "there" { name = "there" }\n',
    ),
    Row(
        "automation-window",
        ("ssm:RegisterTaskWithMaintenanceWindow",),
        "ssm.amazonaws.com",
        infrastructure='resource "aws_ssm_maintenance_window" "there" { name = "there" }\n',
    ),
]
IN_FIXTURE = {"infrastructure", "profile"}
"""Needs whose rows the fixture PATH008/what_is_there has, since no role is passed, or a host is
controlled."""
with_row = pytest.mark.parametrize("row", ROWS, ids=str)


def verdict(row: Row, statements: list[str], folder: Path, service: str = "") -> str:
    """What the row's own set of actions comes to, for a holder of some statements."""
    trust = f'{{ Service = "{service or row.service}" }}'
    text = role("a", *statements, *each(row.more)) + role("b", allow('"*"'), trust=trust)
    made = graph(text + row.infrastructure, folder)
    return came_to(row, launch_edges(made, by_name(made, "a"), by_name(made, "b")))


def came_to(row: Row, edges: Iterable[PrivilegeStep]) -> str:
    """What the row's own set of actions comes to, among edges from one to another."""
    return best(
        edge.answer.truth
        for edge in edges
        if (edge.kind.name, edge.actions) == (row.name, row.actions)
    )


def test_every_set_of_actions_has_a_row_here() -> None:
    kinds = [kind for kind in LAUNCHES if kind.needs not in IN_FIXTURE]
    written = {(kind.name, actions) for kind in kinds for actions in kind.actions}
    assert {(row.name, row.actions) for row in ROWS} | {("datapipeline", PIPELINE)} == written


def holders(row: Row) -> dict[str, tuple[list[str], str]]:
    """Statements by what they are, each with what the row comes to for who has them."""

    def passing(service: str) -> list[str]:
        listed = f'["{service}", "spotfleet.amazonaws.com", "elasticmapreduce.amazonaws.com"]'
        only = f'{{ StringEquals = {{ "iam:PassedToService" = {listed} }} }}'
        return [allow(f'"{PASSING}"', condition=only), *each(row.actions)]

    another = [allow(f'"{PASSING}"', '"arn:aws:iam::*:role/c*"'), *each(row.actions)]
    # Who follows a template's versions passes nothing.
    not_passed = "no" if row.passes else "yes"
    found = {
        "all of them": (each(row.needed), "yes"),
        "passing to the service": (passing(row.service), "yes"),
        "passing to another service": (passing("batch.amazonaws.com"), not_passed),
        "passing another role": (another, not_passed),
    }
    for action in row.needed:
        rest = each(one for one in row.needed if one != action)
        found[f"not {action}"] = (rest, "no")
        if action in row.actions:
            found[f"{action} elsewhere"] = ([*rest, *each([action], ELSEWHERE)], "no")
            tagged = [*rest, *each([action], condition=TAGGED)]
            found[f"{action} on what has a tag"] = (tagged, "maybe")
    return found


@with_row
def test_a_row_holds_for_who_has_all_it_asks_for(row: Row, tmp_path: Path) -> None:
    wanted = holders(row)
    text = role("b", allow('"*"'), trust=f'{{ Service = "{row.service}" }}') + row.infrastructure
    for number, (statements, _) in enumerate(wanted.values()):
        text += role(f"a{number}", *statements, *each(row.more))
    made = graph(text, tmp_path)
    found = {
        what: came_to(row, launch_edges(made, by_name(made, f"a{number}"), by_name(made, "b")))
        for number, what in enumerate(wanted)
    }
    assert found == {what: expected for what, (_, expected) in wanted.items()}


@with_row
def test_the_role_must_trust_the_service(row: Row, tmp_path: Path) -> None:
    other = "lambda.amazonaws.com" if row.service == "ec2.amazonaws.com" else "ec2.amazonaws.com"
    assert verdict(row, each(row.needed), tmp_path, other) == "no"


@with_row
def test_a_role_of_unknown_trust_is_undecided(row: Row, tmp_path: Path) -> None:
    trust = "{ Service = var.unset }"
    text = role("a", *each(row.needed), *each(row.more)) + role("b", allow('"*"'), trust=trust)
    made = graph(text + row.infrastructure + 'variable "unset" {}\n', tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(e.answer.truth for e in edges if e.actions == row.actions) == "maybe"


# What rows need besides actions.


@pytest.mark.parametrize(
    ("row", "infrastructure", "expected"),
    [
        # A fleet needs a launch template; one that is declared elsewhere may have the role.
        (ROWS[3], "", "no"),
        (ROWS[4], "", "maybe"),
        (ROWS[4], PLAIN_TEMPLATE, "maybe"),
        # A Spot Fleet needs a role of its own.
        (ROWS[5], "", "yes"),
        (ROWS[10], "", "maybe"),
        (ROWS[11], "", "no"),
        # A version of a template that nobody follows starts nothing.
        (ROWS[12], PLAIN_TEMPLATE, "no"),
        (ROWS[12], follower("3"), "no"),
        (ROWS[12], follower("${aws_launch_template.t.latest_version}"), "no"),
        (ROWS[12], follower("${var.unset}") + 'variable "unset" {}\n', "maybe"),
        (ROWS[12], follower(""), "no"),
        (ROWS[13], follower("$Default"), "yes"),
        (ROWS[13], follower("$Latest"), "no"),
        (ROWS[12], follower("$Latest").replace("max_size = 2", "max_size = 0"), "no"),
    ],
)
def test_what_else_there_must_be(
    row: Row, infrastructure: str, expected: str, tmp_path: Path
) -> None:
    row = row._replace(infrastructure=infrastructure)
    assert verdict(row, each(row.needed), tmp_path) == expected


def test_a_spot_fleet_is_started_with_a_fleet_role_that_may_be_passed(tmp_path: Path) -> None:
    statements = [allow(f'"{PASSING}"', "aws_iam_role.b.arn"), allow('"ec2:RequestSpotFleet"')]
    assert verdict(ROWS[5], statements, tmp_path) == "no"
    both = "[aws_iam_role.b.arn, aws_iam_role.fleet.arn]"
    (tmp_path / "both").mkdir()
    statements[0] = allow(f'"{PASSING}"', both)
    assert verdict(ROWS[5], statements, tmp_path / "both") == "yes"


@pytest.mark.parametrize("row", [ROWS[6], ROWS[7]], ids=str)
def test_a_profile_is_swapped_on_an_instance_that_is_controlled(row: Row, tmp_path: Path) -> None:
    assert verdict(row._replace(more=()), each(row.needed), tmp_path) == "no"


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        ((), "no"),
        (("iam:CreateInstanceProfile",), "no"),
        (("iam:CreateInstanceProfile", "iam:AddRoleToInstanceProfile"), "yes"),
        (("iam:AddRoleToInstanceProfile",), "no"),
        (("iam:RemoveRoleFromInstanceProfile", "iam:AddRoleToInstanceProfile"), "yes"),
    ],
)
def test_a_role_without_a_profile_needs_one(
    actions: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    text = role("a", *each((PASSING, "ec2:RunInstances", *actions)))
    text += role("b", allow('"*"')).partition('resource "aws_iam_instance_profile"')[0]
    made = graph(text, tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


@pytest.mark.parametrize(
    ("own", "expected"), [('"sqs:ReceiveMessage"', "yes"), ('"s3:GetObject"', "no")]
)
def test_an_event_source_starts_a_function_that_may_read_it(
    own: str, expected: str, tmp_path: Path
) -> None:
    actions = (PASSING, "lambda:CreateFunction", "lambda:CreateEventSourceMapping")
    text = role("a", *each(actions))
    text += role("b", allow(own), trust='{ Service = "lambda.amazonaws.com" }')
    made = graph(text, tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ('"arn:aws:sqs:eu-west-1:123456789012:orders"', "yes"),
        ("aws_sqs_queue.orders.arn", "yes"),
        ("var.unset", "maybe"),
    ],
)
def test_one_queue_is_enough_to_be_read(own: str, expected: str, tmp_path: Path) -> None:
    actions = (PASSING, "lambda:CreateFunction", "lambda:CreateEventSourceMapping")
    reads = allow('"sqs:ReceiveMessage"', own)
    text = role("a", *each(actions))
    text += role("b", reads, trust='{ Service = "lambda.amazonaws.com" }')
    text += 'resource "aws_sqs_queue" "orders" {}\nvariable "unset" {}\n'
    made = graph(text, tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


@pytest.mark.parametrize(
    ("writes", "expected"),
    [
        ((), "no"),
        (("arn:aws:s3:::scripts/*",), "yes"),
        (("arn:aws:s3:::letters/*",), "no"),
    ],
)
def test_a_job_runs_a_script_that_its_role_reads(
    writes: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    written = (allow('"s3:PutObject"', f'"{one}"') for one in writes)
    reads = allow('"s3:GetObject"', '"arn:aws:s3:::scripts/*"')
    text = role("a", allow('"glue:StartJobRun"'), *written)
    text += role("b", reads, trust='{ Service = "glue.amazonaws.com" }')
    text += """resource "aws_glue_job" "j" {
  name     = "j"
  role_arn = aws_iam_role.b.arn
}
"""
    made = graph(text, tmp_path)
    edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


def test_a_version_of_another_template_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    text = follower("$Latest") + 'resource "aws_launch_template" "u" { name = "u" }\n'
    row = ROWS[12]._replace(infrastructure=text)
    other = each(row.actions, "aws_launch_template.u.arn")
    assert verdict(row, other, tmp_path) == "no"
    own = each(row.actions, "aws_launch_template.t.arn")
    assert verdict(row, own, tmp_path / "own") == "yes"


def test_a_role_is_taken_from_a_mixed_group_as_well(tmp_path: Path) -> None:
    text = (
        PLAIN_TEMPLATE
        + """
resource "aws_autoscaling_group" "g" {
  min_size = 1
  max_size = 2
  mixed_instances_policy {
    launch_template {
      launch_template_specification {
        launch_template_id = aws_launch_template.t.id
        version            = "$Latest"
      }
      override { instance_type = "t3.micro" }
    }
  }
}
"""
    )
    row = ROWS[12]._replace(infrastructure=text)
    assert verdict(row, each(row.actions), tmp_path) == "yes"


# Functions that are there.

FUNCTION = """
resource "aws_lambda_function" "f" {
  function_name = "worker"
  role          = aws_iam_role.b.arn
}
"""


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (allow('"lambda:UpdateFunctionCode"'), "yes"),
        (allow('"lambda:UpdateFunctionCode"', "aws_lambda_function.f.arn"), "yes"),
        (allow('"lambda:UpdateFunctionCode"', '"arn:aws:lambda:*:*:function:worker"'), "yes"),
        (allow('"lambda:UpdateFunctionCode"', '"arn:aws:lambda:*:*:function:other"'), "no"),
        (allow('"lambda:UpdateFunctionCode"', condition=TAGGED), "maybe"),
        (allow('"lambda:InvokeFunction"'), "no"),
    ],
)
def test_the_code_of_a_function_runs_with_its_role(
    statement: str, expected: str, tmp_path: Path
) -> None:
    text = role("a", statement) + role(
        "b", allow('"*"'), trust='{ Service = "lambda.amazonaws.com" }'
    )
    made = graph(text + FUNCTION, tmp_path)
    edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


STANDING = [
    ("aws_codebuild_project", "service_role", "codebuild:StartBuild", "codebuild", "project/"),
    ("aws_codebuild_project", "service_role", "codebuild:StartBuildBatch", "codebuild", "project/"),
    (
        "aws_sagemaker_notebook_instance",
        "role_arn",
        "sagemaker:CreatePresignedNotebookInstanceUrl",
        "sagemaker",
        "notebook-instance/",
    ),
    ("aws_glue_dev_endpoint", "role_arn", "glue:UpdateDevEndpoint", "glue", "devEndpoint/"),
]


@pytest.mark.parametrize(("kind", "argument", "action", "service", "before"), STANDING, ids=str)
def test_what_is_there_runs_with_its_role(
    kind: str, argument: str, action: str, service: str, before: str, tmp_path: Path
) -> None:
    thing = f'resource "{kind}" "t" {{\n  name = "worker"\n  {argument} = aws_iam_role.b.arn\n}}\n'
    arn = f"arn:aws:{service}:*:*:{before}"
    for number, (statement, expected) in enumerate(
        [
            (allow(f'"{action}"'), "yes"),
            (allow(f'"{action}"', f"{kind}.t.arn"), "yes"),
            (allow(f'"{action}"', f'"{arn}worker"'), "yes"),
            (allow(f'"{action}"', f'"{arn}other"'), "no"),
            (allow(f'"{action}"', condition=TAGGED), "maybe"),
            (allow('"s3:GetObject"'), "no"),
        ]
    ):
        folder = tmp_path / str(number)
        folder.mkdir()
        text = role("a", statement) + role("b", allow('"*"'), trust=EC2) + thing
        made = graph(text, folder)
        edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
        assert best(edge.answer.truth for edge in edges) == expected, statement


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((allow('"cloudformation:UpdateStack"'),), "yes"),
        (
            (allow('"cloudformation:UpdateStack"', '"arn:aws:cloudformation:*:*:stack/worker/*"'),),
            "yes",
        ),
        (
            (allow('"cloudformation:UpdateStack"', '"arn:aws:cloudformation:*:*:stack/other/*"'),),
            "no",
        ),
        (
            (allow('"cloudformation:CreateChangeSet"'), allow('"cloudformation:ExecuteChangeSet"')),
            "yes",
        ),
        ((allow('"cloudformation:CreateChangeSet"'),), "no"),
    ],
)
def test_a_stack_is_changed_with_its_role(
    statements: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    stack = """
resource "aws_cloudformation_stack" "t" {
  name         = "worker"
  iam_role_arn = aws_iam_role.b.arn
}
"""
    text = role("a", *statements) + role("b", allow('"*"'), trust=EC2) + stack
    made = graph(text, tmp_path)
    edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


_START = '"bedrock-agentcore:StartCodeInterpreterSession"'
_INVOKE = '"bedrock-agentcore:InvokeCodeInterpreter"'
_TOOLS = '"arn:aws:bedrock-agentcore:*:*:code-interpreter/*"'


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((allow(_START), allow(_INVOKE)), "yes"),
        ((allow(_START),), "no"),
        ((allow(_START, _TOOLS), allow(_INVOKE)), "maybe"),
        ((allow(_START), allow(_INVOKE, '"arn:aws:bedrock-agentcore:*:*:browser/*"')), "no"),
        ((allow(_START, "aws_bedrockagentcore_code_interpreter.t.arn"), allow(_INVOKE)), "yes"),
    ],
)
def test_a_code_interpreter_runs_code_with_its_role(
    statements: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    tool = """
resource "aws_bedrockagentcore_code_interpreter" "t" {
  name               = "worker"
  execution_role_arn = aws_iam_role.b.arn
}
"""
    text = role("a", *statements) + role("b", allow('"*"'), trust=EC2) + tool
    made = graph(text, tmp_path)
    edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


@pytest.mark.parametrize(
    ("statements", "expected"),
    [
        ((allow('"ecs:RunTask"'), allow('"iam:PassRole"')), "yes"),
        ((allow('"ecs:StartTask"'), allow('"iam:PassRole"', "aws_iam_role.b.arn")), "yes"),
        ((allow('"ecs:RunTask"'),), "no"),
        ((allow('"iam:PassRole"'),), "no"),
    ],
)
def test_a_task_that_is_described_asks_for_its_role_to_be_passed(
    statements: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    text = role("a", *statements)
    text += role("b", allow('"*"'), trust='{ Service = "ecs-tasks.amazonaws.com" }')
    text += (
        'resource "aws_ecs_task_definition" "t" {\n  family = "t"\n'
        "  task_role_arn = aws_iam_role.b.arn\n}\n"
    )
    made = graph(text, tmp_path)
    edges = standing_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


@pytest.mark.parametrize(
    ("actions", "expected"),
    [
        (("elasticmapreduce:RunJobFlow",), "yes"),
        (("elasticmapreduce:AddJobFlowSteps",), "no"),
        (PIPELINE, "maybe"),
        (PIPELINE[1:], "no"),
    ],
)
def test_clusters_and_pipelines_run_on_instances_with_the_role(
    actions: tuple[str, ...], expected: str, tmp_path: Path
) -> None:
    text = role("a", *each((PASSING, *actions))) + role("b", allow('"*"'), trust=EC2)
    made = graph(text, tmp_path)
    edges = launch_edges(made, by_name(made, "a"), by_name(made, "b"))
    assert best(edge.answer.truth for edge in edges) == expected


PATHFINDING = {
    "apprunner": "apprunner-001",
    "apprunner-service": "apprunner-002",
    "assume": "sts-001",
    "build": "codebuild-002 codebuild-003",
    "cloudformation": "cloudformation-001 cloudformation-005",
    "code-interpreter": "bedrock-001",
    "interpreter": "bedrock-002",
    "stack": "cloudformation-002",
    "codebuild": "codebuild-001 codebuild-004",
    "credentials": "iam-002 iam-003 iam-004 iam-006 iam-015 iam-018",
    "datapipeline": "datapipeline-001",
    "ecs": "ecs-001 ecs-002 ecs-003 ecs-004 ecs-005",
    "eic-key": "ec2instanceconnect-003",
    "function-code": "lambda-003 lambda-004 lambda-005",
    "glue": "glue-001 glue-003 glue-004 glue-005 glue-006",
    "glue-endpoint": "glue-002",
    "join-group": "iam-013",
    "lambda": "lambda-001 lambda-002 lambda-006",
    "notebook": "sagemaker-004 sagemaker-005",
    "policy-version": "iam-001 iam-016 iam-020",
    "role-policy": "iam-014 iam-017",
    "administer": "iam-005 iam-007 iam-008 iam-009 iam-010 iam-011",
    "run-instance": "ec2-001",
    "sagemaker": "sagemaker-001 sagemaker-002 sagemaker-003",
    "spot": "ec2-003",
    "ssm-command": "ssm-002",
    "ssm-session": "ssm-001",
    "template-version": "ec2-004",
    "update-trust": "iam-012 iam-019 iam-021",
    "user-data": "ec2-002",
}
"""The names of rows in the public list pathfinding.cloud, of those that it has.

It has besides: cloudformation-003 and cloudformation-004. What a stack set does, the role of a
target account does, which trusts the role that is passed: that is not the one that is gained.
"""


def test_every_row_of_the_public_list_is_a_row_here() -> None:
    rows = {kind.name for kind in (*LAUNCHES, *CONTROLS, REPLACES, ADMINISTER, *WRITES)}
    rows |= {row.kind.name for row in EXISTING}
    assert set(PATHFINDING) - {"assume"} <= rows
    ids = [one for ids in PATHFINDING.values() for one in ids.split()]
    assert len(ids) == len(set(ids)) == 63


def test_no_function_runs_with_the_role(tmp_path: Path) -> None:
    text = role("a", allow('"lambda:UpdateFunctionCode"')) + role("b", allow('"*"'), trust=EC2)
    made = graph(text, tmp_path)
    assert not list(standing_edges(made, by_name(made, "a"), by_name(made, "b")))
