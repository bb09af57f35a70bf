"""Facts say where they are from, and the tables of ``iam`` name what the facts have."""

from __future__ import annotations

import json
from datetime import date

import pytest

from iac_ec2lint.facts import fact, facts, names
from iac_ec2lint.iam.escalation.rows.instances import CONTROLS, EXFILTRATION, EXPOSES, REPLACES
from iac_ec2lint.iam.escalation.rows.launches import LAUNCHES

_ABOUT_PASSING = (
    "AWSBatchServiceRole",
    "AWSElasticBeanstalkRoleCore",
    "AWSQuickSetupSSMDeploymentRolePolicy",
    "AWSRolesAnywhereFullAccess",
    "AmazonBraketFullAccess",
    "AmazonEventBridgeSchedulerFullAccess",
    "AmazonSageMakerFullAccess",
    "AmazonSageMakerServiceCatalogProductsCodeBuildServiceRolePolicy",
    "BedrockAgentCoreFullAccess",
    "SageMakerStudioProjectProvisioningRolePolicy",
)
"""Managed policies that allow passing roles, or are for them: between them to all services."""


@pytest.mark.parametrize("name", names())
def test_each_file_says_what_it_holds_from_where_of_which_day_and_what_writes_it(name: str) -> None:
    about = facts(name)["about"]
    assert set(about) == {"what", "source", "licence", "on", "made by"}
    assert all(isinstance(text, str) and text for text in about.values())
    assert date.fromisoformat(about["on"]) <= date.today()


def test_an_action_of_the_tables_is_one_of_the_service_authorization_reference() -> None:
    listed = facts("iam_actions")["actions"]
    sets = [one for row in (*LAUNCHES, *CONTROLS, *EXFILTRATION, REPLACES) for one in row.actions]
    named = {*EXPOSES, *(action for one in sets for action in one)}
    ours = [action for action in named if action.partition(":")[0] in listed]
    assert len(ours) > 30
    # The facts have what changes single resources: these are a read, and three for the account.
    others = {"ec2:GetPasswordData", "ec2:EnableSerialConsoleAccess", "ssm:CreateActivation"}
    others |= {"ssm:CreateMaintenanceWindow"}
    known = {f"{service}:{name}" for service, actions in listed.items() for name in actions}
    assert {action for action in ours if action not in known} == others


def test_a_service_that_a_role_is_given_to_is_one_that_policies_of_aws_name() -> None:
    text = json.dumps([fact("managed_policies", name) for name in _ABOUT_PASSING])
    given = {name for row in LAUNCHES for name in row.services}
    assert {name for name in given if f'"{name}"' not in text} == {
        "airflow-env.amazonaws.com",  # Amazon MWAA User Guide, "Amazon MWAA execution role"
        "amplify.amazonaws.com",  # Amplify Hosting User Guide, "Adding a service role ..."
        "appsync.amazonaws.com",  # AppSync Developer Guide, "Attaching a data source"
        "credentials.iot.amazonaws.com",  # IoT Core, "Authorizing direct calls to AWS services"
        "gamelift.amazonaws.com",  # GameLift Servers, "Set up an IAM service role"
        "kinesisanalytics.amazonaws.com",  # Managed Service for Apache Flink, "Using IAM"
        "servicecatalog.amazonaws.com",  # Service Catalog, "AWS Service Catalog Launch Constraints"
        "tasks.apprunner.amazonaws.com",  # App Runner Developer Guide, "Instance role"
    }
