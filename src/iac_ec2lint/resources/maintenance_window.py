"""Maintenance windows of Systems Manager: when which tasks run on what."""

from iac_ec2lint.resources.field import anything, boolean, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource
from iac_ec2lint.resources.ssm_association import SsmTarget


class MaintenanceWindow(Resource):
    """A maintenance window; CloudFormation cannot switch one off."""

    terraform = ("aws_ssm_maintenance_window",)
    cloudformation = ("AWS::SSM::MaintenanceWindow",)
    names = ("name",)

    enabled = boolean("enabled", None, implied=True)
    name = text("name", "Name")
    schedule = text("schedule", "Schedule")


class MaintenanceWindowTarget(Resource):
    """What is registered with a window, for its tasks to run on."""

    terraform = ("aws_ssm_maintenance_window_target",)
    cloudformation = ("AWS::SSM::MaintenanceWindowTarget",)

    kind = text("resource_type", "ResourceType")
    targets = parts(SsmTarget, "targets", "Targets")
    window = reference("window_id", "WindowId", to=("MaintenanceWindow",))


class TaskParameter(Part):
    """A parameter of a task's document (Terraform; CloudFormation has a map of all)."""

    name = text("name", None)
    values = anything("values", None)


class MaintenanceWindowTask(Resource):
    """A task of a window.

    Attributes:
        document: What it runs: the name of a document, an ARN.
        parameter_map: What the document is given, as a map (CloudFormation).
        task_type: ``RUN_COMMAND``, ``AUTOMATION``, ``LAMBDA`` or ``STEP_FUNCTIONS``.
    """

    terraform = ("aws_ssm_maintenance_window_task",)
    cloudformation = ("AWS::SSM::MaintenanceWindowTask",)

    document = text("task_arn", "TaskArn")
    document_version = text(
        "task_invocation_parameters.run_command_parameters.document_version",
        "TaskInvocationParameters.MaintenanceWindowRunCommandParameters.DocumentVersion",
    )
    parameter_map = anything(
        None,
        (
            "TaskInvocationParameters.MaintenanceWindowRunCommandParameters.Parameters",
            "TaskInvocationParameters.MaintenanceWindowAutomationParameters.Parameters",
            "TaskParameters",
        ),
    )
    parameters = parts(
        TaskParameter,
        (
            "task_invocation_parameters.run_command_parameters.parameter",
            "task_invocation_parameters.automation_parameters.parameter",
        ),
        None,
    )
    targets = parts(SsmTarget, "targets", "Targets")
    task_type = text("task_type", "TaskType")
    window = reference("window_id", "WindowId", to=("MaintenanceWindow",))
