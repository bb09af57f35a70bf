"""What functions of Lambda do with code that nobody they trust has signed."""

from iac_ec2lint.resources.field import text
from iac_ec2lint.resources.part import Resource


class CodeSigning(Resource):
    """A code signing configuration: ``Enforce`` blocks other code, ``Warn`` takes it.

    Source: AWS Lambda Developer Guide, "Using code signing to verify code integrity with Lambda".
    """

    terraform = ("aws_lambda_code_signing_config",)
    cloudformation = ("AWS::Lambda::CodeSigningConfig",)

    unsigned = text(
        "policies.untrusted_artifact_on_deployment",
        "CodeSigningPolicies.UntrustedArtifactOnDeployment",
        implied="Warn",
    )
