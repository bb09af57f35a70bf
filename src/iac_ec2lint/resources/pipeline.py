"""Pipelines of CodePipeline."""

from iac_ec2lint.resources.field import part, parts, reference, text
from iac_ec2lint.resources.part import Part, Resource


class PipelineAction(Part):
    """What a stage of a pipeline does."""

    provider = text("provider", "ActionTypeId.Provider")


class StageRules(Part):
    """The conditions of a stage, with their rules, or what is done where they fail."""

    result = text("result", "Result")


class PipelineStage(Part):
    """A stage of a pipeline.

    Attributes:
        before: What is asked before it, by rules, which may run commands too.
        failed: What is asked, or done, after it has failed.
        passed: What is asked after it has succeeded.
    """

    actions = parts(PipelineAction, "action", "Actions")
    before = part(StageRules, "before_entry", "BeforeEntry")
    failed = part(StageRules, "on_failure", "OnFailure")
    passed = part(StageRules, "on_success", "OnSuccess")


class Pipeline(Resource):
    """A pipeline, which does what its stages say with its service role.

    Source: AWS CodePipeline User Guide, "CodePipeline pipeline structure reference".
    """

    terraform = ("aws_codepipeline",)
    cloudformation = ("AWS::CodePipeline::Pipeline",)

    pipeline_role = reference("role_arn", "RoleArn", to=("Role",))
    stages = parts(PipelineStage, "stage", "Stages")
